/* The sockets of libcurl by epoll; see sockets.h. */
#include "outbound/sockets.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/watch.h"

#define EVENTS 256 /* that are taken at a time; the others come with the next turn */

struct Sockets
{
	CURLM *multi;
	int epoll;
	bool timed;        /* libcurl wants to be called at timer_at */
	uint64_t timer_at; /* ms */
};

/* CURLMOPT_SOCKETFUNCTION. libcurl closes a socket when it likes, and the kernel forgets it then: whether it
 * is known is asked of the kernel alone. */
static int
SocketChanged(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
	Sockets *sockets = data;
	struct epoll_event event = {.data.fd = fd};

	(void) easy;
	(void) unused;
	if (what == CURL_POLL_REMOVE)
	{
		epoll_ctl(sockets->epoll, EPOLL_CTL_DEL, fd, &event);
		return 0;
	}
	event.events =
		(what & CURL_POLL_IN ? (uint32_t) EPOLLIN : 0) | (what & CURL_POLL_OUT ? (uint32_t) EPOLLOUT : 0);
	if (epoll_ctl(sockets->epoll, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	/* no memory for one more: its transfer ends by its time */
	return errno == ENOENT && epoll_ctl(sockets->epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -1;
}

/* CURLMOPT_TIMERFUNCTION; -1: there is nothing to wait for. */
static int
TimerChanged(CURLM *multi, long timeout, void *data)
{
	Sockets *sockets = data;

	(void) multi;
	sockets->timed = timeout >= 0;
	sockets->timer_at = Milliseconds() + (timeout > 0 ? (uint64_t) timeout : 0);
	return 0;
}

Sockets *
SocketsOpen(CURLM *multi)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	Sockets *sockets;

	if (fd < 0)
		return NULL;
	sockets = Allocate(sizeof(*sockets));
	*sockets = (Sockets){.multi = multi, .epoll = fd};
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, SocketChanged);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, sockets);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, TimerChanged);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, sockets);
	return sockets;
}

void
SocketsClose(Sockets *sockets)
{
	curl_multi_setopt(sockets->multi, CURLMOPT_SOCKETFUNCTION, NULL);
	curl_multi_setopt(sockets->multi, CURLMOPT_TIMERFUNCTION, NULL);
	close(sockets->epoll);
	free(sockets);
}

void
SocketsTurn(Sockets *sockets)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(sockets->epoll, events, EVENTS, 0);
	int running;

	for (int i = 0; i < count; i++)
	{
		uint32_t what = events[i].events;

		curl_multi_socket_action(sockets->multi, events[i].data.fd,
								 (what & EPOLLIN ? CURL_CSELECT_IN : 0) |
									 (what & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
									 (what & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0),
								 &running);
	}
	if (sockets->timed && Milliseconds() >= sockets->timer_at)
	{
		sockets->timed = false;
		curl_multi_socket_action(sockets->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
}

void
SocketsWait(Sockets *sockets, const struct pollfd *others, int count, uint64_t until)
{
	struct pollfd all[SOCKETS_OTHERS + 1] = {{.fd = sockets->epoll, .events = POLLIN}};
	uint64_t now = Milliseconds();

	for (int i = 0; i < count; i++)
		all[i + 1] = others[i];
	if (sockets->timed && sockets->timer_at < until)
		until = sockets->timer_at;
	poll(all, (nfds_t) count + 1, until > now ? (int) (until - now) : 0);
}
