/*
 * Purposes: what the bridge sends for. One constant struct in a file of its own each; the extension says what
 * is to be sent (extension/outbox/outbox.h), the engine sends it (engine.c), and what differs is here.
 */
#ifndef BRIDGE_PURPOSE_H
#define BRIDGE_PURPOSE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Purpose
{
	const char *name;                 /* as in the extension, and in outbound_networks */
	const char *const *reply_headers; /* that the extension is told, in small letters; NULL-terminated */
	size_t reply_told;                /* bytes of the reply that it is told; 0: none */
	size_t reply_limit;               /* bytes that are read; behind them the connection is cut */
} Purpose;

extern const Purpose purpose_callback;
extern const Purpose purpose_camera;

/* The purpose of that name; NULL: this bridge has none. */
extern const Purpose *PurposeOf(const char *name);

#endif
