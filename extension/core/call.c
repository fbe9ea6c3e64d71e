/* Call contexts and arguments; see call.h. */
#include "postgres.h"
#include "core/varlena.h"

#include <sys/socket.h>

#include "utils/builtins.h"
#include "utils/inet.h"

#include "core/call.h"
#include "core/field.h"

char *
ArgText(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

bool
ArgBool(FunctionCallInfo fcinfo, int n)
{
	return !PG_ARGISNULL(n) && PG_GETARG_BOOL(n);
}

char **
ArgTexts(FunctionCallInfo fcinfo, int n, int *count)
{
	return TextArray(PG_ARGISNULL(n) ? (Datum) 0 : PG_GETARG_DATUM(n), PG_ARGISNULL(n), count);
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
ReadCallContext(FunctionCallInfo fcinfo, RestContext *context)
{
	memset(context, 0, sizeof(*context));
	context->request_id = ArgText(fcinfo, CONTEXT_REQUEST_ID);
	context->has_client_addr = !PG_ARGISNULL(CONTEXT_CLIENT_ADDR);
	if (context->has_client_addr)
		context->client_addr = PlainAddress(PG_GETARG_DATUM(CONTEXT_CLIENT_ADDR));
	context->app_code = ArgText(fcinfo, CONTEXT_APP_CODE);
	if (!PG_ARGISNULL(CONTEXT_SCHEME))
	{
		text *scheme = PG_GETARG_TEXT_PP(CONTEXT_SCHEME);
		size_t length = VARSIZE_ANY_EXHDR(scheme);

		context->chinese = SchemeInChinese(VARDATA_ANY(scheme), &length);
		context->scheme_unknown = !SchemeNamed(VARDATA_ANY(scheme), length, &context->scheme);
	}
	if (!PG_ARGISNULL(CONTEXT_CREDENTIAL))
	{
		bytea *credential = PG_GETARG_BYTEA_PP(CONTEXT_CREDENTIAL);

		context->credential = VARDATA_ANY(credential);
		context->credential_len = VARSIZE_ANY_EXHDR(credential);
	}
}
