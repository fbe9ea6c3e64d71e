/*
 * Endpoints of camera providers, for system administrators: GET and POST /admin/camera-providers, and below
 * one /remove and /list (its list of cameras is taken over, by the outbox). Secrets are never shown.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "admin/admin_page.h"
#include "camera/camera.h"
#include "camera/provider.h"
#include "core/digest.h"
#include "core/spi.h"
#include "core/text_check.h"

/* clang-format off */
/* $1 after this code, $2 rows */
static SpiQuery providers_page = {
	PAGE_OF("'provider', p.provider_code, 'title', p.title, 'kind', p.kind, 'state', p.state, 'rtspUrl', p.rtsp_url, 'rtmpUrl', p.rtmp_url,"
		" 'hlsUrl', p.hls_url, 'wsUrl', p.ws_url, 'networks', p.networks, 'transcoders', p.transcoders, 'url', p.url, 'appKey', p.app_key,"
		" 'version', p.version, 'query', p.query, 'unknownCodes', p.unknown_codes, 'offlineCodes', p.offline_codes, 'failures', p.failures,"
		" 'notBefore', " SHOWN_TIME("nullif(greatest(p.not_before, now()), now())") ", 'lastError', p.last_error,"
		" 'listedAt', " SHOWN_TIME("p.listed_at") ", 'cameras', (SELECT count(*) FROM citybigdata.camera c WHERE c.provider_code = p.provider_code),"
		" 'playing', (SELECT count(*) FROM citybigdata.camera_play y WHERE y.provider_code = p.provider_code AND y.ended_at IS NULL"
		"   AND y.opened_at IS NOT NULL), 'updatedAt', " SHOWN_TIME("p.updated_at"), "provider_code", "2")
	"(SELECT v.* FROM citybigdata.camera_provider v WHERE v.provider_code > $1 ORDER BY v.provider_code LIMIT $2) p",
	2, {TEXTOID, INT4OID}, NULL};
/* clang-format on */

/* rest_admin_camera_providers(..., cursor, page_size): {items, nextCursor} */
static Datum
AdminProviders(Call *call)
{
	ARGUMENTS(ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"cursor", "pageSize", NULL};
	Datum values[2];
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), 32));
	values[1] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &providers_page, values, NULL);
}

ENDPOINT(cbd_rest_admin_camera_providers, "camera-provider.list", AdminProviders);

/* rest_camera_provider_save(..., the members of ProviderForm in its order): {provider} */
static Datum
ProviderSave(Call *call)
{
	ARGUMENTS(ARG_PROVIDER, ARG_TITLE, ARG_KIND, ARG_STATE, ARG_SECRET, ARG_RTSP, ARG_RTMP, ARG_HLS, ARG_WS,
			  ARG_NETWORKS, ARG_TRANSCODERS, ARG_URL, ARG_APP_KEY, ARG_VERSION, ARG_QUERY, ARG_UNKNOWN,
			  ARG_OFFLINE);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	ProviderForm form = {CallText(call, ARG_PROVIDER), CallText(call, ARG_TITLE),  CallText(call, ARG_KIND),
						 CallText(call, ARG_STATE),    CallText(call, ARG_SECRET), CallText(call, ARG_RTSP),
						 CallText(call, ARG_RTMP),     CallText(call, ARG_HLS),    CallText(call, ARG_WS)};
	StringInfoData data;

	form.networks = CallTexts(call, ARG_NETWORKS, &form.network_count);
	form.transcoders = CallText(call, ARG_TRANSCODERS);
	form.url = CallText(call, ARG_URL);
	form.app_key = CallText(call, ARG_APP_KEY);
	form.version = CallText(call, ARG_VERSION);
	form.query = CallText(call, ARG_QUERY);
	form.unknown_codes = CallTexts(call, ARG_UNKNOWN, &form.unknown_count);
	form.offline_codes = CallTexts(call, ARG_OFFLINE, &form.offline_count);
	if (form.provider != NULL)
		call->object = ShortText(form.provider, strlen(form.provider));
	if (status == CBD_OK)
		SaveProvider(&call->errors, &form);
	if (form.secret != NULL)
		ForgetText(form.secret);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "provider", form.provider);
	appendStringInfoChar(&data, '}');
	return Answer(call, CBD_OK, data.data);
}

ENDPOINT(cbd_rest_camera_provider_save, "camera-provider.save", ProviderSave);

/* rest_camera_provider_remove(..., provider): one without cameras */
static Datum
ProviderRemove(Call *call)
{
	static SpiQuery used = {
		"SELECT FROM citybigdata.camera WHERE provider_code = $1 LIMIT 1", 1, {TEXTOID}, NULL};
	static SpiQuery gone = {
		"DELETE FROM citybigdata.camera_provider WHERE provider_code = $1", 1, {TEXTOID}, NULL};
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	char *provider = CallText(call, 0);
	Datum value;

	call->object = provider == NULL ? NULL : ShortText(provider, strlen(provider));
	if (status != CBD_OK || provider == NULL)
		return Answer(call, status != CBD_OK ? status : CBD_NO_SUCH_CAMERA_PROVIDER, NULL);
	value = CStringGetTextDatum(provider);
	SpiBegin();
	if (SpiRun(&used, &value, NULL, SPI_OK_SELECT, 1) > 0)
		status = CBD_CAMERA_PROVIDER_IN_USE;
	else if (SpiRun(&gone, &value, NULL, SPI_OK_DELETE, 0) == 0)
		status = CBD_NO_SUCH_CAMERA_PROVIDER;
	SpiEnd();
	return Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_camera_provider_remove, "camera-provider.remove", ProviderRemove);

/* rest_camera_provider_list(..., provider): {messageId, state}; the list comes by the outbox */
static Datum
ProviderList(Call *call)
{
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	char *provider = CallText(call, 0);
	Upstream upstream;

	call->object = provider == NULL ? NULL : ShortText(provider, strlen(provider));
	if (status == CBD_OK && (provider == NULL || !FindUpstream(provider, &upstream)))
		status = CBD_NO_SUCH_CAMERA_PROVIDER;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	return Answer(
		call, CBD_OK,
		psprintf("{\"messageId\":" INT64_FORMAT ",\"state\":\"pending\"}", CameraFeedStart(provider)));
}

ENDPOINT(cbd_rest_camera_provider_list, "camera-provider.take-list", ProviderList);
