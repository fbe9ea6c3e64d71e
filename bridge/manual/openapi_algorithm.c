/* OpenAPI of the algorithms that a caller may run, from the catalogue's documents
 * (citybigdata.algorithm_document()). */
#include <stdio.h>
#include <string.h>

#include "manual/openapi.h"
#include "wire/paths.h"

#define ADDRESS API_PATH "/analysis/"

void
CopyResponses(Spec *spec, json_t *operation, const char *path, const char *method)
{
	json_t *general = json_object_get(json_object_get(spec->paths, path), method);
	json_t *responses = json_object_get(operation, "responses");
	const char *http;
	json_t *response;

	json_object_foreach(json_object_get(general, "responses"), http, response)
	{
		if (json_object_get(responses, http) == NULL)
			json_object_set(responses, http, response);
	}
	json_object_set(operation, "x-ownCodes", json_object_get(general, "x-ownCodes"));
}

/* Limits of numbers, which the document has as texts, and the values that may be given. */
static void
AddLimits(json_t *schema, const json_t *about)
{
	static const char *const limits[][2] = {{"min", "minimum"}, {"max", "maximum"}};
	const char *type = json_string_value(json_object_get(schema, "type"));
	bool number = type != NULL && (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0);

	for (size_t i = 0; number && i < sizeof(limits) / sizeof(limits[0]); i++)
	{
		const char *text = json_string_value(json_object_get(about, limits[i][0]));
		json_t *value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);

		if (json_is_number(value))
			json_object_set(schema, limits[i][1], value);
		json_decref(value);
	}
	if (type != NULL && strcmp(type, "string") == 0 && json_is_array(json_object_get(about, "values")))
		json_object_set(schema, "enum", json_object_get(about, "values"));
	if (json_is_string(json_object_get(about, "unit")))
		json_object_set(schema, "x-unit", json_object_get(about, "unit"));
}

/* What of the algorithm stands beside its operation. */
static json_t *
About(const json_t *document)
{
	static const char *const names[] = {"code", "level", "source", "cost", "timeout", "cacheFor", "keepDays"};
	json_t *about = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		json_t *value = json_object_get(document, names[i]);

		if (value != NULL && !json_is_null(value))
			json_object_set(about, names[i], value);
	}
	return about;
}

/* An operation without its parameters. */
static json_t *
Operation(const Spec *spec, const json_t *document, const char *verb)
{
	const char *code = json_string_value(json_object_get(document, "code"));
	const char *title = TextOf(spec, document, "title", "titleZh");
	const char *text = TextOf(spec, document, "description", "descriptionZh");

	return json_pack("{s:[s],s:o,s:s,s:o,s:o,s:[],s:{}}", "tags", "resources", "operationId",
					 json_sprintf("%sAnalysis-%s", verb, code), "summary", title, "description",
					 MarkdownOf(text[0] == '\0' ? title : text), "security",
					 json_pack("[{s:[]},{s:[]},{s:[]},{s:[],s:[],s:[],s:[]}]", "bearer", "oauth2", "authCode",
							   "signatureAppCode", "signatureTimestamp", "signatureNonce", "signature"),
					 "parameters", "responses");
}

void
AddAlgorithm(Spec *spec, const json_t *document, const json_t *tables)
{
	const char *code = json_string_value(json_object_get(document, "code"));
	json_t *get = Operation(spec, document, "get"), *post = Operation(spec, document, "post");
	json_t *body = json_object();
	json_t *about;
	size_t i;
	char path[160], query[128];

	snprintf(path, sizeof(path), ADDRESS "%s", code);
	snprintf(query, sizeof(query), "%s.Query", code);
	json_object_set_new(get, "x-resource", About(document));
	json_array_foreach(json_object_get(document, "parameters"), i, about)
	{
		json_t *schema = TypeSchema(json_string_value(json_object_get(about, "type")));

		AddLimits(schema, about);
		AddCodeTable(schema, about, tables);
		(void) AddOwn(json_object_get(get, "parameters"), body,
					  json_string_value(json_object_get(about, "name")), schema, TitleAndText(spec, about),
					  about);
	}
	json_object_del(post, "parameters");
	json_object_set_new(post, "requestBody",
						json_pack("{s:{s:{s:o},s:{s:o}}}", "content", "application/json", "schema",
								  Reference("schemas", query), "application/x-www-form-urlencoded", "schema",
								  Reference("schemas", query)));
	json_object_set_new(spec->schemas, query, json_pack("{s:s,s:o}", "type", "object", "properties", body));
	CopyResponses(spec, get, ADDRESS "{algorithm}", "get");
	CopyResponses(spec, post, ADDRESS "{algorithm}", "post");
	AddSample(spec, get, "get", path);
	SetPath(spec, path, "get", get);
	SetPath(spec, path, "post", post);
}
