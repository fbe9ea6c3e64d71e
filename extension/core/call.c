/* The convention of the endpoint functions: call context in, reply frame out. See call.h. */
#include "postgres.h"

#include <sys/socket.h>

#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/inet.h"

#include "core/call.h"

#define INT64_DIGITS 20 /* with the sign */

/* RateLimit-Policy and RateLimit of this call; empty: no limit. They outlive an error, so every call begins
 * by emptying them. */
static char rate_policy[128];
static char rate_state[128];

char *
ArgText(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

Datum
PlainAddress(Datum client_addr)
{
	static const uint8 mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	inet *addr = DatumGetInetPP(client_addr);
	inet *plain;

	if (ip_family(addr) != PGSQL_AF_INET6 || memcmp(ip_addr(addr), mapped, sizeof(mapped)) != 0)
		return PointerGetDatum(addr);
	plain = palloc0(sizeof(inet));
	ip_family(plain) = PGSQL_AF_INET;
	ip_bits(plain) = 32;
	memcpy(ip_addr(plain), ip_addr(addr) + sizeof(mapped), 4);
	SET_INET_VARSIZE(plain);
	return InetPGetDatum(plain);
}

void
ReadCallContext(FunctionCallInfo fcinfo, CallContext *context)
{
	char *scheme = ArgText(fcinfo, CONTEXT_SCHEME);

	memset(context, 0, sizeof(*context));
	rate_policy[0] = rate_state[0] = '\0';
	context->request_id = ArgText(fcinfo, CONTEXT_REQUEST_ID);
	context->has_client_addr = !PG_ARGISNULL(CONTEXT_CLIENT_ADDR);
	if (context->has_client_addr)
		context->client_addr = PlainAddress(PG_GETARG_DATUM(CONTEXT_CLIENT_ADDR));
	context->app_code = ArgText(fcinfo, CONTEXT_APP_CODE);
	context->scheme = scheme == NULL ? "none" : scheme;
	if (!PG_ARGISNULL(CONTEXT_CREDENTIAL))
	{
		bytea *credential = PG_GETARG_BYTEA_PP(CONTEXT_CREDENTIAL);

		context->credential = VARDATA_ANY(credential);
		context->credential_len = VARSIZE_ANY_EXHDR(credential);
	}
}

Span
FrameText(const char *text)
{
	return text == NULL ? (Span){NULL, 0} : (Span){text, strlen(text)};
}

void
ReplyBegin(Frame *frame, CbdStatus status)
{
	FrameBegin(frame, status);
	frame->rate_policy = FrameText(rate_policy);
	frame->rate = FrameText(rate_state);
}

Datum
FrameDatum(const Frame *frame)
{
	size_t size = FrameSize(frame);
	bytea *result;

	if (size == 0)
		elog(ERROR, "a value of the reply frame of status %d is malformed", (int) frame->status);
	result = palloc(VARHDRSZ + size);
	FrameWrite(frame, VARDATA(result));
	SET_VARSIZE(result, VARHDRSZ + size);
	PG_RETURN_BYTEA_P(result);
}

Datum
ReplyFrame(CbdStatus status, int retry_after, const char *audit, const char *data)
{
	Frame frame;

	ReplyBegin(&frame, status);
	if (retry_after > 0)
		frame.retry_after = retry_after;
	frame.audit = FrameText(audit);
	frame.body = FrameText(data);
	return FrameDatum(&frame);
}

void
FrameRate(const char *policy, const char *state)
{
	strlcpy(rate_policy, policy, sizeof(rate_policy));
	strlcpy(rate_state, state, sizeof(rate_state));
}

Datum
ReplyError(CbdStatus status, const char *pointer, CbdStatus error, const char *message)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoString(&data, "{\"errors\":[{\"pointer\":");
	JsonString(&data, pointer);
	appendStringInfo(&data, ",\"statusCode\":%d,\"message\":", (int) error);
	JsonString(&data, message);
	appendStringInfoString(&data, "}]}");
	return ReplyFrame(status, 0, NULL, data.data);
}

void
JsonString(StringInfo out, const char *text)
{
	if (text == NULL)
		appendStringInfoString(out, "null");
	else
		escape_json(out, text);
}

void
JsonField(StringInfo out, const char *name, const char *text)
{
	char last = out->len > 0 ? out->data[out->len - 1] : '{';

	if (last != '{' && last != '[' && last != ',')
		appendStringInfoChar(out, ',');
	JsonName(out, name);
	JsonString(out, text);
}

void
JsonName(StringInfo out, const char *name)
{
	appendStringInfoChar(out, '"');
	appendStringInfoString(out, name);
	appendStringInfoString(out, "\":");
}

void
JsonInt(StringInfo out, int64 value)
{
	char digits[INT64_DIGITS + 1];

	appendBinaryStringInfo(out, digits, pg_lltoa(value, digits));
}

char *
JsonCompact(char *text)
{
	char *out = text;
	bool quoted = false;

	if (text == NULL)
		return NULL;
	for (const char *in = text; *in != '\0'; in++)
	{
		if (*in == '"')
			quoted = !quoted;
		else if (!quoted && (*in == ' ' || *in == '\n'))
			continue;
		else if (quoted && *in == '\\')
			*out++ = *in++; /* what is escaped comes with it */
		*out++ = *in;
	}
	*out = '\0';
	return text;
}
