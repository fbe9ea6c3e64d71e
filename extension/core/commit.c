/*
 * synchronous_commit off for a transaction whose only write may be lost; see commit.h. Whatever else the
 * transaction writes takes it back.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "tcop/pquery.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "core/commit.h"

#define SETTING "synchronous_commit"

/* The transaction that does not wait, and the setting that it would have gone by. */
static TimestampTz lazy_since;
static char setting_before[24];

/* Is this transaction, which has one start, the one that does not wait? */
static bool
IsLazy(void)
{
	return lazy_since != 0 && lazy_since == GetCurrentTransactionStartTimestamp() &&
		   synchronous_commit == SYNCHRONOUS_COMMIT_OFF;
}

/* synchronous_commit for the rest of this transaction. */
static void
SetCommit(const char *value)
{
	/* like SET LOCAL, beyond the function that runs too */
	(void) set_config_option(SETTING, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

/* Nothing is written yet, and nothing comes after the one statement that runs but its commit; SELECT is what
 * the bridge runs. */
static bool
NothingElseIsWritten(void)
{
	return !TransactionIdIsValid(GetTopTransactionIdIfAny()) && !IsTransactionBlock() &&
		   ActivePortal != NULL && ActivePortal->commandTag == CMDTAG_SELECT;
}

void
CommitLazily(void)
{
	if (synchronous_commit == SYNCHRONOUS_COMMIT_OFF || !NothingElseIsWritten())
		return;
	strlcpy(setting_before, GetConfigOption(SETTING, false, false), sizeof(setting_before));
	SetCommit("off");
	lazy_since = GetCurrentTransactionStartTimestamp();
}

void
CommitDurably(void)
{
	if (!IsLazy())
		return;
	SetCommit(setting_before);
	lazy_since = 0;
}

TimestampTz
ChangeInstant(void)
{
	/* told like every other write to a standby */
	PreventCommandDuringRecovery("a change");
	(void) GetTopTransactionId();
	if (!pgstat_track_activities)
	{
		pgstat_track_activities = true;
		pgstat_report_xact_timestamp(GetCurrentTransactionStartTimestamp());
		pgstat_track_activities = false;
	}
	return GetCurrentTimestamp();
}
