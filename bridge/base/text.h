/*
 * Text: bytes that grow while a reply is written. It belongs to whoever declared it ({NULL, 0, 0} is empty)
 * and is given back with free(text.bytes) or TextClear(). There is always a NUL behind the last byte once
 * something has been added. The process ends when memory does.
 */
#ifndef BRIDGE_TEXT_H
#define BRIDGE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Text
{
	char *bytes;
	size_t length, capacity;
} Text;

extern void TextRoom(Text *text, size_t more); /* for `more` bytes and a NUL */
extern void TextClear(Text *text);             /* overwritten and given back: empty again */
extern void TextAdd(Text *text, const char *bytes, size_t length);
extern void TextAddString(Text *text, const char *string);
extern void TextAddJson(Text *text, const char *string); /* with quotes and escapes */
/* percent-encoded but for unreserved characters (RFC 3986) and those in `kept` */
extern void TextAddEncoded(Text *text, const char *bytes, size_t length, const char *kept);
/* an element of an array: see array_literal.h */
extern void TextAddElement(Text *text, const char *bytes, size_t length);
extern void TextPrint(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull));
extern void TextPrintV(Text *text, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0), nonnull));
extern void TextAddHtml(Text *text, const char *bytes,
						size_t length); /* for an element, or an attribute in quotes */

#endif
