/*
 * Values of query parameters; see param_parse.h.
 *
 * A list is read item by item into the caller's buffer, and what is wrong is found where it is read: the
 * caller may have taken items before. Numbers are checked by their grammar first, then converted: nothing
 * that a client sends reaches strtod() or PostgreSQL's input functions unchecked.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/param_parse.h"
#include "text/hex.h"
#include "text/message.h"
#include "text/utf8.h"
#include "text/span.h"

#define NUMBER_LIMIT 400 /* characters of a number; the longest that PostgreSQL's types need is below */

/* Blank, tab or line break? */
static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* To the next character that counts. */
static void
skip_blanks(ListReader *reader)
{
	while (reader->at < reader->length && is_blank(reader->text[reader->at]))
		reader->at++;
}

void
list_open(ListReader *reader, const char *text, size_t length)
{
	memset(reader, 0, sizeof(*reader));
	reader->text = text;
	reader->length = length;
	skip_blanks(reader);
	/* a list by commas begins at its first character, blanks included */
	reader->array = reader->at < length && text[reader->at] == '[';
	reader->at = reader->array ? reader->at + 1 : 0;
}

/* Notes what is wrong; `error` is constant text. */
static ListStep
list_error(ListReader *reader, const char *error)
{
	reader->error = error;
	return LIST_ERROR;
}

/* Four hexadecimal digits after \u; -1 when they are not there. */
static int32_t
read_unit(ListReader *reader)
{
	int32_t unit = 0;

	for (int i = 0; i < 4; i++)
	{
		int digit = reader->at < reader->length ? HexDigit(reader->text[reader->at]) : -1;

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
		reader->at++;
	}
	return unit;
}

/* What follows a backslash, into out; false: not JSON, U+0000 or half a surrogate pair. */
static bool
read_escape(ListReader *reader, char *out, size_t *n)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int32_t unit;

	if (reader->at >= reader->length)
		return false;
	if (reader->text[reader->at] != 'u')
	{
		found = memchr(names, reader->text[reader->at], sizeof(names) - 1);
		reader->at++;
		if (found == NULL)
			return false;
		out[(*n)++] = values[found - names];
		return true;
	}
	reader->at++;
	unit = read_unit(reader);
	/* a character beyond U+FFFF is two units, the high one first */
	if (unit >= 0xD800 && unit < 0xDC00)
	{
		int32_t low;

		if (reader->length - reader->at < 6 || reader->text[reader->at] != '\\' ||
			reader->text[reader->at + 1] != 'u')
			return false;
		reader->at += 2;
		low = read_unit(reader);
		if (low < 0xDC00 || low > 0xDFFF)
			return false;
		unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
	}
	else if (unit <= 0 || (unit >= 0xDC00 && unit < 0xE000))
		return false;
	*n += Utf8Put((uint32_t) unit, out + *n);
	return true;
}

/* A JSON string after its opening quote. */
static ListStep
read_string(ListReader *reader, char *out, size_t *out_length)
{
	size_t n = 0;

	while (reader->at < reader->length)
	{
		char c = reader->text[reader->at++];

		if (c == '"')
		{
			*out_length = n;
			return LIST_ITEM;
		}
		/* JSON wants them escaped */
		if ((unsigned char) c < 0x20)
			return list_error(reader, MESSAGE("a control character in a JSON string"));
		if (c != '\\')
			out[n++] = c;
		else if (!read_escape(reader, out, &n))
			return list_error(reader, MESSAGE("an invalid escape in a JSON string"));
	}
	return list_error(reader, MESSAGE("a JSON string without its closing quote"));
}

/* The next element of a JSON array. */
static ListStep
array_next(ListReader *reader, char *out, size_t *out_length)
{
	size_t start;

	skip_blanks(reader);
	if (reader->at < reader->length && reader->text[reader->at] == ']')
	{
		reader->at++;
		skip_blanks(reader);
		return reader->at == reader->length ? LIST_END
											: list_error(reader, MESSAGE("text after the closing bracket"));
	}
	/* between two elements */
	if (reader->items > 0)
	{
		if (reader->at >= reader->length || reader->text[reader->at] != ',')
			return list_error(reader, MESSAGE("a comma or the closing bracket is missing"));
		reader->at++;
		skip_blanks(reader);
	}
	if (reader->at >= reader->length)
		return list_error(reader, MESSAGE("the closing bracket is missing"));
	reader->items++;
	if (reader->text[reader->at] == '"')
	{
		reader->at++;
		return read_string(reader, out, out_length);
	}
	/* a word up to whatever ends one; what it is comes after */
	start = reader->at;
	while (reader->at < reader->length && strchr(",] \t\n\r[{\"", reader->text[reader->at]) == NULL)
		reader->at++;
	*out_length = reader->at - start;
	memcpy(out, reader->text + start, *out_length);
	if (number_check(out, *out_length) || SpanIs((Span){out, *out_length}, "true") ||
		SpanIs((Span){out, *out_length}, "false"))
		return LIST_ITEM;
	return list_error(reader, MESSAGE("an array holds strings, numbers, true and false only"));
}

ListStep
list_next(ListReader *reader, char *out, size_t *out_length)
{
	size_t start = reader->at;
	size_t end;

	if (reader->array)
		return array_next(reader, out, out_length);
	if (reader->at > reader->length)
		return LIST_END;
	while (reader->at < reader->length && reader->text[reader->at] != ',')
		reader->at++;
	end = reader->at++; /* past the comma, or past the end: then the next call ends */
	while (start < end && is_blank(reader->text[start]))
		start++;
	while (end > start && is_blank(reader->text[end - 1]))
		end--;
	if (start == end)
		return list_error(reader, MESSAGE("an empty value"));
	reader->items++;
	*out_length = end - start;
	memcpy(out, reader->text + start, *out_length);
	return LIST_ITEM;
}

bool
integer_parse(const char *text, size_t length, int64_t *out)
{
	bool negative = length > 0 && text[0] == '-';
	size_t at = negative ? 1 : 0;
	int64_t value = 0;

	if (at == length || length - at > 19)
		return false;
	for (; at < length; at++)
	{
		if (text[at] < '0' || text[at] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_sub_overflow(value, text[at] - '0', &value))
			return false; /* counted downwards: the negative side holds one more */
	}
	/* turned round; the least number has no counterpart */
	if (!negative && __builtin_sub_overflow((int64_t) 0, value, &value))
		return false;
	*out = value;
	return true;
}

/* Where the digits from `at` on end. */
static size_t
digits(const char *text, size_t length, size_t at)
{
	while (at < length && text[at] >= '0' && text[at] <= '9')
		at++;
	return at;
}

bool
number_check(const char *text, size_t length)
{
	size_t at = length > 0 && text[0] == '-' ? 1 : 0;
	size_t start = at;

	if (length > NUMBER_LIMIT)
		return false;
	at = digits(text, length, at);
	if (at == start)
		return false;
	/* a fraction has digits */
	if (at < length && text[at] == '.')
	{
		start = ++at;
		at = digits(text, length, at);
		if (at == start)
			return false;
	}
	/* an exponent has one to three */
	if (at < length && (text[at] == 'e' || text[at] == 'E'))
	{
		at++;
		if (at < length && (text[at] == '+' || text[at] == '-'))
			at++;
		start = at;
		at = digits(text, length, at);
		if (at == start || at - start > 3)
			return false;
	}
	return at == length;
}

bool
double_parse(const char *text, size_t length, double *out)
{
	char buffer[NUMBER_LIMIT + 1];

	if (!number_check(text, length))
		return false;
	memcpy(buffer, text, length);
	buffer[length] = '\0';
	*out = strtod(buffer, NULL);
	return isfinite(*out);
}

bool
boolean_parse(const char *text, size_t length, bool *out)
{
	Span word = {text, length};

	*out = SpanIs(word, "true") || SpanIs(word, "1");
	return *out || SpanIs(word, "false") || SpanIs(word, "0");
}

bool
uuid_check(const char *text, size_t length)
{
	if (length != 36)
		return false;
	for (size_t i = 0; i < length; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : HexDigit(text[i]) < 0)
			return false;
	return true;
}

bool
bbox_parse(const char *text, size_t length, double out[4], const char **error)
{
	size_t start = 0;
	int n = 0;

	/* a number ends at a comma, or at the end of the text */
	for (size_t at = 0; at <= length; at++)
	{
		size_t from = start, to = at;

		if (at < length && text[at] != ',')
			continue;
		while (from < to && is_blank(text[from]))
			from++;
		while (to > from && is_blank(text[to - 1]))
			to--;
		if (n == 4 || !double_parse(text + from, to - from, &out[n]))
		{
			*error = n == 4 ? MESSAGE("more than four numbers") : MESSAGE("not four numbers");
			return false;
		}
		n++;
		start = at + 1;
	}
	*error = n != 4            ? MESSAGE("not four numbers")
			 : out[0] > out[2] ? MESSAGE("minX is greater than maxX")
			 : out[1] > out[3] ? MESSAGE("minY is greater than maxY")
							   : NULL;
	return *error == NULL;
}

bool
bbox_swapped(const double box[4])
{
	return fabs(box[0]) <= 90 && fabs(box[2]) <= 90 && fabs(box[1]) <= 180 && fabs(box[3]) <= 180 &&
		   (fabs(box[1]) > 90 || fabs(box[3]) > 90);
}

size_t
filter_name_split(const char *text, size_t length, const char **op, size_t *op_length)
{
	for (size_t at = length; at > 0; at--)
		if (text[at - 1] == '.')
		{
			*op = text + at;
			*op_length = length - at;
			return at - 1;
		}
	*op = NULL;
	*op_length = 0;
	return length;
}
