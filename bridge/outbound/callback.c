/* Call-backs: the extension makes and signs the request, and reads consent out of the answer. */
#include "outbound/purpose.h"

static const char *const headers[] = {"webhook-allowed-origin", "webhook-allowed-rate", NULL};

const Purpose purpose_callback = {
	.name = "callback", .reply_headers = headers, .reply_told = 2048, .reply_limit = 16 * 1024};
