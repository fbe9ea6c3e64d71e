/* Counters of all workers, and their text for Prometheus. */
#include "request/metrics.h"

#include <stddef.h>
#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "db/analysis.h"
#include "base/tile_cache.h"
#include "db/master_key.h"
#include "db/sealing.h"
#include "outbound/ask.h"
#include "outbound/outbound.h"
#include "request/body.h"

static const int bounds[LATENCY_BUCKETS - 1] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000}; /* ms */

/* Of all workers; they live until the program ends. */
static _Atomic(Metrics *) first;

void
MetricsOpen(Metrics *metrics)
{
	metrics->next = atomic_load(&first);
	while (!atomic_compare_exchange_weak(&first, &metrics->next, metrics))
		;
}

void
MetricsLatency(Metrics *metrics, Lane lane, uint64_t milliseconds)
{
	int bucket = 0;

	while (bucket < LATENCY_BUCKETS - 1 && milliseconds > (uint64_t) bounds[bucket])
		bucket++;
	Count(&metrics->latency[lane][bucket], 1);
	Count(&metrics->latency_sum_ms[lane], milliseconds);
}

/* Sum over all workers of the counter at `offset` in their Metrics. */
static unsigned long long
Sum(size_t offset)
{
	unsigned long long sum = 0;

	for (Metrics *metrics = atomic_load(&first); metrics != NULL; metrics = metrics->next)
		sum += atomic_load_explicit((_Atomic uint64_t *) ((char *) metrics + offset), memory_order_relaxed);
	return sum;
}

#define SUM(field) Sum(offsetof(Metrics, field))

/* Time of requests by lane, as Prometheus has it: each bucket counts those below its bound. */
static void
Histogram(Text *text)
{
	TextAddString(text, "# HELP citybigdata_request_seconds Time from request line to reply, by lane\n"
						"# TYPE citybigdata_request_seconds histogram\n");
	for (int lane = 0; lane < LANES; lane++)
	{
		unsigned long long sum = 0;

		for (int bucket = 0; bucket < LATENCY_BUCKETS; bucket++)
		{
			char bound[16] = "+Inf";

			if (bucket < LATENCY_BUCKETS - 1)
				snprintf(bound, sizeof(bound), "%g", bounds[bucket] / 1000.0);
			sum += SUM(latency[lane][bucket]);
			TextPrint(text, "citybigdata_request_seconds_bucket{lane=\"%s\",le=\"%s\"} %llu\n",
					  lane_names[lane], bound, sum);
		}
		TextPrint(text, "citybigdata_request_seconds_sum{lane=\"%s\"} %.3f\n", lane_names[lane],
				  (double) SUM(latency_sum_ms[lane]) / 1000.0);
		TextPrint(text, "citybigdata_request_seconds_count{lane=\"%s\"} %llu\n", lane_names[lane], sum);
	}
}

/* A counter or gauge with its help. */
static void
One(Text *text, const char *name, const char *type, const char *help, unsigned long long value)
{
	TextPrint(text, "# HELP citybigdata_%s %s\n# TYPE citybigdata_%s %s\n", name, help, name, type);
	TextPrint(text, "citybigdata_%s %llu\n", name, value);
}

void
MetricsWrite(Text *text)
{
	TextAddString(text, "# HELP citybigdata_requests_total Replies by class of HTTP status\n"
						"# TYPE citybigdata_requests_total counter\n");
	for (int class = 2; class <= 5; class ++)
		TextPrint(text, "citybigdata_requests_total{class=\"%dxx\"} %llu\n", class, SUM(requests[class]));
	Histogram(text);
	One(text, "clients_gone_total", "counter", "Clients that left while their request ran",
		SUM(clients_left));
	One(text, "overloaded_total", "counter", "Requests refused because a queue was full", SUM(overloaded));
	One(text, "clients", "gauge", "Client connections", SUM(clients));
	One(text, "body_bytes", "gauge", "Bytes of request bodies and of pieces of streams held",
		(unsigned long long) BytesInFlight());
	One(text, "log_lines_dropped_total", "counter", "Lines of the log dropped because nobody read them",
		LogDropped());
	One(text, "audit_waiting", "gauge", "Audit records not yet written", SUM(audit_waiting));
	One(text, "audit_unsealed_seconds", "gauge", "Age of the oldest audit row that is not sealed",
		SealingAge());
	One(text, "master_key_usable", "gauge", "1: the database can use the master key, as it told last",
		MasterKeyUsable());
	TextAddString(text, "# HELP citybigdata_jobs Database jobs by lane\n# TYPE citybigdata_jobs gauge\n");
	for (int lane = LANE_FAST; lane < LANES; lane++)
	{
		TextPrint(text, "citybigdata_jobs{lane=\"%s\",state=\"waiting\"} %llu\n", lane_names[lane],
				  SUM(waiting[lane]));
		TextPrint(text, "citybigdata_jobs{lane=\"%s\",state=\"running\"} %llu\n", lane_names[lane],
				  SUM(in_flight[lane]));
	}
	TextAddString(text, "# HELP citybigdata_database_connections Open connections by lane\n"
						"# TYPE citybigdata_database_connections gauge\n");
	for (int lane = LANE_FAST; lane < LANES; lane++)
		TextPrint(text, "citybigdata_database_connections{lane=\"%s\"} %llu\n", lane_names[lane],
				  SUM(connected[lane]));
	OutboundMetrics(text);
	AnalysisMetrics(text);
	AskMetrics(text);
	TileCacheMetrics(text);
}
