/*
 * What the answer of an upstream platform to a preview means; see camera.h.
 *
 *   no answer, 502 to 504            once more at once; the second time CBD_UPSTREAM_DOWN
 *   429, 503 with Retry-After        CBD_UPSTREAM_DOWN
 *   {code:"0", data:{url}}           the address, when it is one of the protocol that was asked for
 *   {code} of the provider's lists   CBD_UPSTREAM_NO_CAMERA, CBD_UPSTREAM_OFFLINE
 *   {code:"422nn"}                   CBD_VALIDATION_FAILED: another platform of this kind does not offer that
 *   anything else                    CBD_UPSTREAM_REFUSED
 */
#include "postgres.h"

#include "camera/camera.h"
#include "core/field.h"

#define URL_MAX 2048

/* Is it an address of the protocol, of characters that no reader takes for something else? */
static bool
FitsProtocol(const char *url, CameraProtocol protocol)
{
	static const char *const schemes[][3] = {{"rtsp://", "rtsps://", NULL},
											 {"rtmp://", "rtmps://", NULL},
											 {"https://", "http://", NULL},
											 {"wss://", "ws://", NULL}};
	bool fits = false;

	for (int i = 0; schemes[protocol][i] != NULL; i++)
		fits = fits || strncmp(url, schemes[protocol][i], strlen(schemes[protocol][i])) == 0;
	for (const char *at = url; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7f || strchr("\"'<>\\`{}|^", *at) != NULL)
			return false;
	return fits && strlen(url) <= URL_MAX;
}

/* Is the code one of those? */
static bool
Among(const char *code, char *const *codes, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

UpstreamVerdict
JudgeUpstream(const Upstream *upstream, const UpstreamReply *reply, CameraProtocol protocol,
			  CbdStatus *status)
{
	*status = CBD_UPSTREAM_DOWN;
	if (reply->http == 0 || reply->http == 502 || reply->http == 504 ||
		(reply->http == 503 && reply->code == NULL && reply->retry_after == 0))
		return UPSTREAM_AGAIN;
	if (reply->code != NULL && Among(reply->code, upstream->unknown_codes, upstream->unknown_count))
		*status = CBD_UPSTREAM_NO_CAMERA;
	else if (reply->code != NULL && Among(reply->code, upstream->offline_codes, upstream->offline_count))
		*status = CBD_UPSTREAM_OFFLINE;
	else if (reply->http == 429 || reply->http == 503)
		*status = CBD_UPSTREAM_DOWN;
	else if (reply->http == 200 && reply->code != NULL && strcmp(reply->code, "0") == 0 &&
			 reply->url != NULL && FitsProtocol(reply->url, protocol))
		return UPSTREAM_OK;
	else if (reply->code != NULL && strlen(reply->code) == 5 && strncmp(reply->code, "422", 3) == 0)
		*status = CBD_VALIDATION_FAILED;
	else
		*status = CBD_UPSTREAM_REFUSED;
	return UPSTREAM_NO;
}
