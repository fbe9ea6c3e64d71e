/*
 * Encoding of replies on their way out: UTF-8 text into the charset that the client asked for, then gzip. A
 * whole reply at once, or piece by piece (a stream), where everything of a piece leaves with it.
 */
#ifndef BRIDGE_ENCODE_H
#define BRIDGE_ENCODE_H

#include "base/charset.h"
#include "base/text.h"
#include "request/request.h"

/* What the bytes of a reply are, and what the client may have of it. */
typedef struct Encoding
{
	Charset charset;
	bool gzip;
} Encoding;

/* What the client of the request takes; gzip never where the reply carries a credential. */
extern Encoding EncodingOf(const Request *request);

/* Replaces a whole reply; true: it is gzip now, which small ones are not worth. */
extern bool EncodeWhole(Text *text, Encoding encoding);

/* Appends what the gzip bytes are of, which EncodeWhole() has made. */
extern void InflateWhole(Span bytes, Text *text);

typedef struct Encoder Encoder;

/* For a stream. */
extern Encoder *EncoderNew(Encoding encoding);

/*
 * Adds a piece (UTF-8, may end inside a character) and appends to *out all that can be sent of it; with
 * `last` the end of the stream too. A piece of no bytes appends nothing.
 */
extern void EncoderPut(Encoder *encoder, const char *bytes, size_t length, bool last, Text *out);

extern void EncoderFree(Encoder *encoder); /* NULL: nothing */

#endif
