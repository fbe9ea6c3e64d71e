/* The parameters that every published resource takes, as shared components of the document. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manual/openapi.h"

/* Which schema a type of the catalogue has. A time is 14 digits, or Unix seconds where they were asked for.
 */
json_t *
TypeSchema(const char *type)
{
	if (type == NULL)
		return json_pack("{s:s}", "type", "string");
	if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0 || strcmp(type, "boolean") == 0)
		return json_pack("{s:s}", "type", type);
	if (strcmp(type, "time") == 0 || strcmp(type, "day") == 0)
		return json_pack("{s:[s,s]}", "type", "string", "integer");
	if (strcmp(type, "array") == 0)
		return json_pack("{s:s,s:{}}", "type", "array", "items");
	if (strcmp(type, "geometry") == 0)
		return json_pack("{s:s}", "type", "object");
	if (strcmp(type, "file") == 0) /* its address */
		return json_pack("{s:s,s:s}", "type", "string", "format", "uri");
	if (strcmp(type, "json") == 0)
		return json_object();
	if (strlen(type) > 2 && strcmp(type + strlen(type) - 2, "[]") == 0)
		return json_pack("{s:s,s:{s:s}}", "type", "array", "items", "type", "string");
	return json_pack("{s:s}", "type", "string");
}

/* The example of a parameter in the type of its schema. */
static json_t *
TypedExample(const char *kind, const json_t *example)
{
	const char *text = json_string_value(example);

	if (strcmp(kind, "integer") == 0)
		return json_integer(strtol(text, NULL, 10));
	if (strcmp(kind, "boolean") == 0)
		return json_boolean(strcmp(text, "true") == 0);
	if (strcmp(kind + strlen(kind) - 2, "[]") == 0)
		return json_pack("[s]", text);
	return json_string(text);
}

/* authCode is a way of authorisation, and accessToken never stands in an address. */
static bool
IsCredential(const char *name)
{
	return strcmp(name, "authCode") == 0 || strcmp(name, "accessToken") == 0;
}

/* Its type with what else is known of its values (common.json); the database tells type and meaning only. */
static json_t *
LimitedSchema(const char *name, const char *kind)
{
	json_t *limits = json_object_get(json_object_get(CommonMessages(), "dataParameters"), name);
	json_t *schema = TypeSchema(kind);

	if (limits != NULL)
		json_object_update(schema, limits);
	return schema;
}

void
AddStandardComponents(Spec *spec, json_t *parameters)
{
	json_t *messages;
	const char *name;

	json_object_foreach((json_t *) DataParameters(), name, messages)
	{
		const char *kind = json_string_value(json_object_get(messages, "kind"));
		json_t *example = json_object_get(messages, "example");
		json_t *text =
			json_sprintf(Say(spec->language, "%s. %s", "%s。%s"), Word(messages, "title", spec->language),
						 Word(messages, "text", spec->language));
		json_t *schema = LimitedSchema(name, kind);
		json_t *parameter = json_pack("{s:s,s:s,s:b,s:O,s:O,s:b}", "name", name, "in", "query", "required", 0,
									  "description", text, "schema", schema, "x-inSample", 0);
		json_t *member;
		char key[80];

		if (json_object_get(schema, "items") != NULL)
			json_object_set_new(parameter, "explode",
								json_false()); /* joined by commas; repeated will do too */
		if (json_is_string(example))
			json_object_set_new(parameter, "example", TypedExample(kind, example));
		member = json_copy(schema);
		json_object_set(member, "description", text);
		snprintf(key, sizeof(key), "data.%s", name);
		if (!IsCredential(name))
			json_object_set(parameters, key, parameter);
		if (strcmp(name, "authCode") != 0)
			json_object_set(spec->schemas, key, member);
		json_decref(parameter);
		json_decref(member);
		json_decref(schema);
		json_decref(text);
	}
}

void
AddStandard(json_t *parameters, json_t *body, const char *name)
{
	char key[80];

	if (strcmp(name, "authCode") == 0)
		return;
	snprintf(key, sizeof(key), "data.%s", name);
	json_object_set_new(body, name, Reference("schemas", key));
	if (!IsCredential(name))
		json_array_append_new(parameters, Reference("parameters", key));
}

void
AddStandards(json_t *parameters, json_t *body, bool in_body)
{
	json_t *others = json_array(), *none = json_object();
	json_t *messages;
	const char *name;

	json_object_foreach((json_t *) DataParameters(), name, messages)
		AddStandard(in_body ? others : parameters, in_body ? body : none, name);
	json_decref(others);
	json_decref(none);
}
