/* The lanes of a worker: opened, renewed, closed; and room for a lane that has no connection. */
#include "db/db_inner.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "db/limiter.h"
#include "wire/status_codes.h"

#define LENT_TIME 10000 /* ms that a lane does without a connection that it has lent */

/* Connections of a lane for worker `index`: the total split up, at least one each. */
static int
Share(int total, int index, int workers)
{
	int share = total / workers + (index < total % workers);

	return share > 0 ? share : 1;
}

/* The connection string of the settings; what was, where it is the same or (a reload checks it) wrong. */
static void
TakeConninfo(Database *db, const Config *config)
{
	Conninfo *conninfo;
	char *error;

	if (db->database != NULL && strcmp(db->database, config->database) == 0)
		return;
	conninfo = ConninfoParse(config->database, &error);
	if (conninfo == NULL)
	{
		LogEvent(LOG_ERROR, NULL, "configuration: database: %s", error);
		free(error);
		return;
	}
	ConninfoFree(db->conninfo);
	free(db->database);
	db->conninfo = conninfo;
	db->database = CopyString(config->database);
	db->good = (Candidate){.host = -1};
}

static void
OpenLane(Database *db, Lane id, int count)
{
	DbLane *lane = &db->lanes[id];

	lane->db = db;
	lane->id = id;
	lane->count = count;
	lane->connections = Allocate(sizeof(DbConnection) * (size_t) count);
	memset(lane->connections, 0, sizeof(DbConnection) * (size_t) count);
	for (int i = 0; i < count; i++)
	{
		lane->connections[i].watch.kind = WATCH_DATABASE;
		lane->connections[i].lane = lane;
		lane->connections[i].fd = -1;
		lane->connections[i].patience = 1;
	}
}

Database *
DbOpen(int index, int workers, int epoll_fd, int wake_fd)
{
	const Config *config = ConfigNow();
	/* without the audit nothing is read, so it comes first; of each lane one before any has its second */
	static const Lane order[] = {LANE_AUDIT, LANE_FAST, LANE_WRITE, LANE_LOGIN,
								 LANE_SLOW,  LANE_DATA, LANE_TILE};
	const int totals[LANES] = {0,
							   config->fast_connections * workers,
							   config->write_connections,
							   config->data_connections,
							   config->tile_connections,
							   config->slow_connections,
							   workers,
							   config->login_connections};
	Database *db = Allocate(sizeof(Database));
	bool more = true;

	memset(db, 0, sizeof(*db));
	db->index = index;
	db->epoll_fd = epoll_fd;
	db->wake_fd = wake_fd;
	db->now = Milliseconds();
	TakeConninfo(db, config);
	LimiterRegister(index, wake_fd);
	for (int id = LANE_FAST; id < LANES; id++)
		OpenLane(db, (Lane) id, Share(totals[id], index, workers));
	for (int i = 0; more; i++)
	{
		more = false;
		for (size_t at = 0; at < sizeof(order) / sizeof(order[0]); at++)
			if (i < db->lanes[order[at]].count)
			{
				ConnectionBegin(&db->lanes[order[at]].connections[i]);
				more = true;
			}
	}
	return db;
}

void
DbRecycle(Database *db)
{
	const Config *config = ConfigNow();
	bool moved = strcmp(db->database, config->database) != 0;

	db->now = Milliseconds();
	/* candidates are numbers of hosts of the old string: none may be used with the new one */
	if (moved)
		AsideClose(db);
	TakeConninfo(db, config);
	db->shared_since = 0;
	for (int id = LANE_FAST; id < LANES; id++)
		for (int i = 0; i < db->lanes[id].count; i++)
		{
			DbConnection *connection = &db->lanes[id].connections[i];

			connection->recycle = connection->state == DB_READY;
			connection->retry_at = 0;
			if (moved && (connection->state == DB_CONNECTING || connection->state == DB_CHECKING))
				ConnectionClose(connection);
			connection->at = moved ? 0 : connection->at;
			if (moved)
				connection->candidates[0] = (Candidate){.host = -1};
			ConnectionIdle(connection);
		}
}

/*
 * The server has no connection left and a lane none at all: one that has several closes an idle one and does
 * without it for a while. (Some lane of some worker asks; whoever can, answers.)
 */
static void
MakeRoom(Database *db)
{
	DbConnection *idle = NULL;
	int most = 1;

	for (int id = LANE_FAST; id < LANES; id++)
	{
		DbLane *lane = &db->lanes[id];
		int connected = DbConnected(db, (Lane) id);

		for (int i = 0; i < lane->count && connected > most; i++)
			if (lane->connections[i].state == DB_READY && lane->connections[i].depth == 0)
			{
				most = connected;
				idle = &lane->connections[i];
			}
	}
	if (idle == NULL || atomic_exchange(&connections_wanted, 0) == 0)
		return;
	LogEvent(LOG_WARNING, NULL,
			 "database: the server has no connection left: the %s lane of worker %d lends one",
			 lane_names[idle->lane->id], db->index);
	ConnectionClose(idle);
	idle->lent = true;
	idle->retry_at = db->now + LENT_TIME;
}

void
DbTick(Database *db)
{
	db->now = Milliseconds();
	for (int id = LANE_FAST; id < LANES; id++)
	{
		DbLane *lane = &db->lanes[id];

		for (int i = 0; i < lane->count; i++)
			ConnectionWatch(&lane->connections[i]);
		LaneDispatch(lane);
	}
	AsideTick(db);
	SessionScout(db);
	if (atomic_load(&connections_wanted) != 0)
		MakeRoom(db);
}

void
DbClose(Database *db)
{
	for (int id = LANE_FAST; id < LANES; id++)
	{
		DbLane *lane = &db->lanes[id];

		FailWaiting(lane, CBD_UNAVAILABLE);
		for (int i = 0; i < lane->count; i++)
		{
			FailInFlight(&lane->connections[i]);
			ConnectionClose(&lane->connections[i]);
		}
	}
	AsideClose(db);
	DbDeliver(db);
	for (int id = LANE_FAST; id < LANES; id++)
		free(db->lanes[id].connections);
	ConninfoFree(db->conninfo);
	free(db->database);
	free(db);
}

bool
DbStart(int login_limit, int workers)
{
	return LimiterStart(login_limit, workers);
}

void
DbStop(void)
{
	CancelStop();
	LimiterStop();
}
