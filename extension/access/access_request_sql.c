/*
 * Access requests and applications from SQL: request_access(), approve_access(), reject_access(),
 * take_credentials(), rotate_credentials(). Mistakes raise errors (SQLSTATE class UD). Credentials are shown
 * once, in the row that is returned.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/account.h"
#include "access/access_request.h"
#include "audit/audit.h"
#include "core/own_statement.h"
#include "core/digest.h"
#include "core/result_row.h"
#include "core/spi.h"

#define REQUEST_HINT                                                                                         \
	"request_access('zhang.san', '{events}', '{key}', sender_codes => '{362200}', profile => 'egova')"

/* $1 appCode: until when the credentials of before a rotation count. */
static SpiQuery previous_end = {
	"SELECT previous_valid_until FROM citybigdata.application WHERE app_code = $1", 1, {TEXTOID}, NULL, true};
/* $1 user name in small letters: the account's number, when it is active. */
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
		RaiseStatus(CBD_NO_SUCH_ACCOUNT, "There is no active account of that user name.");
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

	RequireOwnTransaction(fcinfo, "approve_access");
	ErrorsBegin(&errors);
	status = ApproveAccess(number, ReviewerName(NULL), &app_code, &errors);
	ErrorsRaise(&errors, NULL);
	RaiseStatus(status, SaidBoth("Access request " INT64_FORMAT "{number}.", number));
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

	RaiseStatus(RejectAccess(number, ReviewerName(NULL), reason),
				SaidBoth("Access request " INT64_FORMAT "{number}.", number));
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
	char *detail = SaidBoth("Access request " INT64_FORMAT "{number}.", number);

	RequireOwnStatement(fcinfo, "take_credentials");
	if (!FindAccessRequest(number, &state))
		RaiseStatus(CBD_NO_SUCH_ACCESS_REQUEST, detail);
	if (state.app_id == 0)
		RaiseStatus(CBD_CONFLICT,
					SaidBoth("Access request " INT64_FORMAT "{number} is %s{state}.", number, state.state));
	if (!TakeCredentials(state.app_id, &key, &signing_secret))
		RaiseStatus(CBD_CREDENTIALS_COLLECTED, detail);
	AuditWrite(NULL, NULL, "access.credentials", state.app_code, CBD_OK, NULL);
	values[0] = CStringGetTextDatum(state.app_code);
	nulls[1] = key == NULL;
	values[1] = key == NULL ? (Datum) 0 : CStringGetTextDatum(key);
	nulls[2] = signing_secret == NULL;
	values[2] = signing_secret == NULL ? (Datum) 0 : CStringGetTextDatum(signing_secret);
	ForgetText(key);
	ForgetText(signing_secret);
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
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

	RequireOwnStatement(fcinfo, "rotate_credentials");
	/* months have no fixed length */
	if (overlap->month != 0 || overlap->day < 0 || overlap->time < 0 ||
		overlap->day + overlap->time / USECS_PER_DAY > OVERLAP_DAYS_MAX)
		RaiseStatus(CBD_FIELD_OUT_OF_RANGE, "overlap: 0 to 90 days.");
	if (!BeginRotation(app_code, IntervalPGetDatum(overlap), &app_id) ||
		!TakeCredentials(app_id, &key, &signing_secret))
		RaiseStatus(CBD_NOT_FOUND, "There is no such application, or it is revoked.");
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
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}
