/* csv_parse: cells that end, lines that only grow, and no more bytes out than in. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "text/csv_parse.h"

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CsvReader reader;
	char *out = malloc(size + 1);
	size_t length, total = 0;
	int line, before = 1;
	CsvStep step;

	csv_open(&reader, (const char *) data, size);
	do
	{
		step = csv_next(&reader, out, &length, &line);
		assert(line >= before && reader.at <= size);
		assert(step != CSV_ERROR || reader.error != NULL);
		before = line;
		total += length;
		assert(total <= size);
	} while (step == CSV_CELL || step == CSV_LAST_CELL);
	free(out);
	return 0;
}
