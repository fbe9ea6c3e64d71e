/*
 * Tables of parameters and members as data: names, types, meanings, limits. A member that is an object, or an
 * array of them, has its members behind it with a longer name (medias[].mediaType); what has a name of its
 * own among the structures is a link instead, so tables end. Everything here may come from a publisher: it
 * stays text until it is escaped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "manual/manual_page.h"

const char *
ManualWord(const ManualSource *source, const char *group, const char *name, const char *otherwise)
{
	return PageWord(source->pages, source->language, group, name, otherwise);
}

#define DEPTH_LIMIT 4 /* of members shown in one table */

const char *
StringOf(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

const char *
ReferenceName(const json_t *object)
{
	const char *slash = strrchr(StringOf(object, "$ref"), '/');

	return slash == NULL ? "" : slash + 1;
}

const json_t *
Resolved(const ManualSource *source, const json_t *object, const char *kind)
{
	const char *name = ReferenceName(object);

	return name[0] == '\0'
			   ? object
			   : json_object_get(json_object_get(json_object_get(source->spec, "components"), kind), name);
}

bool
IsStandard(const json_t *object)
{
	return strncmp(ReferenceName(object), "data.", 5) == 0;
}

bool
IsOperator(const json_t *schema)
{
	return json_object_get(schema, "x-filter") != NULL;
}

void
AddListed(json_t *list, json_t *member)
{
	json_object_set_new(member, "more", json_boolean(json_array_size(list) > 0));
	json_array_append_new(list, member);
}

/* ---- texts ---- */

/* Without the \ before < that keeps readers of Markdown from taking it for HTML (openapi_resource.c). */
static json_t *
Unescaped(const char *text, size_t length)
{
	const char *end = text + length, *escape;
	Text plain = {NULL, 0, 0};
	json_t *string;

	while ((escape = memmem(text, (size_t) (end - text), "\\<", 2)) != NULL)
	{
		TextAdd(&plain, text, (size_t) (escape - text));
		text = escape + 1;
	}
	TextAdd(&plain, text, (size_t) (end - text));
	string = json_stringn(plain.bytes, plain.length);
	free(plain.bytes);
	return string;
}

/* The parts of one paragraph. */
static json_t *
Paragraph(const char *text, size_t length)
{
	json_t *parts = json_array();
	bool code = false;

	while (length > 0)
	{
		const char *accent = memchr(text, '`', length);
		size_t part = accent == NULL ? length : (size_t) (accent - text);

		if (part > 0)
			json_array_append_new(parts, json_pack("{s:o,s:n}", code ? "code" : "plain",
												   Unescaped(text, part), code ? "plain" : "code"));
		code = !code;
		part += accent != NULL;
		text += part;
		length -= part;
	}
	return json_pack("{s:o}", "parts", parts);
}

json_t *
TextData(const char *text)
{
	json_t *paragraphs;

	if (text[0] == '\0')
		return json_null();
	paragraphs = json_array();
	for (const char *end; (end = strstr(text, "\n\n")) != NULL; text = end + 2)
		json_array_append_new(paragraphs, Paragraph(text, (size_t) (end - text)));
	json_array_append_new(paragraphs, Paragraph(text, strlen(text)));
	return json_pack("{s:o}", "paragraphs", paragraphs);
}

/* ---- types ---- */

static void
AddPiece(json_t *pieces, const char *plain)
{
	json_array_append_new(pieces, json_pack("{s:s,s:n}", "plain", plain, "structure"));
}

/* A type in the language of the page; one that has no word as it is. */
static const char *
TypeName(const ManualSource *source, const char *type)
{
	return ManualWord(source, "types", type, type);
}

/* Appends the pieces of a schema's type: its structure, its alternatives, or its types but null, between
 * slashes. That a value can be null is left out: every optional member can. */
static void
AddType(const ManualSource *source, json_t *pieces, const json_t *schema)
{
	const json_t *type = json_object_get(schema, "type");
	const char *name = ReferenceName(schema);
	bool first = true;
	json_t *one;
	size_t i;

	if (strchr(name, '.') != NULL) /* a resource's item: its fields follow */
		AddPiece(pieces, TypeName(source, "object"));
	else if (name[0] != '\0')
		json_array_append_new(pieces, json_pack("{s:s,s:n}", "structure", name, "plain"));
	json_array_foreach(json_object_get(schema, "oneOf"), i, one)
	{
		if (strcmp(StringOf(one, "type"), "null") == 0)
			continue;
		if (i > 0)
			AddPiece(pieces, " / ");
		AddType(source, pieces, one);
	}
	json_array_foreach(type, i, one)
	{
		if (strcmp(json_string_value(one), "null") == 0)
			continue;
		if (!first)
			AddPiece(pieces, " / ");
		AddPiece(pieces, TypeName(source, json_string_value(one)));
		first = false;
	}
	if (!json_is_string(type))
		return;
	if (strcmp(json_string_value(type), "array") != 0)
	{
		AddPiece(pieces, TypeName(source, json_string_value(type)));
		return;
	}
	AddType(source, pieces, json_object_get(schema, "items"));
	AddPiece(pieces, TypeName(source, "[]"));
}

json_t *
TypeData(const ManualSource *source, const json_t *schema)
{
	json_t *pieces = json_array();

	AddType(source, pieces, schema);
	return pieces;
}

/* ---- rows ---- */

json_t *
TableData(bool placed)
{
	return json_pack("{s:b,s:[]}", "placed", placed, "rows");
}

/* The member of that type, or null; borrowed. */
static json_t *
MemberOrNull(const json_t *object, const char *name, json_type type)
{
	json_t *member = json_object_get(object, name);

	return member != NULL && json_typeof(member) == type ? member : json_null();
}

/* {"list": [{"value", "more"}]} of the values that the schema, or its items, may have; null: any. */
static json_t *
Values(const json_t *schema)
{
	const json_t *values = json_object_get(schema, "enum");
	json_t *list, *one;
	size_t i;

	if (values == NULL)
		values = json_object_get(json_object_get(schema, "items"), "enum");
	if (json_array_size(values) == 0)
		return json_null();
	list = json_array();
	json_array_foreach(values, i, one)
	{
		if (!json_is_null(one))
			AddListed(list, json_pack("{s:O}", "value", one));
	}
	return json_pack("{s:o}", "list", list);
}

/* {"address", "codes": [{"code", "name", "more"}]}; null: it has no code table. */
static json_t *
CodeTable(const json_t *schema)
{
	json_t *list, *one;
	size_t i;

	if (!json_is_string(json_object_get(schema, "x-codeTable")))
		return json_null();
	list = json_array();
	json_array_foreach(json_object_get(schema, "x-codes"), i, one)
		AddListed(list, json_pack("{s:s,s:s}", "code", StringOf(one, "code"), "name", StringOf(one, "name")));
	return json_pack("{s:s,s:o}", "address", StringOf(schema, "x-codeTable"), "codes", list);
}

/* {"list": [{"value", "more"}]} of the operators that a field can be compared by; null: it is no field. */
static json_t *
Operators(const json_t *schema)
{
	json_t *list, *one;
	size_t i;

	if (json_array_size(json_object_get(schema, "x-operators")) == 0)
		return json_null();
	list = json_array();
	json_array_foreach(json_object_get(schema, "x-operators"), i, one)
		AddListed(list, json_pack("{s:O}", "value", one));
	return json_pack("{s:o}", "list", list);
}

/* What belongs to the meaning: values, length, default, unit, level, operators, codes. */
static void
AddLimits(json_t *row, const json_t *schema)
{
	bool levelled = json_integer_value(json_object_get(schema, "x-level")) > 1;

	json_object_set_new(row, "values", Values(schema));
	json_object_set(row, "longest", MemberOrNull(schema, "maxLength", JSON_INTEGER));
	json_object_set(row, "default", MemberOrNull(schema, "default", JSON_STRING));
	json_object_set(row, "unit", MemberOrNull(schema, "x-unit", JSON_STRING));
	json_object_set(row, "level", levelled ? json_object_get(schema, "x-level") : json_null());
	json_object_set_new(row, "operators", Operators(schema));
	json_object_set_new(row, "codeTable", CodeTable(schema));
}

/* A row of the table; takes the name. `place`: where a parameter stands, NULL for members. */
static void
AddRow(const ManualSource *source, json_t *table, json_t *name, bool must, const char *place,
	   const char *about, const json_t *schema)
{
	json_t *row = json_pack("{s:o,s:b,s:s?,s:o,s:o}", "name", name, "must", must, "place", place, "types",
							TypeData(source, schema), "about", Unescaped(about, strlen(about)));

	AddLimits(row, schema);
	json_array_append_new(json_object_get(table, "rows"), row);
}

static bool
Requires(const json_t *schema, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(schema, "required"), i, one)
	{
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	}
	return false;
}

/* A row a member, members of members behind it. */
static void
AddDeepMembers(const ManualSource *source, json_t *table, const json_t *schema, const char *prefix, bool must,
			   int depth)
{
	json_t *one;
	const char *name;

	json_object_foreach(json_object_get((json_t *) schema, "properties"), name, one)
	{
		const json_t *member = IsStandard(one) ? Resolved(source, one, "schemas") : one;
		bool array = strcmp(StringOf(member, "type"), "array") == 0;
		const json_t *inner = array ? json_object_get(member, "items") : member;
		json_t *longer;

		if (IsOperator(one))
			continue;
		longer = json_sprintf("%s%s%s.", prefix, name, array ? "[]" : "");
		AddRow(source, table, json_sprintf("%s%s", prefix, name), must && Requires(schema, name), NULL,
			   StringOf(member, "description"), member);
		if (depth < DEPTH_LIMIT && ReferenceName(inner)[0] == '\0')
			AddDeepMembers(source, table, inner, json_string_value(longer), must, depth + 1);
		json_decref(longer);
	}
}

void
AddMembers(const ManualSource *source, json_t *table, const json_t *schema, const char *prefix, bool must)
{
	AddDeepMembers(source, table, schema, prefix, must, prefix[0] != '\0');
}

void
AddParameter(const ManualSource *source, json_t *table, const json_t *parameter)
{
	const char *place = StringOf(parameter, "in");

	AddRow(source, table, json_string(StringOf(parameter, "name")),
		   json_is_true(json_object_get(parameter, "required")), ManualWord(source, "places", place, place),
		   StringOf(parameter, "description"), json_object_get(parameter, "schema"));
}
