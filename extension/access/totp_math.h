/*
 * One-time passwords by time (RFC 6238) and base32 (RFC 4648). Plain C: no palloc, no ereport, no PostgreSQL
 * header. Six digits, steps of 30 s since 1970.
 */
#ifndef CBD_TOTP_MATH_H
#define CBD_TOTP_MATH_H

#include <stdint.h>

#include "text/crypto.h"

/* RFC 6238 as every authenticator app does it. */
#define TOTP_DIGITS       6
#define TOTP_STEP_SECONDS 30
#define TOTP_SECRET_MIN   10 /* bytes; shorter ones can be guessed */
#define TOTP_SECRET_MAX   64

/* The six digits of a step with a closing NUL into code[7]; kind is DIGEST_SHA1 or DIGEST_SHA256. */
extern bool TotpCode(DigestKind kind, const unsigned char *secret, size_t length, uint64_t step, char *code);

/* Room for the base32 of `length` bytes with the closing NUL; no padding. */
#define BASE32_SIZE(length) (((length) *8 + 4) / 5 + 1)
extern void Base32Text(const unsigned char *data, size_t length, char *out);

/* The bytes of a base32 text, in either case, blanks and hyphens between and = at the end allowed. False:
 * malformed or more than `size` bytes. */
extern bool Base32Bytes(const char *text, size_t length, unsigned char *out, size_t size, size_t *out_length);

#endif
