/*
 * Limiter: at most so many password checks at a time over all workers (bcrypt keeps a core busy for 45 ms). A
 * place that comes free goes to the next worker that waits, in turn, so that none starves.
 */
#ifndef BRIDGE_LIMITER_H
#define BRIDGE_LIMITER_H

#include <stdbool.h>

extern bool LimiterStart(int places, int workers);
extern void LimiterRegister(int worker, int wake_fd);
extern bool LimiterTake(int worker); /* false: wait; the worker is woken when it has a place */
extern void LimiterGiveBack(int worker);
extern void LimiterForgo(int worker); /* gives back a place that was handed over but is not needed */
extern void LimiterStop(void);

#endif
