/* The kind of /metrics: counters as text for Prometheus, for callers from inside. */
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
