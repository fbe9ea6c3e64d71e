/*
 * Sealed service addresses (clause 5.2-c, d), and the primitive below them, which media and camera addresses
 * use too.
 *
 * A sealed address is <public_url>/api/v1/s/<token>: the token is sealed bytes (seal_crypto.h) in base64url.
 * What it holds: application, resource, canonical parameters, end, and optionally a range of client addresses
 * and a maximum of uses.
 */
#ifndef CBD_SEAL_H
#define CBD_SEAL_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "access/access.h"
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

typedef struct SealOrder
{
	const char *resource;
	const char *params; /* canonical JSON object */
	int64 expires_in;   /* seconds */
	const char *cidr;   /* canonical text; NULL: any client address */
	int max_uses;       /* 0: any number */
	int level;          /* highest data level; 0: that of the grant */
} SealOrder;

/* Seconds since 1970; whole seconds of an interval. */
extern int64 UnixSeconds(TimestampTz at);
extern int64 IntervalSeconds(const Interval *interval);

/* The address for an application, palloc'd. Checks nothing. */
extern char *SealUrl(int32 app_id, const SealOrder *order);

typedef struct SealedUrl
{
	char *resource;
	char *params;       /* canonical JSON object */
	int64 expires_at;   /* Unix seconds */
	int uses_left;      /* -1: not counted */
	const char *detail; /* why it was refused, for the audit row alone */
} SealedUrl;

/*
 * Opens an address or its token: seal, end, client address, application, account and grant as they are now.
 * With `use` the use is counted. CBD_OK fills *caller and *url; every refusal is CBD_INVALID_CREDENTIALS,
 * *caller filled as far as known. Runs SQL.
 */
extern CbdStatus OpenUrl(const CallContext *context, const char *text, size_t length, bool use,
						 Caller *caller, SealedUrl *url);

#endif
