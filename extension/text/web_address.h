/*
 * Addresses of the web (RFC 3986): scheme, host, port, and the rest. Plain C: no PostgreSQL header.
 *
 * What is read here is read by every browser in the same way: no user part, no character that one program
 * takes for a delimiter and another one does not, no host that is only nearly an address.
 */
#ifndef CBD_WEB_ADDRESS_H
#define CBD_WEB_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "text/span.h"

typedef struct WebAddress
{
	bool secure;   /* https; else http */
	Span host;     /* as written, an IPv6 address with its brackets */
	int64_t port;  /* 1 to 65535; 0: not given */
	Span rest;     /* path and query, from the / or ? on; may be empty */
	bool loopback; /* the host is 127.0.0.1 or [::1] */
} WebAddress;

/*
 * False: no http or https address, a user part, a host that is no name of letters, digits and hyphens (RFC
 * 1123), IPv4 or IPv6 address, a port that is none, a fragment, or a character that must be encoded.
 */
extern bool WebAddressRead(const char *text, WebAddress *address);

/*
 * May a client that registered `registered` be answered at `given`? The two are equal; or both are the same
 * loopback address but for the port, which the system has chosen (RFC 8252 7.3, RFC 9700 4.1.3). Not for the
 * name localhost.
 */
extern bool RedirectMatches(const char *registered, const char *given);

#endif
