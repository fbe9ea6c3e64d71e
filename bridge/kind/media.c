/* Heads and slices of media; see media.h. */
#include "kind/media.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request/body.h"
#include "reply/frame.h"
#include "reply/reply.h"
#include "request/request.h"
#include "kind/sealed.h"
#include "wire/status_codes.h"
#include "reply/stream.h"

#define BLOCK 4096 /* characters of base64 that are decoded at a time */

void
MediaBegin(Request *request)
{
	(void) SealedAlone(request);
}

/* The next field of the head, which ends with `last`, into the request's memory; advances *at. */
static bool
TakeField(Request *request, const char **at, const char *end, char last, const char **field)
{
	const char *stop = memchr(*at, last, (size_t) (end - *at));

	if (stop == NULL)
		return false;
	*field = ArenaCopy(&request->arena, *at, (size_t) (stop - *at));
	*at = stop + 1;
	return true;
}

static bool
TakeNumber(Request *request, const char **at, const char *end, char last, int64_t *number)
{
	const char *field;
	char *stop;

	if (!TakeField(request, at, end, last, &field) || *field == '\0')
		return false;
	*number = strtoll(field, &stop, 10);
	return *stop == '\0' && *number >= 0;
}

/* RFC 6266: the name in ASCII for old clients, and by RFC 5987 as it is. */
static const char *
Disposition(Request *request, const char *kind, const char *name)
{
	Text text = {NULL, 0, 0};
	const char *kept;

	TextPrint(&text, "%s; filename=\"", kind);
	for (const char *c = name; *c != '\0'; c++)
		if ((unsigned char) *c < 0x80)
			TextAdd(&text, *c == '"' || *c == '%' ? "_" : c, 1);
		else if ((unsigned char) *c >= 0xc0)
			TextAdd(&text, "_", 1);
	TextAddString(&text, "\"; filename*=UTF-8''");
	TextAddEncoded(&text, name, strlen(name), "");
	kept = ArenaCopy(&request->arena, text.bytes, text.length);
	free(text.bytes);
	return kept;
}

/* Decodes base64 with padding in place, block by block: OpenSSL promises nothing about overlapping buffers.
 * False: it is none. */
static bool
Decode(char *text, size_t length, size_t *decoded)
{
	unsigned char block[BLOCK / 4 * 3];
	char *out = text;
	size_t padding;

	if (length % 4 != 0)
		return false;
	padding = length > 0 && text[length - 1] == '=' ? 1 + (text[length - 2] == '=') : 0;
	for (size_t at = 0; at < length; at += BLOCK)
	{
		int taken = length - at < BLOCK ? (int) (length - at) : BLOCK;
		int made = EVP_DecodeBlock(block, (const unsigned char *) text + at, taken);

		if (made != taken / 4 * 3)
			return false;
		memcpy(out, block, (size_t) made);
		out += made;
	}
	*decoded = length / 4 * 3 - padding;
	return true;
}

/* A slice of base64, decoded in its place; no more of it than the answer still lacks. False: it is none. */
static bool
TakeSlice(MediaReply *reply, Span *slice)
{
	int64_t left = reply->count - reply->asked;

	if (!Decode((char *) slice->text, slice->length, &slice->length) || (slice->length == 0 && left > 0))
		return false;
	if ((int64_t) slice->length > left)
		slice->length = (size_t) left;
	reply->asked += (int64_t) slice->length;
	return true;
}

bool
MediaTake(Request *request, int status, Span *data)
{
	const char *at = data->text;
	const char *end = at + data->length;
	const char *answer, *kind, *name;
	MediaReply *reply = ArenaAlloc(&request->arena, sizeof(*reply));

	memset(reply, 0, sizeof(*reply));
	if (!TakeField(request, &at, end, '\t', &answer) ||
		!TakeNumber(request, &at, end, status == CBD_OK ? '\t' : '\n', &reply->total))
		return false;
	request->media = reply;
	*data = (Span){at, (size_t) (end - at)};
	if (status != CBD_OK)
		return true;
	if (!TakeNumber(request, &at, end, '\t', &reply->first) ||
		!TakeNumber(request, &at, end, '\t', &reply->count) ||
		!TakeField(request, &at, end, '\t', &reply->tag) || !TakeField(request, &at, end, '\t', &kind) ||
		!TakeField(request, &at, end, '\t', &request->content_type) ||
		!TakeField(request, &at, end, '\n', &name))
		return false;
	reply->unchanged = strcmp(answer, "unchanged") == 0;
	reply->part = strcmp(answer, "part") == 0;
	reply->disposition = Disposition(request, kind, name);
	*data = (Span){at, (size_t) (end - at)};
	if (request->head || reply->unchanged)
		return true;
	/* stalled downloads must not keep the bodies of reports out */
	if (BytesInFlight() >= ConfigNow()->max_bytes_in_flight / 2)
	{
		request->media = NULL;
		Refuse(request, CBD_OVERLOADED, NULL, NULL);
		return true;
	}
	return TakeSlice(reply, data);
}

/* Asks for the slice that follows. */
static int
AskSlice(Request *request, void *state)
{
	MediaReply *reply = state;
	Job *job = &request->job;

	RequestFillJob(request);
	snprintf(reply->position, sizeof(reply->position), "%" PRId64, reply->first + reply->asked);
	job->values[CONTEXT_PARAMS] = request->values[MEDIA_ID].text;
	job->values[CONTEXT_PARAMS + 1] = reply->position;
	job->values[CONTEXT_PARAMS + 2] = reply->tag;
	memset(job->lengths + CONTEXT_PARAMS, 0, 3 * sizeof(job->lengths[0]));
	job->statement = SliceStatement();
	return CBD_OK;
}

static int
SliceDone(Request *request, void *state, const PGresult *result, Span *piece, bool *more)
{
	MediaReply *reply = state;
	Frame frame;
	const char *line;

	if (!FrameParse(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame))
		return CBD_INTERNAL_ERROR;
	if (frame.status != CBD_OK)
		return frame.status;
	line = memchr(frame.data.text, '\n', frame.data.length);
	if (line == NULL)
		return CBD_INTERNAL_ERROR;
	*piece = (Span){line + 1, (size_t) (frame.data.text + frame.data.length - line) - 1};
	if (!TakeSlice(reply, piece))
		return CBD_INTERNAL_ERROR;
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
	const MediaReply *reply = request->media;

	return request->status == CBD_OK && !request->head && !reply->unchanged && reply->asked < reply->count;
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

unsigned
MediaStatus(const Request *request)
{
	return request->media->unchanged ? 304 : request->media->part ? 206 : 200;
}

void
MediaHeaders(struct MHD_Response *response, const Request *request)
{
	const MediaReply *reply = request->media;
	char text[100];

	if (reply == NULL)
		return;
	if (request->status != CBD_OK)
	{
		snprintf(text, sizeof(text), "bytes */%" PRId64, reply->total);
		MHD_add_response_header(response, "Content-Range", text);
		return;
	}
	snprintf(text, sizeof(text), "\"%.64s\"", reply->tag);
	MHD_add_response_header(response, "ETag", text);
	MHD_add_response_header(response, "Accept-Ranges", "bytes");
	if (reply->unchanged)
		return;
	if (reply->part)
	{
		snprintf(text, sizeof(text), "bytes %" PRId64 "-%" PRId64 "/%" PRId64, reply->first,
				 reply->first + reply->count - 1, reply->total);
		MHD_add_response_header(response, "Content-Range", text);
	}
	MHD_add_response_header(response, "Content-Disposition", reply->disposition);
	/* shown or saved, nothing of it runs in the platform's name */
	MHD_add_response_header(response, "Content-Security-Policy", "default-src 'none'; sandbox");
}
