/* The session that runs a job: its lock, its progress, how it is stopped; see job.h. */
#include "postgres.h"

#include <signal.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/backend_progress.h"
#include "utils/backend_status.h"

#include "analysis/job.h"
#include "analysis/job_inner.h"
#include "core/compat.h"
#include "core/own_lock.h"
#include "core/spi.h"

/* Where the session's entry holds the progress: a mark, the job, millionths of it. */
enum
{
	PLACE_MARK,
	PLACE_JOB,
	PLACE_DONE
};
#define PROGRESS_MARK INT64CONST(0x43424441)
#define WHOLE         1000000

/* $1, $2 the two halves of the lock of a job: the process that holds it. */
static SpiQuery find_holder = {
	"SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.database = (SELECT d.oid FROM "
	"pg_database d WHERE d.datname = current_database())"
	" AND l.classid = $1 AND l.objid = $2 AND l.objsubid = 3 AND l.granted AND l.pid <> pg_backend_pid()",
	2,
	{OIDOID, OIDOID}};

static int64 running; /* the job of this session; 0: none */

static int64
LockKey(int64 job_no)
{
	char name[64];

	snprintf(name, sizeof(name), "analysis job " INT64_FORMAT, job_no);
	return OwnLockKey(name);
}

bool
JobHold(int64 job_no)
{
	return TryOwnLock(LockKey(job_no));
}

void
JobTellProgress(double fraction)
{
	if (running != 0 && fraction >= 0 && fraction <= 1)
		pgstat_progress_update_param(PLACE_DONE, (int64) (fraction * WHOLE));
}

void
JobShow(int64 job_no)
{
	running = job_no;
	pgstat_progress_update_param(PLACE_DONE, 0);
	pgstat_progress_update_param(PLACE_JOB, job_no);
	pgstat_progress_update_param(PLACE_MARK, job_no == 0 ? 0 : PROGRESS_MARK);
}

double
JobProgress(int64 job_no)
{
	int count;

	/* not what this transaction has seen before */
	ClearBackendStatus();
	count = pgstat_fetch_stat_numbackends();
	for (int i = 1; i <= count; i++)
	{
		LocalPgBackendStatus *local = BackendStatusByIndex(i);
		PgBackendStatus *entry = local == NULL ? NULL : &local->backendStatus;

		if (entry != NULL && entry->st_procpid != 0 && entry->st_databaseid == MyDatabaseId &&
			entry->st_progress_param[PLACE_MARK] == PROGRESS_MARK &&
			entry->st_progress_param[PLACE_JOB] == job_no)
			return (double) entry->st_progress_param[PLACE_DONE] / WHOLE;
	}
	return -1;
}

void
SignalRunner(int64 job_no)
{
	uint64 key = (uint64) LockKey(job_no);
	Datum values[2] = {ObjectIdGetDatum((Oid) (key >> 32)), ObjectIdGetDatum((Oid) (uint32) key)};

	if (SpiRun(&find_holder, values, NULL, SPI_OK_SELECT, 1) == 1)
		(void) kill(SpiInt32(0, 1), SIGINT);
}
