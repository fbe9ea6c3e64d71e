/*
 * PostgreSQL's text form of arrays, as a parameter of type text[]: {"a","b\"c"}. Plain C over (buffer,
 * length): no palloc, no ereport, no PostgreSQL header. Elements are UTF-8 without NUL; every one is quoted,
 * so that none is taken for NULL or cut at a blank.
 */
#ifndef CBD_ARRAY_LITERAL_H
#define CBD_ARRAY_LITERAL_H

#include <stddef.h>

/* Room that an element of `length` bytes needs at most, its comma included. */
#define ARRAY_ELEMENT_SIZE(length) (2 * (length) + 3)

/* Writes an element behind out[-1], which is the opening brace or the end of the element before. Returns the
 * bytes written. The braces are the caller's. */
extern size_t ArrayElement(const char *element, size_t length, char *out);

#endif
