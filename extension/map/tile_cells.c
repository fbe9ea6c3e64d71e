/*
 * Counts per cell: features at the middles of the cells of a tile, with the property `count`, and
 * `aggregate` = "cell", which says that they are no rows. Kept counts (cell_count.c) have `countedAt`, too.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "core/interval.h"
#include "core/spi.h"
#include "map/cell_count.h"
#include "map/tile.h"

/* Writes the cells that have rows. */
static void
PutCells(TileQuery *tile, const int64 *counts)
{
	MvtLayer *layer = &tile->layer;
	int count_key, kind_key, time_key = 0;
	char time[16];
	const int side = TILE_EXTENT / CELLS;

	MemoryContextSwitchTo(tile->query->context);
	MvtBegin(layer, tile->query->resource->code);
	count_key = MvtKey(layer, "count");
	kind_key = MvtKey(layer, "aggregate");
	if (tile->counted != 0)
	{
		time_key = MvtKey(layer, "countedAt");
		FormatTimePoint(tile->counted, time);
	}
	for (int i = 0; i < CELLS * CELLS; i++)
	{
		if (counts[i] == 0)
			continue;
		MvtFeatureBegin(layer, -1);
		MvtPoint(layer, i % CELLS * side + side / 2, i / CELLS * side + side / 2);
		MvtInteger(layer, count_key, counts[i]);
		MvtText(layer, kind_key, "cell", 4);
		if (tile->counted != 0)
			MvtText(layer, time_key, time, strlen(time));
		MvtFeatureEnd(layer);
	}
}

/* A tile whose rows are counted. */
typedef struct CellWork
{
	TileQuery *tile;
	char *sql;
	int64 counts[CELLS * CELLS];
} CellWork;

/* PlaceWork: a row of the tile, or near it. */
static void
CountPlace(void *state, LonLat place)
{
	CellWork *work = state;
	double x, y;

	if (work->tile->shifted)
		place = wgs84_to_gcj02(place);
	if (TilePoint(&work->tile->place, place, &x, &y) && x >= 0 && y >= 0 && x < TILE_EXTENT &&
		y < TILE_EXTENT)
		work->counts[(int) (y * CELLS / TILE_EXTENT) * CELLS + (int) (x * CELLS / TILE_EXTENT)]++;
}

/* Work of RunAsPublisher() */
static void
RunCount(void *argument)
{
	CellWork *work = argument;
	DataQuery *query = work->tile->query;

	QueryExecute(query, work->sql, PlaceReceiver(CountPlace, work), 0);
}

void
TileCells(TileQuery *tile)
{
	DataQuery *query = tile->query;
	CellWork *work;
	int nargs = query->nargs;
	StringInfoData sql;

	MemoryContextSwitchTo(query->context);
	work = palloc0(sizeof(CellWork));
	work->tile = tile;
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	AppendPosition(query, &sql);
	AppendSource(query, &sql);
	AddTileBox(query, &sql, SearchBox(tile, 0), tile->place.z);
	work->sql = sql.data;
	/* a street or the world: each has its plan */
	query->selective = true;
	RunAsPublisher(query->resource, 0, RunCount, work);
	query->nargs = nargs;
	PutCells(tile, work->counts);
}

bool
KeptCells(TileQuery *tile, bool *known)
{
	/* $1 resource, $2 its version, $3 GCJ-02, $4 to $6 the tile */
	static SpiQuery find = {
		"SELECT l.counted_at, l.checked_at, c.cells FROM citybigdata.map_layer l LEFT JOIN "
		"citybigdata.map_cells c ON c.resource_code OPERATOR(pg_catalog.=) l.resource_code AND c.gcj02 "
		"OPERATOR(pg_catalog.=) $3 AND c.z OPERATOR(pg_catalog.=) $4 AND c.x OPERATOR(pg_catalog.=) $5 AND "
		"c.y OPERATOR(pg_catalog.=) $6 WHERE l.resource_code OPERATOR(pg_catalog.=) $1 AND l.version "
		"OPERATOR(pg_catalog.=) $2 AND l.counted_at IS NOT NULL",
		6,
		{TEXTOID, INT4OID, BOOLOID, INT4OID, INT4OID, INT4OID},
		.generic = true};
	const Resource *resource = tile->query->resource;
	Datum values[] = {CStringGetTextDatum(resource->code),  Int32GetDatum(resource->version),
					  BoolGetDatum(tile->shifted),          Int32GetDatum(tile->place.z),
					  Int32GetDatum((int32) tile->place.x), Int32GetDatum((int32) tile->place.y)};
	int64 *counts;
	Datum cells;
	bool isnull;

	*known = SpiRead(&find, values, NULL, 1) == 1 && !CountsTooOld(SpiInt64(0, 2));
	if (!*known)
		return false;
	cells = SpiDatum(0, 3, &isnull);
	if (isnull)
		return false;
	tile->counted = SpiInt64(0, 1);
	counts = palloc0(sizeof(int64) * CELLS * CELLS);
	ReadCells(DatumGetByteaPP(cells), counts);
	PutCells(tile, counts);
	return true;
}
