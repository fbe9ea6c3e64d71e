/*
 * Two things of the database side that workers share.
 *
 * Limiter: at most so many password checks at a time over all workers (bcrypt keeps a core busy for 45 ms). A
 * place that comes free goes to the next worker that waits, in turn, so that none starves.
 *
 * Canceller: PQcancel blocks, so one helper thread sends the cancels. The connection gets no work until both
 * its result and the cancel are through: *pending is 1 until then.
 */
#ifndef BRIDGE_LIMITER_H
#define BRIDGE_LIMITER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <libpq-fe.h>

extern bool LimiterStart(int places, int workers);
extern void LimiterRegister(int worker, int wake_fd);
extern bool LimiterTake(int worker); /* false: wait; the worker is woken when it has a place */
extern void LimiterGiveBack(int worker);
extern void LimiterForgo(int worker); /* gives back a place that was handed over but is not needed */

extern bool CancellerStart(void);
/* Takes the PGcancel; sets *pending to 0 and writes to wake_fd when the cancel is through. */
extern void CancellerSend(PGcancel *cancel, _Atomic int *pending, int wake_fd);
extern void CancellerStop(void);

#endif
