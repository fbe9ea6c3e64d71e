/*
 * Parameters: query, path, header and body (JSON, form, multipart) into the values of the route's parameter
 * table, by name. Bodies are decoded in place; values point into them.
 */
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "request/body_charset.h"
#include "base/json_text.h"
#include "base/multipart.h"
#include "request/request.h"
#include "text/utf8.h"
#include "wire/status_codes.h"

#define LIST_LIMIT 1000 /* elements of a list parameter */
#define NAME_LIMIT 64   /* characters of a name shown in an error */

/* A field as it came: text is NUL-terminated and may be changed. */
typedef struct Field
{
	Span name;
	char *text;
	size_t length;
	int source;
	char json; /* first character of a JSON value: '"' (decoded), '{', '[', 't', digit …; 0: not JSON */
} Field;

/* RFC 6901 pointer to a field. */
static const char *
Pointer(Request *request, Span name)
{
	char *pointer = ArenaAlloc(&request->arena, 2 + 2 * NAME_LIMIT);
	size_t used = 0;

	pointer[used++] = '/';
	for (size_t i = 0; i < name.length && i < NAME_LIMIT; i++)
	{
		if (name.text[i] == '~' || name.text[i] == '/')
		{
			pointer[used++] = '~';
			pointer[used++] = name.text[i] == '~' ? '0' : '1';
		}
		else
			pointer[used++] = name.text[i];
	}
	pointer[used] = '\0';
	/* do not cut a character in two */
	while (used > 1 && Utf8FirstInvalid(pointer, used) != used)
		pointer[--used] = '\0';
	return pointer;
}

static bool
NameIs(Span name, const char *wanted)
{
	return wanted != NULL && strlen(wanted) == name.length && memcmp(name.text, wanted, name.length) == 0;
}

/* Number of the route's parameter of that name, or -1. */
static int
FindParam(const Route *route, Span name, int source)
{
	for (int i = 0; i < RouteParamCount(route); i++)
		if ((route->params[i].from & source) &&
			(NameIs(name, route->params[i].name) || NameIs(name, route->params[i].alias)))
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

/* Elements of a JSON array of strings and numbers. The text was accepted by jansson. */
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

/* Is it JSON, by the rules for bodies? */
static bool
AcceptJson(const char *text, size_t length, size_t flags, json_error_t *error)
{
	json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL | flags, error);

	json_decref(json);
	return json != NULL;
}

static void
BindList(Request *request, Value *value, Field *field, const char *pointer)
{
	json_error_t error;
	char *at = field->text;

	if (field->json == '[')
		AddArray(request, value, field, pointer);
	else if (field->json == '{' || field->json == 't' || field->json == 'f')
		Refuse(request, CBD_INVALID_PARAMETER, pointer,
			   "must be a list of strings, for example [\"events\"]");
	else if (*at == '[')
	{
		if (AcceptJson(field->text, field->length, 0, &error))
			AddArray(request, value, field, pointer);
		else
			Refuse(request, CBD_INVALID_PARAMETER, pointer, "not a JSON array: position %d: %s",
				   error.position, error.text);
	}
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
		size += 2 * element->length + 3;
	text = out = ArenaAlloc(&request->arena, size);
	*out++ = '{';
	for (Element *element = value->first; element != NULL; element = element->next)
	{
		if (element != value->first)
			*out++ = ',';
		*out++ = '"';
		for (size_t i = 0; i < element->length; i++)
		{
			if (element->text[i] == '"' || element->text[i] == '\\')
				*out++ = '\\';
			*out++ = element->text[i];
		}
		*out++ = '"';
	}
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

	if (NameIs(field->name, "appCode") && plain)
	{
		if (request->app_code != NULL && strcmp(request->app_code, field->text) != 0)
			Refuse(request, CBD_REPEATED_PARAMETER, "/appCode",
				   "given more than once, with different values");
		request->app_code = field->text;
		return true;
	}
	if (NameIs(field->name, "authCode") && plain)
	{
		if (field->length > 0 && !(request->route->flags & ROUTE_OPEN))
			UseAuthCode(request, field->text, field->length);
		return true;
	}
	if (NameIs(field->name, "accessToken") && plain && (request->route->flags & ROUTE_DATA))
	{
		if (field->source != IN_BODY) /* addresses are written down in many places */
			Refuse(request, CBD_INVALID_PARAMETER, "/accessToken",
				   "in the body of a POST only; or as header Authorization: Bearer");
		else if (field->length > 0)
			UseToken(request, field->text, field->length);
		return true;
	}
	/* read with the header already */
	return (NameIs(field->name, "format") || NameIs(field->name, "charset")) && field->source == IN_QUERY &&
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

static void
RefuseText(Request *request, const char *where, size_t base, const TextError *error)
{
	Refuse(request, error->status, NULL, "%s, byte %zu: %s", where, base + error->offset, error->what);
}

/* Pairs of a query or a form body; `text` is writable and has room for a NUL at its end. False: malformed. */
static bool
BindPairs(Request *request, char *text, size_t length, int source, const char *where)
{
	Span rest = {text, length}, name, value;
	TextError error;

	while (NextPair(&rest, &name, &value))
	{
		Field field = {.source = source, .text = (char *) value.text};
		ptrdiff_t decoded = PercentDecode(name.text, name.length, (char *) name.text, true, &error);
		const char *start = name.text;

		field.name = (Span){name.text, (size_t) decoded};
		if (decoded >= 0)
		{
			start = value.text;
			decoded = PercentDecode(value.text, value.length, field.text, true, &error);
		}
		if (decoded < 0)
		{
			RefuseText(request, where, (size_t) (start - text), &error);
			return false;
		}
		field.length = (size_t) decoded;
		if (name.length == 0)
			continue;
		field.text[field.length] = '\0'; /* at most where the "&" was */
		Bind(request, &field);
	}
	return true;
}

static bool
BindQuery(Request *request)
{
	/* a copy: the raw query is needed as it came */
	char *copy = ArenaCopy(&request->arena, request->query.text, request->query.length);

	return BindPairs(request, copy, request->query.length, IN_QUERY, "query");
}

static bool
BindPath(Request *request)
{
	const Route *route = request->route;
	const char *brace = route->path;

	for (int i = 0; (brace = strchr(brace, '{')) != NULL; i++)
	{
		Span raw = request->match.values[i];
		Field field = {.name = {brace + 1, strcspn(brace + 1, "}")}, .source = IN_PATH};
		TextError error;
		ptrdiff_t length;

		field.text = ArenaAlloc(&request->arena, raw.length + 1);
		length = PercentDecode(raw.text, raw.length, field.text, false, &error);
		if (length < 0)
		{
			RefuseText(request, "path", (size_t) (raw.text - request->path.text), &error);
			return false;
		}
		field.text[length] = '\0';
		field.length = (size_t) length;
		Bind(request, &field);
		brace++;
	}
	return true;
}

static int
JsonErrorStatus(const json_error_t *error)
{
	switch (json_error_code(error))
	{
		case json_error_duplicate_key:
			return CBD_DUPLICATE_KEY;
		case json_error_stack_overflow:
			return CBD_TOO_DEEP;
		case json_error_invalid_utf8:
		case json_error_null_character:
		case json_error_null_byte_in_key:
			return CBD_INVALID_CHARACTER;
		default: /* jansson has no code of its own for lone surrogates */
			return strstr(error->text, "invalid Unicode") != NULL ? CBD_INVALID_CHARACTER
																  : CBD_MALFORMED_JSON;
	}
}

/* The text of a jansson error without what follows "near", which is the client's own text. */
static void
RefuseJson(Request *request, const json_error_t *error)
{
	const char *near = strstr(error->text, " near ");
	int length = near == NULL ? (int) strlen(error->text) : (int) (near - error->text);

	Refuse(request, JsonErrorStatus(error), "", "line %d, column %d, byte %d: %.*s", error->line,
		   error->column, error->position, length, error->text);
}

static bool
BindJson(Request *request)
{
	char *text = request->body;
	size_t length = request->body_length;
	size_t at = JsonBlank(text, length, 0);
	json_error_t error;
	Span name, value;
	size_t bad = Utf8FirstInvalid(text, length);
	bool last = false;

	if (bad < length)
	{
		RefuseText(request, "body", 0,
				   &(TextError){bad, CBD_INVALID_CHARACTER, "not valid UTF-8, or U+0000"});
		return false;
	}
	if (!AcceptJson(text, length, JSON_DECODE_ANY, &error))
	{
		RefuseJson(request, &error);
		return false;
	}
	if (text[at] != '{')
	{
		Refuse(request, CBD_MALFORMED_JSON, "", "line 1, byte %zu: the body must be an object", at);
		return false;
	}
	at++;
	while (!last && JsonNext(text, length, &at, true, &name, &value))
	{
		Field field = {
			.source = IN_BODY, .text = (char *) value.text, .length = value.length, .json = *value.text};

		field.name = (Span){name.text, JsonUnescape(name.text, name.length, (char *) name.text)};
		if (field.json == '"')
			field.length = JsonUnescape(field.text, field.length, field.text);
		last = text[at] == '}';
		text[at++] = '\0'; /* comma, blank or bracket: read and done with */
		field.text[field.length] = '\0';
		Bind(request, &field);
	}
	return true;
}

static bool
BindMultipart(Request *request)
{
	Multipart parts;
	Span name, value;
	size_t bad;

	if (!MultipartStart(&parts, request->media_type, request->body, request->body_length))
	{
		Refuse(request, CBD_MALFORMED_FORM, "", "multipart without a boundary");
		return false;
	}
	while (MultipartNext(&parts, &name, &value))
	{
		Field field = {.name = name, .text = (char *) value.text, .length = value.length, .source = IN_BODY};

		bad = Utf8FirstInvalid(value.text, value.length);
		if (bad < value.length || Utf8FirstInvalid(name.text, name.length) < name.length)
		{
			RefuseText(
				request, "body", (size_t) (value.text - request->body),
				&(TextError){bad % (value.length + 1), CBD_INVALID_CHARACTER, "not valid UTF-8, or U+0000"});
			return false;
		}
		field.text[field.length] = '\0'; /* the CR before the boundary */
		Bind(request, &field);
	}
	if (parts.error != NULL)
	{
		Refuse(request, CBD_MALFORMED_FORM, "", "byte %zu: %s", parts.at, parts.error);
		return false;
	}
	return true;
}

BodyKind
BodyKindOf(const char *content_type, Charset *charset)
{
	size_t length = strcspn(content_type, "; \t");
	Span name;

	*charset = CHARSET_UTF8;
	if (HeaderParameter((Span){content_type, strlen(content_type)}, "charset", &name))
		*charset = CharsetNamed(name.text, name.length);
	if ((length == 16 && strncasecmp(content_type, "application/json", 16) == 0) ||
		(length == 9 && strncasecmp(content_type, "text/json", 9) == 0))
		return BODY_JSON;
	if (length == 33 && strncasecmp(content_type, "application/x-www-form-urlencoded", 33) == 0)
		return BODY_FORM;
	if (length == 19 && strncasecmp(content_type, "multipart/form-data", 19) == 0)
		return BODY_MULTIPART;
	return BODY_UNKNOWN;
}

static bool
BindBody(Request *request)
{
	if (request->body_length == 0)
		return true;
	if (!BodyToUtf8(request))
		return false;
	switch (request->body_kind)
	{
		case BODY_JSON:
			return BindJson(request);
		case BODY_FORM:
			if (memchr(request->body, '\0', request->body_length) != NULL)
			{
				Refuse(request, CBD_INVALID_CHARACTER, "", "byte %zu: U+0000",
					   (size_t) ((char *) memchr(request->body, '\0', request->body_length) - request->body));
				return false;
			}
			return BindPairs(request, request->body, request->body_length, IN_BODY, "body");
		case BODY_MULTIPART:
			return BindMultipart(request);
		default:
			Refuse(request, CBD_UNSUPPORTED_MEDIA_TYPE, NULL, NULL);
			return false;
	}
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
	if (!BindPath(request) || !BindQuery(request) || !BindBody(request))
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
