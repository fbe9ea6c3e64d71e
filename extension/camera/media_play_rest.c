/*
 * POST /gateway/camera/play: a media server asks whether an address may be opened, or a play go on, and tells
 * its end; see play.h. What is audited is the player's: his address, the application's name.
 */
#include "postgres.h"

#include "camera/play.h"

typedef enum PlayEvent
{
	EVENT_OPEN,
	EVENT_REQUEST,
	EVENT_KEEP,
	EVENT_END,
	EVENT_NONE
} PlayEvent;

static PlayEvent
EventOf(const char *text)
{
	static const char *const names[] = {"open", "request", "keep", "end"};

	for (int i = 0; i < EVENT_NONE; i++)
		if (text != NULL && strcmp(text, names[i]) == 0)
			return (PlayEvent) i;
	return EVENT_NONE;
}

/* From here on the call is the player's. */
static void
ActForPlayer(Call *call, Datum client, const char *stream)
{
	char *camera;
	int stream_type;
	bool transcode;

	call->context.client_addr = client;
	call->context.has_client_addr = true;
	if (ReadStreamName(stream, &camera, &stream_type, &transcode))
		call->object = stream;
}

/* Is it the play's own address, unaltered, and at the right door? */
static bool
AddressFits(const Play *play, const char *provider, const char *protocol, const char *stream)
{
	return strcmp(play->provider, provider) == 0 && protocol != NULL &&
		   strcmp(play->protocol, protocol) == 0 && stream != NULL && strcmp(play->stream, stream) == 0;
}

/* Was it ended for good? A player that lost its picture may open again while the address lasts. */
static bool
EndedForGood(const Play *play)
{
	return play->end_reason != NULL &&
		   (strcmp(play->end_reason, "revoked") == 0 || strcmp(play->end_reason, "refused") == 0);
}

/* The rules of the event itself, without the caller's rights. */
static CbdStatus
JudgeEvent(const Play *play, PlayEvent event)
{
	if (EndedForGood(play))
		return CBD_PLAY_ENDED;
	if (!play->same_client)
		return CBD_PLAY_ELSEWHERE;
	if (event == EVENT_OPEN || (event == EVENT_REQUEST && !play->running))
		if (!play->may_open)
			return CBD_PLAY_EXPIRED;
	/* nothing can run that was never opened */
	if (event == EVENT_KEEP && !play->opened)
		return CBD_PLAY_UNKNOWN;
	return play->online ? CBD_OK : CBD_PLAY_NO_CAMERA;
}

/* The refusal; what ran has ended by it. */
static Datum
RefusePlay(Call *call, const Play *play, CbdStatus status, bool rights)
{
	const char *reason = rights ? "refused" : "camera";

	if ((rights || status == CBD_PLAY_NO_CAMERA) && play->opened && PlayEnd(play, reason))
		call->detail = PlayStory(play, reason);
	else if (call->detail == NULL)
		call->detail = play->protocol;
	return Answer(call, status, NULL);
}

/* The player has left, or nginx says so. */
static Datum
FinishPlay(Call *call, const Play *play)
{
	if (!PlayEnd(play, "stopped"))
		return AnswerUnaudited(call, NULL);
	call->detail = PlayStory(play, "stopped");
	return Answer(call, CBD_OK, NULL);
}

static Datum
AllowPlay(Call *call, const Play *play, PlayEvent event, Datum client)
{
	bool opening = event == EVENT_OPEN || (event == EVENT_REQUEST && !play->running);
	char *data = psprintf("{\"codec\":\"%s\",\"transport\":\"%s\"}", play->codec, play->transport);

	PlaySeen(play, client, opening);
	if (!opening)
		return AnswerUnaudited(call, data);
	call->detail = psprintf("%s, opened", play->protocol);
	return Answer(call, CBD_OK, data);
}

/* rest_camera_play(context, provider, key, event, protocol, token, stream, client): {codec, transport} */
static Datum
CameraPlay(Call *call)
{
	ARGUMENTS(ARG_PROVIDER, ARG_KEY, ARG_EVENT, ARG_PROTOCOL, ARG_TOKEN, ARG_STREAM, ARG_CLIENT);
	const char *provider = CallText(call, ARG_PROVIDER);
	const char *stream = CallText(call, ARG_STREAM);
	PlayEvent event = EventOf(CallText(call, ARG_EVENT));
	Datum client = ReadClient(CallText(call, ARG_CLIENT));
	CbdStatus status = EnterMediaServer(call, provider, ARG_KEY);
	Play play;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (event == EVENT_NONE)
		ErrorAdd(&call->errors, "/event", CBD_INVALID_PARAMETER, "open, request, keep or end is expected");
	if (client == (Datum) 0)
		ErrorAdd(&call->errors, "/client", CBD_INVALID_PARAMETER, "an IP address is expected");
	if (call->errors.count > 0)
		return Answer(call, CBD_INVALID_PARAMETER, ErrorsData(&call->errors));
	ActForPlayer(call, client, stream);
	if (!CallGiven(call, ARG_TOKEN) || !ReadPlay(CallDatum(call, ARG_TOKEN), client, &play) ||
		!AddressFits(&play, provider, CallText(call, ARG_PROTOCOL), stream))
		return Answer(call, CBD_PLAY_UNKNOWN, NULL);
	if (event == EVENT_END)
	{
		/* told of the player; his rights may be gone by now */
		JudgePlay(&play, &call->caller);
		return FinishPlay(call, &play);
	}
	status = JudgePlay(&play, &call->caller);
	if (status != CBD_OK)
		return RefusePlay(call, &play, status, true);
	status = JudgeEvent(&play, event);
	if (status != CBD_OK)
		return RefusePlay(call, &play, status, false);
	return AllowPlay(call, &play, event, client);
}

ENDPOINT(cbd_rest_camera_play, "camera.play", CameraPlay);
