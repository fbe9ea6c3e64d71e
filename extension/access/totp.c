/*
 * The second factor of log-ins: secrets of accounts, and their check; see totp.h. A step that was used is
 * kept: a one-time password is good once, also for whoever saw it typed.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "core/digest.h"
#include "core/secret.h"
#include "core/spi.h"
#include "access/token.h"
#include "access/totp.h"
#include "access/totp_math.h"
#include "core/text_check.h"

/* As many bytes as the digest has (RFC 4226, section 4: 128 bits at least, 160 recommended). */
#define NEW_SECRET_BYTES 20

/* $1 account: its encrypted secret. */
static SpiQuery find_secret = {
	"SELECT t.secret, t.algorithm FROM citybigdata.account_totp t WHERE t.account_id = $1",
	1,
	{INT8OID},
	NULL};
/* $1 account, $2 step: used up; no row: this step or a later one was used before. */
static SpiQuery use_step = {
	"UPDATE citybigdata.account_totp SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
	2,
	{INT8OID, INT8OID},
	NULL};
/* $1 account, $2 encrypted secret, $3 algorithm: in the place of any before. */
static SpiQuery put_secret = {
	"INSERT INTO citybigdata.account_totp (account_id, secret, algorithm) VALUES ($1, $2, $3)"
	" ON CONFLICT ON CONSTRAINT account_totp_pkey"
	" DO UPDATE SET secret = excluded.secret, algorithm = excluded.algorithm, last_step = 0, created_at = "
	"pg_catalog.now()",
	3,
	{INT8OID, BYTEAOID, TEXTOID},
	NULL};
/* What ties an encrypted secret to its account. */
static char *
Purpose(int64 account_id)
{
	return psprintf("totp " INT64_FORMAT, account_id);
}

bool
TotpAlgorithm(const char *name, DigestKind *kind)
{
	*kind = strcmp(name, "SHA256") == 0 ? DIGEST_SHA256 : DIGEST_SHA1;
	return strcmp(name, "SHA1") == 0 || strcmp(name, "SHA256") == 0;
}

int64
TotpStepAt(TimestampTz at)
{
	int64 seconds = at / USECS_PER_SEC + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;

	return seconds / TOTP_STEP_SECONDS;
}

TotpVerdict
TotpVerify(int64 account_id, const char *code)
{
	Datum values[2] = {Int64GetDatum(account_id)};
	int64 now = TotpStepAt(GetCurrentTimestamp());
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
	(void) TotpAlgorithm(SpiText(0, 2), &kind);
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
