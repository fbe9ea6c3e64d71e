/*
 * A connection for trying out a connection string, before the ones that work are given up for it: by main, at
 * a reload. It may take some seconds; the workers go on meanwhile, and SIGTERM or SIGINT end it.
 */
#ifndef BRIDGE_PROBE_H
#define BRIDGE_PROBE_H

#include <stdbool.h>

/* Can the bridge use the database named there? False: `why` (size bytes) says the reason. */
extern bool DbProbe(const char *database, char *why, int size);

#endif
