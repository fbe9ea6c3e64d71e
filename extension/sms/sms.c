/*
 * Accepting messages: numbers judged, rows written, batches put into the outbox; see sms.h.
 *
 *   lock of (application, msgId)      two with the same msgId come one after the other
 *   there already?                    same digest: its first answer; another one: 40950
 *   policy                            quiet hours, signature: of all numbers
 *   a subtransaction, until it holds  block list and caps of each number, then its row. The row says the
 *                                     how-manieth message it is (seq, unique): who was overtaken by another
 *                                     transaction counts again
 *   message, refusals, batches
 *
 * Rows of numbers are written in order of the numbers, so that two transactions with the same numbers do not
 * wait for each other in a circle.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/digest.h"
#include "core/guarded.h"
#include "core/guc.h"
#include "core/own_lock.h"
#include "core/row_insert.h"
#include "core/say.h"
#include "core/spi.h"
#include "sms/sms.h"
#include "sms/sms_content.h"
#include "sms/sms_judge.h"
#include "text/crypto.h"

#define TRIES 100 /* of a subtransaction that others overtake: more than a bridge has connections */

void (*SmsSubmittedHook)(int32 gateway_id, int64 sms_id, int ordinal, const char *const *ids, int count);

/* One message under way. */
typedef struct Sending
{
	SmsRequest *request;
	SmsAnswer *answer;
	SmsPolicy policy;
	SmsShape shape;
	TimestampTz now;
	int64 text_key;
	uint8 digest[DIGEST_SIZE];
	SmsNumber **sorted; /* the accepted ones by number */
} Sending;

/* ---- digests ---- */

/* What was asked for, as a digest: the same of a repetition alone. */
static void
RequestDigest(const SmsRequest *request, uint8 *digest)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "%d\n%s\n", request->need_reply ? 1 : 0, request->content);
	for (int i = 0; i < request->numbers.count; i++)
		appendStringInfo(&text, "\n%s", request->numbers.items[i].text);
	Sha256(text.data, (size_t) text.len, digest);
	pfree(text.data);
}

/* The same number for the same text on the air. */
static int64
TextKey(const char *text)
{
	uint8 digest[DIGEST_SIZE];
	int64 key;

	Sha256(text, strlen(text), digest);
	memcpy(&key, digest, sizeof(key));
	return key;
}

/* ---- repeats ---- */

/* The refused numbers of a stored message. SPI is connected. */
static void
ReadRefusals(SmsAnswer *answer)
{
	static SpiQuery query = {
		"SELECT coalesce(r.mobile, ''), r.status_code FROM citybigdata.sms_refusal r WHERE r.sms_id"
		" OPERATOR(pg_catalog.=) $1 ORDER BY r.ordinal",
		1,
		{INT8OID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(answer->sms_id)};

	answer->refused_count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	answer->refused = SPI_palloc(sizeof(SmsNumber) * Max(answer->refused_count, 1));
	for (int i = 0; i < answer->refused_count; i++)
		answer->refused[i] = (SmsNumber){0, SpiText(i, 1), i, SpiInt32(i, 2), 0};
}

/* Was the msgId given before? Then *status is the outcome. */
static bool
FindRepeat(const Sending *sending, CbdStatus *status)
{
	static SpiQuery query = {
		"SELECT m.sms_id, m.parts, m.accepted, m.digest OPERATOR(pg_catalog.=) $3 FROM "
		"citybigdata.sms_message m"
		" WHERE m.app_id OPERATOR(pg_catalog.=) $1 AND m.msg_id OPERATOR(pg_catalog.=) $2",
		3,
		{INT4OID, TEXTOID, BYTEAOID},
		NULL,
		true};
	Datum values[] = {Int32GetDatum(sending->request->app_id), CStringGetTextDatum(sending->answer->msg_id),
					  DigestDatum(sending->digest)};
	SmsAnswer *answer = sending->answer;
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		*status = SpiBool(0, 4) ? CBD_OK : CBD_SMS_CONFLICT;
		answer->sms_id = SpiInt64(0, 1);
		answer->parts = SpiInt32(0, 2);
		answer->accepted = SpiInt32(0, 3);
		answer->repeat = true;
		if (*status == CBD_OK)
			ReadRefusals(answer);
	}
	SpiEnd();
	return found;
}

/* ---- rows ---- */

/* Writes a row, by the statement where the table is not plain any more. */
static void
Insert(InsertTable *table, SpiQuery *query, const Datum *values, const bool *nulls)
{
	if (RowInsert(table, values, nulls))
		return;
	SpiBegin();
	SpiRun(query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* The row of one accepted number. */
static void
InsertNumber(const Sending *sending, const SmsNumber *number)
{
	static InsertTable table = {.table = "sms_number",
								.columns = "sms_id, mobile, text_key, accepted_at, app_id, seq, ordinal"};
	static SpiQuery query = {
		"INSERT INTO citybigdata.sms_number (sms_id, mobile, text_key, accepted_at, app_id,"
		" seq, ordinal) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		7,
		{INT8OID, INT8OID, INT8OID, TIMESTAMPTZOID, INT4OID, INT4OID, INT2OID}};
	Datum values[] = {Int64GetDatum(sending->answer->sms_id),
					  Int64GetDatum(number->mobile),
					  Int64GetDatum(sending->text_key),
					  TimestampTzGetDatum(sending->now),
					  Int32GetDatum(sending->request->app_id),
					  Int32GetDatum(number->seq),
					  Int16GetDatum(number->place)};
	static const bool nulls[7];

	Insert(&table, &query, values, nulls);
}

static void
InsertMessage(const Sending *sending)
{
	static InsertTable table = {
		.table = "sms_message",
		.columns = "sms_id, accepted_at, valid_until, app_id, parts, accepted, refused, need_reply, unicode, "
				   "msg_id, content, signature, digest, source, subject"};
	static SpiQuery query = {"INSERT INTO citybigdata.sms_message (sms_id, accepted_at, valid_until, app_id, "
							 "parts, accepted, refused,"
							 " need_reply, unicode, msg_id, content, signature, digest, source, subject)"
							 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
							 15,
							 {INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID, INT2OID, INT2OID, INT2OID,
							  BOOLOID, BOOLOID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID, TEXTOID, TEXTOID}};
	const SmsRequest *request = sending->request;
	const SmsAnswer *answer = sending->answer;
	const char *signature = sending->policy.signature;
	bool nulls[15] = {[11] = signature == NULL, [14] = request->subject == NULL};
	Datum values[15] = {Int64GetDatum(answer->sms_id),
						TimestampTzGetDatum(sending->now),
						TimestampTzGetDatum(sending->now + guc_sms_validity_hours * USECS_PER_HOUR),
						Int32GetDatum(request->app_id),
						Int16GetDatum(answer->parts),
						Int16GetDatum(answer->accepted),
						Int16GetDatum(answer->refused_count),
						BoolGetDatum(request->need_reply),
						BoolGetDatum(sending->shape.unicode),
						CStringGetTextDatum(answer->msg_id),
						CStringGetTextDatum(request->content)};

	values[11] = signature == NULL ? (Datum) 0 : CStringGetTextDatum(signature);
	values[12] = DigestDatum(sending->digest);
	values[13] = CStringGetTextDatum(request->source);
	values[14] = request->subject == NULL ? (Datum) 0 : CStringGetTextDatum(request->subject);
	Insert(&table, &query, values, nulls);
}

static void
InsertRefusals(const SmsAnswer *answer)
{
	static InsertTable table = {.table = "sms_refusal", .columns = "sms_id, ordinal, status_code, mobile"};
	static SpiQuery query = {
		"INSERT INTO citybigdata.sms_refusal (sms_id, ordinal, status_code, mobile) VALUES ($1, $2, $3, $4)",
		4,
		{INT8OID, INT2OID, INT4OID, TEXTOID}};
	static const bool nulls[4];

	for (int i = 0; i < answer->refused_count; i++)
	{
		const SmsNumber *number = &answer->refused[i];
		Datum values[] = {Int64GetDatum(answer->sms_id), Int16GetDatum(i), Int32GetDatum(number->status),
						  CStringGetTextDatum(number->text)};

		Insert(&table, &query, values, nulls);
	}
}

/* The accepted numbers in batches, each with its message in the outbox. */
static void
InsertBatches(const SmsAnswer *answer, const SmsGateway *gateway)
{
	static InsertTable table = {.table = "sms_batch",
								.columns = "sms_id, batch_id, first_ordinal, last_ordinal, gateway_id"};
	static SpiQuery query = {
		"INSERT INTO citybigdata.sms_batch (sms_id, batch_id, first_ordinal, last_ordinal,"
		" gateway_id) VALUES ($1, $2, $3, $4, $5)",
		5,
		{INT8OID, INT8OID, INT2OID, INT2OID, INT4OID}};
	static const bool nulls[5];

	for (int first = 0; first < answer->accepted; first += gateway->batch_size)
	{
		int last = Min(first + gateway->batch_size, answer->accepted) - 1;
		OutboxMessage message = {
			.destination_id = gateway->destination_id,
			.kind = "sms.message",
			.subject = answer->msg_id,
			.payload = psprintf("{\"smsId\":" INT64_FORMAT ",\"first\":%d}", answer->sms_id, first),
			.judged = true};
		Datum values[] = {Int64GetDatum(answer->sms_id), Int64GetDatum(OutboxPut(&message)),
						  Int16GetDatum(first), Int16GetDatum(last), Int32GetDatum(gateway->gateway_id)};

		Insert(&table, &query, values, nulls);
	}
}

/* ---- numbers ---- */

static int
ByMobile(const void *a, const void *b)
{
	const SmsNumber *left = *(const SmsNumber *const *) a;
	const SmsNumber *right = *(const SmsNumber *const *) b;

	return left->mobile < right->mobile ? -1 : left->mobile > right->mobile;
}

/* The outcome of the judgement: places of the accepted ones, the refused ones. */
static void
Divide(Sending *sending)
{
	SmsNumbers *numbers = &sending->request->numbers;
	SmsAnswer *answer = sending->answer;

	answer->accepted = answer->refused_count = 0;
	for (int i = 0; i < numbers->count; i++)
	{
		SmsNumber *number = &numbers->items[i];

		if (number->status != CBD_OK)
			answer->refused[answer->refused_count++] = *number;
		else
		{
			number->place = answer->accepted;
			sending->sorted[answer->accepted++] = number;
		}
	}
	qsort(sending->sorted, answer->accepted, sizeof(SmsNumber *), ByMobile);
}

/* Judges the numbers and writes the rows of the accepted ones. */
static bool
TakeNumbers(void *state)
{
	Sending *sending = state;

	SmsJudge(sending->request, &sending->policy, sending->text_key, sending->now);
	Divide(sending);
	for (int i = 0; i < sending->answer->accepted; i++)
		InsertNumber(sending, sending->sorted[i]);
	return true;
}

static bool
NotOvertaken(const ErrorData *error, void *unused)
{
	return error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION;
}

/* The same in a subtransaction. False: another transaction was faster with one of the numbers. */
static bool
TakeNumbersGuarded(Sending *sending)
{
	ErrorData *error;

	if (RunGuarded(TakeNumbers, sending, NotOvertaken, &error) == GUARDED_KEPT)
		return true;
	FreeErrorData(error);
	return false;
}

/* ---- the message ---- */

static int64
NextSmsId(void)
{
	static SpiQuery query = {
		"SELECT pg_catalog.nextval('citybigdata.sms_id_seq'::pg_catalog.regclass)", 0, {0}, NULL};
	int64 number;

	SpiBegin();
	SpiRun(&query, NULL, NULL, SPI_OK_SELECT, 1);
	number = SpiInt64(0, 1);
	SpiEnd();
	return number;
}

/* A new message: everything that is written. */
static CbdStatus
Accept(Sending *sending)
{
	SmsAnswer *answer = sending->answer;
	SmsGateway gateway;
	char *on_air;

	if (!SmsChooseGateway(NULL, 0, &gateway))
		return CBD_SMS_NO_GATEWAY;
	SmsReadPolicy(sending->request->app_id, &sending->policy);
	on_air = SmsOnAir(sending->request->content, sending->policy.signature);
	sending->shape = SmsShapeOf(on_air);
	sending->text_key = TextKey(on_air);
	answer->parts = sending->shape.parts;
	answer->sms_id = NextSmsId();
	for (int i = 0; !TakeNumbersGuarded(sending); i++)
		if (i == TRIES)
			ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
							saymsg("other messages to the same numbers were faster each time")));
	InsertMessage(sending);
	InsertRefusals(answer);
	InsertBatches(answer, &gateway);
	return CBD_OK;
}

CbdStatus
SmsSend(SmsRequest *request, SmsAnswer *answer)
{
	Sending sending = {.request = request, .answer = answer, .now = GetCurrentTimestamp()};
	CbdStatus status;

	memset(answer, 0, sizeof(*answer));
	answer->refused = palloc(sizeof(SmsNumber) * Max(request->numbers.count, 1));
	sending.sorted = palloc(sizeof(SmsNumber *) * Max(request->numbers.count, 1));
	answer->msg_id = request->msg_id != NULL ? pstrdup(request->msg_id) : RandomUuid();
	RequestDigest(request, sending.digest);
	if (request->msg_id != NULL)
	{
		OwnLock(OwnLockKey(psprintf("sms %d %s", request->app_id, request->msg_id)));
		if (FindRepeat(&sending, &status))
			return status;
	}
	return Accept(&sending);
}

char *
SmsRejected(const SmsAnswer *answer)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoChar(&data, '[');
	for (int i = 0; i < answer->refused_count; i++)
	{
		const SmsNumber *number = &answer->refused[i];

		appendStringInfoString(&data, i > 0 ? ",{" : "{");
		JsonField(&data, "mobile", number->text);
		appendStringInfo(&data, ",\"statusCode\":%d", (int) number->status);
		JsonField(&data, "message", SaidStatus(number->status));
		appendStringInfoChar(&data, '}');
	}
	appendStringInfoChar(&data, ']');
	return data.data;
}

char *
SmsAnswerData(const SmsAnswer *answer)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "msgId", answer->msg_id);
	appendStringInfo(&data, ",\"parts\":%d,\"accepted\":%d,\"rejected\":%s}", answer->parts, answer->accepted,
					 SmsRejected(answer));
	return data.data;
}
