/* The convention of the endpoint functions: call context in, reply frame out. See call.h. */
#include "postgres.h"

#include <sys/socket.h>

#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/inet.h"

#include "core/call.h"

#define INT64_DIGITS 20 /* with the sign */

/* "\tpolicy\tstate" of this call; empty: no limit. Outlives an error, so every call begins by emptying it. */
static char frame_rate[256];

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
	char *scheme = ArgText(fcinfo, 3);

	memset(context, 0, sizeof(*context));
	frame_rate[0] = '\0';
	context->request_id = ArgText(fcinfo, 0);
	context->has_client_addr = !PG_ARGISNULL(1);
	if (context->has_client_addr)
		context->client_addr = PlainAddress(PG_GETARG_DATUM(1));
	context->app_code = ArgText(fcinfo, 2);
	context->scheme = scheme == NULL ? "none" : scheme;
	if (!PG_ARGISNULL(4))
	{
		bytea *credential = PG_GETARG_BYTEA_PP(4);

		context->credential = VARDATA_ANY(credential);
		context->credential_len = VARSIZE_ANY_EXHDR(credential);
	}
}

Datum
ReplyFrame(CbdStatus status, int retry_after, const char *audit, const char *data)
{
	StringInfoData frame;
	text *result;

	initStringInfo(&frame);
	/* room for the varlena header, so that a large reply is not copied again */
	appendStringInfoSpaces(&frame, VARHDRSZ);
	JsonInt(&frame, status);
	appendStringInfoChar(&frame, ' ');
	JsonInt(&frame, retry_after);
	appendStringInfoString(&frame, frame_rate);
	appendStringInfoChar(&frame, '\n');
	frame_rate[0] = '\0';
	if (audit != NULL)
		appendStringInfoString(&frame, audit);
	appendStringInfoChar(&frame, '\n');
	if (data != NULL)
		appendStringInfoString(&frame, data);
	result = (text *) frame.data;
	SET_VARSIZE(result, frame.len);
	PG_RETURN_TEXT_P(result);
}

void
FrameRate(const char *policy, const char *state)
{
	snprintf(frame_rate, sizeof(frame_rate), "\t%s\t%s", policy, state);
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
