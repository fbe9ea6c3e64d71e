/* Replies on their way to libmicrohttpd: what the kind makes, the headers of all replies, the record. */
#ifndef BRIDGE_SEND_H
#define BRIDGE_SEND_H

#include "request/request.h"

/* Queues the reply of a decided request. MHD_NO: the connection is closed. */
extern enum MHD_Result ReplySend(Request *request);

/*
 * Writes the refusal of a body that is still coming past libmicrohttpd, which takes no reply before the
 * body's end, and closes this side of the connection (RFC 9112 9.6): what still comes is thrown away.
 */
extern void ReplyEarly(Request *request);

#endif
