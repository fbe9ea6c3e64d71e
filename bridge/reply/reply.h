/*
 * A reply under way: what a kind makes of a decided request (Kind.make), and what it adds to its headers.
 *
 * `make` fills text or length; the bytes of a stream come later. Everything else has a default: HTTP status
 * of the outcome, no gzip, never kept by a cache.
 */
#ifndef BRIDGE_REPLY_H
#define BRIDGE_REPLY_H

#include <microhttpd.h>

#include "base/text.h"
#include "request/kind.h"

struct Reply
{
	unsigned http;    /* HTTP status; a kind may correct it */
	const char *type; /* Content-Type; not sent with 204 and 304 */
	Text text;        /* the bytes; the reply's */
	int64_t
		length; /* of a stream, or of a reply to HEAD that has no text; -1: not known, or that of the text */
	bool gzip;  /* the bytes are gzip */
	bool vary;  /* the form was chosen by the Accept headers */
	bool raw;   /* a stream's bytes go out as they are */
	const char *tag; /* ETag that the kind itself has made (not the frame: that goes by itself) */
	struct MHD_Response *response; /* for headers() */
};

/* Adds a header; a NULL value: nothing. */
extern void ReplyHeader(Reply *reply, const char *name, const char *value);

/* Has the client what the tag is of? Then the reply is a 304 without bytes. */
extern bool ReplyUnchanged(Request *request, Reply *reply);

/* Appends data that are not in the envelope, in the charset and coding that the client takes. */
extern void ReplyEncode(Request *request, Reply *reply);

#endif
