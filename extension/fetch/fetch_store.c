/*
 * Keeping what was fetched: rest_media_fetched(), and whether the content is what the report says; see
 * fetch.h.
 *
 *   rest_media_fetched()   the bridge's: the medium, and the lease of its message
 *     OutboxRecord()       is the lease still the bridge's? then it asks the judge of the purpose
 *       KeepFetched()      type, place, copy, row: with the outcome of the message, in one transaction
 */
#include "postgres.h"
#include "fmgr.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/guc.h"
#include "core/reply.h"
#include "core/spi.h"
#include "fetch/fetch.h"
#include "media/media.h"
#include "media/media_check.h"
#include "media/media_type.h"

#define EARTH_RADIUS 6371000.0 /* metres, of a sphere: 0.5 % of a distance do not matter here */
#define PIXELS_MAX   65535     /* of a side, as the picture program tells it */

extern Datum cbd_rest_media_fetched(PG_FUNCTION_ARGS);

/* What the report says of the medium. */
typedef struct Reported
{
	char *type; /* IMAGE, VIDEO, VOICE, ATTACH */
	char *name;
	double longitude, latitude; /* of the event, degrees */
} Reported;

/* False: the case or its medium is gone. */
static bool
ReadReport(const FetchKey *key, Reported *reported)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT m.media_type, m.media_name, @postgis@.st_x(e.geom), @postgis@.st_y(e.geom) FROM"
		" (SELECT rec_id, media_no, media_type, media_name FROM citybigdata.event_media UNION ALL"
		"  SELECT rec_id, media_no, media_type, media_name FROM citybigdata.event_media_archive) m JOIN"
		" (SELECT rec_id, geom FROM citybigdata.event UNION ALL SELECT rec_id, geom FROM citybigdata.event_archive) e"
		" ON e.rec_id = m.rec_id WHERE m.rec_id = $1 AND m.media_no = $2",
		2, {INT4OID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(key->rec_id), Int32GetDatum(key->media_no)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
		*reported = (Reported){SpiText(0, 1), SpiText(0, 2), SpiDouble(0, 3), SpiDouble(0, 4)};
	SpiEnd();
	return found;
}

/* Metres between two places, on a sphere. */
static double
Distance(double longitude, double latitude, double other_longitude, double other_latitude)
{
	double from = latitude * M_PI / 180, to = other_latitude * M_PI / 180;
	double across = sin((other_longitude - longitude) * M_PI / 360), along = sin((to - from) / 2);

	return 2 * EARTH_RADIUS * asin(sqrt(Min(1.0, along * along + cos(from) * cos(to) * across * across)));
}

/* What the content must be able to be; 0: anything. */
static int
KindsOf(const char *type)
{
	return strcmp(type, "IMAGE") == 0   ? MEDIA_IS_IMAGE
		   : strcmp(type, "VIDEO") == 0 ? MEDIA_IS_VIDEO
		   : strcmp(type, "VOICE") == 0 ? MEDIA_IS_VOICE
										: 0;
}

/* CBD_OK: it may be kept. */
static CbdStatus
CheckFetched(const FetchedMedium *medium, const Reported *reported)
{
	bytea *content;
	const char *format;
	int wanted = KindsOf(reported->type);

	if (medium->problem != NULL && strcmp(medium->problem, "program") == 0)
		return CBD_MEDIA_NOT_FETCHED;
	if (medium->problem != NULL)
		return CBD_MEDIA_UNREADABLE;
	content = DatumGetByteaPP(medium->content);
	if (VARSIZE_ANY_EXHDR(content) > (size_t) guc_media_limit * 1024)
		return CBD_MEDIA_TOO_LARGE;
	if (wanted != 0 &&
		(media_sniff((unsigned char *) VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content), &format) & wanted) ==
			0)
		return CBD_MEDIA_TYPE_MISMATCH;
	return CBD_OK;
}

/* The copy, unless there is one of the same content; its row is locked, so that nobody removes it until the
 * fetch that refers to it is committed. SPI is connected. */
static void
StoreCopy(const FetchedMedium *medium, const char *type)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.media_copy (digest, content, thumbnail, content_type, width, height)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT media_copy_pkey DO UPDATE SET kept_at ="
		" media_copy.kept_at",
		6,
		{BYTEAOID, BYTEAOID, BYTEAOID, TEXTOID, INT4OID, INT4OID},
		NULL};
	Datum values[] = {medium->digest,
					  medium->content,
					  medium->thumbnail,
					  CStringGetTextDatum(type),
					  Int32GetDatum(medium->width),
					  Int32GetDatum(medium->height)};
	bool nulls[6] = {
		[2] = medium->thumbnail == (Datum) 0, [4] = medium->width == 0, [5] = medium->height == 0};

	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
}

OutboxVerdict
KeepFetched(const FetchedMedium *medium, int http, CbdStatus *status)
{
	static SpiQuery update = {
		"UPDATE citybigdata.media_fetch SET state = 'kept', status_code = $3, http_status = $4, distance = "
		"$5,"
		" digest = $6, changed_at = pg_catalog.clock_timestamp() WHERE rec_id = $1 AND media_no = $2",
		6,
		{INT4OID, INT4OID, INT4OID, INT4OID, INT4OID, BYTEAOID},
		NULL,
		true};
	Reported reported;
	const char *type;
	bytea *content;
	int32 distance = -1;
	Datum values[6] = {Int32GetDatum(medium->key.rec_id), Int32GetDatum(medium->key.media_no)};
	bool nulls[6] = {false};
	bool found;

	/* nobody is left to tell */
	*status = CBD_MEDIA_NOT_FETCHED;
	if (!ReadReport(&medium->key, &reported))
		return OUTBOX_DEAD;
	*status = CheckFetched(medium, &reported);
	if (*status != CBD_OK)
		return *status == CBD_MEDIA_NOT_FETCHED ? OUTBOX_FAILED : OUTBOX_DEAD;
	content = DatumGetByteaPP(medium->content);
	type = media_content_type((unsigned char *) VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content), NULL,
							  reported.name, strcmp(reported.type, "VOICE") == 0);
	if (medium->has_place)
		distance = (int32) rint(
			Distance(medium->longitude, medium->latitude, reported.longitude, reported.latitude));
	values[2] =
		Int32GetDatum(guc_media_distance > 0 && distance > guc_media_distance ? CBD_MEDIA_PLACE : CBD_OK);
	values[3] = Int32GetDatum(http);
	values[4] = Int32GetDatum(distance);
	nulls[4] = distance < 0;
	values[5] = medium->digest;
	SpiBegin();
	found = SpiRun(&update, values, nulls, SPI_OK_UPDATE, 0) > 0;
	if (found)
		StoreCopy(medium, type);
	SpiEnd();
	*status = found ? CBD_OK : CBD_MEDIA_NOT_FETCHED;
	return found ? OUTBOX_DELIVERED : OUTBOX_DEAD;
}

/* ---- the bridge's call ---- */

/* The medium that the message is about; false: there is no such message. */
static bool
MediumOf(int64 message_id, FetchKey *key)
{
	static SpiQuery query = {
		"SELECT rec_id, media_no FROM citybigdata.media_fetch f WHERE (rec_id, media_no) = (SELECT"
		" split_part(m.payload, '/', 1)::integer, split_part(m.payload, '/', 2)::integer FROM"
		" citybigdata.outbox_message m WHERE m.message_id = $1 AND m.kind = 'media.fetch')",
		1,
		{INT8OID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(message_id)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
		*key = (FetchKey){SpiInt32(0, 1), SpiInt32(0, 2)};
	SpiEnd();
	return found;
}

/* The arguments; false: one is missing, or cannot be. */
static bool
TakeArguments(FunctionCallInfo fcinfo, FetchedMedium *medium)
{
	for (int i = 0; i < 4; i++)
		if (PG_ARGISNULL(i))
			return false;
	if (!PG_ARGISNULL(4))
		medium->problem = text_to_cstring(PG_GETARG_TEXT_PP(4));
	if (PG_ARGISNULL(5) || VARSIZE_ANY_EXHDR(PG_GETARG_BYTEA_PP(5)) != 32 ||
		(medium->problem == NULL && PG_ARGISNULL(6)))
		return false;
	medium->digest = PG_GETARG_DATUM(5);
	medium->content = PG_ARGISNULL(6) ? (Datum) 0 : PG_GETARG_DATUM(6);
	medium->thumbnail = PG_ARGISNULL(7) ? (Datum) 0 : PG_GETARG_DATUM(7);
	/* it is served as one slice */
	if (medium->thumbnail != (Datum) 0 && VARSIZE_ANY_EXHDR(PG_GETARG_BYTEA_PP(7)) > MEDIA_SLICE)
		medium->thumbnail = (Datum) 0;
	medium->width = PG_ARGISNULL(8) ? 0 : PG_GETARG_INT32(8);
	medium->height = PG_ARGISNULL(9) ? 0 : PG_GETARG_INT32(9);
	medium->has_place = !PG_ARGISNULL(10) && !PG_ARGISNULL(11);
	medium->longitude = medium->has_place ? PG_GETARG_FLOAT8(10) : 0;
	medium->latitude = medium->has_place ? PG_GETARG_FLOAT8(11) : 0;
	return medium->width >= 0 && medium->width <= PIXELS_MAX && medium->height >= 0 &&
		   medium->height <= PIXELS_MAX && fabs(medium->longitude) <= 180 && fabs(medium->latitude) <= 90;
}

/* rest_media_fetched(message_id, destination_id, lease, http, problem, digest, content, thumbnail, width,
 * height, longitude, latitude) */
PG_FUNCTION_INFO_V1(cbd_rest_media_fetched);
Datum
cbd_rest_media_fetched(PG_FUNCTION_ARGS)
{
	FetchedMedium medium = {{0, 0}};
	StringInfoData data;

	if (!TakeArguments(fcinfo, &medium))
		return ReplyFrame(CBD_INVALID_PARAMETER, 0, NULL);
	initStringInfo(&data);
	if (!MediumOf(PG_GETARG_INT64(0), &medium.key))
	{
		/* purged meanwhile: its message is dead at the next claim */
		return ReplyFrame(CBD_OK, 0, "{\"recorded\":0,\"late\":1}");
	}
	fetched_medium = &medium;
	PG_TRY();
	{
		OutboxRecord(psprintf("[{\"messageId\":" INT64_FORMAT ",\"destination\":" INT64_FORMAT
							  ",\"lease\":" INT64_FORMAT ",\"http\":%d}]",
							  PG_GETARG_INT64(0), PG_GETARG_INT64(1), PG_GETARG_INT64(2), PG_GETARG_INT32(3)),
					 &data);
	}
	PG_FINALLY();
	{
		fetched_medium = NULL;
	}
	PG_END_TRY();
	return ReplyFrame(CBD_OK, 0, data.data);
}
