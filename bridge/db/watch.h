/* What a worker's epoll set holds: each registered object starts with a Watch that says what it is. */
#ifndef BRIDGE_WATCH_H
#define BRIDGE_WATCH_H

#include <stdint.h>
#include <time.h>

typedef enum WatchKind
{
	WATCH_HTTP,    /* libmicrohttpd's own epoll set */
	WATCH_WAKE,    /* the worker's eventfd */
	WATCH_CLIENT,  /* a client's socket: has it left? */
	WATCH_DATABASE /* a libpq socket */
} WatchKind;

typedef struct Watch
{
	WatchKind kind;
} Watch;

/* Milliseconds of a clock that never jumps. */
static inline uint64_t
Milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}

/* The same clock as of the system's last tick, up to 10 ms ago: enough for deadlines, and read at a fraction
 * of the price. */
static inline uint64_t
MillisecondsAbout(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}

#endif
