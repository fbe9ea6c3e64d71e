/*
 * The kind of Open311 GeoReport v2: bodies as that specification has them, without the envelope.
 *
 *   path ends with .json: JSON; else XML, its default. The extension writes the JSON; XML is made of it: the
 *   elements of an array are named by what the array is (services/service, requests:
 * service_requests/request) a refusal  [{"code":400,"description":"lat: was not provided"}],
 * <errors><error>...
 *
 * HTTP status: a wrong or missing api_key is 403, what is wrong with the fields 400, as the specification
 * says. jurisdiction_id and parameters that are not known are taken and ignored: clients send them.
 */
#include "kind/kinds.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "reply/reply.h"
#include "reply/xml.h"
#include "request/params.h"
#include "wire/status_codes.h"

/* Names of XML by those of JSON: of an array, its elements. */
static const char *const element_names[][2] = {{"services", "service"},
											   {"service_requests", "request"},
											   {"service_request_updates", "request_update"},
											   {"attributes", "attribute"},
											   {"values", "value"},
											   {"endpoints", "endpoint"},
											   {"formats", "format"},
											   {"errors", "error"}};

/* The root element of a path's XML. */
static const char *const roots[][2] = {{"/open311/v2/services", "services"},
									   {"/open311/v2/services/", "service_definition"},
									   {"/open311/v2/requests", "service_requests"},
									   {"/open311/v2/tokens", "service_requests"},
									   {"/open311/v2/servicerequestupdates", "service_request_updates"},
									   {"/open311/discovery", "discovery"}};

void
Open311Discovery(Request *request)
{
	const char *issuer = IssuerOrRefuse(request);
	char *text;

	if (issuer == NULL)
		return;
	text = ArenaPrint(
		&request->arena,
		"{\"changeset\":\"2026-11-27T00:00:00Z\",\"contact\":\"%s/docs\",\"key_service\":\"%s/docs\","
		"\"endpoints\":[{\"specification\":\"http://wiki.open311.org/GeoReport_v2\",\"url\":"
		"\"%s/open311/v2\",\"changeset\":\"2026-11-27T00:00:00Z\",\"type\":\"production\","
		"\"formats\":[\"text/xml\",\"application/json\"]}]}",
		issuer, issuer, issuer);
	request->data = (Span){text, strlen(text)};
}

/* ---- XML ---- */

static const char *
ElementName(const char *array)
{
	for (size_t i = 0; i < sizeof(element_names) / sizeof(element_names[0]); i++)
		if (strcmp(element_names[i][0], array) == 0)
			return element_names[i][1];
	return "item";
}

/* A character that XML 1.0 does not allow becomes a question mark. */
static void
WriteText(XmlDocument *xml, const char *value)
{
	char *text = strdup(value);

	if (text == NULL)
		abort(); /* as everywhere when memory ends */
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char) *c < 0x20 && *c != '\t' && *c != '\n' && *c != '\r')
			*c = '?';
	xmlTextWriterWriteString(xml->writer, (const xmlChar *) text);
	free(text);
}

/* A value as the content of the open element, whose name is that of an array's. */
static void
WriteValue(XmlDocument *xml, const char *name, const json_t *value)
{
	const char *key;
	json_t *inner;
	size_t i;

	if (json_is_object(value))
		json_object_foreach((json_t *) value, key, inner)
		{
			XmlOpen(xml, key);
			WriteValue(xml, key, inner);
			XmlClose(xml);
		}
	else if (json_is_array(value))
		json_array_foreach(value, i, inner)
		{
			XmlOpen(xml, ElementName(name));
			WriteValue(xml, ElementName(name), inner);
			XmlClose(xml);
		}
	else if (json_is_string(value))
		WriteText(xml, json_string_value(value));
	else if (!json_is_null(value))
	{
		char *text = json_dumps(value, JSON_ENCODE_ANY);

		WriteText(xml, text == NULL ? "" : text);
		free(text);
	}
}

/* The root of the request's XML: that of the longest path that it begins with. */
static const char *
RootName(const Request *request)
{
	const char *name = "errors";
	size_t longest = 0;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
	{
		size_t length = strlen(roots[i][0]);

		if (length > longest && request->path.length >= length &&
			memcmp(request->path.text, roots[i][0], length) == 0)
		{
			longest = length;
			name = roots[i][1];
		}
	}
	return name;
}

/* The JSON text becomes XML with that root. */
static void
MakeXml(Text *text, const char *root)
{
	json_t *value = json_loadb(text->bytes, text->length, JSON_DECODE_ANY, NULL);
	XmlDocument xml;

	if (!XmlBegin(&xml, "utf-8"))
		abort(); /* as everywhere when memory ends */
	XmlOpen(&xml, root);
	WriteValue(&xml, root, value);
	XmlEnd(&xml, text);
	json_decref(value);
}

/* ---- errors ---- */

/* One error: {"code","description"}; the field is what the pointer names. */
static void
AddError(Text *text, unsigned http, const char *pointer, const char *message)
{
	Text description = {NULL, 0, 0};

	TextPrint(&description, "%s%s%s", pointer == NULL || pointer[0] != '/' ? "" : pointer + 1,
			  pointer == NULL || pointer[0] != '/' ? "" : ": ", message);
	TextPrint(text, "%s{\"code\":%u,\"description\":", text->length > 1 ? "," : "", http);
	TextAddJson(text, description.bytes);
	TextAdd(text, "}", 1);
	free(description.bytes);
}

/* The errors that the extension has listed in the data; false: it has none. */
static bool
AddTold(const Request *request, unsigned http, Text *text)
{
	json_t *data =
		request->data.length == 0 ? NULL : json_loadb(request->data.text, request->data.length, 0, NULL);
	json_t *error;
	size_t i;
	bool told = json_array_size(json_object_get(data, "errors")) > 0;

	json_array_foreach(json_object_get(data, "errors"), i, error)
		AddError(text, http, json_string_value(json_object_get(error, "pointer")),
				 json_string_value(json_object_get(error, "message")));
	json_decref(data);
	return told;
}

static unsigned
Open311Http(int status)
{
	unsigned http = StatusHttp(status);

	return http == 401 ? 403 : http == 422 ? 400 : http;
}

/* [{"code","description"}...] of a refusal. */
static void
AddErrors(const Request *request, Text *text)
{
	unsigned http = Open311Http(request->status);

	TextAdd(text, "[", 1);
	if (!AddTold(request, http, text))
	{
		for (const Error *error = request->errors; error != NULL; error = error->next)
			AddError(text, http, error->pointer, request->wanted.chinese ? error->chinese : error->message);
		if (request->errors == NULL)
			AddError(text, http, NULL, StatusText(request->status, request->wanted.chinese));
	}
	TextAdd(text, "]", 1);
}

/* Kind.make */
static void
Open311Make(Request *request, Reply *reply)
{
	bool json = PathSuffix(request->path, ".json");

	if (request->status == CBD_OK)
		TextAdd(&reply->text, request->data.text, request->data.length);
	else
		AddErrors(request, &reply->text);
	if (!json)
		MakeXml(&reply->text, request->status == CBD_OK ? RootName(request) : "errors");
	reply->type = json ? "application/json; charset=utf-8" : "text/xml; charset=utf-8";
}

const Kind kind_open311 = {.name = "open311",
						   .refusals = "Open311Errors",
						   .other = FieldIgnored,
						   .http = Open311Http,
						   .make = Open311Make,
						   .own_challenge = true};
