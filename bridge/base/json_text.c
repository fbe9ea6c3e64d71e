/* JSON text cut into slices, without decoding. No allocation. */
#include "base/json_text.h"

#include <string.h>

#include "text/hex.h"
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

/* Decodes the escape whose backslash is at in[at]; returns how many bytes of the literal it takes. */
static size_t
Unescape(const char *in, size_t length, size_t at, char *out, size_t *used)
{
	static const char from[] = "bfnrt";
	static const char to[] = "\b\f\n\r\t";
	const char *simple;
	unsigned code;
	size_t taken = 6;

	if (in[at + 1] != 'u')
	{
		simple = strchr(from, in[at + 1]);
		out[(*used)++] = simple != NULL && *simple != '\0' ? to[simple - from] : in[at + 1];
		return 2;
	}
	if (at + 6 > length)
		return length - at;
	code = (unsigned) HexNumber(in + at + 2, 4);
	if (code >= 0xD800 && code < 0xDC00 && at + 12 <= length && in[at + 6] == '\\' && in[at + 7] == 'u')
	{
		unsigned low = (unsigned) HexNumber(in + at + 8, 4);

		if (low >= 0xDC00 && low < 0xE000)
		{
			code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
			taken = 12;
		}
	}
	if (code > 0xFFFF + 0x100000 || (code >= 0xD800 && code < 0xE000))
		code = 0xFFFD; /* no digits, or a lone surrogate: refused before, in a client's text */
	*used += Utf8Put(code, out + *used);
	return taken;
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
		if (at + 1 < length)
			at += Unescape(in, length, at, out, &used);
		else if (at < length)
			at++;
	}
	return used;
}
