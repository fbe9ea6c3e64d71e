/*
 * What form the reply has: format, charset, coding, language. It is decided once, by the header: `format` and
 * `charset` of the query go before the Accept headers. Only a kind that takes them in a body too decides
 * again when it reads them there, by the same functions.
 */
#ifndef BRIDGE_NEGOTIATE_H
#define BRIDGE_NEGOTIATE_H

#include "request/request.h"

/* Sets request->wanted; refuses what the kind does not offer. */
extern void Negotiate(Request *request, const Headers *headers);

/* A parameter `format`: one that the kind does not offer is refused, or left to the extension. */
extern void WantFormat(Request *request, Span name);

/* A parameter `charset`. */
extern void WantCharset(Request *request, Span name);

/* The charset of the reply, as a Content-Type names it. */
extern const char *CharsetLabel(const Request *request);

/* The value of the first pair of that name in the query, not decoded, whether or not the rest is well formed.
 */
extern bool QueryValue(const Request *request, const char *wanted, Span *value);

#endif
