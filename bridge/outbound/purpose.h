/*
 * Purposes: what the bridge sends for. One constant struct in a file of its own each; the extension says what
 * is to be sent (extension/outbox/outbox.h), the engine sends it (engine.c), and what differs is here.
 */
#ifndef BRIDGE_PURPOSE_H
#define BRIDGE_PURPOSE_H

#include <stdbool.h>
#include <stddef.h>

struct Transfer;

typedef struct Purpose
{
	const char *name;                 /* as in the extension, and in outbound_networks */
	const char *const *reply_headers; /* that the extension is told, in small letters; NULL-terminated */
	size_t reply_told;                /* bytes of the reply that it is told; 0: none */
	size_t reply_limit;               /* bytes that are read; behind them the connection is cut */
	bool once;      /* a request that may have been received is not sent again without asking the extension */
	long redirects; /* that are followed: https to https, each address judged; 0: none */

	/* Before it is sent; false: there is no room for it at present. NULL: there always is */
	bool (*begin)(struct Transfer *transfer);
	/* Takes bytes of the answer instead of `reply`; false: it is cut, transfer->problem says why. NULL: none
	 * of the purpose's own */
	bool (*take)(struct Transfer *transfer, const char *bytes, size_t length);
	/* The answer is whole, with that status. True: it is the purpose's from now on, and so is the outcome */
	bool (*arrived)(struct Transfer *transfer, long http);
	/* Gives back transfer->own */
	void (*end)(struct Transfer *transfer);
} Purpose;

extern const Purpose purpose_callback;
extern const Purpose purpose_gateway;
extern const Purpose purpose_camera;
extern const Purpose purpose_media;

/* The purpose of that name; NULL: this bridge has none. */
extern const Purpose *PurposeOf(const char *name);

#endif
