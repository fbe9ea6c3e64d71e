/*
 * Division: GB/T 2260 codes and boundaries.
 *
 * A code has 6 digits (province, prefecture, county), 9 (street) or 12 (community). Boundaries are
 * EPSG:4490. The look-ups by point use a per-backend cache of prepared GEOS geometries, dropped by a
 * relcache callback when citybigdata.division_boundary changes.
 */
#ifndef CBD_DIVISION_H
#define CBD_DIVISION_H

#include "postgres.h"
#include "utils/date.h"

#define DIVISION_CODE_SIZE 13 /* 12 digits and the terminator */

/* A division of the country (GB/T 2260, GB/T 10114) by its code. */
typedef struct Division
{
	char code[DIVISION_CODE_SIZE];
	char *name;
	char parent[DIVISION_CODE_SIZE];    /* "" at the top */
	int level;                          /* 1 province, 2 prefecture, 3 county, 4 street, 5 community */
	bool current;                       /* valid today */
	char successor[DIVISION_CODE_SIZE]; /* "" when unknown or current */
} Division;

/* 6, 9 or 12 digits? */
extern bool IsDivisionCode(const char *code);

/* Is the division `code` the division `above` or below it? By the codes alone, retired and unknown ones too:
 * 110000 has 110101, which has 110101001. */
extern bool DivisionWithin(const char *code, const char *above);

/* Today in the platform's zone, where the calendar day of validity begins. */
extern DateADT DivisionToday(void);

/* Finds a code (6, 9 or 12 digits), retired ones too. Cached per backend. Needs no SPI connection of the
 * caller. */
extern bool DivisionFind(const char *code, Division *division);

/*
 * The district (level 3) that contains the point, else the nearest within `tolerance` metres. Returns
 * false when there is none. *distance is 0 inside, else metres to the border.
 */
extern bool DistrictLocate(double lon, double lat, double tolerance, char *code, double *distance);

/* Metres from the point to the district's polygon, 0 inside; -1 when no boundary of that code is loaded. */
extern double DistrictDistance(const char *code, double lon, double lat);

/* Metres from the point to the platform's area (union of the district polygons), 0 inside; -1 without
 * boundaries. */
extern double AreaDistance(double lon, double lat);

#endif
