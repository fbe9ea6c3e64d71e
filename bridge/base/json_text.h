/*
 * JSON as text. Values are handed on as the bytes that came (116.3 stays 116.3), so members are found as
 * slices of the text instead of by decoding and printing again. The text is known to be valid: from a client
 * after json_check.h accepted it, or from the database. Plain C over (buffer, length); every function stays
 * inside the buffer even if the text is not valid.
 */
#ifndef BRIDGE_JSON_TEXT_H
#define BRIDGE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/target.h"

/* Position after blanks. */
extern size_t JsonBlank(const char *text, size_t length, size_t at);

/* Position after the value that starts at `at` (no blanks before it). */
extern size_t JsonValueEnd(const char *text, size_t length, size_t at);

/*
 * Steps through the members of the object, or the elements of the array (name->text NULL then), whose bracket
 * is at text[*at - 1] or before: start with *at just after the bracket. False at the end; *at is then after
 * the closing bracket. Names and string values are raw: without their quotes only after JsonUnescape.
 */
extern bool JsonNext(const char *text, size_t length, size_t *at, bool object, Span *name, Span *value);

/*
 * Decodes the string literal in[0..length), quotes included, into out, which may be `in`; returns the length.
 * The result is never longer than the literal, so out needs `length` bytes; it is not NUL-terminated.
 */
extern size_t JsonUnescape(const char *in, size_t length, char *out);

#endif
