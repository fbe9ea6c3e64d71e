/* Lanes of pipelined libpq connections: queueing, sending, results. How they connect: db_connect.c. */
#include "db/db_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/limiter.h"
#include "wire/status_codes.h"

const char *const lane_names[LANES] = {"none", "fast", "write", "data", "slow", "audit", "login"};

/* Jobs in flight on one connection. Behind a durable insert a few more may wait; what may take long stands
 * alone. */
static const int lane_depth[LANES] = {0, 64, 4, 1, 1, 1, 1};

#define BODY_SHARE       (1 << 20) /* bytes of a write that have BODY_TIME beyond its lane's time */
#define BODY_TIME        500       /* ms */
#define LARGE_JOB        (4 << 20) /* libpq's buffers never shrink: after such a job the connection is made anew */
#define ABANDONED_LIMIT  100       /* ms that a page may still run when its client has left */
#define STALL_MARGIN     3000 /* ms beyond statement_timeout without any result: the backend is not running */
#define RECYCLE_INTERVAL 1000 /* ms: at most so often is a connection renewed because of a stale plan */
#define BUSY_DEPTH       16   /* jobs on the first fast connection before the next one is used */

static void
Append(Job **first, Job **last, Job *job)
{
	job->next = NULL;
	if (*last == NULL)
		*first = job;
	else
		(*last)->next = job;
	*last = job;
}

static Job *
TakeFirst(Job **first, Job **last)
{
	Job *job = *first;

	if (job != NULL && (*first = job->next) == NULL)
		*last = NULL;
	return job;
}

static void
ToFront(DbLane *lane, Job *job)
{
	job->connection = NULL;
	job->next = lane->first;
	lane->first = job;
	if (lane->last == NULL)
		lane->last = job;
	lane->waiting++;
}

/* The job is over; its receiver hears of it in DbDeliver. */
static void
Finish(Database *db, Job *job, int status)
{
	job->status = status;
	job->connection = NULL;
	if (status != CBD_OK)
	{
		PQclear(job->result);
		job->result = NULL;
	}
	Append(&db->finished, &db->last_finished, job);
}

void
FailWaiting(DbLane *lane, int status)
{
	Job *job;

	while ((job = TakeFirst(&lane->first, &lane->last)) != NULL)
	{
		lane->waiting--;
		Finish(lane->db, job, status);
	}
}

/* Jobs of a connection that was lost: whether a write was done is not known, so the client must repeat. */
void
FailInFlight(DbConnection *connection)
{
	Job *job;

	while ((job = TakeFirst(&connection->first, &connection->last)) != NULL)
	{
		if (connection->lane->id == LANE_LOGIN)
			LimiterGiveBack(connection->lane->db->index);
		Finish(connection->lane->db, job, CBD_DATABASE_UNAVAILABLE);
	}
	connection->depth = 0;
}

/* Connection for the next job of the lane, or NULL. */
static DbConnection *
Pick(DbLane *lane)
{
	DbConnection *best = NULL;

	for (int i = 0; i < lane->count; i++)
	{
		DbConnection *connection = &lane->connections[i];

		if (connection->state != DB_READY || connection->recycle || connection->checking ||
			connection->depth >= lane_depth[lane->id] || CancelPending(connection))
			continue;
		if (connection->depth == 0)
			return connection;
		/* reads gather on one connection while it answers quickly: fewer backends to schedule */
		if (lane->id == LANE_FAST && connection->depth < BUSY_DEPTH &&
			lane->db->now - connection->progress < 10)
			return connection;
		if (best == NULL || connection->depth < best->depth)
			best = connection;
	}
	return best;
}

/* A large report has more time than its lane's; 0: it has not. */
static int
OwnTimeout(const Job *job)
{
	return job->lane == LANE_WRITE && job->bytes >= BODY_SHARE ? DbJobTimeout(job) : 0;
}

/* The statement_timeout of the job's own transaction, in front of it. */
static bool
SendTimeout(DbConnection *connection, const Job *job)
{
	char timeout[16];
	const char *values[] = {timeout};

	snprintf(timeout, sizeof(timeout), "%d", OwnTimeout(job));
	return PQsendQueryParams(connection->pg, "SELECT pg_catalog.set_config('statement_timeout', $1, true)", 1,
							 NULL, values, NULL, NULL, 0) == 1;
}

/* Puts the job on the wire. False: the connection broke and the job was not sent. */
static bool
Send(DbConnection *connection, Job *job)
{
	const Statement *statement = job->statement;

	job->sent_prepare = !connection->prepared[statement->number];
	if (job->sent_prepare && !PQsendPrepare(connection->pg, statement->name, statement->sql, 0, NULL))
		return false;
	if (OwnTimeout(job) > 0 && !SendTimeout(connection, job))
		return false;
	if (!PQsendQueryPrepared(connection->pg, statement->name, statement->parameters, job->values,
							 job->lengths, job->formats, 1) || /* frames are bytes */
		!PQpipelineSync(connection->pg))
		return false;
	connection->prepared[statement->number] = true;
	if (connection->depth++ == 0)
		connection->progress = connection->lane->db->now;
	job->sent = connection->lane->db->now;
	job->connection = connection;
	job->sqlstate[0] = '\0';
	Append(&connection->first, &connection->last, job);
	WatchConnection(connection, PQflush(connection->pg) == 1);
	return true;
}

void
LaneDispatch(DbLane *lane)
{
	while (lane->first != NULL)
	{
		DbConnection *connection = Pick(lane);
		Job *job = lane->first;

		if (connection == NULL || (lane->id == LANE_LOGIN && !LimiterTake(lane->db->index)))
			return;
		TakeFirst(&lane->first, &lane->last);
		lane->waiting--;
		if (Send(connection, job))
			continue;
		if (lane->id == LANE_LOGIN)
			LimiterGiveBack(lane->db->index);
		ToFront(lane, job); /* again, for another connection */
		ConnectionLost(connection, "cannot send");
	}
	if (lane->id == LANE_LOGIN)
		LimiterForgo(lane->db->index);
}

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
	Job *job = TakeFirst(&connection->first, &connection->last);
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
			ToFront(lane, job);
			return;
		}
	}
	else if (job->result == NULL || PQntuples(job->result) != 1 || PQnfields(job->result) != 1 ||
			 PQgetisnull(job->result, 0, 0))
	{
		LogEvent(LOG_ERROR, job->request_id, "%s returned no reply frame", job->statement->name);
		status = CBD_INTERNAL_ERROR;
	}
	Finish(lane->db, job, status);
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
	LaneDispatch(connection->lane);
}

void
DbEvent(Database *db, DbConnection *connection, uint32_t events)
{
	db->now = Milliseconds();
	if (connection->state == DB_CONNECTING)
		ConnectionPoll(connection);
	else if (connection->state == DB_ASIDE)
		AsideEvent(connection);
	else if (connection->state != DB_CLOSED)
		ConnectionReceive(connection);
}

int
DbSubmit(Database *db, Job *job)
{
	const Config *config = ConfigNow();
	DbLane *lane = &db->lanes[job->lane];
	const int limits[LANES] = {
		0, config->fast_queue, config->write_queue, config->data_queue, config->slow_queue,
		1, config->login_queue};

	if (!DbLaneUp(db, job->lane))
		return CBD_DATABASE_UNAVAILABLE;
	if (lane->waiting >= limits[job->lane] && !job->next_step && !job->follows)
		return CBD_OVERLOADED;
	job->attempts = 0;
	job->abandoned = job->cancelled = false;
	job->connection = NULL;
	job->result = NULL;
	job->bytes = 0;
	job->took = 0;
	for (int i = 0; i < job->statement->parameters; i++)
		job->bytes += (size_t) job->lengths[i];
	if (job->next_step)
		ToFront(lane, job);
	else
	{
		Append(&lane->first, &lane->last, job);
		lane->waiting++;
	}
	db->now = Milliseconds();
	LaneDispatch(lane);
	return CBD_OK;
}

/* Stops what the connection is doing; it has one job at a time. */
static void
StopJob(DbConnection *connection)
{
	if (connection->first->cancelled || connection->cancel != NULL)
		return;
	connection->first->cancelled = true;
	ConnectionCancel(connection);
}

bool
DbAbandon(Database *db, Job *job)
{
	DbLane *lane = &db->lanes[job->lane];
	DbConnection *connection = job->connection;

	if (connection == NULL)
	{
		Job *previous = NULL;

		for (Job *at = lane->first; at != NULL; previous = at, at = at->next)
			if (at == job)
			{
				if (previous == NULL)
					lane->first = job->next;
				else
					previous->next = job->next;
				if (lane->last == job)
					lane->last = previous;
				lane->waiting--;
				return true;
			}
		return false; /* finished, not yet delivered */
	}
	job->abandoned = true;
	if (job->lane == LANE_SLOW)
		StopJob(connection);
	return false;
}

void
DbWake(Database *db)
{
	db->now = Milliseconds();
	LaneDispatch(&db->lanes[LANE_LOGIN]);
	LaneDispatch(&db->lanes[LANE_DATA]);
	LaneDispatch(&db->lanes[LANE_SLOW]);
}

/* A page that nobody waits for: to stop one costs the server more than most cost, so only one that goes on is
 * stopped. */
static void
CheckAbandoned(DbConnection *connection)
{
	if (connection->lane->id == LANE_DATA && connection->state == DB_READY && connection->first != NULL &&
		connection->first->abandoned &&
		connection->lane->db->now - connection->first->sent >= ABANDONED_LIMIT)
		StopJob(connection);
}

/* A backend that is stopped never answers: give its connection up, its jobs' clients were told long ago. */
static void
CheckStall(DbConnection *connection)
{
	DbLane *lane = connection->lane;

	if (connection->state == DB_READY && connection->depth > 0 &&
		lane->db->now - connection->progress > (uint64_t) DbJobTimeout(connection->first) + STALL_MARGIN)
		ConnectionStalled(connection);
}

void
ConnectionWatch(DbConnection *connection)
{
	CheckAbandoned(connection);
	CheckStall(connection);
	ConnectionTick(connection);
}

void
DbDeliver(Database *db)
{
	Job *job;

	while ((job = TakeFirst(&db->finished, &db->last_finished)) != NULL)
		job->done(job);
}

int
LaneTimeout(Lane lane)
{
	const Config *config = ConfigNow();
	const int times[LANES] = {0,
							  config->fast_timeout,
							  config->write_timeout,
							  config->data_timeout,
							  config->slow_timeout,
							  config->write_timeout,
							  config->login_timeout};

	return times[lane];
}

int
DbJobTimeout(const Job *job)
{
	int timeout = LaneTimeout(job->lane);

	return job->lane == LANE_WRITE ? timeout + (int) (job->bytes / BODY_SHARE) * BODY_TIME : timeout;
}

bool
DbLaneUp(const Database *db, Lane lane)
{
	const DbLane *wanted = &db->lanes[lane];

	return !wanted->failed || DbConnected(db, lane) > 0;
}

int
DbWaiting(const Database *db, Lane lane)
{
	return db->lanes[lane].waiting;
}

int
DbInFlight(const Database *db, Lane lane)
{
	int sum = 0;

	for (int i = 0; i < db->lanes[lane].count; i++)
		sum += db->lanes[lane].connections[i].depth;
	return sum;
}

int
DbConnected(const Database *db, Lane lane)
{
	int sum = 0;

	for (int i = 0; i < db->lanes[lane].count; i++)
		sum += db->lanes[lane].connections[i].state == DB_READY;
	return sum;
}
