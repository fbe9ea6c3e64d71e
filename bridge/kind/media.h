/*
 * Pictures, videos and files on the side of HTTP (clause 5.4.4-b; the extension's side:
 * extension/media_rest.c).
 *
 * The body of a reply frame is the first slice; while the frame has a `more`, the next one is asked for with
 * it, as the client reads (stream.h).
 */
#ifndef BRIDGE_MEDIA_H
#define BRIDGE_MEDIA_H

#include <libpq-fe.h>
#include <microhttpd.h>
#include <stdint.h>

#include "base/target.h"
#include "wire/frame.h"

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

/* A reply under way. */
typedef struct MediaReply
{
	int64_t count; /* bytes of the whole answer */
	int64_t taken; /* bytes of it that all slices so far have */
	char more[80]; /* gets the next slice; empty: there is none */
} MediaReply;

/* The local part of the route: the address is the credential, and the only one. */
extern void MediaBegin(Request *request);

/*
 * Takes of a successful reply what is the kind's own. False: the frame does not fit together. Refuses the
 * request when what is held for others is too much.
 */
extern bool MediaTake(Request *request, const Frame *frame);

/* Does the answer go on after its first slice? Then it is a stream, that starts with that slice of that
 * result. */
extern bool MediaContinues(const Request *request);
extern void MediaStart(Request *request, PGresult *result, Span slice);

/* The response of a stream, or to a HEAD. NULL: no memory. */
extern struct MHD_Response *MediaResponse(Request *request);

/* What goes with every medium. */
extern void MediaHeaders(struct MHD_Response *response, const Request *request);

#endif
