/*
 * Shares: how much of what all clients share one client address may hold (an IPv6 network /64 is one
 * address): connections, and bytes of bodies. A row of a table that never grows counts each address; two that
 * fall on one row by chance share it, and nobody can choose that (the place is keyed by a random seed).
 *
 * Trusted proxies have no share, nor has whoever they name no client for. Called from every worker.
 */
#ifndef BRIDGE_SHARE_H
#define BRIDGE_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Share Share;

/* Before the first worker; false: no random numbers. */
extern bool SharesStart(void);

/* The row of an address; NULL: it is a trusted proxy's, and nothing is counted. */
extern Share *ShareOf(const uint8_t address[16]);

/* May it have one connection more (max_client_connections)? */
extern bool ShareHasRoom(const Share *share);

/* One connection more, one less. NULL: nothing is counted. */
extern void ShareConnect(Share *share);
extern void ShareDisconnect(Share *share);

/* Bytes of bodies. False: client_share of max_bytes_in_flight is used up, and nothing was taken. */
extern bool ShareTake(Share *share, size_t bytes);
extern void ShareGive(Share *share, size_t bytes);

#endif
