/*
 * Worker: a thread with its own libmicrohttpd daemon on the shared listening socket, its own epoll loop and
 * its own database connections. Nothing of a worker is touched by another thread, except what says so.
 */
#ifndef BRIDGE_WORKER_H
#define BRIDGE_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <microhttpd.h>

#include "db/audit_batch.h"
#include "db/db.h"
#include "db/maintain.h"
#include "server/metrics.h"
#include "db/watch.h"

typedef struct Request Request;
typedef struct Worker Worker;

/* What a client connection is doing decides its deadline. */
typedef enum ClientState
{
	CLIENT_IDLE,   /* between requests, or before the first */
	CLIENT_HEADER, /* handshake, header */
	CLIENT_BODY,
	CLIENT_WAITING, /* for the database */
	CLIENT_REPLY
} ClientState;

/* A client's TCP connection. */
typedef struct Client
{
	Watch watch;
	Worker *worker;
	struct Client *previous, *next;
	struct MHD_Connection *connection;
	int fd;
	void *tls;     /* gnutls_session_t; NULL: plain HTTP */
	bool corked;   /* the reply is gathered into one TLS record */
	bool flushing; /* part of it is still to be sent */
	bool left;
	ClientState state;
	uint64_t deadline; /* ms */
	Request *request;
} Client;

struct Worker
{
	int index;
	int workers;
	pthread_t thread;
	int listen_fd;
	struct MHD_Daemon *daemon;
	int epoll_fd, wake_fd;
	Watch http_watch, wake_watch;
	Client *clients;
	int client_count;
	int open_requests;
	Request *free_requests;
	int free_request_count;
	bool run_http; /* something was resumed: libmicrohttpd must run */
	uint64_t now;  /* ms, as of this turn of the loop */
	uint64_t next_tick;
	Database *db;
	Audit *audit;
	Maintenance *maintenance; /* the first worker's */
	Metrics metrics;
	char id_prefix[20]; /* request ids: prefix and counter */
	uint64_t id_counter;
	bool draining; /* connections close after their reply */

	/* shared with main */
	_Atomic bool drain;
	_Atomic bool reload;
	_Atomic uint64_t drain_deadline; /* ms */
	_Atomic bool failed;             /* could not start */
	_Atomic bool started;
	_Atomic bool stopped; /* takes no more connections */
};

extern bool WorkerStart(Worker *worker, int index, int workers, int listen_fd);
extern void WorkerWake(Worker *worker); /* from any thread */
extern void WorkerJoin(Worker *worker);

/* Gives the client until `milliseconds` from now for what it does. */
extern void ClientEnter(Client *client, ClientState state, int milliseconds);

/*
 * A small reply's header and body as one TLS record and one packet: libmicrohttpd sends them apart.
 * ClientUncork sends what was gathered; when the socket is full the rest goes when it has room.
 */
extern void ClientCork(Client *client);
extern void ClientUncork(Client *client);

/* All workers, for the metrics. */
extern Worker *WorkerAt(int index);

#endif
