/*
 * The request of a batch: of Kannel's HTTP interface (sendsms), or by the templates of a gateway row.
 *
 * Kannel gets a POST of the text with X-Kannel headers: no number and no password in an address, which
 * servers write into their logs. Numbers have blanks between; coding 2 is UCS-2; reports (dlr-mask 31: all)
 * come to the address in X-Kannel-DLR-Url, in which Kannel fills %p, %d and so on.
 *
 * In a template {name} is replaced where the name is one of sms_placeholders, encoded as the place needs: in
 * the address for a URL, in a body as its Content-Type says (libcurl sends one without as a form), in a
 * header without control characters.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/field.h"
#include "core/interval.h"
#include "core/json_write.h"
#include "core/text_check.h"
#include "sms/sms_batch.h"
#include "sms/sms_template.h"

#define DLR_MASK "31"

const char *const sms_placeholders[] = {"numbers", "text",    "sender", "userName",  "password", "msgId",
										"smsId",   "unicode", "time",   "reportUrl", NULL};

/* How a value is written. */
typedef enum Encoding
{
	AS_IT_IS,
	FOR_URL,
	FOR_HEADER,
	FOR_JSON,
	FOR_XML
} Encoding;

/* One header of the request. */
static void
Header(OutboxRequest *request, const char *line)
{
	if (request->headers.len > 0)
		appendStringInfoChar(&request->headers, ',');
	JsonString(&request->headers, line);
}

static void
NamedHeader(OutboxRequest *request, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		Header(request, psprintf("%s: %s", name, value));
}

/* The numbers with what stands between them; an erased one is left out. */
static char *
JoinedNumbers(const SmsBatch *batch, const char *separator)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i <= batch->last - batch->first; i++)
		if (batch->mobiles[i] != 0)
			appendStringInfo(&out, "%s" INT64_FORMAT, out.len > 0 ? separator : "", batch->mobiles[i]);
	return out.data;
}

/* Where reports of the batch go; the letters behind % are the gateway's (Kannel). NULL: no address is known.
 */
static char *
ReportUrl(const SmsBatch *batch, const SmsSender *sender)
{
	if (sender->report_base[0] == '\0' || sender->token == NULL)
		return NULL;
	return psprintf("%s?r=" INT64_FORMAT "%s",
					SmsGatewayAddress(sender->report_base, "report", sender->token), batch->sms_id,
					sender->kannel ? "&to=%p&status=%d&id=%F&time=%T&answer=%A" : "");
}

/* ---- Kannel ---- */

static void
KannelRequest(const SmsBatch *batch, const SmsSender *sender, OutboxRequest *request)
{
	char *report = ReportUrl(batch, sender);

	request->method = "POST";
	request->url = sender->url;
	Header(request, "Content-Type: text/plain; charset=utf-8");
	NamedHeader(request, "X-Kannel-Username", sender->user_name);
	NamedHeader(request, "X-Kannel-Password", sender->password);
	NamedHeader(request, "X-Kannel-From", sender->sender);
	NamedHeader(request, "X-Kannel-To", JoinedNumbers(batch, " "));
	NamedHeader(request, "X-Kannel-Coding", batch->unicode ? "2" : "0");
	if (report != NULL)
	{
		NamedHeader(request, "X-Kannel-DLR-Mask", DLR_MASK);
		NamedHeader(request, "X-Kannel-DLR-Url", report);
	}
	request->body = batch->on_air;
}

/* ---- templates ---- */

static char *
TimeText(void)
{
	char text[32];

	FormatTimePoint(GetCurrentTimestamp(), text);
	return pstrdup(text);
}

/* The value of a placeholder; NULL: no such one. */
static const char *
ValueOf(const SmsParameter *parameter, const SmsBatch *batch, const SmsSender *sender)
{
	const char *value = NULL;
	int at = 0;

	while (sms_placeholders[at] != NULL &&
		   (strlen(sms_placeholders[at]) != parameter->length ||
			memcmp(sms_placeholders[at], parameter->name, parameter->length) != 0))
		at++;
	switch (at)
	{
		case 0:
			return JoinedNumbers(batch, sender->separator);
		case 1:
			return batch->on_air;
		case 2:
			value = sender->sender;
			break;
		case 3:
			value = sender->user_name;
			break;
		case 4:
			value = sender->password;
			break;
		case 5:
			return batch->msg_id;
		case 6:
			return psprintf(INT64_FORMAT ".%d", batch->sms_id, batch->first);
		case 7:
			return batch->unicode ? "1" : "0";
		case 8:
			return TimeText();
		case 9:
			value = ReportUrl(batch, sender);
			break;
		default:
			return NULL;
	}
	return value == NULL ? "" : value;
}

/* A text of XML. */
static void
AppendXml(StringInfo out, const char *value)
{
	for (const char *c = value; *c != '\0'; c++)
		switch (*c)
		{
			case '<':
				appendStringInfoString(out, "&lt;");
				break;
			case '>':
				appendStringInfoString(out, "&gt;");
				break;
			case '&':
				appendStringInfoString(out, "&amp;");
				break;
			case '"':
				appendStringInfoString(out, "&quot;");
				break;
			case '\'':
				appendStringInfoString(out, "&apos;");
				break;
			default:
				appendStringInfoChar(out, *c);
		}
}

/* A value at its place. Numbers keep what stands between them in a body: it may be part of its syntax. */
static void
AppendValue(StringInfo out, const char *value, Encoding encoding, bool numbers)
{
	int begin = out->len;

	if (encoding == FOR_URL)
		AppendEncoded(out, value);
	else if (encoding == FOR_JSON && !numbers)
	{
		StringInfoData text;

		initStringInfo(&text);
		JsonString(&text, value);
		appendBinaryStringInfo(out, text.data + 1, text.len - 2);
	}
	else if (encoding == FOR_XML && !numbers)
		AppendXml(out, value);
	else
		appendStringInfoString(out, value);
	for (int i = begin; encoding == FOR_HEADER && i < out->len; i++)
		if ((unsigned char) out->data[i] < ' ')
			out->data[i] = ' ';
}

/* A template, filled. */
static char *
Filled(const char *template, const SmsBatch *batch, const SmsSender *sender, Encoding encoding)
{
	SmsParameter parameter;
	StringInfoData out;
	const char *at = template;
	const char *open;

	initStringInfo(&out);
	while ((open = SmsNextParameter(at, &parameter)) != NULL)
	{
		const char *value = ValueOf(&parameter, batch, sender);
		const char *behind = parameter.name + parameter.length + 1;

		appendBinaryStringInfo(&out, at, (int) ((value == NULL ? behind : open) - at));
		if (value != NULL)
			AppendValue(&out, value, encoding,
						parameter.length == strlen("numbers") && memcmp(parameter.name, "numbers", 7) == 0);
		at = behind;
	}
	appendStringInfoString(&out, at);
	return out.data;
}

/* How the values of the body are written, by the Content-Type among the headers. */
static Encoding
BodyEncoding(const SmsSender *sender)
{
	static const char name[] = "content-type:";

	for (int i = 0; i < sender->header_count; i++)
	{
		const char *line = FoldAscii(pstrdup(sender->headers[i]));

		if (strncmp(line, name, strlen(name)) != 0)
			continue;
		return strstr(line, "json") != NULL         ? FOR_JSON
			   : strstr(line, "urlencoded") != NULL ? FOR_URL
			   : strstr(line, "xml") != NULL        ? FOR_XML
													: AS_IT_IS;
	}
	return FOR_URL;
}

void
SmsMakeRequest(const SmsBatch *batch, const SmsSender *sender, OutboxRequest *request)
{
	request->timeout = sender->timeout;
	request->plain = strncmp(sender->url, "http://", strlen("http://")) == 0;
	if (sender->kannel)
		KannelRequest(batch, sender, request);
	else
	{
		request->method = sender->method;
		request->url = Filled(sender->url, batch, sender, FOR_URL);
		for (int i = 0; i < sender->header_count; i++)
			Header(request, Filled(sender->headers[i], batch, sender, FOR_HEADER));
		if (strcmp(sender->method, "POST") == 0)
			request->body =
				sender->body == NULL ? "" : Filled(sender->body, batch, sender, BodyEncoding(sender));
	}
	if (request->body != NULL)
		request->body_length = strlen(request->body);
}
