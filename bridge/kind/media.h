/*
 * Pictures, videos and files on the side of HTTP (clause 5.4.4-b; the extension's side:
 * extension/media_rest.c).
 *
 * The head of a reply is the line that its frame has in front of the slice, fields between tabs: answer,
 * bytes in all, first byte, bytes of the answer, tag, disposition, content type, file name. A slice is
 * base64. What does not fit into the first slice is asked for while the client reads (stream.h).
 */
#ifndef BRIDGE_MEDIA_H
#define BRIDGE_MEDIA_H

#include <libpq-fe.h>
#include <microhttpd.h>
#include <stdint.h>

#include "base/target.h"

typedef struct Request Request;

/* The parameters of rest_media in the route table, in this order. */
enum MediaValue
{
	MEDIA_ID,
	MEDIA_RANGE,
	MEDIA_TAGS,
	MEDIA_IF_RANGE,
	MEDIA_HEAD
};

/* What the head of a reply says. */
typedef struct MediaReply
{
	bool unchanged; /* the client has it: 304 */
	bool part;      /* 206 */
	int64_t total;  /* bytes of the medium */
	int64_t first, count;
	const char *tag;
	const char *disposition; /* value of the header */
	int64_t asked;           /* bytes of the answer that all slices so far have */
	char position[24];       /* where the next one starts, for its job */
} MediaReply;

/* The local part of the route: the address is the credential, and the only one. */
extern void MediaBegin(Request *request);

/*
 * Takes the head off a frame's data; a success leaves the bytes of its slice, decoded in place. False: it has
 * no head. Refuses the request when what is held for others is too much.
 */
extern bool MediaTake(Request *request, int status, Span *data);

/* Does the answer go on after its first slice? Then it is a stream, that starts with that slice of that
 * result. */
extern bool MediaContinues(const Request *request);
extern void MediaStart(Request *request, PGresult *result, Span slice);

/* The response of a stream, or to a HEAD. NULL: no memory. */
extern struct MHD_Response *MediaResponse(Request *request);

/* ETag, Content-Range and what else goes with a medium. */
extern void MediaHeaders(struct MHD_Response *response, const Request *request);

/* The HTTP status of a successful reply: 200, 206, 304. */
extern unsigned MediaStatus(const Request *request);

#endif
