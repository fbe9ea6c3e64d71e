/* Replies: the envelope as JSON or XML, the headers, the log line. Outcomes are status codes, never HTTP
 * statuses. */
#ifndef BRIDGE_REPLY_H
#define BRIDGE_REPLY_H

#include "base/status.h"
#include "base/text.h"
#include "request/request.h"

/* Queues the reply of a decided request. MHD_NO: the connection is closed. */
extern enum MHD_Result ReplySend(Request *request);

/*
 * Writes the refusal of a body that is still coming past libmicrohttpd, which takes no reply before the
 * body's end. What comes after it is thrown away, and the connection is closed.
 */
extern void ReplyEarly(Request *request);

/* What the bytes of a reply are, and what the client may have of it. */
typedef struct Encoding
{
	Charset charset;
	bool gzip;
} Encoding;

extern Encoding ReplyEncoding(const Request *request);

#endif
