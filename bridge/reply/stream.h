/*
 * Replies longer than what should be in memory: a stream of pieces, each fetched by one job of the database.
 *
 * A piece is asked for when the one before it begins to be sent, so that the client and the database work at
 * the same time. So a stream holds two pieces at most, and while its client does not read, no database
 * connection: the second piece is there, and the third one is not asked for. What a piece is and how it is
 * asked for the source knows; it may be anything that one job can fetch.
 *
 * A client has reply_timeout for each piece. A stream that breaks ends without the end that HTTP gives to a
 * complete reply, and before that with last words, when the source has some.
 */
#ifndef BRIDGE_STREAM_H
#define BRIDGE_STREAM_H

#include <microhttpd.h>

#include "reply/reply.h"

typedef struct StreamSource
{
	/* Fills request->job for the next piece: lane, statement, values. A status other than CBD_OK breaks the
	 * stream. */
	int (*ask)(Request *request, void *state);
	/*
	 * Cuts the piece out of the result of its job, which stays until it is sent, and tells whether one more
	 * follows. A status other than CBD_OK breaks the stream.
	 */
	int (*take)(Request *request, void *state, const PGresult *result, Span *piece, bool *more);
	/* Says why the stream broke, to the client; NULL: the format has no place for it. */
	void (*last_words)(Request *request, void *state, int status, Text *text);
	/* Gives back its memory. */
	void (*end)(void *state);
} StreamSource;

/*
 * The reply of the request is a stream that begins with this piece of this result (both are the stream's now)
 * and goes on with what the source gives. Call it when the first job is done, before the reply is queued.
 */
extern void StreamStart(Request *request, const StreamSource *source, void *state, PGresult *result,
						Span piece);

/* The response for libmicrohttpd; `size` in bytes, MHD_SIZE_UNKNOWN when nobody knows. The bytes are encoded
 * when `encoding` says so. */
extern struct MHD_Response *StreamResponse(Request *request, uint64_t size, Encoding encoding);

/* Ends it early. */
extern void StreamBreak(Request *request, int status);
extern void StreamTimeout(Request *request);    /* a piece has not come in time */
extern void StreamClientLeft(Request *request); /* its client has closed the connection */

/* libmicrohttpd has let go of the request: nobody waits for what its job fetches. */
extern void StreamLetGo(Request *request);
extern void StreamFree(Request *request);

#endif
