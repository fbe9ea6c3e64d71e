/* The second factor of log-ins: secrets of accounts, and their check; see totp.h. */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "core/digest.h"
#include "core/secret.h"
#include "core/own_statement.h"
#include "core/spi.h"
#include "access/token.h"
#include "access/totp.h"
#include "access/totp_math.h"
#include "core/text_check.h"

PG_FUNCTION_INFO_V1(cbd_totp_code);
PG_FUNCTION_INFO_V1(cbd_enrol_totp);
PG_FUNCTION_INFO_V1(cbd_remove_totp);

/* A new secret has as many bytes as the digest (RFC 4226, section 4: 128 bits at least, 160 recommended). */
#define ENROL_SECRET_MIN 16
#define NEW_SECRET_BYTES 20

static SpiQuery find_secret = {
	"SELECT t.secret, t.algorithm FROM citybigdata.account_totp t WHERE t.account_id = $1",
	1,
	{INT8OID},
	NULL};
static SpiQuery use_step = {
	"UPDATE citybigdata.account_totp SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
	2,
	{INT8OID, INT8OID},
	NULL};
static SpiQuery find_account = {"SELECT a.account_id FROM citybigdata.account a"
								" WHERE pg_catalog.lower(a.user_name COLLATE pg_catalog.\"C\") = "
								"pg_catalog.lower($1 COLLATE pg_catalog.\"C\")",
								1,
								{TEXTOID},
								NULL};
static SpiQuery put_secret = {
	"INSERT INTO citybigdata.account_totp (account_id, secret, algorithm) VALUES ($1, $2, $3)"
	" ON CONFLICT ON CONSTRAINT account_totp_pkey"
	" DO UPDATE SET secret = excluded.secret, algorithm = excluded.algorithm, last_step = 0, created_at = "
	"pg_catalog.now()",
	3,
	{INT8OID, BYTEAOID, TEXTOID},
	NULL};
static SpiQuery delete_secret = {"DELETE FROM citybigdata.account_totp t USING citybigdata.account a"
								 " WHERE t.account_id = a.account_id"
								 " AND pg_catalog.lower(a.user_name COLLATE pg_catalog.\"C\") = "
								 "pg_catalog.lower($1 COLLATE pg_catalog.\"C\")",
								 1,
								 {TEXTOID},
								 NULL};

/* What ties an encrypted secret to its account. */
static char *
Purpose(int64 account_id)
{
	return psprintf("totp " INT64_FORMAT, account_id);
}

/* SHA1 or SHA256; false: another. */
static bool
Algorithm(const char *name, DigestKind *kind)
{
	*kind = strcmp(name, "SHA256") == 0 ? DIGEST_SHA256 : DIGEST_SHA1;
	return strcmp(name, "SHA1") == 0 || strcmp(name, "SHA256") == 0;
}

static DigestKind
CheckAlgorithm(const char *name)
{
	DigestKind kind;

	if (!Algorithm(name, &kind))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("unknown one-time password algorithm: %s", name), errhint("SHA1 or SHA256.")));
	return kind;
}

/* Does not quote the secret: error messages are logged. */
static size_t
CheckSecret(text *base32, size_t min, unsigned char *secret)
{
	size_t length;

	if (!Base32Bytes(VARDATA_ANY(base32), VARSIZE_ANY_EXHDR(base32), secret, TOTP_SECRET_MAX, &length) ||
		length < min)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("invalid one-time password secret"),
						errdetail("It must be base32 of %d to %d bytes.", (int) min, TOTP_SECRET_MAX),
						errhint("Without one enrol_totp() makes a random secret.")));
	return length;
}

/* Steps since 1970 at a PostgreSQL time. */
static int64
StepAt(TimestampTz at)
{
	int64 seconds = at / USECS_PER_SEC + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;

	return seconds / TOTP_STEP_SECONDS;
}

/* totp_code(secret, at, algorithm) */
Datum
cbd_totp_code(PG_FUNCTION_ARGS)
{
	unsigned char secret[TOTP_SECRET_MAX];
	size_t length = CheckSecret(PG_GETARG_TEXT_PP(0), TOTP_SECRET_MIN, secret);
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(1);
	DigestKind kind = CheckAlgorithm(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	char code[TOTP_DIGITS + 1];

	HideStatement();
	if (TIMESTAMP_NOT_FINITE(at) || StepAt(at) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("one-time passwords begin with 1970")));
	if (!TotpCode(kind, secret, length, (uint64) StepAt(at), code))
		elog(ERROR, "the message authentication code failed");
	explicit_bzero(secret, sizeof(secret));
	PG_RETURN_TEXT_P(cstring_to_text(code));
}

TotpVerdict
TotpVerify(int64 account_id, const char *code)
{
	Datum values[2] = {Int64GetDatum(account_id)};
	int64 now = StepAt(GetCurrentTimestamp());
	int64 step = 0;
	DigestKind kind;
	char *secret;
	size_t length;
	char expected[TOTP_DIGITS + 1];
	bool isnull;
	TotpVerdict verdict = TOTP_REFUSED;

	SpiBegin();
	if (SpiRun(&find_secret, values, NULL, SPI_OK_SELECT, 1) == 0)
	{
		SpiEnd();
		return TOTP_NOT_ENROLLED;
	}
	secret = DecryptSecret(Purpose(account_id), SpiDatum(0, 1, &isnull), &length);
	(void) Algorithm(SpiText(0, 2), &kind);
	for (int64 candidate = now - 1; candidate <= now + 1; candidate++)
	{
		if (!TotpCode(kind, (unsigned char *) secret, length, (uint64) candidate, expected))
			elog(ERROR, "the message authentication code failed");
		if (code != NULL && strlen(code) == TOTP_DIGITS && EqualBytes(code, expected, TOTP_DIGITS))
			step = candidate;
	}
	explicit_bzero(secret, length);
	explicit_bzero(expected, sizeof(expected));
	values[1] = Int64GetDatum(step);
	if (step > 0 && SpiRun(&use_step, values, NULL, SPI_OK_UPDATE, 0) == 1)
		verdict = TOTP_ACCEPTED;
	SpiEnd();
	return verdict;
}

static void
NoSuchAccount(const char *user_name)
{
	ereport(ERROR, (errcode(StatusSqlstate(CBD_NO_SUCH_ACCOUNT)), errmsg("no such account: %s", user_name)));
}

char *
EnrolTotp(int64 account_id, const char *user_name, const char *algorithm, const unsigned char *secret,
		  size_t length)
{
	unsigned char made[NEW_SECRET_BYTES];
	char base32[BASE32_SIZE(TOTP_SECRET_MAX)];
	Datum values[3] = {Int64GetDatum(account_id), (Datum) 0, CStringGetTextDatum(algorithm)};
	StringInfoData address;

	if (secret == NULL)
	{
		if (!pg_strong_random(made, sizeof(made)))
			elog(ERROR, "no random bytes");
		secret = made;
		length = sizeof(made);
	}
	Base32Text(secret, length, base32);
	values[1] = EncryptSecret(Purpose(account_id), secret, length);
	SpiBegin();
	SpiRun(&put_secret, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
	EndAdministratorTokens(account_id);
	initStringInfo(&address);
	appendStringInfoString(&address, "otpauth://totp/citybigdata:");
	AppendEncoded(&address, user_name);
	appendStringInfo(&address, "?secret=%s&issuer=citybigdata&algorithm=%s&digits=%d&period=%d", base32,
					 algorithm, TOTP_DIGITS, TOTP_STEP_SECONDS);
	explicit_bzero(made, sizeof(made));
	explicit_bzero(base32, sizeof(base32));
	return address.data;
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
						errmsg("user_name and algorithm must not be null")));
	user_name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	algorithm = text_to_cstring(PG_GETARG_TEXT_PP(2));
	(void) CheckAlgorithm(algorithm);
	if (!PG_ARGISNULL(1))
		length = CheckSecret(PG_GETARG_TEXT_PP(1), ENROL_SECRET_MIN, secret);
	account_id = FindAccount(PG_GETARG_DATUM(0));
	if (account_id == 0)
		NoSuchAccount(user_name);
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
