/* Query parameters: any bytes; lists end, items fit, accepted numbers and boxes are what they claim. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "text/param_parse.h"

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
	char *text = malloc(size > 0 ? size : 1); /* exactly as long: reading past the end is seen */
	char *out = malloc(size + 1);
	ListReader reader;
	ListStep step;
	size_t length;
	size_t items = 0;
	int64_t integer;
	double number;
	double box[4];
	bool truth;
	const char *error;
	const char *op;

	if (size > 0)
		memcpy(text, data, size);
	list_open(&reader, text, size);
	while ((step = list_next(&reader, out, &length)) == LIST_ITEM)
	{
		CHECK(length <= size);
		CHECK(++items <= size + 1);
	}
	if (step == LIST_ERROR)
		CHECK(reader.error != NULL);
	if (integer_parse(text, size, &integer))
		CHECK(number_check(text, size));
	if (double_parse(text, size, &number))
		CHECK(isfinite(number) && number_check(text, size));
	if (bbox_parse(text, size, box, &error))
		CHECK(isfinite(box[0]) && isfinite(box[3]) && box[0] <= box[2] && box[1] <= box[3]);
	else
		CHECK(error != NULL);
	(void) boolean_parse(text, size, &truth);
	(void) uuid_check(text, size);
	CHECK(filter_name_split(text, size, &op, &length) <= size && length <= size);
	free(text);
	free(out);
	return 0;
}
