/* The status code table (extension/wire/status_codes.txt) with names and messages, for replies and the
 * manual. */
#ifndef BRIDGE_STATUS_H
#define BRIDGE_STATUS_H

/* Name and messages of a status code; an unknown one is shown as what its HTTP status says. */
typedef struct StatusRow
{
	int number;
	int http;
	const char *name;
	const char *english;
	const char *chinese;
} StatusRow;

extern const StatusRow *StatusFind(int number);
extern const StatusRow status_rows[];
extern const int status_row_count;

#endif
