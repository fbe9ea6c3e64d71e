/*
 * A piece of text that belongs to somebody else: no copy, no terminating NUL. Both programs use it; the
 * memory that it points into must outlive it. Length in bytes; no bytes: empty, where text may be NULL.
 */
#ifndef CBD_SPAN_H
#define CBD_SPAN_H

#include <stddef.h>

typedef struct Span
{
	const char *text;
	size_t length;
} Span;

#endif
