/* The plain kind: whatever the outcome is, in the envelope. */
#include "reply/envelope.h"

#include "kind/kinds.h"

const Kind kind_envelope = {
	.name = "envelope", .formats = FORMATS_ENVELOPE, .envelope = true, .make = EnvelopeMake};
