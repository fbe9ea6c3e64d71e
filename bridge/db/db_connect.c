/*
 * How database connections come, go and come back: candidate by candidate, each with a time of its own, so
 * that a host that hangs keeps nobody from the next one.
 */
#include "db/db_inner.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/log.h"
#include "wire/status_codes.h"

#define BACKOFF_FIRST    50   /* ms */
#define BACKOFF_LAST     1000 /* ms; with the attempt itself less than the 2 s that recovery may take */
#define RESOLVE_PAUSE    50   /* ms until a name that is being looked up is asked for again */
#define CONNECT_PATIENCE 1000 /* ms until requests are no longer kept waiting for a connection */
#define CONNECT_ONE      5000 /* ms for the only candidate */
#define CONNECT_EACH     2000 /* ms for each of several */
#define PATIENCE_LIMIT   4    /* times that, while all of them hang: a busy machine is no dead one */
#define PLACE_LIMIT      2    /* sessions of one place that may hang in one server */

void
ConnectionClose(DbConnection *connection)
{
	if (connection->fd >= 0)
		epoll_ctl(connection->lane->db->epoll_fd, EPOLL_CTL_DEL, connection->fd, NULL);
	connection->fd = -1;
	PQfinish(connection->pg);
	connection->pg = NULL;
	PQclear(connection->checked);
	connection->checked = NULL;
	CancelForget(connection->cancel);
	connection->cancel = NULL;
	memset(connection->prepared, 0, sizeof(connection->prepared));
	connection->wants_write = connection->recycle = connection->checking = false;
	connection->read_only = connection->pooled = false;
	connection->state = DB_CLOSED;
	connection->closed++;
}

/* Server notices are not for clients; they are rare and of use to who looks after the database. */
static void
Notice(void *unused, const char *message)
{
	LogEvent(LOG_INFO, NULL, "database: %s", message);
}

/* Requests that wait are told that the database is gone, when no connection is left to wait for. */
static void
LaneFailed(DbLane *lane, const char *why)
{
	snprintf(lane->why, sizeof(lane->why), "%.*s", (int) strcspn(why, "\n"), why);
	if (!lane->failed)
		LogEvent(LOG_WARNING, NULL, "database: worker %d cannot connect (%s lane): %s", lane->db->index,
				 lane_names[lane->id], why);
	lane->failed = true;
	if (DbConnected(lane->db, lane->id) == 0)
		FailWaiting(lane, CBD_DATABASE_UNAVAILABLE);
}

/* The round is over without a connection: try again later. */
static void
RoundFailed(DbConnection *connection, const char *why)
{
	DbLane *lane = connection->lane;
	bool all_hung = connection->tried > 0 && connection->hung == connection->tried;

	connection->patience = !all_hung                               ? 1
						   : connection->patience < PATIENCE_LIMIT ? connection->patience * 2
																   : connection->patience;
	connection->backoff = connection->backoff == 0 ? BACKOFF_FIRST : connection->backoff * 2;
	if (connection->backoff > BACKOFF_LAST)
		connection->backoff = BACKOFF_LAST;
	connection->retry_at = lane->db->now + (uint64_t) connection->backoff;
	connection->round_since = 0;
	LaneFailed(lane, why);
}

/* The next candidate, or the next pass; false: that was the last one. */
static bool
Advance(DbConnection *connection)
{
	if (++connection->at < connection->candidate_count)
		return true;
	connection->at = 0;
	return ++connection->pass < ConninfoPasses(connection->lane->db->conninfo, connection->candidate_count);
}

/* Sessions of the connection's place that are set aside at its candidate. */
static int
AsideAt(const DbConnection *connection)
{
	const DbLane *lane = connection->lane;
	int place = (int) (connection - lane->connections);
	int count = 0;

	for (const DbConnection *aside = lane->db->aside; aside != NULL; aside = aside->next)
		count += aside->lane == lane && aside->place == place &&
				 CandidateSame(&aside->candidates[aside->at], &connection->candidates[connection->at]);
	return count;
}

/* Begins with the candidate at hand, or with the first one after it that lets itself be begun with. */
static void
Attempt(DbConnection *connection)
{
	Database *db = connection->lane->db;
	char application[64], why[512] = "out of memory";

	snprintf(application, sizeof(application), "citybigdata-bridge %s", lane_names[connection->lane->id]);
	do
	{
		if (AsideAt(connection) >= PLACE_LIMIT)
		{
			snprintf(why, sizeof(why), "the server has not answered in earlier sessions of this lane yet");
			continue;
		}
		connection->since = db->now;
		connection->tried++;
		connection->pg = ConninfoStart(db->conninfo, &connection->candidates[connection->at],
									   connection->candidate_count, connection->pass, application);
		if (connection->pg != NULL && PQstatus(connection->pg) != CONNECTION_BAD)
		{
			connection->state = DB_CONNECTING;
			PQsetErrorVerbosity(connection->pg, PQERRORS_VERBOSE); /* with SQLSTATE */
			PQsetNoticeProcessor(connection->pg, Notice, NULL);
			/* libpq: as if the last poll had said "writing" */
			ConnectionRegister(connection, EPOLLOUT);
			return;
		}
		if (connection->pg != NULL)
			snprintf(why, sizeof(why), "%s", PQerrorMessage(connection->pg));
		ConnectionClose(connection);
	} while (Advance(connection));
	RoundFailed(connection, why);
}

/* Candidates in their order, from the one on that was good last. */
static void
Rotate(DbConnection *connection)
{
	Candidate turned[CANDIDATE_LIMIT];
	int count = connection->candidate_count;
	int first = 0;

	for (int i = 0; i < count; i++)
		if (CandidateSame(&connection->candidates[i], &connection->lane->db->good))
			first = i;
	for (int i = 0; i < count; i++)
		turned[i] = connection->candidates[(first + i) % count];
	memcpy(connection->candidates, turned, sizeof(Candidate) * (size_t) count);
}

void
ConnectionBegin(DbConnection *connection)
{
	Database *db = connection->lane->db;
	bool pending;
	char why[256] = "no host";

	if (connection->round_since == 0)
	{
		connection->round_since = db->now;
		connection->tried = connection->hung = 0;
	}
	connection->lent = false;
	connection->state = DB_CLOSED;
	connection->candidate_count =
		ConninfoCandidates(db->conninfo, connection->candidates, &pending, why, sizeof(why));
	if (pending)
	{
		connection->retry_at = db->now + RESOLVE_PAUSE;
		if (db->now - connection->round_since > CONNECT_PATIENCE)
			LaneFailed(connection->lane, "waiting for the address of a host");
		return;
	}
	if (connection->candidate_count == 0)
	{
		RoundFailed(connection, why);
		return;
	}
	Rotate(connection);
	connection->at = connection->pass = 0;
	Attempt(connection);
}

void
AttemptFailed(DbConnection *connection, const char *why)
{
	char host[160], text[512];

	CandidateText(connection->lane->db->conninfo, &connection->candidates[connection->at], host,
				  sizeof(host));
	snprintf(text, sizeof(text), "%s: %s", host, why);
	/* too_many_connections */
	if (strstr(why, "53300") != NULL && DbConnected(connection->lane->db, connection->lane->id) == 0)
		connections_wanted = 1;
	ConnectionClose(connection);
	if (Advance(connection))
		Attempt(connection);
	else
		RoundFailed(connection, text);
}

/* Connected: pipeline mode, and a look at the session. */
static void
Connected(DbConnection *connection)
{
	if (PQserverVersion(connection->pg) < 140000 || PQsetnonblocking(connection->pg, 1) != 0 ||
		!PQenterPipelineMode(connection->pg))
	{
		AttemptFailed(connection, "no pipeline mode");
		return;
	}
	PQsetErrorVerbosity(connection->pg, PQERRORS_DEFAULT);
	connection->state = DB_CHECKING;
	ConnectionRegister(connection, EPOLLIN);
	if (!SessionCheck(connection))
		AttemptFailed(connection, PQerrorMessage(connection->pg));
}

void
ConnectionReady(DbConnection *connection)
{
	DbLane *lane = connection->lane;
	char host[160];

	connection->state = DB_READY;
	connection->backoff = 0;
	connection->patience = 1;
	connection->round_since = 0;
	connection->since = connection->progress = lane->db->now;
	if (!CandidateSame(&lane->db->good, &connection->candidates[connection->at]))
	{
		CandidateText(lane->db->conninfo, &connection->candidates[connection->at], host, sizeof(host));
		LogEvent(LOG_INFO, NULL, "database: worker %d now uses %s", lane->db->index, host);
		lane->db->good = connection->candidates[connection->at];
	}
	if (lane->failed)
		LogEvent(LOG_INFO, NULL, "database: worker %d is connected again (%s lane)", lane->db->index,
				 lane_names[lane->id]);
	lane->failed = false;
}

void
ConnectionPoll(DbConnection *connection)
{
	switch (PQconnectPoll(connection->pg))
	{
		case PGRES_POLLING_READING:
			ConnectionRegister(connection, EPOLLIN);
			break;
		case PGRES_POLLING_WRITING:
			ConnectionRegister(connection, EPOLLOUT);
			break;
		case PGRES_POLLING_OK:
			Connected(connection);
			break;
		default:
			AttemptFailed(connection, PQerrorMessage(connection->pg));
	}
}

void
ConnectionLost(DbConnection *connection, const char *why)
{
	if (connection->state == DB_CHECKING)
	{
		AttemptFailed(connection, why);
		return;
	}
	LogEvent(LOG_WARNING, NULL, "database: worker %d lost a connection (%s lane): %s",
			 connection->lane->db->index, lane_names[connection->lane->id], why);
	FailInFlight(connection);
	ConnectionClose(connection);
	/* at once: one server process may have gone alone; if the server has, this attempt fails at once too */
	ConnectionBegin(connection);
}

void
ConnectionIdle(DbConnection *connection)
{
	if (!connection->recycle || connection->depth > 0 || connection->state != DB_READY ||
		connection->checking)
		return;
	ConnectionClose(connection);
	ConnectionBegin(connection);
}

void
ConnectionDistrust(DbConnection *connection)
{
	Database *db = connection->lane->db;

	if (connection->candidate_count > 1 && CandidateSame(&db->good, &connection->candidates[connection->at]))
		db->good = connection->candidates[(connection->at + 1) % connection->candidate_count];
}

/* How long the candidate at hand may take. */
static uint64_t
ConnectLimit(const DbConnection *connection)
{
	int given = connection->lane->db->conninfo->connect_timeout;
	int limit = given > 0 ? given : connection->candidate_count > 1 ? CONNECT_EACH : CONNECT_ONE;

	return (uint64_t) limit * (uint64_t) connection->patience;
}

void
ConnectionTick(DbConnection *connection)
{
	DbLane *lane = connection->lane;
	uint64_t now = lane->db->now;
	bool trying = connection->state == DB_CONNECTING || connection->state == DB_CHECKING;

	if (connection->state == DB_CLOSED && now >= connection->retry_at)
		ConnectionBegin(connection);
	else if (trying && now - connection->since > ConnectLimit(connection))
	{
		connection->hung++;
		AttemptFailed(connection, "no answer");
	}
	else if (trying && now - connection->round_since > CONNECT_PATIENCE)
		LaneFailed(lane, "no answer yet");
}
