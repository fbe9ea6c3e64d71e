/*
 * Where the bridge may send to by itself: public addresses, and what outbound_networks lists for a purpose.
 *
 * Public is what the registries have given out for use in the internet (IANA special-purpose registries, RFC
 * 6890 and later). Not public: this host, private and link-local networks (cloud metadata among them), shared
 * address space (RFC 6598), multicast, documentation, benchmarks, reserved blocks, and the notations in which
 * an IPv6 address carries an IPv4 one (NAT64, 6to4, Teredo, IPv4-compatible). IPv4-mapped ones are judged as
 * the IPv4 address that they are. Plain C, no state.
 */
#ifndef BRIDGE_NETWORKS_H
#define BRIDGE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/target.h"

#define NETWORK_PURPOSE 32 /* bytes of a purpose's name, with the NUL */

/* One range that a purpose may reach. */
typedef struct Network
{
	char purpose[NETWORK_PURPOSE];
	AddressRange range;
} Network;

typedef struct Networks
{
	Network *list;
	int count;
} Networks;

/* Reads "purpose:range, ..."; false: `wrong` (size bytes) says what is wrong. The list is given back with
 * free(). */
extern bool NetworksParse(const char *text, Networks *networks, char *wrong, size_t size);

/* Does the list have the address for the purpose? */
extern bool NetworksHave(const Networks *networks, const char *purpose, const uint8_t address[16]);

/* Is it an address of the internet? IPv4 in its IPv4-mapped form. */
extern bool IsPublic(const uint8_t address[16]);

#endif
