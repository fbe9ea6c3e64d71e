/*
 * Sealed bytes: what leaves the platform and comes back unread and unchanged, under keys of the database.
 * Sealed service addresses (sealed_url.h), addresses of media and page tokens are made of them.
 *
 *   bytes --SealBytes(purpose)--> token: seal_crypto.h, in base64url --client--> OpenBytes(purpose) --> bytes
 */
#ifndef CBD_SEAL_H
#define CBD_SEAL_H

#include "postgres.h"

#include "access/seal_crypto.h"

/* Longest token that is looked at, in characters. */
#define SEALED_TOKEN_MAX 16384

/*
 * Seals bytes under the active key for a purpose ("url", "media" …) and returns the token, palloc'd. The
 * first call ever makes the key, so the caller must be allowed to write. Runs SQL; no SPI connection open.
 */
extern char *SealBytes(const char *purpose, const void *plain, size_t length);

/* The active key, taken out once to seal many times. */
typedef struct Sealer
{
	SealSuite suite;
	int32 key_id;
	unsigned char key[SEAL_KEY_SIZE];
} Sealer;

/* As SealBytes(), in its three steps; only the first runs SQL. */
extern void SealerOpen(Sealer *sealer);
extern char *SealerSeal(const Sealer *sealer, const char *purpose, const void *plain, size_t length);
extern void SealerClose(Sealer *sealer);

/* The bytes of a token, palloc'd with a closing NUL; NULL: not ours, tampered with, for another purpose, or
 * its key is revoked. */
extern char *OpenBytes(const char *purpose, const char *token, size_t token_length, size_t *length);

/* Makes a new active key unless there is one, and returns its number. SPI is connected. */
extern int32 MakeSealingKey(void);

#endif
