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
#include "commands/sequence.h"
#include "miscadmin.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "text/check_char.h"
#include "event/event.h"
#include "event/event_person.h"
#include "core/index_lookup.h"
#include "core/interval.h"
#include "core/keyed_row.h"
#include "core/spi.h"
#include "text/crypto.h"
#include "core/digest.h"
#include "core/say.h"
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

/* ---- the report ---- */

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
