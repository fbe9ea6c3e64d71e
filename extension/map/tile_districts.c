/*
 * Counts per district, for callers below the level of a layer's geometry: a feature at a point of each
 * district, the same at every zoom, so that nothing finer can be asked for. Properties: `count`, `aggregate`
 * = "district", `divisionCode`, `divisionName`; of kept counts `countedAt`, too. A row whose district is not
 * known, or has no boundary, is on no map.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/interval.h"
#include "core/spi.h"
#include "map/cell_count.h"
#include "map/district_count.h"
#include "map/tile.h"

/* The properties of such features. */
typedef struct DistrictKeys
{
	int count, kind, code, name, time;
} DistrictKeys;

/* Where a district's point lies in the tile; false: outside it and its buffer. */
static bool
PointInTile(const TileQuery *tile, const DistrictPoint *district, double *x, double *y)
{
	LonLat place = tile->shifted ? wgs84_to_gcj02(district->place) : district->place;

	if (!TilePoint(&tile->place, place, x, y))
		return false;
	*x = rint(*x);
	*y = rint(*y);
	return *x >= -TILE_BUFFER && *y >= -TILE_BUFFER && *x <= TILE_EXTENT + TILE_BUFFER &&
		   *y <= TILE_EXTENT + TILE_BUFFER;
}

/* Has the tile the point of a district? */
static bool
AnyInTile(const TileQuery *tile)
{
	int n;
	const DistrictPoint *points = DistrictPoints(&n);
	double x, y;

	for (int i = 0; i < n; i++)
		if (PointInTile(tile, &points[i], &x, &y))
			return true;
	return false;
}

/* Writes a district. */
static void
PutDistrict(TileQuery *tile, const DistrictKeys *keys, const DistrictPoint *district, int64 count, double x,
			double y)
{
	MvtLayer *layer = &tile->layer;
	char time[16];

	MvtFeatureBegin(layer, atoi(district->code));
	MvtPoint(layer, (int32) x, (int32) y);
	MvtInteger(layer, keys->count, count);
	MvtText(layer, keys->kind, "district", 8);
	MvtText(layer, keys->code, district->code, strlen(district->code));
	if (district->name[0] != '\0')
		MvtText(layer, keys->name, district->name, strlen(district->name));
	if (tile->counted != 0)
	{
		FormatTimePoint(tile->counted, time);
		MvtText(layer, keys->time, time, strlen(time));
	}
	MvtFeatureEnd(layer);
}

/* bsearch: a district by its code. */
static int
CompareDistrict(const void *code, const void *district)
{
	return strcmp(code, ((const DistrictPoint *) district)->code);
}

/* Kept counts by district; false: there are none that may be shown. */
static bool
KeptDistricts(TileQuery *tile, DistrictCount **counts, int *n)
{
	/* $1 resource, $2 its version */
	static SpiQuery find = {
		"SELECT d.key, d.value::pg_catalog.int8, l.counted_at, l.checked_at FROM citybigdata.map_layer l "
		"CROSS "
		"JOIN LATERAL pg_catalog.jsonb_each_text(l.districts) d WHERE l.resource_code OPERATOR(pg_catalog.=) "
		"$1 AND l.version OPERATOR(pg_catalog.=) $2 ORDER BY d.key COLLATE pg_catalog.\"C\"",
		2,
		{TEXTOID, INT4OID}};
	const Resource *resource = tile->query->resource;
	Datum values[] = {CStringGetTextDatum(resource->code), Int32GetDatum(resource->version)};

	*n = (int) SpiRead(&find, values, NULL, 0);
	if (*n == 0 || CountsTooOld(SpiInt64(0, 4)))
		return false;
	tile->counted = SpiInt64(0, 3);
	*counts = palloc(sizeof(DistrictCount) * *n);
	for (int i = 0; i < *n; i++)
	{
		strlcpy((*counts)[i].code, SpiText(i, 1), sizeof((*counts)[i].code));
		(*counts)[i].count = SpiInt64(i, 2);
	}
	return true;
}

void
TileDistricts(TileQuery *tile)
{
	DataQuery *query = tile->query;
	const DistrictPoint *points;
	DistrictCount *counts;
	DistrictKeys keys;
	int n, npoints;

	if (!AnyInTile(tile))
		return;
	if (tile->filtered || !KeptDistricts(tile, &counts, &n))
		counts = CountDistricts(query, query->resource->latency_budget, &n);
	MemoryContextSwitchTo(query->context);
	MvtBegin(&tile->layer, query->resource->code);
	keys.count = MvtKey(&tile->layer, "count");
	keys.kind = MvtKey(&tile->layer, "aggregate");
	keys.code = MvtKey(&tile->layer, "divisionCode");
	keys.name = MvtKey(&tile->layer, "divisionName");
	keys.time = MvtKey(&tile->layer, "countedAt");
	points = DistrictPoints(&npoints);
	for (int i = 0; i < n; i++)
	{
		const DistrictPoint *district =
			bsearch(counts[i].code, points, npoints, sizeof(DistrictPoint), CompareDistrict);
		double x, y;

		if (district != NULL && PointInTile(tile, district, &x, &y))
			PutDistrict(tile, &keys, district, counts[i].count, x, y);
	}
}
