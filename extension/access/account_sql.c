/*
 * Accounts from SQL: register_account(), approve_account(), reject_account(), reset_password(),
 * change_password(). For administrators in a database session: mistakes raise errors (SQLSTATE class UD), who
 * decides is the session's role, and every change writes its audit row.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/account.h"
#include "access/password.h"
#include "audit/audit.h"
#include "core/own_statement.h"
#include "core/digest.h"
#include "core/result_row.h"
#include "core/spi.h"

#define REGISTER_HINT "register_account('zhang.san', 'Correct-1-horse', '市城管委', '张三', '13800138000')"

/* $1 user name in small letters: the account's number, in any state. */
static SpiQuery account_number = {
	"SELECT account_id FROM citybigdata.account WHERE lower(user_name COLLATE \"C\") = $1",
	1,
	{TEXTOID},
	NULL,
	true};

/* register_account(user_name, password, organization, contact_name, mobile): account_id */
PG_FUNCTION_INFO_V1(cbd_register_account);
Datum
cbd_register_account(PG_FUNCTION_ARGS)
{
	ErrorList errors;
	char *user_name = ArgText(fcinfo, 0);
	char *password = ArgText(fcinfo, 1);
	int64 account_id;

	HideStatement();
	ErrorsBegin(&errors);
	account_id = RegisterAccount(&errors, user_name, password, ArgText(fcinfo, 2), ArgText(fcinfo, 3),
								 ArgText(fcinfo, 4));
	ForgetText(password);
	ErrorsRaise(&errors, REGISTER_HINT);
	AuditWrite(NULL, NULL, "account.register", user_name, CBD_OK, NULL);
	PG_RETURN_INT64(account_id);
}

/* The decision about an account in the name of the session's role; `note` is the reason, NULL without. */
static void
ReviewFromSql(FunctionCallInfo fcinfo, bool approve, const char *note)
{
	int64 account_id = PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0);

	RaiseStatus(ReviewAccount(account_id, approve, ReviewerName(NULL), note),
				SaidBoth("Account " INT64_FORMAT "{number}.", account_id));
	AuditWrite(NULL, NULL, approve ? "account.approve" : "account.reject", psprintf(INT64_FORMAT, account_id),
			   CBD_OK, note);
}

/* approve_account(account_id), reject_account(account_id, reason) */
PG_FUNCTION_INFO_V1(cbd_approve_account);
Datum
cbd_approve_account(PG_FUNCTION_ARGS)
{
	RequireOwnTransaction(fcinfo, "approve_account");
	ReviewFromSql(fcinfo, true, NULL);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(cbd_reject_account);
Datum
cbd_reject_account(PG_FUNCTION_ARGS)
{
	RequireOwnTransaction(fcinfo, "reject_account");
	ReviewFromSql(fcinfo, false, ArgText(fcinfo, 1));
	PG_RETURN_VOID();
}

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

	RequireOwnStatement(fcinfo, "reset_password");
	SpiBegin();
	if (SpiRun(&account_number, &folded, NULL, SPI_OK_SELECT, 1) == 1)
		account_id = SpiInt64(0, 1);
	SpiEnd();
	RaiseStatus(ResetPassword(account_id, false, &initial),
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
	RestContext context = {0};
	Caller caller = {0};
	ErrorList errors;
	char *user_name = ArgText(fcinfo, 0);
	char *password = ArgText(fcinfo, 1);
	char *new_password = ArgText(fcinfo, 2);
	char *address;
	int retry_after = 0;
	CbdStatus status;
	Datum values[3];
	bool nulls[3] = {false, false, true};

	RequireOwnStatement(fcinfo, "change_password");
	ErrorsBegin(&errors);
	status = ChangePassword(&context, user_name, password, new_password, NULL, false, &caller, &errors,
							&address, &retry_after);
	ForgetText(password);
	ForgetText(new_password);
	ErrorsRaise(&errors, "change_password('zhang.san', 'Correct-1-horse', 'Better-2-horses')");
	AuditWrite(&context, &caller, "account.change-password", user_name, status, NULL);
	values[0] = Int32GetDatum((int32) status);
	values[1] = CStringGetTextDatum(SaidStatus(status));
	values[2] = Int32GetDatum(retry_after);
	nulls[2] = retry_after == 0;
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}
