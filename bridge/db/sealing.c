/* The age of the oldest audit row that is not sealed; see sealing.h. It grows until the database says
 * otherwise. */
#include "db/sealing.h"

#include <stdatomic.h>
#include <string.h>

#include "db/watch.h"

/* When the row was written, in the milliseconds of Milliseconds(), plus SHIFT, since a row may be older than
 * this machine has been up; 0: there is none. */
#define SHIFT ((uint64_t) 1 << 62)
static _Atomic uint64_t unsealed_since;

void
SealingTold(const char *json, size_t length)
{
	static const char member[] = "\"auditUnsealedSeconds\":";
	const char *end = json + length;
	const char *at = length == 0 ? NULL : memmem(json, length, member, sizeof(member) - 1);
	uint64_t now = Milliseconds();
	uint64_t age = 0;

	if (at == NULL)
		return;
	at += sizeof(member) - 1;
	while (at < end && *at == ' ')
		at++;
	for (; at < end && *at >= '0' && *at <= '9' && age < UINT32_MAX; at++)
		age = age * 10 + (uint64_t) (*at - '0');
	atomic_store_explicit(&unsealed_since, age == 0 ? 0 : now + SHIFT - age * 1000, memory_order_relaxed);
}

uint64_t
SealingAge(void)
{
	uint64_t since = atomic_load_explicit(&unsealed_since, memory_order_relaxed);

	return since == 0 ? 0 : (Milliseconds() + SHIFT - since) / 1000;
}
