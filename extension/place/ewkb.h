/*
 * Moving the coordinates of an EWKB geometry in place, in plain C: no palloc, no ereport, no PostgreSQL
 * header.
 *
 * EWKB is PostGIS's binary form with Z, M and SRID flags. Every geometry type that PostGIS writes is walked,
 * curves, surfaces and nested collections too. Z, M and SRID stay as they are; nothing is trusted about
 * lengths.
 */
#ifndef CBD_EWKB_H
#define CBD_EWKB_H

#include <stdbool.h>
#include <stddef.h>

#include "place/coord_math.h"

/* Where a point goes. Points with a coordinate that is NaN (the EWKB of an empty point) are not shown to it.
 */
typedef LonLat (*PointMove)(LonLat p, void *state);

/* False: `buffer` is not one well-formed EWKB geometry; some of its points may have been moved. */
extern bool ewkb_move(unsigned char *buffer, size_t length, PointMove move, void *state);

#endif
