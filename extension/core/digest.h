/*
 * Random credentials and their digests. Codes, tokens and keys are stored as SHA-256 digests only: they have
 * 122 or more random bits, so that no salt and no slow hash is needed. (Passwords: password.h.)
 */
#ifndef CBD_DIGEST_H
#define CBD_DIGEST_H

#include "postgres.h"

#define DIGEST_SIZE 32

/* SHA-256 of bytes. */
extern void Sha256(const void *bytes, size_t length, uint8 digest[DIGEST_SIZE]);

/* The digest as a bytea datum, palloc'd. */
extern Datum DigestDatum(const uint8 digest[DIGEST_SIZE]);

/* SHA-256 of a text as a bytea datum: what is stored for a code, token or key. */
extern Datum TextDigest(const char *text);

/* 256 strong random bits in base64url without padding: 43 characters, palloc'd. */
extern char *RandomToken(void);

/* A random UUID (version 4) in small letters, palloc'd. */
extern char *RandomUuid(void);

/* pfree of a string that is a secret: overwritten before. NULL is allowed. */
extern void ForgetText(char *text);

#endif
