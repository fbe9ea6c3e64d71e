/*
 * Codes and tokens from SQL: issue_auth_code(), exchange_auth_code(), check_token(), revoke_token(). Refused
 * credentials are rows with a status code, as the endpoints answer them, so that the lock-out counts.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "access/app_code.h"
#include "access/authcode.h"
#include "access/token.h"
#include "audit/audit.h"
#include "core/own_statement.h"
#include "core/digest.h"
#include "core/result_row.h"

/* The call context of an SQL caller. */
static void
SqlContext(RestContext *context, AuthScheme scheme, const char *app_code)
{
	memset(context, 0, sizeof(*context));
	context->scheme = scheme;
	context->app_code = app_code;
}

/* The client's address, where argument `n` gives one. */
static void
ReadClientAddress(FunctionCallInfo fcinfo, int n, RestContext *context)
{
	context->has_client_addr = !PG_ARGISNULL(n);
	if (context->has_client_addr)
		context->client_addr = PlainAddress(PG_GETARG_DATUM(n));
}

/* A refused or granted credential as a row: status_code, message, secret, expires_in, retry_after */
static Datum
IssuedRow(FunctionCallInfo fcinfo, CbdStatus status, Issued *issued)
{
	bool good = status == CBD_OK;
	Datum values[5] = {Int32GetDatum((int32) status), CStringGetTextDatum(SaidStatus(status)),
					   good ? CStringGetTextDatum(issued->text) : (Datum) 0,
					   Int32GetDatum(issued->expires_in), Int32GetDatum(issued->retry_after)};
	bool nulls[5] = {false, false, !good, !good, issued->retry_after == 0};

	ForgetText(issued->text);
	return ResultRow(fcinfo, values, nulls);
}

/* The audit row of a credential event from SQL. */
static void
AuditIssued(const RestContext *context, const char *action, CbdStatus status, const Issued *issued)
{
	Caller caller = {0};

	caller.known = issued->app_id != 0;
	caller.app_code = unconstify(char *, context->app_code);
	caller.user_name = issued->user_name;
	AuditWrite(context, &caller, action, context->app_code, status, NULL);
}

/* issue_auth_code(app_code, method, key, user_name, password, client_addr): status_code, message, auth_code,
 * expires_in, retry_after */
PG_FUNCTION_INFO_V1(cbd_issue_auth_code);
Datum
cbd_issue_auth_code(PG_FUNCTION_ARGS)
{
	RestContext context;
	CodeRequest request = {ArgText(fcinfo, 1), ArgText(fcinfo, 2), ArgText(fcinfo, 3), ArgText(fcinfo, 4)};
	Issued issued = {0};
	CbdStatus status = CBD_FIELD_REQUIRED;

	RequireOwnStatement(fcinfo, "issue_auth_code");
	SqlContext(&context, SCHEME_NONE, ArgText(fcinfo, 0));
	ReadClientAddress(fcinfo, 5, &context);
	if (context.app_code != NULL && !AppCodeWellFormed(context.app_code))
		status = CBD_INVALID_APP_CODE;
	else if (context.app_code != NULL && request.method != NULL &&
			 (strcmp(request.method, "key") != 0 || request.key != NULL) &&
			 (strcmp(request.method, "password") != 0 ||
			  (request.user_name != NULL && request.password != NULL)))
		status = IssueAuthCode(&context, &request, &issued);
	AuditIssued(&context, "auth.code", status, &issued);
	return IssuedRow(fcinfo, status, &issued);
}

/* exchange_auth_code(app_code, auth_code, client_addr): status_code, message, access_token, expires_in,
 * retry_after */
PG_FUNCTION_INFO_V1(cbd_exchange_auth_code);
Datum
cbd_exchange_auth_code(PG_FUNCTION_ARGS)
{
	RestContext context;
	char *code = ArgText(fcinfo, 1);
	Issued issued = {0};
	CbdStatus status = CBD_FIELD_REQUIRED;

	RequireOwnStatement(fcinfo, "exchange_auth_code");
	SqlContext(&context, SCHEME_NONE, ArgText(fcinfo, 0));
	ReadClientAddress(fcinfo, 2, &context);
	if (context.app_code != NULL && !AppCodeWellFormed(context.app_code))
		status = CBD_INVALID_APP_CODE;
	else if (context.app_code != NULL && code != NULL)
		status = ExchangeAuthCode(&context, TextDigest(code), NULL, &issued);
	ForgetText(code);
	AuditIssued(&context, "auth.token", status, &issued);
	return IssuedRow(fcinfo, status, &issued);
}

/* check_token(token): status_code, message, app_code, user_name, administrator, profile, level */
PG_FUNCTION_INFO_V1(cbd_check_token);
Datum
cbd_check_token(PG_FUNCTION_ARGS)
{
	RestContext context;
	Caller caller;
	char *token = text_to_cstring(PG_GETARG_TEXT_PP(0));
	uint8 digest[DIGEST_SIZE];
	Datum values[7] = {0};
	bool nulls[7] = {false, false, true, true, true, true, true};
	int retry_after;
	CbdStatus status;

	RequireOwnStatement(fcinfo, "check_token");
	SqlContext(&context, SCHEME_BEARER, NULL);
	Sha256(token, strlen(token), digest);
	ForgetText(token);
	context.credential = (const char *) digest;
	context.credential_len = DIGEST_SIZE;
	status = Authorise(&context, NULL, &caller, &retry_after);
	values[0] = Int32GetDatum((int32) status);
	values[1] = CStringGetTextDatum(SaidStatus(status));
	if (status == CBD_OK)
	{
		bool app = caller.app_code != NULL;

		nulls[2] = nulls[5] = nulls[6] = !app;
		nulls[3] = nulls[4] = false;
		values[2] = app ? CStringGetTextDatum(caller.app_code) : (Datum) 0;
		values[3] = CStringGetTextDatum(caller.user_name);
		values[4] = BoolGetDatum(caller.administrator);
		values[5] = CStringGetTextDatum(caller.egova ? "egova" : "strict");
		values[6] = Int32GetDatum(caller.level);
	}
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

/* revoke_token(token): true when it was valid until now */
PG_FUNCTION_INFO_V1(cbd_revoke_token);
Datum
cbd_revoke_token(PG_FUNCTION_ARGS)
{
	char *token = text_to_cstring(PG_GETARG_TEXT_PP(0));
	bool revoked = RevokeToken(TextDigest(token), 0, 0);

	RequireOwnStatement(fcinfo, "revoke_token");
	ForgetText(token);
	AuditWrite(NULL, NULL, "auth.revoke", NULL, CBD_OK, revoked ? NULL : "no valid token");
	PG_RETURN_BOOL(revoked);
}
