/*
 * Storing a valid report: repeats told from conflicts, numbers given, rows written.
 *
 * Order matters: the lock on (sender, otherTaskNum) first, then the look, and nextval only when the event is
 * new, so that neither a repeat nor two concurrent duplicates use up a recID.
 */
#include "postgres.h"
#include "fmgr.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/sequence.h"
#include "miscadmin.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "text/check_char.h"
#include "event/event.h"
#include "event/event_person.h"
#include "core/commit.h"
#include "core/guc.h"
#include "core/index_lookup.h"
#include "core/interval.h"
#include "core/keyed_row.h"
#include "core/spi.h"
#include "text/crypto.h"
#include "core/digest.h"
#include "core/say.h"
#include "fetch/fetch.h"
#include "text/decimal.h"

void (*EventStartHook)(const EventReport *report, EventStart *start);
void (*EventStoredHook)(const EventReport *report, const StoredEvent *stored, const EventStart *start);

#define PLATFORM_CODE_SIZE 13 /* 12 characters and the terminator */

/* ---- content digest ---- */

/* A digest under way, and whether every part could be added. */
typedef struct Digest
{
	DigestState *state;
	bool good;
} Digest;

/* A part of the content: its length (-1 = absent) and its bytes, so that no two contents give one byte
 * string. */
static void
Part(Digest *digest, const void *bytes, int64 length)
{
	digest->good = digest->good && DigestAdd(digest->state, &length, sizeof(length));
	if (bytes != NULL && length > 0)
		digest->good = digest->good && DigestAdd(digest->state, bytes, (size_t) length);
}

/* Takes a text into the digest; absent and empty differ. */
static void
TextPart(Digest *digest, const char *text)
{
	Part(digest, text, text == NULL ? -1 : (int64) strlen(text));
}

/* The same for a whole number. */
static void
IntPart(Digest *digest, bool present, int64 value)
{
	Part(digest, &value, present ? (int64) sizeof(value) : -1);
}

/* The same for a number, by its bits. */
static void
RealPart(Digest *digest, bool present, double value)
{
	Part(digest, &value, present ? (int64) sizeof(value) : -1);
}

/*
 * The content that a repeat must have again: what the sender reported, normalised (numbers as numbers, times
 * as instants, absent as absent), without taskNum and without what the platform fills in.
 */
void
EventContentDigest(const EventReport *report, unsigned char *out)
{
	Digest digest = {DigestBegin(DIGEST_SHA256), true};

	if (digest.state == NULL)
		elog(ERROR, "SHA-256 failed");
	TextPart(&digest, report->event_desc);
	TextPart(&digest, report->address);
	RealPart(&digest, report->has_plane, report->coordinate_x.value);
	RealPart(&digest, report->has_plane, report->coordinate_y.value);
	RealPart(&digest, report->has_map, report->map_lon);
	RealPart(&digest, report->has_map, report->map_lat);
	IntPart(&digest, report->event_src_id.present, report->event_src_id.value);
	TextPart(&digest, report->district_code);
	TextPart(&digest, report->district_name);
	TextPart(&digest, report->street_code);
	TextPart(&digest, report->street_name);
	TextPart(&digest, report->community_code);
	TextPart(&digest, report->community_name);
	IntPart(&digest, report->rec_type_id.present, report->rec_type_id.value);
	IntPart(&digest, report->has_level, report->event_level_id.value);
	TextPart(&digest, report->event_type_code);
	TextPart(&digest, report->main_type_code);
	TextPart(&digest, report->sub_type_code);
	TextPart(&digest, report->human_name);
	TextPart(&digest, report->cellphone);
	IntPart(&digest, report->has_create_time, report->create_time);
	TextPart(&digest, report->ext);
	IntPart(&digest, true, report->media_count);
	for (int i = 0; i < report->media_count; i++)
	{
		const EventMedium *medium = &report->medias[i];

		TextPart(&digest, medium->name);
		TextPart(&digest, medium->url);
		TextPart(&digest, medium->usage);
		TextPart(&digest, medium->type);
		TextPart(&digest, medium->ext);
		if (medium->content == NULL)
			Part(&digest, NULL, -1);
		else
			Part(&digest, VARDATA(medium->content), VARSIZE(medium->content) - VARHDRSZ);
	}
	if (!DigestEnd(digest.state, out) || !digest.good)
		elog(ERROR, "SHA-256 failed");
}

/* ---- locks ---- */

int64
EventLockKey(const char *sender, const char *other_task_num)
{
	uint64 key = hash_bytes_extended((const unsigned char *) sender, (int) strlen(sender), 0x6576656E74);

	return (int64) hash_bytes_extended((const unsigned char *) other_task_num, (int) strlen(other_task_num),
									   key);
}

/* ---- numbers ---- */

static char platform_code[PLATFORM_CODE_SIZE]; /* "" = not read yet */
static Oid sequence_oid = InvalidOid;

/* Forgets what was cached: the extension may have been dropped and made again. */
static void
ForgetNames(Datum arg, Oid relation)
{
	if (relation == InvalidOid || relation == sequence_oid)
	{
		platform_code[0] = '\0';
		sequence_oid = InvalidOid;
	}
}

const char *
PlatformCode(void)
{
	static SpiQuery query = {"SELECT platform_code FROM citybigdata.platform", 0, {0}};
	static bool registered = false;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(ForgetNames, (Datum) 0);
		registered = true;
	}
	if (platform_code[0] != '\0')
		return platform_code;
	SpiBegin();
	if (SpiRead(&query, NULL, NULL, 1) == 0)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_NOT_SET_UP)), saymsg("the platform is not set up"),
						errhint("SELECT citybigdata.setup('110000', 'platform name', '110000');")));
	strlcpy(platform_code, SpiText(0, 1), sizeof(platform_code));
	SpiEnd();
	return platform_code;
}

/* The next recID: 31 bits (table A.5 says int). */
static int32
NextRecId(void)
{
	if (sequence_oid == InvalidOid)
		sequence_oid = get_relname_relid("event_rec_id_seq", get_namespace_oid("citybigdata", false));
	return (int32) nextval_internal(sequence_oid, false);
}

/* taskNum: platform code, date of receipt, recID in ten digits, check character. */
static void
MakeTaskNum(int32 rec_id, TimestampTz received, char *out)
{
	char time[15];
	int length;

	FormatTimePoint(received, time);
	time[8] = '\0';
	length = snprintf(out, TASK_NUM_SIZE, "%s%s%010d", PlatformCode(), time, rec_id);
	out[length] = CheckCharacter(out, length);
	out[length + 1] = '\0';
}

int32
TaskNumRecId(const char *task_num)
{
	size_t length = strlen(task_num);
	size_t platform;
	int64_t rec_id;

	/* the check character first: most mistakes end here, before anything is read */
	if (length < 2 + 8 + 10 + 1 || length >= TASK_NUM_SIZE || !CheckCharacterValid(task_num, length))
		return 0;
	platform = length - 19;
	if (strncmp(task_num, PlatformCode(), platform) != 0 || PlatformCode()[platform] != '\0')
		return 0;
	/* the day, then the number */
	if (!DecimalRead((Span){task_num + platform, 8}, 8, &rec_id) ||
		!DecimalRead((Span){task_num + platform + 8, 10}, 10, &rec_id))
		return 0;
	return rec_id > PG_INT32_MAX ? 0 : (int32) rec_id;
}

void
NewEventNumbers(TimestampTz received, StoredEvent *stored)
{
	/* first: whoever knows that all transactions below a number have ended knows that no recID given before
	 * is still to come (maintain_words); told like every other write to a standby */
	PreventCommandDuringRecovery("a report");
	(void) GetTopTransactionId();
	stored->rec_id = NextRecId();
	MakeTaskNum(stored->rec_id, received, stored->task_num);
}

/* ---- rows ---- */

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

/* Writes the event's row. False: load_events(), which takes no lock, has stored the same report meanwhile. */
static bool
InsertEvent(const EventReport *report, const char *sender, int32 app_id, const unsigned char *digest,
			const StoredEvent *stored, const EventStart *start)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event (" EVENT_ROW_COLUMNS
		", process_code, process_version, stage, base_state, state, geom, unit_code, condition_code) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
		"$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, "
		"coalesce($38, 1), @postgis@.st_setsrid(@postgis@.st_makepoint($39, $40), 4490), $41, $42) "
		"ON CONFLICT (sender_code, other_task_num) DO NOTHING",
		42,
		{INT4OID,   TEXTOID,   TEXTOID,   TEXTOID,        TEXTOID,        TEXTOID,        FLOAT8OID,
		 FLOAT8OID, FLOAT8OID, FLOAT8OID, TEXTOID,        TEXTOID,        TEXTOID,        TEXTOID,
		 TEXTOID,   TEXTOID,   INT4OID,   INT4OID,        INT4OID,        TEXTOID,        TEXTOID,
		 TEXTOID,   TEXTOID,   TEXTOID,   TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID,
		 TEXTOID,   INT4OID,   BYTEAOID,  JSONBOID,       JSONBOID,       BYTEAOID,       TEXTOID,
		 INT4OID,   TEXTOID,   INT4OID,   FLOAT8OID,      FLOAT8OID,      TEXTOID,        TEXTOID}};
	EventRow row;

	FillEventRow(report, sender, app_id, digest, stored, ChangeInstant(), &row);
	AddText(&row, start->process);
	AddDatum(&row, Int32GetDatum(start->version), start->process != NULL);
	AddText(&row, start->stage);
	AddDatum(&row, Int32GetDatum(start->state), start->process != NULL);
	AddDatum(&row, Float8GetDatum(report->place.lon), true);
	AddDatum(&row, Float8GetDatum(report->place.lat), true);
	AddText(&row, start->unit);
	AddText(&row, start->condition);
	return SpiRun(&query, row.values, row.nulls, SPI_OK_INSERT, 0) == 1;
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

/* What FindReported() compares with, and what it found. */
typedef struct Reported
{
	const unsigned char *digest; /* of the content at hand */
	StoredEvent *stored;
} Reported;

/* Takes rec_id, taskNum and whether the content is the same out of the row that was found. */
static void
ReadReported(TupleTableSlot *slot, void *state)
{
	Reported *reported = state;
	StoredEvent *stored = reported->stored;
	bool isnull;
	Datum digest = LookupColumn(slot, "content_digest", &isnull);

	stored->repeat = true;
	stored->rec_id = DatumGetInt32(LookupColumn(slot, "rec_id", &isnull));
	text_to_cstring_buffer(DatumGetTextPP(LookupColumn(slot, "task_num", &isnull)), stored->task_num,
						   sizeof(stored->task_num));
	stored->status = IsContentDigest(stored->rec_id, digest, reported->digest) ? CBD_OK : CBD_EVENT_CONFLICT;
}

int32
FindReported(const char *sender, const char *other_task_num, const unsigned char *digest, StoredEvent *stored)
{
	Reported reported = {digest, stored};
	const char *keys[] = {sender, other_task_num};

	/* in this order: a case that is moved meanwhile is found in one of them. Where nothing was archived, the
	 * second look costs the size of a file */
	if (!IndexLookup("event", "event_sender_code_other_task_num_key", keys, 2, ReadReported, &reported) &&
		!(TableHasPages("event_archive_key") &&
		  IndexLookup("event_archive_key", "event_archive_key_pkey", keys, 2, ReadReported, &reported)))
		return 0;
	return stored->rec_id;
}

void
StoreEvent(const EventReport *report, const char *sender, int32 app_id, StoredEvent *stored)
{
	unsigned char digest[DIGEST_SIZE];
	EventStart start = {.sender = sender};
	EventReport decided;

	memset(stored, 0, sizeof(*stored));
	EventContentDigest(report, digest);
	if (FindReported(sender, report->other_task_num, digest, stored) != 0)
		return;
	NewEventNumbers(report->now, stored);
	if (EventStartHook != NULL)
		EventStartHook(report, &start);
	if (start.level.present)
	{
		/* what a repeat is compared with, the digest, stays that of what was reported */
		decided = *report;
		decided.event_level_id = start.level;
		report = &decided;
	}
	if (!InsertEvent(report, sender, app_id, digest, stored, &start))
	{
		if (FindReported(sender, report->other_task_num, digest, stored) == 0)
			elog(ERROR, "an event that is in the index was not found");
		return;
	}
	StoreMedias(report, stored->rec_id, 1);
	if (EventStoredHook != NULL)
		EventStoredHook(report, stored, &start);
}

bool
SenderProfileEgova(const char *sender)
{
	static KeyedTable senders = {"sender", "sender_pkey", {"sender_code", "app_id"}};
	static KeyedTable applications = {"application", "application_pkey", {"app_id", "profile"}};
	RowKey key = TextKey(0, sender);
	KeyedRow row;
	int32 app_id;
	bool found = RowOpen(&row, &senders, &key, 1);

	app_id = found ? RowInt32(&row, 1) : 0;
	RowClose(&row);
	if (!found)
		return false;
	key = Int32Key(0, app_id);
	found = RowOpen(&row, &applications, &key, 1) && RowIs(&row, 1, "egova");
	RowClose(&row);
	return found;
}

PG_FUNCTION_INFO_V1(cbd_task_rec_id);
extern Datum cbd_task_rec_id(PG_FUNCTION_ARGS);

/* task_rec_id(task_num) */
Datum
cbd_task_rec_id(PG_FUNCTION_ARGS)
{
	int32 rec_id = TaskNumRecId(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	if (rec_id == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(rec_id);
}
