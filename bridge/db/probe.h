/*
 * A connection for trying out a connection string: by main, at a reload, before the ones that work are given
 * up for it, and for --check-config. It may take some seconds; the workers go on meanwhile, and SIGTERM or
 * SIGINT end it.
 */
#ifndef BRIDGE_PROBE_H
#define BRIDGE_PROBE_H

#include <stdbool.h>

/* Can the bridge use the database named there? False: `why` (size bytes) says the reason. */
extern bool DbProbe(const char *database, char *why, int size);

/* What rest_ready() answers there. */
typedef struct ProbeReply
{
	int status; /* CBD_NOT_SET_UP also where there is no such function */
	char *data; /* JSON, malloc'd; NULL: none */
} ProbeReply;

/* The same, and asks whether the platform is ready: for --check-config. */
extern bool DbProbeReady(const char *database, ProbeReply *reply, char *why, int size);

#endif
