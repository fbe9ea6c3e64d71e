/*
 * Jobs on their way: which connection takes the next one of a lane, what is put on the wire, what is given
 * up. What comes back: db_result.c; how connections come and go: db_connect.c, db_session.c, db_stall.c.
 */
#include "db/db_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/limiter.h"
#include "wire/status_codes.h"

/* Jobs in flight on one connection. Behind a durable insert a few more may wait; what may take long stands
 * alone. */
static const int lane_depth[LANES] = {0, 64, 4, 1, 1, 1, 1, 1};

#define ABANDONED_LIMIT 100  /* ms that a page may still run when its client has left */
#define STALL_DOUBT     500  /* ms beyond statement_timeout, then other sessions are looked at */
#define STALL_MARGIN    3000 /* ms beyond statement_timeout without any result: the backend is not running */
#define BUSY_DEPTH      16   /* jobs on the first fast connection before the next one is used */

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
	int timeout = DbJobTimeout(job);

	return timeout > LaneTimeout(job->lane) ? timeout : 0;
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
	JobAppend(&connection->first, &connection->last, job);
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
		JobTakeFirst(&lane->first, &lane->last);
		lane->waiting--;
		if (Send(connection, job))
			continue;
		if (lane->id == LANE_LOGIN)
			LimiterGiveBack(lane->db->index);
		JobToFront(lane, job); /* again, for another connection */
		ConnectionLost(connection, "cannot send");
	}
	if (lane->id == LANE_LOGIN)
		LimiterForgo(lane->db->index);
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
	{
		ConnectionReceive(connection);
		LaneDispatch(connection->lane);
	}
}

int
DbSubmit(Database *db, Job *job)
{
	const Config *config = ConfigNow();
	DbLane *lane = &db->lanes[job->lane];
	const int limits[LANES] = {0,
							   config->fast_queue,
							   config->write_queue,
							   config->data_queue,
							   config->data_queue,
							   config->slow_queue,
							   1,
							   config->login_queue};

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
		JobToFront(lane, job);
	else
	{
		JobAppend(&lane->first, &lane->last, job);
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
	LaneDispatch(&db->lanes[LANE_TILE]);
	LaneDispatch(&db->lanes[LANE_SLOW]);
}

/* A page or tile that nobody waits for: to stop one costs the server more than most cost, so only one that
 * goes on is stopped. */
static void
CheckAbandoned(DbConnection *connection)
{
	if ((connection->lane->id == LANE_DATA || connection->lane->id == LANE_TILE) &&
		connection->state == DB_READY && connection->first != NULL && connection->first->abandoned &&
		connection->lane->db->now - connection->first->sent >= ABANDONED_LIMIT)
		StopJob(connection);
}

/*
 * A backend that is stopped never answers: give its connection up, its jobs' clients were told long ago.
 * Where the whole server is silent there is nothing to wait for beyond the lane's time.
 */
static void
CheckStall(DbConnection *connection)
{
	Database *db = connection->lane->db;
	uint64_t late, timeout;

	if (connection->state != DB_READY || connection->depth == 0)
		return;
	timeout = (uint64_t) DbJobTimeout(connection->first);
	late = db->now - connection->progress;
	if (late > timeout + STALL_MARGIN || (late > timeout && db->silent_since > connection->progress))
		ConnectionStalled(connection);
	else if (late > timeout + STALL_DOUBT)
		SessionSuspect(db);
}

void
ConnectionWatch(DbConnection *connection)
{
	CheckAbandoned(connection);
	CheckStall(connection);
	ConnectionTick(connection);
	if (connection->state == DB_READY)
		SessionTick(connection);
}

void
DbDeliver(Database *db)
{
	Job *job;

	while ((job = JobTakeFirst(&db->finished, &db->last_finished)) != NULL)
		job->done(job);
}
