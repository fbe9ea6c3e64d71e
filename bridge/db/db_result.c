/* What the server answers: results of jobs in their order, errors and what they mean for the client. */
#include "db/db_inner.h"

#include <string.h>

#include "base/log.h"
#include "db/limiter.h"
#include "wire/status_codes.h"

#define LARGE_JOB        (4 << 20) /* libpq's buffers never shrink: after such a job connect anew */
#define RECYCLE_INTERVAL 1000      /* ms: at most so often is a connection renewed because of a stale plan */

/* Number of a status code from SQLSTATE class UD: 40000 + the last three characters in base 36. */
static int
StatusFromState(const char *sqlstate)
{
	int number = 0;

	for (int i = 2; i < 5; i++)
	{
		char c = sqlstate[i];

		number = number * 36 + (c <= '9' ? c - '0' : c - 'A' + 10);
	}
	return 40000 + number;
}

static bool
StateIn(const char *sqlstate, const char *const *states)
{
	for (; *states != NULL; states++)
		if (strncmp(sqlstate, *states, strlen(*states)) == 0)
			return true;
	return false;
}

/*
 * The server cannot write: it has become a standby, or was read-only when the session began. The session is
 * made anew, where a writable server is looked for; nothing was done, so the job may go there.
 */
static int
ReadOnly(DbConnection *connection, bool again)
{
	connection->read_only = true;
	if (connection->lane->db->now - connection->since <= RECYCLE_INTERVAL)
		return CBD_UNAVAILABLE;
	connection->recycle = true;
	SessionSuspect(connection->lane->db);
	return again ? 0 : CBD_UNAVAILABLE;
}

/* What a raised error means for the client; may put the job back for its second try (then 0). */
static int
ErrorOutcome(DbConnection *connection, Job *job)
{
	static const char *const stale[] = {"0A000", "26000", "42883", NULL};
	static const char *const retry[] = {"40001", "40P01", "55P03", NULL};
	static const char *const gone[] = {"08", "57P", NULL};
	static const char *const busy[] = {"53", NULL};
	static const char *const missing[] = {"42883", "3F000", NULL};
	bool again = job->attempts == 0 && !job->abandoned;

	if (strncmp(job->sqlstate, "UD", 2) == 0)
		return StatusFromState(job->sqlstate);
	if (StateIn(job->sqlstate, stale))
	{
		connection->prepared[job->statement->number] = false;
		if (connection->lane->db->now - connection->since > RECYCLE_INTERVAL)
			connection->recycle = true;
		if (again)
			return 0;
	}
	if (StateIn(job->sqlstate, retry))
		return again ? 0 : CBD_UNAVAILABLE;
	if (strcmp(job->sqlstate, "25006") == 0)
		return ReadOnly(connection, again);
	if (strcmp(job->sqlstate, "57014") == 0) /* perhaps by a cancel that came late, for the job before it */
		return connection->cancel != NULL && again ? 0 : CBD_TIMEOUT;
	if (StateIn(job->sqlstate, gone))
		return CBD_DATABASE_UNAVAILABLE;
	LogEvent(LOG_ERROR, job->request_id, "%s failed: SQLSTATE %s: %s", job->statement->name, job->sqlstate,
			 job->error);
	if (StateIn(job->sqlstate, busy))
		return CBD_UNAVAILABLE;
	return StateIn(job->sqlstate, missing) ? CBD_NOT_SET_UP : CBD_INTERNAL_ERROR;
}

/* The Sync of the first job in flight arrived. */
static void
JobSynced(DbConnection *connection)
{
	DbLane *lane = connection->lane;
	Job *job = JobTakeFirst(&connection->first, &connection->last);
	int status = CBD_OK;

	connection->depth--;
	job->took = lane->db->now - job->sent;
	connection->progress = lane->db->now;
	if (lane->id == LANE_LOGIN)
		LimiterGiveBack(lane->db->index);
	if (job->bytes > LARGE_JOB || (job->result != NULL && PQresultMemorySize(job->result) > LARGE_JOB))
		connection->recycle = true;
	if (job->sqlstate[0] != '\0')
	{
		status = ErrorOutcome(connection, job);
		if (status == 0)
		{
			job->attempts++;
			JobToFront(lane, job);
			return;
		}
	}
	else if (job->result == NULL || PQntuples(job->result) != 1 || PQnfields(job->result) != 1 ||
			 PQgetisnull(job->result, 0, 0))
	{
		LogEvent(LOG_ERROR, job->request_id, "%s returned no reply frame", job->statement->name);
		status = CBD_INTERNAL_ERROR;
	}
	JobFinish(lane->db, job, status);
}

/* A result of the check of the session. */
static void
TakeCheck(DbConnection *connection, PGresult *result)
{
	switch (PQresultStatus(result))
	{
		case PGRES_TUPLES_OK:
			connection->checked = result;
			return;
		case PGRES_PIPELINE_SYNC:
			PQclear(result);
			result = connection->checked;
			connection->checked = NULL;
			connection->checking = false;
			connection->progress = connection->lane->db->now;
			if (result == NULL)
				ConnectionLost(connection, "its session cannot be looked at");
			else
				SessionChecked(connection, result);
			break;
		case PGRES_FATAL_ERROR:
			LogEvent(LOG_ERROR, NULL, "database: %s", PQresultErrorMessage(result));
			break;
		default:
			break;
	}
	PQclear(result);
}

static void
TakeResult(DbConnection *connection, PGresult *result)
{
	Job *job = connection->first;
	const char *sqlstate;

	switch (PQresultStatus(result))
	{
		case PGRES_PIPELINE_SYNC:
			PQclear(result);
			JobSynced(connection);
			return;
		case PGRES_TUPLES_OK:
			PQclear(job->result);
			job->result = result;
			return;
		case PGRES_FATAL_ERROR:
			sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
			if (job->sqlstate[0] == '\0')
			{
				strncpy(job->sqlstate, sqlstate == NULL ? "08006" : sqlstate, sizeof(job->sqlstate) - 1);
				job->sqlstate[sizeof(job->sqlstate) - 1] = '\0';
				/* the primary message only: detail and context may hold what the client sent, as may, where
				   there are passwords, the message itself */
				sqlstate = job->lane == LANE_LOGIN ? "(not shown)"
												   : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
				strncpy(job->error, sqlstate == NULL ? "" : sqlstate, sizeof(job->error) - 1);
				job->error[sizeof(job->error) - 1] = '\0';
			}
			break;
		default: /* Parse done; or skipped after an error */
			break;
	}
	PQclear(result);
}

/* Everything the socket has: results in the order of the jobs. */
void
ConnectionReceive(DbConnection *connection)
{
	unsigned closed = connection->closed;
	int nothing = 0;

	if (!PQconsumeInput(connection->pg))
	{
		ConnectionLost(connection, PQerrorMessage(connection->pg));
		return;
	}
	/* a check may end the connection, or begin another one */
	while (connection->closed == closed && (connection->first != NULL || connection->checking) &&
		   !PQisBusy(connection->pg))
	{
		PGresult *result = PQgetResult(connection->pg);

		if (result != NULL)
		{
			nothing = 0;
			if (connection->checking)
				TakeCheck(connection, result);
			else
				TakeResult(connection, result);
		}
		else if (++nothing > 2) /* NULL ends each result; more than that: nothing there */
			break;
	}
	if (connection->closed != closed)
		return;
	if (PQstatus(connection->pg) == CONNECTION_BAD)
	{
		ConnectionLost(connection, PQerrorMessage(connection->pg));
		return;
	}
	WatchConnection(connection, PQflush(connection->pg) == 1);
	ConnectionIdle(connection);
}
