/* A limit for the time of work within a statement; see time_budget.h. */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "core/time_budget.h"

#define SECOND_WARNING 1000 /* milliseconds after the first */

static TimeoutId timer = MAX_TIMEOUTS; /* not registered yet */
static volatile sig_atomic_t spent;
static bool runs;

/*
 * The budget is spent: interrupt the work as a cancel request would. Code of others (a published relation)
 * can catch that and go on; where the interruption was taken and the work still runs a second later, nothing
 * but the end of the session stops it.
 */
static void
Spent(void)
{
	if (spent && !QueryCancelPending)
		ProcDiePending = true;
	else
		QueryCancelPending = true;
	spent = true;
	InterruptPending = true;
	SetLatch(MyLatch);
}

void
TimeBudgetBegin(int milliseconds)
{
	/* code of others must not put an end to the budget that it runs in */
	if (runs)
		elog(ERROR, "work with a time budget within such work");
	if (timer == MAX_TIMEOUTS)
		timer = RegisterTimeout(USER_TIMEOUT, Spent);
	spent = false;
	runs = true;
	EnableTimeoutRepeated(timer, milliseconds, SECOND_WARNING);
}

void
TimeBudgetEnd(void)
{
	if (!runs)
		return;
	disable_timeout(timer, false);
	runs = false;
	if (spent)
		QueryCancelPending = false;
}

bool
TimeBudgetRuns(void)
{
	return runs;
}

bool
TimeBudgetSpent(void)
{
	return spent;
}
