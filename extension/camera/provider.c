/* Providers of cameras; see provider.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "camera/camera.h"
#include "camera/provider.h"
#include "core/field.h"
#include "core/secret.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "text/address_list.h"
#include "text/param_parse.h"
#include "text/web_address.h"

#define URL_MAX         1000
#define SECRET_MIN      16
#define SECRET_MAX      128
#define TRANSCODERS_MAX 1000
#define LIST_MAX        20
#define QUERY_MAX       500

/* What is stored of the provider; false: it is new. */
typedef struct Stored
{
	char *kind;
	bool has_secret, has_url, has_key;
} Stored;

static bool
FindStored(const char *provider, Stored *stored)
{
	static SpiQuery query = {
		"SELECT kind, true, url IS NOT NULL, app_key IS NOT NULL FROM citybigdata.camera_provider"
		" WHERE provider_code = $1 FOR NO KEY UPDATE",
		1,
		{TEXTOID},
		NULL,
		true};
	Datum value = CStringGetTextDatum(provider);
	bool found;

	memset(stored, 0, sizeof(*stored));
	SpiBegin();
	found = SpiRun(&query, &value, NULL, SPI_OK_SELECT, 1) == 1;
	if (found)
		*stored = (Stored){SpiText(0, 1), SpiBool(0, 2), SpiBool(0, 3), SpiBool(0, 4)};
	SpiEnd();
	return found;
}

/* ---- checks ---- */

/* One of the choices, where it is given. */
static void
CheckOne(ErrorList *errors, const char *pointer, const char *text, const char *const *choices,
		 const char *wanted)
{
	if (text != NULL && !IsOneOf(text, choices))
		ErrorAdd(errors, pointer, CBD_FIELD_OUT_OF_RANGE, wanted);
}

/* An address that players open: one of the schemes, printable ASCII, no / at the end, no query. */
static void
CheckPlayUrl(ErrorList *errors, const char *pointer, const char *url, const char *scheme, const char *secure)
{
	bool good;

	if (url == NULL || url[0] == '\0')
		return;
	good = (strncmp(url, scheme, strlen(scheme)) == 0 || strncmp(url, secure, strlen(secure)) == 0) &&
		   strlen(url) <= URL_MAX && url[strlen(url) - 1] != '/';
	for (const char *at = url; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7f || strchr("\"'<>\\`{}|^?#@", *at) != NULL)
			good = false;
	if (!good)
		ErrorPrint(
			errors, false, pointer, CBD_FIELD_OUT_OF_RANGE,
			"an address that begins with %s{scheme} or %s{secure}, without user name, query and / at the end",
			scheme, secure);
}

/* Base address and query of an upstream platform. */
static void
CheckAskUrl(ErrorList *errors, const ProviderForm *form)
{
	WebAddress address;

	if (form->url != NULL && (strlen(form->url) > URL_MAX || !WebAddressRead(form->url, &address) ||
							  strchr(form->url, '?') != NULL || form->url[strlen(form->url) - 1] == '/'))
		ErrorAdd(errors, "/url", CBD_FIELD_OUT_OF_RANGE,
				 "an address such as https://video.example/artemis, without query and / at the end");
	if (form->query == NULL)
		return;
	for (const char *at = form->query; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7f || *at == '#' || at - form->query >= QUERY_MAX)
		{
			ErrorAdd(errors, "/query", CBD_FIELD_OUT_OF_RANGE,
					 "a query as it is sent, encoded, without ? and #; for example domainId=0&userId=city");
			break;
		}
}

/* Ranges of addresses. */
static void
CheckNetworks(ErrorList *errors, const ProviderForm *form)
{
	static SpiQuery query = {"SELECT citybigdata.camera_network($1)", 1, {TEXTOID}, NULL};

	if (form->network_count > LIST_MAX)
		ErrorPrint(errors, false, "/networks", CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} elements",
				   LIST_MAX);
	for (int i = 0; i < form->network_count && i < LIST_MAX; i++)
	{
		Datum value = CStringGetTextDatum(form->networks[i]);
		bool good;

		SpiBegin();
		SpiRead(&query, &value, NULL, 1);
		good = !SpiIsNull(0, 1);
		SpiEnd();
		if (!good)
			ErrorAdd(errors, psprintf("/networks/%d", i), CBD_FIELD_OUT_OF_RANGE,
					 "a range of addresses, for example 192.0.2.0/24");
	}
}

/* Codes of an upstream platform. */
static void
CheckCodes(ErrorList *errors, const char *name, char **codes, int count)
{
	if (count > LIST_MAX)
		ErrorPrint(errors, false, psprintf("/%s", name), CBD_FIELD_OUT_OF_RANGE, "at most %d{limit} elements",
				   LIST_MAX);
	for (int i = 0; i < count; i++)
		if (codes[i][0] == '\0' || strlen(codes[i]) > 32)
			ErrorPrint(errors, false, psprintf("/%s/%d", name, i), CBD_FIELD_OUT_OF_RANGE,
					   "1 to %d{limit} characters", 32);
}

/* What must be there, with what is stored. */
static void
CheckRequired(ErrorList *errors, const ProviderForm *form, bool known, const Stored *stored)
{
	const char *kind = form->kind != NULL ? form->kind : stored->kind;

	if (!known && form->title == NULL)
		ErrorAdd(errors, "/title", CBD_FIELD_REQUIRED, NULL);
	if (kind == NULL)
		ErrorAdd(errors, "/kind", CBD_FIELD_REQUIRED, "media or upstream");
	else if (known && form->kind != NULL && strcmp(form->kind, stored->kind) != 0)
		ErrorAdd(errors, "/kind", CBD_FIELD_OUT_OF_RANGE, "the kind of a provider stays");
	if (!stored->has_secret && form->secret == NULL)
		ErrorAdd(errors, "/secret", CBD_FIELD_REQUIRED, NULL);
	if (kind == NULL || strcmp(kind, "upstream") != 0)
		return;
	if (!stored->has_url && form->url == NULL)
		ErrorAdd(errors, "/url", CBD_FIELD_REQUIRED, NULL);
	if (!stored->has_key && form->app_key == NULL)
		ErrorAdd(errors, "/appKey", CBD_FIELD_REQUIRED, NULL);
}

/* Everything that one field alone says. */
static void
CheckFields(ErrorList *errors, const ProviderForm *form)
{
	static const char *const kinds[] = {"media", "upstream", NULL};
	static const char *const states[] = {"active", "disabled", NULL};
	static const char *const versions[] = {"v1", "v2", NULL};
	static const TextRule title_rule = {"/title", 1, 100, false, false};
	static const TextRule key_rule = {"/appKey", 1, 64, false, true};
	static const TextRule secret_rule = {"/secret", SECRET_MIN, SECRET_MAX, false, true};
	int64 number;

	(void) CheckText(errors, &title_rule, form->title);
	(void) CheckText(errors, &key_rule, form->app_key);
	(void) CheckText(errors, &secret_rule, form->secret);
	CheckOne(errors, "/kind", form->kind, kinds, MESSAGE("media or upstream"));
	CheckOne(errors, "/state", form->state, states, MESSAGE("active or disabled"));
	CheckOne(errors, "/version", form->version, versions, MESSAGE("v1 or v2"));
	CheckPlayUrl(errors, "/rtspUrl", form->rtsp_url, "rtsp://", "rtsps://");
	CheckPlayUrl(errors, "/rtmpUrl", form->rtmp_url, "rtmp://", "rtmps://");
	CheckPlayUrl(errors, "/hlsUrl", form->hls_url, "http://", "https://");
	CheckPlayUrl(errors, "/wsUrl", form->ws_url, "ws://", "wss://");
	if (form->transcoders != NULL && (!integer_parse(form->transcoders, strlen(form->transcoders), &number) ||
									  number < 0 || number > TRANSCODERS_MAX))
		ErrorPrint(errors, false, "/transcoders", CBD_FIELD_OUT_OF_RANGE, "0 to %d{limit}", TRANSCODERS_MAX);
	CheckAskUrl(errors, form);
	CheckNetworks(errors, form);
	CheckCodes(errors, "unknownCodes", form->unknown_codes, form->unknown_count);
	CheckCodes(errors, "offlineCodes", form->offline_codes, form->offline_count);
}

/* Is it a code that a provider may have? */
static bool
CodeFits(const char *code)
{
	size_t length = strlen(code);

	return length > 0 && length <= 32 && code[0] >= 'a' && code[0] <= 'z' &&
		   strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* ---- storing ---- */

/* clang-format off */
/* Null: as it is. $1 code ... in the order of the form; addresses of players that are empty are taken away. */
static SpiQuery save_query = {
	"INSERT INTO citybigdata.camera_provider AS p (provider_code, title, kind, state, secret, rtsp_url, rtmp_url, hls_url, ws_url, networks, transcoders,"
	" url, app_key, version, query, unknown_codes, offline_codes) VALUES ($1, $2, $3, coalesce($4, 'active'), $5, nullif($6, ''), nullif($7, ''), nullif($8, ''), nullif($9, ''),"
	" coalesce($10::cidr[], '{}'), coalesce($11::integer, 2), $12, $13, CASE WHEN $3 = 'upstream' THEN coalesce($14, 'v2') END, $15, coalesce($16, '{40460}'), coalesce($17, '{40980}'))"
	" ON CONFLICT ON CONSTRAINT camera_provider_pkey DO UPDATE SET title = coalesce($2, p.title), state = coalesce($4, p.state), secret = coalesce($5, p.secret),"
	" rtsp_url = CASE WHEN $6 IS NULL THEN p.rtsp_url ELSE nullif($6, '') END, rtmp_url = CASE WHEN $7 IS NULL THEN p.rtmp_url ELSE nullif($7, '') END,"
	" hls_url = CASE WHEN $8 IS NULL THEN p.hls_url ELSE nullif($8, '') END, ws_url = CASE WHEN $9 IS NULL THEN p.ws_url ELSE nullif($9, '') END,"
	" networks = coalesce($10::cidr[], p.networks), transcoders = coalesce($11::integer, p.transcoders), url = coalesce($12, p.url), app_key = coalesce($13, p.app_key),"
	" version = coalesce($14, p.version), query = coalesce($15, p.query), unknown_codes = coalesce($16, p.unknown_codes), offline_codes = coalesce($17, p.offline_codes),"
	" failures = 0, openings = 0, not_before = '-infinity', last_error = NULL, updated_at = now()",
	17, {TEXTOID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTARRAYOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
		 TEXTARRAYOID, TEXTARRAYOID}, NULL, true};
/* Of one that is known: an INSERT must have all that a row needs. */
static SpiQuery keep_query = {
	"SELECT title, secret, url, app_key, kind FROM citybigdata.camera_provider WHERE provider_code = $1", 1, {TEXTOID}, NULL, true};
/* clang-format on */

/* A text[]; null without elements. */
static Datum
ListOrNull(char **texts, int count, bool *isnull)
{
	*isnull = count == 0;
	return count == 0 ? (Datum) 0 : TextArrayDatum(texts, count);
}

/* What the row must have and the form does not, from the row that is there. SPI is connected. */
static void
KeepStored(Datum *values, bool *nulls)
{
	static const int columns[] = {1, 4, 11, 12, 2};

	SpiRun(&keep_query, &values[0], NULL, SPI_OK_SELECT, 1);
	for (int i = 0; i < (int) lengthof(columns); i++)
		if (nulls[columns[i]])
			values[columns[i]] = SpiDatum(0, i + 1, &nulls[columns[i]]);
}

/* Stores what was checked. */
static void
Store(const ProviderForm *form, bool known)
{
	const char *const texts[] = {form->provider, form->title,    form->kind,        form->state,
								 NULL,           form->rtsp_url, form->rtmp_url,    form->hls_url,
								 form->ws_url,   NULL,           form->transcoders, form->url,
								 form->app_key,  form->version,  form->query};
	Datum values[17] = {0};
	bool nulls[17] = {false};

	for (int i = 0; i < (int) lengthof(texts); i++)
	{
		nulls[i] = texts[i] == NULL;
		if (!nulls[i])
			values[i] = CStringGetTextDatum(texts[i]);
	}
	if (form->secret != NULL)
	{
		values[4] = EncryptSecret(CameraSecretPurpose(form->provider), form->secret, strlen(form->secret));
		nulls[4] = false;
	}
	values[9] = ListOrNull(form->networks, form->network_count, &nulls[9]);
	values[15] = ListOrNull(form->unknown_codes, form->unknown_count, &nulls[15]);
	values[16] = ListOrNull(form->offline_codes, form->offline_count, &nulls[16]);
	SpiBegin();
	if (known)
		KeepStored(values, nulls);
	SpiRun(&save_query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

void
SaveProvider(ErrorList *errors, const ProviderForm *form)
{
	Stored stored = {0};
	bool known = false;

	if (form->provider == NULL)
		ErrorAdd(errors, "/provider", CBD_FIELD_REQUIRED, NULL);
	else if (!CodeFits(form->provider))
		ErrorAdd(errors, "/provider", CBD_FIELD_OUT_OF_RANGE,
				 "at most 32 small letters, digits and -, a letter first, for example media");
	else
		known = FindStored(form->provider, &stored);
	CheckFields(errors, form);
	CheckRequired(errors, form, known, &stored);
	if (errors->count == 0)
		Store(form, known);
}
