/*
 * What schemas of replies say beside the messages: which members always come, all of an object but those that
 * are "optional" in the messages (an object that has "required" of its own keeps it); and how XML writes them
 * (reply/xml.c): a list is an element with an <item> for each member.
 *
 * The schemas are changed where they are. None of this can fail.
 */
#include "manual/openapi.h"

#include <string.h>

/* The schemas below: members, elements, alternatives. Calls `change` for each. */
static void
Below(json_t *schema, void (*change)(json_t *))
{
	static const char *const lists[] = {"allOf", "anyOf", "oneOf"};
	json_t *member;
	const char *name;
	size_t i;

	json_object_foreach(json_object_get(schema, "properties"), name, member) change(member);
	if (json_is_object(json_object_get(schema, "items")))
		change(json_object_get(schema, "items"));
	if (json_is_object(json_object_get(schema, "additionalProperties")))
		change(json_object_get(schema, "additionalProperties"));
	for (size_t n = 0; n < sizeof(lists) / sizeof(lists[0]); n++)
		json_array_foreach(json_object_get(schema, lists[n]), i, member) change(member);
}

/* "required" of an object that has none: the members that are not optional. */
static void
Require(json_t *schema)
{
	json_t *properties = json_object_get(schema, "properties");
	json_t *required = json_array(), *member;
	const char *name;

	json_object_foreach(properties, name, member)
	{
		if (!json_is_true(json_object_get(member, "optional")))
			json_array_append_new(required, json_string(name));
	}
	if (json_array_size(required) > 0 && json_object_get(schema, "required") == NULL)
		json_object_set(schema, "required", required);
	json_object_foreach(properties, name, member) json_object_del(member, "optional");
	json_decref(required);
}

static bool
IsArray(const json_t *schema)
{
	const json_t *type = json_object_get(schema, "type"), *one;
	size_t i;

	json_array_foreach(type, i, one)
	{
		if (strcmp(json_string_value(one), "array") == 0)
			return true;
	}
	return json_is_string(type) && strcmp(json_string_value(type), "array") == 0;
}

void
CompleteReply(json_t *schema)
{
	json_t *items = json_object_get(schema, "items");

	if (json_is_object(json_object_get(schema, "properties")))
		Require(schema);
	if (IsArray(schema))
		json_object_set_new(schema, "xml", json_pack("{s:b}", "wrapped", 1));
	if (IsArray(schema) && json_is_object(items))
		json_object_set_new(items, "xml", json_pack("{s:s}", "name", "item"));
	Below(schema, CompleteReply);
}
