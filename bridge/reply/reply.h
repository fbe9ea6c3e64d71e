/* Replies: the envelope as JSON or XML, the headers, the log line. Outcomes are status codes, never HTTP
 * statuses. */
#ifndef BRIDGE_REPLY_H
#define BRIDGE_REPLY_H

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

/* Name and messages of a status code; an unknown one is shown as what its HTTP status says. */
typedef struct StatusRow
{
	int number;
	int http;
	const char *name;
	const char *english;
	const char *chinese;
} StatusRow;

extern const StatusRow *StatusFind(int number);
extern const StatusRow status_rows[];
extern const int status_row_count;

/* A text that grows. */
typedef struct Text
{
	char *bytes;
	size_t length, capacity;
} Text;

extern void TextRoom(Text *text, size_t more); /* for `more` bytes and a NUL */
extern void TextClear(Text *text);             /* overwritten and given back: empty again */
extern void TextAdd(Text *text, const char *bytes, size_t length);
extern void TextAddString(Text *text, const char *string);
extern void TextAddJson(Text *text, const char *string); /* with quotes and escapes */
/* percent-encoded but for unreserved characters (RFC 3986) and those in `kept` */
extern void TextAddEncoded(Text *text, const char *bytes, size_t length, const char *kept);
extern void TextPrint(Text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
extern void TextAddHtml(Text *text, const char *bytes,
						size_t length); /* for an element, or an attribute in quotes */

#endif
