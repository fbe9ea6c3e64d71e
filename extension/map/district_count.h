/* Rows of a resource by district (GB/T 2260, six digits). */
#ifndef CBD_DISTRICT_COUNT_H
#define CBD_DISTRICT_COUNT_H

#include "postgres.h"
#include "data/query.h"

/* The rows of one district. */
typedef struct DistrictCount
{
	char code[16];
	int64 count;
} DistrictCount;

/*
 * Counts the rows that match the query by the district of their division code; where the resource has none,
 * by the district that their place lies in. By code, palloc'd in the query's context; `budget` in
 * milliseconds. SPI is connected.
 */
extern DistrictCount *CountDistricts(DataQuery *query, int budget, int *n);

#endif
