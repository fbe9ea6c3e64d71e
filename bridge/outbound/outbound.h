/*
 * What the bridge sends by itself: messages of the outbox (extension/outbox/outbox.h), by one engine in a
 * thread of its own, with a database connection of its own.
 *
 *   engine.c     the loop: claims, sends, records
 *   outbox_db.c  its database connection
 *   transfer.c   one message: an HTTP request by libcurl, inside of limits
 *   purpose.h    what is sent for: callback.c, media.c ...
 *   media.h      what is fetched, on its way into the tables
 *   ask.h        what a client waits for is asked by another thread
 *
 * A worker that carried a reply with `wake` tells it at once (OutboundWake()), so that a message leaves some
 * milliseconds after its commit. A bridge with outbound_connections = 0 sends nothing: it passes the wake on
 * to the others by NOTIFY, in a transaction of its own, at most 20 times a second. Beside that every engine
 * looks once a second.
 */
#ifndef BRIDGE_OUTBOUND_H
#define BRIDGE_OUTBOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Before any worker, and after all of them. Stop waits for what is under way until the deadline (ms). */
extern bool OutboundStart(void);
extern void OutboundStop(uint64_t deadline);

/* There is something new. Any thread, cheap. */
extern void OutboundWake(void);

/* New settings: another database, networks, certificates. */
extern void OutboundReload(void);

/* For /readyz: is the engine connected to a database that it can use? True where it sends nothing. */
extern bool OutboundUp(void);

/* Appends the metrics, and the state for /readyz: an object. */
extern void OutboundMetrics(Text *text);
extern void OutboundState(Text *text);

#endif
