/* What the SQL functions of the event chapter share. */
#ifndef CBD_EVENT_SQL_H
#define CBD_EVENT_SQL_H

#include "postgres.h"
#include "fmgr.h"

/* The body of a report, inside the argument. */
typedef struct EventText
{
	const char *text; /* not zero-terminated */
	size_t length;
} EventText;

/* The event's text of a json, text or jsonb argument. */
extern EventText EventArgument(Datum value, bool is_jsonb);

/* Argument `n`: 'strict' (false) or 'egova' (true); `otherwise` when null or not there. Anything else is an
 * error. */
extern bool ProfileArgument(FunctionCallInfo fcinfo, int n, bool otherwise);

#endif
