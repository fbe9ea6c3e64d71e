/* A worker's database connection, which it waits for; see media.h. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "outbound/media.h"
#include "wire/frame.h"

#define PARAMETERS 12
#define NUMBER     32 /* characters of one */

/* As outbox_db.c's; a medium of the greatest size takes its time. */
static const char session[] =
	"SET statement_timeout = 30000; SET lock_timeout = 10000; SET idle_in_transaction_session_timeout = "
	"30000; SET search_path = pg_catalog, pg_temp; PREPARE media_fetched (bigint, bigint, bigint, integer,"
	" text, bytea, bytea, bytea, integer, integer, double precision, double precision) AS"
	" SELECT citybigdata.rest_media_fetched($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

struct MediaDb
{
	PGconn *pg;
	char *database; /* the connection string that it was made by */
	bool failing;
};

MediaDb *
MediaDbOpen(void)
{
	MediaDb *db = Allocate(sizeof(*db));

	memset(db, 0, sizeof(*db));
	return db;
}

static void
Disconnect(MediaDb *db)
{
	PQfinish(db->pg);
	free(db->database);
	db->pg = NULL;
	db->database = NULL;
}

void
MediaDbClose(MediaDb *db)
{
	Disconnect(db);
	free(db);
}

/* The session is over; said once. */
static void
Lost(MediaDb *db)
{
	const char *why = PQerrorMessage(db->pg);

	if (!db->failing)
		LogEvent(LOG_WARNING, NULL, "outbound: the database cannot be used for media: %.*s",
				 (int) strcspn(why, "\n"), why);
	db->failing = true;
	Disconnect(db);
}

static void
Notice(void *unused, const char *message)
{
	(void) unused;
	LogEvent(LOG_INFO, NULL, "outbound database: %s", message);
}

/* A session that can be written in, of the settings as they are now. */
static bool
Connect(MediaDb *db)
{
	static const char *const names[] = {
		"connect_timeout", "keepalives_idle", "tcp_user_timeout",          "target_session_attrs",
		"dbname",          "client_encoding", "fallback_application_name", NULL};
	const char *const values[] = {
		"5", "30", "30000", "read-write", ConfigNow()->database, "UTF8", "citybigdata-bridge media", NULL};
	PGresult *result;
	bool good;

	if (db->pg != NULL && strcmp(db->database, ConfigNow()->database) == 0)
		return true;
	if (db->pg != NULL)
		Disconnect(db);
	db->database = CopyString(ConfigNow()->database);
	db->pg = PQconnectdbParams(names, values, 1);
	if (PQstatus(db->pg) != CONNECTION_OK)
		return Lost(db), false;
	PQsetNoticeProcessor(db->pg, Notice, NULL);
	result = PQexec(db->pg, session);
	good = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	if (!good)
		return Lost(db), false;
	if (db->failing)
		LogEvent(LOG_INFO, NULL, "outbound: connected to the database for media again");
	db->failing = false;
	return true;
}

/* What the reply says. */
static MediaStored
TakeReply(PGresult *result)
{
	Frame frame;

	if (PQntuples(result) != 1 ||
		!FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame) || frame.status != 0)
		return MEDIA_REFUSED;
	return strstr(frame.body.text, "\"late\":0") != NULL ? MEDIA_STORED : MEDIA_LATE;
}

/* An error: of the medium, or of the session? */
static MediaStored
Failed(MediaDb *db, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *why = PQresultErrorMessage(result);

	if (PQstatus(db->pg) == CONNECTION_OK && state != NULL && strncmp(state, "57", 2) != 0 &&
		strncmp(state, "53", 2) != 0 && strncmp(state, "40", 2) != 0 && strncmp(state, "25", 2) != 0)
	{
		LogEvent(LOG_ERROR, NULL, "outbound: a medium was refused by the database: %.*s",
				 (int) strcspn(why, "\n"), why);
		return MEDIA_REFUSED;
	}
	Lost(db);
	return MEDIA_NO_DATABASE;
}

MediaStored
MediaDbStore(MediaDb *db, const MediaJob *job, const MediaLook *look)
{
	static const int formats[PARAMETERS] = {0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0};
	bool kept = look->problem == NULL;
	bool small = kept && look->thumbnail_length > 0;
	char numbers[PARAMETERS][NUMBER];
	const char *values[PARAMETERS] = {NULL};
	int lengths[PARAMETERS] = {0};
	PGresult *result;
	MediaStored stored;

	if (!Connect(db))
		return MEDIA_NO_DATABASE;
	for (int i = 0; i < 4; i++)
		values[i] = numbers[i];
	snprintf(numbers[0], NUMBER, "%lld", (long long) job->message_id);
	snprintf(numbers[1], NUMBER, "%lld", (long long) job->destination);
	snprintf(numbers[2], NUMBER, "%lld", (long long) job->lease);
	snprintf(numbers[3], NUMBER, "%ld", job->http);
	values[4] = look->problem;
	values[5] = (const char *) look->digest;
	values[6] = kept ? (const char *) look->content : NULL;
	values[7] = small ? (const char *) look->thumbnail : NULL;
	lengths[5] = sizeof(look->digest);
	lengths[6] = kept ? (int) look->content_length : 0;
	lengths[7] = small ? (int) look->thumbnail_length : 0;
	snprintf(numbers[8], NUMBER, "%u", look->width);
	snprintf(numbers[9], NUMBER, "%u", look->height);
	snprintf(numbers[10], NUMBER, "%.9f", look->longitude);
	snprintf(numbers[11], NUMBER, "%.9f", look->latitude);
	for (int i = 8; kept && i < PARAMETERS; i++)
		values[i] = i < 10 || look->has_place ? numbers[i] : NULL;
	result = PQexecPrepared(db->pg, "media_fetched", PARAMETERS, values, lengths, formats, 1);
	stored = PQresultStatus(result) == PGRES_TUPLES_OK ? TakeReply(result) : Failed(db, result);
	PQclear(result);
	return stored;
}
