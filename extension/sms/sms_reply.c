/*
 * Replies: read, matched, stored; see sms_reply.h.
 *
 * A reply has no number of the message that it answers. It belongs to the newest message to that number by
 * that gateway that asked for a reply and is not older than a week; an opt-out to the newest message of any
 * kind. An opt-out of somebody to whom nothing was sent counts for all applications.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/digest.h"
#include "core/field.h"
#include "access/admin.h"
#include "core/spi.h"
#include "sms/sms_id.h"
#include "sms/sms_reply.h"

/* clang-format off */
/* $1 gateway, $2 mobile (null: none), $3 sender, $4 receiver, $5 content, $6 opt-out, $7 its time, $8 digest */
static SpiQuery take = {
	"WITH sent AS (SELECT n.sms_id, n.ordinal, n.app_id, m.need_reply, m.msg_id, n.accepted_at FROM citybigdata.sms_number n"
	"  JOIN citybigdata.sms_message m ON m.sms_id = n.sms_id WHERE n.mobile = $2 AND n.accepted_at > now() - interval '7 days'"
	"  AND EXISTS (SELECT FROM citybigdata.sms_batch b WHERE b.sms_id = n.sms_id AND n.ordinal BETWEEN b.first_ordinal AND b.last_ordinal"
	"              AND (b.gateway_id = $1 OR $1 = ANY (b.tried)))),"
	" hit AS (SELECT * FROM sent WHERE need_reply OR $6 ORDER BY accepted_at DESC, sms_id DESC LIMIT 1),"
	" r AS (INSERT INTO citybigdata.sms_reply (reply_id, gateway_id, sms_id, ordinal, app_id, mobile, sender, receiver, content, opt_out, sent_at, digest)"
	"  SELECT nextval('citybigdata.sms_reply_id_seq'), $1, h.sms_id, h.ordinal, h.app_id, $2, $3, $4, $5, $6, $7, $8"
	"  FROM (SELECT) one LEFT JOIN hit h ON true ON CONFLICT DO NOTHING RETURNING reply_id, app_id),"
	" b AS (INSERT INTO citybigdata.sms_block (mobile, app_id, source) SELECT $2, coalesce(r.app_id, 0), 'reply' FROM r"
	"  WHERE $6 AND $2 IS NOT NULL ON CONFLICT DO NOTHING)"
	" SELECT r.reply_id, r.app_id, h.msg_id, h.ordinal::integer FROM r LEFT JOIN hit h ON true",
	8, {INT4OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, BOOLOID, TIMESTAMPTZOID, BYTEAOID}, NULL, true};

static SpiQuery same = {
	"SELECT content = $3 AND mobile IS NOT DISTINCT FROM $4 AND sender IS NOT DISTINCT FROM $5 FROM citybigdata.sms_reply"
	" WHERE gateway_id = $1 AND digest = $2",
	5, {INT4OID, BYTEAOID, TEXTOID, INT8OID, TEXTOID}, NULL, true};
/* clang-format on */

/* Who writes: a mobile number, or, of services, what the gateway calls it. */
static void
ReadSender(ErrorList *errors, const SmsItem *item, SmsReplySaid *said)
{
	const char *text = item->fields[SMS_FIELD_MOBILE];
	TextRule rule = {SmsPointer(item, "mobile"), 1, SMS_ADDRESS_MAX, true, true};

	said->mobile = text == NULL ? 0 : SmsHandset(text);
	said->sender = said->mobile != 0 ? NULL : CheckText(errors, &rule, text);
}

/* The text; one that is empty is a reply too. Control characters become blanks. */
static void
ReadContent(ErrorList *errors, const SmsItem *item, SmsReplySaid *said)
{
	char *text = item->fields[SMS_FIELD_CONTENT] == NULL ? "" : pstrdup(item->fields[SMS_FIELD_CONTENT]);

	if (pg_mbstrlen(text) > SMS_REPLY_MAX)
		ErrorPrint(errors, false, SmsPointer(item, "content"), CBD_FIELD_TOO_LONG,
				   "at most %d{limit} characters", SMS_REPLY_MAX);
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char) *c < ' ' && *c != '\n' && *c != '\t')
			*c = ' ';
	said->content = text;
	said->opt_out = SmsOptOut(text, strlen(text));
}

bool
SmsReplyRead(ErrorList *errors, const SmsCallerGateway *gateway, const SmsItem *item, SmsReplySaid *said)
{
	TextRule receiver = {SmsPointer(item, "receiver"), 1, SMS_ADDRESS_MAX, false, true};
	const char *id = item->fields[SMS_FIELD_ID];
	int before = errors->count;
	char key[SMS_ID_SIZE];

	memset(said, 0, sizeof(*said));
	ReadSender(errors, item, said);
	said->receiver = CheckText(errors, &receiver, item->fields[SMS_FIELD_RECEIVER]);
	ReadContent(errors, item, said);
	said->timed = SmsItemTime(errors, item, &said->time);
	if (id != NULL && SmsIdKey(id, strlen(id), key))
		said->digest = TextDigest(psprintf("id %s", key));
	else if (said->timed)
		said->digest =
			TextDigest(psprintf("%s\n" INT64_FORMAT "\n%s",
								item->fields[SMS_FIELD_MOBILE] == NULL ? "" : item->fields[SMS_FIELD_MOBILE],
								said->time, said->content));
	else if (errors->count == before)
		ErrorAdd(errors, SmsPointer(item, "id"), CBD_FIELD_REQUIRED,
				 "the gateway's number of the reply, or its time");
	return errors->count == before;
}

/* The reply's number is there already: is it the same, of the same sender? A gateway that begins its numbers
 * anew must hear of it: an opt-out would be lost. */
static CbdStatus
Repeated(int32 gateway_id, const SmsReplySaid *said)
{
	Datum values[] = {Int32GetDatum(gateway_id), said->digest, CStringGetTextDatum(said->content),
					  Int64GetDatum(said->mobile), (Datum) 0};
	bool nulls[] = {false, false, false, said->mobile == 0, false};
	CbdStatus status;

	values[4] = TextOrNull(said->sender, &nulls[4]);
	SpiBegin();
	status = SpiRun(&same, values, nulls, SPI_OK_SELECT, 1) == 1 && SpiBool(0, 1) ? CBD_OK
																				  : CBD_SMS_REPLY_CONFLICT;
	SpiEnd();
	return status;
}

CbdStatus
SmsReplyTake(int32 gateway_id, const SmsReplySaid *said, bool *repeated)
{
	Datum values[] = {Int32GetDatum(gateway_id),
					  Int64GetDatum(said->mobile),
					  (Datum) 0,
					  (Datum) 0,
					  CStringGetTextDatum(said->content),
					  BoolGetDatum(said->opt_out),
					  TimestampTzGetDatum(said->time),
					  said->digest};
	bool nulls[] = {false, said->mobile == 0, false, false, false, false, !said->timed, false};
	SmsEvent event = {.mobile = said->mobile, .opt_out = said->opt_out, .time = GetCurrentTimestamp()};

	values[2] = TextOrNull(said->sender, &nulls[2]);
	values[3] = TextOrNull(said->receiver, &nulls[3]);
	SpiBegin();
	*repeated = SpiRun(&take, values, nulls, SPI_OK_SELECT, 1) == 0;
	if (!*repeated)
	{
		event.reply_id = SpiInt64(0, 1);
		event.app_id = SpiInt32(0, 2);
		event.msg_id = SpiText(0, 3);
		event.ordinal = SpiInt32(0, 4);
	}
	SpiEnd();
	if (*repeated)
		return Repeated(gateway_id, said);
	if (event.app_id != 0)
		SmsTell(&event);
	return CBD_OK;
}
