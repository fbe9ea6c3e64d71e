/* ewkb_move: any bytes; moving nothing changes nothing, and the real formulas never leave the buffer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "place/ewkb.h"

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static LonLat
stay(LonLat p, void *state)
{
	(*(size_t *) state)++;
	return p;
}

static LonLat
there_and_back(LonLat p, void *state)
{
	(void) state;
	return gcj02_to_wgs84(bd09_to_gcj02(gcj02_to_bd09(wgs84_to_gcj02(p))));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *exact = malloc(size);
	size_t points = 0;
	bool good;

	if (size > 0)
		memcpy(exact, data, size);
	good = ewkb_move(exact, size, stay, &points);
	if ((size > 0 && memcmp(exact, data, size) != 0) || points > size / 16)
		abort();
	if (ewkb_move(exact, size, there_and_back, NULL) != good)
		abort();
	free(exact);
	return 0;
}
