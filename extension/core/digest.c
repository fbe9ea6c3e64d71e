/* Digests and random texts as PostgreSQL values; see digest.h. */
#include "postgres.h"
#include "core/varlena.h"

#include "text/crypto.h"
#include "core/digest.h"
#include "core/say.h"
#include "text/hex.h"
#include "text/base64.h"

void
Sha256(const void *bytes, size_t length, uint8 digest[DIGEST_SIZE])
{
	if (!DigestBytes(DIGEST_SHA256, bytes, length, digest))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), saymsg("OpenSSL has no SHA-256")));
}

Datum
DigestDatum(const uint8 digest[DIGEST_SIZE])
{
	bytea *result = palloc(VARHDRSZ + DIGEST_SIZE);

	SET_VARSIZE(result, VARHDRSZ + DIGEST_SIZE);
	memcpy(VARDATA(result), digest, DIGEST_SIZE);
	return PointerGetDatum(result);
}

Datum
TextDigest(const char *text)
{
	uint8 digest[DIGEST_SIZE];

	Sha256(text, strlen(text), digest);
	return DigestDatum(digest);
}

/* Random bytes for secrets; without them nothing goes on. */
static void
StrongRandom(void *out, size_t length)
{
	if (!pg_strong_random(out, length))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), saymsg("no strong random numbers are available")));
}

char *
RandomToken(void)
{
	uint8 random[32];
	char *text = palloc(BASE64_SIZE(sizeof(random)));

	StrongRandom(random, sizeof(random));
	Base64Text(random, sizeof(random), BASE64_URL, text);
	explicit_bzero(random, sizeof(random));
	return text;
}

char *
RandomUuid(void)
{
	uint8 b[16];
	char hex[HEX_SIZE(sizeof(b))];
	char *text;

	StrongRandom(b, sizeof(b));
	b[6] = (b[6] & 0x0f) | 0x40; /* version 4 */
	b[8] = (b[8] & 0x3f) | 0x80; /* variant of RFC 4122 */
	HexText(b, sizeof(b), hex);
	text = psprintf("%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
	explicit_bzero(hex, sizeof(hex));
	explicit_bzero(b, sizeof(b));
	return text;
}

void
ForgetText(char *text)
{
	if (text == NULL)
		return;
	explicit_bzero(text, strlen(text));
	pfree(text);
}
