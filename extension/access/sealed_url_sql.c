/*
 * Sealed addresses from SQL: seal_url(), open_url() (clause 5.2-c, d). seal_url() is the administrator's: it
 * makes an address for an application without its credential, and writes an audit row.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "access/judge.h"
#include "access/sealed_url.h"
#include "audit/audit.h"
#include "core/interval.h"
#include "core/own_statement.h"
#include "core/say.h"
#include "core/spi.h"

PG_FUNCTION_INFO_V1(cbd_seal_url);
PG_FUNCTION_INFO_V1(cbd_open_url);

/* $1 appCode: the application's number. */
static SpiQuery find_application = {
	"SELECT a.app_id FROM citybigdata.application a WHERE a.app_code = $1", 1, {TEXTOID}, NULL};

/* The context of a call from SQL. */
static void
SqlContext(RestContext *context, FunctionCallInfo fcinfo, int address)
{
	memset(context, 0, sizeof(*context));
	context->has_client_addr = address >= 0 && !PG_ARGISNULL(address);
	if (context->has_client_addr)
		context->client_addr = PG_GETARG_DATUM(address);
}

/* seal_url(app_code, resource, params jsonb, expires_in interval, cidr, max_uses) */
Datum
cbd_seal_url(PG_FUNCTION_ARGS)
{
	RestContext context;
	Caller caller;
	ErrorList errors;
	SealOrder order = {0};
	Datum value;
	int32 app_id = 0;
	char *url;

	RequireOwnStatement(fcinfo, "seal_url");
	for (int i = 0; i < 4; i++)
		if (PG_ARGISNULL(i) && i != 2)
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							saymsg("app_code, resource and expires_in must not be null")));
	SqlContext(&context, fcinfo, -1);
	ErrorsBegin(&errors);
	order.resource = ArgText(fcinfo, 1);
	order.params = CheckSealParams(
		&errors,
		PG_ARGISNULL(2) ? NULL : DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(2))));
	order.expires_in =
		CheckSealExpiry(&errors, psprintf(INT64_FORMAT, IntervalSeconds(PG_GETARG_INTERVAL_P(3))));
	order.cidr = PG_ARGISNULL(4) ? NULL : DatumGetCString(DirectFunctionCall1(cidr_out, PG_GETARG_DATUM(4)));
	order.max_uses = CheckSealUses(&errors, PG_ARGISNULL(5) ? NULL : psprintf("%d", PG_GETARG_INT32(5)));
	CheckSealBase(&errors, &order);
	ErrorsRaise(&errors, NULL);
	value = PG_GETARG_DATUM(0);
	SpiBegin();
	if (SpiRun(&find_application, &value, NULL, SPI_OK_SELECT, 1) == 1)
		app_id = SpiInt32(0, 1);
	SpiEnd();
	/* an application bound to address ranges is judged when the address is opened */
	if (app_id == 0 ||
		AuthoriseApplication(&context, app_id, NULL, OrdersBase(order.resource) ? NULL : order.resource,
							 &caller) == CBD_FORBIDDEN)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_FORBIDDEN)),
				 saymsg("the application may not use resource %s{resource}", order.resource),
				 saydetail("It is unknown, suspended or expired, or holds no grant on the resource.")));
	url = SealUrl(app_id, &caller.origin, &order);
	AuditWrite(NULL, NULL, "url.seal", order.resource, CBD_OK, ArgText(fcinfo, 0));
	PG_RETURN_TEXT_P(cstring_to_text(url));
}

/* open_url(url, client_addr) → (status_code, message, app_code, resource, params, expires_at, uses_left) */
Datum
cbd_open_url(PG_FUNCTION_ARGS)
{
	RestContext context;
	Caller caller;
	SealedUrl url;
	CbdStatus status;
	char *text = ArgText(fcinfo, 0);
	TupleDesc desc;
	Datum values[7] = {0};
	bool nulls[7] = {false, false, true, true, true, true, true};

	RequireOwnStatement(fcinfo, "open_url");
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "open_url returns a row");
	SqlContext(&context, fcinfo, 1);
	status =
		OpenUrl(&context, text == NULL ? "" : text, text == NULL ? 0 : strlen(text), true, &caller, &url);
	AuditWrite(&context, &caller, "url.open", url.resource, status, url.detail);
	values[0] = Int32GetDatum((int32) status);
	values[1] = CStringGetTextDatum(SaidStatus(status));
	if (status == CBD_OK)
	{
		values[2] = CStringGetTextDatum(caller.app_code);
		values[3] = CStringGetTextDatum(url.resource);
		values[4] = DirectFunctionCall1(jsonb_in, CStringGetDatum(url.params));
		values[5] = TimestampTzGetDatum(time_t_to_timestamptz((pg_time_t) url.expires_at));
		values[6] = Int32GetDatum(url.uses_left);
		nulls[2] = nulls[3] = nulls[4] = nulls[5] = false;
		nulls[6] = url.uses_left < 0;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
