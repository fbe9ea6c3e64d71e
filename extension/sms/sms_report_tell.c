/*
 * Call-backs of SMS: sms.report when a number has come to an end, sms.reply when somebody has replied; see
 * sms_report.h. As all call-backs they have nothing personal: the number with its middle masked, and its
 * place in the message; the rest is read from GET /sms/messages/{msgId} and /sms/replies.
 */
#include "postgres.h"

#include "callback/callback.h"
#include "core/interval.h"
#include "sms/sms_report.h"
#include "text/mask_text.h"

#define MOBILE_DIGITS 11

/* 138****8000 */
static char *
Masked(int64 mobile)
{
	char *text = psprintf(INT64_FORMAT, mobile);
	char *masked = palloc(MOBILE_DIGITS + 1);

	masked[MaskKeep(text, strlen(text), 3, 4, masked)] = '\0';
	return masked;
}

void
SmsTell(const SmsEvent *event)
{
	bool reply = event->reply_id != 0;
	StringInfoData data;
	char time[32];

	FormatTimePoint(event->time, time);
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	if (reply)
	{
		appendStringInfo(&data, "\"replyId\":" INT64_FORMAT, event->reply_id);
		appendStringInfo(&data, ",\"optOut\":%s", event->opt_out ? "true" : "false");
	}
	if (event->msg_id != NULL)
	{
		JsonField(&data, "msgId", event->msg_id);
		appendStringInfo(&data, ",\"ordinal\":%d", event->ordinal);
	}
	if (event->mobile != 0)
		JsonField(&data, "mobile", Masked(event->mobile));
	if (!reply)
	{
		JsonField(&data, "state", event->state);
		JsonField(&data, "reason", event->reason);
	}
	JsonField(&data, "time", time);
	appendStringInfoChar(&data, '}');
	CallbackTell(event->app_id, reply ? "sms.reply" : "sms.report", event->msg_id, data.data);
}
