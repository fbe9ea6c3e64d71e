/* Coordinate arithmetic: any two doubles; identity outside China, below a millimetre there and back inside.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "place/coord_math.h"

#define MARGIN 0.02 /* degrees: no offset is larger; nearer to the box's edge a point may cross it */

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_near(LonLat p, LonLat q)
{
	if (!(fabs(p.lon - q.lon) < 1e-8 && fabs(p.lat - q.lat) < 1e-8))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t cell[2];
	double any[2];
	LonLat p;

	if (size < sizeof(any))
		return 0;
	memcpy(any, data, sizeof(any));
	memcpy(cell, data, sizeof(cell));
	p = (LonLat){any[0], any[1]};
	if (outside_china(p))
	{
		LonLat q = gcj02_to_wgs84(wgs84_to_gcj02(bd09_to_gcj02(gcj02_to_bd09(p))));

		if (memcmp(&p, &q, sizeof(p)) != 0)
			abort();
	}
	/* a point inside the box */
	p.lon = 72.004 + MARGIN + cell[0] / 4294967295.0 * (137.8347 - 72.004 - 2 * MARGIN);
	p.lat = 0.8293 + MARGIN + cell[1] / 4294967295.0 * (55.8271 - 0.8293 - 2 * MARGIN);
	must_be_near(p, gcj02_to_wgs84(wgs84_to_gcj02(p)));
	must_be_near(p, bd09_to_gcj02(gcj02_to_bd09(p)));
	return 0;
}
