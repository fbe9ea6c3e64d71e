/* Replies that another system is asked for while the client waits: frames with `ask` (wire/frame.h). */
#ifndef BRIDGE_KIND_ASK_H
#define BRIDGE_KIND_ASK_H

#include "request/request.h"

/* Kind.take of kinds whose frames may have `ask`: it is sent, and what came of it is told to the function of
 * Route.more under the frame's `more`; as often as a frame has it. The route's first parameter is given
 * again. */
extern int AskTake(Request *request);

#endif
