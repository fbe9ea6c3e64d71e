/*
 * Where a layer's data lie, for TileJSON: of kept counts, or of the rows where they are few, else of the
 * districts with a boundary, else the world. Of a layer whose places the caller may not see, that of the
 * districts: it tells nothing of the data.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/spi.h"
#include "map/cell_count.h"
#include "map/layer.h"

#define DISTRICT_DEGREES 0.5 /* around the point of a district */

/* The districts; false: none has a boundary. */
static bool
DistrictBounds(DegreeBox *bounds)
{
	int n;
	const DistrictPoint *points = DistrictPoints(&n);

	if (n == 0)
		return false;
	*bounds = (DegreeBox){180, 90, -180, -90};
	for (int i = 0; i < n; i++)
	{
		bounds->west = Min(bounds->west, points[i].place.lon - DISTRICT_DEGREES);
		bounds->east = Max(bounds->east, points[i].place.lon + DISTRICT_DEGREES);
		bounds->south = Min(bounds->south, points[i].place.lat - DISTRICT_DEGREES);
		bounds->north = Max(bounds->north, points[i].place.lat + DISTRICT_DEGREES);
	}
	return true;
}

/* Kept counts; false: there are none that may be shown. */
static bool
KeptBounds(const Resource *resource, LayerExtent *extent)
{
	static SpiQuery find = {
		"SELECT l.west, l.south, l.east, l.north, l.counted_at, l.checked_at, coalesce((SELECT "
		"pg_catalog.max(c.z) FROM citybigdata.map_cells c WHERE c.resource_code OPERATOR(pg_catalog.=) $1), "
		"0) "
		"FROM citybigdata.map_layer l WHERE l.resource_code OPERATOR(pg_catalog.=) $1 AND l.version "
		"OPERATOR(pg_catalog.=) $2 AND l.counted_at IS NOT NULL",
		2,
		{TEXTOID, INT4OID}};
	Datum values[] = {CStringGetTextDatum(resource->code), Int32GetDatum(resource->version)};

	if (SpiRead(&find, values, NULL, 1) != 1 || CountsTooOld(SpiInt64(0, 6)))
		return false;
	extent->counted = SpiInt64(0, 5);
	extent->zoom = Max(extent->zoom, Min(SpiInt32(0, 7) + 1, TILE_ZOOM_MAX));
	if (SpiIsNull(0, 1))
		return false;
	extent->bounds = (DegreeBox){SpiDouble(0, 1), SpiDouble(0, 2), SpiDouble(0, 3), SpiDouble(0, 4)};
	return true;
}

/* The rows of a small layer. */
typedef struct BoundsWork
{
	DataQuery *query;
	char *sql;
	int64 places;
	DegreeBox bounds;
} BoundsWork;

/* PlaceWork */
static void
Widen(void *state, LonLat place)
{
	BoundsWork *work = state;

	if (work->places++ == 0)
		work->bounds = (DegreeBox){place.lon, place.lat, place.lon, place.lat};
	work->bounds.west = Min(work->bounds.west, place.lon);
	work->bounds.east = Max(work->bounds.east, place.lon);
	work->bounds.south = Min(work->bounds.south, place.lat);
	work->bounds.north = Max(work->bounds.north, place.lat);
}

/* Work of RunAsPublisher() */
static void
ReadBounds(void *argument)
{
	BoundsWork *work = argument;
	DataQuery *query = work->query;

	if (QueryEstimate(query, work->sql) <= LIVE_ROWS)
		QueryExecute(query, work->sql, PlaceReceiver(Widen, work), 0);
}

/* The rows; false: there are none, or many. */
static bool
RowBounds(TileQuery *tile, DegreeBox *bounds)
{
	DataQuery *query = tile->query;
	BoundsWork work = {.query = query};
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	AppendPosition(query, &sql);
	AppendSource(query, &sql);
	work.sql = sql.data;
	RunAsPublisher(query->resource, 0, ReadBounds, &work);
	MemoryContextSwitchTo(query->context);
	*bounds = work.bounds;
	return work.places > 0;
}

/* A number between two others. */
static double
Between(double low, double number, double high)
{
	return Max(low, Min(number, high));
}

LayerExtent
FindLayerExtent(TileQuery *tile)
{
	const Resource *resource = tile->query->resource;
	LayerExtent extent = {.zoom = LAYER_ZOOM};
	bool found = false;

	if (!tile->by_district && !tile->filtered)
		found = KeptBounds(resource, &extent);
	if (!tile->by_district && !found && !resource->is_function)
		found = RowBounds(tile, &extent.bounds);
	MemoryContextSwitchTo(tile->query->context);
	if (!found && !DistrictBounds(&extent.bounds))
		extent.bounds = (DegreeBox){-180, -90, 180, 90};
	extent.bounds = (DegreeBox){Between(-180, extent.bounds.west, 180),
								Between(-MERCATOR_LATITUDE, extent.bounds.south, MERCATOR_LATITUDE),
								Between(-180, extent.bounds.east, 180),
								Between(-MERCATOR_LATITUDE, extent.bounds.north, MERCATOR_LATITUDE)};
	return extent;
}
