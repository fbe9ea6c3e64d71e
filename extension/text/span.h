/*
 * A piece of text that belongs to somebody else: no copy, no terminating NUL. Both programs use it; the
 * memory that it points into must outlive it. Length in bytes; no bytes: empty, where text may be NULL.
 */
#ifndef CBD_SPAN_H
#define CBD_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Characters inside a text that somebody else owns; not zero-terminated. */
typedef struct Span
{
	const char *text;
	size_t length;
} Span;

/* Are the two the same bytes? */
static inline bool
SpanEquals(Span a, Span b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

/* Is the span exactly this? */
static inline bool
SpanIs(Span span, const char *text)
{
	return SpanEquals(span, (Span){text, strlen(text)});
}

/* The same, where upper and lower case of ASCII letters mean the same: names of headers, charsets, media
 * types. */
static inline bool
SpanIsAnyCase(Span span, const char *text)
{
	return span.length == strlen(text) &&
		   (span.length == 0 || strncasecmp(span.text, text, span.length) == 0);
}

/* Does the span start like this? */
static inline bool
SpanStarts(Span span, const char *text)
{
	size_t length = strlen(text);

	return span.length >= length && memcmp(span.text, text, length) == 0;
}

#endif
