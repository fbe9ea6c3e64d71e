/* The plain kind: whatever the outcome is, in the envelope; a list of several pages names the next one. */
#include "reply/envelope.h"
#include "reply/link.h"

#include "kind/kinds.h"

/* Kind.headers. */
static void
EnvelopeHeaders(Request *request, Reply *reply)
{
	if (request->frame.link.length > 0)
		ReplyHeader(reply, "Link", LinkNext(request));
}

const Kind kind_envelope = {.name = "envelope",
							.formats = FORMATS_ENVELOPE,
							.envelope = true,
							.make = EnvelopeMake,
							.headers = EnvelopeHeaders};
