/*
 * The socket under a client's TLS session: what GnuTLS reads and writes; see client.h.
 *
 * GnuTLS asks for the five bytes of a record's header and then for the rest: both come with one system call,
 * since what is asked for is read with what follows it. And libmicrohttpd reads on after each reply, only to
 * learn that there is nothing: while a connection is suspended its socket is in no epoll set of
 * libmicrohttpd, so what comes meanwhile is reported when the socket is put in again, and the answer "nothing
 * now" costs no system call.
 */
#include "request/client.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

static _Thread_local uint64_t moves;

/* The result of a system call, counted when something moved. */
static ssize_t
Moved(ssize_t result)
{
	moves += result >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
	return result;
}

/* At most `size` bytes of what was read ahead. */
static ssize_t
TakeAhead(Client *client, void *bytes, size_t size)
{
	size_t there = (size_t) (client->ahead_end - client->ahead_at);

	if (size > there)
		size = there;
	memcpy(bytes, client->ahead + client->ahead_at, size);
	client->ahead_at += (uint16_t) size;
	moves++;
	return (ssize_t) size;
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
	got = Moved(readv(client->fd, pieces, 2));
	client->emptied = got > 0 && (size_t) got < size + sizeof(client->ahead);
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
	return Moved(result);
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
}

void
ClientSuspend(Client *client)
{
	MHD_suspend_connection(client->connection);
	client->unwatched = true;
}

uint64_t
ClientMoves(void)
{
	return moves;
}
