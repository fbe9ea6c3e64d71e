/*
 * What a session is: which server process, writable or not, whose rights, how durable. It is asked for when a
 * connection is made and again while it is idle, since firewalls forget connections without a word, and a
 * server may have become another one. The same statement sets what the bridge needs: by set_config, which
 * works through poolers that refuse the startup option `options`.
 */
#include "db/db_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define CHECK_INTERVAL 5000  /* ms idle, then the session is looked at */
#define PULSE_INTERVAL 2000  /* ms idle of the audit lane's: one look at the server, for all */
#define CHECK_DOUBT    700   /* ms without an answer, then the others are looked at too */
#define CHECK_LIMIT    2000  /* ms that the answer may take */
#define SUSPECT_IDLE   500   /* ms: younger news of a connection than this counts */
#define SCOUT_INTERVAL 1000  /* ms between two looks for a writable server */
#define SHARED_PAUSE   10000 /* ms without attempts after a pooler that shares sessions was seen */

/* A pooler that gives one server session to several clients: settings and prepared statements are another's.
 */
static bool
Shared(const DbConnection *connection, int backend)
{
	const Database *db = connection->lane->db;

	if (connection->state == DB_READY)
		return connection->backend != backend;
	if (db->shared_since != 0 && db->now - db->shared_since < SHARED_PAUSE)
		return true;
	for (int id = LANE_FAST; id < LANES; id++)
		for (int i = 0; i < db->lanes[id].count; i++)
		{
			const DbConnection *other = &db->lanes[id].connections[i];

			if (other != connection && other->state == DB_READY && other->pooled &&
				other->backend == backend &&
				CandidateSame(&other->candidates[other->at], &connection->candidates[connection->at]))
				return true;
		}
	return false;
}

static void
Reject(DbConnection *connection, const char *why)
{
	if (connection->state == DB_READY)
		ConnectionLost(connection, why);
	else
		AttemptFailed(connection, why);
}

/* Sessions that are shared are of no use, those that were taken for good neither. */
static void
RejectShared(DbConnection *connection)
{
	static const char why[] =
		"the pooler gives one server session to several clients (transaction or statement pooling): "
		"the bridge needs session pooling";
	Database *db = connection->lane->db;

	db->shared_since = db->now;
	for (int id = LANE_FAST; id < LANES; id++)
		for (int i = 0; i < db->lanes[id].count; i++)
			if (db->lanes[id].connections[i].state == DB_READY && db->lanes[id].connections[i].pooled)
				db->lanes[id].connections[i].recycle = true;
	Reject(connection, why);
}

/* Said once when it changes. */
static void
SayReadOnly(Database *db)
{
	bool read_only = DbReadOnly(db);

	if (db->read_only != read_only)
		LogEvent(LOG_WARNING, NULL, "database: worker %d: the server is %s", db->index,
				 read_only ? "read-only: nothing can be written, and no read recorded" : "writable again");
	db->read_only = read_only;
}

/* One session may write: those of before, when none could, are made anew. */
static void
Writable(Database *db)
{
	for (int id = LANE_FAST; id < LANES; id++)
		for (int i = 0; i < db->lanes[id].count; i++)
		{
			DbConnection *other = &db->lanes[id].connections[i];

			if (other->state == DB_READY && other->read_only && db->now - other->since > SCOUT_INTERVAL)
			{
				other->recycle = true;
				ConnectionIdle(other);
			}
		}
}

static bool
On(const PGresult *result, int column)
{
	const char *text = PQgetvalue(result, 0, column);

	return strcmp(text, "on") == 0 || strcmp(text, "t") == 0;
}

void
SessionChecked(DbConnection *connection, const PGresult *result)
{
	Database *db = connection->lane->db;
	int backend = atoi(PQgetvalue(result, 0, CHECK_BACKEND));

	if (On(result, CHECK_SUPERUSER))
	{
		Reject(connection, "the role is a superuser; the bridge's is citybigdata_bridge");
		return;
	}
	connection->pooled = backend != PQbackendPID(connection->pg);
	if (connection->pooled && Shared(connection, backend))
	{
		RejectShared(connection);
		return;
	}
	connection->backend = backend;
	connection->read_only = On(result, CHECK_READ_ONLY) || On(result, CHECK_RECOVERY);
	connection->server_version = atoi(PQgetvalue(result, 0, CHECK_VERSION));
	if (strcmp(PQgetvalue(result, 0, CHECK_COMMIT), "off") == 0)
	{
		if (!db->weak_commit)
			LogEvent(LOG_WARNING, NULL,
					 "database: synchronous_commit is off: set to local for the bridge's sessions, so that "
					 "what was acknowledged survives a crash");
		db->weak_commit = true;
	}
	else if (connection->state != DB_READY)
		db->weak_commit = false;
	if (connection->state != DB_READY)
		ConnectionReady(connection);
	if (!connection->read_only)
		Writable(db);
}

/* The check that is under way has no answer yet. */
static void
Doubt(DbConnection *connection)
{
	Database *db = connection->lane->db;
	uint64_t waited = db->now - connection->check_since;

	if (waited > CHECK_LIMIT)
	{
		db->silent_since = connection->check_since;
		ConnectionDistrust(connection);
		ConnectionLost(connection, "no answer: the connection was forgotten on its way, or the server hangs");
	}
	else if (waited > CHECK_DOUBT)
		SessionSuspect(db);
}

void
SessionTick(DbConnection *connection)
{
	uint64_t idle = connection->lane->db->now - connection->progress;
	uint64_t interval = connection->lane->id == LANE_AUDIT ? PULSE_INTERVAL : CHECK_INTERVAL;

	if (connection->checking)
		Doubt(connection);
	else if (connection->depth == 0 && connection->recycle)
		ConnectionIdle(connection);
	else if (connection->depth == 0 && idle > interval && !SessionCheck(connection))
		ConnectionLost(connection, PQerrorMessage(connection->pg));
}

void
SessionSuspect(Database *db)
{
	for (int id = LANE_FAST; id < LANES; id++)
		for (int i = 0; i < db->lanes[id].count; i++)
		{
			DbConnection *connection = &db->lanes[id].connections[i];

			if (connection->state == DB_READY && connection->depth == 0 && !connection->checking &&
				db->now - connection->progress > SUSPECT_IDLE && !SessionCheck(connection))
				ConnectionLost(connection, PQerrorMessage(connection->pg));
		}
}

bool
DbReadOnly(const Database *db)
{
	const DbLane *lane = &db->lanes[LANE_WRITE];
	int ready = 0, read_only = 0;

	for (int i = 0; i < lane->count; i++)
		if (lane->connections[i].state == DB_READY)
		{
			ready++;
			read_only += lane->connections[i].read_only;
		}
	return ready > 0 && read_only == ready;
}

/*
 * One connection looks for a writable server, by being made anew: the audit lane's, which is of no use as it
 * is. The others follow when it has found one.
 */
void
SessionScout(Database *db)
{
	DbConnection *scout = &db->lanes[LANE_AUDIT].connections[0];

	SayReadOnly(db);
	if (scout->state != DB_READY || !scout->read_only || !db->conninfo->wants_writer ||
		db->now < db->next_scout)
		return;
	db->next_scout = db->now + SCOUT_INTERVAL;
	scout->recycle = true;
	ConnectionIdle(scout);
}
