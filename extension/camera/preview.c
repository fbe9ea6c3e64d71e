/* Giving a preview address; see camera.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "camera/camera.h"
#include "camera/transcoder.h"
#include "core/digest.h"
#include "core/guc.h"
#include "core/spi.h"

/* ---- may it be given? ---- */

/* The transport that the camera has; another than the one asked for is told. Only rtsp has the choice. */
static void
ChooseTransport(const Camera *camera, PreviewOrder *order, ErrorList *errors)
{
	bool wanted_udp = order->udp;

	if (order->protocol != PROTOCOL_RTSP)
	{
		if (order->udp)
			ErrorPrint(errors, true, "/transmode", CBD_CAMERA_TRANSPORT, "%s{protocol} travels over TCP",
					   protocol_names[order->protocol]);
		order->udp = false;
		return;
	}
	if (camera->gb2011)
		order->udp = true;
	else if (order->udp ? !camera->udp : !camera->tcp)
		order->udp = !order->udp;
	if (order->udp == wanted_udp)
		return;
	ErrorPrint(errors, true, "/transmode", CBD_CAMERA_TRANSPORT,
			   camera->gb2011 ? "a device of GB/T 28181-2011 sends over UDP alone: %s{transport} is used"
							  : "the camera has no other transport: %s{transport} is used",
			   order->udp ? "UDP" : "TCP");
}

/* What the camera's own stream cannot do. */
static void
CheckStream(const Camera *camera, PreviewOrder *order, ErrorList *errors)
{
	bool h265 = camera->codec != NULL && strcmp(camera->codec, "h265") == 0;

	if (camera->codec == NULL)
		ErrorAdd(errors, "/streamType", CBD_CAMERA_STREAM, NULL);
	order->transcode = order->transcode && h265;
	if (h265 && !order->transcode && (order->protocol == PROTOCOL_RTMP || order->protocol == PROTOCOL_WS))
		ErrorPrint(errors, false, "/expand", CBD_CAMERA_TRANSCODE,
				   "the stream is H.265, which %s{protocol} does not carry: ask with transcode=1",
				   protocol_names[order->protocol]);
	else if (h265 && !order->transcode && order->video_type != NULL && strcmp(order->video_type, "h264") == 0)
		ErrorAdd(errors, "/expand", CBD_CAMERA_TRANSCODE,
				 "the stream is H.265: videotype=h264 takes transcode=1");
	if (camera->codec != NULL && !h265 && order->video_type != NULL && strcmp(order->video_type, "h265") == 0)
		ErrorAdd(errors, "/expand", CBD_CAMERA_EXPAND, "the stream is H.264");
}

CbdStatus
JudgePreview(const Camera *camera, PreviewOrder *order, int level, ErrorList *errors)
{
	CbdStatus status = CBD_OK;

	if (camera->state == NULL || strcmp(camera->state, "closed") == 0)
		status = CBD_NO_SUCH_CAMERA;
	else if (camera->level > level)
		status = CBD_CAMERA_LEVEL;
	else if (strcmp(camera->state, "online") != 0 || !camera->active)
		status = CBD_CAMERA_OFFLINE;
	if (status != CBD_OK)
	{
		ErrorAdd(errors, "/cameraIndexCode", status, NULL);
		return status;
	}
	if (!camera->protocols[order->protocol] || (!camera->upstream && camera->base[order->protocol] == NULL))
		ErrorPrint(errors, false, "/protocol", CBD_CAMERA_PROTOCOL,
				   "the camera is not offered by %s{protocol}", protocol_names[order->protocol]);
	ChooseTransport(camera, order, errors);
	/* an upstream platform knows the streams of its cameras, and judges itself */
	if (!camera->upstream)
		CheckStream(camera, order, errors);
	if (errors->count > 0)
		return CBD_VALIDATION_FAILED;
	if (order->transcode && !camera->upstream &&
		!TranscoderFree(camera->provider, camera->uuid, order->stream_type, false))
	{
		ErrorAdd(errors, "/expand", CBD_TRANSCODERS_BUSY, NULL);
		return CBD_TRANSCODERS_BUSY;
	}
	return CBD_OK;
}

/* ---- the address ---- */

char *
PlayAddress(const Camera *camera, const PreviewOrder *order, const char *token)
{
	const char *base = camera->base[order->protocol];
	StringInfoData stream;

	initStringInfo(&stream);
	for (const char *at = camera->uuid; *at != '\0'; at++)
		if (*at != '-')
			appendStringInfoChar(&stream, *at);
	appendStringInfo(&stream, "_%d%s", order->stream_type, order->transcode ? "_t" : "");
	switch (order->protocol)
	{
		case PROTOCOL_HLS: /* in the path, which the segments' relative addresses keep */
			return psprintf("%s/%s/%s/index.m3u8", base, token, stream.data);
		case PROTOCOL_RTMP: /* clients cut application and name at different slashes */
			return psprintf("%s/%s?token=%s", base, stream.data, token);
		case PROTOCOL_WS:
			return psprintf("%s/%s/%s.flv", base, token, stream.data);
		case PROTOCOL_RTSP:
			break;
	}
	return psprintf("%s/%s/%s", base, token, stream.data);
}

/* clang-format off */
/* $1 digest, $2 camera, $3 provider, $4 type of the stream, $5 protocol, $6 transport, $7 transcode, $8 application,
 * $9 account, $10 user name, $11 and $12 epochs, $13 by address, $14 digest of the access token, $15 its end, $16 client
 * address, $17 seconds. An address of an upstream platform may be given twice: the later one counts. */
static SpiQuery insert_play = {
	"INSERT INTO citybigdata.camera_play AS p (token_digest, camera_index_code, provider_code, stream_type, protocol, transport,"
	" transcode, app_id, account_id, user_name, app_epoch, account_epoch, by_address, access_token_digest, access_token_until,"
	" given_to, open_until) VALUES ($1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
	" now() + make_interval(secs => $17))"
	" ON CONFLICT ON CONSTRAINT camera_play_token_pkey DO UPDATE SET given_at = now(), open_until = excluded.open_until,"
	" app_id = excluded.app_id, account_id = excluded.account_id, user_name = excluded.user_name, given_to = excluded.given_to"
	" RETURNING p.play_id",
	17, {BYTEAOID, TEXTOID, TEXTOID, INT4OID, TEXTOID, TEXTOID, BOOLOID, INT4OID, INT8OID, TEXTOID, INT4OID, INT4OID, BOOLOID,
		 BYTEAOID, TIMESTAMPTZOID, INETOID, INT4OID}, NULL, true};
/* clang-format on */

/* Who it is given to: $8 to $16 of insert_play. */
static void
SetCaller(const RestContext *context, const Caller *caller, Datum *values, bool *nulls)
{
	const Origin *origin = caller == NULL ? NULL : &caller->origin;

	for (int i = 7; i <= 11; i++)
		nulls[i] = caller == NULL;
	nulls[13] = nulls[14] = origin == NULL || !origin->by_token;
	nulls[15] = context == NULL || !context->has_client_addr;
	if (!nulls[15])
		values[15] = context->client_addr;
	if (caller == NULL)
	{
		values[9] = CStringGetTextDatum(GetUserNameFromId(GetSessionUserId(), false));
		nulls[9] = false;
		return;
	}
	values[7] = Int32GetDatum(caller->app_id);
	values[8] = Int64GetDatum(caller->account_id);
	values[9] = CStringGetTextDatum(caller->user_name == NULL ? "" : caller->user_name);
	values[10] = Int32GetDatum(origin->app_epoch);
	nulls[11] = origin->account_epoch == 0;
	values[11] = Int32GetDatum(origin->account_epoch);
	values[12] = BoolGetDatum(origin->by_address);
	if (origin->by_token)
	{
		values[13] = DigestDatum(origin->token_digest);
		values[14] = TimestampTzGetDatum(origin->ends_at);
	}
}

void
GivePlay(const Camera *camera, const PreviewOrder *order, const RestContext *context, const Caller *caller,
		 const char *url, int seconds, Play *play)
{
	char *token = url == NULL ? RandomToken() : NULL;
	Datum values[17] = {[12] = BoolGetDatum(false)};
	bool nulls[17] = {false};

	play->seconds = url == NULL ? guc_preview_url_ttl : seconds;
	play->url = url == NULL ? PlayAddress(camera, order, token) : pstrdup(url);
	values[0] = TextDigest(url == NULL ? token : url);
	values[1] = CStringGetTextDatum(camera->uuid);
	values[2] = CStringGetTextDatum(camera->provider);
	values[3] = Int32GetDatum(order->stream_type);
	values[4] = CStringGetTextDatum(protocol_names[order->protocol]);
	values[5] = CStringGetTextDatum(order->udp ? "udp" : "tcp");
	values[6] = BoolGetDatum(order->transcode);
	SetCaller(context, caller, values, nulls);
	values[16] = Int32GetDatum(play->seconds);
	if (token != NULL)
		ForgetText(token);
	SpiBegin();
	SpiRun(&insert_play, values, nulls, SPI_OK_INSERT_RETURNING, 0);
	play->play_id = SpiInt64(0, 1);
	SpiEnd();
}

/* ---- what is told ---- */

char *
PreviewData(const PreviewOrder *order, const Play *play, const ErrorList *errors)
{
	StringInfoData data;
	char *warnings = ErrorsJson(errors, true);

	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "url", play->url);
	appendStringInfo(&data, ",\"expiresIn\":%d,\"playId\":" INT64_FORMAT, play->seconds, play->play_id);
	JsonField(&data, "protocol", protocol_names[order->protocol]);
	appendStringInfo(&data, ",\"streamType\":%d,\"transmode\":%d,\"transcode\":%d", order->stream_type,
					 order->udp ? 0 : 1, order->transcode ? 1 : 0);
	if (warnings != NULL)
		appendStringInfo(&data, ",\"warnings\":%s", warnings);
	appendStringInfoChar(&data, '}');
	return data.data;
}

char *
PreviewDetail(const PreviewOrder *order, const Play *play)
{
	return psprintf("%s/%s, %s stream%s, play " INT64_FORMAT, protocol_names[order->protocol],
					order->udp ? "udp" : "tcp", order->stream_type == 0 ? "main" : "sub",
					order->transcode ? ", transcoded" : "", play->play_id);
}
