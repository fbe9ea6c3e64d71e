/*
 * The one-time code of a request that the bridge refuses by itself: a malformed query, an unknown address, a
 * body too large. It is spent by that request as by any other (rest_spend_code), so that a code which stands
 * in a log or a cache of addresses is good for nothing. One job a request at most, and none without something
 * that looks like a code; where the database cannot be asked, the refusal is told all the same.
 */
#ifndef BRIDGE_REFUSED_H
#define BRIDGE_REFUSED_H

#include "request/request.h"

/* The code in the query, or in what has come of the body, as the caller. False: there is none, or the address
 * takes none. */
extern bool RefusedCode(Request *request, Caller *caller);

#endif
