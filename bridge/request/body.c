/*
 * Memory of bodies.
 *
 * A buffer grows by doubling as bytes come, never by what Content-Length announces: a client that
 * announces much and sends little holds little. Every byte of capacity is accounted for in one counter of
 * all workers before it is allocated, so that all bodies together stay below max_bytes_in_flight; who
 * finds no room is told 503 and may repeat.
 */
#include "request/body.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/multipart.h"
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

/* Gives back what Hold accounted for. */
static void
Release(Share *share, size_t accounted)
{
	BytesGive(accounted);
	ShareGive(share, accounted);
}

/* Memory for a body, accounted for; NULL: all of them are too many, or the client's, or there is none. */
static char *
Hold(Share *share, size_t bytes, size_t accounted)
{
	char *memory = NULL;

	if (!ShareTake(share, accounted))
		return NULL;
	if (atomic_fetch_add_explicit(&bytes_in_flight, (int64_t) accounted, memory_order_relaxed) +
			(int64_t) accounted <=
		ConfigNow()->max_bytes_in_flight)
		memory = malloc(bytes);
	if (memory == NULL)
		Release(share, accounted);
	return memory;
}

BodyForm
BodyFormOf(const char *content_type, Charset *charset)
{
	static const struct
	{
		const char *name;
		BodyForm form;
	} forms[] = {{"application/json", BODY_JSON},
				 {"text/json", BODY_JSON},
				 {"application/x-www-form-urlencoded", BODY_FORM},
				 {"multipart/form-data", BODY_MULTIPART}};
	size_t length = strcspn(content_type, "; \t");
	Span name;

	*charset = CHARSET_UTF8;
	if (HeaderParameter((Span){content_type, strlen(content_type)}, "charset", &name))
		*charset = CharsetNamed(name.text, name.length);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (SpanIsAnyCase((Span){content_type, length}, forms[i].name))
			return forms[i].form;
	return BODY_UNKNOWN;
}

void
BodyFree(Body *body)
{
	if (body->bytes == NULL)
		return;
	explicit_bzero(body->bytes, body->length);
	free(body->bytes);
	Release(body->share, body->capacity);
	body->bytes = NULL;
	body->capacity = 0;
}

int
BodyMake(Body *body, size_t capacity)
{
	memset(body, 0, sizeof(*body));
	body->bytes = Hold(NULL, capacity + 1, capacity + 1);
	if (body->bytes == NULL)
		return CBD_OVERLOADED;
	body->capacity = capacity + 1;
	return CBD_OK;
}

void
BodyReplace(Body *body, Body *other)
{
	BodyFree(body);
	body->bytes = other->bytes;
	body->length = other->length;
	body->capacity = other->capacity;
	body->share = other->share;
	body->bytes[body->length] = '\0';
}

/* Makes room for `needed` bytes in all. */
static int
Grow(Body *body, size_t needed)
{
	size_t most = (body->announced > 0 ? body->announced : body->limit) + 1;
	size_t held = body->capacity;
	size_t capacity = held == 0 ? FIRST_CAPACITY : held * 2; /* what came counts, not what is announced */
	char *larger;

	if (capacity > most)
		capacity = most;
	if (capacity < needed)
		capacity = needed;
	larger = Hold(body->share, capacity, capacity - held);
	if (larger == NULL)
		return CBD_OVERLOADED;
	if (body->bytes != NULL)
	{
		memcpy(larger, body->bytes, body->length);
		explicit_bzero(body->bytes, body->length);
		free(body->bytes);
	}
	body->bytes = larger;
	body->capacity = capacity;
	return CBD_OK;
}

int
BodyAdd(Body *body, const char *bytes, size_t length)
{
	size_t needed = body->length + length + 1;

	if (needed > body->capacity)
	{
		int status = needed - 1 > body->limit ? CBD_TOO_LARGE : Grow(body, needed);

		if (status != CBD_OK)
			return status;
	}
	memcpy(body->bytes + body->length, bytes, length);
	body->length += length;
	body->bytes[body->length] = '\0';
	return CBD_OK;
}
