/*
 * Place: coordinate systems and divisions, between the files of the folder.
 *
 *   coord_math.c    WGS 84 / CGCS2000 <-> GCJ-02 <-> BD-09: formulas, inverses iterated below a millimetre
 *   plane.c         degrees <-> the business system's plane: PROJ, or four parameters of a local one
 *   ewkb.c          moves every point of a PostGIS geometry; geometry_io.c: to and from PostGIS
 *   division.c      codes of GB/T 2260 by look-up; division_map.c: by place, prepared polygons
 *
 * Degrees are in EPSG:4490 unless a name says otherwise, longitude first; planes are in metres, easting
 * first.
 */
#ifndef CBD_COORD_H
#define CBD_COORD_H

#include "postgres.h"
#include "place/coord_math.h"

/* Is the system in degrees: CGCS2000 or WGS 84, whose values count as equal? */
static inline bool
SridIsDegrees(int srid)
{
	return srid == 4490 || srid == 4326;
}

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
