/*
 * Path, query and bodies cut into fields; see fields.h.
 *
 * A body is text of the client's until it is checked: its charset is made UTF-8 first (body_charset.c),
 * JSON is checked as a whole before anything of it is used (json_input.c), and forms are decoded pair by
 * pair. Offsets in refusals are those of the text as it came.
 */
#include "request/fields.h"

#include <string.h>

#include "base/json_text.h"
#include "base/multipart.h"
#include "request/body_charset.h"
#include "request/json_input.h"
#include "text/base64.h"
#include "request/kind.h"
#include "text/utf8.h"
#include "wire/status_codes.h"

/* Of a query or a body; every one costs time and memory beyond its bytes. */
#define MOST_FIELDS 10000

typedef void (*Take)(Request *request, Field *field);

bool
FieldNested(const Field *field)
{
	return field->json == '{' || field->json == '[';
}

bool
FieldTruth(const Field *field)
{
	return field->json == 't' || field->json == 'f';
}

/* Counts one more field of a query or body. False: they are too many, and the request is refused. */
static bool
OneMore(Request *request, int *count)
{
	if (++*count <= MOST_FIELDS)
		return true;
	Refuse(request, CBD_TOO_LARGE, NULL, "at most %d{limit} fields", MOST_FIELDS);
	return false;
}

/* Says what is wrong with a text and at which byte: `base` bytes of `where` are in front of it. */
static void
RefuseText(Request *request, const char *where, size_t base, const TextError *error)
{
	Refuse(request, error->status, NULL, "%s{part*}, byte %zu{position}: %s{why*}", where,
		   base + error->offset, error->what);
}

/* Pairs of a query or a form body; `text` is writable and has room for a NUL at its end. False: malformed. */
static bool
ReadPairs(Request *request, char *text, size_t length, int source, const char *where, Take take)
{
	Span rest = {text, length}, name, value;
	TextError error;
	int count = 0;

	while (NextPair(&rest, &name, &value))
	{
		Field field = {.source = source, .text = (char *) value.text};
		ptrdiff_t decoded = PercentDecode(name.text, name.length, (char *) name.text, true, &error);
		const char *start = name.text;

		if (!OneMore(request, &count))
			return false;
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
		take(request, &field);
	}
	return true;
}

/* The pairs of the query. */
static bool
ReadQuery(Request *request, Take take)
{
	/* a copy: the raw query is needed as it came */
	char *copy = ArenaCopy(&request->arena, request->query.text, request->query.length);

	return ReadPairs(request, copy, request->query.length, IN_QUERY, MESSAGE("query"), take);
}

/* The segments of the path that stand where the route has a {name}, in their order. */
static bool
ReadPath(Request *request, Take take)
{
	const char *brace = request->route->path;

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
			RefuseText(request, MESSAGE("path"), (size_t) (raw.text - request->path.text), &error);
			return false;
		}
		field.text[length] = '\0';
		field.length = (size_t) length;
		take(request, &field);
		brace++;
	}
	return true;
}

/* The body as a whole is JSON, and an object, or an array where the kind takes one. */
static bool
JsonBody(Request *request, size_t *start)
{
	char *text = request->body.bytes;
	size_t length = request->body.length;
	JsonProblem problem;
	size_t bad = Utf8FirstInvalid(text, length);
	int status;

	if (bad < length)
	{
		RefuseText(request, MESSAGE("body"), 0,
				   &(TextError){bad, CBD_INVALID_CHARACTER, MESSAGE("not valid UTF-8, or U+0000")});
		return false;
	}
	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		memset(text, ' ', 3); /* a byte order mark may be ignored (RFC 8259 8.1), and digests are made */
	status = JsonInputCheck(text, length, &problem);
	*start = JsonBlank(text, length, 0);
	if (status != CBD_OK)
		Refuse(request, status, "", "line %d{line}, column %d{column}, byte %zu{position}: %s{why*}",
			   problem.line, problem.column, problem.offset, problem.text);
	else if (text[*start] != '{' && (text[*start] != '[' || request->kind->array_field == NULL))
		Refuse(request, CBD_MALFORMED_JSON, "", "line 1, byte %zu{position}: the body must be an object",
			   *start);
	else
		return true;
	return false;
}

/* The members of the body's object. Each is decoded where it stands, and its end becomes a NUL once the
 * reader is past it. */
static bool
ReadJson(Request *request, Take take)
{
	char *text = request->body.bytes;
	Span name, value;
	bool last = false;
	int count = 0;
	size_t at;

	if (!JsonBody(request, &at))
		return false;
	if (text[at] == '[')
	{
		const char *array = request->kind->array_field;
		Field whole = {{array, strlen(array)}, text + at, request->body.length - at, IN_BODY, '['};

		take(request, &whole); /* BodyAdd has put a NUL behind the body */
		return true;
	}
	at++;
	while (!last && JsonNext(text, request->body.length, &at, true, &name, &value))
	{
		Field field = {
			.source = IN_BODY, .text = (char *) value.text, .length = value.length, .json = *value.text};

		if (!OneMore(request, &count))
			return false;
		field.name = (Span){name.text, JsonUnescape(name.text, name.length, (char *) name.text)};
		if (field.json == '"')
			field.length = JsonUnescape(field.text, field.length, field.text);
		last = text[at] == '}';
		text[at++] = '\0'; /* comma, blank or bracket: read and done with */
		field.text[field.length] = '\0';
		take(request, &field);
	}
	return true;
}

/* The pairs of a form; U+0000 is refused first, since what follows are texts with a NUL at their end. */
static bool
ReadForm(Request *request, Take take)
{
	const char *zero = memchr(request->body.bytes, '\0', request->body.length);

	if (zero == NULL)
		return ReadPairs(request, request->body.bytes, request->body.length, IN_BODY, MESSAGE("body"), take);
	Refuse(request, CBD_INVALID_CHARACTER, "", "byte %zu{position}: U+0000",
		   (size_t) (zero - request->body.bytes));
	return false;
}

/* The value of a file is its bytes in base64, in the request's memory. */
static void
TakeFile(Request *request, Field *field)
{
	char *text = ArenaAlloc(&request->arena, BASE64_SIZE(field->length));

	field->length = Base64Text(field->text, field->length, BASE64, text);
	field->text = text;
}

/* The parts of a multipart form; names and values, but for those of files, must be UTF-8. */
static bool
ReadMultipart(Request *request, Take take)
{
	Multipart parts;
	Span name, value;
	int count = 0;
	size_t bad;

	if (!MultipartStart(&parts, request->headers[HEADER_CONTENT_TYPE], request->body.bytes,
						request->body.length))
	{
		Refuse(request, CBD_MALFORMED_FORM, "", "multipart without a boundary");
		return false;
	}
	while (MultipartNext(&parts, &name, &value))
	{
		Field field = {.name = name, .text = (char *) value.text, .length = value.length, .source = IN_BODY};

		if (!OneMore(request, &count))
			return false;
		if (parts.file && (request->route->flags & ROUTE_FILES) &&
			Utf8FirstInvalid(name.text, name.length) == name.length)
		{
			TakeFile(request, &field);
			take(request, &field);
			continue;
		}
		bad = Utf8FirstInvalid(value.text, value.length);
		if (bad < value.length || Utf8FirstInvalid(name.text, name.length) < name.length)
		{
			RefuseText(request, MESSAGE("body"), (size_t) (value.text - request->body.bytes),
					   &(TextError){bad % (value.length + 1), CBD_INVALID_CHARACTER,
									MESSAGE("not valid UTF-8, or U+0000")});
			return false;
		}
		field.text[field.length] = '\0'; /* the CR before the boundary */
		take(request, &field);
	}
	if (parts.error != NULL)
	{
		Refuse(request, CBD_MALFORMED_FORM, "", "byte %zu{position}: %s{why*}", parts.at, parts.error);
		return false;
	}
	return true;
}

/* The body, by its form. A body without bytes has no fields, whatever it was announced as. */
static bool
ReadBody(Request *request, Take take)
{
	if (request->body.length == 0)
		return true;
	if (!BodyToUtf8(request))
		return false;
	switch (request->body.form)
	{
		case BODY_JSON:
			return ReadJson(request, take);
		case BODY_FORM:
			return ReadForm(request, take);
		case BODY_MULTIPART:
			return ReadMultipart(request, take);
		default:
			Refuse(request, CBD_UNSUPPORTED_MEDIA_TYPE, NULL, NULL);
			return false;
	}
}

bool
FieldsRead(Request *request, Take take)
{
	return ReadPath(request, take) && ReadQuery(request, take) && ReadBody(request, take);
}
