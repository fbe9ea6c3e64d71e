/* Smoothed times of the pages of resources, by a hash of their codes, shared by all workers; see heat.h. */
#include "kind/heat.h"

#include <stdatomic.h>

#define HEAT_ROWS  1024 /* resources that share a row count as one */
#define HEAT_LIMIT 200  /* ms: from here on a resource's pages are long queries */

static _Atomic uint32_t heat[HEAT_ROWS];

/* The row of a resource (FNV-1a). */
static _Atomic uint32_t *
Heat(Span code)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < code.length; i++)
		hash = (hash ^ (unsigned char) code.text[i]) * 16777619u;
	return &heat[hash % HEAT_ROWS];
}

Lane
HeatLane(Span code)
{
	return atomic_load_explicit(Heat(code), memory_order_relaxed) >= HEAT_LIMIT ? LANE_SLOW : LANE_DATA;
}

void
HeatTook(Span code, uint64_t milliseconds)
{
	_Atomic uint32_t *row = Heat(code);
	uint32_t took = milliseconds > 60000 ? 60000 : (uint32_t) milliseconds;

	/* two workers at once may lose one of their figures: it is an estimate */
	atomic_store_explicit(row, (atomic_load_explicit(row, memory_order_relaxed) * 3 + took) / 4,
						  memory_order_relaxed);
}
