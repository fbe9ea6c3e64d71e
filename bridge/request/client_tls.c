/*
 * The socket under a client's TLS session: what GnuTLS reads and writes; see client.h.
 *
 * GnuTLS asks for the five bytes of a record's header and then for the rest: both come with one system call,
 * since what is asked for is read with what follows it. And libmicrohttpd reads on after each reply, only to
 * learn that there is nothing: while a connection is suspended its socket is in no epoll set of
 * libmicrohttpd, so what comes meanwhile is reported when the socket is put in again, and the answer "nothing
 * now" costs no system call.
 *
 * A handshake whose next message has not come stays ready for ever to libmicrohttpd, which would try it again
 * and again. So it is suspended where it finds nothing to read, and goes on when the worker's epoll set says
 * that there is something (ClientReadable).
 */
#include "request/client.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "request/worker.h"

/* The Finished messages of a handshake: it is over with both. */
#define FINISHED_IN   1
#define FINISHED_OUT  2
#define FINISHED_BOTH 3

/* At most `size` bytes of what was read ahead. */
static ssize_t
TakeAhead(Client *client, void *bytes, size_t size)
{
	size_t there = (size_t) (client->ahead_end - client->ahead_at);

	if (size > there)
		size = there;
	memcpy(bytes, client->ahead + client->ahead_at, size);
	client->ahead_at += (uint16_t) size;
	return (ssize_t) size;
}

/* The handshake waits for the client. errno stays. */
static void
AwaitHandshake(Client *client)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = client};
	int error = errno;

	MHD_suspend_connection(client->connection);
	client->shaking = true;
	epoll_ctl(client->worker->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
	errno = error;
}

/* A Finished message came or went. */
static int
Finished(gnutls_session_t session, unsigned int type, unsigned int when, unsigned int incoming,
		 const gnutls_datum_t *message)
{
	Client *client = gnutls_transport_get_ptr(session);
	struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = client};

	client->finished |= incoming ? FINISHED_IN : FINISHED_OUT;
	if (client->finished != FINISHED_BOTH)
		return 0;
	/* data does not wake the worker any more */
	epoll_ctl(client->worker->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
	/* nothing is sent in answer to the client's Finished: a client with Nagle's algorithm would hold its
	 * first request back until the kernel's delayed acknowledgement, 40 ms later */
	setsockopt(client->fd, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
	return 0;
}

static ssize_t
Pull(gnutls_transport_ptr_t pointer, void *bytes, size_t size)
{
	Client *client = pointer;
	struct iovec pieces[] = {{bytes, size}, {client->ahead, sizeof(client->ahead)}};
	ssize_t got;

	if (client->ahead_at < client->ahead_end)
		return TakeAhead(client, bytes, size);
	if (client->unwatched && client->emptied)
	{
		client->unwatched = false;
		errno = EAGAIN;
		return -1;
	}
	client->unwatched = false;
	got = readv(client->fd, pieces, 2);
	client->emptied = got > 0 && (size_t) got < size + sizeof(client->ahead);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && client->finished != FINISHED_BOTH &&
		!client->shaking)
		AwaitHandshake(client);
	if (got <= (ssize_t) size)
		return got;
	client->ahead_at = 0;
	client->ahead_end = (uint16_t) ((size_t) got - size);
	return (ssize_t) size;
}

/* A write that finds no room lets libmicrohttpd watch the socket again, for both directions. */
static ssize_t
Wrote(Client *client, ssize_t result)
{
	if (result < 0)
		client->unwatched = false;
	return result;
}

static ssize_t
Push(gnutls_transport_ptr_t pointer, const void *bytes, size_t size)
{
	Client *client = pointer;

	return Wrote(client, send(client->fd, bytes, size, MSG_NOSIGNAL));
}

static ssize_t
PushPieces(gnutls_transport_ptr_t pointer, const giovec_t *pieces, int count)
{
	Client *client = pointer;
	const struct msghdr message = {.msg_iov = (struct iovec *) pieces, .msg_iovlen = (size_t) count};

	return Wrote(client, sendmsg(client->fd, &message, MSG_NOSIGNAL));
}

void
ClientTls(Client *client)
{
	gnutls_transport_set_ptr(client->tls, client);
	gnutls_transport_set_pull_function(client->tls, Pull);
	gnutls_transport_set_push_function(client->tls, Push);
	gnutls_transport_set_vec_push_function(client->tls, PushPieces);
	gnutls_handshake_set_hook_function(client->tls, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST, Finished);
}

void
ClientReadable(Client *client)
{
	if (!client->shaking)
		return;
	client->shaking = false;
	client->worker->run_http = true;
	MHD_resume_connection(client->connection);
}

void
ClientSuspend(Client *client)
{
	MHD_suspend_connection(client->connection);
	client->unwatched = true;
}
