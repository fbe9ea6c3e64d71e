/*
 * GET /media/{id}: a medium in slices.
 *
 * The bridge asks rest_media() once a request, and while the reply has a `more` rest_media_slice() with that,
 * each time with the token: application, account and grant are judged at every slice, audited and counted
 * once. `more` is the first and the last byte that are still asked for, and the tag of the medium.
 */
#include "postgres.h"

#include "access/endpoint.h"
#include "core/disposition.h"
#include "media/media.h"

/* The slice as body, and how the bridge gets the one behind it. */
static void
AddSlice(Call *call, const Medium *medium)
{
	int64 next = medium->first + medium->slice_length;

	call->frame.body = (Span){medium->slice, medium->slice_length};
	if (medium->slice_length < medium->count && !medium->head)
		call->frame.more = FrameText(psprintf(INT64_FORMAT "-" INT64_FORMAT " %s", next,
											  medium->first + medium->count - 1, medium->tag));
}

/* The medium itself, its part, or that the client has it. */
static Datum
AnswerMedium(Call *call, const Medium *medium)
{
	Frame *frame = &call->frame;

	frame->etag = FrameText(psprintf("\"%s\"", medium->tag));
	if (medium->unchanged)
	{
		frame->http = 304;
		return AnswerRead(call, NULL);
	}
	if (medium->part)
	{
		frame->http = 206;
		frame->content_range =
			FrameText(psprintf("bytes " INT64_FORMAT "-" INT64_FORMAT "/" INT64_FORMAT, medium->first,
							   medium->first + medium->count - 1, medium->total));
	}
	frame->content_type = FrameText(medium->type);
	frame->content_disposition = FrameText(Disposition(medium->name, medium->in_place));
	frame->content_length = medium->count;
	AddSlice(call, medium);
	return AnswerRead(call, NULL);
}

/* 416, with the size that a client needs for a better range. */
static Datum
RefuseRange(Call *call, const Medium *medium)
{
	ErrorAdd(&call->errors, "/Range", CBD_RANGE_NOT_SATISFIABLE,
			 SaidBoth("There are " INT64_FORMAT "{bytes} bytes", medium->total));
	call->frame.content_range = FrameText(psprintf("bytes */" INT64_FORMAT, medium->total));
	return Answer(call, CBD_RANGE_NOT_SATISFIABLE, ErrorsData(&call->errors));
}

/* Opens the address and reads the medium; what is audited is in the call. */
static CbdStatus
OpenAndRead(Call *call, const char *token, Medium *medium)
{
	OpenedMedia opened;
	CbdStatus status =
		OpenMedia(&call->context, token == NULL ? "" : token, medium->under_way, &call->caller, &opened);

	call->object = opened.ref.resource;
	/* a download counts once */
	if (status == CBD_OK && !medium->under_way)
		status = WithinLimit(status, &call->caller, &call->retry_after);
	if (status == CBD_OK)
	{
		status = ReadMedium(&call->caller, &opened, medium);
		call->object = medium->object;
	}
	call->detail = opened.detail;
	return status;
}

/*
 * rest_media(context, id, range, if_none_match, if_range, head, thumbnail): Range, If-None-Match and If-Range
 * as the client sent them; null when absent. A thumbnail is one slice.
 */
static Datum
MediaGet(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_RANGE, ARG_IF_NONE_MATCH, ARG_IF_RANGE, ARG_HEAD, ARG_THUMBNAIL);
	Medium medium = {.range = CallText(call, ARG_RANGE),
					 .if_none_match = CallText(call, ARG_IF_NONE_MATCH),
					 .if_range = CallText(call, ARG_IF_RANGE),
					 .head = CallBool(call, ARG_HEAD),
					 .thumbnail = CallBool(call, ARG_THUMBNAIL)};
	CbdStatus status = OpenAndRead(call, CallText(call, ARG_ID), &medium);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	return medium.unsatisfiable ? RefuseRange(call, &medium) : AnswerMedium(call, &medium);
}

ENDPOINT(cbd_rest_media, "media.get", MediaGet);

/*
 * rest_media_slice(context, id, more): the next slice of a download under way. Not audited unless it is
 * refused: no longer allowed, or CBD_CONFLICT, the medium is not the one that the download began with.
 */
static Datum
MediaSlice(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_MORE);
	Medium medium = {.under_way = true};
	char *more = CallText(call, ARG_MORE);
	char *tag = NULL;
	CbdStatus status;

	if (more != NULL)
		medium.first = Max(strtoll(more, &tag, 10), 0);
	if (tag != NULL && *tag == '-')
		medium.last = strtoll(tag + 1, &tag, 10);
	status = OpenAndRead(call, CallText(call, ARG_ID), &medium);
	if (status == CBD_OK && (tag == NULL || *tag != ' ' || strcmp(tag + 1, medium.tag) != 0))
	{
		status = CBD_CONFLICT;
		call->detail = "the medium changed while it was read";
	}
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	AddSlice(call, &medium);
	return AnswerUnaudited(call, NULL);
}

ENDPOINT(cbd_rest_media_slice, "media.get", MediaSlice);
