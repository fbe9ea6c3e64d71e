/*
 * The rows of a report: the event and its media.
 *
 * The event's row is written without the executor where the table has nothing that needs it
 * (core/row_insert.h): a report spends most of its time there, and eighteen indexes are costly to describe
 * anew each time.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/commit.h"
#include "core/digest.h"
#include "core/guc.h"
#include "core/row_insert.h"
#include "core/spi.h"
#include "event/event.h"
#include "event/event_person.h"
#include "fetch/fetch.h"
#include "place/geometry_io.h"

/* One more value of the row; null when not present. */
static void
AddDatum(EventRow *row, Datum value, bool present)
{
	row->values[row->count] = value;
	row->nulls[row->count++] = !present;
}

/* One more text of the row; null when NULL. */
static void
AddText(EventRow *row, const char *text)
{
	AddDatum(row, text == NULL ? (Datum) 0 : CStringGetTextDatum(text), text != NULL);
}

/* One more jsonb of the row; null when NULL. */
static void
AddJson(EventRow *row, const char *json)
{
	AddDatum(row, json == NULL ? (Datum) 0 : DirectFunctionCall1(jsonb_in, CStringGetDatum(json)),
			 json != NULL);
}

/* Bytes as bytea. */
static Datum
ByteaDatum(const void *bytes, size_t length)
{
	bytea *value = palloc(VARHDRSZ + length);

	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), bytes, length);
	return PointerGetDatum(value);
}

void
FillEventRow(const EventReport *report, const char *sender, int32 app_id, const unsigned char *digest,
			 const StoredEvent *stored, TimestampTz update_time, EventRow *row)
{
	bool sealed = guc_encrypt_personal && (report->human_name != NULL || report->cellphone != NULL);

	row->count = 0;
	AddDatum(row, Int32GetDatum(stored->rec_id), true);
	AddText(row, stored->task_num);
	AddText(row, sender);
	AddText(row, report->other_task_num);
	AddText(row, report->event_desc);
	AddText(row, report->address);
	AddDatum(row, Float8GetDatum(report->plane_x), true);
	AddDatum(row, Float8GetDatum(report->plane_y), true);
	AddDatum(row, Float8GetDatum(report->map_lon), report->has_map);
	AddDatum(row, Float8GetDatum(report->map_lat), report->has_map);
	AddText(row, report->stored_district);
	AddText(row, report->stored_district_name);
	AddText(row, report->street_code);
	AddText(row, report->stored_street_name);
	AddText(row, report->community_code);
	AddText(row, report->stored_community_name);
	AddDatum(row, Int32GetDatum(report->event_src_id.value), true);
	AddDatum(row, Int32GetDatum(report->rec_type_id.value), true);
	AddDatum(row, Int32GetDatum(report->event_level_id.value), report->event_level_id.present);
	AddText(row, report->event_type_code);
	AddText(row, report->main_type_code);
	AddText(row, report->sub_type_code);
	AddText(row, sealed ? NULL : report->human_name);
	AddText(row, sealed ? NULL : report->cellphone);
	AddDatum(row, TimestampTzGetDatum(report->create_time), true);
	AddDatum(row, TimestampTzGetDatum(report->now), true);
	AddDatum(row, TimestampTzGetDatum(update_time), true);
	AddDatum(row, Int32GetDatum(app_id), app_id != 0);
	AddText(row, report->sender_task_num);
	AddDatum(row, Int32GetDatum(report->media_count), true);
	AddDatum(row, sealed ? SealContentDigest(stored->rec_id, digest) : ByteaDatum(digest, DIGEST_SIZE), true);
	AddJson(row, ErrorsStored(&report->errors, true));
	AddJson(row, report->ext);
	AddDatum(row, sealed ? SealPerson(stored->rec_id, report->human_name, report->cellphone) : (Datum) 0,
			 sealed);
}

void
FillMediaRow(const EventMedium *medium, int32 rec_id, int media_no, EventRow *row)
{
	row->count = 0;
	AddDatum(row, Int32GetDatum(rec_id), true);
	AddDatum(row, Int32GetDatum(media_no), true);
	AddText(row, medium->name);
	AddText(row, medium->type);
	AddText(row, medium->usage);
	AddText(row, medium->url);
	AddDatum(row, PointerGetDatum(medium->content), medium->content != NULL);
	AddText(row, medium->sender_task_num);
	AddJson(row, medium->ext);
}

#define EVENT_REPORTED 1 /* the state without a process, table A.7 */

/* The columns of a new event: those of the report, what its start decided, its place. */
#define NEW_EVENT_COLUMNS                                                                                    \
	EVENT_ROW_COLUMNS                                                                                        \
	", process_code, process_version, stage, base_state, state, geom, unit_code, condition_code"

/* The type of the place, and how to make one; forgotten when the table changes. */
typedef struct PlaceType
{
	bool known;
	Oid table;
	GeometryIo *io;
} PlaceType;

static PlaceType place_type;

/* Relcache callback. */
static void
ForgetPlaceType(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == place_type.table)
		place_type.known = false;
}

/* A point as the table's place. */
static Datum
PlaceDatum(LonLat place)
{
	static bool registered = false;

	if (!registered)
		CacheRegisterRelcacheCallback(ForgetPlaceType, (Datum) 0);
	registered = true;
	if (!place_type.known)
	{
		if (place_type.io != NULL)
			pfree(place_type.io);
		place_type.io = NULL;
		place_type.table = get_relname_relid("event", get_namespace_oid("citybigdata", false));
		place_type.known = true; /* a change that is heard of below takes this back */
		place_type.io = GeometryCastsOf(get_atttype(place_type.table, get_attnum(place_type.table, "geom")),
										TopMemoryContext);
	}
	return GeometryFromEwkb(place_type.io, PointEwkb(place, STORED_SRID));
}

/* The statement, for a table with more than RowInsert() knows, and for a report that load_events() stores at
 * the same time: that one is waited for. */
static bool
InsertByStatement(const EventRow *row)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event (" NEW_EVENT_COLUMNS ") "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
		"$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, "
		"$40::@postgis@.geometry, $41, $42) "
		"ON CONFLICT (sender_code, other_task_num) DO NOTHING",
		42,
		{INT4OID,   TEXTOID,   TEXTOID,   TEXTOID,        TEXTOID,        TEXTOID,        FLOAT8OID,
		 FLOAT8OID, FLOAT8OID, FLOAT8OID, TEXTOID,        TEXTOID,        TEXTOID,        TEXTOID,
		 TEXTOID,   TEXTOID,   INT4OID,   INT4OID,        INT4OID,        TEXTOID,        TEXTOID,
		 TEXTOID,   TEXTOID,   TEXTOID,   TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID,
		 TEXTOID,   INT4OID,   BYTEAOID,  JSONBOID,       JSONBOID,       BYTEAOID,       TEXTOID,
		 INT4OID,   TEXTOID,   INT4OID,   INT4OID,        BYTEAOID,       TEXTOID,        TEXTOID}};

	return SpiRun(&query, row->values, row->nulls, SPI_OK_INSERT, 0) == 1;
}

bool
InsertEvent(const EventReport *report, const char *sender, int32 app_id, const unsigned char *digest,
			const StoredEvent *stored, const EventStart *start)
{
	static InsertTable table = {
		.table = "event", .columns = NEW_EVENT_COLUMNS, .arbiter = "event_sender_code_other_task_num_key"};
	bool started = start->process != NULL;
	EventRow row;
	int place;

	FillEventRow(report, sender, app_id, digest, stored, ChangeInstant(), &row);
	AddText(&row, start->process);
	AddDatum(&row, Int32GetDatum(start->version), started);
	AddText(&row, start->stage);
	AddDatum(&row, Int32GetDatum(start->state), started);
	AddDatum(&row, Int32GetDatum(started ? start->state : EVENT_REPORTED), true);
	place = row.count;
	AddDatum(&row, PlaceDatum(report->place), true);
	AddText(&row, start->unit);
	AddText(&row, start->condition);
	CommitDurably();
	if (RowInsert(&table, row.values, row.nulls))
		return true;
	row.values[place] = PointerGetDatum(PointEwkb(report->place, STORED_SRID));
	return InsertByStatement(&row);
}

void
StoreMedias(const EventReport *report, int32 rec_id, int first)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event_media (" EVENT_MEDIA_ROW_COLUMNS ") "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		9,
		{INT4OID, INT4OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID, TEXTOID, JSONBOID}};

	for (int i = 0; i < report->media_count; i++)
	{
		EventRow row;

		FillMediaRow(&report->medias[i], rec_id, first + i, &row);
		SpiRun(&query, row.values, row.nulls, SPI_OK_INSERT, 0);
		if (guc_media_fetch && report->medias[i].url != NULL && report->medias[i].content == NULL)
			FetchMedium(rec_id, first + i, report->medias[i].url);
	}
}
