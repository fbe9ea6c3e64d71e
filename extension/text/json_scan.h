/*
 * A look at JSON text before it is parsed, in plain C over (buffer, length): no palloc, no ereport, no
 * PostgreSQL header, so that sanitizers and fuzzers see it. It bounds what the parser may be asked to do;
 * whether the text is JSON at all is the parser's business.
 */
#ifndef CBD_JSON_SCAN_H
#define CBD_JSON_SCAN_H

#include <stddef.h>

/* What the limits say of a text. */
typedef enum JsonScan
{
	JSON_SCAN_OK,
	JSON_SCAN_ZERO_BYTE,
	JSON_SCAN_TOO_DEEP,
	JSON_SCAN_TOO_MANY_VALUES
} JsonScan;

/*
 * Checks nesting (objects and arrays inside each other) and the number of values. *offset is the byte
 * at which a limit was passed.
 */
extern JsonScan json_scan(const char *buffer, size_t length, int max_depth, int max_values, size_t *offset);

#endif
