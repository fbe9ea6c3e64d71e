/* How database connections come, go and come back. */
#include "db/db_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/limiter.h"
#include "base/log.h"
#include "wire/status_codes.h"

#define BACKOFF_FIRST    50   /* ms */
#define BACKOFF_LAST     1000 /* ms; with the attempt itself less than the 2 s that recovery may take */
#define CONNECT_PATIENCE 1000 /* ms until requests are no longer kept waiting for a connection */
#define CONNECT_LIMIT    5000 /* ms until an attempt is given up */

#define OPTION_LIMIT 64

/* Registers, or registers again, the connection's socket. Level triggered. */
static void
Register(DbConnection *connection, uint32_t events)
{
	Database *db = connection->lane->db;
	struct epoll_event event = {.events = events, .data.ptr = connection};
	int fd = PQsocket(connection->pg);

	/* libpq may have closed its socket and got the same number again: always afresh */
	if (connection->fd >= 0)
		epoll_ctl(db->epoll_fd, EPOLL_CTL_DEL, connection->fd, NULL);
	connection->fd = fd;
	if (fd >= 0 && epoll_ctl(db->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		LogEvent(LOG_ERROR, NULL, "epoll_ctl: %m");
}

void
WatchConnection(DbConnection *connection, bool write)
{
	struct epoll_event event = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = connection};

	if (write == connection->wants_write)
		return;
	connection->wants_write = write;
	epoll_ctl(connection->lane->db->epoll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}

static void
Close(DbConnection *connection)
{
	if (connection->fd >= 0)
		epoll_ctl(connection->lane->db->epoll_fd, EPOLL_CTL_DEL, connection->fd, NULL);
	connection->fd = -1;
	PQfinish(connection->pg);
	connection->pg = NULL;
	memset(connection->prepared, 0, sizeof(connection->prepared));
	connection->wants_write = false;
	connection->recycle = false;
	connection->state = DB_CLOSED;
}

/* Server notices are not for clients; they are rare and of use to who looks after the database. */
static void
Notice(void *unused, const char *message)
{
	LogEvent(LOG_INFO, NULL, "database: %s", message);
}

/*
 * Starts connecting with the configured string plus what the lane needs. `options` of the string is kept,
 * ours follow it and win.
 */
static PGconn *
StartConnection(DbLane *lane)
{
	const Config *config = ConfigNow();
	const char *names[OPTION_LIMIT], *values[OPTION_LIMIT];
	PQconninfoOption *given = PQconninfoParse(config->database, NULL);
	char options[1024], application[64];
	const char *before = "";
	PGconn *pg;
	int count = 0;

	for (PQconninfoOption *option = given; option != NULL && option->keyword != NULL; option++)
		if (option->val != NULL && strcmp(option->keyword, "options") == 0)
			before = option->val;
		else if (option->val != NULL && count < OPTION_LIMIT - 5)
		{
			names[count] = option->keyword;
			values[count++] = option->val;
		}
	snprintf(options, sizeof(options), "%s -c statement_timeout=%d -c standard_conforming_strings=on", before,
			 LaneTimeout(lane->id));
	snprintf(application, sizeof(application), "citybigdata-bridge %s", lane_names[lane->id]);
	names[count] = "options", values[count++] = options;
	names[count] = "client_encoding", values[count++] = "UTF8";
	names[count] = "fallback_application_name", values[count++] = application;
	names[count] = NULL, values[count] = NULL;
	pg = PQconnectStartParams(names, values, 0);
	if (given != NULL)
		PQconninfoFree(given);
	return pg;
}

/* The attempt failed, or the connection broke: try again later. */
static void
Retry(DbConnection *connection)
{
	DbLane *lane = connection->lane;

	connection->backoff = connection->backoff == 0 ? BACKOFF_FIRST : connection->backoff * 2;
	if (connection->backoff > BACKOFF_LAST)
		connection->backoff = BACKOFF_LAST;
	connection->retry_at = lane->db->now + (uint64_t) connection->backoff;
}

/* Requests that wait are told that the database is gone, when no connection is left to wait for. */
static void
LaneFailed(DbLane *lane, const char *why)
{
	if (!lane->failed)
		LogEvent(LOG_WARNING, NULL, "database: worker %d cannot connect (%s lane): %s", lane->db->index,
				 lane_names[lane->id], why);
	lane->failed = true;
	if (DbConnected(lane->db, lane->id) == 0)
		FailWaiting(lane, CBD_DATABASE_UNAVAILABLE);
}

static void
AttemptFailed(DbConnection *connection, const char *why)
{
	LaneFailed(connection->lane, why);
	Close(connection);
	Retry(connection);
}

static void
Begin(DbConnection *connection)
{
	connection->since = connection->lane->db->now;
	connection->state = DB_CONNECTING;
	connection->pg = StartConnection(connection->lane);
	if (connection->pg == NULL || PQstatus(connection->pg) == CONNECTION_BAD)
	{
		AttemptFailed(connection, connection->pg == NULL ? "out of memory" : PQerrorMessage(connection->pg));
		return;
	}
	PQsetNoticeProcessor(connection->pg, Notice, NULL);
	/* libpq: as if the last poll had said "writing" */
	Register(connection, EPOLLOUT);
}

/* Connected: pipeline mode, and the lane has somebody again. */
static void
Ready(DbConnection *connection)
{
	DbLane *lane = connection->lane;
	const char *superuser;

	if (PQserverVersion(connection->pg) < 140000 || PQsetnonblocking(connection->pg, 1) != 0 ||
		!PQenterPipelineMode(connection->pg))
	{
		AttemptFailed(connection, "no pipeline mode");
		return;
	}
	superuser = PQparameterStatus(connection->pg, "is_superuser");
	if (superuser != NULL && strcmp(superuser, "on") == 0)
	{
		AttemptFailed(connection, "the role is a superuser; the bridge's is citybigdata_bridge");
		return;
	}
	Register(connection, EPOLLIN);
	connection->state = DB_READY;
	connection->backoff = 0;
	connection->since = connection->progress = lane->db->now;
	if (lane->failed)
		LogEvent(LOG_INFO, NULL, "database: worker %d is connected again (%s lane)", lane->db->index,
				 lane_names[lane->id]);
	lane->failed = false;
	LaneDispatch(lane);
}

void
ConnectionPoll(DbConnection *connection)
{
	switch (PQconnectPoll(connection->pg))
	{
		case PGRES_POLLING_READING:
			Register(connection, EPOLLIN);
			break;
		case PGRES_POLLING_WRITING:
			Register(connection, EPOLLOUT);
			break;
		case PGRES_POLLING_OK:
			Ready(connection);
			break;
		default:
			AttemptFailed(connection, PQerrorMessage(connection->pg));
	}
}

void
ConnectionLost(DbConnection *connection, const char *why)
{
	LogEvent(LOG_WARNING, NULL, "database: worker %d lost a connection (%s lane): %s",
			 connection->lane->db->index, lane_names[connection->lane->id], why);
	FailInFlight(connection);
	Close(connection);
	/* at once: one server process may have gone alone; if the server has, this attempt fails at once too */
	Begin(connection);
}

void
ConnectionIdle(DbConnection *connection)
{
	if (connection->recycle && connection->depth == 0 && connection->state == DB_READY &&
		atomic_load(&connection->cancelling) == 0)
	{
		Close(connection);
		Begin(connection);
	}
}

void
ConnectionTick(DbConnection *connection)
{
	DbLane *lane = connection->lane;
	uint64_t now = lane->db->now;

	if (connection->state == DB_CLOSED && now >= connection->retry_at)
		Begin(connection);
	else if (connection->state == DB_CONNECTING && now - connection->since > CONNECT_LIMIT)
		AttemptFailed(connection, "no answer");
	else if (connection->state == DB_CONNECTING && now - connection->since > CONNECT_PATIENCE)
		LaneFailed(lane, "no answer yet");
	else
		ConnectionIdle(connection);
}

/* Connections of a lane for worker `index`: the total split up, at least one each. */
static int
Share(int total, int index, int workers)
{
	int share = total / workers + (index < total % workers);

	return share > 0 ? share : 1;
}

Database *
DbOpen(int index, int workers, int epoll_fd, int wake_fd)
{
	const Config *config = ConfigNow();
	const int totals[LANES] = {0,
							   config->fast_connections * workers,
							   config->write_connections,
							   config->data_connections,
							   config->slow_connections,
							   workers,
							   config->login_connections};
	Database *db = Allocate(sizeof(Database));

	memset(db, 0, sizeof(*db));
	db->index = index;
	db->epoll_fd = epoll_fd;
	db->wake_fd = wake_fd;
	db->now = Milliseconds();
	LimiterRegister(index, wake_fd);
	for (int id = LANE_FAST; id < LANES; id++)
	{
		DbLane *lane = &db->lanes[id];

		lane->db = db;
		lane->id = (Lane) id;
		lane->count = Share(totals[id], index, workers);
		lane->connections = Allocate(sizeof(DbConnection) * (size_t) lane->count);
		memset(lane->connections, 0, sizeof(DbConnection) * (size_t) lane->count);
		for (int i = 0; i < lane->count; i++)
		{
			lane->connections[i].watch.kind = WATCH_DATABASE;
			lane->connections[i].lane = lane;
			lane->connections[i].fd = -1;
			Begin(&lane->connections[i]);
		}
	}
	return db;
}

void
DbRecycle(Database *db)
{
	db->now = Milliseconds();
	for (int id = LANE_FAST; id < LANES; id++)
		for (int i = 0; i < db->lanes[id].count; i++)
		{
			DbConnection *connection = &db->lanes[id].connections[i];

			connection->recycle = connection->state == DB_READY;
			connection->retry_at = 0;
			ConnectionIdle(connection);
		}
}

/* Waits, at most 2 s, until the canceller has let go of the lane's connections. */
static bool
NoCancelUnderWay(DbLane *lane)
{
	for (int i = 0; i < lane->count; i++)
		for (int tries = 0; atomic_load(&lane->connections[i].cancelling) != 0; tries++)
		{
			if (tries == 200)
				return false;
			usleep(10000);
		}
	return true;
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
			if (lane->connections[i].pg != NULL)
				Close(&lane->connections[i]);
		}
	}
	DbDeliver(db);
	for (int id = LANE_FAST; id < LANES; id++)
		if (NoCancelUnderWay(&db->lanes[id]))
			free(db->lanes[id].connections);
	free(db);
}

bool
DbStart(int login_limit, int workers)
{
	return LimiterStart(login_limit, workers) && CancellerStart();
}

void
DbStop(void)
{
	CancellerStop();
}
