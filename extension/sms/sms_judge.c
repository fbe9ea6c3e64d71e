/* Which numbers are accepted; see sms_judge.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "sms/sms_content.h"
#include "sms/sms_judge.h"

/* clang-format off */
static SpiQuery policy_query = {
	"SELECT p.signature, p.per_minute, p.per_hour, p.per_day, p.text_per_minute, p.text_per_hour, p.text_per_day,"
	" CASE WHEN p.quiet_from = p.quiet_to THEN false WHEN p.quiet_from < p.quiet_to THEN t.now >= p.quiet_from AND t.now < p.quiet_to"
	"  ELSE t.now >= p.quiet_from OR t.now < p.quiet_to END"
	" FROM citybigdata.sms_policy_now($1) p, (SELECT (clock_timestamp() AT TIME ZONE current_setting('citybigdata.time_zone'))::time) t (now)",
	1, {INT4OID}, NULL};

/* $1 numbers, $2 application, $3 key of the text, $4 now, $5 rows that are looked at: the largest cap, at least
 * one for the number of the last one. In the order of the numbers. */
static SpiQuery history_query = {
	"SELECT EXISTS (SELECT FROM citybigdata.sms_block b WHERE b.mobile = u.mobile AND b.app_id = ANY (ARRAY[0, $2])),"
	" coalesce(h.seq, 0), h.minute, h.hour, h.day, h.text_minute, h.text_hour, h.text_day"
	" FROM unnest($1) WITH ORDINALITY u (mobile, n)"
	" CROSS JOIN LATERAL (SELECT max(r.seq) AS seq, count(*) FILTER (WHERE r.at > $4 - interval '1 minute') AS minute,"
	"  count(*) FILTER (WHERE r.at > $4 - interval '1 hour') AS hour,"
	"  count(*) FILTER (WHERE r.at > $4 - interval '24 hours') AS day,"
	"  count(*) FILTER (WHERE r.same AND r.at > $4 - interval '1 minute') AS text_minute,"
	"  count(*) FILTER (WHERE r.same AND r.at > $4 - interval '1 hour') AS text_hour,"
	"  count(*) FILTER (WHERE r.same AND r.at > $4 - interval '24 hours') AS text_day"
	"  FROM (SELECT n.seq, n.accepted_at AS at, n.text_key = $3 AS same FROM citybigdata.sms_number n"
	"   WHERE n.mobile = u.mobile AND n.app_id = $2 ORDER BY n.seq DESC LIMIT $5) r) h ORDER BY u.n",
	5, {INT8ARRAYOID, INT4OID, INT8OID, TIMESTAMPTZOID, INT8OID}, NULL, true};
/* clang-format on */

void
SmsReadPolicy(int32 app_id, SmsPolicy *policy)
{
	Datum values[] = {Int32GetDatum(app_id)};

	SpiBegin();
	SpiRun(&policy_query, values, NULL, SPI_OK_SELECT, 1);
	policy->signature = SpiText(0, 1);
	for (int i = 0; i < SMS_CAPS; i++)
		policy->caps[i] = SpiInt32(0, 2 + i);
	policy->quiet = SpiBool(0, 2 + SMS_CAPS);
	SpiEnd();
}

/* The numbers that are any, as int8[]; *places: where they stand in the list. */
static Datum
Mobiles(const SmsNumbers *numbers, int *places, int *count)
{
	Datum *values = palloc(sizeof(Datum) * Max(numbers->count, 1));

	*count = 0;
	for (int i = 0; i < numbers->count; i++)
		if (numbers->items[i].mobile != 0)
		{
			places[*count] = i;
			values[(*count)++] = Int64GetDatum(numbers->items[i].mobile);
		}
	return PointerGetDatum(
		construct_array(values, *count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* The judgement on one number, by its row of the history. SPI is connected. */
static CbdStatus
Judgement(const SmsPolicy *policy, uint64 row)
{
	if (SpiBool(row, 1))
		return CBD_SMS_BLOCKED;
	for (int i = 0; i < SMS_CAPS; i++)
		if (policy->caps[i] > 0 && SpiInt64(row, 3 + i) >= policy->caps[i])
			return i < SMS_CAPS / 2 ? CBD_SMS_NUMBER_CAP : CBD_SMS_TEXT_CAP;
	return CBD_OK;
}

/* What is the same for all numbers; CBD_OK: nothing. */
static CbdStatus
OfAll(const SmsRequest *request, const SmsPolicy *policy)
{
	if (SmsForeignSignature(request->content, policy->signature))
		return CBD_SMS_SIGNATURE;
	return policy->quiet ? CBD_SMS_QUIET : CBD_OK;
}

void
SmsJudge(SmsRequest *request, const SmsPolicy *policy, int64 text_key, TimestampTz now)
{
	SmsNumbers *numbers = &request->numbers;
	CbdStatus all = OfAll(request, policy);
	int *places = palloc(sizeof(int) * Max(numbers->count, 1));
	Datum values[5];
	int count;
	int most = 1;

	for (int i = 0; i < SMS_CAPS; i++)
		most = Max(most, policy->caps[i]);
	for (int i = 0; i < numbers->count; i++)
		numbers->items[i].status = numbers->items[i].mobile == 0 ? CBD_INVALID_PHONE : all;
	values[0] = Mobiles(numbers, places, &count);
	if (all != CBD_OK || count == 0)
		return;
	values[1] = Int32GetDatum(request->app_id);
	values[2] = Int64GetDatum(text_key);
	values[3] = TimestampTzGetDatum(now);
	values[4] = Int64GetDatum(most);
	SpiBegin();
	SpiRun(&history_query, values, NULL, SPI_OK_SELECT, 0);
	for (int i = 0; i < count; i++)
	{
		SmsNumber *number = &numbers->items[places[i]];

		number->status = Judgement(policy, i);
		number->seq = SpiInt32(i, 2) + 1;
	}
	SpiEnd();
}
