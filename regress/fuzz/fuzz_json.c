/*
 * JSON: any bytes that are UTF-8 are judged as jansson judges them, with the same words at the same place.
 * The table of names begins with room for one, so that it grows on the way.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/json_check.h"
#include "text/message.h"
#include "text/utf8.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The check with as much room as it needs. */
static JsonCheckResult
Check(const char *text, size_t size, JsonProblem *problem)
{
	for (size_t count = 2;; count *= 4)
	{
		JsonRoom room = {malloc(count * sizeof(JsonSlot)), count, size * 0x9E3779B97F4A7C15U};
		JsonCheckResult result = JsonCheck(text, size, SIZE_MAX, room, problem);

		free(room.slots);
		if (result != JSON_CHECK_NO_ROOM)
			return result;
		CHECK(count / 2 <= size);
	}
}

/* What jansson's error is here. */
static JsonCheckResult
ResultOf(const json_error_t *error)
{
	switch (json_error_code(error))
	{
		case json_error_duplicate_key:
			return JSON_CHECK_DUPLICATE;
		case json_error_stack_overflow:
			return JSON_CHECK_TOO_DEEP;
		case json_error_null_character:
		case json_error_null_byte_in_key:
			return JSON_CHECK_CHARACTER;
		default:
			return strncmp(error->text, "invalid Unicode", 15) == 0 ? JSON_CHECK_CHARACTER
																	: JSON_CHECK_MALFORMED;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size > 0 ? size : 1); /* exactly as long: reading past the end is seen */
	JsonProblem problem;
	const char *told;
	size_t said;
	json_error_t error;
	json_t *json;
	JsonCheckResult result;
	char words[JSON_ERROR_TEXT_LENGTH];
	size_t length;

	if (size > 0)
		memcpy(text, data, size);
	if (Utf8FirstInvalid(text, size) < size)
	{
		(void) Check(text, size, &problem); /* it may say what it likes, but come to an end */
		free(text);
		return 0;
	}
	result = Check(text, size, &problem);
	json = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL | JSON_DECODE_ANY, &error);
	CHECK((json != NULL) == (result == JSON_CHECK_OK));
	if (json == NULL)
	{
		/* jansson shows the token too, unless it is long */
		length = problem.offset - problem.token;
		told = MessageIn(false, problem.text, &said);
		if (length == 0)
			snprintf(words, sizeof(words), "%.*s near end of file", (int) said, told);
		else if (length <= 20)
			snprintf(words, sizeof(words), "%.*s near '%.*s'", (int) said, told, (int) length,
					 text + problem.token);
		else
			snprintf(words, sizeof(words), "%.*s", (int) said, told);
		CHECK(result == ResultOf(&error) && strcmp(words, error.text) == 0);
		CHECK(problem.offset == (size_t) error.position && problem.line == error.line &&
			  problem.column == error.column);
	}
	json_decref(json);
	free(text);
	return 0;
}
