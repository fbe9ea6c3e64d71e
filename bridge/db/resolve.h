/*
 * Names of database hosts to addresses, off the worker threads: getaddrinfo blocks for as long as the network
 * likes. Each look-up runs on a thread of its own, at most one per name; all connections that want a name
 * share it. What was found last is used while a newer look-up is under way or fails, so that a name server
 * that is down takes no service down. Entries live until the process ends: a look-up that hangs may still
 * come back.
 */
#ifndef BRIDGE_RESOLVE_H
#define BRIDGE_RESOLVE_H

#define RESOLVE_ADDRESS 64 /* bytes of an address as text, with its zone */
#define RESOLVE_LIMIT   8  /* addresses of one name that are used */

typedef enum ResolveState
{
	RESOLVE_KNOWN,   /* *count addresses, in the order of the system's resolver */
	RESOLVE_PENDING, /* ask again in a moment */
	RESOLVE_FAILED   /* `why` says what the resolver says */
} ResolveState;

/*
 * The addresses of `name`, which may be an address itself. Never blocks; starts a look-up where the last one
 * is older than a second. `why` (size bytes) is filled when it failed.
 */
extern ResolveState Resolve(const char *name, char (*addresses)[RESOLVE_ADDRESS], int *count, char *why,
							int size);

#endif
