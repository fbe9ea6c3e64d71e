/* Metrics and readiness of what the bridge sends by itself; see outbound.h. */
#include <jansson.h>

#include "base/config.h"
#include "db/watch.h"
#include "outbound/engine.h"
#include "outbound/media.h"
#include "outbound/outbound.h"

EngineCounters engine_counters;

static int64_t
Told(_Atomic int64_t *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

static void
Take(const json_t *object, const char *name, _Atomic int64_t *value)
{
	atomic_store_explicit(value, json_integer_value(json_object_get(object, name)), memory_order_relaxed);
}

void
CountersTake(Span json)
{
	json_t *object = json_loadb(json.text, json.length, 0, NULL);

	if (object == NULL)
		return;
	Take(object, "waiting", &engine_counters.waiting);
	Take(object, "oldestSeconds", &engine_counters.oldest_seconds);
	Take(object, "dead", &engine_counters.dead);
	Take(object, "failing", &engine_counters.failing);
	Take(object, "smsWaiting", &engine_counters.sms_waiting);
	Take(object, "smsDoubtful", &engine_counters.sms_doubtful);
	atomic_store_explicit(&engine_counters.told_at, Milliseconds(), memory_order_relaxed);
	json_decref(object);
}

/* The age of the oldest message by now. */
static int64_t
Oldest(void)
{
	int64_t oldest = Told(&engine_counters.oldest_seconds);
	uint64_t told = atomic_load_explicit(&engine_counters.told_at, memory_order_relaxed);

	return oldest == 0 ? 0 : oldest + (int64_t) (Milliseconds() - told) / 1000;
}

static void
One(Text *text, const char *name, const char *type, const char *help, long long value)
{
	TextPrint(text, "# HELP citybigdata_%s %s\n# TYPE citybigdata_%s %s\ncitybigdata_%s %lld\n", name, help,
			  name, type, name, value);
}

void
OutboundMetrics(Text *text)
{
	One(text, "outbox_waiting", "gauge", "Messages of the outbox that wait, counted to a million",
		Told(&engine_counters.waiting));
	One(text, "outbox_oldest_seconds", "gauge", "Age of the oldest message of the outbox that waits",
		Oldest());
	One(text, "outbox_dead", "gauge", "Dead letters of the outbox", Told(&engine_counters.dead));
	One(text, "outbox_failing_destinations", "gauge", "Destinations whose breaker opened",
		Told(&engine_counters.failing));
	One(text, "sms_waiting", "gauge", "Numbers of SMS messages that no gateway has taken yet",
		Told(&engine_counters.sms_waiting));
	One(text, "sms_doubtful", "gauge", "Numbers of SMS messages whose gateway's answer was lost",
		Told(&engine_counters.sms_doubtful));
	One(text, "outbound_under_way", "gauge", "Messages that this bridge is sending",
		Told(&engine_counters.under_way));
	One(text, "outbound_delivered_total", "counter", "Messages that were answered with 2xx",
		(long long) atomic_load(&engine_counters.delivered));
	One(text, "outbound_failed_total", "counter", "Attempts that failed",
		(long long) atomic_load(&engine_counters.failed));
	One(text, "outbound_late_total", "counter", "Outcomes that came after their lease",
		(long long) atomic_load(&engine_counters.late));
	One(text, "outbound_up", "gauge", "1: the sending thread is connected to the database",
		atomic_load(&engine_counters.up));
	MediaMetrics(text);
}

bool
OutboundUp(void)
{
	return ConfigNow()->outbound_connections == 0 || atomic_load(&engine_counters.up) != 0;
}

void
OutboundState(Text *text)
{
	TextPrint(text,
			  "{\"sends\":%s,\"connected\":%s,\"waiting\":%lld,\"oldestSeconds\":%lld,\"deadLetters\":%lld,"
			  "\"failingDestinations\":%lld}",
			  ConfigNow()->outbound_connections > 0 ? "true" : "false",
			  atomic_load(&engine_counters.up) != 0 ? "true" : "false",
			  (long long) Told(&engine_counters.waiting), (long long) Oldest(),
			  (long long) Told(&engine_counters.dead), (long long) Told(&engine_counters.failing));
}
