/* The second factor of log-ins: one-time passwords by time (RFC 6238), see account_totp. */
#ifndef CBD_TOTP_H
#define CBD_TOTP_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "text/crypto.h"

/* What a code came to. */
typedef enum TotpVerdict
{
	TOTP_NOT_ENROLLED, /* the account has no second factor */
	TOTP_ACCEPTED,     /* right, and used up by this call */
	TOTP_REFUSED       /* missing, wrong, of another time, or used before */
} TotpVerdict;

/*
 * Checks a one-time password (NULL: none was given) of an account, one step of clock difference allowed
 * either way, and uses its step up. Call it after the password has proved right, and count a refusal as a
 * wrong password. Runs SQL; the caller has no SPI connection open.
 */
extern TotpVerdict TotpVerify(int64 account_id, const char *code);

/*
 * Gives the account a new secret in the place of any before: `secret` of `length` bytes, NULL a random one.
 * Returns the otpauth:// address with it, to be shown once. An administrator's tokens end.
 */
extern char *EnrolTotp(int64 account_id, const char *user_name, const char *algorithm,
					   const unsigned char *secret, size_t length);

/* SHA1 or SHA256; false: another. */
extern bool TotpAlgorithm(const char *name, DigestKind *kind);

/* Steps since 1970; negative before. */
extern int64 TotpStepAt(TimestampTz at);

#endif
