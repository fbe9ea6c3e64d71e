/* The engine's counters, which other threads read. */
#ifndef BRIDGE_ENGINE_H
#define BRIDGE_ENGINE_H

#include <stdatomic.h>
#include <stdint.h>

#include "wire/frame.h"

typedef struct EngineCounters
{
	_Atomic uint64_t delivered; /* answered with 2xx */
	_Atomic uint64_t failed;
	_Atomic uint64_t late; /* recorded after their lease */
	_Atomic uint64_t wakes;
	_Atomic int64_t under_way;
	_Atomic int64_t unrecorded;
	_Atomic int64_t waiting, oldest_seconds, dead, failing; /* of the outbox, as the database told last */
	_Atomic int64_t sms_waiting, sms_doubtful;              /* numbers, the same */
	_Atomic uint64_t told_at;                               /* ms; 0: never */
	_Atomic int up;
} EngineCounters;

extern EngineCounters engine_counters;

/* Takes what rest_outbox_state() told. */
extern void CountersTake(Span json);

#endif
