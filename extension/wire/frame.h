/*
 * The reply frame: what every endpoint function of the extension (citybigdata.rest_*) returns, and what the
 * bridge makes an HTTP reply of. The extension writes frames, the bridge reads them; both compile this
 * folder.
 *
 *   frame  = first *line LF body
 *   first  = "citybigdata/" version SP status LF  decimal numbers; status as in status_codes.txt, 0: success
 *   line   = name ": " value LF
 *   name   = 1*( lower-case letter / digit / "-" )
 *   value  = *( any byte but the control characters 00 to 1F; HTAB is allowed )
 *   body   = all that follows the empty line: any bytes; none: the reply has no data
 *
 * A name stands once at most; the order means nothing. The names, and what the bridge does with them:
 *
 *   http                 HTTP status, where it is not that of the status code (206, 304)
 *   retry-after          seconds, more than 0: header Retry-After of a refusal, or of HTTP 202
 *   rate-policy, rate    values of the headers RateLimit-Policy and RateLimit; on every reply to a caller
 *                        with a limit
 *   etag, last-modified, content-disposition, content-range
 *                        values of these headers, copied as they are
 *   content-type         media type of the body, copied; the charset that the bridge encodes the body in is
 *                        added to a text. Absent: the body is JSON, and becomes `data` of the envelope
 *   content-length       bytes of the whole reply, where the body is its beginning, or left out (HEAD)
 *   location             path of what the reply tells of (HTTP 202); header Location
 *   link                 "name=value": the query parameter in which the address of the next page differs
 *                        from the one that the client has called; header Link, rel="next"
 *   more                 given back, as it is, by the function that continues this reply; absent: the reply
 *                        is complete
 *   ask                  a request (JSON) that the bridge sends to another system while the caller waits; the
 *                        function that `more` leads to gets what came of it
 *   audit                the record (JSON) of a successful read, to be appended within 50 ms by
 *                        rest_audit_batch(); absent: the row is written
 *   wake                 "outbox": the transaction has put something to be sent; the bridge looks at once.
 *                        "analysis": it has made a job, the same
 *
 * Who may ignore what: a reader ignores names that it does not know, so a writer may add names at any time,
 * and a bridge works with an extension one release older or newer. CONTRACT_VERSION changes when an older
 * reader would do something wrong: a name changes its meaning, or a new one may not be ignored. A reader
 * refuses versions that it does not know. Values go into HTTP headers as they are: the writer answers for
 * their grammar, the reader for the absence of control characters.
 *
 * Plain C over (buffer, length): no palloc, no ereport, no state.
 */
#ifndef CBD_FRAME_H
#define CBD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/span.h"

/* Raised when an old bridge would misunderstand what a new extension says. */
#define CONTRACT_VERSION 1

/* Names whose value is a text: the member of Frame, and the name. */
#define FRAME_TEXTS(X)                                                                                       \
	X(rate_policy, "rate-policy")                                                                            \
	X(rate, "rate")                                                                                          \
	X(etag, "etag")                                                                                          \
	X(last_modified, "last-modified")                                                                        \
	X(content_type, "content-type")                                                                          \
	X(content_disposition, "content-disposition")                                                            \
	X(content_range, "content-range")                                                                        \
	X(content_crs, "content-crs")                                                                            \
	X(location, "location")                                                                                  \
	X(link, "link")                                                                                          \
	X(more, "more")                                                                                          \
	X(ask, "ask")                                                                                            \
	X(audit, "audit")                                                                                        \
	X(wake, "wake")

/* Names whose value is a number, and the least and the greatest one. */
#define FRAME_NUMBERS(X)                                                                                     \
	X(http, "http", 200, 599)                                                                                \
	X(retry_after, "retry-after", 1, INT32_MAX)                                                              \
	X(content_length, "content-length", 0, INT64_MAX)

/* One frame. What it points into is the writer's, or of a frame that was read: the frame's own bytes. */
typedef struct Frame
{
	int64_t version; /* set by FrameRead alone */
	int64_t status;
	int64_t http;           /* FRAME_NONE: that of the status code */
	int64_t retry_after;    /* seconds; FRAME_NONE: nothing is said */
	int64_t content_length; /* bytes; FRAME_NONE: those of the body */
	/* no bytes: the name is absent */
	Span rate_policy, rate;
	Span etag, last_modified;
	Span content_type, content_disposition, content_range, content_crs;
	Span location, link, more, ask;
	Span audit, wake;
	Span body;
} Frame;

#define FRAME_NONE (-1) /* of a number: the name is absent */

/* A frame with this status and nothing else. */
extern void FrameBegin(Frame *frame, int status);

/* Bytes that FrameWrite() will write; 0: a value holds a control character, or a number is out of its range.
 */
extern size_t FrameSize(const Frame *frame);

/* Writes the frame into out, which has room for FrameSize() bytes. Returns where it ended. */
extern char *FrameWrite(const Frame *frame, char *out);

/* Cuts bytes[0..length) into its parts. False: malformed, or of a version that this reader does not know
 * (frame->version tells it, 0: there is none). */
extern bool FrameRead(const char *bytes, size_t length, Frame *frame);

/* The next line at bytes[*at..length) as name and value; advances *at behind it. False: there is none, and
 * *at is where it was: the lines end there, or the line is malformed. */
extern bool FrameLine(const char *bytes, size_t length, size_t *at, Span *name, Span *value);

#endif
