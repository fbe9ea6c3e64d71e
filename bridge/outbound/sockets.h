/*
 * The sockets of a multi handle of libcurl, waited for by epoll: a turn costs by what has happened, not by
 * how many transfers are under way.
 *
 *   SocketsTurn()   libcurl does what its sockets and its timer ask for     never waits
 *   SocketsWait()   until a socket, its timer, or one of the caller's own descriptors has something
 *
 * Owned by the thread that opened it; the multi handle stays the caller's, and goes after SocketsClose().
 */
#ifndef BRIDGE_SOCKETS_H
#define BRIDGE_SOCKETS_H

#include <curl/curl.h>
#include <poll.h>
#include <stdint.h>

#define SOCKETS_OTHERS 4 /* own descriptors of a caller, at most */

typedef struct Sockets Sockets;

/* NULL: the process has no descriptor left. */
extern Sockets *SocketsOpen(CURLM *multi);
extern void SocketsClose(Sockets *sockets);

extern void SocketsTurn(Sockets *sockets);

/* At most until `until` (Milliseconds()). */
extern void SocketsWait(Sockets *sockets, const struct pollfd *others, int count, uint64_t until);

#endif
