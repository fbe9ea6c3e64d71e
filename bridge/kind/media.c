/*
 * Pictures, videos and files on the side of HTTP (clause 5.4.4-b; the extension's side: media/media_rest.c).
 *
 * The body of the first frame is the first slice; while a frame has a `more`, the next slice is asked for
 * with it, as the client reads (reply/stream.h).
 */
#include "kind/kinds.h"

#include <string.h>

#include "base/config.h"
#include "reply/envelope.h"
#include "reply/stream.h"
#include "request/credentials.h"
#include "request/params.h"
#include "request/run.h"
#include "wire/status_codes.h"

/* request->own: a medium that was found */
typedef struct MediaCall
{
	int64_t count; /* bytes of the whole answer */
	int64_t taken; /* bytes of it that all slices so far have */
} MediaCall;

/* Kind.begin: the address is the credential, and the only one. */
static void
MediaBegin(Request *request)
{
	const char *condition = request->headers[HEADER_IF_RANGE];

	/* a condition that cannot be true asks for the whole (RFC 9110 13.1.5) */
	if (condition != NULL && !HeaderPrintable(condition))
		ValueOf(request, "Range")->text = NULL;
	UseScheme(request, SCHEME_SEALED, NULL, 0);
}

/* A slice has come. CBD_INTERNAL_ERROR: slices and length do not agree. */
static int
TakeSlice(Request *request, const Frame *frame)
{
	MediaCall *call = request->own;
	bool whole;

	call->taken += (int64_t) frame->body.length;
	whole = call->taken == call->count;
	return call->taken > call->count || whole != (frame->more.length == 0) ||
				   (!whole && frame->body.length == 0)
			   ? CBD_INTERNAL_ERROR
			   : CBD_OK;
}

/* Kind.take */
static int
MediaTake(Request *request)
{
	const Frame *frame = &request->frame;
	MediaCall *call;

	if (frame->status != CBD_OK || frame->http == MHD_HTTP_NOT_MODIFIED)
		return CBD_OK;
	if (frame->content_length == FRAME_NONE || frame->content_type.length == 0)
		return CBD_INTERNAL_ERROR;
	call = request->own = ArenaAlloc(&request->arena, sizeof(MediaCall));
	*call = (MediaCall){.count = frame->content_length};
	if (request->head)
		return CBD_OK;
	/* stalled downloads must not keep the bodies of reports out */
	if (BytesInFlight() >= ConfigNow()->max_bytes_in_flight / 2)
		return CBD_OVERLOADED;
	return TakeSlice(request, frame);
}

/* Kind.make */
static void
MediaMake(Request *request, Reply *reply)
{
	const MediaCall *call = request->own;

	if (request->status != CBD_OK)
	{
		EnvelopeMake(request, reply);
		return;
	}
	reply->type = KeepSpan(request, request->frame.content_type);
	reply->raw = true;
	if (request->head || StreamStart(request))
		reply->length = call->count;
	else
		TextAdd(&reply->text, request->data.text, request->data.length);
}

/* Kind.headers */
static void
MediaHeaders(Request *request, Reply *reply)
{
	if (request->status != CBD_OK)
		return;
	/* shown or saved, nothing of it runs in the platform's name */
	if (reply->http != MHD_HTTP_NOT_MODIFIED)
		ReplyHeader(reply, "Content-Security-Policy", "default-src 'none'; sandbox");
}

/* More.fill */
static int
FillSlice(Request *request, Span more)
{
	Job *job = &request->job;

	RequestFillJob(request); /* the call context */
	job->values[CONTEXT_ARGUMENTS] = ValueOf(request, "id")->text;
	job->values[CONTEXT_ARGUMENTS + 1] = more.text;
	job->lengths[CONTEXT_ARGUMENTS] = job->lengths[CONTEXT_ARGUMENTS + 1] = 0;
	job->formats[CONTEXT_ARGUMENTS] = job->formats[CONTEXT_ARGUMENTS + 1] = 0;
	job->statement = RouteMoreStatement(request->route);
	return CBD_OK;
}

static const More slices = {FillSlice, TakeSlice, NULL};

static const char *const parameters[] = {"id", "Range", "If-Range", NULL};

const Kind kind_media = {.name = "media",
						 .ranges = true,
						 .parameters = parameters,
						 .formats = FORMATS_ENVELOPE,
						 .begin = MediaBegin,
						 .take = MediaTake,
						 .make = MediaMake,
						 .headers = MediaHeaders,
						 .more = &slices};
