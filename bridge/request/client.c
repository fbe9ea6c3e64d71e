/* Deadlines and sockets of clients; see client.h. */
#include "request/client.h"

#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "request/worker.h"

void
ClientEnter(Client *client, ClientState state, int milliseconds)
{
	client->state = state;
	/* afresh: the worker's time is as old as what it has done in this turn */
	client->deadline = MillisecondsAbout() + (uint64_t) milliseconds;
}

void
ClientCork(Client *client)
{
	if (client->tls == NULL || client->corked)
		return;
	gnutls_record_cork(client->tls);
	client->corked = true;
}

void
ClientUncork(Client *client)
{
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = client};
	int on = 1;
	int result;

	if (!client->corked)
		return;
	result = gnutls_record_uncork(client->tls, 0);
	/* libmicrohttpd has set TCP_CORK before the header and pushed before anything was sent: push again */
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	client->corked = result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED;
	if (client->corked) /* the client does not read: go on when there is room */
		event.events |= EPOLLOUT;
	if (client->corked || client->flushing)
		epoll_ctl(client->worker->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
	client->flushing = client->corked;
	if (result < 0 && !client->corked)
		shutdown(client->fd, SHUT_RDWR);
}

void
ClientSend(Client *client, const char *bytes, size_t length)
{
	ssize_t sent = client->tls != NULL ? gnutls_record_send(client->tls, bytes, length)
									   : send(client->fd, bytes, length, MSG_NOSIGNAL);

	(void) sent; /* nothing else was sent for this request, so a little text finds room; if not, the client
					sees the end */
}

void
ClientEnd(Client *client)
{
	if (client->tls != NULL && gnutls_cipher_get(client->tls) != GNUTLS_CIPHER_NULL)
		gnutls_bye(client->tls, GNUTLS_SHUT_WR);
	shutdown(client->fd, SHUT_WR);
}
