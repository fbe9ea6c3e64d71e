/*
 * Worker: what the requests of one thread share. The thread and its loop are server/worker.h's; nothing here
 * is touched by another thread but the metrics, which are read.
 */
#ifndef BRIDGE_REQUEST_WORKER_H
#define BRIDGE_REQUEST_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "db/audit_batch.h"
#include "db/db.h"
#include "outbound/ask.h"
#include "request/metrics.h"

typedef struct Request Request;

typedef struct Worker
{
	int index;
	int epoll_fd;
	uint64_t now;  /* ms, as of this turn of the loop */
	bool run_http; /* something was resumed: libmicrohttpd must run */
	bool draining; /* connections close after their reply */
	Database *db;
	Audit *audit;
	AskBox *asks; /* answers of other systems */
	Metrics metrics;
	int open_requests;
	Request *free_requests; /* for reuse */
	int free_request_count;
	char id_prefix[20]; /* request ids: prefix and counter */
	uint64_t id_counter;
} Worker;

#endif
