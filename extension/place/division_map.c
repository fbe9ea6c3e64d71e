/*
 * Where a point lies: look-ups in the boundaries, by shapes (shape.h) that each backend keeps.
 */
#include "postgres.h"
#include "fmgr.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "place/coord.h"
#include "place/division.h"
#include "place/shape.h"
#include "core/reference_cache.h"
#include "core/say.h"
#include "core/spi.h"

#define DISTRICT_LEVEL 3

/* The boundary of a division, ready to be asked. */
typedef struct Area
{
	char code[DIVISION_CODE_SIZE];
	bool district; /* level 3 */
	Shape *shape;
} Area;

/* Told when the boundaries change: all are read anew. */
static ReferenceCache cache = {.table = "division_boundary"};
static Area *areas; /* ordered by code; malloc, as shapes */
static int area_count;
static bool areas_complete; /* false: none loaded, or loading ended in an error */

/* All boundaries, by code. */
static SpiQuery areas_query = {"SELECT code, CAST(geom AS pg_catalog.bytea) FROM "
							   "citybigdata.division_boundary ORDER BY code COLLATE pg_catalog.\"C\"",
							   0,
							   {0}};

/* Gives back what is not in a memory context. */
static void
FreeAreas(void)
{
	for (int i = 0; i < area_count; i++)
		ShapeFree(areas[i].shape);
	free(areas);
	areas = NULL;
	area_count = 0;
}

/* The levels of six-digit codes show in their zeros. */
static int
LevelOfCode(const char *code)
{
	size_t length = strlen(code);

	if (length > 6)
		return length == 9 ? 4 : 5;
	return strcmp(code + 2, "0000") == 0 ? 1 : strcmp(code + 4, "00") == 0 ? 2 : 3;
}

/* Makes the area of one row; false: ShapeMessage() says why not. */
static bool
MakeArea(Area *area, const char *code, bytea *ewkb)
{
	strlcpy(area->code, code, DIVISION_CODE_SIZE);
	area->district = LevelOfCode(code) == DISTRICT_LEVEL;
	area->shape = ShapeMake((unsigned char *) VARDATA_ANY(ewkb), VARSIZE_ANY_EXHDR(ewkb));
	return area->shape != NULL;
}

/* Reads all districts and prepares their polygons. */
static void
LoadAreas(void)
{
	uint64 count;
	const char *failed = NULL;

	FreeAreas();
	(void) ReferenceReset(&cache);
	ReferenceBegin(&cache);
	count = SpiRead(&areas_query, NULL, NULL, 0);
	areas = calloc(count + 1, sizeof(Area));
	if (areas == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), saymsg("out of memory")));
	for (uint64 i = 0; i < count && failed == NULL; i++)
	{
		char *code = SpiText(i, 1);
		bool isnull;
		Datum stored = SpiDatum(i, 2, &isnull);
		bytea *ewkb = DatumGetByteaPCopy(stored);

		pfree(DatumGetPointer(stored));
		if (!MakeArea(&areas[area_count++], code, ewkb))
			failed = code;
		pfree(ewkb);
	}
	if (failed != NULL)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						saymsg("the boundary of division %s{code} cannot be used: %s{why}", failed,
							   ShapeMessage())));
	ReferenceEnd(&cache);
}

/* Sees to it that the areas are those of the table. */
static void
NeedAreas(void)
{
	if (ReferenceIsFresh(&cache) && areas_complete)
		return;
	areas_complete = false;
	LoadAreas();
	areas_complete = true;
}

pg_attribute_noreturn() static void RaiseGeos(const Area *area)
{
	CHECK_FOR_INTERRUPTS();
	ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
					saymsg("looking up a point in the boundary of %s{code} failed: %s{why}", area->code,
						   ShapeMessage())));
}

/* Is the point inside the polygon, its border included? */
static bool
Contains(const Area *area, LonLat p)
{
	int has = ShapeHas(area->shape, p);

	if (has < 0)
		RaiseGeos(area);
	return has == 1;
}

/* Metres to the area, 0 inside. */
static double
Distance(const Area *area, LonLat p)
{
	double metres = ShapeDistance(area->shape, p);

	if (metres < 0)
		RaiseGeos(area);
	return metres;
}

/* The district whose box is nearest: where the search begins. */
static int
NearestBox(double lon, double lat)
{
	int nearest = 0;
	double best = INFINITY;

	for (int i = 0; i < area_count; i++)
	{
		double metres = areas[i].district ? ShapeBoxDistance(areas[i].shape, (LonLat){lon, lat}) : INFINITY;

		if (metres < best)
		{
			nearest = i;
			best = metres;
		}
	}
	return nearest;
}

/* The district that contains the point, else the nearest within `tolerance` metres; NULL when there is none.
 */
static const Area *
NearestDistrict(double lon, double lat, double tolerance, double *distance)
{
	const Area *best = NULL;
	double best_metres = tolerance;
	int first;

	*distance = 0;
	if (!isfinite(lon) || !isfinite(lat))
		return NULL;
	for (int i = 0; i < area_count; i++)
		if (areas[i].district && Contains(&areas[i], (LonLat){lon, lat}))
			return &areas[i];
	first = NearestBox(lon, lat);
	for (int i = 0; i < area_count; i++)
	{
		/* the one with the nearest box comes first: it spares most of the others the measuring */
		const Area *area = &areas[(first + i) % area_count];
		double metres;

		/* the bound is of the plane: 2 % of room for what the plane distorts */
		if (!area->district || ShapeBoxDistance(area->shape, (LonLat){lon, lat}) * 0.98 > best_metres)
			continue;
		metres = Distance(area, (LonLat){lon, lat});
		if (metres <= best_metres)
		{
			best = area;
			best_metres = metres;
		}
	}
	*distance = best_metres;
	return best;
}

bool
DistrictLocate(double lon, double lat, double tolerance, char *code, double *distance)
{
	const Area *area;

	NeedAreas();
	area = NearestDistrict(lon, lat, tolerance, distance);
	if (area != NULL)
		strlcpy(code, area->code, DIVISION_CODE_SIZE);
	return area != NULL;
}

/* bsearch: an area by its code. */
static int
CompareCode(const void *code, const void *area)
{
	return strcmp(code, ((const Area *) area)->code);
}

double
DistrictDistance(const char *code, double lon, double lat)
{
	const Area *area;

	NeedAreas();
	area = area_count == 0 ? NULL : bsearch(code, areas, area_count, sizeof(Area), CompareCode);
	if (area == NULL)
		return -1;
	if (!isfinite(lon) || !isfinite(lat))
		return INFINITY;
	return Distance(area, (LonLat){lon, lat});
}

double
AreaDistance(double lon, double lat)
{
	double distance;
	bool any = false;

	NeedAreas();
	for (int i = 0; i < area_count && !any; i++)
		any = areas[i].district;
	if (!any)
		return -1;
	return NearestDistrict(lon, lat, INFINITY, &distance) != NULL ? distance : INFINITY;
}
