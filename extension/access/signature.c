/*
 * Signed requests: verification (clause 5.5-c); see signature.h.
 *
 *   block (signature_block.h) --ReadSigned / ReadArtemis--> the text that was signed, time, nonce
 *      --HMAC with the secret of now, then of before a rotation--> the same? --nonce used up--> application
 *
 * The comparison takes constant time, and as long for an unknown application. The nonce is used up after the
 * signature proved right: a stranger cannot use up those of others.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "access/lockout.h"
#include "core/secret.h"
#include "access/signature.h"
#include "access/signature_block.h"
#include "core/spi.h"
#include "text/base64.h"
#include "text/hex.h"
#include "text/decimal.h"

/* Characters of a nonce. */
#define NONCE_MIN 8
#define NONCE_MAX 64

/* What both schemes come down to: a text that was signed, and what keeps it from being sent again. */
typedef struct Signed
{
	DigestKind kind;
	Span signature; /* base64 */
	Span nonce;
	int64 timestamp; /* Unix seconds */
	char *text[2];   /* what may have been signed; the second NULL when it would be the same */
	size_t length[2];
} Signed;

/* $1 appCode: number, encrypted secrets of now and of before a rotation, and whether it may sign. */
static SpiQuery find_application = {
	"SELECT a.app_id, a.signing_secret, 'signature' = ANY (a.methods),"
	" CASE WHEN a.previous_valid_until > clock_timestamp() THEN a.previous_signing_secret END, a.epoch"
	" FROM citybigdata.application a WHERE a.app_code = $1",
	1,
	{TEXTOID},
	NULL};
/* $1 application, $2 nonce, $3 until when it is kept; no row: it was used before. */
static SpiQuery use_nonce = {
	"INSERT INTO citybigdata.auth_nonce (app_id, nonce, expires_at) VALUES ($1, $2, $3)"
	" ON CONFLICT ON CONSTRAINT auth_nonce_pkey DO NOTHING",
	3,
	{INT4OID, TEXTOID, TIMESTAMPTZOID},
	NULL};

bool
SignatureAlgorithm(Span name, DigestKind *kind)
{
	static const char sm3[] = "HMAC-SM3";
	static const char sha256[] = "HMAC-SHA256";

	*kind = DIGEST_SHA256;
	if (name.length == 0)
		return true;
	if (SpanIsAnyCase(name, sm3))
	{
		*kind = DIGEST_SM3;
		return true;
	}
	return SpanIsAnyCase(name, sha256);
}

/* Seconds since 1970, by the server's clock. */
static int64
UnixNow(void)
{
	return GetCurrentTimestamp() / USECS_PER_SEC +
		   (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

/* 8 to 64 visible ASCII characters. */
static bool
ValidNonce(Span nonce)
{
	if (nonce.length < NONCE_MIN || nonce.length > NONCE_MAX)
		return false;
	for (size_t i = 0; i < nonce.length; i++)
		if (nonce.text[i] < '!' || nonce.text[i] > '~')
			return false;
	return true;
}

/* Scheme 'signature': headers X-Timestamp, X-Nonce, X-Signature-Method, X-Signature. */
static bool
ReadSigned(const SignatureBlock *block, Signed *out)
{
	SignedRequest request = {.method = block->method,
							 .path = block->path,
							 .query = block->query,
							 .timestamp = block->timestamp,
							 .nonce = block->nonce};
	size_t size;

	if (!SignatureAlgorithm(block->algorithm, &out->kind))
		return false;
	request.body_digest = out->kind == DIGEST_SM3 ? block->sm3 : block->sha256;
	if (!DecimalRead(block->timestamp, 10, &out->timestamp))
		return false;
	if (!ValidNonce(block->nonce))
		return false;
	if (block->method.length == 0 || block->path.length == 0 ||
		request.body_digest.length != 2 * DigestSize(out->kind))
		return false;
	out->signature = block->signature;
	out->nonce = block->nonce;
	size = CanonicalRequestSize(&request);
	for (int order = ORDER_ENCODED; order <= ORDER_DECODED; order++)
	{
		out->text[order] = palloc(size);
		if (!CanonicalRequest(&request, order, out->text[order], size, &out->length[order]))
			return false;
	}
	if (memcmp(out->text[0], out->text[1], out->length[0]) == 0)
		out->text[1] = NULL;
	return true;
}

/*
 * What an Artemis signature must cover here: timestamp and nonce, or it could be sent again; and the body, by
 * the form's parameters or by Content-MD5, except on the vendor's own paths, whose deployed callers sign
 * without.
 */
static bool
ArtemisCovers(const SignatureBlock *block, const ArtemisRequest *request)
{
	static const char vendor_path[] = "/artemis/";
	static const char no_body[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	Span md5;
	unsigned char digest[DIGEST_MAX + 3];
	char hex[HEX_SIZE(DIGEST_MAX)];
	size_t length = DigestSize(DIGEST_MD5);

	if (!ArtemisHeaderSigned(request, "x-ca-timestamp") || !ArtemisHeaderSigned(request, "x-ca-nonce"))
		return false;
	if (ArtemisHeaderFind(request, "content-md5", &md5))
	{
		if (md5.length != 24 || block->md5.length != 32 ||
			Base64Bytes(md5.text, md5.length, BASE64, digest, NULL) != (ptrdiff_t) length)
			return false;
		HexText(digest, length, hex);
		return SpanIs(block->md5, hex);
	}
	return request->form.length > 0 || SpanIs(block->sha256, no_body) ||
		   (block->path.length > strlen(vendor_path) && SpanStarts(block->path, vendor_path));
}

/* Scheme 'artemis'; x-ca-timestamp is in milliseconds. */
static bool
ReadArtemis(const SignatureBlock *block, Signed *out)
{
	ArtemisRequest request = {.method = block->method,
							  .path = block->path,
							  .query = block->query,
							  .form = block->form,
							  .signed_headers = block->signed_headers,
							  .headers = block->headers,
							  .header_count = block->header_count};
	Span timestamp;
	size_t size;

	out->kind = DIGEST_SHA256;
	out->signature = block->signature;
	(void) ArtemisHeaderFind(&request, "x-ca-timestamp", &timestamp);
	(void) ArtemisHeaderFind(&request, "x-ca-nonce", &out->nonce);
	if (!DecimalRead(timestamp, 13, &out->timestamp))
		return false;
	out->timestamp /= 1000;
	if (!ValidNonce(out->nonce))
		return false;
	if (block->method.length == 0 || block->path.length == 0 ||
		block->sha256.length != 2 * DigestSize(DIGEST_SHA256))
		return false;
	if (!ArtemisCovers(block, &request))
		return false;
	size = ArtemisStringSize(&request);
	out->text[0] = palloc(size);
	if (!ArtemisString(&request, out->text[0], size, &out->length[0]))
		return false;
	return true;
}

/* Compares in constant time, and works as long whether the application is known or not. */
static bool
SignatureMatches(const Signed *request, const char *secret, size_t secret_length)
{
	unsigned char given[BASE64_BYTES(BASE64_SIZE(DIGEST_MAX))];
	unsigned char mac[DIGEST_MAX];
	size_t size = DigestSize(request->kind);
	bool same = false;
	bool readable = request->signature.length < BASE64_SIZE(DIGEST_MAX) &&
					Base64Bytes(request->signature.text, request->signature.length, BASE64, given, NULL) ==
						(ptrdiff_t) size;

	for (int i = 0; i < 2 && request->text[i] != NULL; i++)
	{
		if (!HmacBytes(request->kind, secret, secret_length, request->text[i], request->length[i], mac))
			elog(ERROR, "the message authentication code failed");
		if (readable && EqualBytes(given, mac, size))
			same = true;
	}
	return same;
}

/* Uses the nonce up; false when it was used before. Concurrent requests with one nonce wait for each other
 * here. */
static bool
UseNonce(int32 app_id, const Signed *request)
{
	Datum values[3];
	/* until the timestamp has left the window for sure, also when the window is widened meanwhile */
	int64 expires = request->timestamp + 2 * (int64) guc_signature_window;

	values[0] = Int32GetDatum(app_id);
	values[1] = PointerGetDatum(cstring_to_text_with_len(request->nonce.text, (int) request->nonce.length));
	values[2] = TimestampTzGetDatum(time_t_to_timestamptz((pg_time_t) expires));
	return SpiRun(&use_nonce, values, NULL, SPI_OK_INSERT, 0) == 1;
}

/* The application's secret and that of before a rotation, while it counts; decrypted, palloc'd, NULL when
 * there is none. */
static void
FindSecrets(const char *app_code, Signer *signer, char *secrets[2], size_t lengths[2])
{
	Datum value = CStringGetTextDatum(app_code);
	bool isnull[2] = {true, true};
	Datum encrypted[2] = {0};

	if (SpiRun(&find_application, &value, NULL, SPI_OK_SELECT, 1) == 1)
	{
		signer->app_id = SpiInt32(0, 1);
		encrypted[0] = SpiDatum(0, 2, &isnull[0]);
		encrypted[1] = SpiDatum(0, 4, &isnull[1]);
		signer->granted = SpiBool(0, 3);
		signer->epoch = SpiInt32(0, 5);
	}
	for (int i = 0; i < 2; i++)
		secrets[i] = isnull[i]
						 ? NULL
						 : DecryptSecret(psprintf("signing-secret %s", app_code), encrypted[i], &lengths[i]);
}

/* Signature and nonce; *wrong: the signature is not that of the application. */
static bool
CheckSigned(const RestContext *context, const Signed *request, Signer *signer, bool *wrong)
{
	static const char nobody[] = "no application has this secret";
	size_t lengths[2] = {0};
	char *secrets[2];
	bool fresh = false;

	SpiBegin();
	FindSecrets(context->app_code, signer, secrets, lengths);
	*wrong = true;
	for (int i = 0; i < 2; i++)
	{
		bool matches = secrets[i] != NULL ? SignatureMatches(request, secrets[i], lengths[i])
										  : SignatureMatches(request, nobody, strlen(nobody));

		if (secrets[i] != NULL && matches)
			*wrong = false;
		if (secrets[i] != NULL)
			explicit_bzero(secrets[i], lengths[i]);
	}
	if (!*wrong)
		fresh = UseNonce(signer->app_id, request);
	SpiEnd();
	return fresh;
}

CbdStatus
SignatureLogin(const RestContext *context, Signer *signer, int *retry_after)
{
	SignatureBlock *block = palloc(sizeof(SignatureBlock));
	Signed request = {0};
	Attempt attempt;
	bool readable;
	bool wrong;
	bool fresh;

	memset(signer, 0, sizeof(*signer));
	*retry_after = 0;
	if (context->app_code == NULL || context->credential == NULL ||
		!SignatureBlockRead(context->credential, context->credential_len, block))
		return CBD_INVALID_HEADER;
	readable = context->scheme == SCHEME_ARTEMIS ? ReadArtemis(block, &request) : ReadSigned(block, &request);
	if (!readable)
		return CBD_INVALID_HEADER;
	MakeAttempt(context, APPLICATION, context->app_code, &attempt);
	*retry_after = LockedFor(&attempt);
	if (*retry_after > 0)
		return CBD_LOCKED_OUT;
	if (llabs(request.timestamp - UnixNow()) > guc_signature_window)
		return CBD_INVALID_SIGNATURE;
	fresh = CheckSigned(context, &request, signer, &wrong);
	if (wrong)
		return CountFailure(&attempt, retry_after) ? CBD_INVALID_SIGNATURE : CBD_LOCKED_OUT;
	ClearFailures(&attempt);
	return fresh ? CBD_OK : CBD_INVALID_SIGNATURE;
}
