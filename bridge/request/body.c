/* Memory of bodies. */
#include "request/body.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "wire/status_codes.h"

#define FIRST_CAPACITY (16 * 1024) /* of a body's buffer, doubled as the body comes */

static _Atomic int64_t bytes_in_flight;

int64_t
BytesInFlight(void)
{
	return atomic_load_explicit(&bytes_in_flight, memory_order_relaxed);
}

void
BytesTake(size_t bytes)
{
	atomic_fetch_add_explicit(&bytes_in_flight, (int64_t) bytes, memory_order_relaxed);
}

void
BytesGive(size_t bytes)
{
	atomic_fetch_sub_explicit(&bytes_in_flight, (int64_t) bytes, memory_order_relaxed);
}

void
BodyFree(Request *request)
{
	if (request->body == NULL)
		return;
	ClearAndFree(request->body);
	request->body = NULL;
	atomic_fetch_sub_explicit(&bytes_in_flight, (int64_t) request->body_capacity, memory_order_relaxed);
	request->body_capacity = 0;
}

/* Accounts for more bytes of bodies; false: they are too many. */
static bool
Hold(size_t bytes)
{
	if (atomic_fetch_add_explicit(&bytes_in_flight, (int64_t) bytes, memory_order_relaxed) +
			(int64_t) bytes <=
		ConfigNow()->max_bytes_in_flight)
		return true;
	atomic_fetch_sub_explicit(&bytes_in_flight, (int64_t) bytes, memory_order_relaxed);
	return false;
}

bool
BodyMake(Request *request, size_t capacity, Body *body)
{
	*body = (Body){NULL, 0, capacity + 1};
	if (Hold(body->capacity))
	{
		body->bytes = malloc(body->capacity);
		if (body->bytes != NULL)
			return true;
		BodyDrop(body);
	}
	Refuse(request, CBD_OVERLOADED, NULL, NULL);
	return false;
}

void
BodyDrop(Body *body)
{
	ClearAndFree(body->bytes);
	atomic_fetch_sub_explicit(&bytes_in_flight, (int64_t) body->capacity, memory_order_relaxed);
}

void
BodyReplace(Request *request, Body *body)
{
	BodyFree(request);
	request->body = body->bytes;
	request->body_length = body->length;
	request->body_capacity = body->capacity;
	request->body[request->body_length] = '\0';
}

bool
BodyGrow(Request *request, size_t more)
{
	size_t needed = request->body_length + more + 1;
	size_t most = request->body_announced > 0 ? request->body_announced + 1 : request->body_limit + 1;
	size_t held = request->body_capacity;
	size_t capacity = held == 0 ? FIRST_CAPACITY : held * 2; /* what came counts, not what is announced */
	char *larger;

	if (needed <= held)
		return true;
	if (needed - 1 > request->body_limit)
	{
		Refuse(request, CBD_TOO_LARGE, NULL, "at most %zu bytes", request->body_limit);
		return false;
	}
	if (capacity > most)
		capacity = most;
	if (capacity < needed)
		capacity = needed;
	if (!Hold(capacity - held))
	{
		Refuse(request, CBD_OVERLOADED, NULL, NULL);
		return false;
	}
	larger = malloc(capacity);
	if (larger == NULL)
	{
		atomic_fetch_sub_explicit(&bytes_in_flight, (int64_t) (capacity - held), memory_order_relaxed);
		Refuse(request, CBD_OVERLOADED, NULL, NULL);
		return false;
	}
	if (request->body != NULL)
	{
		memcpy(larger, request->body, request->body_length);
		ClearAndFree(request->body);
	}
	request->body = larger;
	request->body_capacity = capacity;
	return true;
}
