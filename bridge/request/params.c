/*
 * Parameters: the fields of a request and its headers into the values of the route's parameter table, by
 * name. Values point into the body or the request's arena.
 */
#include <string.h>
#include <strings.h>

#include "base/json_text.h"
#include "request/fields.h"
#include "request/json_input.h"
#include "request/request.h"
#include "text/array_literal.h"
#include "text/json_pointer.h"
#include "text/utf8.h"
#include "wire/status_codes.h"

#define LIST_LIMIT  1000 /* elements of a list parameter */
#define SHOWN_TOKEN 20   /* bytes of a JSON token shown in an error */

/* Pointer to a field: the valid start of its name. */
static const char *
Pointer(Request *request, Span name)
{
	size_t length =
		Utf8FirstInvalid(name.text, name.length < POINTER_NAME_MAX ? name.length : POINTER_NAME_MAX);
	char *pointer = ArenaAlloc(&request->arena, POINTER_PART_SIZE(length));

	JsonPointerPart(name.text, length, pointer);
	return pointer;
}

/* Number of the route's parameter of that name, or -1. */
static int
FindParam(const Route *route, Span name, int source)
{
	for (int i = 0; i < RouteParamCount(route); i++)
		if ((route->params[i].from & source) &&
			(SpanIs(name, route->params[i].name) ||
			 (route->params[i].alias != NULL && SpanIs(name, route->params[i].alias))))
			return i;
	return -1;
}

void
ListAdd(Request *request, Value *value, const char *text, size_t length, const char *pointer)
{
	Element *element;

	if (value->elements++ >= LIST_LIMIT)
	{
		if (value->elements == LIST_LIMIT + 1)
			Refuse(request, CBD_INVALID_PARAMETER, pointer, "at most %d elements", LIST_LIMIT);
		return;
	}
	element = ArenaAlloc(&request->arena, sizeof(*element));
	*element = (Element){NULL, text, length};
	if (value->last == NULL)
		value->first = element;
	else
		value->last->next = element;
	value->last = element;
}

/* Elements of a JSON array of strings and numbers. The text was checked. */
static void
AddArray(Request *request, Value *value, Field *field, const char *pointer)
{
	Span name, item;
	size_t at = 1;

	while (JsonNext(field->text, field->length, &at, false, &name, &item))
	{
		char *text = (char *) item.text;

		if (*text == '"')
			ListAdd(request, value, text, JsonUnescape(text, item.length, text), pointer);
		else if (*text == '-' || (*text >= '0' && *text <= '9'))
			ListAdd(request, value, text, item.length, pointer);
		else
		{
			Refuse(request, CBD_INVALID_PARAMETER, pointer,
				   "the elements must be strings, for example [\"events\"]");
			return;
		}
	}
}

/* An array that came as text. What is wrong is told with the token, unless that is long. */
static void
BindArrayText(Request *request, Value *value, Field *field, const char *pointer)
{
	JsonProblem problem;
	int token;

	if (JsonInputCheck(field->text, field->length, &problem) == CBD_OK)
	{
		AddArray(request, value, field, pointer);
		return;
	}
	token = (int) (problem.offset - problem.token);
	if (token == 0)
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "not a JSON array: position %zu: %s near end of file",
			   problem.offset, problem.text);
	else if (token <= SHOWN_TOKEN)
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "not a JSON array: position %zu: %s near '%.*s'",
			   problem.offset, problem.text, token, field->text + problem.token);
	else
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "not a JSON array: position %zu: %s", problem.offset,
			   problem.text);
}

static void
BindList(Request *request, Value *value, Field *field, const char *pointer)
{
	char *at = field->text;

	if (field->json == '[')
		AddArray(request, value, field, pointer);
	else if (field->json == '{' || field->json == 't' || field->json == 'f')
		Refuse(request, CBD_INVALID_PARAMETER, pointer,
			   "must be a list of strings, for example [\"events\"]");
	else if (*at == '[')
		BindArrayText(request, value, field, pointer);
	else
		while (at < field->text + field->length)
		{
			size_t length = strcspn(at, ",");
			size_t skipped = strspn(at, " ");
			size_t kept = length;

			while (kept > skipped && at[kept - 1] == ' ')
				kept--;
			if (kept > skipped)
				ListAdd(request, value, at + skipped, kept - skipped, pointer);
			at += length + (at[length] == ',');
		}
}

/* A text[] literal of the elements, each in quotes. */
static void
FinishList(Request *request, Value *value)
{
	size_t size = 3;
	char *text, *out;

	for (Element *element = value->first; element != NULL; element = element->next)
		size += ARRAY_ELEMENT_SIZE(element->length);
	text = out = ArenaAlloc(&request->arena, size);
	*out++ = '{';
	for (Element *element = value->first; element != NULL; element = element->next)
		out += ArrayElement(element->text, element->length, out);
	*out++ = '}';
	*out = '\0';
	value->text = text;
	value->length = (size_t) (out - text);
}

/* t, f, or NULL: not a truth value. */
static const char *
BoolOf(const char *text)
{
	if (strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0)
		return "t";
	if (strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0)
		return "f";
	return NULL;
}

/* Sets a value; given twice it must be the same. */
static void
SetValue(Request *request, Value *value, const char *text, size_t length, int source, const char *pointer)
{
	if (value->text != NULL && (value->length != length || memcmp(value->text, text, length) != 0))
	{
		Refuse(request, CBD_REPEATED_PARAMETER, pointer, "given more than once, with different values");
		return;
	}
	value->text = text;
	value->length = length;
	value->source = source;
}

static void
BindParam(Request *request, int number, Field *field)
{
	const Param *param = &request->route->params[number];
	Value *value = &request->values[number];
	const char *pointer = Pointer(request, field->name);
	const char *truth;

	if (param->kind != KIND_LIST && param->kind != KIND_JSON && (field->json == '{' || field->json == '['))
	{
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "must be a string, not an %s",
			   field->json == '{' ? "object" : "array");
		return;
	}
	switch (param->kind)
	{
		case KIND_LIST:
			if (value->source != 0 && value->source != field->source)
				Refuse(request, CBD_REPEATED_PARAMETER, pointer, "given in the query and in the body");
			value->source = field->source;
			BindList(request, value, field, pointer);
			break;
		case KIND_BOOL:
			if (field->length == 0)
				break;
			truth = BoolOf(field->text);
			if (truth == NULL)
				Refuse(request, CBD_INVALID_PARAMETER, pointer, "must be true or false");
			else
				SetValue(request, value, truth, 1, field->source, pointer);
			break;
		case KIND_DIGEST:
			SetValue(request, value, Digest(&request->arena, field->text, field->length), DIGEST_LENGTH,
					 field->source, pointer);
			break;
		default:
			SetValue(request, value, field->text, field->length, field->source, pointer);
	}
}

/* appCode, authCode and what else many routes take; true when it was one of them. */
static bool
BindCommon(Request *request, Field *field)
{
	bool plain = field->json == 0 || (field->json != '{' && field->json != '[');

	if (SpanIs(field->name, "appCode") && plain)
	{
		if (request->app_code != NULL && strcmp(request->app_code, field->text) != 0)
			Refuse(request, CBD_REPEATED_PARAMETER, "/appCode",
				   "given more than once, with different values");
		request->app_code = field->text;
		return true;
	}
	if (SpanIs(field->name, "authCode") && plain)
	{
		if (field->length > 0 && !(request->route->flags & ROUTE_OPEN))
			UseAuthCode(request, field->text, field->length);
		return true;
	}
	if (SpanIs(field->name, "accessToken") && plain && (request->route->flags & ROUTE_DATA))
	{
		if (field->source != IN_BODY) /* addresses are written down in many places */
			Refuse(request, CBD_INVALID_PARAMETER, "/accessToken",
				   "in the body of a POST only; or as header Authorization: Bearer");
		else if (field->length > 0)
			UseToken(request, field->text, field->length);
		return true;
	}
	/* read with the header already */
	return (SpanIs(field->name, "format") || SpanIs(field->name, "charset")) && field->source == IN_QUERY &&
		   !(request->route->flags & ROUTE_DATA);
}

static void
Bind(Request *request, Field *field)
{
	const Route *route = request->route;
	int number;

	if (field->json == 'n') /* null: absent */
		return;
	number = FindParam(route, field->name, field->source);
	if (number >= 0)
		BindParam(request, number, field);
	else if (BindCommon(request, field))
		return;
	else if ((route->flags & ROUTE_DATA) && field->json == '{')
		Refuse(request, CBD_INVALID_PARAMETER, Pointer(request, field->name),
			   "a text, a number or an array, not an object");
	else if (route->flags & ROUTE_DATA)
		DataParameter(request, field->name, field->text, field->length);
	else if (field->source == IN_QUERY && route->method == METHOD_GET &&
			 !(route->flags & (ROUTE_VENDOR | ROUTE_OAUTH)) && route->function != NULL &&
			 !(route->flags & ROUTE_NO_CONTEXT))
		/* a filter that is misspelt must not silently give another result */
		Refuse(request, CBD_UNKNOWN_PARAMETER, Pointer(request, field->name),
			   "this address takes no such parameter");
}

const char *
Issuer(Arena *arena)
{
	const char *url = ConfigNow()->public_url;
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/')
		length--;
	return length == 0 ? NULL : ArenaCopy(arena, url, length);
}

static bool
Printable(const char *text)
{
	while ((unsigned char) *text >= 0x20 && (unsigned char) *text < 0x7f)
		text++;
	return *text == '\0';
}

/* A parameter that is a header. */
static void
BindHeader(Request *request, const Param *param, Value *value)
{
	const char *text = strcmp(param->name, "Idempotency-Key") == 0 ? request->idempotency_key
					   : strcmp(param->name, "If-None-Match") == 0 ? request->if_none_match
					   : strcmp(param->name, "Range") == 0         ? request->range
																   : request->if_range;

	if (text != NULL && text == request->if_none_match)
		text = DataTags(request, text);
	/* nothing that these say has another character: it is a range that is none, a tag that nothing has */
	if (text != NULL && text != request->idempotency_key && !Printable(text))
		text = "?";
	if (text != NULL)
		*value = (Value){.text = text, .length = strlen(text)};
}

bool
BindParameters(Request *request)
{
	const Route *route = request->route;
	const char *digest = NULL;

	for (int i = 0; i < RouteParamCount(route); i++)
		if (route->params[i].kind == KIND_BODY_DIGEST) /* before the body is decoded in place */
			digest = Digest(&request->arena, request->body, request->body_length);
	request->data_call = NULL;
	if (!FieldsRead(request, Bind))
		return false;
	if (route->flags & ROUTE_DATA)
		DataParametersEnd(request);
	for (int i = 0; i < RouteParamCount(route); i++)
	{
		Value *value = &request->values[i];

		if (value->first != NULL)
			FinishList(request, value);
		else if (route->params[i].kind == KIND_ISSUER)
			*value = (Value){.text = Issuer(&request->arena)};
		else if (route->params[i].kind == KIND_BODY_DIGEST)
			*value = (Value){.text = digest, .length = DIGEST_LENGTH};
		else if (route->params[i].from == IN_HEADER)
			BindHeader(request, &route->params[i], value);
	}
	return request->status == CBD_OK;
}
