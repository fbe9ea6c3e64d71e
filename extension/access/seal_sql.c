/* Sealed addresses over HTTPS and from SQL: seal_url, open_url, rest_seal_url, rest_open_url (clause 5.2-c,
 * d). */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inet.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "access/app_code.h"
#include "audit/audit.h"
#include "access/authcode.h"
#include "core/field.h"
#include "core/guc.h"
#include "access/reply.h"
#include "access/seal.h"
#include "core/spi.h"

PG_FUNCTION_INFO_V1(cbd_seal_url);
PG_FUNCTION_INFO_V1(cbd_open_url);
PG_FUNCTION_INFO_V1(cbd_rest_seal_url);
PG_FUNCTION_INFO_V1(cbd_rest_open_url);

#define DEFAULT_EXPIRES_IN 3600
#define MAX_USES           1000000
/* The address must stay well below what clients and proxies take. */
#define PARAMS_MAX 4096

static SpiQuery find_application = {
	"SELECT a.app_id FROM citybigdata.application a WHERE a.app_code = $1", 1, {TEXTOID}, NULL};

/* A client's text through a type's input function and back: the canonical text; NULL when it is none. */
static char *
CanonicalText(PGFunction input, PGFunction output, const char *text)
{
	MemoryContext outer = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	char *volatile result = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(outer);
	PG_TRY();
	{
		result =
			DatumGetCString(DirectFunctionCall1(output, DirectFunctionCall1(input, CStringGetDatum(text))));
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(outer);
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(outer);
	CurrentResourceOwner = owner;
	return result;
}

/* params: a JSON object; absent: {}. */
static const char *
CheckParams(ErrorList *errors, const char *text)
{
	char *canonical;

	if (text == NULL)
		return "{}";
	canonical = strlen(text) > 4 * PARAMS_MAX ? NULL : CanonicalText(jsonb_in, jsonb_out, text);
	if (canonical == NULL || canonical[0] != '{')
		ErrorAdd(errors, "/params", CBD_FIELD_TYPE,
				 "A JSON object, for example {\"divisionCode\":\"110101\"}");
	else if (strlen(canonical) > PARAMS_MAX)
		ErrorAdd(errors, "/params", CBD_FIELD_TOO_LONG, psprintf("At most %d bytes", PARAMS_MAX));
	else
		return canonical;
	return NULL;
}

/* An integer within limits; absent: `otherwise`. */
static int64
CheckInteger(ErrorList *errors, const char *pointer, const char *text, int64 otherwise, int64 min, int64 max)
{
	char *end;
	long long value;

	if (text == NULL)
		return otherwise;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || text[strspn(text, "-0123456789")] != '\0')
		ErrorAdd(errors, pointer, CBD_FIELD_TYPE, "An integer");
	else if (errno != 0 || value < min || value > max)
		ErrorAdd(errors, pointer, CBD_FIELD_OUT_OF_RANGE,
				 psprintf(INT64_FORMAT " to " INT64_FORMAT, min, max));
	else
		return value;
	return otherwise;
}

static const char *
CheckCidr(ErrorList *errors, const char *text)
{
	char *canonical;

	if (text == NULL)
		return NULL;
	/* without a mask cidr would guess one by address classes */
	canonical =
		strlen(text) > 49 || strchr(text, '/') == NULL ? NULL : CanonicalText(cidr_in, cidr_out, text);
	if (canonical == NULL)
		ErrorAdd(errors, "/cidr", CBD_INVALID_PARAMETER,
				 "An address range in CIDR notation, for example 203.0.113.0/24");
	return canonical;
}

/* Arguments 5.. of rest_seal_url: resource, params, expires_in, cidr, max_uses. */
static void
ReadOrder(FunctionCallInfo fcinfo, ErrorList *errors, SealOrder *order)
{
	TextRule rule = {"/resource", 1, 64, true, true};

	order->resource = CheckText(errors, &rule, ArgText(fcinfo, 5));
	order->params = CheckParams(errors, ArgText(fcinfo, 6));
	order->expires_in = CheckInteger(errors, "/expiresIn", ArgText(fcinfo, 7),
									 Min(DEFAULT_EXPIRES_IN, guc_sealed_url_ttl), 1, guc_sealed_url_ttl);
	order->cidr = CheckCidr(errors, ArgText(fcinfo, 8));
	order->max_uses = (int) CheckInteger(errors, "/maxUses", ArgText(fcinfo, 9), 0, 1, MAX_USES);
	order->level = 0;
}

/*
 * An address is good for no more than the token that makes it: its level, and where it is bound to a client
 * address, that address. (Its resources were judged when it was authorised.)
 */
static void
NarrowOrder(const Call *call, ErrorList *errors, SealOrder *order)
{
	char *own;

	order->level = call->caller.token_level;
	if (!call->caller.to_address)
		return;
	own = DatumGetCString(
		DirectFunctionCall1(cidr_out, DirectFunctionCall1(inet_to_cidr, call->context.client_addr)));
	if (order->cidr != NULL && strcmp(order->cidr, own) != 0)
		ErrorAdd(errors, "/cidr", CBD_FIELD_OUT_OF_RANGE,
				 psprintf("The token is bound to a client address: %s, or left out", own));
	order->cidr = own;
}

/* Who asks: the request's own credential, or appCode with a key or a password in the body; and may he use the
 * resource? */
static CbdStatus
AuthoriseSealing(FunctionCallInfo fcinfo, const CallContext *context, const char *resource, Caller *caller,
				 int *retry_after)
{
	CodeRequest request = {
		.key = ArgText(fcinfo, 10), .user_name = ArgText(fcinfo, 11), .password = ArgText(fcinfo, 12)};
	Issued issued;
	CbdStatus status;

	memset(caller, 0, sizeof(*caller));
	/* a sealed address makes no further ones: it would never end */
	if (strcmp(context->scheme, "sealed") == 0)
		return CBD_UNAUTHORIZED;
	if (request.key == NULL && request.user_name == NULL && request.password == NULL)
		return Authorise(context, resource, caller, retry_after);
	if (strcmp(context->scheme, "none") != 0 || (request.key != NULL && request.user_name != NULL))
		return CBD_CONFLICTING_CREDENTIALS;
	if (context->app_code == NULL ||
		(request.key == NULL && (request.user_name == NULL || request.password == NULL)))
		return CBD_UNAUTHORIZED;
	if (!AppCodeWellFormed(context->app_code))
		return CBD_INVALID_APP_CODE;
	request.method = request.key != NULL ? "key" : "password";
	status = AuthenticateApplication(context, &request, &issued);
	*retry_after = issued.retry_after;
	if (status != CBD_OK)
		return status;
	return AuthoriseApplication(context, issued.app_id, resource, caller);
}

/* rest_seal_url(context, resource, params, expires_in, cidr, max_uses, key, user_name, password) */
Datum
cbd_rest_seal_url(PG_FUNCTION_ARGS)
{
	Call call;
	SealOrder order;
	CbdStatus status;
	StringInfoData data;

	CallBegin(fcinfo, &call, "url.seal");
	ReadOrder(fcinfo, &call.errors, &order);
	call.object = order.resource;
	call.log_in = !PG_ARGISNULL(12);
	/* credentials first: whoever has none learns nothing of the resource */
	status = AuthoriseSealing(fcinfo, &call.context, order.resource, &call.caller, &call.retry_after);
	if (status == CBD_OK && call.caller.app_id == 0)
		status = CBD_FORBIDDEN;
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	NarrowOrder(&call, &call.errors, &order);
	if (call.errors.count > 0)
		return AnswerErrors(&call);
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "url", SealUrl(call.caller.app_id, &order));
	appendStringInfo(&data, ",\"expiresIn\":" INT64_FORMAT "}", order.expires_in);
	return Answer(&call, CBD_OK, data.data);
}

/*
 * rest_open_url(context, sealed): data {"appCode","resource","params","expiresAt"}. It counts the use, so the
 * bridge calls it once a request, for GET /s/{sealed}; then it dispatches as if the client had called the
 * resource itself: parameters from `params`, scheme 'sealed', credential the bytes of the token. Under that
 * scheme Authorise() checks seal, end, address, application and grant once more, and that the resource is the
 * sealed one, and counts nothing.
 */
Datum
cbd_rest_open_url(PG_FUNCTION_ARGS)
{
	Call call;
	SealedUrl url;
	CbdStatus status;
	char *sealed = ArgText(fcinfo, 5);
	StringInfoData data;

	CallBegin(fcinfo, &call, "url.open");
	status = OpenUrl(&call.context, sealed == NULL ? "" : sealed, sealed == NULL ? 0 : strlen(sealed), true,
					 &call.caller, &url);
	call.object = url.resource;
	call.detail = url.detail;
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "appCode", call.caller.app_code);
	JsonField(&data, "resource", url.resource);
	appendStringInfo(&data, ",\"params\":%s,\"expiresAt\":" INT64_FORMAT "}", url.params, url.expires_at);
	return ReplyFrame(CBD_OK, 0, AuditRecord(&call.context, &call.caller, "url.open", url.resource),
					  data.data);
}

/* The context of a call from SQL. */
static void
SqlContext(CallContext *context, FunctionCallInfo fcinfo, int address)
{
	memset(context, 0, sizeof(*context));
	context->scheme = "sql";
	context->has_client_addr = address >= 0 && !PG_ARGISNULL(address);
	if (context->has_client_addr)
		context->client_addr = PG_GETARG_DATUM(address);
}

int64
IntervalSeconds(const Interval *interval)
{
	return (interval->time / USECS_PER_SEC) + (int64) interval->day * SECS_PER_DAY +
		   (int64) interval->month * DAYS_PER_MONTH * SECS_PER_DAY;
}

/* seal_url(app_code, resource, params jsonb, expires_in interval, cidr, max_uses) */
Datum
cbd_seal_url(PG_FUNCTION_ARGS)
{
	CallContext context;
	Caller caller;
	ErrorList errors;
	SealOrder order = {0};
	Datum value;
	int32 app_id = 0;
	char *url;

	for (int i = 0; i < 4; i++)
		if (PG_ARGISNULL(i) && i != 2)
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("app_code, resource and expires_in must not be null")));
	SqlContext(&context, fcinfo, -1);
	ErrorsBegin(&errors);
	order.resource = ArgText(fcinfo, 1);
	order.params = CheckParams(
		&errors,
		PG_ARGISNULL(2) ? NULL : DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(2))));
	order.expires_in =
		CheckInteger(&errors, "/expiresIn", psprintf(INT64_FORMAT, IntervalSeconds(PG_GETARG_INTERVAL_P(3))),
					 0, 1, guc_sealed_url_ttl);
	order.cidr = PG_ARGISNULL(4) ? NULL : DatumGetCString(DirectFunctionCall1(cidr_out, PG_GETARG_DATUM(4)));
	order.max_uses = (int) CheckInteger(
		&errors, "/maxUses", PG_ARGISNULL(5) ? NULL : psprintf("%d", PG_GETARG_INT32(5)), 0, 1, MAX_USES);
	ErrorsRaise(&errors, NULL);
	value = PG_GETARG_DATUM(0);
	SpiBegin();
	if (SpiRun(&find_application, &value, NULL, SPI_OK_SELECT, 1) == 1)
		app_id = SpiInt32(0, 1);
	SpiEnd();
	/* an application bound to address ranges is judged when the address is opened */
	if (app_id == 0 || AuthoriseApplication(&context, app_id, order.resource, &caller) == CBD_FORBIDDEN)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_FORBIDDEN)),
				 errmsg("the application may not use resource %s", order.resource),
				 errdetail("It is unknown, suspended or expired, or holds no grant on the resource.")));
	url = SealUrl(app_id, &order);
	AuditWrite(NULL, NULL, "url.seal", order.resource, CBD_OK, ArgText(fcinfo, 0));
	PG_RETURN_TEXT_P(cstring_to_text(url));
}

/* open_url(url, client_addr) → (status_code, message, app_code, resource, params, expires_at, uses_left) */
Datum
cbd_open_url(PG_FUNCTION_ARGS)
{
	CallContext context;
	Caller caller;
	SealedUrl url;
	CbdStatus status;
	char *text = ArgText(fcinfo, 0);
	TupleDesc desc;
	Datum values[7] = {0};
	bool nulls[7] = {false, false, true, true, true, true, true};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "open_url returns a row");
	SqlContext(&context, fcinfo, 1);
	status =
		OpenUrl(&context, text == NULL ? "" : text, text == NULL ? 0 : strlen(text), true, &caller, &url);
	AuditWrite(&context, &caller, "url.open", url.resource, status, url.detail);
	values[0] = Int32GetDatum((int32) status);
	values[1] = CStringGetTextDatum(StatusMessage(status));
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
