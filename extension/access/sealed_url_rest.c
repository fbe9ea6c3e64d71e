/*
 * Endpoints: POST /auth/sealed-url, and what GET /s/{sealed} begins with (clause 5.2-c, d). Of a base
 * (sealed_url.h) every request below it is the endpoint's own, under the scheme 'base'.
 *
 *   GET /s/{sealed} --rest_open_url(): seal, end, address, use counted--> resource and parameters
 *       --the bridge calls the resource's own endpoint, scheme 'sealed'--> Authorise() opens it once more
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inet.h"

#include "access/app_code.h"
#include "access/authcode.h"
#include "access/endpoint.h"
#include "access/judge.h"
#include "access/sealed_url.h"
#include "core/spi.h"

static SpiQuery find_service = {"SELECT citybigdata.resource_service($1)", 1, {TEXTOID}};

/* The arguments of rest_seal_url. */
ARGUMENTS(ARG_RESOURCE, ARG_PARAMS, ARG_EXPIRES_IN, ARG_CIDR, ARG_MAX_USES, ARG_KEY, ARG_USER_NAME,
		  ARG_PASSWORD, ARG_TOTP);

/* The fields of the order; what is wrong with them is in the call's errors. */
static void
ReadOrder(Call *call, SealOrder *order)
{
	static const TextRule rule = {"/resource", 1, 64, true, true};
	ErrorList *errors = &call->errors;

	order->resource = CheckText(errors, &rule, CallText(call, ARG_RESOURCE));
	order->params = CheckSealParams(errors, CallText(call, ARG_PARAMS));
	order->expires_in = CheckSealExpiry(errors, CallText(call, ARG_EXPIRES_IN));
	order->cidr = CheckSealCidr(errors, CallText(call, ARG_CIDR));
	order->max_uses = CheckSealUses(errors, CallText(call, ARG_MAX_USES));
	order->level = 0;
	CheckSealBase(errors, order);
}

/*
 * An address is good for no more than the token that makes it: its level, and where it is bound to a client
 * address, that address. (Its resources were judged when it was authorised.)
 */
static void
NarrowOrder(Call *call, SealOrder *order)
{
	char *own;

	order->level = call->caller.token_level;
	if (!call->caller.to_address)
		return;
	own = DatumGetCString(
		DirectFunctionCall1(cidr_out, DirectFunctionCall1(inet_to_cidr, call->context.client_addr)));
	if (order->cidr != NULL && strcmp(order->cidr, own) != 0)
		ErrorAdd(&call->errors, "/cidr", CBD_FIELD_OUT_OF_RANGE,
				 SaidBoth("The token is bound to a client address: %s{address}, or left out", own));
	order->cidr = own;
}

/* Who asks: the request's own credential, or appCode with a key or a password in the body; and may he use the
 * resource (NULL: any)? */
static CbdStatus
AuthoriseSealing(Call *call, const char *resource)
{
	const RestContext *context = &call->context;
	CodeRequest request = {.key = CallText(call, ARG_KEY),
						   .user_name = CallText(call, ARG_USER_NAME),
						   .password = CallText(call, ARG_PASSWORD),
						   .totp = CallText(call, ARG_TOTP)};
	Issued issued;
	CbdStatus status;

	/* a sealed address makes no further ones: it would never end */
	if (context->scheme == SCHEME_SEALED || context->scheme == SCHEME_BASE)
		return CBD_UNAUTHORIZED;
	if (request.key == NULL && request.user_name == NULL && request.password == NULL)
		return CallAuthorise(call, resource);
	if (context->scheme != SCHEME_NONE || (request.key != NULL && request.user_name != NULL))
		return CBD_CONFLICTING_CREDENTIALS;
	if (context->app_code == NULL ||
		(request.key == NULL && (request.user_name == NULL || request.password == NULL)))
		return CBD_UNAUTHORIZED;
	if (!AppCodeWellFormed(context->app_code))
		return CBD_INVALID_APP_CODE;
	request.method = request.key != NULL ? "key" : "password";
	status = AuthenticateApplication(context, &request, &issued);
	call->retry_after = issued.retry_after;
	if (status != CBD_OK)
		return status;
	return AuthoriseApplication(context, issued.app_id, &issued.origin, resource, &call->caller);
}

/* rest_seal_url(context, resource, params, expires_in, cidr, max_uses, key, user_name, password, totp) */
static Datum
SealUrlCall(Call *call)
{
	SealOrder order;
	CbdStatus status;
	StringInfoData data;

	ReadOrder(call, &order);
	call->object = order.resource;
	call->log_in = CallGiven(call, ARG_PASSWORD);
	/* credentials first: without them nothing is told of the resource */
	status = AuthoriseSealing(call, OrdersBase(order.resource) ? NULL : order.resource);
	if (status == CBD_OK && call->caller.app_id == 0)
		status = CBD_FORBIDDEN;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	NarrowOrder(call, &order);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "url", SealUrl(call->caller.app_id, &call->caller.origin, &order));
	appendStringInfo(&data, ",\"expiresIn\":" INT64_FORMAT "}", order.expires_in);
	return Answer(call, CBD_OK, data.data);
}

ENDPOINT(cbd_rest_seal_url, "url.seal", SealUrlCall);

/* The service that has the resource: events, data or analysis. */
static char *
ServiceOf(const char *resource)
{
	Datum values[1] = {CStringGetTextDatum(resource)};
	char *service;

	SpiBegin();
	(void) SpiRead(&find_service, values, NULL, 1);
	service = SpiText(0, 1);
	SpiEnd();
	return service;
}

/*
 * rest_open_url(context, sealed): data {"appCode","resource","service","params","expiresAt"}. It counts the
 * use, so the bridge calls it once a request, for GET /s/{sealed}; then it dispatches as if the client had
 * called the resource itself: parameters from `params`, scheme 'sealed', credential the bytes of the token.
 * Under that scheme Authorise() checks seal, end, address, application and grant once more, and that the
 * resource is the sealed one, and counts nothing.
 */
static Datum
OpenUrlCall(Call *call)
{
	ARGUMENTS(ARG_SEALED);
	SealedUrl url;
	CbdStatus status;
	char *sealed = CallText(call, ARG_SEALED);
	StringInfoData data;

	status = OpenUrl(&call->context, sealed == NULL ? "" : sealed, sealed == NULL ? 0 : strlen(sealed), true,
					 &call->caller, &url);
	call->object = url.resource;
	call->detail = url.detail;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "appCode", call->caller.app_code);
	JsonField(&data, "resource", url.resource);
	JsonField(&data, "service", ServiceOf(url.resource));
	appendStringInfo(&data, ",\"params\":%s,\"expiresAt\":" INT64_FORMAT "}", url.params, url.expires_at);
	return AnswerRead(call, data.data);
}

ENDPOINT(cbd_rest_open_url, "url.open", OpenUrlCall);
