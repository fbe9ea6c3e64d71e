/* Work in a subtransaction; see rule_guard.h. */
#include "postgres.h"

#include "core/guarded.h"
#include "core/time_budget.h"
#include "rule/rule_guard.h"

/* Work under way. */
typedef struct Guard
{
	RuleWork work;
	void *state;
	char **message;
	CbdStatus status;
} Guard;

/* GuardedWork */
static bool
Work(void *state)
{
	Guard *guard = state;

	guard->status = guard->work(guard->state, guard->message);
	return guard->status == CBD_OK;
}

/* GuardedPasses: what ends the statement, but for a budget of ours that is spent. */
static bool
Passes(const ErrorData *error, void *unused)
{
	return EndsStatement(error, NULL) &&
		   !(error->sqlerrcode == ERRCODE_QUERY_CANCELED && TimeBudgetRuns() && TimeBudgetSpent());
}

CbdStatus
RuleGuarded(RuleWork work, void *state, char **message)
{
	Guard guard = {work, state, message, CBD_OK};
	ErrorData *error;

	*message = NULL;
	if (RunGuarded(Work, &guard, Passes, &error) != GUARDED_FAILED)
		return guard.status;
	*message = error->message;
	return error->sqlerrcode == ERRCODE_QUERY_CANCELED ? CBD_RULE_TIME : CBD_RULE_ERROR;
}
