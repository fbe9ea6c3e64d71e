/* Names as parts of a JSON pointer (RFC 6901), in plain C over (buffer, length): no palloc, no ereport, no
 * PostgreSQL header. */
#ifndef CBD_JSON_POINTER_H
#define CBD_JSON_POINTER_H

#include <stddef.h>

/* A pointer shows no more than this of the name of a parameter or member, which a client chose. Bytes. */
#define POINTER_NAME_MAX 64

/* Room that the part of a name of `length` bytes needs at most, with the closing NUL. */
#define POINTER_PART_SIZE(length) (2 * (length) + 2)

/* Writes "/", the name with ~ as ~0 and / as ~1, and a closing NUL. Returns the length. */
extern size_t JsonPointerPart(const char *name, size_t length, char *out);

#endif
