/*
 * Replies longer than what should be in memory: a stream of pieces, each the body of a frame that one job of
 * the database fetches (Kind.more).
 *
 * A piece is asked for when the one before it begins to be sent, so that the client and the database work at
 * the same time. So a stream holds two pieces at most, and while its client does not read, no database
 * connection: the second piece is there, and the third one is not asked for.
 *
 * A client has reply_timeout for each piece. A stream that breaks ends without the end that HTTP gives to a
 * complete reply, and before that with last words, when the kind has some.
 */
#ifndef BRIDGE_STREAM_H
#define BRIDGE_STREAM_H

#include <microhttpd.h>

#include "reply/encode.h"
#include "request/kind.h"

/*
 * For Kind.make: when the frame has a `more`, the reply becomes a stream that begins with the frame's body.
 * It takes request->result; the frame points into it until the first piece is sent. False: the frame is all,
 * or a HEAD has asked.
 */
extern bool StreamStart(Request *request);

/* Bytes that go out before the first piece, as UTF-8; constant. After StreamStart(). */
extern void StreamLead(Request *request, Span bytes);

/* The response for libmicrohttpd; `size` in bytes, MHD_SIZE_UNKNOWN when nobody knows. The bytes are encoded
 * when `encoding` says so. */
extern struct MHD_Response *StreamResponse(Request *request, uint64_t size, Encoding encoding);

/* Ends it early. */
extern void StreamBreak(Request *request, int status);
extern void StreamTimeout(Request *request);    /* a piece has not come in time */
extern void StreamClientLeft(Request *request); /* its client has closed the connection */

/* libmicrohttpd has let go of the request: nobody waits for what its job fetches. */
extern void StreamLetGo(Request *request);

/* Gives back what it holds; a request without a stream: nothing. */
extern void StreamFree(Request *request);

#endif
