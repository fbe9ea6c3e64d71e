/*
 * The thread of a worker: its own libmicrohttpd daemon on the shared listening socket, its own epoll loop and
 * its own database connections. Nothing of a worker is touched by another thread, except what says so.
 */
#ifndef BRIDGE_WORKER_H
#define BRIDGE_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <microhttpd.h>

#include "db/maintain.h"
#include "db/watch.h"
#include "request/client.h"
#include "request/worker.h"

typedef struct WorkerThread
{
	Worker worker; /* what its requests see */
	int workers;   /* in all */
	uint64_t busy; /* ms of the last turn between its two waits */
	pthread_t thread;
	int listen_fd;
	struct MHD_Daemon *daemon;
	int wake_fd;
	Watch http_watch, wake_watch;
	Client *clients;
	int client_count;
	uint64_t next_tick;
	Maintenance *maintenance; /* the first worker's */

	/* shared with main */
	_Atomic bool drain;
	_Atomic bool reload;
	_Atomic uint64_t drain_deadline; /* ms */
	_Atomic bool failed;             /* could not start */
	_Atomic bool started;
	_Atomic bool stopped; /* takes no more connections */
} WorkerThread;

/* Starts worker `index` of `workers` and waits until it is ready; false: it cannot be. */
extern bool WorkerStart(WorkerThread *thread, int index, int workers, int listen_fd);
extern void WorkerWake(WorkerThread *thread); /* from any thread */
extern void WorkerJoin(WorkerThread *thread);

#endif
