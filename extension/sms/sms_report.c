/*
 * Reports of delivery into the states of numbers; see sms_report.h.
 *
 *   a reference and a number (Kannel)   one statement; a second one tells what changed nothing from an orphan
 *   the gateway's number (others)       the number's row is locked first, since all its parts count; then
 *                                       one statement: the part, and the number by all its parts
 *
 * Whoever keeps an orphan, and whoever keeps a gateway's numbers, holds the gateway's lock until it commits
 * and looks at the other's rows behind it: so none of the two misses the other.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/digest.h"
#include "core/field.h"
#include "core/index_lookup.h"
#include "core/own_lock.h"
#include "core/spi.h"
#include "sms/sms_id.h"
#include "sms/sms_report.h"

/* clang-format off */
#define RANK(state) "coalesce(array_position('{sent,unknown,expired,failed,delivered}'::text[], " state "), 0)"

/* Is the batch, or was it, the gateway's? Of number n; $3 gateway. */
#define OF_GATEWAY \
	"EXISTS (SELECT FROM citybigdata.sms_batch b WHERE b.sms_id = n.sms_id AND n.ordinal BETWEEN b.first_ordinal AND b.last_ordinal" \
	" AND (b.gateway_id = $3 OR $3 = ANY (b.tried)))"

/* $1 message, $2 mobile, $3 gateway, $4 state, $5 rank, $6 reason, $7 time */
static SpiQuery by_reference = {
	"UPDATE citybigdata.sms_number n SET state = $4, reason = $6, state_at = $7 WHERE n.sms_id = $1 AND n.mobile = $2"
	" AND " RANK("n.state") " < $5 AND " OF_GATEWAY " RETURNING n.ordinal::integer, n.app_id",
	7, {INT8OID, INT8OID, INT4OID, TEXTOID, INT4OID, TEXTOID, TIMESTAMPTZOID}, NULL, true};

/* The same number, however far it is. */
static SpiQuery is_known = {
	"SELECT FROM citybigdata.sms_number n WHERE n.sms_id = $1 AND n.mobile = $2 AND " OF_GATEWAY " LIMIT 1",
	3, {INT8OID, INT8OID, INT4OID}, NULL, true};

/* $1 gateway, $2 keys, the likeliest first, $3 mobile, null: any. An id of a whole batch (ordinal -1) needs the mobile. */
static SpiQuery find_part = {
	"SELECT p.id_key, n.sms_id, n.ordinal::integer, n.mobile FROM citybigdata.sms_part p JOIN citybigdata.sms_number n ON n.sms_id = p.sms_id"
	"  AND CASE WHEN p.ordinal >= 0 THEN n.ordinal = p.ordinal AND ($3 IS NULL OR n.mobile = $3) ELSE n.mobile = $3 END"
	" WHERE p.gateway_id = $1 AND p.id_key = ANY ($2) ORDER BY array_position($2, p.id_key) LIMIT 1 FOR NO KEY UPDATE OF n",
	3, {INT4OID, TEXTARRAYOID, INT8OID}, NULL, true};

/*
 * $1 gateway, $2 key, $3 message, $4 number, $5 state, $6 rank, $7 reason, $8 time. The state of a number by its parts: delivered when all
 * are; failed, expired as soon as one is; unknown when all have ended.
 */
static SpiQuery by_part = {
	"WITH p AS (UPDATE citybigdata.sms_part t SET state = $5, state_at = $8 WHERE t.gateway_id = $1 AND t.id_key = $2 AND t.ordinal >= 0"
	"   AND " RANK("t.state") " < $6 RETURNING t.id_key),"
	" s AS (SELECT CASE WHEN t.id_key = $2 AND " RANK("t.state") " < $6 THEN $5 ELSE t.state END AS state FROM citybigdata.sms_part t"
	"   WHERE t.sms_id = $3 AND t.ordinal = $4 AND t.gateway_id = $1),"
	" w AS (SELECT CASE WHEN count(*) = 0 THEN $5 WHEN bool_or(s.state = 'failed') THEN 'failed' WHEN bool_or(s.state = 'expired') THEN 'expired'"
	"   WHEN bool_and(coalesce(s.state = 'delivered', false)) THEN 'delivered'"
	"   WHEN bool_and(coalesce(s.state IN ('delivered', 'unknown'), false)) THEN 'unknown' ELSE 'sent' END AS state FROM s),"
	" u AS (UPDATE citybigdata.sms_number t SET state = w.state, reason = CASE WHEN w.state = $5 THEN $7 ELSE t.reason END, state_at = $8 FROM w"
	"   WHERE t.sms_id = $3 AND t.ordinal = $4 AND " RANK("w.state") " > " RANK("t.state") " RETURNING t.app_id, t.state)"
	" SELECT EXISTS (SELECT FROM p) OR EXISTS (SELECT FROM u), u.app_id, u.state FROM w LEFT JOIN u ON true",
	8, {INT4OID, TEXTOID, INT8OID, INT2OID, TEXTOID, INT4OID, TEXTOID, TIMESTAMPTZOID}, NULL, true};

/* $1 gateway, $2 keys, $3 message, $4 mobile, $5 state, $6 reason, $7 time, $8 digest */
static SpiQuery keep = {
	"INSERT INTO citybigdata.sms_orphan (gateway_id, id_keys, sms_id, mobile, state, reason, reported_at, digest)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
	8, {INT4OID, TEXTARRAYOID, INT8OID, INT8OID, TEXTOID, TEXTOID, TIMESTAMPTZOID, BYTEAOID}, NULL};

static SpiQuery forget = {
	"DELETE FROM citybigdata.sms_orphan WHERE gateway_id = $1 AND digest = $2", 2, {INT4OID, BYTEAOID}, NULL, true};

static SpiQuery name_of = {
	"SELECT msg_id FROM citybigdata.sms_message WHERE sms_id = $1", 1, {INT8OID}, NULL, true};

/* An id that comes again is that of the newest message: gateways begin anew. */
static SpiQuery add_part = {
	"INSERT INTO citybigdata.sms_part AS p (gateway_id, id_key, sms_id, ordinal, part) VALUES ($1, $2, $3, $4, $5)"
	" ON CONFLICT ON CONSTRAINT sms_part_pkey DO UPDATE SET sms_id = excluded.sms_id, ordinal = excluded.ordinal, part = excluded.part,"
	" state = NULL, state_at = NULL WHERE p.sms_id <> excluded.sms_id OR p.ordinal <> excluded.ordinal",
	5, {INT4OID, TEXTOID, INT8OID, INT2OID, INT2OID}, NULL};

/* $1 gateway, $2 keys of a message */
static SpiQuery orphans_of = {
	"DELETE FROM citybigdata.sms_orphan o WHERE o.gateway_id = $1 AND o.id_keys && $2"
	" RETURNING o.id_keys, o.mobile, o.state, o.reason, o.reported_at",
	2, {INT4OID, TEXTARRAYOID}, NULL};
/* clang-format on */

/* Waits for the gateway's lock, until the transaction ends. */
static void
LockGateway(int32 gateway_id)
{
	OwnLock(OwnLockKey(psprintf("sms-gateway %d", gateway_id)));
}

/* What the gateway's number may be stored as, text[]; none: empty. */
static Datum
Keys(const SmsReportSaid *said)
{
	char keys[SMS_ID_KEYS][SMS_ID_SIZE];
	char *texts[SMS_ID_KEYS];
	int count = said->id == NULL ? 0 : SmsIdKeys(said->id, keys);

	for (int i = 0; i < count; i++)
		texts[i] = keys[i];
	return TextArrayDatum(texts, count);
}

/* The number is in the state now: its application is told, unless it is not the end. */
static void
Changed(const SmsReportSaid *said, int64 sms_id, int ordinal, int64 mobile, int32 app_id, const char *state)
{
	SmsEvent event = {app_id, NULL,  ordinal,
					  mobile, state, strcmp(state, said->state) == 0 ? said->reason : NULL,
					  0,      false, said->time};
	Datum value = Int64GetDatum(sms_id);

	if (strcmp(state, "sent") == 0 || !TableHasPages("callback"))
		return;
	SpiBegin();
	if (SpiRun(&name_of, &value, NULL, SPI_OK_SELECT, 1) == 1)
		event.msg_id = SpiText(0, 1);
	SpiEnd();
	SmsTell(&event);
}

/* By the platform's own number of the message. SMS_ORPHAN: there is none such of the gateway. */
static SmsTaken
ReportByReference(int32 gateway_id, const SmsReportSaid *said)
{
	Datum values[] = {Int64GetDatum(said->sms_id),    Int64GetDatum(said->mobile),
					  Int32GetDatum(gateway_id),      CStringGetTextDatum(said->state),
					  Int32GetDatum(said->rank),      (Datum) 0,
					  TimestampTzGetDatum(said->time)};
	bool nulls[] = {false, false, false, false, false, said->reason == NULL, false};
	SmsTaken taken = SMS_ORPHAN;
	int ordinal = 0;
	int32 app_id = 0;

	if (said->reason != NULL)
		values[5] = CStringGetTextDatum(said->reason);
	SpiBegin();
	if (SpiRun(&by_reference, values, nulls, SPI_OK_UPDATE_RETURNING, 0) > 0)
	{
		taken = SMS_TAKEN;
		ordinal = SpiInt32(0, 1);
		app_id = SpiInt32(0, 2);
	}
	else if (SpiRun(&is_known, values, NULL, SPI_OK_SELECT, 1) > 0)
		taken = SMS_REPEATED;
	SpiEnd();
	if (taken == SMS_TAKEN)
		Changed(said, said->sms_id, ordinal, said->mobile, app_id, said->state);
	return taken;
}

/* The part's and its number's new states. */
static SmsTaken
ReportOfPart(int32 gateway_id, const SmsReportSaid *said, const char *key, int64 sms_id, int ordinal,
			 int64 mobile)
{
	Datum values[] = {Int32GetDatum(gateway_id),
					  CStringGetTextDatum(key),
					  Int64GetDatum(sms_id),
					  Int16GetDatum(ordinal),
					  CStringGetTextDatum(said->state),
					  Int32GetDatum(said->rank),
					  (Datum) 0,
					  TimestampTzGetDatum(said->time)};
	bool nulls[] = {false, false, false, false, false, false, said->reason == NULL, false};
	bool changed;
	int32 app_id;
	char *state;

	if (said->reason != NULL)
		values[6] = CStringGetTextDatum(said->reason);
	SpiBegin();
	SpiRun(&by_part, values, nulls, SPI_OK_SELECT, 1);
	changed = SpiBool(0, 1);
	app_id = SpiInt32(0, 2);
	state = SpiText(0, 3);
	SpiEnd();
	if (state != NULL)
		Changed(said, sms_id, ordinal, mobile, app_id, state);
	return changed ? SMS_TAKEN : SMS_REPEATED;
}

/* By the gateway's number of it. SMS_ORPHAN: it is not known. */
static SmsTaken
ReportById(int32 gateway_id, Datum keys, const SmsReportSaid *said)
{
	Datum values[] = {Int32GetDatum(gateway_id), keys, Int64GetDatum(said->mobile)};
	bool nulls[] = {false, false, said->mobile == 0};
	char *key = NULL;
	int64 sms_id = 0, mobile = 0;
	int ordinal = 0;

	SpiBegin();
	if (SpiRun(&find_part, values, nulls, SPI_OK_SELECT, 1) == 1)
	{
		key = SpiText(0, 1);
		sms_id = SpiInt64(0, 2);
		ordinal = SpiInt32(0, 3);
		mobile = SpiInt64(0, 4);
	}
	SpiEnd();
	return key == NULL ? SMS_ORPHAN : ReportOfPart(gateway_id, said, key, sms_id, ordinal, mobile);
}

/* SHA-256 of what the report says, but for its time. */
static Datum
DigestOf(const SmsReportSaid *said)
{
	char *text = psprintf("%s\n" INT64_FORMAT "\n" INT64_FORMAT "\n%s", said->id == NULL ? "" : said->id,
						  said->sms_id, said->mobile, said->state);

	return TextDigest(text);
}

/* Keeps it. False: it was there. */
static bool
KeepOrphan(int32 gateway_id, Datum keys, Datum digest, const SmsReportSaid *said)
{
	Datum values[] = {Int32GetDatum(gateway_id),        keys,
					  Int64GetDatum(said->sms_id),      Int64GetDatum(said->mobile),
					  CStringGetTextDatum(said->state), (Datum) 0,
					  TimestampTzGetDatum(said->time),  digest};
	bool nulls[] = {false, false, said->sms_id == 0, said->mobile == 0, false, said->reason == NULL,
					false, false};
	bool kept;

	if (said->reason != NULL)
		values[5] = CStringGetTextDatum(said->reason);
	SpiBegin();
	kept = SpiRun(&keep, values, nulls, SPI_OK_INSERT, 0) == 1;
	SpiEnd();
	return kept;
}

SmsTaken
SmsReport(int32 gateway_id, const SmsReportSaid *said)
{
	SmsTaken taken = SMS_ORPHAN;
	Datum keys, digest;

	if (said->sms_id != 0 && said->mobile != 0)
		taken = ReportByReference(gateway_id, said);
	if (taken != SMS_ORPHAN)
		return taken;
	keys = Keys(said);
	if (said->id != NULL)
		taken = ReportById(gateway_id, keys, said);
	if (taken != SMS_ORPHAN)
		return taken;
	digest = DigestOf(said);
	LockGateway(gateway_id);
	if (!KeepOrphan(gateway_id, keys, digest, said))
		return SMS_REPEATED;
	if (said->id != NULL)
		taken = ReportById(gateway_id, keys, said);
	if (taken != SMS_ORPHAN)
	{
		Datum values[] = {Int32GetDatum(gateway_id), digest};

		SpiBegin();
		SpiRun(&forget, values, NULL, SPI_OK_DELETE, 0);
		SpiEnd();
	}
	return taken;
}

/* Stores the gateway's numbers; those that are none are left out. Returns their keys, text[]. */
static Datum
KeepParts(int32 gateway_id, int64 sms_id, int ordinal, const char *const *ids, int count, int *kept)
{
	char **keys = palloc(sizeof(char *) * Max(count, 1));
	Datum result;

	*kept = 0;
	for (int i = 0; i < count && i < 255; i++)
	{
		char key[SMS_ID_SIZE];

		if (ids[i] != NULL && SmsIdKey(ids[i], strlen(ids[i]), key))
			keys[(*kept)++] = pstrdup(key);
	}
	result = TextArrayDatum(keys, *kept);
	SpiBegin();
	for (int i = 0; i < *kept; i++)
	{
		Datum values[] = {Int32GetDatum(gateway_id), CStringGetTextDatum(keys[i]), Int64GetDatum(sms_id),
						  Int16GetDatum(ordinal), Int16GetDatum(i + 1)};

		SpiRun(&add_part, values, NULL, SPI_OK_INSERT, 0);
	}
	SpiEnd();
	return result;
}

void
SmsReportsFor(int32 gateway_id, int64 sms_id, int ordinal, const char *const *ids, int count)
{
	int kept, found;
	Datum values[] = {Int32GetDatum(gateway_id), KeepParts(gateway_id, sms_id, ordinal, ids, count, &kept)};
	SmsReportSaid *said;

	if (kept == 0)
		return;
	LockGateway(gateway_id);
	if (!TableHasPages("sms_orphan"))
		return;
	SpiBegin();
	found = (int) SpiRun(&orphans_of, values, NULL, SPI_OK_DELETE_RETURNING, 0);
	said = SPI_palloc(sizeof(SmsReportSaid) * Max(found, 1));
	for (int i = 0; i < found; i++)
	{
		int keys;
		char **key = SpiTextArray(i, 1, &keys);
		bool isnull;

		said[i] = (SmsReportSaid){.id = keys > 0 ? SpiKeep(key[0]) : NULL, .mobile = SpiInt64(i, 2)};
		said[i].state = SpiText(i, 3);
		said[i].reason = SpiText(i, 4);
		said[i].time = DatumGetTimestampTz(SpiDatum(i, 5, &isnull));
		said[i].rank = SmsRank(said[i].state);
	}
	SpiEnd();
	for (int i = 0; i < found; i++)
		(void) SmsReport(gateway_id, &said[i]);
}

void
SmsReportsInstall(void)
{
	SmsSubmittedHook = SmsReportsFor;
}
