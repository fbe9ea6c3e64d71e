/* SMS gateways: the extension makes the request of a batch, and reads the answer. A batch that may have been
 * taken is not sent twice. */
#include "outbound/purpose.h"

static const char *const headers[] = {NULL};

const Purpose purpose_gateway = {.name = "gateway",
								 .reply_headers = headers,
								 .reply_told = 16 * 1024,
								 .reply_limit = 64 * 1024,
								 .once = true};
