/*
 * Where a point lies: look-ups in the boundaries, by prepared GEOS geometries that each backend keeps.
 *
 * GEOS measures in the plane. Each area is kept with its longitudes shortened by the cosine of its middle
 * latitude, so that the nearest point of its border in that plane is the nearest in metres too, within 1 %
 * for an area of 2 degrees; the distance itself is then taken on the sphere.
 *
 * GEOS is C++: its objects live outside of memory contexts, and no error may be raised while it runs.
 */
#include "postgres.h"
#include "fmgr.h"

#include <geos_c.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "place/coord.h"
#include "place/division.h"
#include "place/ewkb.h"
#include "place/geometry_io.h"
#include "core/guc.h"
#include "core/reference_cache.h"
#include "core/say.h"
#include "core/spi.h"
#include "core/status.h"

#define RADIAN         (M_PI / 180.0)
#define DEGREE_METRES  111195.0 /* of a degree of latitude on the mean sphere */
#define DISTRICT_LEVEL 3

/* The boundary of a division, ready to be asked. */
typedef struct Area
{
	char code[DIVISION_CODE_SIZE];
	bool district;                   /* level 3 */
	double shorten;                  /* what longitudes were multiplied with */
	double west, east, south, north; /* degrees */
	GEOSGeometry *geometry;
	const GEOSPreparedGeometry *prepared;
} Area;

/* Told when the boundaries change: all are read anew. */
static ReferenceCache cache = {.table = "division_boundary"};
static GEOSContextHandle_t geos;
static char geos_message[256];
static Area *areas; /* ordered by code; malloc, as GEOS's own objects */
static int area_count;
static bool areas_complete; /* false: none loaded, or loading ended in an error */

/* All boundaries, by code. */
static SpiQuery areas_query = {"SELECT code, CAST(geom AS pg_catalog.bytea) FROM "
							   "citybigdata.division_boundary ORDER BY code COLLATE pg_catalog.\"C\"",
							   0,
							   {0}};

/* GEOS tells its errors here; the caller asks for the last one. */
static void
KeepMessage(const char *message, void *unused)
{
	strlcpy(geos_message, message, sizeof(geos_message));
}

/* Gives back what GEOS allocated, which is not in a memory context. */
static void
FreeAreas(void)
{
	for (int i = 0; i < area_count; i++)
	{
		if (areas[i].prepared != NULL)
			GEOSPreparedGeom_destroy_r(geos, areas[i].prepared);
		if (areas[i].geometry != NULL)
			GEOSGeom_destroy_r(geos, areas[i].geometry);
	}
	free(areas);
	areas = NULL;
	area_count = 0;
}

/* Takes a point into the area's box. */
static LonLat
WidenBox(LonLat p, void *state)
{
	Area *area = state;

	area->west = Min(area->west, p.lon);
	area->east = Max(area->east, p.lon);
	area->south = Min(area->south, p.lat);
	area->north = Max(area->north, p.lat);
	return p;
}

/* Longitude shortened, so that a degree is as long in both directions. */
static LonLat
Shorten(LonLat p, void *state)
{
	return (LonLat){p.lon * ((Area *) state)->shorten, p.lat};
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

/* Makes the area of one row; false: the message is in geos_message. */
static bool
MakeArea(Area *area, const char *code, bytea *ewkb, GEOSWKBReader *reader)
{
	unsigned char *data = (unsigned char *) VARDATA_ANY(ewkb);
	size_t size = VARSIZE_ANY_EXHDR(ewkb);

	strlcpy(area->code, code, DIVISION_CODE_SIZE);
	area->district = LevelOfCode(code) == DISTRICT_LEVEL;
	area->west = area->south = INFINITY;
	area->east = area->north = -INFINITY;
	strlcpy(geos_message, "not understood", sizeof(geos_message));
	if (!ewkb_move(data, size, WidenBox, area))
		return false;
	area->shorten = area->north >= area->south ? cos((area->south + area->north) / 2 * RADIAN) : 1;
	if (!ewkb_move(data, size, Shorten, area))
		return false;
	area->geometry = GEOSWKBReader_read_r(geos, reader, data, size);
	if (area->geometry != NULL)
		area->prepared = GEOSPrepare_r(geos, area->geometry);
	return area->prepared != NULL;
}

/* Reads all districts and prepares their polygons. */
static void
LoadAreas(void)
{
	GEOSWKBReader *reader;
	uint64 count;
	const char *failed = NULL;

	if (geos == NULL)
	{
		geos = GEOS_init_r();
		GEOSContext_setErrorMessageHandler_r(geos, KeepMessage, NULL);
	}
	FreeAreas();
	(void) ReferenceReset(&cache);
	ReferenceBegin(&cache);
	count = SpiRead(&areas_query, NULL, NULL, 0);
	areas = calloc(count + 1, sizeof(Area));
	if (areas == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), saymsg("out of memory")));
	reader = GEOSWKBReader_create_r(geos);
	for (uint64 i = 0; i < count && failed == NULL; i++)
	{
		char *code = SpiText(i, 1);
		bool isnull;
		Datum stored = SpiDatum(i, 2, &isnull);
		bytea *ewkb = DatumGetByteaPCopy(stored);

		pfree(DatumGetPointer(stored));
		if (!MakeArea(&areas[area_count++], code, ewkb, reader))
			failed = code;
		pfree(ewkb);
	}
	GEOSWKBReader_destroy_r(geos, reader);
	if (failed != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 saymsg("the boundary of division %s{code} cannot be used: %s{why}", failed, geos_message)));
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

/* Is the point in the box? Most districts are ruled out here. */
static bool
InBox(const Area *area, double lon, double lat)
{
	return lon >= area->west && lon <= area->east && lat >= area->south && lat <= area->north;
}

/* Metres to the area's box at most: a bound that costs no look at its border. */
static double
BoxDistance(const Area *area, double lon, double lat)
{
	double dx = Max(Max(area->west - lon, lon - area->east), 0) * area->shorten;
	double dy = Max(Max(area->south - lat, lat - area->north), 0);

	return sqrt(dx * dx + dy * dy) * DEGREE_METRES;
}

pg_attribute_noreturn() static void RaiseGeos(const Area *area)
{
	CHECK_FOR_INTERRUPTS();
	ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
					saymsg("looking up a point in the boundary of %s{code} failed: %s{why}", area->code,
						   geos_message)));
}

/* Is the point inside the polygon, its border included? */
static bool
Contains(const Area *area, double lon, double lat)
{
	GEOSGeometry *point;
	char result;

	if (!InBox(area, lon, lat))
		return false;
	point = GEOSGeom_createPointFromXY_r(geos, lon * area->shorten, lat);
	result = point == NULL ? 2 : GEOSPreparedIntersects_r(geos, area->prepared, point);
	if (point != NULL)
		GEOSGeom_destroy_r(geos, point);
	if (result == 2)
		RaiseGeos(area);
	return result == 1;
}

/* Metres to the border of an area that does not contain the point. */
static double
BorderDistance(const Area *area, double lon, double lat)
{
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, lon * area->shorten, lat);
	GEOSCoordSequence *nearest =
		point == NULL ? NULL : GEOSPreparedNearestPoints_r(geos, area->prepared, point);
	LonLat border;
	bool read;

	if (point != NULL)
		GEOSGeom_destroy_r(geos, point);
	if (nearest == NULL)
		RaiseGeos(area);
	/* the first of the pair lies on the prepared geometry */
	read = GEOSCoordSeq_getX_r(geos, nearest, 0, &border.lon) &&
		   GEOSCoordSeq_getY_r(geos, nearest, 0, &border.lat);
	GEOSCoordSeq_destroy_r(geos, nearest);
	if (!read)
		RaiseGeos(area);
	border.lon /= area->shorten;
	return metres_between(border, (LonLat){lon, lat});
}

/* The district whose box is nearest: where the search begins. */
static int
NearestBox(double lon, double lat)
{
	int nearest = 0;
	double best = INFINITY;

	for (int i = 0; i < area_count; i++)
	{
		double metres = areas[i].district ? BoxDistance(&areas[i], lon, lat) : INFINITY;

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
		if (areas[i].district && Contains(&areas[i], lon, lat))
			return &areas[i];
	first = NearestBox(lon, lat);
	for (int i = 0; i < area_count; i++)
	{
		/* the one with the nearest box comes first: it spares most of the others the measuring */
		const Area *area = &areas[(first + i) % area_count];
		double metres;

		/* the bound is of the plane: 2 % of room for what the plane distorts */
		if (!area->district || BoxDistance(area, lon, lat) * 0.98 > best_metres)
			continue;
		metres = BorderDistance(area, lon, lat);
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
	return Contains(area, lon, lat) ? 0 : BorderDistance(area, lon, lat);
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
