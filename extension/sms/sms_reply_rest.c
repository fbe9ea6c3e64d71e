/* GET, POST /gateway/sms/reply/{token}: a gateway hands replies over; GET /sms/replies: applications read
 * theirs. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "admin/admin_page.h"
#include "core/interval.h"
#include "sms/sms_reply.h"

/* rest_sms_reply(..., token, names, texts): {taken, repeated} */
static Datum
Reply(Call *call)
{
	SmsCallerGateway gateway;
	CbdStatus status = SmsCaller(call, &gateway);
	int taken = 0, again = 0, count;
	SmsItem *items;
	char *errors;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	count = SmsItems(call, &gateway, true, &items);
	for (int i = 0; i < count; i++)
	{
		SmsReplySaid said;
		bool repeated;

		if (!SmsReplyRead(&call->errors, &gateway, &items[i], &said))
			continue;
		status = SmsReplyTake(gateway.gateway_id, &said, &repeated);
		if (status != CBD_OK)
			ErrorAdd(&call->errors, SmsPointer(&items[i], "id"), status, NULL);
		else if (repeated)
			again++;
		else
			taken++;
	}
	if (taken + again == 0)
		return AnswerErrors(call);
	errors = ErrorsJson(&call->errors, false);
	call->detail = psprintf("taken %d, repeated %d, wrong %d", taken, again, call->errors.count);
	return Answer(call, CBD_OK,
				  psprintf("{\"taken\":%d,\"repeated\":%d%s%s}", taken, again,
						   errors == NULL ? "" : ",\"errors\":", errors == NULL ? "" : errors));
}

ENDPOINT(cbd_rest_sms_reply, "sms.reply", Reply);

/* ---- GET /sms/replies ---- */

/* clang-format off */
/* $1 application, $2 from, $3 to, each null: open; $4 msgId, null: any; $5, $6 behind this one, $7 rows */
static SpiQuery page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object('replyId', p.reply_id, 'mobile', p.who, 'content', p.content,"
	" 'msgId', p.msg_id, 'optOut', p.opt_out, 'time', " SHOWN_TIME("p.received_at") ") ORDER BY p.received_at, p.reply_id), '[]'::json),"
	" 'nextCursor', CASE WHEN count(*) = $7 THEN (max(ARRAY[(extract(epoch FROM p.received_at) * 1000000)::bigint, p.reply_id]))[1]::text || '-'"
	"   || (max(ARRAY[(extract(epoch FROM p.received_at) * 1000000)::bigint, p.reply_id]))[2]::text END)::text FROM"
	" (SELECT r.reply_id, coalesce(r.mobile::text, r.sender) AS who, r.content, r.opt_out, r.received_at,"
	"   (SELECT m.msg_id FROM citybigdata.sms_message m WHERE m.sms_id = r.sms_id) AS msg_id"
	"  FROM citybigdata.sms_reply r WHERE r.app_id = $1 AND r.received_at >= $2 AND r.received_at < $3"
	"  AND ($4 IS NULL OR r.sms_id = (SELECT m.sms_id FROM citybigdata.sms_message m WHERE m.app_id = $1 AND m.msg_id = $4))"
	"  AND (r.received_at, r.reply_id) > ($5, $6) ORDER BY r.received_at, r.reply_id LIMIT $7) p",
	7, {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID, INT8OID, INT4OID}, NULL, true, true};
/* clang-format on */

#define UNIX_TO_POSTGRES ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* The bounds of timeRange: [*from, *to); open without one. */
static void
CheckRange(Call *call, const char *range, TimestampTz *from, TimestampTz *to)
{
	IntervalText interval;
	ParseError error;

	*from = DT_NOBEGIN;
	*to = DT_NOEND;
	if (range == NULL || range[0] == '\0')
		return;
	if (!interval_parse(range, strlen(range), &interval, &error) ||
		!IntervalBounds(&interval, from, to, &error))
		ErrorPrint(
			&call->errors, false, "/timeRange", CBD_INVALID_INTERVAL,
			"%s{why*} at character %zu{position}; for example timeRange=[20240102000000,20240103000000)",
			error.message, error.position);
}

/* The place behind which the page begins: microseconds since 1970, a hyphen, the reply's number. */
static void
CheckReplyPlace(Call *call, const char *cursor, TimestampTz *after, int64 *reply_id)
{
	long long micros, number;
	int length = 0;

	*after = DT_NOBEGIN;
	*reply_id = 0;
	if (cursor == NULL || cursor[0] == '\0')
		return;
	if (strspn(cursor, "0123456789-") == strlen(cursor) && strlen(cursor) < 40 &&
		sscanf(cursor, "%18lld-%18lld%n", &micros, &number, &length) == 2 && cursor[length] == '\0' &&
		micros >= 0 && number >= 0)
	{
		*after = micros - UNIX_TO_POSTGRES;
		*reply_id = number;
	}
	else
		ErrorAdd(&call->errors, "/cursor", CBD_FIELD_OUT_OF_RANGE, "nextCursor of the page before");
}

/* rest_sms_replies(..., time_range, msg_id, cursor, page_size): {items, nextCursor} */
static Datum
Replies(Call *call)
{
	ARGUMENTS(ARG_TIME_RANGE, ARG_MSG_ID, ARG_CURSOR, ARG_PAGE_SIZE);
	static const TextRule msg_id = {"/msgId", 1, SMS_MSG_ID_MAX, false, false};
	CbdStatus status = CallAuthorise(call, SMS_RESOURCE);
	TimestampTz from, to, after;
	int64 reply_id;
	Datum values[7];
	bool nulls[7] = {false};
	char *data;

	if (status == CBD_OK && call->caller.app_id == 0)
		status = CBD_FORBIDDEN;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	CheckRange(call, CallText(call, ARG_TIME_RANGE), &from, &to);
	CheckReplyPlace(call, CallText(call, ARG_CURSOR), &after, &reply_id);
	values[3] = TextOrNull(CheckText(&call->errors, &msg_id, CallText(call, ARG_MSG_ID)), &nulls[3]);
	values[6] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = Int32GetDatum(call->caller.app_id);
	values[1] = TimestampTzGetDatum(from);
	values[2] = TimestampTzGetDatum(to);
	values[4] = TimestampTzGetDatum(after);
	values[5] = Int64GetDatum(reply_id);
	SpiBegin();
	SpiRun(&page, values, nulls, SPI_OK_SELECT, 1);
	data = JsonCompact(SpiText(0, 1));
	SpiEnd();
	return AnswerRead(call, data);
}

ENDPOINT(cbd_rest_sms_replies, "sms.replies", Replies);
