/*
 * Heat: how long the pages of a resource have taken lately. A resource whose pages are long queries waits in
 * the slow lane, so that its clients can fill that one, not the lane of everybody's pages.
 */
#ifndef BRIDGE_HEAT_H
#define BRIDGE_HEAT_H

#include <stdint.h>

#include "db/db.h"
#include "text/span.h"

/* The lane of a page of the resource with this code. */
extern Lane HeatLane(Span code);

/* A page of the resource took so many milliseconds in the database. */
extern void HeatTook(Span code, uint64_t milliseconds);

#endif
