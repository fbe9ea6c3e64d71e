/*
 * Sealed service addresses (5.2-c, d): GET /s/{sealed}. rest_open_url opens the address and counts its use;
 * then the resource's own route is called with the parameters that were sealed, as if the client had asked
 * there.
 */
#ifndef BRIDGE_SEALED_H
#define BRIDGE_SEALED_H

#include "wire/frame.h"
#include "request/request.h"

/* The request's address is its only credential: another one is refused (false). */
extern bool SealedAlone(Request *request);

/* Local part of the route: the address is the request's only credential. */
extern void SealedBegin(Request *request);

/* The address was opened: route, parameters and credential of what is inside it. False after Refuse. */
extern bool SealedEnter(Request *request, const Frame *frame);

#endif
