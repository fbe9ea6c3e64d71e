/* Text that grows. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "text/array_literal.h"
#include "text/percent.h"

#define PRINT_ROOM 128 /* bytes that are tried first */

void
TextRoom(Text *text, size_t more)
{
	if (text->length + more + 1 <= text->capacity)
		return;
	text->capacity =
		text->capacity * 2 > text->length + more + 1 ? text->capacity * 2 : text->length + more + 1;
	text->bytes = Reallocate(text->bytes, text->capacity);
}

void
TextClear(Text *text)
{
	ClearAndFree(text->bytes);
	*text = (Text){NULL, 0, 0};
}

void
TextAdd(Text *text, const char *bytes, size_t length)
{
	TextRoom(text, length);
	if (length > 0)
		memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void
TextAddString(Text *text, const char *string)
{
	TextAdd(text, string, strlen(string));
}

void
TextAddJson(Text *text, const char *string)
{
	const char *start = string;

	TextAdd(text, "\"", 1);
	for (; *string != '\0'; string++)
	{
		unsigned char c = (unsigned char) *string;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		TextAdd(text, start, (size_t) (string - start));
		TextPrint(text, c >= 0x20 ? "\\%c" : "\\u%04x", c);
		start = string + 1;
	}
	TextAdd(text, start, (size_t) (string - start));
	TextAdd(text, "\"", 1);
}

void
TextAddHtml(Text *text, const char *bytes, size_t length)
{
	const char *start = bytes, *end = bytes + length;

	for (; bytes < end; bytes++)
	{
		if (*bytes == '\0' || strchr("&<>\"'", *bytes) == NULL)
			continue;
		TextAdd(text, start, (size_t) (bytes - start));
		TextPrint(text, "&#%d;", (unsigned char) *bytes);
		start = bytes + 1;
	}
	TextAdd(text, start, (size_t) (end - start));
}

void
TextPrintV(Text *text, const char *format, va_list arguments)
{
	va_list again;
	int length;

	va_copy(again, arguments);
	TextRoom(text, PRINT_ROOM);
	length = vsnprintf(text->bytes + text->length, PRINT_ROOM, format, arguments);
	if (length >= PRINT_ROOM)
	{
		TextRoom(text, (size_t) length);
		vsnprintf(text->bytes + text->length, (size_t) length + 1, format, again);
	}
	va_end(again);
	text->length += length < 0 ? 0 : (size_t) length;
}

void
TextPrint(Text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	TextPrintV(text, format, arguments);
	va_end(arguments);
}

void
TextAddElement(Text *text, const char *bytes, size_t length)
{
	TextRoom(text, ARRAY_ELEMENT_SIZE(length));
	text->length += ArrayElement(bytes, length, text->bytes + text->length);
	text->bytes[text->length] = '\0';
}

void
TextAddEncoded(Text *text, const char *bytes, size_t length, const char *kept)
{
	TextRoom(text, PERCENT_SIZE(length));
	text->length += PercentText(bytes, length, kept, text->bytes + text->length);
	text->bytes[text->length] = '\0';
}
