/*
 * Digests, message authentication codes, over OpenSSL. Plain C: no palloc, no ereport, no
 * PostgreSQL header. Every function that can fail returns false (no memory, algorithm disabled in the
 * library's configuration); a false is never a verdict about the caller's data.
 */
#ifndef CBD_CRYPTO_H
#define CBD_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

/* Digests, with the bytes that they give. */
typedef enum DigestKind
{
	DIGEST_SHA1,   /* 20 bytes; TOTP only */
	DIGEST_SHA256, /* 32 bytes */
	DIGEST_SM3,    /* 32 bytes, GB/T 32905 */
	DIGEST_MD5     /* 16 bytes; Content-MD5 only */
} DigestKind;

#define DIGEST_MAX 32 /* bytes */

/* Bytes of a digest. */
extern size_t DigestSize(DigestKind kind);

/* Is the algorithm there? The first look at one fetches it, once per process: a program with threads looks at
 * those that it uses before it starts them, and uses none that is missing. */
extern bool DigestAvailable(DigestKind kind);

/* The digest of data[length] into out[DigestSize]. */
extern bool DigestBytes(DigestKind kind, const void *data, size_t length, unsigned char *out);

/* The digest of what is added part by part: Begin gives NULL on failure, End frees it. */
typedef struct evp_md_ctx_st DigestState;
extern DigestState *DigestBegin(DigestKind kind);
extern bool DigestAdd(DigestState *state, const void *data, size_t length);
extern bool DigestEnd(DigestState *state, unsigned char *out);

/* HMAC (RFC 2104) of data[length] under key[key_length] into out[DigestSize]. */
extern bool HmacBytes(DigestKind kind, const void *key, size_t key_length, const void *data, size_t length,
					  unsigned char *out);

/* Are the two buffers equal? The time taken tells nothing of where they differ. */
extern bool EqualBytes(const void *a, const void *b, size_t length);

#endif
