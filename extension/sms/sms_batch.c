/* Rows of batches and gateways, for sending; see sms_batch.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/digest.h"
#include "core/guc.h"
#include "core/index_lookup.h"
#include "core/secret.h"
#include "core/spi.h"
#include "sms/sms_batch.h"
#include "sms/sms_content.h"

static const char *const states[] = {"queued", "sending", "sent", "doubtful", "failed", "expired"};

/* ---- batches ---- */

/* Numbers of the int8[] or int4[] column `col` of row 0, by their output as texts of an array. */
static int64 *
Numbers(int col, int *count)
{
	char **texts = SpiTextArray(0, col, count);
	int64 *numbers = SPI_palloc(sizeof(int64) * Max(*count, 1));

	for (int i = 0; i < *count; i++)
		numbers[i] = strtoll(texts[i], NULL, 10);
	return numbers;
}

static void
TakeBatch(SmsBatch *batch)
{
	char *state = SpiText(0, 1);
	bool isnull;
	int64 *tried;
	int count;

	while (strcmp(states[batch->state], state) != 0)
		batch->state++;
	batch->last = SpiInt32(0, 2);
	batch->valid_until = DatumGetTimestampTz(SpiDatum(0, 3, &isnull));
	batch->msg_id = SpiText(0, 4);
	batch->on_air = SpiKeep(SmsOnAir(SpiText(0, 5), SpiText(0, 6)));
	batch->unicode = SpiBool(0, 7);
	batch->mobiles = Numbers(8, &count);
	if (count != batch->last - batch->first + 1)
		elog(ERROR, "a batch of message " INT64_FORMAT " has %d numbers", batch->sms_id, count);
	tried = Numbers(9, &batch->tried_count);
	batch->tried = SPI_palloc(sizeof(int32) * Max(batch->tried_count, 1));
	for (int i = 0; i < batch->tried_count; i++)
		batch->tried[i] = (int32) tried[i];
}

bool
SmsReadBatch(const char *payload, SmsBatch *batch)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT b.state, b.last_ordinal, m.valid_until, m.msg_id, m.content, m.signature, m.unicode,"
		" (SELECT array_agg(coalesce(n.mobile, 0)::text ORDER BY n.ordinal) FROM citybigdata.sms_number n WHERE n.sms_id = b.sms_id"
		"  AND n.ordinal BETWEEN b.first_ordinal AND b.last_ordinal), b.tried::text[]"
		" FROM citybigdata.sms_batch b JOIN citybigdata.sms_message m ON m.sms_id = b.sms_id"
		" WHERE b.sms_id = $1 AND b.first_ordinal = $2 FOR NO KEY UPDATE OF b",
		2, {INT8OID, INT2OID}, NULL, true};
	/* clang-format on */
	long long sms_id = 0;
	int first = 0;
	Datum values[2];
	bool found;

	memset(batch, 0, sizeof(*batch));
	if (sscanf(payload, "{\"smsId\":%lld,\"first\":%d}", &sms_id, &first) != 2)
		elog(ERROR, "the payload of a batch is malformed");
	batch->sms_id = sms_id;
	batch->first = first;
	values[0] = Int64GetDatum(sms_id);
	values[1] = Int16GetDatum(first);
	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
		TakeBatch(batch);
	SpiEnd();
	return found;
}

void
SmsDropBlocked(SmsBatch *batch, const char *reason)
{
	/* one that was reported keeps its state, but gets nothing again */
	static SpiQuery query = {
		"WITH b AS (SELECT n.ordinal FROM citybigdata.sms_number n WHERE n.sms_id = $1 AND n.ordinal BETWEEN "
		"$2 AND $3"
		" AND EXISTS (SELECT FROM citybigdata.sms_block l WHERE l.mobile = n.mobile AND l.app_id = ANY "
		"(ARRAY[0, n.app_id]))),"
		" u AS (UPDATE citybigdata.sms_number t SET state = 'failed', reason = $4, state_at = "
		"clock_timestamp()"
		" FROM b WHERE t.sms_id = $1 AND t.ordinal = b.ordinal AND t.state IS NULL)"
		" SELECT b.ordinal::integer FROM b",
		4,
		{INT8OID, INT2OID, INT2OID, TEXTOID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(batch->sms_id), Int16GetDatum(batch->first), Int16GetDatum(batch->last),
					  CStringGetTextDatum(reason)};
	int count;

	if (!TableHasPages("sms_block"))
		return;
	SpiBegin();
	count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	for (int i = 0; i < count; i++)
		batch->mobiles[SpiInt32(i, 1) - batch->first] = 0;
	SpiEnd();
}

void
SmsSetBatch(const SmsBatch *batch, SmsBatchState state, const char *reason, int32 gateway, int32 tried)
{
	static SpiQuery query = {
		"UPDATE citybigdata.sms_batch SET state = $3, state_at = clock_timestamp(),"
		" reason = coalesce($4, CASE WHEN $3 = 'sent' AND reason = 'sent once more: an answer was lost' THEN "
		"reason END),"
		" gateway_id = CASE WHEN $5 > 0 THEN $5 ELSE gateway_id END,"
		" attempts = attempts + CASE WHEN $3 = 'sending' THEN 1 ELSE 0 END,"
		" tried = CASE WHEN $6 < 0 THEN NULL WHEN $6 > 0 THEN coalesce(tried, '{}') || $6 ELSE tried END"
		" WHERE sms_id = $1 AND first_ordinal = $2",
		6,
		{INT8OID, INT2OID, TEXTOID, TEXTOID, INT4OID, INT4OID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(batch->sms_id),
					  Int16GetDatum(batch->first),
					  CStringGetTextDatum(states[state]),
					  reason == NULL ? (Datum) 0 : CStringGetTextDatum(reason),
					  Int32GetDatum(gateway),
					  Int32GetDatum(tried)};
	bool nulls[6] = {[3] = reason == NULL};

	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* ---- gateways ---- */

char *
SmsPasswordPurpose(int32 gateway_id)
{
	return psprintf("sms-gateway-password %d", gateway_id);
}

char *
SmsTokenPurpose(int32 gateway_id)
{
	return psprintf("sms-gateway-token %d", gateway_id);
}

char *
SmsGatewayAddress(const char *base, const char *what, const char *token)
{
	return psprintf("%s/gateway/sms/%s/%s", base, what, token);
}

/* Row 0 of the query below. */
static void
TakeSender(SmsSender *sender)
{
	*sender = (SmsSender){.gateway_id = SpiInt32(0, 1),
						  .destination_id = SpiInt64(0, 2),
						  .kannel = strcmp(SpiText(0, 3), "kannel") == 0,
						  .rate = SpiInt32(0, 4),
						  .timeout = SpiInt32(0, 5),
						  .resend_doubtful = SpiBool(0, 6),
						  .method = SpiText(0, 7),
						  .url = SpiText(0, 8),
						  .body = SpiText(0, 10),
						  .separator = SpiText(0, 11),
						  .success = SpiText(0, 12),
						  .refusal = SpiText(0, 13),
						  .id_pattern = SpiText(0, 14),
						  .user_name = SpiText(0, 15),
						  .sender = SpiText(0, 16),
						  .report_base = SpiText(0, 17)};
	sender->headers = SpiTextArray(0, 9, &sender->header_count);
	if (sender->report_base == NULL)
		sender->report_base = SpiKeep(guc_public_url);
}

bool
SmsReadSender(const char *code, bool secrets, SmsSender *sender)
{
	static SpiQuery query = {"SELECT gateway_id, destination_id, kind, rate_per_minute, timeout_seconds, "
							 "resend_doubtful, method, url,"
							 " headers, body, number_separator, success, refusal, id_pattern, user_name, "
							 "sender, report_base, password,"
							 " token FROM citybigdata.sms_gateway WHERE gateway_code = $1",
							 1,
							 {TEXTOID},
							 NULL};
	Datum values[] = {CStringGetTextDatum(code)};
	Datum password = 0;
	Datum token = 0;
	bool no_password = true;
	bool no_token = true;
	size_t length;
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		TakeSender(sender);
		password = SpiDatum(0, 18, &no_password);
		token = SpiDatum(0, 19, &no_token);
	}
	SpiEnd();
	if (found && secrets && !no_password)
		sender->password = DecryptSecret(SmsPasswordPurpose(sender->gateway_id), password, &length);
	if (found && secrets && !no_token)
		sender->token = DecryptSecret(SmsTokenPurpose(sender->gateway_id), token, &length);
	return found;
}

void
SmsForgetSender(SmsSender *sender)
{
	ForgetText(sender->password);
	ForgetText(sender->token);
	sender->password = sender->token = NULL;
}
