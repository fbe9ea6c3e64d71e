/*
 * Values of parameters; see params.h.
 *
 * A parameter may come from several places (path, query, body, header), under its name or an alias. Given
 * twice it must be the same, else it is refused: two readers could each take another one. A list collects
 * what comes under its name. null in JSON is absent.
 */
#include "request/params.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/config.h"
#include "base/digest.h"
#include "base/json_text.h"
#include "base/text.h"
#include "request/cookie.h"
#include "request/credentials.h"
#include "request/json_input.h"
#include "request/kind.h"
#include "text/array_literal.h"
#include "text/json_pointer.h"
#include "text/utf8.h"
#include "wire/status_codes.h"

#define LIST_LIMIT  1000 /* elements of a list parameter */
#define SHOWN_TOKEN 20   /* bytes of a JSON token shown in an error */

const char *
FieldPointer(Request *request, const Field *field)
{
	size_t length = Utf8Cut(field->name.text, field->name.length, POINTER_NAME_MAX);
	char *pointer = ArenaAlloc(&request->arena, POINTER_PART_SIZE(length));

	JsonPointerPart(field->name.text, length, pointer);
	return pointer;
}

Value *
ValueOf(Request *request, const char *name)
{
	int number = RouteParam(request->route, name);

	if (number < 0)
		abort(); /* RoutesUse has looked for every name that a kind asks for */
	return &request->values[number];
}

void
ListAdd(Request *request, Value *value, Span text, const char *pointer)
{
	Element *element;

	if (value->elements++ >= LIST_LIMIT)
	{
		if (value->elements == LIST_LIMIT + 1)
			Refuse(request, CBD_INVALID_PARAMETER, pointer, "at most %d{limit} elements", LIST_LIMIT);
		return;
	}
	element = ArenaAlloc(&request->arena, sizeof(*element));
	*element = (Element){NULL, text.text, text.length};
	if (value->last == NULL)
		value->first = element;
	else
		value->last->next = element;
	value->last = element;
}

void
PairAdd(Request *request, Span name, Span value)
{
	const Route *route = request->route;

	ListAdd(request, &request->values[RouteParamOfType(route, PARAM_PAIR_NAMES)], name, "");
	ListAdd(request, &request->values[RouteParamOfType(route, PARAM_PAIR_VALUES)], value, "");
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
			item.length = JsonUnescape(text, item.length, text);
		else if (*text != '-' && (*text < '0' || *text > '9'))
		{
			Refuse(request, CBD_INVALID_PARAMETER, pointer,
				   "the elements must be strings, for example [\"events\"]");
			return;
		}
		ListAdd(request, value, item, pointer);
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
		Refuse(request, CBD_INVALID_PARAMETER, pointer,
			   "not a JSON array: position %zu{position}: %s{why*} near end of file", problem.offset,
			   problem.text);
	else if (token <= SHOWN_TOKEN)
		Refuse(request, CBD_INVALID_PARAMETER, pointer,
			   "not a JSON array: position %zu{position}: %s{why*} near '%.*s{token}'", problem.offset,
			   problem.text, token, field->text + problem.token);
	else
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "not a JSON array: position %zu{position}: %s{why*}",
			   problem.offset, problem.text);
}

/* A list: a JSON array, as itself or as text; else one text with commas, blanks around its parts left out. */
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
				ListAdd(request, value, (Span){at + skipped, kept - skipped}, pointer);
			at += length + (at[length] == ',');
		}
}

/* A text[] literal of the elements. */
static void
MakeArray(Request *request, Value *value)
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

/* Sets a value; given twice it must be the same, and a parameter of OAuth must not be (RFC 6749 3.1, 3.2). */
static void
SetValue(Request *request, Value *value, Span text, int source, const char *pointer)
{
	if (value->text != NULL && request->kind->oauth)
	{
		Refuse(request, CBD_REPEATED_PARAMETER, pointer, "given more than once");
		return;
	}
	if (value->text != NULL && !SpanEquals((Span){value->text, value->length}, text))
	{
		Refuse(request, CBD_REPEATED_PARAMETER, pointer, "given more than once, with different values");
		return;
	}
	value->text = text.text;
	value->length = text.length;
	value->source = source;
}

/* true, false, 1 or 0; no text at all is absent. */
static void
BindBool(Request *request, Value *value, Field *field, const char *pointer)
{
	const char *truth = BoolOf(field->text);

	if (field->length == 0)
		return;
	if (truth == NULL)
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "must be true or false");
	else
		SetValue(request, value, (Span){truth, 1}, field->source, pointer);
}

/* The value of a parameter of the route by its type. Only lists and JSON take what is nested. */
static void
BindParam(Request *request, int number, Field *field)
{
	ParamType type = request->route->params[number].type;
	Value *value = &request->values[number];
	const char *pointer = FieldPointer(request, field);
	Span text = {field->text, field->length};

	if (type != PARAM_LIST && type != PARAM_JSON && FieldNested(field))
	{
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "must be a string, not %s{found*}",
			   field->json == '{' ? MESSAGE("an object") : MESSAGE("an array"));
		return;
	}
	/* a number is written as its digits; the word "true" is nobody's name */
	if (FieldTruth(field) && type != PARAM_LIST && type != PARAM_JSON && type != PARAM_BOOL &&
		!(request->route->params[number].from & OR_TRUTH))
	{
		Refuse(request, CBD_INVALID_PARAMETER, pointer, "must be a string, not %s{found*}",
			   MESSAGE("a truth value"));
		return;
	}
	switch (type)
	{
		case PARAM_LIST:
			if (value->source != 0 && value->source != field->source)
				Refuse(request, CBD_REPEATED_PARAMETER, pointer, "given in the query and in the body");
			value->source = field->source;
			BindList(request, value, field, pointer);
			break;
		case PARAM_BOOL:
			BindBool(request, value, field, pointer);
			break;
		case PARAM_DIGEST:
			text = (Span){Digest(&request->arena, field->text, field->length), DIGEST_LENGTH};
			/* fall through */
		default:
			SetValue(request, value, text, field->source, pointer);
	}
}

/* Number of the route's parameter that the field is, or -1. */
static int
FindParam(const Route *route, const Field *field)
{
	for (int i = 0; i < RouteParamCount(route); i++)
	{
		const Param *param = &route->params[i];

		if ((param->from & field->source) &&
			(SpanIs(field->name, param->name) || (param->alias != NULL && SpanIs(field->name, param->alias))))
			return i;
	}
	return -1;
}

/* appCode, which may be a header too: given twice it must be the same. */
static void
BindAppCode(Request *request, Field *field)
{
	Caller *caller = &request->caller;

	if (caller->app_code != NULL && strcmp(caller->app_code, field->text) != 0)
		Refuse(request, CBD_REPEATED_PARAMETER, "/appCode", "given more than once, with different values");
	caller->app_code = field->text;
}

/* accessToken of the open data interface, for clients that cannot set headers (5.3.5). */
static void
BindToken(Request *request, Field *field)
{
	if (field->source != IN_BODY) /* addresses are written down in many places */
		Refuse(request, CBD_INVALID_PARAMETER, "/accessToken",
			   "in the body of a POST only; or as header Authorization: Bearer");
	else if (field->length > 0)
		UseToken(request, field->text, field->length);
}

/* What routes take without naming it: who calls, and the form of the reply. False: it is something else. */
static bool
BindCommon(Request *request, Field *field)
{
	const Route *route = request->route;
	bool app_code = SpanIs(field->name, "appCode");
	bool auth_code = SpanIs(field->name, "authCode");
	bool token = SpanIs(field->name, "accessToken") && (route->flags & ROUTE_BODY_TOKEN);

	if ((app_code || auth_code || token) && FieldNested(field)) /* no filter of that name either */
		Refuse(request, CBD_INVALID_PARAMETER, FieldPointer(request, field), "must be a string");
	else if (app_code)
		BindAppCode(request, field);
	else if (auth_code)
	{
		if (field->length > 0 && !(route->flags & ROUTE_OPEN))
			UseAuthCode(request, field->text, field->length);
	}
	else if (token)
		BindToken(request, field);
	else /* read with the header already (negotiate.c) */
		return field->source == IN_QUERY && !(request->kind->formats & (FORMATS_OTHER | FORMATS_PAGE)) &&
			   (SpanIs(field->name, "format") || SpanIs(field->name, "charset"));
	return true;
}

void
FieldUnknown(Request *request, Field *field)
{
	const Route *route = request->route;

	/* a filter that is misspelt must not silently give another result */
	if (field->source == IN_QUERY && route->method == METHOD_GET && route->function != NULL &&
		!(route->flags & ROUTE_NO_CONTEXT))
		Refuse(request, CBD_UNKNOWN_PARAMETER, FieldPointer(request, field),
			   "this address takes no such parameter");
}

void
FieldIgnored(Request *request, Field *field)
{
}

/* One field: a parameter of the row, what all rows take, or what the kind makes of others. */
static void
Bind(Request *request, Field *field)
{
	int number;

	if (field->json == 'n') /* null: absent */
		return;
	number = FindParam(request->route, field);
	if (number >= 0)
		BindParam(request, number, field);
	else if (!BindCommon(request, field))
		(request->kind->other == NULL ? FieldUnknown : request->kind->other)(request, field);
}

/*
 * A parameter that is a header. One with other characters than printable ASCII says nothing that is known: it
 * counts as absent.
 */
static void
BindHeader(Request *request, int number)
{
	const char *text = request->headers[RouteHeader(request->route, number)];

	if (text == NULL || !HeaderPrintable(text))
		return;
	request->values[number] = (Value){.text = text, .length = strlen(text), .source = IN_HEADER};
}

/* What is read of none of the fields. The body's digest is that of the bytes as they came. */
static void
BindOthers(Request *request)
{
	const Route *route = request->route;

	for (int i = 0; i < RouteParamCount(route); i++)
	{
		const char *text;

		if (route->params[i].from == IN_HEADER)
			BindHeader(request, i);
		else if (route->params[i].type == PARAM_ISSUER)
		{
			text = Issuer(&request->arena);
			request->values[i] = (Value){.text = text, .length = text == NULL ? 0 : strlen(text)};
		}
		else if (route->params[i].type == PARAM_SESSION)
		{
			text = CookieValue(request, SESSION_COOKIE);
			if (text != NULL)
				request->values[i] =
					(Value){.text = Digest(&request->arena, text, COOKIE_LENGTH), .length = DIGEST_LENGTH};
		}
		else if (route->params[i].type == PARAM_BODY_DIGEST)
		{
			text = Digest(&request->arena, request->body.bytes, request->body.length);
			request->values[i] = (Value){.text = text, .length = DIGEST_LENGTH};
		}
	}
}

bool
BindParameters(Request *request)
{
	BindOthers(request);
	request->own = NULL;
	if (!FieldsRead(request, Bind) || request->status != CBD_OK)
		return false;
	if (request->kind->begin != NULL)
		request->kind->begin(request);
	for (int i = 0; i < RouteParamCount(request->route); i++)
		if (request->values[i].first != NULL)
			MakeArray(request, &request->values[i]);
	return request->status == CBD_OK;
}
