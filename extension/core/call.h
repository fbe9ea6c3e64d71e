/*
 * The endpoint functions citybigdata.rest_*, which the bridge calls: call context in (wire/call_context.h),
 * reply frame out (wire/frame.h).
 *
 * Expected refusals are frames, never raised errors, so that counters and audit rows commit.
 */
#ifndef CBD_REST_H
#define CBD_REST_H

#include "postgres.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "core/status.h"
#include "wire/call_context.h"
#include "wire/frame.h"

/* PostgreSQL's parser has a CallContext too (of CALL); to the compiler ours goes by another name. */
#define CallContext RestCallContext

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

/* A frame with this status, and with the RateLimit headers of the call. */
extern void ReplyBegin(Frame *frame, CbdStatus status);

/* A text as a value of a frame; NULL: absent. */
extern Span FrameText(const char *text);

/* The frame as a bytea. */
extern Datum FrameDatum(const Frame *frame);

/* The reply frame; retry_after in seconds, 0: none. `audit` and `data` (JSON) may be NULL. */
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
