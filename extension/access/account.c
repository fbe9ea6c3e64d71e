/*
 * Registration and review of accounts; see account.h. The password is digested before any row is locked; a
 * name that is taken is found by the unique index, whoever comes first.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "access/first_admin.h"
#include "access/password.h"
#include "access/totp.h"
#include "access/user_name.h"
#include "core/digest.h"
#include "core/spi.h"
#include "text/decimal.h"

/* A new account, pending; no row: the name is taken. */
static SpiQuery insert_account = {
	"INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile)"
	" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (lower(user_name COLLATE \"C\")) DO NOTHING RETURNING "
	"account_id",
	5,
	{TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	NULL,
	true};

/* The same for an administrator, active at once: $6 role, $7 who made it. */
static SpiQuery insert_administrator = {
	"INSERT INTO citybigdata.account (user_name, password_digest, organization, contact_name, mobile, state,"
	" admin_role, password_temporary, reviewed_at, reviewed_by, approved_by)"
	" VALUES ($1, $2, $3, $4, $5, 'active', $6, true, clock_timestamp(), $7, $7)"
	" ON CONFLICT (lower(user_name COLLATE \"C\")) DO NOTHING RETURNING account_id",
	7,
	{TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 user name in small letters: is there such an account? */
static SpiQuery name_taken = {
	"SELECT 1 FROM citybigdata.account WHERE lower(user_name COLLATE \"C\") = $1", 1, {TEXTOID}, NULL, true};

/* $1 account, $2 new state, $3 reviewer, $4 note */
static SpiQuery review_account = {"UPDATE citybigdata.account SET state = $2, reviewed_at = "
								  "clock_timestamp(), reviewed_by = $3, review_note = $4,"
								  " approved_by = CASE WHEN $2 = 'active' THEN $3 END"
								  " WHERE account_id = $1 AND state = 'pending'",
								  4,
								  {INT8OID, TEXTOID, TEXTOID, TEXTOID},
								  NULL,
								  true};

/* $1 account: is there one of that number? */
static SpiQuery account_exists = {
	"SELECT 1 FROM citybigdata.account WHERE account_id = $1", 1, {INT8OID}, NULL, true};

static const char *
CheckUserName(ErrorList *errors, const char *pointer, const char *user_name)
{
	const TextRule rule = {pointer, 3, USER_NAME_MAX, true, true};

	user_name = CheckText(errors, &rule, user_name);
	if (user_name == NULL)
		return NULL;
	if (UserNamePossible(user_name))
		return user_name;
	ErrorAdd(errors, rule.pointer, CBD_FIELD_CHARACTER,
			 "Letters A-Z a-z, digits and . _ @ - only, beginning with a letter or digit");
	return NULL;
}

/* A mobile number of mainland China: 11 digits from 13 to 19, +86 or 86 before it allowed. */
static const char *
CheckMobile(ErrorList *errors, const char *mobile)
{
	static const TextRule rule = {"/mobile", 1, 20, true, true};
	const char *digits;

	mobile = CheckText(errors, &rule, mobile);
	if (mobile == NULL)
		return NULL;
	digits = mobile + (mobile[0] == '+');
	if (strlen(digits) == 13 && strncmp(digits, "86", 2) == 0)
		digits += 2;
	else if (digits != mobile)
		digits = "";
	if (strlen(digits) == 11 && strspn(digits, "0123456789") == 11 && digits[0] == '1' && digits[1] >= '3')
		return mobile;
	ErrorAdd(errors, rule.pointer, CBD_INVALID_PHONE, NULL);
	return NULL;
}

int64
RegisterAccount(ErrorList *errors, const char *user_name, const char *password, const char *organization,
				const char *contact_name, const char *mobile)
{
	static const TextRule organization_rule = {"/organization", 1, 255, true, false};
	static const TextRule contact_rule = {"/contactName", 1, 64, true, false};
	Datum values[5];
	Datum folded;
	int64 account_id = 0;
	bool taken;

	user_name = CheckUserName(errors, "/userName", user_name);
	password = CheckNewPassword(errors, "/password", password, user_name);
	organization = CheckText(errors, &organization_rule, organization);
	contact_name = CheckText(errors, &contact_rule, contact_name);
	mobile = CheckMobile(errors, mobile);
	if (errors->count > 0)
		return 0;
	folded = CStringGetTextDatum(FoldAscii(user_name));
	SpiBegin();
	taken = SpiRun(&name_taken, &folded, NULL, SPI_OK_SELECT, 1) == 1;
	SpiEnd();
	if (!taken)
	{
		values[0] = CStringGetTextDatum(user_name);
		values[1] = CStringGetTextDatum(PasswordDigest(password));
		values[2] = CStringGetTextDatum(organization);
		values[3] = CStringGetTextDatum(contact_name);
		values[4] = CStringGetTextDatum(mobile);
		SpiBegin();
		if (SpiRun(&insert_account, values, NULL, SPI_OK_INSERT_RETURNING, 0) == 1)
			account_id = SpiInt64(0, 1);
		SpiEnd();
	}
	if (account_id == 0)
		ErrorAdd(errors, "/userName", CBD_ACCOUNT_EXISTS, NULL);
	return account_id;
}

int64
AddAdministrator(ErrorList *errors, const char *role, const char *user_name, const char *organization,
				 const char *contact_name, const char *mobile)
{
	static const TextRule organization_rule = {"/organization", 1, 255, true, false};
	static const TextRule contact_rule = {"/contactName", 1, 64, false, false};
	const char *pointer = psprintf("/%s", role);
	char *unknown = RandomToken();
	Datum values[7];
	int64 account_id = 0;

	user_name = CheckUserName(errors, pointer, user_name);
	organization = CheckText(errors, &organization_rule, organization);
	contact_name = CheckText(errors, &contact_rule, contact_name);
	if (mobile != NULL)
		mobile = CheckMobile(errors, mobile);
	if (errors->count > 0)
		return 0;
	values[0] = CStringGetTextDatum(user_name);
	values[1] = CStringGetTextDatum(PasswordDigest(unknown));
	values[2] = CStringGetTextDatum(organization);
	values[3] = CStringGetTextDatum(contact_name != NULL ? contact_name : user_name);
	values[4] = CStringGetTextDatum(mobile != NULL ? mobile : "");
	values[5] = CStringGetTextDatum(role);
	values[6] = CStringGetTextDatum(ReviewerName(NULL));
	ForgetText(unknown);
	SpiBegin();
	if (SpiRun(&insert_administrator, values, NULL, SPI_OK_INSERT_RETURNING, 0) == 1)
		account_id = SpiInt64(0, 1);
	SpiEnd();
	if (account_id == 0)
		ErrorAdd(errors, pointer, CBD_ACCOUNT_EXISTS, NULL);
	return account_id;
}

CbdStatus
ReviewAccount(int64 account_id, bool approve, const char *reviewer, const char *note)
{
	Datum values[4] = {Int64GetDatum(account_id), CStringGetTextDatum(approve ? "active" : "rejected"),
					   CStringGetTextDatum(reviewer), note != NULL ? CStringGetTextDatum(note) : (Datum) 0};
	bool nulls[4] = {false, false, false, note == NULL};
	CbdStatus status = CBD_OK;

	SpiBegin();
	if (SpiRun(&review_account, values, nulls, SPI_OK_UPDATE, 0) == 0)
		status = SpiRun(&account_exists, values, NULL, SPI_OK_SELECT, 1) == 1 ? CBD_ALREADY_REVIEWED
																			  : CBD_NO_SUCH_ACCOUNT;
	SpiEnd();
	return status;
}

CbdStatus
ChangePassword(const RestContext *context, const char *user_name, const char *password,
			   const char *new_password, const char *totp, bool ask_factor, Caller *caller, ErrorList *errors,
			   char **address, int *retry_after)
{
	static const TextRule name_rule = {"/userName", 1, USER_NAME_MAX, true, false};
	static const TextRule password_rule = {"/password", 1, PASSWORD_MAX, true, false};
	Login login;
	CbdStatus status;
	bool first = false;

	*address = NULL;
	memset(caller, 0, sizeof(*caller));
	CheckText(errors, &name_rule, user_name);
	CheckText(errors, &password_rule, password);
	CheckNewPassword(errors, "/newPassword", new_password, user_name);
	if (errors->count > 0)
		return ErrorsStatus(errors);
	status = PasswordCheck(context, user_name, password, LOGIN_ANYONE, &login, retry_after);
	if (status == CBD_OK && ask_factor)
		first = FirstLogInAwaited(login.account_id);
	if (status == CBD_OK && ask_factor && !first)
		status = CheckSecondFactor(context, &login, totp, CBD_OK, retry_after);
	if (status != CBD_OK)
		return status;
	caller->known = true;
	caller->account_id = login.account_id;
	caller->user_name = login.user_name;
	if (strcmp(login.state, "active") != 0 && strcmp(login.state, "pending") != 0)
		return CBD_FORBIDDEN;
	status = SetPassword(login.account_id, new_password, "/newPassword", errors);
	if (status == CBD_OK && first)
		*address = EnrolTotp(login.account_id, login.user_name, "SHA1", NULL, 0);
	return status;
}

int64
PathNumber(const char *text)
{
	int64_t number;

	return text != NULL && DecimalRead((Span){text, strlen(text)}, DECIMAL_DIGITS, &number) ? number : 0;
}

char *
ReviewerName(const Caller *caller)
{
	if (caller != NULL && caller->known)
		return caller->user_name;
	return psprintf("role:%s", GetUserNameFromId(GetSessionUserId(), false));
}
