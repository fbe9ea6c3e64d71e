/* GET /sms/messages/{msgId}: what became of a message, number by number, for the application that sent it. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "admin/admin_page.h"
#include "sms/sms_report.h"

/* clang-format off */
/* $1 application, $2 msgId, $3 in Chinese. Numbers and refusals in the order of mobileStr. */
static SpiQuery one = {
	"SELECT json_build_object('msgId', m.msg_id, 'parts', m.parts, 'needReply', m.need_reply, 'acceptTime', " SHOWN_TIME("m.accepted_at")
	", 'accepted', m.accepted, 'numbers', (SELECT coalesce(json_agg(json_build_object('ordinal', n.ordinal, 'mobile', n.mobile::text, 'state', n.state,"
	"  'reason', citybigdata.say(n.reason), 'time', " SHOWN_TIME("n.state_at") ") ORDER BY n.ordinal), '[]'::json)"
	"  FROM citybigdata.sms_number_now n WHERE n.sms_id = m.sms_id),"
	" 'rejected', (SELECT coalesce(json_agg(json_build_object('mobile', r.mobile, 'statusCode', r.status_code,"
	"  'message', CASE WHEN $3 THEN s.message_zh ELSE s.message END) ORDER BY r.ordinal), '[]'::json)"
	"  FROM citybigdata.sms_refusal r LEFT JOIN citybigdata.status_code s ON s.status_code = r.status_code WHERE r.sms_id = m.sms_id))::text"
	" FROM citybigdata.sms_message m WHERE m.app_id = $1 AND m.msg_id = $2",
	3, {INT4OID, TEXTOID, BOOLOID}, NULL, true};
/* clang-format on */

/* rest_sms_message(..., msg_id) */
static Datum
Message(Call *call)
{
	CbdStatus status;
	char *data = NULL;

	call->object = CallText(call, 0);
	status = CallAuthorise(call, SMS_RESOURCE);
	if (status == CBD_OK && call->caller.app_id == 0)
		status = CBD_FORBIDDEN;
	if (status == CBD_OK && call->object != NULL)
	{
		Datum values[] = {Int32GetDatum(call->caller.app_id), CStringGetTextDatum(call->object),
						  BoolGetDatum(SayChinese())};

		SpiBegin();
		if (SpiRun(&one, values, NULL, SPI_OK_SELECT, 1) == 1)
			data = JsonCompact(SpiText(0, 1));
		SpiEnd();
	}
	if (status == CBD_OK && data == NULL)
		status = CBD_NO_SUCH_SMS_MESSAGE;
	return status == CBD_OK ? AnswerRead(call, data) : Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_sms_message, "sms.message", Message);
