/*
 * What a lane is, without its connections doing anything: jobs in their queues, jobs that are over, how long
 * they may take, figures. Everything else of this folder stands on it.
 */
#include "db/db_inner.h"

#include <stdlib.h>

#include "db/limiter.h"
#include "wire/status_codes.h"

#define BODY_SHARE (1 << 20) /* bytes of a write that have BODY_TIME beyond its lane's time */
#define BODY_TIME  500       /* ms */

const char *const lane_names[LANES] = {"none", "fast", "write", "data", "tile", "slow", "audit", "login"};

_Atomic int connections_wanted;

int
StatementNumber(void)
{
	static int next = STATEMENT_FIRST;

	if (next == STATEMENT_LIMIT)
		abort(); /* DbConnection.prepared has a place per statement */
	return next++;
}

void
JobAppend(Job **first, Job **last, Job *job)
{
	job->next = NULL;
	if (*last == NULL)
		*first = job;
	else
		(*last)->next = job;
	*last = job;
}

Job *
JobTakeFirst(Job **first, Job **last)
{
	Job *job = *first;

	if (job != NULL && (*first = job->next) == NULL)
		*last = NULL;
	return job;
}

void
JobToFront(DbLane *lane, Job *job)
{
	job->connection = NULL;
	job->next = lane->first;
	lane->first = job;
	if (lane->last == NULL)
		lane->last = job;
	lane->waiting++;
}

/* The job is over; its receiver hears of it in DbDeliver. */
void
JobFinish(Database *db, Job *job, int status)
{
	job->status = status;
	job->connection = NULL;
	if (status != CBD_OK)
	{
		PQclear(job->result);
		job->result = NULL;
	}
	JobAppend(&db->finished, &db->last_finished, job);
}

void
FailWaiting(DbLane *lane, int status)
{
	Job *job;

	while ((job = JobTakeFirst(&lane->first, &lane->last)) != NULL)
	{
		lane->waiting--;
		JobFinish(lane->db, job, status);
	}
}

/* Jobs of a connection that was lost: whether a write was done is not known, so the client must repeat. */
void
FailInFlight(DbConnection *connection)
{
	Job *job;

	while ((job = JobTakeFirst(&connection->first, &connection->last)) != NULL)
	{
		if (connection->lane->id == LANE_LOGIN)
			LimiterGiveBack(connection->lane->db->index);
		JobFinish(connection->lane->db, job, CBD_DATABASE_UNAVAILABLE);
	}
	connection->depth = 0;
}

int
LaneTimeout(Lane lane)
{
	const Config *config = ConfigNow();
	const int times[LANES] = {0,
							  config->fast_timeout,
							  config->write_timeout,
							  config->data_timeout,
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
