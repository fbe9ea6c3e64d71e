/* Who may see figures of the system, which are of use to those who attack it: callers from loopback, or with
 * the configured token. */
#ifndef BRIDGE_INSIDE_H
#define BRIDGE_INSIDE_H

#include "request/request.h"

extern bool CallerInside(const Request *request);

#endif
