/*
 * What OpenAPI documents say of a resource's fields and of its own parameters: titles and descriptions of the
 * publisher, code tables, and filters: field=value, field.op=value.
 *
 *   mastHeight=9       the field's name alone: equal; several values joined by commas
 *   mastHeight.ge=9    a parameter for each other operator of the field, as resource_document() lists them
 *
 * A parameter with an operator has the member x-filter, the name of its field: the manual's page leaves it
 * out, since it shows the operators (x-operators) with the field.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "manual/openapi.h"

#define PATTERN_MAX 256 /* of like, in bytes (extension/data/query_filter.c) */

/* What a filter with an operator asks for: these words stand behind the title of the field. */
typedef struct FilterWords
{
	const char *op;
	const char *english, *chinese;
} FilterWords;

static const FilterWords filter_words[] = {
	{"eq", ": equal", "：等于"},
	{"ne", ": not equal", "：不等于"},
	{"lt", ": less", "：小于"},
	{"le", ": less or equal", "：小于等于"},
	{"gt", ": greater", "：大于"},
	{"ge", ": greater or equal", "：大于等于"},
	{"in", ": one of these", "：其中之一"},
	{"like", ": a pattern; % is any text, _ any character, after \\ they are themselves",
	 "：匹配模式；% 表示任意文本，_ 表示任意一个字符，前加 \\ 时表示其自身"},
	{"isNull", ": true has no value, false has one", "：true 表示无值，false 表示有值"}};

const char *
TextOf(const Spec *spec, const json_t *object, const char *english, const char *chinese)
{
	const char *text = spec->language == CHINESE ? json_string_value(json_object_get(object, chinese)) : NULL;

	if (text == NULL)
		text = json_string_value(json_object_get(object, english));
	return text == NULL ? "" : text;
}

/* Descriptions are CommonMark, and some readers let HTML in it through: what a publisher wrote must stay
 * text. */
json_t *
MarkdownOf(const char *messages)
{
	Text text = {NULL, 0, 0};
	json_t *string;

	for (const char *less; (less = strchr(messages, '<')) != NULL; messages = less + 1)
	{
		TextAdd(&text, messages, (size_t) (less - messages));
		TextAddString(&text, "\\<");
	}
	TextAddString(&text, messages);
	string = json_string(text.bytes);
	free(text.bytes);
	return string;
}

json_t *
TitleOf(const Spec *spec, const json_t *object)
{
	return MarkdownOf(TextOf(spec, object, "title", "titleZh"));
}

json_t *
TitleAndText(const Spec *spec, const json_t *object)
{
	const char *title = TextOf(spec, object, "title", "titleZh");
	const char *text = TextOf(spec, object, "description", "descriptionZh");

	json_t *plain, *messages;

	if (text[0] == '\0' || strncmp(text, title, strlen(title)) == 0)
		return MarkdownOf(text[0] == '\0' ? title : text);
	plain = json_sprintf(Say(spec->language, "%s. %s", "%s。%s"), title, text);
	messages = MarkdownOf(json_string_value(plain));
	json_decref(plain);
	return messages;
}

void
AddCodeTable(json_t *schema, const json_t *field, const json_t *tables)
{
	const char *address = json_string_value(json_object_get(field, "codeTable"));
	const char *name = address == NULL ? NULL : strrchr(address, '/');
	json_t *rows = name == NULL ? NULL : json_object_get(tables, name + 1);

	if (address == NULL)
		return;
	json_object_set_new(schema, "x-codeTable", json_string(address));
	if (json_array_size(rows) > 0)
		json_object_set(schema, "x-codes", rows);
}

json_t *
AddOwn(json_t *parameters, json_t *body, const char *name, json_t *schema, json_t *text, const json_t *about)
{
	json_t *parameter =
		json_pack("{s:s,s:s,s:b,s:O,s:O}", "name", name, "in", "query", "required",
				  json_is_true(json_object_get(about, "required")), "description", text, "schema", schema);
	json_t *member = json_copy(schema);

	if (json_is_string(json_object_get(about, "default")))
		json_object_set(parameter, "x-default", json_object_get(about, "default"));
	json_object_set(member, "description", text);
	json_object_set_new(body, name, member);
	json_array_append_new(parameters, parameter);
	json_decref(schema);
	json_decref(text);
	return parameter;
}

/* One value: a number or truth as what it is, all else as text; of a time with an example. */
static json_t *
ValueSchema(const char *type)
{
	static const char *const own[] = {"integer", "number", "boolean"};

	for (size_t i = 0; type != NULL && i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(type, own[i]) == 0)
			return TypeSchema(type);
	if (type != NULL && strcmp(type, "time") == 0)
		return json_pack("{s:s,s:[s]}", "type", "string", "examples", "20240102030405");
	if (type != NULL && strcmp(type, "day") == 0)
		return json_pack("{s:s,s:[s]}", "type", "string", "examples", "20240102");
	return TypeSchema("text");
}

/* The values of an operator. */
static json_t *
OperandSchema(const char *op, const char *type)
{
	if (strcmp(op, "isNull") == 0)
		return TypeSchema("boolean");
	if (strcmp(op, "like") == 0)
		return json_pack("{s:s,s:i}", "type", "string", "maxLength", PATTERN_MAX);
	if (strcmp(op, "in") == 0)
		return json_pack("{s:s,s:o,s:i}", "type", "array", "items", ValueSchema(type), "minItems", 1);
	return ValueSchema(type);
}

/* What the filter asks for, of a title; takes the title. */
static json_t *
FilterText(const Spec *spec, const char *op, json_t *title)
{
	const char *words = "";
	json_t *text;

	for (size_t i = 0; i < sizeof(filter_words) / sizeof(filter_words[0]); i++)
		if (strcmp(filter_words[i].op, op) == 0)
			words = Say(spec->language, filter_words[i].english, filter_words[i].chinese);
	text = json_sprintf("%s%s", json_string_value(title), words);
	json_decref(title);
	return text;
}

/* field.op */
static void
AddOperator(Spec *spec, json_t *parameters, json_t *body, const json_t *field, const char *op,
			const json_t *tables)
{
	const char *name = json_string_value(json_object_get(field, "name"));
	json_t *schema = OperandSchema(op, json_string_value(json_object_get(field, "type")));
	json_t *full = json_sprintf("%s.%s", name, op);
	json_t *parameter;

	json_object_set_new(schema, "x-filter", json_string(name));
	if (strcmp(op, "in") == 0 || strcmp(op, "ne") == 0)
		AddCodeTable(schema, field, tables);
	parameter = AddOwn(parameters, body, json_string_value(full), schema,
					   FilterText(spec, op, TitleOf(spec, field)), NULL);
	if (strcmp(op, "in") == 0) /* joined by commas; repeated will do too */
		json_object_set_new(parameter, "explode", json_false());
	json_decref(full);
}

void
AddFilters(Spec *spec, json_t *parameters, json_t *body, const json_t *field, const json_t *tables)
{
	const char *name = json_string_value(json_object_get(field, "name"));
	json_t *operators = json_object_get(field, "operators");
	bool taken = json_object_get(body, name) != NULL; /* by a parameter: the field is filtered by name.eq */
	json_t *schema, *text, *op;
	size_t i;

	if (json_is_true(json_object_get(field, "filterable")) && !taken)
	{
		schema = ValueSchema(json_string_value(json_object_get(field, "type")));
		AddCodeTable(schema, field, tables);
		json_object_set(schema, "x-operators", operators);
		text = TitleAndText(spec, field);
		(void) AddOwn(parameters, body, name, schema,
					  json_sprintf(Say(spec->language, "Filter: %s", "筛选：%s"), json_string_value(text)),
					  NULL);
		json_decref(text);
	}
	json_array_foreach(operators, i, op)
	{
		if (taken || strcmp(json_string_value(op), "eq") != 0)
			AddOperator(spec, parameters, body, field, json_string_value(op), tables);
	}
}
