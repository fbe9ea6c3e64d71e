/* The reply frame of an endpoint function (extension/rest.h): "status
 * retryAfter[\tpolicy\trate]\naudit\ndata". */
#ifndef BRIDGE_FRAME_H
#define BRIDGE_FRAME_H

#include <stdbool.h>

#include "base/target.h"

typedef struct Frame
{
	int status;
	int retry_after;  /* seconds; 0 none */
	Span audit;       /* empty: the row is written already */
	Span data;        /* JSON; empty: null */
	Span rate_policy; /* values of the RateLimit headers; empty: no limit */
	Span rate;
} Frame;

extern bool FrameParse(const char *text, size_t length, Frame *frame);

#endif
