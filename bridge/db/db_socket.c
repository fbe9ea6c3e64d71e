/* Sockets of connections in the worker's epoll set. */
#include "db/db_inner.h"

#include <sys/epoll.h>

#include "base/log.h"

/* Registers, or registers again, the connection's socket. Level triggered. */
void
ConnectionRegister(DbConnection *connection, uint32_t events)
{
	Database *db = connection->lane->db;
	struct epoll_event event = {.events = events, .data.ptr = connection};
	int fd = PQsocket(connection->pg);

	/* libpq may have closed its socket and got the same number again: always afresh */
	if (connection->fd >= 0)
		epoll_ctl(db->epoll_fd, EPOLL_CTL_DEL, connection->fd, NULL);
	connection->fd = fd;
	connection->wants_write = false;
	if (fd >= 0 && epoll_ctl(db->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		LogEvent(LOG_ERROR, NULL, "epoll_ctl: %m");
}

void
WatchConnection(DbConnection *connection, bool write)
{
	struct epoll_event event = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = connection};

	if (write == connection->wants_write)
		return;
	connection->wants_write = write;
	epoll_ctl(connection->lane->db->epoll_fd, EPOLL_CTL_MOD, connection->fd, &event);
}
