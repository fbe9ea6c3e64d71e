/* The access chapter from SQL: mistakes raise errors (SQLSTATE class UD); refused credentials are rows. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "access/htup_details.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "access/account.h"
#include "access/app_code.h"
#include "audit/audit.h"
#include "access/authcode.h"
#include "core/digest.h"
#include "access/password.h"
#include "core/spi.h"
#include "access/token.h"

#define REGISTER_HINT "register_account('zhang.san', 'Correct-1-horse', '市城管委', '张三', '13800138000')"
#define REQUEST_HINT                                                                                         \
	"request_access('zhang.san', '{events}', '{key}', sender_codes => '{362200}', profile => 'egova')"

/* Raises a refusal as an error. */
static void
Require(CbdStatus status, const char *detail)
{
	if (status != CBD_OK)
		ereport(ERROR, (errcode(StatusSqlstate(status)), errmsg("%s", StatusMessage(status)),
						detail != NULL ? errdetail("%s", detail) : 0));
}

/* The row types of this file's functions, each worked out once per backend: that takes longer than checking a
 * token. */
#define ROW_TYPES 8
static struct
{
	Oid function;
	TupleDesc desc;
} row_types[ROW_TYPES];

/* Syscache callback: some function was made, dropped or changed. */
static void
ForgetRowTypes(Datum arg, int cacheid, uint32 hashvalue)
{
	for (int i = 0; i < ROW_TYPES; i++)
		row_types[i].function = InvalidOid;
}

static TupleDesc
RowType(FunctionCallInfo fcinfo)
{
	static bool registered;
	Oid function = fcinfo->flinfo->fn_oid;
	int at = function % ROW_TYPES;
	TupleDesc desc;
	MemoryContext caller;

	if (OidIsValid(function) && row_types[at].function == function)
		return row_types[at].desc;
	if (!registered)
		CacheRegisterSyscacheCallback(PROCOID, ForgetRowTypes, (Datum) 0);
	registered = true;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "a row type is expected");
	row_types[at].function = InvalidOid;
	if (row_types[at].desc != NULL)
		FreeTupleDesc(row_types[at].desc);
	row_types[at].desc = NULL;
	caller = MemoryContextSwitchTo(TopMemoryContext);
	row_types[at].desc = BlessTupleDesc(CreateTupleDescCopy(desc));
	MemoryContextSwitchTo(caller);
	row_types[at].function = function;
	return row_types[at].desc;
}

static Datum
Row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	return HeapTupleGetDatum(heap_form_tuple(RowType(fcinfo), values, nulls));
}

/* audit_event(action, object, detail): the audit row of an administration function written in SQL */
PG_FUNCTION_INFO_V1(cbd_audit_event);
Datum
cbd_audit_event(PG_FUNCTION_ARGS)
{
	AuditWrite(NULL, NULL, text_to_cstring(PG_GETARG_TEXT_PP(0)), ArgText(fcinfo, 1), CBD_OK,
			   ArgText(fcinfo, 2));
	PG_RETURN_VOID();
}

/* refuse(status_code, detail): raises a refusal from a function written in SQL */
PG_FUNCTION_INFO_V1(cbd_refuse);
Datum
cbd_refuse(PG_FUNCTION_ARGS)
{
	Require((CbdStatus) PG_GETARG_INT32(0), ArgText(fcinfo, 1));
	PG_RETURN_VOID();
}

/* register_account(user_name, password, organization, contact_name, mobile): account_id */
PG_FUNCTION_INFO_V1(cbd_register_account);
Datum
cbd_register_account(PG_FUNCTION_ARGS)
{
	ErrorList errors;
	char *user_name = ArgText(fcinfo, 0);
	char *password = ArgText(fcinfo, 1);
	int64 account_id;

	ErrorsBegin(&errors);
	account_id = RegisterAccount(&errors, user_name, password, ArgText(fcinfo, 2), ArgText(fcinfo, 3),
								 ArgText(fcinfo, 4));
	ForgetText(password);
	ErrorsRaise(&errors, REGISTER_HINT);
	AuditWrite(NULL, NULL, "account.register", user_name, CBD_OK, NULL);
	PG_RETURN_INT64(account_id);
}

static void
ReviewFromSql(FunctionCallInfo fcinfo, bool approve, const char *note)
{
	int64 account_id = PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0);

	Require(ReviewAccount(account_id, approve, ReviewerName(NULL), note),
			psprintf("Account " INT64_FORMAT ".", account_id));
	AuditWrite(NULL, NULL, approve ? "account.approve" : "account.reject", psprintf(INT64_FORMAT, account_id),
			   CBD_OK, note);
}

/* approve_account(account_id), reject_account(account_id, reason) */
PG_FUNCTION_INFO_V1(cbd_approve_account);
Datum
cbd_approve_account(PG_FUNCTION_ARGS)
{
	ReviewFromSql(fcinfo, true, NULL);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(cbd_reject_account);
Datum
cbd_reject_account(PG_FUNCTION_ARGS)
{
	ReviewFromSql(fcinfo, false, ArgText(fcinfo, 1));
	PG_RETURN_VOID();
}

static SpiQuery account_of_user = {"SELECT account_id FROM citybigdata.account WHERE lower(user_name COLLATE "
								   "\"C\") = $1 AND state = 'active'",
								   1,
								   {TEXTOID},
								   NULL,
								   true};

/*
 * request_access(user_name, resources, methods, purpose, ip_ranges, sender_codes, profile, level,
 * valid_until, redirect_uris, client_type): access_request_id
 */
PG_FUNCTION_INFO_V1(cbd_request_access);
Datum
cbd_request_access(PG_FUNCTION_ARGS)
{
	ErrorList errors;
	AccessForm form = {0};
	char *user_name = PG_ARGISNULL(0) ? "" : ArgText(fcinfo, 0);
	Datum folded = CStringGetTextDatum(FoldAscii(user_name));
	int64 account_id = 0;
	int64 number;

	form.resources = ArgTexts(fcinfo, 1, &form.resource_count);
	form.methods = ArgTexts(fcinfo, 2, &form.method_count);
	form.purpose = ArgText(fcinfo, 3);
	form.ip_ranges = ArgTexts(fcinfo, 4, &form.ip_range_count);
	form.sender_codes = ArgTexts(fcinfo, 5, &form.sender_code_count);
	form.profile = ArgText(fcinfo, 6);
	form.level = PG_ARGISNULL(7) ? 0 : PG_GETARG_INT32(7);
	if (!PG_ARGISNULL(7) && form.level == 0)
		form.level = -1; /* 0 means absent in the form */
	form.has_valid_until = !PG_ARGISNULL(8);
	form.valid_until = form.has_valid_until ? PG_GETARG_TIMESTAMPTZ(8) : 0;
	form.redirect_uris = ArgTexts(fcinfo, 9, &form.redirect_uri_count);
	form.client_type = ArgText(fcinfo, 10);
	SpiBegin();
	if (SpiRun(&account_of_user, &folded, NULL, SPI_OK_SELECT, 1) == 1)
		account_id = SpiInt64(0, 1);
	SpiEnd();
	if (account_id == 0)
		Require(CBD_NO_SUCH_ACCOUNT, "There is no active account of that user name.");
	ErrorsBegin(&errors);
	number = RequestAccess(&errors, account_id, &form);
	ErrorsRaise(&errors, REQUEST_HINT);
	AuditWrite(NULL, NULL, "access.request", psprintf(INT64_FORMAT, number), CBD_OK, NULL);
	PG_RETURN_INT64(number);
}

/* approve_access(access_request_id): app_code */
PG_FUNCTION_INFO_V1(cbd_approve_access);
Datum
cbd_approve_access(PG_FUNCTION_ARGS)
{
	int64 number = PG_GETARG_INT64(0);
	ErrorList errors;
	char *app_code = NULL;
	CbdStatus status;

	ErrorsBegin(&errors);
	status = ApproveAccess(number, ReviewerName(NULL), &app_code, &errors);
	ErrorsRaise(&errors, NULL);
	Require(status, psprintf("Access request " INT64_FORMAT ".", number));
	AuditWrite(NULL, NULL, "access.approve", psprintf(INT64_FORMAT, number), CBD_OK, app_code);
	PG_RETURN_TEXT_P(cstring_to_text(app_code));
}

/* reject_access(access_request_id, reason) */
PG_FUNCTION_INFO_V1(cbd_reject_access);
Datum
cbd_reject_access(PG_FUNCTION_ARGS)
{
	int64 number = PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0);
	char *reason = ArgText(fcinfo, 1);

	Require(RejectAccess(number, ReviewerName(NULL), reason),
			psprintf("Access request " INT64_FORMAT ".", number));
	AuditWrite(NULL, NULL, "access.reject", psprintf(INT64_FORMAT, number), CBD_OK, reason);
	PG_RETURN_VOID();
}

/* take_credentials(access_request_id): app_code, key, signing_secret; once */
PG_FUNCTION_INFO_V1(cbd_take_credentials);
Datum
cbd_take_credentials(PG_FUNCTION_ARGS)
{
	int64 number = PG_GETARG_INT64(0);
	AccessState state;
	char *key;
	char *signing_secret;
	Datum values[3] = {0};
	bool nulls[3] = {false, true, true};
	char *detail = psprintf("Access request " INT64_FORMAT ".", number);

	if (!FindAccessRequest(number, &state))
		Require(CBD_NO_SUCH_ACCESS_REQUEST, detail);
	if (state.app_id == 0)
		Require(CBD_CONFLICT, psprintf("Access request " INT64_FORMAT " is %s.", number, state.state));
	if (!TakeCredentials(state.app_id, &key, &signing_secret))
		Require(CBD_CREDENTIALS_COLLECTED, detail);
	AuditWrite(NULL, NULL, "access.credentials", state.app_code, CBD_OK, NULL);
	values[0] = CStringGetTextDatum(state.app_code);
	nulls[1] = key == NULL;
	values[1] = key == NULL ? (Datum) 0 : CStringGetTextDatum(key);
	nulls[2] = signing_secret == NULL;
	values[2] = signing_secret == NULL ? (Datum) 0 : CStringGetTextDatum(signing_secret);
	ForgetText(key);
	ForgetText(signing_secret);
	PG_RETURN_DATUM(Row(fcinfo, values, nulls));
}

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
	Datum values[5] = {Int32GetDatum((int32) status), CStringGetTextDatum(StatusMessage(status)),
					   good ? CStringGetTextDatum(issued->text) : (Datum) 0,
					   Int32GetDatum(issued->expires_in), Int32GetDatum(issued->retry_after)};
	bool nulls[5] = {false, false, !good, !good, issued->retry_after == 0};

	ForgetText(issued->text);
	return Row(fcinfo, values, nulls);
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

/* exchange_auth_code(app_code, auth_code, client_addr): status_code, message, access_token, expires_in, retry_after */
PG_FUNCTION_INFO_V1(cbd_exchange_auth_code);
Datum
cbd_exchange_auth_code(PG_FUNCTION_ARGS)
{
	RestContext context;
	char *code = ArgText(fcinfo, 1);
	Issued issued = {0};
	CbdStatus status = CBD_FIELD_REQUIRED;

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

	SqlContext(&context, SCHEME_BEARER, NULL);
	Sha256(token, strlen(token), digest);
	ForgetText(token);
	context.credential = (const char *) digest;
	context.credential_len = DIGEST_SIZE;
	status = Authorise(&context, NULL, &caller, &retry_after);
	values[0] = Int32GetDatum((int32) status);
	values[1] = CStringGetTextDatum(StatusMessage(status));
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
	PG_RETURN_DATUM(Row(fcinfo, values, nulls));
}

/* revoke_token(token): true when it was valid until now */
PG_FUNCTION_INFO_V1(cbd_revoke_token);
Datum
cbd_revoke_token(PG_FUNCTION_ARGS)
{
	char *token = text_to_cstring(PG_GETARG_TEXT_PP(0));
	bool revoked = RevokeToken(TextDigest(token), 0, 0);

	ForgetText(token);
	AuditWrite(NULL, NULL, "auth.revoke", NULL, CBD_OK, revoked ? NULL : "no valid token");
	PG_RETURN_BOOL(revoked);
}

static SpiQuery account_number = {
	"SELECT account_id FROM citybigdata.account WHERE lower(user_name COLLATE \"C\") = $1",
	1,
	{TEXTOID},
	NULL,
	true};

static SpiQuery previous_end = {
	"SELECT previous_valid_until FROM citybigdata.application WHERE app_code = $1", 1, {TEXTOID}, NULL, true};

/* reset_password(user_name): the initial password */
PG_FUNCTION_INFO_V1(cbd_reset_password);
Datum
cbd_reset_password(PG_FUNCTION_ARGS)
{
	char *user_name = ArgText(fcinfo, 0);
	Datum folded = CStringGetTextDatum(FoldAscii(user_name));
	int64 account_id = 0;
	char *initial;
	text *result;

	SpiBegin();
	if (SpiRun(&account_number, &folded, NULL, SPI_OK_SELECT, 1) == 1)
		account_id = SpiInt64(0, 1);
	SpiEnd();
	Require(ResetPassword(account_id, &initial),
			"No account of that user name, or its password was changed just now.");
	AuditWrite(NULL, NULL, "account.reset-password", user_name, CBD_OK, NULL);
	result = cstring_to_text(initial);
	ForgetText(initial);
	PG_RETURN_TEXT_P(result);
}

/* change_password(user_name, password, new_password): status_code, message, retry_after */
PG_FUNCTION_INFO_V1(cbd_change_password);
Datum
cbd_change_password(PG_FUNCTION_ARGS)
{
	RestContext context;
	Caller caller = {0};
	ErrorList errors;
	char *user_name = ArgText(fcinfo, 0);
	char *password = ArgText(fcinfo, 1);
	char *new_password = ArgText(fcinfo, 2);
	int retry_after = 0;
	CbdStatus status;
	Datum values[3];
	bool nulls[3] = {false, false, true};

	SqlContext(&context, SCHEME_NONE, NULL);
	ErrorsBegin(&errors);
	status = ChangePassword(&context, user_name, password, new_password, NULL, NULL, &caller, &errors,
							&retry_after);
	ForgetText(password);
	ForgetText(new_password);
	ErrorsRaise(&errors, "change_password('zhang.san', 'Correct-1-horse', 'Better-2-horses')");
	AuditWrite(&context, &caller, "account.change-password", user_name, status, NULL);
	values[0] = Int32GetDatum((int32) status);
	values[1] = CStringGetTextDatum(StatusMessage(status));
	values[2] = Int32GetDatum(retry_after);
	nulls[2] = retry_after == 0;
	PG_RETURN_DATUM(Row(fcinfo, values, nulls));
}

/* rotate_credentials(app_code, overlap): app_code, key, signing_secret, previous_valid_until */
PG_FUNCTION_INFO_V1(cbd_rotate_credentials);
Datum
cbd_rotate_credentials(PG_FUNCTION_ARGS)
{
	char *app_code = ArgText(fcinfo, 0);
	Interval *overlap = PG_GETARG_INTERVAL_P(1);
	int32 app_id;
	char *key;
	char *signing_secret;
	Datum values[4] = {0};
	bool nulls[4] = {false, true, true, true};

	/* months have no fixed length */
	if (overlap->month != 0 || overlap->day < 0 || overlap->time < 0 ||
		overlap->day + overlap->time / USECS_PER_DAY > OVERLAP_DAYS_MAX)
		Require(CBD_FIELD_OUT_OF_RANGE, "overlap: 0 to 90 days.");
	if (!BeginRotation(app_code, IntervalPGetDatum(overlap), &app_id) ||
		!TakeCredentials(app_id, &key, &signing_secret))
		Require(CBD_NOT_FOUND, "There is no such application, or it is revoked.");
	AuditWrite(NULL, NULL, "access.rotate", app_code, CBD_OK, NULL);
	values[0] = PG_GETARG_DATUM(0);
	nulls[1] = key == NULL;
	values[1] = key == NULL ? (Datum) 0 : CStringGetTextDatum(key);
	nulls[2] = signing_secret == NULL;
	values[2] = signing_secret == NULL ? (Datum) 0 : CStringGetTextDatum(signing_secret);
	ForgetText(key);
	ForgetText(signing_secret);
	SpiBegin();
	SpiRun(&previous_end, &values[0], NULL, SPI_OK_SELECT, 1);
	values[3] = SpiDatum(0, 1, &nulls[3]);
	SpiEnd();
	PG_RETURN_DATUM(Row(fcinfo, values, nulls));
}
