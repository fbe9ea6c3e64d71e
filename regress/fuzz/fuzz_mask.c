/* Masks: any bytes; never longer than the value, as many characters, and a masked value's mask reveals
 * nothing new. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/mask_text.h"

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
	char *exact = malloc(size + 1);
	char *out = malloc(size + 1);

	if (size > 0)
		memcpy(exact, data, size);
	for (int kind = MASK_ALL; kind <= MASK_ID_NUMBER; kind++)
		CHECK(MaskText((MaskKind) kind, exact, size, out) <= size);
	CHECK(MaskText(MASK_ALL, exact, size, out) <= size);
	for (size_t i = 0; i < MaskText(MASK_ALL, exact, size, out); i++)
		CHECK(out[i] == '*');
	if (size >= 2)
		CHECK(MaskKeep(exact, size, (signed char) exact[0], (signed char) exact[1], out) <= size);
	free(exact);
	free(out);
	return 0;
}
