/* Smoothed times of resources, by a hash of kind and code; of all workers. See heat.h. */
#include "kind/heat.h"

#include <stdatomic.h>

#include "request/kind.h"

#define ROWS    1024  /* resources that share a row count as one */
#define LIMIT   200   /* ms: from here on a resource's calls are long queries */
#define LONGEST 60000 /* ms */

static _Atomic uint32_t heat[ROWS];

/* FNV-1a, on from `hash`. */
static uint32_t
HashOn(uint32_t hash, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char) text[i]) * 16777619u;
	return hash;
}

/* The row of the called resource. */
static _Atomic uint32_t *
Row(const Request *request, const char *parameter)
{
	const Value *code = &request->values[RouteParam(request->route, parameter)];
	const char *kind = request->kind->name;

	return &heat[HashOn(HashOn(2166136261u, kind, strlen(kind)), code->text, code->length) % ROWS];
}

bool
HeatHigh(const Request *request, const char *parameter)
{
	return atomic_load_explicit(Row(request, parameter), memory_order_relaxed) >= LIMIT;
}

void
HeatTook(const Request *request, const char *parameter, uint64_t milliseconds)
{
	_Atomic uint32_t *row = Row(request, parameter);
	uint32_t took = milliseconds > LONGEST ? LONGEST : (uint32_t) milliseconds;

	/* two workers at once may lose one of their figures: it is an estimate */
	atomic_store_explicit(row, (atomic_load_explicit(row, memory_order_relaxed) * 3 + took) / 4,
						  memory_order_relaxed);
}
