/*
 * The kind of /metrics: counters as text for Prometheus (text format 0.0.4), for callers from inside.
 *
 * No function is asked, so it answers while the database is gone, when it is needed most.
 */
#include "kind/inside.h"
#include "kind/kinds.h"
#include "reply/envelope.h"
#include "wire/status_codes.h"

/* Kind.begin */
static void
MetricsBegin(Request *request)
{
	if (!CallerInside(request))
		Refuse(request, CBD_UNAUTHORIZED, NULL, NULL);
}

/* Kind.make */
static void
MetricsMake(Request *request, Reply *reply)
{
	if (request->status != CBD_OK)
	{
		EnvelopeMake(request, reply);
		return;
	}
	MetricsWrite(&reply->text);
	reply->type = "text/plain; version=0.0.4; charset=utf-8";
}

const Kind kind_metrics = {
	.name = "metrics", .formats = FORMATS_ENVELOPE, .begin = MetricsBegin, .make = MetricsMake};
