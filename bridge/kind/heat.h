/*
 * How long the calls of a resource have taken lately. One whose calls take long waits with the long queries,
 * so that its clients can fill the slow lane, not that of everybody's pages or tiles.
 */
#ifndef BRIDGE_HEAT_H
#define BRIDGE_HEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "request/request.h"

/* Have the calls of the resource that the route's parameter names taken long lately? Each kind counts its
 * own. */
extern bool HeatHigh(const Request *request, const char *parameter);

/* One of them has taken that many milliseconds. */
extern void HeatTook(const Request *request, const char *parameter, uint64_t milliseconds);

#endif
