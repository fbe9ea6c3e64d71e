/*
 * Upstream platforms as they are asked; see camera.h.
 *
 * A request is signed as Artemis has it (access/signature_canonical.h): X-Ca headers and Content-MD5, over
 * the path and the provider's query as they are sent. The secret is decrypted here and goes nowhere else.
 *
 * The breaker: after FAILURES_OPEN failures in a row it opens for OPEN_FIRST seconds, twice as long each
 * time, up to OPEN_LAST; when it has closed again one failure opens it. State is the provider's row, so that
 * all bridges share it; a row is written when something fails, or when it is well again.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/signature_canonical.h"
#include "camera/camera.h"
#include "core/digest.h"
#include "core/guc.h"
#include "core/secret.h"
#include "core/spi.h"
#include "text/base64.h"
#include "text/crypto.h"
#include "text/web_address.h"

#define FAILURES_OPEN 5
#define OPEN_FIRST    5   /* seconds */
#define OPEN_LAST     300 /* seconds */

char *
CameraSecretPurpose(const char *provider)
{
	return psprintf("camera-provider %s", provider);
}

/* $1 provider */
static SpiQuery find_upstream = {
	"SELECT p.url, p.app_key, p.version = 'v1', nullif(p.query, ''), p.url_seconds,"
	" ceil(extract(epoch FROM greatest(p.not_before, statement_timestamp()) - "
	"statement_timestamp()))::integer,"
	" p.failures > 0, p.unknown_codes, p.offline_codes"
	" FROM citybigdata.camera_provider p WHERE p.provider_code = $1 AND p.kind = 'upstream' AND p.state = "
	"'active'",
	1,
	{TEXTOID},
	NULL,
	true};

bool
FindUpstream(const char *provider, Upstream *upstream)
{
	Datum value = CStringGetTextDatum(provider);
	bool found;

	memset(upstream, 0, sizeof(*upstream));
	SpiBegin();
	found = SpiRead(&find_upstream, &value, NULL, 1) == 1;
	if (found)
	{
		upstream->url = SpiText(0, 1);
		upstream->app_key = SpiText(0, 2);
		upstream->v1 = SpiBool(0, 3);
		upstream->query = SpiText(0, 4);
		upstream->url_seconds = SpiInt32(0, 5);
		upstream->pause = SpiInt32(0, 6);
		upstream->failing = SpiBool(0, 7);
		upstream->unknown_codes = SpiTextArray(0, 8, &upstream->unknown_count);
		upstream->offline_codes = SpiTextArray(0, 9, &upstream->offline_count);
	}
	SpiEnd();
	upstream->provider = pstrdup(provider);
	return found;
}

/* ---- the signed request ---- */

/* One header, as a JSON string. */
static void
Header(StringInfo out, const char *name, const char *value)
{
	if (out->len > 0)
		appendStringInfoChar(out, ',');
	JsonString(out, psprintf("%s: %s", name, value));
}

/* base64 of the HMAC of a text by the provider's secret. */
static char *
SignBySecret(const char *provider, const char *text, size_t length)
{
	static SpiQuery query = {
		"SELECT secret FROM citybigdata.camera_provider WHERE provider_code = $1", 1, {TEXTOID}, NULL, true};
	Datum value = CStringGetTextDatum(provider);
	unsigned char code[DIGEST_MAX];
	char *out = palloc(BASE64_SIZE(DIGEST_MAX));
	size_t secret_length;
	Datum encrypted;
	char *secret;
	bool isnull;

	SpiBegin();
	SpiRead(&query, &value, NULL, 1);
	encrypted = SpiDatum(0, 1, &isnull);
	SpiEnd();
	secret = DecryptSecret(CameraSecretPurpose(provider), encrypted, &secret_length);
	if (!HmacBytes(DIGEST_SHA256, secret, secret_length, text, length, code))
		elog(ERROR, "HMAC failed");
	explicit_bzero(secret, secret_length);
	Base64Text(code, DigestSize(DIGEST_SHA256), BASE64, out);
	return out;
}

/* Content-MD5 of the body; NULL where the library does not offer MD5. */
static char *
ContentMd5(const char *body)
{
	unsigned char digest[DIGEST_MAX];
	char *out = palloc(BASE64_SIZE(DIGEST_MAX));

	if (!DigestAvailable(DIGEST_MD5) || !DigestBytes(DIGEST_MD5, body, strlen(body), digest))
		return NULL;
	Base64Text(digest, DigestSize(DIGEST_MD5), BASE64, out);
	return out;
}

#define SIGNED_NAMES "x-ca-key,x-ca-nonce,x-ca-timestamp"

void
UpstreamRequest(const Upstream *upstream, const char *path, const char *body, char **url, StringInfo headers,
				const char **why)
{
	char *timestamp =
		psprintf(INT64_FORMAT, (GetCurrentTimestamp() +
								SECS_PER_DAY * USECS_PER_SEC * (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)) /
								   1000);
	char *nonce = RandomUuid();
	char *md5 = ContentMd5(body);
	ArtemisHeader fields[] = {{FrameText("accept"), FrameText("application/json")},
							  {FrameText("content-type"), FrameText("application/json")},
							  {FrameText("x-ca-key"), FrameText(upstream->app_key)},
							  {FrameText("x-ca-nonce"), FrameText(nonce)},
							  {FrameText("x-ca-timestamp"), FrameText(timestamp)},
							  {FrameText("content-md5"), FrameText(md5)}};
	ArtemisRequest request = {.method = FrameText("POST"),
							  .query = FrameText(upstream->query),
							  .signed_headers = FrameText(SIGNED_NAMES),
							  .headers = fields,
							  .header_count = md5 == NULL ? 5 : 6};
	WebAddress address;
	size_t size, length;
	char *text;

	*url = psprintf("%s%s%s%s", upstream->url, path, upstream->query == NULL ? "" : "?",
					upstream->query == NULL ? "" : upstream->query);
	*why = MESSAGE("the provider's address or query is none that can be asked");
	if (!WebAddressRead(*url, &address))
		return;
	request.path = address.rest;
	if (upstream->query != NULL)
		request.path.length -= strlen(upstream->query) + 1;
	size = ArtemisStringSize(&request);
	text = palloc(size);
	if (!ArtemisString(&request, text, size, &length))
		return;
	*why = address.secure || guc_outbound_http ? NULL : MESSAGE("http:// addresses are switched off");
	Header(headers, "Accept", "application/json");
	Header(headers, "Content-Type", "application/json");
	if (md5 != NULL)
		Header(headers, "Content-MD5", md5);
	Header(headers, "X-Ca-Key", upstream->app_key);
	Header(headers, "X-Ca-Nonce", nonce);
	Header(headers, "X-Ca-Timestamp", timestamp);
	Header(headers, "X-Ca-Signature-Headers", SIGNED_NAMES);
	Header(headers, "X-Ca-Signature", SignBySecret(upstream->provider, text, length));
}

const char *
UpstreamPreviewPath(const Upstream *upstream)
{
	return upstream->v1 ? "/api/video/v1/cameras/previewURLs" : "/api/video/v2/cameras/previewURLs";
}

char *
UpstreamPreviewBody(const Camera *camera, const PreviewOrder *order, const PreviewForm *form)
{
	StringInfoData body;

	initStringInfo(&body);
	appendStringInfoChar(&body, '{');
	JsonField(&body, "cameraIndexCode", camera->upstream_code);
	appendStringInfo(&body, ",\"streamType\":%d", order->stream_type);
	JsonField(&body, "protocol", protocol_names[order->protocol]);
	appendStringInfo(&body, ",\"transmode\":%d", order->udp ? 0 : 1);
	if (form->expand != NULL && form->expand[0] != '\0')
		JsonField(&body, "expand", form->expand);
	appendStringInfoChar(&body, '}');
	return body.data;
}

/* ---- the breaker ---- */

void
UpstreamAnswered(const Upstream *upstream)
{
	static SpiQuery query = {"UPDATE citybigdata.camera_provider SET failures = 0, openings = 0,"
							 " not_before = '-infinity', last_error = NULL"
							 " WHERE provider_code = $1 AND failures > 0",
							 1,
							 {TEXTOID},
							 NULL,
							 true};
	Datum value = CStringGetTextDatum(upstream->provider);

	if (!upstream->failing)
		return;
	SpiBegin();
	SpiRun(&query, &value, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

void
UpstreamFailed(const Upstream *upstream, const char *why)
{
	/* clang-format off */
	static SpiQuery query = {
		/* those that were under way when it opened do not open it further */
		"UPDATE citybigdata.camera_provider SET failures = failures + 1, last_error = left($2, 300),"
		" openings = CASE WHEN failures + 1 >= $3 AND not_before <= clock_timestamp() THEN least(openings + 1, 16) ELSE openings END,"
		" not_before = CASE WHEN failures + 1 >= $3 AND not_before <= clock_timestamp()"
		"  THEN clock_timestamp() + least($4 * 2 ^ least(openings, 16), $5) * interval '1 second' ELSE not_before END"
		" WHERE provider_code = $1",
		5, {TEXTOID, TEXTOID, INT4OID, INT4OID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {CStringGetTextDatum(upstream->provider), CStringGetTextDatum(why),
					  Int32GetDatum(FAILURES_OPEN), Int32GetDatum(OPEN_FIRST), Int32GetDatum(OPEN_LAST)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}
