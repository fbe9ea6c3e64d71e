/* Coord: the business plane and other coordinate systems, to and from EPSG:4490. PROJ does the work;
 * transforms are cached per backend. */
#ifndef CBD_COORD_H
#define CBD_COORD_H

#include "postgres.h"
#include "place/coord_math.h"

/* Raises INVALID_COORDINATE when spatial_ref_sys has no such system or PROJ cannot use it. The next two do so
 * too. */
extern void CheckSrid(int srid);
extern bool SridKnown(int srid); /* the same question without the error */

/* X = easting, Y = northing in EPSG:srid (or degrees) to longitude/latitude EPSG:4490. False: not in the
 * system's domain. */
extern bool SridToLonLat(int srid, double x, double y, LonLat *out);
extern bool LonLatToSrid(int srid, LonLat p, double *x, double *y);

/* The business plane: citybigdata.local_plane onto citybigdata.business_srid. */
extern bool PlaneToLonLat(double x, double y, LonLat *out);
extern bool LonLatToPlane(LonLat p, double *x, double *y);

/* The online map's system (citybigdata.map_crs) to and from EPSG:4490. */
extern LonLat MapToLonLat(LonLat p);
extern LonLat LonLatToMap(LonLat p);

#endif
