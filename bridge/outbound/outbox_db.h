/*
 * The engine's own database connection, never waited for.
 *
 *   OutboxDbStep()   connects and connects again, takes results          at each turn of the engine's loop
 *   OutboxDbSend()   one of the statements below, or two, one behind     when OutboxDbIdle(), and while
 *                    the other: each a transaction, both in one round    OutboxDbUp()
 *                    trip (pipeline mode of libpq)
 *
 * It needs a server that can be written. Any error closes the session: a message under a lease is nobody
 * else's until it ends, so nothing is lost by it.
 */
#ifndef BRIDGE_OUTBOX_DB_H
#define BRIDGE_OUTBOX_DB_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "wire/frame.h"

typedef struct OutboxDb OutboxDb;

/* Statements that may be under way. */
#define OUTBOX_DB_DEPTH 2

typedef enum OutboxStatement
{
	OUTBOX_CLAIM,
	OUTBOX_RECORD,
	OUTBOX_STATE,
	OUTBOX_WAKE
} OutboxStatement;

/* What came of a statement: its reply frame, good until the function returns; NULL: it failed, or one in
 * front of it did, and `refused` says whether the server would refuse the same again. In the order of
 * sending. */
typedef void (*OutboxDone)(void *state, OutboxStatement statement, const Frame *frame, bool refused);

extern OutboxDb *OutboxDbOpen(OutboxDone done, void *state);
extern void OutboxDbClose(OutboxDb *db);

extern void OutboxDbStep(OutboxDb *db);
extern bool OutboxDbIdle(const OutboxDb *db); /* connected, and no statement is under way */
extern bool OutboxDbUp(const OutboxDb *db);   /* connected */
extern void OutboxDbSend(OutboxDb *db, OutboxStatement statement, const char *const *values);

/* Was there a NOTIFY since the last question? */
extern bool OutboxDbNotified(OutboxDb *db);

/* The socket to wait for; false: there is none. */
extern bool OutboxDbPoll(const OutboxDb *db, struct pollfd *wait);

/* New settings: the session is made anew once it is idle. */
extern void OutboxDbRecycle(OutboxDb *db);

#endif
