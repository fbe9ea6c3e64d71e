/* Cleaning of texts: any bytes; nothing grows, cleaning twice changes nothing, similarity stays between 0
 * and 1. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/clean_text.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size > 0 ? size : 1);
	char *out = malloc(size > 0 ? size : 1);
	char phone[PHONE_SIZE];
	char again[PHONE_SIZE];
	size_t start;
	size_t length;
	size_t middle = size / 2;
	double alike;

	if (size > 0)
		memcpy(text, data, size);
	length = text_trim(text, size, &start);
	CHECK(length <= size && (length == 0 || start + length <= size));
	if (length > 0)
	{
		size_t second;

		CHECK(text_trim(text + start, length, &second) == length && second == 0);
	}
	CHECK(text_half_width(text, size, out) <= size);
	if (text_phone(text, size, phone))
		CHECK(text_phone(phone, strlen(phone), again) && strcmp(phone, again) == 0);
	alike = text_similarity(text, middle, text + middle, size - middle);
	CHECK(alike >= 0 && alike <= 1);
	free(text);
	free(out);
	return 0;
}
