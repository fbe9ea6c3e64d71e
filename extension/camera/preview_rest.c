/*
 * POST /cameras/previewURLs and the same at the vendor's paths (annex A.3).
 *
 * A camera of the platform's own media servers is answered at once. For one of an upstream platform the reply
 * frame has `ask`, the signed request, and `more`, by which the caller is known again: the bridge sends the
 * request, waits without holding anything up, and calls rest_camera_preview_answer() with what came of it.
 * That judges caller, camera and order anew: what was revoked meanwhile counts.
 */
#include "postgres.h"

#include "access/page_token.h"
#include "camera/camera.h"
#include "core/json_tree.h"
#include "core/text_check.h"

#define ATTEMPTS    2
#define ASK_SECONDS 5 /* of one attempt */

/* The refusal, with its errors as data; a fault of a field is what all refused bodies have. */
static Datum
Refuse(Call *call, CbdStatus status)
{
	if (call->detail == NULL && call->errors.count > 0)
		call->detail = ErrorsText(&call->errors);
	return Answer(call, status, ErrorsData(&call->errors));
}

/* The camera as the call wants it; CBD_OK, or why not. */
static CbdStatus
Judge(Call *call, PreviewOrder *order, Camera *camera)
{
	(void) FindCamera(order, camera);
	return JudgePreview(camera, order, call->caller.level, &call->errors);
}

/* The frame by which the bridge asks the upstream platform. */
static Datum
AskUpstream(Call *call, const Camera *camera, const PreviewOrder *order, const PreviewForm *form, int attempt)
{
	const char *const texts[][2] = {{"streamType", form->stream_type},
									{"protocol", form->protocol},
									{"transmode", form->transmode},
									{"expand", form->expand}};
	char *body = UpstreamPreviewBody(camera, order, form);
	Upstream upstream;
	StringInfoData headers, ask;
	const char *why;
	char *url;

	if (!FindUpstream(camera->provider, &upstream))
		return Refuse(call, CBD_CAMERA_OFFLINE);
	if (upstream.pause > 0)
	{
		call->retry_after = upstream.pause;
		call->detail = psprintf("%s: not asked for %d s more", camera->provider, upstream.pause);
		return Refuse(call, CBD_UPSTREAM_DOWN);
	}
	initStringInfo(&headers);
	initStringInfo(&ask);
	appendStringInfo(&ask,
					 "{\"messageId\":1,\"purpose\":\"" CAMERA_PURPOSE "\",\"method\":\"POST\",\"timeout\":%d",
					 ASK_SECONDS);
	UpstreamRequest(&upstream, UpstreamPreviewPath(&upstream), body, &url, &headers, &why);
	JsonField(&ask, "body", body);
	if (why != NULL)
	{
		call->detail = why;
		return Refuse(call, CBD_UPSTREAM_DOWN);
	}
	JsonField(&ask, "url", url);
	appendStringInfo(&ask, ",\"plain\":%s,\"headers\":[%s],\"order\":{\"attempt\":\"%d\"",
					 strncmp(url, "http://", 7) == 0 ? "true" : "false", headers.data, attempt);
	for (int i = 0; i < (int) lengthof(texts); i++)
		if (texts[i][1] != NULL)
			JsonField(&ask, texts[i][0], texts[i][1]);
	appendStringInfoString(&ask, "}}");
	call->frame.ask = FrameText(ask.data);
	call->frame.more = FrameText(PageTokenMake(&call->context, &call->caller, CAMERA_RESOURCE));
	return AnswerUnaudited(call, NULL);
}

/* The address, told and written down. */
static Datum
AnswerPlay(Call *call, const Camera *camera, const PreviewOrder *order, const char *url, int seconds)
{
	Play play;

	GivePlay(camera, order, &call->context, &call->caller, url, seconds, &play);
	call->detail = PreviewDetail(order, &play);
	return Answer(call, CBD_OK, PreviewData(order, &play, &call->errors));
}

/* rest_camera_preview(..., camera_index_code, stream_type, protocol, transmode, expand): {url, expiresIn,
 * playId, protocol, streamType, transmode, transcode, warnings} */
static Datum
CameraPreview(Call *call)
{
	ARGUMENTS(ARG_CAMERA, ARG_STREAM_TYPE, ARG_PROTOCOL, ARG_TRANSMODE, ARG_EXPAND);
	PreviewForm form = {CallText(call, ARG_CAMERA), CallText(call, ARG_STREAM_TYPE),
						CallText(call, ARG_PROTOCOL), CallText(call, ARG_TRANSMODE),
						CallText(call, ARG_EXPAND)};
	CbdStatus status = CallAuthorise(call, CAMERA_RESOURCE);
	PreviewOrder order;
	Camera camera;

	call->object = form.camera == NULL ? NULL : ShortText(form.camera, strlen(form.camera));
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	CheckPreview(&call->errors, &form, &order);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->object = pstrdup(order.camera);
	status = Judge(call, &order, &camera);
	if (status != CBD_OK)
		return Refuse(call, status);
	if (camera.upstream)
		return AskUpstream(call, &camera, &order, &form, 1);
	return AnswerPlay(call, &camera, &order, NULL, 0);
}

ENDPOINT(cbd_rest_camera_preview, "camera.preview", CameraPreview);

/* ---- the answer of an upstream platform ---- */

/* The text or number of a member; NULL: there is none. */
static char *
Member(const JsonNode *object, const char *name)
{
	if (object != NULL && object->kind == JSON_OBJECT)
		for (const JsonNode *member = object->first; member != NULL; member = member->next)
			if (strcmp(member->key, name) == 0)
				return member->kind == JSON_STRING || member->kind == JSON_NUMBER ? member->text : NULL;
	return NULL;
}

/* The object that is a member; NULL: there is none. */
static const JsonNode *
Child(const JsonNode *object, const char *name)
{
	if (object != NULL && object->kind == JSON_OBJECT)
		for (const JsonNode *member = object->first; member != NULL; member = member->next)
			if (strcmp(member->key, name) == 0)
				return member;
	return NULL;
}

/* The number of a member; 0: there is none. */
static int
Number(const JsonNode *object, const char *name)
{
	const char *text = Member(object, name);

	return text == NULL ? 0 : (int) strtol(text, NULL, 10);
}

/* What the bridge tells, and the envelope in it. */
static void
ReadOutcome(const JsonNode *outcome, UpstreamReply *reply)
{
	const char *body = Member(outcome, "reply");
	JsonRefusal refusal;
	const JsonNode *envelope = body == NULL ? NULL : JsonParse(body, strlen(body), &refusal);

	*reply =
		(UpstreamReply){Number(outcome, "http"), Number(outcome, "retryAfter"), Member(outcome, "error")};
	reply->code = Member(envelope, "code");
	reply->message = Member(envelope, "msg");
	reply->url = Member(Child(envelope, "data"), "url");
}

/* Why it was refused, for the auditor. */
static char *
Why(const Upstream *upstream, const UpstreamReply *reply)
{
	if (reply->error != NULL)
		return psprintf("%s: %s", upstream->provider, reply->error);
	return psprintf("%s: HTTP %d, code %s, %s", upstream->provider, reply->http,
					reply->code == NULL ? "none" : ShortText(reply->code, strlen(reply->code)),
					reply->message == NULL ? "no message"
										   : ShortText(reply->message, strlen(reply->message)));
}

/* rest_camera_preview_answer(..., camera_index_code, outcome): scheme continued; as rest_camera_preview() */
static Datum
CameraPreviewAnswer(Call *call)
{
	ARGUMENTS(ARG_CAMERA, ARG_OUTCOME);
	char *text = CallText(call, ARG_OUTCOME);
	CbdStatus status =
		call->context.scheme == SCHEME_CONTINUED ? CallAuthorise(call, CAMERA_RESOURCE) : CBD_UNAUTHORIZED;
	JsonRefusal refusal;
	const JsonNode *outcome = text == NULL ? NULL : JsonParse(text, strlen(text), &refusal);
	const JsonNode *asked = Child(outcome, "order");
	PreviewForm form = {CallText(call, ARG_CAMERA), Member(asked, "streamType"), Member(asked, "protocol"),
						Member(asked, "transmode"), Member(asked, "expand")};
	UpstreamReply reply;
	PreviewOrder order;
	Upstream upstream;
	Camera camera;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	CheckPreview(&call->errors, &form, &order);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->object = pstrdup(order.camera);
	status = Judge(call, &order, &camera);
	if (status == CBD_OK && (!camera.upstream || !FindUpstream(camera.provider, &upstream)))
		status = CBD_CAMERA_OFFLINE;
	if (status != CBD_OK)
		return Refuse(call, status);
	ReadOutcome(outcome, &reply);
	switch (JudgeUpstream(&upstream, &reply, order.protocol, &status))
	{
		case UPSTREAM_OK:
			UpstreamAnswered(&upstream);
			return AnswerPlay(call, &camera, &order, reply.url, upstream.url_seconds);
		case UPSTREAM_AGAIN:
			call->detail = Why(&upstream, &reply);
			UpstreamFailed(&upstream, call->detail);
			if (Number(asked, "attempt") < ATTEMPTS)
				return AskUpstream(call, &camera, &order, &form, Number(asked, "attempt") + 1);
			break;
		case UPSTREAM_NO:
			if (status != CBD_UPSTREAM_DOWN)
				UpstreamAnswered(&upstream);
			call->detail = Why(&upstream, &reply);
			if (status == CBD_VALIDATION_FAILED)
				ErrorAdd(&call->errors, "", CBD_CAMERA_PROTOCOL,
						 "the platform that provides the camera does not offer it in that way");
			call->retry_after = status == CBD_UPSTREAM_DOWN ? reply.retry_after : 0;
			break;
	}
	return Refuse(call, status);
}

ENDPOINT(cbd_rest_camera_preview_answer, "camera.preview", CameraPreviewAnswer);
