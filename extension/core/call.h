/*
 * What the bridge calls: the endpoint functions citybigdata.rest_*.
 *
 * Every endpoint function takes the same first five arguments, the call context:
 *   $1 request_id text        the X-Request-Id of the request
 *   $2 client_addr inet       the client's address, proxies already resolved
 *   $3 app_code text          appCode as given in query, body or header; null when absent
 *   $4 scheme text            how the caller authenticates: 'none', 'bearer', 'code', 'basic', 'signature',
 * 'artemis', 'sealed', 'continued' (a further page of one reply, see page_token.h) $5 credential bytea
 * bearer, code: SHA-256 digest of the token or code; basic: the bytes user ':' password; signature, artemis:
 * see signature_block.h; sealed: the token of an opened sealed address, see seal_sql.c; none: null then its
 * own parameters, all text, text[], boolean or bytea, null when absent. It returns one text, the reply frame:
 *   line 1   statusCode ' ' retryAfter        two decimal integers; retryAfter 0 = none
 *            for a grant with a limit then: a tab, the value of header RateLimit-Policy, a tab, that of
 * RateLimit line 2   audit record (JSON, no line feed) that the bridge must append within 50 ms by
 *            rest_audit_append(text[]), or nothing when the row is already written
 *   rest     the reply's `data`: JSON text, or nothing for null
 * Expected refusals are frames, never raised errors, so that counters and audit rows commit.
 */
#ifndef CBD_REST_H
#define CBD_REST_H

#include "postgres.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "core/status.h"

/* PostgreSQL's parser has a CallContext too (of CALL); to the compiler ours goes by another name. */
#define CallContext RestCallContext

#define REST_CONTEXT_ARGS 5

typedef struct CallContext
{
	const char *request_id; /* NULL: called from SQL */
	Datum client_addr;      /* inet; 0 with has_client_addr false */
	bool has_client_addr;
	const char *app_code;   /* NULL when absent */
	const char *scheme;     /* never NULL */
	const char *credential; /* bytes; NULL when absent */
	int credential_len;
} CallContext;

/* Reads arguments 0..4 of an endpoint function. */
extern void ReadCallContext(FunctionCallInfo fcinfo, CallContext *context);

/* An inet; IPv4 inside IPv6 (::ffff:192.0.2.1) as plain IPv4, so that ranges and counts see one client. */
extern Datum PlainAddress(Datum client_addr);

/* Argument `n` as a C string, NULL when null. */
extern char *ArgText(FunctionCallInfo fcinfo, int n);

/* The reply frame. `audit` and `data` may be NULL. */
extern Datum ReplyFrame(CbdStatus status, int retry_after, const char *audit, const char *data);

/* The RateLimit headers of the reply frame that this call of an endpoint function makes next. */
extern void FrameRate(const char *policy, const char *state);

/* The frame of a refusal with one error: data = {"errors":[{pointer,statusCode,message}]}. */
extern Datum ReplyError(CbdStatus status, const char *pointer, CbdStatus error, const char *message);

/* JSON writing: a string with quotes and escapes (NULL gives null), and "name": before it; without format
 * strings, which cost more than the rest. */
extern void JsonString(StringInfo out, const char *text);
extern void JsonField(StringInfo out, const char *name, const char *text); /* adds the comma where needed */
extern void JsonName(StringInfo out, const char *name);                    /* "name": */
extern void JsonInt(StringInfo out, int64 value);

/* Takes the blanks between the tokens of a valid JSON text out, in place: PostgreSQL's json functions write
 * some. NULL stays NULL. */
extern char *JsonCompact(char *text);

#endif
