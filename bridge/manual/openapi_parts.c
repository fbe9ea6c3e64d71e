/* What OpenAPI operations are made of: codes, responses, replies, samples, ways of authorisation. */
#include "kind/oauth.h"
#include "manual/openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply/reply.h"
#include "wire/status_codes.h"

#define REQUEST_ID "478829b6c8643d6400000002" /* in examples */

json_t *
Reference(const char *kind, const char *name)
{
	char text[256];

	snprintf(text, sizeof(text), "#/components/%s/%s", kind, name);
	return json_pack("{s:s}", "$ref", text);
}

/* ---- codes ---- */

void
AddCode(Codes *codes, int number)
{
	for (int i = 0; i < codes->count; i++)
		if (codes->numbers[i] == number)
			return;
	if (codes->count == (int) (sizeof(codes->numbers) / sizeof(codes->numbers[0])))
		abort(); /* more than any operation has */
	codes->numbers[codes->count++] = number;
}

static void
AddCodes(Codes *codes, const int *numbers)
{
	for (; *numbers != 0; numbers++)
		AddCode(codes, *numbers);
}

/* Does the route take a parameter from there? */
static bool
TakesFrom(const Route *route, int source)
{
	for (int i = 0; i < ROUTE_PARAMS && route->params[i].name != NULL; i++)
		if (route->params[i].from & source)
			return true;
	return false;
}

void
RouteCodes(Codes *codes, const Route *route)
{
	static const int body[] = {CBD_MALFORMED_JSON,
							   CBD_MALFORMED_FORM,
							   CBD_INVALID_CHARACTER,
							   CBD_DUPLICATE_KEY,
							   CBD_TOO_DEEP,
							   CBD_INVALID_PARAMETER,
							   CBD_REPEATED_PARAMETER,
							   CBD_INVALID_ENCODING,
							   CBD_TOO_LARGE,
							   CBD_UNSUPPORTED_MEDIA_TYPE,
							   0};
	static const int query[] = {CBD_INVALID_CHARACTER,  CBD_INVALID_PARAMETER, CBD_UNKNOWN_PARAMETER,
								CBD_REPEATED_PARAMETER, CBD_INVALID_ENCODING,  0};
	static const int caller[] = {CBD_INVALID_GRANT,
								 CBD_INVALID_APP_CODE,
								 CBD_CONFLICTING_CREDENTIALS,
								 CBD_INVALID_HEADER,
								 CBD_UNAUTHORIZED,
								 CBD_INVALID_TOKEN,
								 CBD_INVALID_SIGNATURE,
								 CBD_METHOD_NOT_GRANTED,
								 CBD_LOCKED_OUT,
								 0};
	static const int granted[] = {CBD_ADDRESS_NOT_ALLOWED, CBD_FORBIDDEN,      CBD_INSUFFICIENT_SCOPE,
								  CBD_TOO_MANY_REQUESTS,   CBD_QUOTA_EXCEEDED, 0};
	static const int password[] = {CBD_INVALID_CREDENTIALS, CBD_PASSWORD_EXPIRED, CBD_LOCKED_OUT, 0};
	static const int account[] = {CBD_ACCOUNT_PENDING, CBD_ACCOUNT_NOT_ACTIVE, 0};
	static const int role[] = {CBD_NOT_ADMINISTRATOR, CBD_WRONG_ROLE, 0};
	static const int database[] = {
		CBD_INTERNAL_ERROR, CBD_UNAVAILABLE, CBD_OVERLOADED, CBD_DATABASE_UNAVAILABLE,
		CBD_NOT_SET_UP,     CBD_MASTER_KEY,  CBD_TIMEOUT,    0};

	AddCode(codes, CBD_URI_TOO_LONG);
	AddCode(codes, CBD_HEADER_TOO_LARGE);
	if (route->kind->formats != 0) /* format and charset */
		AddCode(codes, CBD_INVALID_PARAMETER);
	if (TakesFrom(route, IN_BODY) || route->method == METHOD_POST)
		AddCodes(codes, body);
	if (route->method == METHOD_GET && route->function != NULL && !route->kind->oauth &&
		!(route->flags & ROUTE_NO_CONTEXT))
		AddCodes(codes, query);
	if (!(route->flags & ROUTE_OPEN) || route->kind->document)
		AddCodes(codes, caller);
	if (route->resource != NULL)
		AddCodes(codes, granted);
	if (route->flags & (ROUTE_BASIC | ROUTE_PASSWORD))
		AddCodes(codes, password);
	if (route->flags & ROUTE_BASIC)
		AddCodes(codes, account);
	if (route->role != NULL)
		AddCodes(codes, role);
	if (route->function != NULL)
		AddCodes(codes, database);
}

static int
CompareNumbers(const void *a, const void *b)
{
	return *(const int *) a - *(const int *) b;
}

/* ---- responses ---- */

/* The name of a kind's refusals among the responses; that of their schema too, where they are JSON. */
static const char *
RefusalName(const Kind *kind)
{
	if (kind->refusals != NULL)
		return kind->refusals;
	return !kind->oauth ? "Failure" : kind->page ? "ErrorPage" : "OAuthError";
}

/* The content of a refusal: media types, with an example of the first number. */
static json_t *
RefusalContent(const Spec *spec, const Kind *kind, const StatusRow *row)
{
	json_t *schema = Reference("schemas", RefusalName(kind));

	if (kind->msg)
		return json_pack("{s:{s:o,s:{s:o,s:s,s:n}}}", "application/json", "schema", schema, "example", "code",
						 json_sprintf("%d", row->number), "msg",
						 Say(spec->language, row->english, row->chinese), "data");
	if (kind->exceptions)
		return json_pack("{s:{s:o,s:{s:o,s:s}},s:{s:{s:s}}}", "application/json", "schema", schema, "example",
						 "code", json_sprintf("%d", row->number), "description",
						 Say(spec->language, row->english, row->chinese), "text/html", "schema", "type",
						 "string");
	if (kind->refusals != NULL)
		return json_pack("{s:{s:o,s:[{s:i,s:s}]},s:{s:{s:s}}}", "application/json", "schema", schema,
						 "example", "code", row->http, "description", row->english, "text/xml", "schema",
						 "type", "string");
	if (!kind->oauth)
		return json_pack("{s:{s:o,s:{s:b,s:i,s:i,s:s,s:s,s:n}},s:{s:o}}", "application/json", "schema",
						 schema, "example", "success", 0, "code", -1, "statusCode", row->number, "message",
						 Say(spec->language, row->english, row->chinese), "requestId", REQUEST_ID, "data",
						 "application/xml", "schema", Reference("schemas", "Failure"));
	if (!kind->page)
		return json_pack("{s:{s:o,s:{s:s,s:s}}}", "application/json", "schema", schema, "example", "error",
						 OauthErrorName((unsigned) row->http), "error_description", row->english);
	json_decref(schema);
	return json_pack("{s:{s:{s:s}}}", "text/html", "schema", "type", "string");
}

/* Text and list of the codes, for reader and machine. */
static json_t *
CodesResponse(const Spec *spec, const int *numbers, int count, const Kind *kind)
{
	json_t *list = json_array();
	Text text = {NULL, 0, 0};
	json_t *response;

	for (int i = 0; i < count; i++)
	{
		const StatusRow *row = StatusFind(numbers[i]);

		TextPrint(&text, "%s%d %s", i > 0 ? "; " : "", row->number,
				  spec->language == CHINESE ? row->chinese : row->english);
		json_array_append_new(list, json_integer(row->number));
	}
	response = json_pack("{s:s,s:o,s:o}", "description", text.bytes, "content",
						 RefusalContent(spec, kind, StatusFind(numbers[0])), "x-statusCodes", list);
	free(text.bytes);
	return response;
}

/* A component of the responses for these codes, made once; a reference to it. */
static json_t *
SharedResponse(Spec *spec, const int *numbers, int count, const Kind *kind)
{
	Text name = {NULL, 0, 0};
	json_t *reference;

	TextAddString(&name, RefusalName(kind));
	for (int i = 0; i < count; i++)
		TextPrint(&name, "-%d", numbers[i]);
	if (json_object_get(spec->responses, name.bytes) == NULL)
		json_object_set_new(spec->responses, name.bytes, CodesResponse(spec, numbers, count, kind));
	reference = json_pack("{s:o}", "$ref", json_sprintf("#/components/responses/%s", name.bytes));
	free(name.bytes);
	return reference;
}

void
AddResponses(Spec *spec, json_t *operation, Codes *codes, const Kind *kind)
{
	json_t *responses = json_object_get(operation, "responses");
	json_t *inside = json_array();
	char http[16];

	qsort(codes->numbers, (size_t) codes->count, sizeof(int), CompareNumbers);
	for (int first = 0; first < codes->count; first++)
	{
		unsigned status = KindHttp(kind, codes->numbers[first]);
		Codes same = {{0}, 0}; /* those that are told by the same HTTP status */

		snprintf(http, sizeof(http), "%u", status);
		if (status == 200) /* in the body of a success */
			json_array_append_new(inside, json_integer(codes->numbers[first]));
		else if (json_object_get(responses, http) == NULL)
		{
			for (int i = first; i < codes->count; i++)
				if (KindHttp(kind, codes->numbers[i]) == status)
					AddCode(&same, codes->numbers[i]);
			json_object_set_new(responses, http, SharedResponse(spec, same.numbers, same.count, kind));
		}
	}
	if (json_array_size(inside) > 0)
		json_object_set(json_object_get(responses, "200"), "x-statusCodes", inside);
	json_decref(inside);
}

/* The envelope around `data` (a schema, which is taken) under the operation's 200. */
void
AddReply(Spec *spec, json_t *operation, const char *id, json_t *data, const json_t *example)
{
	json_t *content, *responses = json_object_get(operation, "responses");
	char name[128];

	snprintf(name, sizeof(name), "%sReply", id);
	json_object_set_new(spec->schemas, name,
						json_pack("{s:[o,{s:s,s:{s:o}}],s:{s:s}}", "allOf", Reference("schemas", "Envelope"),
								  "type", "object", "properties", "data", data, "xml", "name", "response"));
	content = json_pack("{s:{s:o},s:{s:o}}", "application/json", "schema", Reference("schemas", name),
						"application/xml", "schema", Reference("schemas", name));
	json_object_set_new(json_object_get(content, "application/json"), "example",
						json_pack("{s:b,s:i,s:i,s:s,s:s,s:o}", "success", 1, "code", 0, "statusCode", 0,
								  "message", Say(spec->language, "OK", "成功"), "requestId", REQUEST_ID,
								  "data", example == NULL ? json_null() : json_deep_copy(example)));
	json_object_set_new(
		responses, "200",
		json_pack("{s:s,s:o}", "description", Say(spec->language, "Done", "成功"), "content", content));
}

/* ---- samples ---- */

/* The path with the examples of its parameters, and a query of those that have one and must be given. */
static void
AddTarget(Text *text, const json_t *parameters, const char *path)
{
	json_t *parameter;
	size_t i;
	bool first = true;

	for (const char *brace; (brace = strchr(path, '{')) != NULL; path = strchr(brace, '}') + 1)
	{
		size_t length = strcspn(brace + 1, "}");

		TextAdd(text, path, (size_t) (brace - path));
		json_array_foreach(parameters, i, parameter)
		{
			const char *name = json_string_value(json_object_get(parameter, "name"));
			json_t *example = json_object_get(parameter, "example");

			if (name == NULL || !SpanIs((Span){brace + 1, length}, name))
				continue;
			if (json_is_string(example))
				TextAddString(text, json_string_value(example));
			else
				TextPrint(text, "%" JSON_INTEGER_FORMAT, json_integer_value(example));
		}
	}
	TextAddString(text, path);
	json_array_foreach(parameters, i, parameter)
	{
		json_t *example = json_object_get(parameter, "example");
		const char *from = json_string_value(json_object_get(parameter, "in"));
		const char *value = json_string_value(example);

		if ((value == NULL && !json_is_integer(example)) || from == NULL || strcmp(from, "query") != 0 ||
			json_is_false(json_object_get(parameter, "x-inSample")))
			continue;
		TextPrint(text, "%c%s=", first ? '?' : '&', json_string_value(json_object_get(parameter, "name")));
		first = false;
		if (value != NULL)
			TextAddEncoded(text, value, strlen(value), "!$'()*,/:;<=>?@\\^`|");
		else
			TextPrint(text, "%" JSON_INTEGER_FORMAT, json_integer_value(example));
	}
}

static const char *
CredentialOf(const json_t *operation)
{
	const json_t *first = json_array_get(json_object_get(operation, "security"), 0);
	bool client =
		json_object_get(json_array_get(json_object_get(operation, "security"), 1), "bearer") == NULL;

	if (json_object_get(first, "basic") != NULL)
		return client ? "" : " -u \"$CBD_USER:$CBD_PASSWORD\"";
	return json_object_get(first, "bearer") != NULL ? " -H \"Authorization: Bearer $TOKEN\"" : "";
}

/* One option of curl a member. */
static void
AddFields(Text *text, const json_t *body)
{
	json_t *value;
	const char *name;

	json_object_foreach((json_t *) body, name, value)
	{
		char *printed =
			json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | SPEC_NUMBERS);

		TextPrint(text, " \\\n  --data-urlencode '%s=", name);
		TextAddString(text, printed == NULL ? json_string_value(value) : printed);
		TextAddString(text, "'");
		free(printed);
	}
}

/* A line for the shell in x-codeSamples. */
void
AddSample(Spec *spec, json_t *operation, const char *method, const char *path)
{
	const json_t *content = json_object_get(json_object_get(operation, "requestBody"), "content");
	const json_t *body = json_object_get(json_object_get(content, "application/json"), "example");
	const json_t *form =
		json_object_get(json_object_get(content, "application/x-www-form-urlencoded"), "example");
	Text text = {NULL, 0, 0};

	TextAddString(&text, "curl --cacert \"$CBD_CA\"");
	TextAddString(&text, CredentialOf(operation));
	TextAddString(&text, " \"$CBD_URL");
	AddTarget(&text, json_object_get(operation, "parameters"), path);
	TextAddString(&text, "\"");
	if (form != NULL || strncmp(path, "/openapi/", 9) == 0)
		AddFields(&text, form != NULL ? form : body);
	else if (body != NULL)
	{
		char *printed = json_dumps(body, JSON_INDENT(2) | SPEC_NUMBERS);

		TextAddString(&text, " \\\n  -H 'Content-Type: application/json' -d '");
		TextAddString(&text, printed);
		TextAddString(&text, "'");
		free(printed);
	}
	else if (strcmp(method, "post") == 0)
		TextAddString(&text, " -d ''");
	json_object_set_new(operation, "x-codeSamples",
						json_pack("[{s:s,s:s}]", "lang", "Shell", "source", text.bytes));
	free(text.bytes);
}

void
SetPath(Spec *spec, const char *path, const char *method, json_t *operation)
{
	json_t *item = json_object_get(spec->paths, path);

	if (item == NULL)
	{
		item = json_object();
		json_object_set_new(spec->paths, path, item);
	}
	json_object_set_new(item, method, operation);
}
