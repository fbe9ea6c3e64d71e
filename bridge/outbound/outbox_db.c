/* The engine's database connection; see outbox_db.h. */
#include "outbound/outbox_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "db/conninfo.h"
#include "db/watch.h"

#define CONNECT_LIMIT 5000  /* ms for one candidate */
#define ANSWER_LIMIT  30000 /* ms for a statement: the server limits it to less */
#define RETRY_PAUSE   1000  /* ms */
#define RESOLVE_PAUSE 50

/* A session; the role may execute the endpoint functions and nothing else. LISTEN needs no right. */
static const char session[] =
	"SET statement_timeout = 20000; SET lock_timeout = 10000; SET "
	"idle_in_transaction_session_timeout = 30000;"
	" SET search_path = pg_catalog, pg_temp; LISTEN citybigdata_outbox;"
	" PREPARE outbox_claim (integer, integer, integer, bigint[], integer[], integer[]) AS"
	"  SELECT citybigdata.rest_outbox_claim($1, $2, $3, $4, $5, $6);"
	" PREPARE outbox_record (text) AS SELECT citybigdata.rest_outbox_record($1);"
	" PREPARE outbox_state AS SELECT citybigdata.rest_outbox_state();"
	" PREPARE outbox_wake AS SELECT citybigdata.rest_outbox_wake()";

static const struct
{
	const char *name;
	int parameters;
} statements[] = {[OUTBOX_CLAIM] = {"outbox_claim", 6},
				  [OUTBOX_RECORD] = {"outbox_record", 1},
				  [OUTBOX_STATE] = {"outbox_state", 0},
				  [OUTBOX_WAKE] = {"outbox_wake", 0}};

typedef enum DbPhase
{
	PHASE_CLOSED,
	PHASE_CONNECTING,
	PHASE_PREPARING,
	PHASE_IDLE,
	PHASE_BUSY
} DbPhase;

struct OutboxDb
{
	OutboxDone done;
	void *state;
	char *database; /* the connection string that conninfo is of */
	Conninfo *conninfo;
	Candidate candidates[CANDIDATE_LIMIT];
	int candidate_count, at;
	PGconn *pg;
	PGresult *kept;
	DbPhase phase;
	PostgresPollingStatusType wants;
	OutboxStatement sent[OUTBOX_DB_DEPTH]; /* under way, oldest first */
	int sent_count;
	uint64_t since;    /* of the attempt, or of the statement */
	uint64_t retry_at; /* ms */
	bool failing, notified, recycle, refused;
};

OutboxDb *
OutboxDbOpen(OutboxDone done, void *state)
{
	OutboxDb *db = Allocate(sizeof(*db));

	memset(db, 0, sizeof(*db));
	db->done = done;
	db->state = state;
	return db;
}

void
OutboxDbClose(OutboxDb *db)
{
	PQclear(db->kept);
	PQfinish(db->pg);
	ConninfoFree(db->conninfo);
	free(db->database);
	free(db);
}

/* Server notices are rare, and of use to who looks after the database. */
static void
Notice(void *unused, const char *message)
{
	LogEvent(LOG_INFO, NULL, "outbound database: %s", message);
}

/* The session is over; said once. The next candidate has its turn at once, the first one after a pause. */
static void
Lost(OutboxDb *db, const char *why)
{
	OutboxStatement lost[OUTBOX_DB_DEPTH];
	int count = db->sent_count;
	bool refused = db->refused;

	if (!db->failing)
		LogEvent(LOG_WARNING, NULL, "outbound: the database cannot be used: %.*s", (int) strcspn(why, "\n"),
				 why);
	db->failing = true;
	PQclear(db->kept);
	db->kept = NULL;
	PQfinish(db->pg);
	db->pg = NULL;
	db->phase = PHASE_CLOSED;
	db->at++;
	db->retry_at = db->at < db->candidate_count ? 0 : Milliseconds() + RETRY_PAUSE;
	memcpy(lost, db->sent, sizeof(lost));
	db->sent_count = 0;
	/* what is behind the one that failed was not looked at */
	for (int i = 0; i < count; i++)
		db->done(db->state, lost[i], NULL, refused && i == 0);
}

/* The candidates of the settings as they are now; false: there is none yet. */
static bool
Candidates(OutboxDb *db)
{
	const char *database = ConfigNow()->database;
	char why[256] = "no host";
	char *error;
	bool pending;

	if (db->database == NULL || strcmp(db->database, database) != 0)
	{
		ConninfoFree(db->conninfo);
		free(db->database);
		db->database = CopyString(database);
		db->conninfo = ConninfoParse(database, &error);
		if (db->conninfo == NULL)
			free(error); /* a reload looks at it before */
	}
	if (db->conninfo == NULL)
		return false;
	db->candidate_count = ConninfoCandidates(db->conninfo, db->candidates, &pending, why, (int) sizeof(why));
	db->at = 0;
	if (db->candidate_count == 0 && !pending)
		Lost(db, why);
	else if (db->candidate_count == 0)
		db->retry_at = Milliseconds() + RESOLVE_PAUSE;
	return db->candidate_count > 0;
}

static void
Connect(OutboxDb *db)
{
	if (Milliseconds() < db->retry_at || (db->at >= db->candidate_count && !Candidates(db)))
		return;
	db->refused = false;
	db->pg = ConninfoStart(db->conninfo, &db->candidates[db->at], db->candidate_count, 0,
						   "citybigdata-bridge outbound");
	db->since = Milliseconds();
	db->phase = PHASE_CONNECTING;
	db->wants = PGRES_POLLING_WRITING;
	if (db->pg == NULL || PQstatus(db->pg) == CONNECTION_BAD)
		Lost(db, db->pg == NULL ? "out of memory" : PQerrorMessage(db->pg));
}

/* Connected: what the session is, and what it needs. */
static void
Connected(OutboxDb *db)
{
	const char *superuser = PQparameterStatus(db->pg, "is_superuser");

	PQsetNoticeProcessor(db->pg, Notice, NULL);
	if (superuser != NULL && strcmp(superuser, "on") == 0)
		Lost(db, "the role is a superuser; the bridge's is citybigdata_bridge");
	else if (PQsetnonblocking(db->pg, 1) != 0 || PQsendQuery(db->pg, session) == 0)
		Lost(db, PQerrorMessage(db->pg));
	else
	{
		db->phase = PHASE_PREPARING;
		db->since = Milliseconds();
	}
}

static void
Connecting(OutboxDb *db)
{
	struct pollfd wait = {.fd = PQsocket(db->pg),
						  .events = db->wants == PGRES_POLLING_READING ? POLLIN : POLLOUT};

	if (Milliseconds() - db->since > CONNECT_LIMIT)
	{
		Lost(db, "no answer");
		return;
	}
	if (poll(&wait, 1, 0) <= 0)
		return;
	db->wants = PQconnectPoll(db->pg);
	if (db->wants == PGRES_POLLING_OK)
		Connected(db);
	else if (db->wants == PGRES_POLLING_FAILED)
		Lost(db, PQerrorMessage(db->pg));
}

/* Would the server refuse the same statement in any session: an error of what it was given? */
static bool
Refuses(const PGresult *result)
{
	static const char *const classes[] = {"08", "25", "40", "53", "55", "57", "58"};
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	for (size_t i = 0; state != NULL && i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(state, classes[i], 2) == 0)
			return false;
	return state != NULL;
}

/* One result, kept until its transaction is over: only then is what it tells committed. False: the session is
 * lost. */
static bool
TakeResult(OutboxDb *db, PGresult *result)
{
	char why[512];

	if (PQresultStatus(result) == PGRES_COMMAND_OK)
		return PQclear(result), true;
	if (PQresultStatus(result) == PGRES_TUPLES_OK && db->kept == NULL)
	{
		db->kept = result;
		return true;
	}
	db->refused = Refuses(result);
	snprintf(why, sizeof(why), "%s", PQresultErrorMessage(result));
	PQclear(result);
	Lost(db, why);
	return false;
}

/* The session is ready: what was to be prepared is. */
static void
Prepared(OutboxDb *db)
{
	if (PQenterPipelineMode(db->pg) == 0)
	{
		Lost(db, PQerrorMessage(db->pg));
		return;
	}
	if (db->failing)
		LogEvent(LOG_INFO, NULL, "outbound: connected to the database again");
	db->failing = false;
	db->phase = PHASE_IDLE;
}

/* The oldest statement is committed. False: the session is lost. */
static bool
Finished(OutboxDb *db)
{
	PGresult *result = db->kept;
	OutboxStatement statement = db->sent[0];
	Frame frame;

	if (result == NULL || PQntuples(result) != 1 ||
		!FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame) || frame.status != 0)
	{
		db->refused = true;
		Lost(db, "no such reply frame");
		return false;
	}
	db->kept = NULL;
	db->sent_count--;
	memmove(db->sent, db->sent + 1, sizeof(db->sent[0]) * (size_t) db->sent_count);
	db->phase = db->sent_count > 0 ? PHASE_BUSY : PHASE_IDLE;
	db->since = Milliseconds();
	db->done(db->state, statement, &frame, false);
	PQclear(result);
	return true;
}

/* The results that are there; false: the session is lost. */
static bool
TakeResults(OutboxDb *db)
{
	int nothing = 0; /* libpq says so between two statements; again: the rest is still to come */

	while ((db->phase == PHASE_BUSY || db->phase == PHASE_PREPARING) && nothing < 2 && PQisBusy(db->pg) == 0)
	{
		PGresult *result = PQgetResult(db->pg);

		nothing = result == NULL ? nothing + 1 : 0;
		if (result == NULL && db->phase == PHASE_PREPARING)
		{
			Prepared(db);
			return db->phase == PHASE_IDLE;
		}
		if (result == NULL)
			continue;
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		{
			PQclear(result);
			if (!Finished(db))
				return false;
		}
		else if (!TakeResult(db, result))
			return false;
	}
	return true;
}

/* Results of what was sent. */
static void
Results(OutboxDb *db)
{
	PGnotify *notify;

	PQflush(db->pg);
	if (PQconsumeInput(db->pg) == 0)
	{
		Lost(db, PQerrorMessage(db->pg));
		return;
	}
	if (!TakeResults(db))
		return;
	while ((notify = PQnotifies(db->pg)) != NULL)
	{
		db->notified = true;
		PQfreemem(notify);
	}
	if ((db->phase == PHASE_BUSY || db->phase == PHASE_PREPARING) &&
		Milliseconds() - db->since > ANSWER_LIMIT)
		Lost(db, "no answer to a statement");
}

void
OutboxDbStep(OutboxDb *db)
{
	if (db->phase == PHASE_IDLE && db->recycle)
	{
		db->recycle = false;
		PQfinish(db->pg);
		db->pg = NULL;
		db->phase = PHASE_CLOSED;
		db->at = db->candidate_count;
		db->retry_at = 0;
	}
	if (db->phase == PHASE_CLOSED)
		Connect(db);
	if (db->phase == PHASE_CONNECTING)
		Connecting(db);
	if (db->phase >= PHASE_PREPARING)
		Results(db);
}

bool
OutboxDbIdle(const OutboxDb *db)
{
	return db->phase == PHASE_IDLE && !db->recycle;
}

bool
OutboxDbUp(const OutboxDb *db)
{
	return db->phase >= PHASE_IDLE;
}

void
OutboxDbSend(OutboxDb *db, OutboxStatement statement, const char *const *values)
{
	db->sent[db->sent_count++] = statement;
	if (db->phase == PHASE_IDLE)
		db->since = Milliseconds();
	db->phase = PHASE_BUSY;
	db->refused = false;
	if (PQsendQueryPrepared(db->pg, statements[statement].name, statements[statement].parameters, values,
							NULL, NULL, 1) == 0 ||
		PQpipelineSync(db->pg) == 0)
		Lost(db, PQerrorMessage(db->pg));
}

bool
OutboxDbNotified(OutboxDb *db)
{
	bool notified = db->notified;

	db->notified = false;
	return notified;
}

bool
OutboxDbPoll(const OutboxDb *db, struct pollfd *wait)
{
	if (db->phase == PHASE_CLOSED)
		return false;
	wait->fd = PQsocket(db->pg);
	wait->events = db->phase == PHASE_CONNECTING && db->wants != PGRES_POLLING_READING ? POLLOUT : POLLIN;
	/* more to be sent than the socket took */
	if (db->phase == PHASE_BUSY && PQflush(db->pg) == 1)
		wait->events |= POLLOUT;
	return true;
}

void
OutboxDbRecycle(OutboxDb *db)
{
	db->recycle = true;
}
