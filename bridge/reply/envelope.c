/*
 * The envelope.
 *
 * It is written as JSON, and made XML of that where the client wants it: one writer, so that both forms
 * always say the same. Data are put in as they come, from the extension's JSON or the bridge's.
 */
#include "reply/envelope.h"

#include "base/status.h"
#include "reply/xml.h"
#include "request/negotiate.h"
#include "wire/status_codes.h"

/* {"errors":[…]} of the errors found here, in the language of the reply. */
static void
AddErrors(Text *text, const Error *error, bool chinese)
{
	TextAddString(text, "{\"errors\":[");
	for (; error != NULL; error = error->next)
	{
		TextAddString(text, "{\"pointer\":");
		TextAddJson(text, error->pointer);
		TextPrint(text, ",\"statusCode\":%d,\"message\":", error->status);
		TextAddJson(text, chinese ? error->chinese : error->message);
		TextAddString(text, error->next != NULL ? "}," : "}");
	}
	TextAddString(text, "]}");
}

void
EnvelopeData(const Request *request, Text *text)
{
	if (request->data.length > 0)
		TextAdd(text, request->data.text, request->data.length);
	else if (request->errors != NULL)
		AddErrors(text, request->errors, request->wanted.chinese);
	else
		TextAddString(text, "null");
}

void
EnvelopeText(const Request *request, Text *text)
{
	bool success = request->status == CBD_OK;

	TextRoom(text, request->data.length + 256);
	TextPrint(text, "{\"success\":%s,\"code\":%d,\"statusCode\":%d,\"message\":\"",
			  success ? "true" : "false", success ? 0 : -1, request->status);
	TextAddString(text, StatusText(request->status, request->wanted.chinese));
	TextPrint(text, "\",\"requestId\":\"%s\",\"data\":", request->id);
	EnvelopeData(request, text);
	TextAdd(text, "}", 1);
}

void
EnvelopeMake(Request *request, Reply *reply)
{
	const char *type = "application/json";

	EnvelopeText(request, &reply->text);
	if (request->wanted.xml &&
		XmlFromJson(&reply->text, request->wanted.charset == CHARSET_GB18030 ? "GB18030" : "UTF-8"))
		type = "application/xml";
	ReplyEncode(request, reply);
	reply->type = ArenaPrint(&request->arena, "%s; charset=%s", type, CharsetLabel(request));
}
