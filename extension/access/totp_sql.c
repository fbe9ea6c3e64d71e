/*
 * One-time passwords from SQL: totp_code(), enrol_totp(), remove_totp(). Error messages never quote a secret:
 * they are logged.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/token.h"
#include "access/proposal.h"
#include "access/totp.h"
#include "access/totp_math.h"
#include "audit/audit.h"
#include "core/own_statement.h"
#include "core/digest.h"
#include "core/say.h"
#include "core/spi.h"
#include "core/status.h"

PG_FUNCTION_INFO_V1(cbd_totp_code);
PG_FUNCTION_INFO_V1(cbd_enrol_totp);
PG_FUNCTION_INFO_V1(cbd_remove_totp);

#define ENROL_SECRET_MIN 16 /* bytes (RFC 4226, section 4) */

/* SHA1 or SHA256; anything else is an error. */
static DigestKind
CheckAlgorithm(const char *name)
{
	DigestKind kind;

	if (!TotpAlgorithm(name, &kind))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 saymsg("unknown one-time password algorithm: %s{name}", name), sayhint("SHA1 or SHA256.")));
	return kind;
}

/* Does not quote the secret: error messages are logged. */
static size_t
CheckSecret(text *base32, size_t min, unsigned char *secret)
{
	size_t length;

	if (!Base32Bytes(VARDATA_ANY(base32), VARSIZE_ANY_EXHDR(base32), secret, TOTP_SECRET_MAX, &length) ||
		length < min)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("invalid one-time password secret"),
				 saydetail("It must be base32 of %d{min} to %d{max} bytes.", (int) min, TOTP_SECRET_MAX),
				 sayhint("Without one enrol_totp() makes a random secret.")));
	return length;
}

/* totp_code(secret, at, algorithm) */
Datum
cbd_totp_code(PG_FUNCTION_ARGS)
{
	unsigned char secret[TOTP_SECRET_MAX];
	size_t length;
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(1);
	DigestKind kind;
	char code[TOTP_DIGITS + 1];

	HideStatement();
	length = CheckSecret(PG_GETARG_TEXT_PP(0), TOTP_SECRET_MIN, secret);
	kind = CheckAlgorithm(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	if (TIMESTAMP_NOT_FINITE(at) || TotpStepAt(at) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), saymsg("one-time passwords begin with 1970")));
	if (!TotpCode(kind, secret, length, (uint64) TotpStepAt(at), code))
		elog(ERROR, "the message authentication code failed");
	explicit_bzero(secret, sizeof(secret));
	PG_RETURN_TEXT_P(cstring_to_text(code));
}

static SpiQuery find_administrator = {
	"SELECT FROM citybigdata.account a WHERE a.account_id = $1 AND a.admin_role IS NOT NULL",
	1,
	{INT8OID},
	NULL};
/* $1 user name: the account's number. */
static SpiQuery find_account = {"SELECT a.account_id FROM citybigdata.account a"
								" WHERE pg_catalog.lower(a.user_name COLLATE pg_catalog.\"C\") = "
								"pg_catalog.lower($1 COLLATE pg_catalog.\"C\")",
								1,
								{TEXTOID},
								NULL};
/* $1 user name: its account has no second factor any more. */
static SpiQuery delete_secret = {"DELETE FROM citybigdata.account_totp t USING citybigdata.account a"
								 " WHERE t.account_id = a.account_id"
								 " AND pg_catalog.lower(a.user_name COLLATE pg_catalog.\"C\") = "
								 "pg_catalog.lower($1 COLLATE pg_catalog.\"C\")",
								 1,
								 {TEXTOID},
								 NULL};

/* Raises 40405 with the name. */
static void
NoSuchAccount(const char *user_name)
{
	ereport(ERROR,
			(errcode(StatusSqlstate(CBD_NO_SUCH_ACCOUNT)), saymsg("no such account: %s{name}", user_name)));
}

/* The account of a name; 0: there is none. */
static int64
FindAccount(Datum user_name)
{
	int64 account_id = 0;

	SpiBegin();
	if (SpiRun(&find_account, &user_name, NULL, SPI_OK_SELECT, 1) == 1)
		account_id = SpiInt64(0, 1);
	SpiEnd();
	return account_id;
}

static bool
IsAdministrator(int64 account_id)
{
	Datum value = Int64GetDatum(account_id);
	bool administrator;

	SpiBegin();
	administrator = SpiRun(&find_administrator, &value, NULL, SPI_OK_SELECT, 1) == 1;
	SpiEnd();
	return administrator;
}

/* enrol_totp(user_name, secret, algorithm) → otpauth://totp/… */
Datum
cbd_enrol_totp(PG_FUNCTION_ARGS)
{
	unsigned char secret[TOTP_SECRET_MAX];
	size_t length = 0;
	char *user_name;
	char *algorithm;
	char *address;
	int64 account_id;
	text *result;

	RequireOwnStatement(fcinfo, "enrol_totp");
	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						saymsg("user_name and algorithm must not be null")));
	user_name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	algorithm = text_to_cstring(PG_GETARG_TEXT_PP(2));
	(void) CheckAlgorithm(algorithm);
	if (!PG_ARGISNULL(1))
		length = CheckSecret(PG_GETARG_TEXT_PP(1), ENROL_SECRET_MIN, secret);
	account_id = FindAccount(PG_GETARG_DATUM(0));
	if (account_id == 0)
		NoSuchAccount(user_name);
	if (OnlyProposes() && IsAdministrator(account_id))
		RaiseStatus(CBD_SECOND_PERSON, "Use propose_second_factor(); another administrator confirms it.");
	address = EnrolTotp(account_id, user_name, algorithm, PG_ARGISNULL(1) ? NULL : secret, length);
	explicit_bzero(secret, sizeof(secret));
	AuditWrite(NULL, NULL, "totp.enrol", user_name, CBD_OK, NULL);
	result = cstring_to_text(address);
	ForgetText(address);
	PG_RETURN_TEXT_P(result);
}

/* remove_totp(user_name) */
Datum
cbd_remove_totp(PG_FUNCTION_ARGS)
{
	Datum values[1] = {PG_GETARG_DATUM(0)};
	bool removed;

	RequireOwnTransaction(fcinfo, "remove_totp");
	EndAdministratorTokens(FindAccount(PG_GETARG_DATUM(0)));
	SpiBegin();
	removed = SpiRun(&delete_secret, values, NULL, SPI_OK_DELETE, 0) > 0;
	SpiEnd();
	if (removed)
		AuditWrite(NULL, NULL, "totp.remove", text_to_cstring(PG_GETARG_TEXT_PP(0)), CBD_OK, NULL);
	PG_RETURN_BOOL(removed);
}
