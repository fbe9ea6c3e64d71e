/*
 * The check of a client's JSON, with as much memory as its names need: most bodies have a handful, and those
 * find room on the stack.
 */
#include "request/json_input.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/arena.h"
#include "wire/status_codes.h"

/* Half of the slots can hold a name. */
#define FIRST_SLOTS 256
#define MORE_SLOTS  8 /* times as many, until they are enough: what is read again costs a seventh more */
#define MOST_SLOTS                                                                                           \
	(256 * 1024)           /* 2 MiB for 131,072 names; the extension takes 50,000 values (core/json_tree.h) */
#define MOST_VALUES 200000 /* of a body; an array of numbers has no names */

static uint64_t seed;

bool
JsonInputStart(void)
{
	return getrandom(&seed, sizeof(seed), 0) == sizeof(seed);
}

/* Status code of what the check found. */
static int
StatusOf(JsonCheckResult result)
{
	switch (result)
	{
		case JSON_CHECK_OK:
			return CBD_OK;
		case JSON_CHECK_DUPLICATE:
			return CBD_DUPLICATE_KEY;
		case JSON_CHECK_TOO_DEEP:
			return CBD_TOO_DEEP;
		case JSON_CHECK_CHARACTER:
			return CBD_INVALID_CHARACTER;
		case JSON_CHECK_TOO_MANY:
		case JSON_CHECK_NO_ROOM:
			return CBD_TOO_LARGE;
		default:
			return CBD_MALFORMED_JSON;
	}
}

int
JsonInputCheck(const char *text, size_t length, JsonProblem *problem)
{
	JsonSlot few[FIRST_SLOTS], *many = NULL;
	JsonRoom room = {few, FIRST_SLOTS, seed};
	JsonCheckResult result;

	while ((result = JsonCheck(text, length, MOST_VALUES, room, problem)) == JSON_CHECK_NO_ROOM &&
		   room.count < MOST_SLOTS)
	{
		room.count = room.count * MORE_SLOTS < MOST_SLOTS ? room.count * MORE_SLOTS : MOST_SLOTS;
		free(many);
		room.slots = many = Allocate(room.count * sizeof(*many));
	}
	free(many);
	return StatusOf(result);
}
