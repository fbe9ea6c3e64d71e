/* A gateway as an object, with all its errors; see sms_gateway_form.h. */
#include "postgres.h"

#include <ctype.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/field.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "process/process_members.h"
#include "sms/sms_batch.h"
#include "sms/sms_gateway_form.h"
#include "sms/sms_template.h"
#include "text/web_address.h"

#define CODE_MAX    63
#define TITLE_MAX   64
#define URL_MAX     2048
#define BODY_MAX    4000
#define PATTERN_MAX 200
#define HEADER_MAX  1000

/* ---- values ---- */

/* Is it a value of that kind: a pattern, a network? PostgreSQL's own reading of it decides. */
static bool
Readable(const char *kind, const char *value)
{
	static SpiQuery query = {"SELECT citybigdata.sms_readable($1, $2)", 2, {TEXTOID, TEXTOID}, NULL};
	Datum values[] = {CStringGetTextDatum(kind), CStringGetTextDatum(value)};
	bool good;

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_SELECT, 1);
	good = SpiBool(0, 1);
	SpiEnd();
	return good;
}

static const char *
ReadPattern(const JsonNode *root, const char *name, ErrorList *errors)
{
	const char *text = MemberText(root, name, false, PATTERN_MAX, errors);

	if (text != NULL && !Readable("pattern", text))
		ErrorAdd(errors, psprintf("/%s", name), CBD_SMS_GATEWAY_FORM, "not a regular expression");
	return text;
}

/* One of the choices; absent: the first one. */
static const char *
ReadChoice(const JsonNode *root, const char *name, const char *const *choices, const char *wanted,
		   ErrorList *errors)
{
	const char *text = MemberText(root, name, false, 16, errors);

	if (text == NULL)
		return choices[0];
	if (!IsOneOf(text, choices))
		ErrorAdd(errors, psprintf("/%s", name), CBD_FIELD_OUT_OF_RANGE, wanted);
	return text;
}

static int
ReadWhole(const JsonNode *root, const char *name, int low, int high, int otherwise, ErrorList *errors)
{
	const JsonNode *node = MemberFind(root, name);
	int number = otherwise;

	if (node != NULL && !MemberWhole(node, low, high, &number))
		ErrorPrint(errors, false, psprintf("/%s", name), CBD_FIELD_OUT_OF_RANGE,
				   "a whole number from %d{low} to %d{high}", low, high);
	return number;
}

/* An array of texts. */
static int
ReadList(const JsonNode *root, const char *name, int most, int longest, char **items, ErrorList *errors)
{
	const JsonNode *list = MemberFind(root, name);
	int count = 0;

	if (list == NULL || !MemberKind(list, JSON_ARRAY, MESSAGE("an array of texts"), errors))
		return 0;
	if (list->count > most)
	{
		ErrorPrint(errors, false, psprintf("/%s", name), CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} elements",
				   most);
		return 0;
	}
	for (const JsonNode *node = list->first; node != NULL; node = node->next)
	{
		unsigned int code_point;

		if (!MemberKind(node, JSON_STRING, MESSAGE("a text"), errors))
			continue;
		if (node->length > (size_t) longest)
			ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TOO_LONG, "at most %d{limit} characters",
					   longest);
		else if (strpbrk(node->text, "\r\n") != NULL ||
				 TextForbidden(node->text, node->length, &code_point) >= 0)
			ErrorAdd(errors, JsonPointer(node), CBD_FIELD_CHARACTER, NULL);
		else
			items[count++] = node->text;
	}
	return count;
}

/* An object of texts, as JSON; NULL: absent. */
static char *
ReadTexts(const JsonNode *root, const char *name, ErrorList *errors)
{
	const JsonNode *object = MemberFind(root, name);
	StringInfoData out;

	if (object == NULL || !MemberKind(object, JSON_OBJECT, MESSAGE("an object of texts"), errors))
		return NULL;
	for (const JsonNode *node = object->first; node != NULL; node = node->next)
		(void) MemberKind(node, JSON_STRING, MESSAGE("a text"), errors);
	initStringInfo(&out);
	JsonWrite(&out, object);
	return out.data;
}

/* ---- templates ---- */

/* Errors of placeholders that nobody fills. */
static void
CheckPlaceholders(const char *text, const char *pointer, ErrorList *errors)
{
	SmsParameter parameter;

	for (const char *at = text; at != NULL && (at = SmsNextParameter(at, &parameter)) != NULL; at++)
	{
		const char *name = pnstrdup(parameter.name, parameter.length);

		if (!IsOneOf(name, sms_placeholders))
			ErrorPrint(
				errors, false, pointer, CBD_SMS_GATEWAY_FORM,
				"there is no placeholder %s{name}; there are numbers, text, sender, userName, password, "
				"msgId, smsId, unicode, time, reportUrl",
				ShortText(name, strlen(name)));
	}
}

/* Does the text have the placeholder? */
static bool
Has(const char *text, const char *name)
{
	return text != NULL && strstr(text, psprintf("{%s}", name)) != NULL;
}

/* Somewhere in the request? */
static bool
HasAnywhere(const SmsGatewayForm *form, const char *name)
{
	for (int i = 0; i < form->header_count; i++)
		if (Has(form->headers[i], name))
			return true;
	return Has(form->url, name) || Has(form->body, name);
}

/* The address: placeholders stand behind the host alone, so that no value says where it goes. */
static void
CheckUrl(const SmsGatewayForm *form, ErrorList *errors)
{
	SmsParameter parameter;
	WebAddress address;
	StringInfoData filled;
	const char *at = form->url;
	const char *open;

	if (form->url == NULL)
		return;
	initStringInfo(&filled);
	while ((open = SmsNextParameter(at, &parameter)) != NULL)
	{
		appendBinaryStringInfo(&filled, at, (int) (open - at));
		if (!WebAddressRead(filled.data, &address) || address.rest.length == 0)
		{
			ErrorAdd(errors, "/url", CBD_SMS_GATEWAY_FORM, "placeholders stand behind the host");
			return;
		}
		appendStringInfoChar(&filled, 'x');
		at = parameter.name + parameter.length + 1;
	}
	appendStringInfoString(&filled, at);
	if (!WebAddressRead(filled.data, &address))
		ErrorAdd(errors, "/url", CBD_SMS_GATEWAY_FORM,
				 "an address such as https://gateway.example/send, without user name and fragment");
}

/* Headers: a name, and none that the bridge itself writes. */
static void
CheckHeaders(const SmsGatewayForm *form, ErrorList *errors)
{
	static const char *const own[] = {"host",       "content-length", "transfer-encoding",
									  "connection", "expect",         NULL};

	for (int i = 0; i < form->header_count; i++)
	{
		const char *pointer = psprintf("/headers/%d", i);
		size_t name = strcspn(form->headers[i], ":");
		bool good = name > 0 && form->headers[i][name] == ':';

		for (size_t k = 0; good && k < name; k++)
			good = isalnum((unsigned char) form->headers[i][k]) || form->headers[i][k] == '-';
		if (!good || IsOneOf(FoldAscii(pnstrdup(form->headers[i], name)), own))
			ErrorAdd(errors, pointer, CBD_SMS_GATEWAY_FORM,
					 "a header such as X-Api-Key: 123, none of the connection");
		CheckPlaceholders(form->headers[i], pointer, errors);
	}
}

/* What templates must have. */
static void
CheckTemplates(const SmsGatewayForm *form, ErrorList *errors)
{
	bool kannel = strcmp(form->kind, "kannel") == 0;

	CheckUrl(form, errors);
	if (kannel)
	{
		if (form->url != NULL && strchr(form->url, '{') != NULL)
			ErrorAdd(errors, "/url", CBD_SMS_GATEWAY_FORM,
					 "the address of sendsms alone, for example http://127.0.0.1:13013/cgi-bin/sendsms");
		if (form->header_count > 0 || form->body != NULL || form->success != NULL || form->refusal != NULL)
			ErrorAdd(errors, "/kind", CBD_SMS_GATEWAY_FORM, "headers, body and patterns are of kind http");
		return;
	}
	CheckPlaceholders(form->url, "/url", errors);
	CheckPlaceholders(form->body, "/body", errors);
	CheckHeaders(form, errors);
	if (form->body != NULL && strcmp(form->method, "GET") == 0)
		ErrorAdd(errors, "/body", CBD_SMS_GATEWAY_FORM, "a GET has no body");
	if (!HasAnywhere(form, "numbers") || !HasAnywhere(form, "text"))
		ErrorAdd(errors, "/url", CBD_SMS_GATEWAY_FORM,
				 "the placeholders numbers and text stand in the address, a header or the body");
}

/* Bytes of the address up to its port or path. */
static size_t
HostEnd(const char *url)
{
	size_t host = strcspn(url, "/");

	host += strspn(url + host, "/");
	return host + (url[host] == '[' ? strcspn(url + host, "]") : strcspn(url + host, ":/?"));
}

/* A stored password goes to the host that it was given for, and to no other one. */
static void
CheckPassword(const SmsGatewayForm *form, ErrorList *errors)
{
	static SpiQuery query = {
		"SELECT url FROM citybigdata.sms_gateway WHERE gateway_code = $1 AND password IS NOT NULL",
		1,
		{TEXTOID},
		NULL};
	Datum values[1];
	char *url = NULL;

	if (form->password != NULL || form->code == NULL || form->url == NULL)
		return;
	values[0] = CStringGetTextDatum(form->code);
	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		url = SpiText(0, 1);
	SpiEnd();
	if (url != NULL &&
		(HostEnd(url) != HostEnd(form->url) || pg_strncasecmp(url, form->url, HostEnd(url)) != 0))
		ErrorAdd(errors, "/password", CBD_FIELD_REQUIRED,
				 "the stored password is that of another host: give it again");
}

/* ---- the object ---- */

static void
ReadRequest(const JsonNode *root, SmsGatewayForm *form, ErrorList *errors)
{
	static const char *const methods[] = {"GET", "POST", NULL};

	form->method = ReadChoice(root, "method", methods, MESSAGE("GET or POST"), errors);
	form->url = MemberText(root, "url", true, URL_MAX, errors);
	form->header_count = ReadList(root, "headers", SMS_HEADERS_MAX, HEADER_MAX, form->headers, errors);
	form->body = MemberText(root, "body", false, BODY_MAX, errors);
	form->separator = MemberText(root, "numberSeparator", false, 3, errors);
	form->success = ReadPattern(root, "success", errors);
	form->refusal = ReadPattern(root, "refusal", errors);
	form->id_pattern = ReadPattern(root, "idPattern", errors);
	form->user_name = MemberText(root, "userName", false, 64, errors);
	form->password = MemberText(root, "password", false, 128, errors);
	form->sender = MemberText(root, "sender", false, 32, errors);
	CheckTemplates(form, errors);
	CheckPassword(form, errors);
}

static void
ReadReports(const JsonNode *root, SmsGatewayForm *form, ErrorList *errors)
{
	WebAddress address;

	form->report_base = MemberText(root, "reportBase", false, 200, errors);
	if (form->report_base != NULL &&
		(!WebAddressRead(form->report_base, &address) || strchr(form->report_base, '?') != NULL ||
		 form->report_base[strlen(form->report_base) - 1] == '/'))
		ErrorAdd(errors, "/reportBase", CBD_SMS_GATEWAY_FORM,
				 "an address such as http://127.0.0.1:8080, without a / at its end");
	form->network_count = ReadList(root, "reportNetworks", SMS_NETWORKS_MAX, 64, form->networks, errors);
	for (int i = 0; i < form->network_count; i++)
		if (!Readable("network", form->networks[i]))
			ErrorAdd(errors, psprintf("/reportNetworks/%d", i), CBD_SMS_GATEWAY_FORM,
					 "an address or a range, for example 10.20.0.0/16");
	form->report_fields = ReadTexts(root, "reportFields", errors);
	form->report_states = ReadTexts(root, "reportStates", errors);
	form->new_token = MemberBool(root, "newToken", errors);
}

void
SmsGatewayExamine(const JsonNode *root, SmsGatewayForm *form, ErrorList *errors)
{
	static const char *const names[] = {"code",           "title",          "kind",
										"state",          "rank",           "weight",
										"ratePerMinute",  "batchSize",      "timeout",
										"resendDoubtful", "method",         "url",
										"headers",        "body",           "numberSeparator",
										"success",        "refusal",        "idPattern",
										"userName",       "password",       "sender",
										"reportBase",     "reportNetworks", "reportFields",
										"reportStates",   "newToken",       NULL};
	static const char *const kinds[] = {"kannel", "http", NULL};
	static const char *const states[] = {"active", "disabled", NULL};

	memset(form, 0, sizeof(*form));
	form->kind = kinds[0];
	if (!MemberKind(root, JSON_OBJECT,
					MESSAGE("an object, for example {\"code\": \"kannel\", \"title\": \"Kannel\"}"), errors))
		return;
	MembersKnown(root, names, errors);
	form->code = MemberText(root, "code", true, CODE_MAX, errors);
	if (form->code != NULL &&
		(strspn(form->code, "abcdefghijklmnopqrstuvwxyz0123456789._-") != strlen(form->code) ||
		 !isalnum((unsigned char) form->code[0])))
		ErrorAdd(errors, "/code", CBD_FIELD_CHARACTER,
				 "small letters, digits, points, hyphens and underscores, for example kannel-1");
	form->title = MemberText(root, "title", true, TITLE_MAX, errors);
	form->kind = ReadChoice(root, "kind", kinds, MESSAGE("kannel or http"), errors);
	form->state = ReadChoice(root, "state", states, MESSAGE("active or disabled"), errors);
	form->rank = ReadWhole(root, "rank", 1, 1000, 1, errors);
	form->weight = ReadWhole(root, "weight", 1, 1000, 1, errors);
	form->rate = ReadWhole(root, "ratePerMinute", 0, 1000000, 0, errors);
	form->batch_size = ReadWhole(root, "batchSize", 1, SMS_NUMBERS_MAX, SMS_NUMBERS_MAX, errors);
	form->timeout = ReadWhole(root, "timeout", 1, 120, 30, errors);
	form->resend_doubtful = MemberBool(root, "resendDoubtful", errors);
	ReadRequest(root, form, errors);
	ReadReports(root, form, errors);
}
