/* OpenAPI of the platform: one operation a route, from the route table and its messages. */
#include "manual/openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply/reply.h"
#include "wire/status_codes.h"

/* The schema of a parameter: what its messages say, else what its kind means. */
static json_t *
ParameterSchema(ParamType type, const json_t *messages)
{
	static const char *const of_messages[] = {"text", "example", "required", "x-inSample", "title", "kind"};
	json_t *schema = json_copy((json_t *) messages);

	for (size_t i = 0; i < sizeof(of_messages) / sizeof(of_messages[0]); i++)
		json_object_del(schema, of_messages[i]);
	if (json_object_get(schema, "type") != NULL || json_object_get(schema, "$ref") != NULL ||
		json_object_get(schema, "oneOf") != NULL)
		return schema;
	if (type == PARAM_LIST)
	{
		json_object_set_new(schema, "type", json_string("array"));
		json_object_set_new(schema, "items", json_pack("{s:s}", "type", "string"));
	}
	else
		json_object_set_new(schema, "type", json_string(type == PARAM_BOOL ? "boolean" : "string"));
	return schema;
}

/* A parameter of path, query or header. */
static json_t *
OuterParameter(const Spec *spec, const char *name, const char *in, ParamType type, const json_t *messages)
{
	json_t *schema = ParameterSchema(type, messages);
	json_t *worded = Worded(schema, spec->language);
	json_t *example = json_object_get(messages, "example");
	bool required = strcmp(in, "path") == 0 || json_is_true(json_object_get(messages, "required"));
	json_t *parameter = json_pack("{s:s,s:s,s:b,s:s,s:o}", "name", name, "in", in, "required", required,
								  "description", Word(messages, "text", spec->language), "schema", worded);

	if (example != NULL && !json_is_null(example))
		json_object_set(parameter, "example", example);
	if (json_object_get(messages, "x-inSample") != NULL)
		json_object_set(parameter, "x-inSample", json_object_get(messages, "x-inSample"));
	json_decref(schema);
	return parameter;
}

/* A member of the request body. */
static void
AddMember(const Spec *spec, json_t *body, json_t *example, const char *name, const Param *param,
		  const json_t *messages)
{
	json_t *schema = ParameterSchema(param == NULL ? PARAM_TEXT : param->type, messages);
	json_t *worded = Worded(schema, spec->language);
	json_t *required = json_object_get(body, "required");
	Text text = {NULL, 0, 0};

	TextAddString(&text, Word(messages, "text", spec->language));
	if (param != NULL && (param->from & IN_QUERY))
		TextAddString(&text, Say(spec->language, " (in the query too)", "（也可在查询串中）"));
	if (param != NULL && param->alias != NULL)
		TextPrint(&text, Say(spec->language, " (%s is accepted too)", "（也可写作 %s）"), param->alias);
	json_object_set_new(worded, "description", json_string(text.bytes));
	json_object_set_new(json_object_get(body, "properties"), name, worded);
	if (json_is_true(json_object_get(messages, "required")))
	{
		if (required == NULL)
			json_object_set_new(body, "required", required = json_array());
		json_array_append_new(required, json_string(name));
	}
	if (json_object_get(messages, "example") != NULL)
		json_object_set(example, name, json_object_get(messages, "example"));
	json_decref(schema);
	free(text.bytes);
}

/* Parameters that the extension alone knows, where the messages name them: `query` with their words, and
 * those of published data that are taken too. */
static void
AddNamed(const Spec *spec, json_t *parameters, const json_t *entry)
{
	json_t *messages, *standard;
	const char *name;
	size_t i;

	json_object_foreach(json_object_get(entry, "query"), name, messages)
		json_array_append_new(parameters, OuterParameter(spec, name, "query", PARAM_TEXT, messages));
	json_array_foreach(json_object_get(entry, "standard"), i, standard)
		AddStandard(parameters, NULL, json_string_value(standard));
}

/* The parameters in the order of the table, those that every route takes where the messages name them. */
static void
AddParameters(Spec *spec, json_t *operation, const Route *route, const json_t *entry, json_t *body,
			  json_t *example)
{
	json_t *parameters = json_object_get(operation, "parameters");
	const json_t *messages = json_object_get(entry, "parameters");
	json_t *common, *own;
	const char *name;

	json_object_foreach(json_object_get((json_t *) CommonMessages(), "parameters"), name, common)
	{
		own = RouteTakes(route, name) ? NULL : json_object_get(messages, name);
		if (own != NULL && route->method == METHOD_POST)
			AddMember(spec, body, example, name, NULL, own);
		else if (own != NULL)
			json_array_append_new(parameters, OuterParameter(spec, name, "query", PARAM_TEXT, own));
	}
	for (int i = 0; i < ROUTE_PARAMS && route->params[i].name != NULL; i++)
	{
		const Param *param = &route->params[i];
		const json_t *word = json_object_get(messages, param->name);

		if (param->name[0] == '\0' || word == NULL)
			continue;
		if (param->from & IN_PATH)
			json_array_append_new(parameters, OuterParameter(spec, param->name, "path", param->type, word));
		else if (param->from & IN_HEADER)
			json_array_append_new(parameters, OuterParameter(spec, param->name, "header", param->type, word));
		else if (param->from & IN_BODY)
			AddMember(spec, body, example, param->name, param, word);
		else
			json_array_append_new(parameters, OuterParameter(spec, param->name, "query", param->type, word));
	}
	AddNamed(spec, parameters, entry);
	if (route->kind->formats & FORMATS_OTHER)
		AddStandards(parameters, json_object_get(body, "properties"), route->method == METHOD_POST);
}

/* Does the reply come in the envelope, as JSON or XML? */
static bool
Enveloped(const Route *route, const json_t *entry)
{
	return route->kind->envelope && route->kind->formats != 0 && json_object_get(entry, "content") == NULL;
}

/* What the routes of a kind have in common: form of the reply, and asking again. */
static void
AddShared(json_t *operation, const Route *route, const json_t *entry)
{
	json_t *parameters = json_object_get(operation, "parameters");

	if (Enveloped(route, entry) && !(route->kind->formats & FORMATS_OTHER)) /* that has them among its own */
	{
		if (json_object_get(json_object_get(entry, "parameters"), "format") == NULL)
			json_array_append_new(parameters, Reference("parameters", "format"));
		json_array_append_new(parameters, Reference("parameters", "charset"));
	}
	if (route->kind->tagged && RouteParam(route, "If-None-Match") < 0)
		json_array_append_new(parameters, Reference("parameters", "If-None-Match"));
}

static void
AddBody(Spec *spec, json_t *operation, const Route *route, const json_t *entry)
{
	json_t *body = json_pack("{s:s,s:{}}", "type", "object", "properties");
	json_t *example = json_object();
	json_t *given = json_object_get(entry, "request");
	const char *id = json_string_value(json_object_get(entry, "id"));
	json_t *content;
	char name[128];

	AddParameters(spec, operation, route, entry, body, example);
	AddShared(operation, route, entry);
	/* a body of the sender's own members has an example all the same */
	if (json_object_size(json_object_get(body, "properties")) > 0 || given != NULL)
	{
		snprintf(name, sizeof(name), "%sRequest", id);
		json_object_set(spec->schemas, name, body);
		content = json_object();
		if (!route->kind->oauth)
			json_object_set_new(content, "application/json",
								json_pack("{s:o,s:O}", "schema", Reference("schemas", name), "example",
										  given == NULL ? example : given));
		json_object_set_new(content, "application/x-www-form-urlencoded",
							json_pack("{s:o}", "schema", Reference("schemas", name)));
		if (!route->kind->oauth)
			json_object_set_new(content, "multipart/form-data",
								json_pack("{s:o}", "schema", Reference("schemas", name)));
		else
			json_object_set(json_object_get(content, "application/x-www-form-urlencoded"), "example",
							given == NULL ? example : given);
		json_object_set_new(operation, "requestBody",
							json_pack("{s:b,s:o}", "required", json_object_get(body, "required") != NULL,
									  "content", content));
	}
	json_decref(body);
	json_decref(example);
}

/* What is said beside the messages: who may call it. */
static json_t *
Description(const Spec *spec, const Route *route, const json_t *entry)
{
	const char *text = Word(entry, "text", spec->language);

	if (route->role != NULL)
		return json_sprintf(
			Say(spec->language, "%s%sFor administrators of the role %s.", "%s%s仅限角色为 %s 的管理员。"),
			text, text[0] == '\0' ? "" : "\n\n", route->role);
	if (route->resource != NULL && route->resource[0] == '{')
		return json_sprintf(
			Say(spec->language, "%s\n\nNeeds a grant on that resource.", "%s\n\n须已获该资源的授权。"), text);
	if (route->resource != NULL)
		return json_sprintf(
			Say(spec->language, "%s%sNeeds a grant on the resource %s.", "%s%s须已获资源 %s 的授权。"), text,
			text[0] == '\0' ? "" : "\n\n", route->resource);
	return json_string(text);
}

static void
AddSuccess(Spec *spec, json_t *operation, const Route *route, const json_t *entry)
{
	json_t *content = json_object_get(entry, "content");
	json_t *reply = json_object_get(entry, "reply");
	json_t *example = json_object_get(entry, "example");
	json_t *data = reply == NULL ? json_pack("{s:s}", "type", "null") : Worded(reply, spec->language);
	json_t *responses = json_object_get(operation, "responses");
	json_t *more;
	const char *http;

	CompleteReply(data);
	if (content != NULL)
	{
		json_object_set_new(responses, "200",
							json_pack("{s:s,s:o}", "description", Say(spec->language, "Done", "成功"),
									  "content", Worded(content, spec->language)));
		json_decref(data);
	}
	else if (route->kind->oauth || route->kind->msg) /* the reply is described as it is */
	{
		json_t *media = json_pack("{s:o}", "schema", data);

		/* a refusal comes with 200, too, and has its errors there */
		if (route->kind->msg)
			json_object_del(json_object_get(json_object_get(data, "properties"), "data"), "required");
		if (example != NULL)
			json_object_set(media, "example", example);
		json_object_set_new(responses, "200",
							json_pack("{s:s,s:{s:o}}", "description", Say(spec->language, "Done", "成功"),
									  "content", "application/json", media));
	}
	else
		AddReply(spec, operation, json_string_value(json_object_get(entry, "id")), data, example);
	if (route->kind->formats == 0)
		json_object_del(json_object_get(json_object_get(responses, "200"), "content"), "application/xml");
	json_object_update(json_object_get(json_object_get(responses, "200"), "content"),
					   json_object_get(entry, "also"));
	if (route->method == METHOD_GET && route->kind->tagged)
		json_object_set_new(responses, "304",
							json_pack("{s:s}", "description",
									  Say(spec->language, "As before: If-None-Match has its ETag",
										  "未变化：If-None-Match 含其 ETag")));
	json_object_foreach(json_object_get(entry, "more"), http, more)
		json_object_set_new(responses, http, Worded(more, spec->language));
}

static void
AddOperation(Spec *spec, const Route *route)
{
	int chapter;
	const json_t *entry = MessagesOf(route, &chapter);
	const char *method = route->method == METHOD_POST ? "post" : "get";
	Codes codes = {{0}, 0};
	json_t *operation, *code;
	size_t i;

	if (entry == NULL) /* MessagesCheck() tells */
		return;
	operation = json_pack("{s:[s],s:O,s:s,s:o,s:o,s:[],s:{}}", "tags", ChapterTag(chapter), "operationId",
						  json_object_get(entry, "id"), "summary", Word(entry, "title", spec->language),
						  "description", Description(spec, route, entry), "security", SecurityOf(route),
						  "parameters", "responses");
	AddBody(spec, operation, route, entry);
	AddSuccess(spec, operation, route, entry);
	RouteCodes(&codes, route);
	json_array_foreach(json_object_get(entry, "codes"), i, code)
		AddCode(&codes, (int) json_integer_value(code));
	if (json_object_get(entry, "codes") != NULL)
		json_object_set(operation, "x-ownCodes", json_object_get(entry, "codes"));
	AddResponses(spec, operation, &codes, route->kind);
	if (!route->kind->page)
		AddSample(spec, operation, method, route->path);
	if (json_array_size(json_object_get(operation, "parameters")) == 0)
		json_object_del(operation, "parameters");
	SetPath(spec, route->path, method, operation);
}

json_t *
SpecPlatform(Language language, const char *server)
{
	static const char *const shared[][2] = {
		{"format", "query"}, {"charset", "query"}, {"If-None-Match", "header"}};
	Spec spec = {language, NULL, json_object(), BaseSchemas(language), json_object()};
	const json_t *info = json_object_get(CommonMessages(), "info");
	json_t *tags = json_array();
	json_t *parameters = json_object();
	json_t *components;

	AddStandardComponents(&spec, parameters);
	for (int i = 0; Chapter(i) != NULL; i++)
		json_array_append_new(tags, json_pack("{s:s,s:s,s:s}", "name", ChapterTag(i), "x-displayName",
											  Word(Chapter(i), "title", language), "description",
											  Word(Chapter(i), "text", language)));
	for (int i = 0; RouteAt(i) != NULL; i++)
		AddOperation(&spec, RouteAt(i));
	components = json_pack("{s:o,s:o,s:o,s:o}", "schemas", spec.schemas, "responses", spec.responses,
						   "parameters", parameters, "securitySchemes", SecuritySchemes(&spec, server));
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		json_object_set_new(
			parameters, shared[i][0],
			OuterParameter(&spec, shared[i][0], shared[i][1], PARAM_TEXT,
						   json_object_get(json_object_get(CommonMessages(), "parameters"), shared[i][0])));
	return json_pack("{s:s,s:{s:s,s:s,s:s,s:{s:s,s:s}},s:[{s:s}],s:o,s:o,s:o}", "openapi", "3.1.0", "info",
					 "title", Word(info, "title", language), "version", CBD_VERSION, "description",
					 Word(info, "text", language), "license", "name", "PostgreSQL", "identifier",
					 "PostgreSQL", "servers", "url", server[0] == '\0' ? "/" : server, "tags", tags, "paths",
					 spec.paths, "components", components);
}
