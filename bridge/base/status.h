/*
 * Status codes on the side of HTTP: the rows of extension/wire/status_codes.txt, by number. Which HTTP status
 * a code has is decided there and read here, by replies and manual alike.
 */
#ifndef BRIDGE_STATUS_H
#define BRIDGE_STATUS_H

#include <stdbool.h>

typedef struct StatusRow
{
	int number;
	int http;
	const char *name;
	const char *english;
	const char *chinese;
} StatusRow;

/* All of them in ascending order; the first one is success (0). */
extern const StatusRow status_rows[];
extern const int status_row_count;

/* The row of a code; an unknown one is an internal error. */
extern const StatusRow *StatusFind(int number);

/* HTTP status of a code: 200 of success. */
extern unsigned StatusHttp(int number);

/* What a reader is told. */
extern const char *StatusText(int number, bool chinese);

#endif
