/*
 * Asking: a request to another system whose answer a client of the bridge waits for (an upstream platform's
 * preview address). What is sent without anybody waiting is the outbox's (outbound.h).
 *
 *   worker   AskSend()       the request (JSON of the extension) goes to the asking thread; nobody is held up
 *   thread   ask.c           one libcurl multi handle: transfer.c sends inside of limits
 *   worker   AskDeliver()    what came of it, in the worker's own loop: `done` is called
 *            AskForget()     nobody waits for it any more; it goes on and its answer is thrown away
 *
 * Ownership: an AskJob is this file's from AskSend() until `done` has returned. The owner is the caller's,
 * and must live until then or AskForget().
 */
#ifndef BRIDGE_ASK_H
#define BRIDGE_ASK_H

#include <stdbool.h>

#include "base/text.h"
#include "text/span.h"

/* Requests under way of all workers; further ones are refused. */
#define ASKS_MAX 1000

typedef struct AskJob AskJob;
typedef struct AskBox AskBox; /* of a worker: what has come for it */

/* `outcome`: JSON, as TransferOutcome() has it, with the member `order` of the request; good until it
 * returns. */
typedef void (*AskDone)(void *owner, Span outcome);

/* Before any worker, and after all of them. */
extern bool AskStart(void);
extern void AskStop(void);

/* The box of a worker, whose loop wakes when wake_fd is written; it lives until AskStop(). */
extern AskBox *AskBoxOpen(int wake_fd);

/* Nobody looks into it any more, nor has an ask of it under way. */
extern void AskBoxClose(AskBox *box);

/* NULL: too many are under way, or the request is not understood. */
extern AskJob *AskSend(AskBox *box, Span request, AskDone done, void *owner);
extern void AskForget(AskJob *ask);
extern void AskDeliver(AskBox *box);

/* Appends the metrics. */
extern void AskMetrics(Text *text);

#endif
