/*
 * The envelope {"success", "code", "statusCode", "message", "requestId", "data"}, as JSON or XML: of most
 * replies, and of every kind's refusals that has none of its own. `data` is what the extension or the bridge
 * has answered, or {"errors": […]} of what the bridge has refused, or null.
 */
#ifndef BRIDGE_ENVELOPE_H
#define BRIDGE_ENVELOPE_H

#include "reply/reply.h"

/* A Kind.make: form, charset and coding as the client wants them. */
extern void EnvelopeMake(Request *request, Reply *reply);

/* Its data: the answer, the errors that were found here, or null; appended as JSON. */
extern void EnvelopeData(const Request *request, Text *text);

/* The envelope as JSON in UTF-8, appended. */
extern void EnvelopeText(const Request *request, Text *text);

#endif
