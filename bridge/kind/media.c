/* Slices of media; see media.h. */
#include "kind/media.h"

#include <string.h>

#include "request/body.h"
#include "reply/reply.h"
#include "request/request.h"
#include "kind/sealed.h"
#include "wire/status_codes.h"
#include "reply/stream.h"

void
MediaBegin(Request *request)
{
	(void) SealedAlone(request);
}

/* How the reply goes on behind a slice; false: its slices and its length do not agree. */
static bool
TakeSlice(MediaReply *reply, const Frame *frame)
{
	bool whole;

	reply->taken += (int64_t) frame->body.length;
	whole = reply->taken == reply->count;
	if (reply->taken > reply->count || whole != (frame->more.length == 0) ||
		(!whole && frame->body.length == 0) || frame->more.length >= sizeof(reply->more))
		return false;
	if (frame->more.length > 0)
		memcpy(reply->more, frame->more.text, frame->more.length);
	reply->more[frame->more.length] = '\0';
	return true;
}

bool
MediaTake(Request *request, const Frame *frame)
{
	MediaReply *reply = ArenaAlloc(&request->arena, sizeof(*reply));

	memset(reply, 0, sizeof(*reply));
	request->media = reply;
	if (request->http == 304)
		return true;
	reply->count = frame->content_length;
	if (reply->count == FRAME_NONE || frame->content_type.length == 0)
		return false;
	if (request->head)
		return true;
	/* stalled downloads must not keep the bodies of reports out */
	if (BytesInFlight() >= ConfigNow()->max_bytes_in_flight / 2)
	{
		request->media = NULL;
		Refuse(request, CBD_OVERLOADED, NULL, NULL);
		return true;
	}
	return TakeSlice(reply, frame);
}

/* Asks for the slice that follows. */
static int
AskSlice(Request *request, void *state)
{
	MediaReply *reply = state;
	Job *job = &request->job;

	RequestFillJob(request);
	job->values[CONTEXT_PARAMS] = request->values[MEDIA_ID].text;
	job->values[CONTEXT_PARAMS + 1] = reply->more;
	memset(job->lengths + CONTEXT_PARAMS, 0, 2 * sizeof(job->lengths[0]));
	job->statement = SliceStatement();
	return CBD_OK;
}

static int
SliceDone(Request *request, void *state, const PGresult *result, Span *piece, bool *more)
{
	Frame frame;

	if (!FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame))
		return CBD_INTERNAL_ERROR;
	if (frame.status != CBD_OK)
		return (int) frame.status;
	if (!TakeSlice(state, &frame))
		return CBD_INTERNAL_ERROR;
	*piece = frame.body;
	*more = MediaContinues(request);
	return CBD_OK;
}

/* The reply lives as long as the request. */
static void
SourceEnd(void *state)
{
}

static const StreamSource slices = {AskSlice, SliceDone, NULL, SourceEnd};

bool
MediaContinues(const Request *request)
{
	return request->status == CBD_OK && request->media->more[0] != '\0';
}

void
MediaStart(Request *request, PGresult *result, Span slice)
{
	StreamStart(request, &slices, request->media, result, slice);
}

/* Never called: the reply to a HEAD has no bytes. */
static ssize_t
ReadNothing(void *cls, uint64_t position, char *buffer, size_t most)
{
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

struct MHD_Response *
MediaResponse(Request *request)
{
	uint64_t size = (uint64_t) request->media->count;

	if (request->stream == NULL)
		return MHD_create_response_from_callback(size, 1, ReadNothing, NULL, NULL);
	return StreamResponse(request, size, (Encoding){CHARSET_UTF8, false});
}

void
MediaHeaders(struct MHD_Response *response, const Request *request)
{
	if (request->media == NULL || request->status != CBD_OK)
		return;
	MHD_add_response_header(response, "Accept-Ranges", "bytes");
	/* shown or saved, nothing of it runs in the platform's name */
	if (request->http != 304)
		MHD_add_response_header(response, "Content-Security-Policy", "default-src 'none'; sandbox");
}
