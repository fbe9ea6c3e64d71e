/*
 * A call from the bridge or from SQL: the call context of an endpoint function, and the arguments of any C
 * function. What an endpoint does with them is access/endpoint.h.
 */
#ifndef CBD_CALL_H
#define CBD_CALL_H

#include "postgres.h"
#include "fmgr.h"

#include "wire/call_context.h"

/* The call context (wire/call_context.h); PostgreSQL has a CallContext of its own. All zeros: a call from
 * SQL.
 */
typedef struct RestContext
{
	const char *request_id; /* NULL: called from SQL */
	Datum client_addr;      /* inet; 0 with has_client_addr false */
	bool has_client_addr;
	const char *app_code; /* NULL when absent */
	AuthScheme scheme;
	bool chinese;           /* what the caller is told */
	bool scheme_unknown;    /* the bridge named a scheme that this extension does not have: refused */
	const char *credential; /* bytes; NULL when absent */
	size_t credential_len;
} RestContext;

/* Reads the context arguments of an endpoint function. */
extern void ReadCallContext(FunctionCallInfo fcinfo, RestContext *context);

/* An inet; IPv4 inside IPv6 (::ffff:192.0.2.1) as plain IPv4, so that ranges and counts see one client. */
extern Datum PlainAddress(Datum client_addr);

/* Argument `n` of a function, from 0; NULL, false, 0 when null. Texts are copies with a closing NUL. */
extern char *ArgText(FunctionCallInfo fcinfo, int n);
extern bool ArgBool(FunctionCallInfo fcinfo, int n);

/* Elements of a text[] argument; *count 0 and NULL when null or empty. A null element is "". */
extern char **ArgTexts(FunctionCallInfo fcinfo, int n, int *count);

#endif
