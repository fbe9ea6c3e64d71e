/*
 * Counters of a worker. Only the worker writes them; whoever serves /metrics reads them all, so they are
 * atomic, but never contended.
 */
#ifndef BRIDGE_METRICS_H
#define BRIDGE_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/text.h"
#include "db/db.h"

#define LATENCY_BUCKETS 12

typedef struct Metrics
{
	_Atomic uint64_t requests[6]; /* by HTTP status class; 0: client left */
	_Atomic uint64_t latency[LANES][LATENCY_BUCKETS];
	_Atomic uint64_t latency_sum_ms[LANES];
	_Atomic uint64_t clients_left;
	_Atomic uint64_t overloaded;
	_Atomic uint64_t audit_written;
	_Atomic int64_t clients; /* gauges, refreshed at every tick */
	_Atomic int64_t audit_waiting;
	_Atomic int64_t waiting[LANES];
	_Atomic int64_t in_flight[LANES];
	_Atomic int64_t connected[LANES];
	struct Metrics *next; /* another worker's */
} Metrics;

static inline void
Count(_Atomic uint64_t *counter, uint64_t by)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + by,
						  memory_order_relaxed);
}

/* Another worker's counters; before it serves. */
extern void MetricsOpen(Metrics *metrics);

extern void MetricsLatency(Metrics *metrics, Lane lane, uint64_t milliseconds);

/* Appends the Prometheus text of all workers. */
extern void MetricsWrite(Text *text);

#endif
