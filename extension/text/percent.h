/*
 * Percent encoding of addresses and forms (RFC 3986 2.1) in plain C over (buffer, length): no palloc, no
 * ereport, no PostgreSQL header. Whether decoded bytes are good text is the caller's question.
 */
#ifndef CBD_PERCENT_H
#define CBD_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

/* Room that the text of `length` bytes needs at most; no closing NUL is written. */
#define PERCENT_SIZE(length) (3 * (length))

/* Is it one of A-Za-z0-9-._~, which stand for themselves everywhere (RFC 3986 2.3)? */
static inline bool
PercentUnreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		   c == '.' || c == '_' || c == '~';
}

/* Writes bytes with all but the unreserved characters and those in `kept` as %XX, in upper case. Returns the
 * bytes written. */
extern size_t PercentText(const char *bytes, size_t length, const char *kept, char *out);

/* Offset of the first % that two hexadecimal digits do not follow; length = there is none. */
extern size_t PercentFirstBad(const char *text, size_t length);

/* Decodes %XX, and + as a blank when `plus`, of text without a bad % into out, which may be `text` itself.
 * Returns the bytes written. */
extern size_t PercentBytes(const char *text, size_t length, bool plus, char *out);

#endif
