/* JSON text cut into slices, without decoding. No allocation. */
#include "base/json_text.h"

#include <string.h>

#include "text/json_escape.h"
#include "text/utf8.h"

size_t
JsonBlank(const char *text, size_t length, size_t at)
{
	while (at < length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
		at++;
	return at;
}

/* Position after the string literal whose opening quote is at `at`. */
static size_t
StringEnd(const char *text, size_t length, size_t at)
{
	at++;
	while (at < length)
	{
		const char *quote = memchr(text + at, '"', length - at);
		size_t backslashes = 0;

		if (quote == NULL)
			return length;
		for (const char *c = quote; c > text + at && c[-1] == '\\'; c--)
			backslashes++;
		at = (size_t) (quote - text) + 1;
		if (backslashes % 2 == 0)
			return at;
	}
	return length;
}

size_t
JsonValueEnd(const char *text, size_t length, size_t at)
{
	size_t depth = 0;

	while (at < length)
	{
		char c = text[at];

		if (c == '"')
			at = StringEnd(text, length, at);
		else if (c == '{' || c == '[')
		{
			depth++;
			at++;
			continue;
		}
		else if (c == '}' || c == ']')
		{
			if (depth == 0)
				return at;
			depth--;
			at++;
		}
		else if (depth > 0)
		{
			at++;
			continue;
		}
		else /* number, true, false, null */
			while (at < length && strchr(",]} \t\n\r", text[at]) == NULL)
				at++;
		if (depth == 0)
			return at;
	}
	return length;
}

bool
JsonNext(const char *text, size_t length, size_t *at, bool object, Span *name, Span *value)
{
	size_t here = JsonBlank(text, length, *at);

	*name = (Span){NULL, 0};
	if (here < length && text[here] == ',')
		here = JsonBlank(text, length, here + 1);
	if (here >= length || text[here] == '}' || text[here] == ']')
	{
		*at = here < length ? here + 1 : length;
		return false;
	}
	if (object)
	{
		size_t end = JsonValueEnd(text, length, here);

		*name = (Span){text + here, end - here};
		here = JsonBlank(text, length, end);
		if (here < length && text[here] == ':')
			here = JsonBlank(text, length, here + 1);
	}
	*at = JsonValueEnd(text, length, here);
	*value = (Span){text + here, *at - here};
	if (*at == here) /* not JSON: no endless loop */
	{
		*at = length;
		return false;
	}
	return true;
}

size_t
JsonUnescape(const char *in, size_t length, char *out)
{
	size_t used = 0;
	size_t at = 1;

	length = length > 0 ? length - 1 : 0; /* up to the closing quote */
	while (at < length)
	{
		const char *backslash = memchr(in + at, '\\', length - at);
		size_t plain = backslash == NULL ? length - at : (size_t) (backslash - in) - at;

		memmove(out + used, in + at, plain);
		used += plain;
		at += plain;
		if (at < length)
		{
			uint32_t c = 0xFFFD; /* of what is no escape, which was refused before in a client's text */
			size_t taken = JsonEscape(in + at, length - at, &c);

			used += Utf8Put(c, out + used);
			at += taken > 0 ? taken : length - at < 6 ? length - at : 6;
		}
	}
	return used;
}
