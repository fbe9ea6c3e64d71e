/* Fields of multipart/form-data. */
#include "base/multipart.h"
#include "text/message.h"

#include <string.h>
#include <strings.h>

bool
MultipartStart(Multipart *parts, const char *content_type, const char *body, size_t length)
{
	Span boundary;

	memset(parts, 0, sizeof(*parts));
	parts->body = body;
	parts->length = length;
	if (!HeaderParameter((Span){content_type, strlen(content_type)}, "boundary", &boundary) ||
		boundary.length == 0 || boundary.length > 70) /* RFC 2046 */
		return false;
	memcpy(parts->delimiter, "\r\n--", 4);
	memcpy(parts->delimiter + 4, boundary.text, boundary.length);
	parts->delimiter_length = boundary.length + 4;
	return true;
}

static bool
Wrong(Multipart *parts, size_t at, const char *error)
{
	parts->at = at;
	parts->error = error;
	return false;
}

/* Position after the first delimiter; before it there may be a preamble. */
static bool
SkipFirst(Multipart *parts)
{
	const char *dash = parts->delimiter + 2; /* the first one needs no line before it */
	size_t size = parts->delimiter_length - 2;
	const char *found;

	if (parts->length >= size && memcmp(parts->body, dash, size) == 0)
	{
		parts->at = size;
		return true;
	}
	found = memmem(parts->body, parts->length, parts->delimiter, parts->delimiter_length);
	if (found == NULL)
		return Wrong(parts, 0, MESSAGE("the boundary does not occur"));
	parts->at = (size_t) (found - parts->body) + parts->delimiter_length;
	return true;
}

/* The value at *at, which is moved behind it: quoted, or up to the next semicolon. False: the quotation has
 * no end. */
static bool
ParameterValue(const char **at, const char *end, Span *value)
{
	const char *start = *at;

	if (start == end || *start != '"')
	{
		while (*at < end && **at != ';')
			++*at;
		*value = SpanTrim((Span){start, (size_t) (*at - start)});
		return true;
	}
	start++;
	for (*at = start; *at < end && **at != '"'; ++*at)
		if (**at == '\\' && *at + 1 < end && (*at)[1] == '"')
			++*at;
	*value = (Span){start, (size_t) (*at - start)};
	return *at < end;
}

bool
HeaderParameter(Span line, const char *wanted, Span *value)
{
	const char *end = line.text + line.length;
	const char *at = memchr(line.text, ';', line.length);

	while (at != NULL && at < end)
	{
		const char *start = ++at;
		Span name;

		while (at < end && *at != '=' && *at != ';')
			at++;
		name = SpanTrim((Span){start, (size_t) (at - start)});
		if (at == end || *at == ';')
			continue;
		at++;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (!ParameterValue(&at, end, value))
			return false;
		if (SpanIsAnyCase(name, wanted))
			return true;
		at = memchr(at, ';', (size_t) (end - at));
	}
	return false;
}

bool
MultipartNext(Multipart *parts, Span *name, Span *value)
{
	static const char disposition[] = "content-disposition:", type[] = "content-type:";
	const char *end = parts->body + parts->length;
	const char *at, *found;
	bool named = false;

	if (parts->error != NULL || (parts->at == 0 && !SkipFirst(parts)))
		return false;
	at = parts->body + parts->at;
	if (end - at >= 2 && at[0] == '-' && at[1] == '-')
		return false; /* the last one */
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (end - at < 2 || at[0] != '\r' || at[1] != '\n')
		return Wrong(parts, parts->at, MESSAGE("a line end must follow the boundary"));
	at += 2;
	parts->charset = (Span){NULL, 0};
	parts->file = false;
	for (;;)
	{
		const char *line_end = memmem(at, (size_t) (end - at), "\r\n", 2);
		Span line;

		if (line_end == NULL)
			return Wrong(parts, (size_t) (at - parts->body), MESSAGE("the header of a part has no end"));
		line = (Span){at, (size_t) (line_end - at)};
		at = line_end + 2;
		if (line.length == 0)
			break;
		if (line.length > sizeof(disposition) &&
			strncasecmp(line.text, disposition, sizeof(disposition) - 1) == 0)
		{
			Span file;

			named = HeaderParameter(line, "name", name);
			parts->file =
				HeaderParameter(line, "filename", &file) || HeaderParameter(line, "filename*", &file);
		}
		else if (line.length > sizeof(type) && strncasecmp(line.text, type, sizeof(type) - 1) == 0)
			HeaderParameter(line, "charset", &parts->charset);
	}
	if (!named)
		return Wrong(parts, parts->at, MESSAGE("a part without a name"));
	found = memmem(at - 2, (size_t) (end - at) + 2, parts->delimiter, parts->delimiter_length);
	if (found == NULL)
		return Wrong(parts, (size_t) (at - parts->body), MESSAGE("a part without an end"));
	*value = (Span){at, found > at ? (size_t) (found - at) : 0};
	parts->at = (size_t) (found - parts->body) + parts->delimiter_length;
	return true;
}
