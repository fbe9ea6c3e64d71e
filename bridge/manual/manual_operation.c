/* One operation of the OpenAPI document as data of web/manual/operation.html. */
#include <stdlib.h>
#include <string.h>

#include "manual/manual_page.h"
#include "manual/openapi.h"
#include "reply/reply.h"
#include "wire/status_codes.h"

static bool
MemberIs(const json_t *object, const char *name, const char *wanted)
{
	return strcmp(StringOf(object, name), wanted) == 0;
}

/* ---- what it takes ---- */

/* The parameters that every resource takes are described once, with the platform's own address of published
 * data: here they are only named. {"names": […]} */
static json_t *
StandardNames(const json_t *parameters)
{
	json_t *names = json_array(), *one;
	size_t i;

	json_array_foreach(parameters, i, one)
	{
		if (IsStandard(one))
			json_array_append_new(names, json_string(strchr(ReferenceName(one), '.') + 1));
	}
	return json_pack("{s:o}", "names", names);
}

/* A table and "standard"; null: it takes none. */
static json_t *
Parameters(const ManualSource *source, const json_t *operation)
{
	const json_t *parameters = json_object_get(operation, "parameters");
	bool resource = json_object_get(operation, "x-resource") != NULL;
	json_t *table, *one;
	size_t i;

	if (json_array_size(parameters) == 0)
		return json_null();
	table = TableData(true);
	json_object_set_new(table, "standard", resource ? StandardNames(parameters) : json_null());
	json_array_foreach(parameters, i, one)
	{
		if (!resource || (!IsStandard(one) && !IsOperator(json_object_get(one, "schema"))))
			AddParameter(source, table, Resolved(source, one, "parameters"));
	}
	return table;
}

/* First content type of a body or response, and its media type object. */
static const json_t *
Media(const json_t *object, const char **type)
{
	json_t *content = json_object_get(object, "content");
	void *first = json_object_iter(content);

	*type = first == NULL ? "" : json_object_iter_key(first);
	return first == NULL ? NULL : json_object_iter_value(first);
}

/* A table and "mediaTypes"; null: there is no body. */
static json_t *
BodyOf(const ManualSource *source, const json_t *operation)
{
	json_t *content = json_object_get(json_object_get(operation, "requestBody"), "content");
	const char *name;
	const json_t *media = Media(json_object_get(operation, "requestBody"), &name);
	json_t *table, *types, *one;

	if (media == NULL)
		return json_null();
	types = json_array();
	json_object_foreach(content, name, one) AddListed(types, json_pack("{s:s}", "value", name));
	table = TableData(false);
	json_object_set_new(table, "mediaTypes", types);
	AddMembers(source, table, Resolved(source, json_object_get(media, "schema"), "schemas"), "", true);
	return table;
}

/* ---- what it answers ---- */

/* The schema of `data` inside the envelope; NULL: there is none. */
static const json_t *
DataSchema(const ManualSource *source, const json_t *schema)
{
	const json_t *all = json_object_get(Resolved(source, schema, "schemas"), "allOf");

	return json_object_get(json_object_get(json_array_get(all, 1), "properties"), "data");
}

static bool
IsPageOfItems(const json_t *schema)
{
	return strstr(ReferenceName(schema), ".Page") != NULL;
}

/* Members of a reply, those of a page's items behind them; null: it has none. */
static json_t *
ReplyMembers(const ManualSource *source, const json_t *schema)
{
	const json_t *shown = Resolved(source, schema, "schemas");
	const json_t *items = json_object_get(json_object_get(shown, "properties"), "items");
	json_t *table;

	if (json_object_size(json_object_get(shown, "properties")) == 0)
		return json_null();
	table = TableData(false);
	AddMembers(source, table, shown, "", false);
	if (IsPageOfItems(schema))
		AddMembers(source, table, Resolved(source, json_object_get(items, "items"), "schemas"), "items[].",
				   false);
	return table;
}

/* {"isNull", "structure", "inData", "types", "mediaType", "text", "members", "example"} */
static json_t *
ReplyOf(const ManualSource *source, const json_t *operation)
{
	const char *type;
	const json_t *media = Media(json_object_get(json_object_get(operation, "responses"), "200"), &type);
	const json_t *data = DataSchema(source, json_object_get(media, "schema"));
	const json_t *schema = data == NULL ? json_object_get(media, "schema") : data;
	const json_t *example = json_object_get(media, "example");
	bool null = data != NULL && MemberIs(data, "type", "null");
	bool named = ReferenceName(schema)[0] != '\0' || json_object_get(schema, "oneOf") != NULL;
	bool structure = !null && named && !IsPageOfItems(schema);
	bool members = !null && !structure;
	char *printed =
		example == NULL ? NULL : json_dumps(example, JSON_INDENT(2) | JSON_ENCODE_ANY | SPEC_NUMBERS);
	json_t *reply = json_pack(
		"{s:b,s:b,s:b,s:o,s:s?,s:o,s:o,s:s?}", "isNull", null, "structure", structure, "inData", data != NULL,
		"types", TypeData(source, schema), "mediaType", members && data == NULL ? type : NULL, "text",
		TextData(members && data != NULL ? StringOf(schema, "description") : ""), "members",
		members ? ReplyMembers(source, schema) : json_null(), "example", printed);

	free(printed);
	return reply;
}

/* Codes of its own with what they mean, and those of every call of its kind. [{"number", "own", "meaning"}]
 */
static json_t *
StatusCodes(const ManualSource *source, const json_t *operation)
{
	const json_t *own = json_object_get(operation, "x-ownCodes");
	json_t *codes = json_array(), *response, *code, *one;
	const char *http;
	size_t i, n;

	json_object_foreach(json_object_get((json_t *) operation, "responses"), http, response)
	{
		json_array_foreach(json_object_get(Resolved(source, response, "responses"), "x-statusCodes"), i, code)
		{
			const StatusRow *row = StatusFind((int) json_integer_value(code));
			bool mine = false;

			json_array_foreach(own, n, one) mine =
				mine || json_integer_value(one) == json_integer_value(code);
			json_array_append_new(codes, json_pack("{s:O,s:b,s:s}", "number", code, "own", mine, "meaning",
												   Say(source->language, row->english, row->chinese)));
		}
	}
	return codes;
}

/* ---- who may call it ---- */

/* What one way of authorisation is called; no way: what a call without credentials rests on. */
static const char *
WayName(const ManualSource *source, const json_t *operation, const json_t *way)
{
	const char *tag = json_string_value(json_array_get(json_object_get(operation, "tags"), 0));
	const char *name, *word = NULL;
	json_t *scopes;

	if (json_object_size(way) == 0)
		return ManualWord(source, "anonymous", tag, ManualWord(source, "anonymous", "other", ""));
	json_object_foreach((json_t *) way, name, scopes) if (word == NULL) word =
		ManualWord(source, "security", name, NULL);
	return word == NULL ? "" : word;
}

/* The ways in one string. */
static json_t *
Security(const ManualSource *source, const json_t *operation)
{
	const json_t *ways = json_object_get(operation, "security");
	Text text = {NULL, 0, 0};
	json_t *security, *one;
	size_t i;

	if (json_array_size(ways) == 0)
		TextAddString(&text, ManualWord(source, "security", "none", ""));
	json_array_foreach(ways, i, one)
	{
		TextAddString(&text, i == 0 ? "" : " · ");
		TextAddString(&text, WayName(source, operation, one));
	}
	security = json_string(text.bytes);
	free(text.bytes);
	return security;
}

/* Digits of a day or time as people read them: 20261127094521 -> 2026-11-27 09:45:21. */
static json_t *
ReadableTime(const char *digits)
{
	size_t length = strlen(digits);

	if (strspn(digits, "0123456789") != length || (length != 8 && length != 14))
		return json_string(digits);
	if (length == 8)
		return json_sprintf("%.4s-%.2s-%.2s", digits, digits + 4, digits + 6);
	return json_sprintf("%.4s-%.2s-%.2s %.2s:%.2s:%.2s", digits, digits + 4, digits + 6, digits + 8,
						digits + 10, digits + 12);
}

/* One fact in words: codes of ours, and those usual for cycles, have words in page.json; what a publisher
 * wrote stays as it is. A new reference. */
static json_t *
FactValue(const ManualSource *source, const json_t *resource, const char *name)
{
	json_t *value = json_object_get(resource, name);
	const char *text = json_string_value(value);

	if (text == NULL)
		return json_incref(value);
	if (strcmp(name, "publishedAt") == 0 || strcmp(name, "sunset") == 0)
		return ReadableTime(text);
	if (strcmp(name, "industry") == 0 && source->language == CHINESE)
		text = json_object_get(resource, "industryName") == NULL ? text : StringOf(resource, "industryName");
	return json_string(ManualWord(source, name, text, text));
}

/* Layer, owner and so on of a published resource: {"code", "list": [{"label", "value", "more"}]}; null: it is
 * an operation of the platform. */
static json_t *
Facts(const ManualSource *source, const json_t *resource)
{
	static const char *const names[] = {"layer", "industry",    "source",      "level",  "version",
										"owner", "updateCycle", "publishedAt", "sunset", "crs"};
	json_t *list;

	if (resource == NULL)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (json_object_get(resource, names[i]) != NULL)
			AddListed(list, json_pack("{s:s,s:o}", "label", ManualWord(source, "facts", names[i], ""),
									  "value", FactValue(source, resource, names[i])));
	}
	return json_pack("{s:s,s:o}", "code", StringOf(resource, "code"), "list", list);
}

json_t *
OperationData(const ManualSource *source, const char *path, const char *method, const json_t *operation)
{
	const json_t *sample = json_array_get(json_object_get(operation, "x-codeSamples"), 0);
	json_t *data = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "id", StringOf(operation, "operationId"), "title",
							 StringOf(operation, "summary"), "method", method, "verb",
							 strcmp(method, "post") == 0 ? "POST" : "GET", "path", path, "sample",
							 sample == NULL ? json_null() : json_string(StringOf(sample, "source")));

	json_object_set_new(data, "text", TextData(StringOf(operation, "description")));
	json_object_set_new(data, "security", Security(source, operation));
	json_object_set_new(data, "facts", Facts(source, json_object_get(operation, "x-resource")));
	json_object_set_new(data, "parameters", Parameters(source, operation));
	json_object_set_new(data, "body", BodyOf(source, operation));
	json_object_set_new(data, "reply", ReplyOf(source, operation));
	json_object_set_new(data, "codes", StatusCodes(source, operation));
	return data;
}
