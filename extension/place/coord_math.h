/*
 * Coordinate arithmetic in plain C: no palloc, no ereport, no PostgreSQL header.
 *
 * WGS-84 and CGCS2000 (EPSG:4490) count as equal (< 1 m). GCJ-02 is the offset system of Chinese online
 * maps, BD-09 that of Baidu. Longitude/latitude in degrees. Outside China (the box 72.004-137.8347,
 * 0.8293-55.8271) every conversion is the identity.
 */
#ifndef CBD_COORD_MATH_H
#define CBD_COORD_MATH_H

#include <stdbool.h>

/* Degrees. */
typedef struct LonLat
{
	double lon;
	double lat;
} LonLat;

extern LonLat wgs84_to_gcj02(LonLat p);
extern LonLat gcj02_to_wgs84(LonLat p); /* iterated to 1e-11 degree */
extern LonLat gcj02_to_bd09(LonLat p);
extern LonLat bd09_to_gcj02(LonLat p); /* iterated to 1e-11 degree */
extern bool outside_china(LonLat p);
extern double metres_between(LonLat a, LonLat b); /* on the sphere of the mean radius */

#endif
