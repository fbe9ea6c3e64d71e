/* Kept counts of layers; see cell_count.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "core/json_write.h"
#include "core/own_lock.h"
#include "core/say.h"
#include "core/spi.h"
#include "core/time_budget.h"
#include "map/cell_count.h"
#include "map/district_count.h"
#include "map/place_order.h"
#include "map/tile.h"

#define CELL_BYTES 6 /* of map_cells.cells: number of the cell (2) and count (4), the lowest byte first */

bool
CountsTooOld(TimestampTz checked)
{
	return GetCurrentTimestamp() - checked > guc_tile_count_age * USECS_PER_SEC;
}

void
ReadCells(bytea *cells, int64 *counts)
{
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(cells);

	for (int at = 0; at + CELL_BYTES <= VARSIZE_ANY_EXHDR(cells); at += CELL_BYTES)
		counts[(bytes[at] | bytes[at + 1] << 8) % (CELLS * CELLS)] =
			bytes[at + 2] | bytes[at + 3] << 8 | bytes[at + 4] << 16 | (int64) bytes[at + 5] << 24;
}

/* The cells of the tile of one zoom that the walk is in. */
typedef struct OpenTile
{
	int cells;
	unsigned char bytes[CELLS * CELLS * CELL_BYTES];
} OpenTile;

/* A layer that is being counted. */
typedef struct LayerCount
{
	DataQuery *query;
	char *sql;
	PlaceOrder *orders[2]; /* in EPSG:3857, in GCJ-02 */
	int64 places;
	DegreeBox bounds;
	bool shifted;    /* which of them is walked through */
	OpenTile *tiles; /* by zoom */
} LayerCount;

/* PlaceWork */
static void
AddPlace(void *state, LonLat place)
{
	LayerCount *count = state;
	DegreeBox *bounds = &count->bounds;

	for (int i = 0; i < 2; i++)
		PlaceOrderAdd(count->orders[i], place);
	if (count->places++ == 0)
		*bounds = (DegreeBox){place.lon, place.lat, place.lon, place.lat};
	bounds->west = Min(bounds->west, place.lon);
	bounds->east = Max(bounds->east, place.lon);
	bounds->south = Min(bounds->south, place.lat);
	bounds->north = Max(bounds->north, place.lat);
}

/* Work of RunAsPublisher(): reads all places. */
static void
ReadPlaces(void *argument)
{
	LayerCount *count = argument;

	QueryExecute(count->query, count->sql, PlaceReceiver(AddPlace, count), 0);
}

/* A cell of the tile that is open at that zoom. */
static void
AddCell(OpenTile *tile, int cell, int64 count)
{
	unsigned char *at = &tile->bytes[tile->cells++ * CELL_BYTES];
	uint32 number = (uint32) Min(count, (int64) UINT32_MAX);

	at[0] = (unsigned char) cell;
	at[1] = (unsigned char) (cell >> 8);
	for (int i = 0; i < 4; i++)
		at[2 + i] = (unsigned char) (number >> (8 * i));
}

/* Stores the tile. */
static void
KeepTile(const LayerCount *count, TilePlace place, const OpenTile *tile)
{
	static SpiQuery insert = {"INSERT INTO citybigdata.map_cells (resource_code, gcj02, z, x, y, cells) "
							  "VALUES ($1, $2, $3, $4, $5, "
							  "$6)",
							  6,
							  {TEXTOID, BOOLOID, INT4OID, INT4OID, INT4OID, BYTEAOID}};
	bytea *cells = palloc(VARHDRSZ + tile->cells * CELL_BYTES);
	Datum values[] = {CStringGetTextDatum(count->query->resource->code),
					  BoolGetDatum(count->shifted),
					  Int32GetDatum(place.z),
					  Int32GetDatum((int32) place.x),
					  Int32GetDatum((int32) place.y),
					  PointerGetDatum(cells)};

	SET_VARSIZE(cells, VARHDRSZ + tile->cells * CELL_BYTES);
	memcpy(VARDATA(cells), tile->bytes, tile->cells * CELL_BYTES);
	SpiRun(&insert, values, NULL, SPI_OK_INSERT, 0);
	pfree(cells);
}

/* SquareWork: a square is a cell of the tile CELL_ZOOM above it, and a tile itself, whose cells were there
 * before. */
static void
EndSquare(void *state, int64_t code, int zoom, int64 count)
{
	LayerCount *layer = state;
	int tile_zoom = zoom - CELL_ZOOM;

	if (zoom <= TILE_ZOOM_MAX)
	{
		if (count > TILE_FEATURES)
			KeepTile(layer, CodeTile(code, zoom), &layer->tiles[zoom]);
		layer->tiles[zoom].cells = 0;
	}
	if (tile_zoom >= 0 && tile_zoom <= TILE_ZOOM_MAX)
		AddCell(&layer->tiles[tile_zoom], CodeCell(code, tile_zoom), count);
}

/* The counts by district as JSON; NULL: nobody is shown them. */
static char *
DistrictsJson(DataQuery *query, int budget)
{
	const Resource *resource = query->resource;
	DistrictCount *counts;
	StringInfoData json;
	int n;

	if (resource->geometry->level <= resource->level)
		return NULL;
	counts = CountDistricts(query, budget, &n);
	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(&json, ',');
		JsonName(&json, counts[i].code);
		JsonInt(&json, counts[i].count);
	}
	appendStringInfoChar(&json, '}');
	return json.data;
}

/* Replaces what was kept of the layer. */
static void
KeepLayer(LayerCount *count, TimestampTz begin, char *districts)
{
	static SpiQuery drop = {"DELETE FROM citybigdata.map_cells c WHERE c.resource_code "
							"OPERATOR(pg_catalog.=) $1",
							1,
							{TEXTOID}};
	static SpiQuery keep = {
		"INSERT INTO citybigdata.map_layer (resource_code, version, counted_at, checked_at, changes, "
		"took_ms, "
		"places, west, south, east, north, districts) SELECT $1, $2, $3, $3, citybigdata.layer_changes($1), "
		"$4, $5, $6, $7, $8, $9, $10::pg_catalog.jsonb ON CONFLICT (resource_code) DO UPDATE SET version = "
		"excluded.version, counted_at = excluded.counted_at, checked_at = excluded.checked_at, changes = "
		"excluded.changes, took_ms = excluded.took_ms, places = excluded.places, west = excluded.west, south "
		"= excluded.south, east = excluded.east, north = excluded.north, districts = excluded.districts, "
		"failed_at = NULL, failure = NULL",
		10,
		{TEXTOID, INT4OID, TIMESTAMPTZOID, INT4OID, INT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID, FLOAT8OID,
		 TEXTOID}};
	const Resource *resource = count->query->resource;
	bool none = count->places == 0;
	bool nulls[10] = {false, false, false, false, false, none, none, none, none, districts == NULL};
	Datum values[10] = {
		CStringGetTextDatum(resource->code), Int32GetDatum(resource->version),
		TimestampTzGetDatum(begin),          Int32GetDatum((int32) ((GetCurrentTimestamp() - begin) / 1000)),
		Int64GetDatum(count->places),        Float8GetDatum(count->bounds.west),
		Float8GetDatum(count->bounds.south), Float8GetDatum(count->bounds.east),
		Float8GetDatum(count->bounds.north), districts == NULL ? (Datum) 0 : CStringGetTextDatum(districts)};

	SpiRun(&drop, values, NULL, SPI_OK_DELETE, 0);
	for (int i = 0; i < 2; i++)
	{
		count->shifted = i == 1;
		PlaceOrderWalk(count->orders[i], 0, CODE_ZOOM, EndSquare, count);
		PlaceOrderEnd(count->orders[i]);
	}
	/* how long it took, with this */
	values[3] = Int32GetDatum((int32) ((GetCurrentTimestamp() - begin) / 1000));
	SpiRun(&keep, values, nulls, SPI_OK_INSERT, 0);
}

/* What is left of so many milliseconds; 1 at least. */
static int
Rest(TimestampTz begin, int budget)
{
	return Max(budget - (int) ((GetCurrentTimestamp() - begin) / 1000), 1);
}

/* The same within so many milliseconds; raises 50400. */
static void
KeepWithin(LayerCount *count, TimestampTz begin, char *districts, int budget)
{
	MemoryContext caller = CurrentMemoryContext;

	TimeBudgetBegin(budget);
	PG_TRY();
	{
		KeepLayer(count, begin, districts);
		CHECK_FOR_INTERRUPTS();
	}
	PG_CATCH();
	{
		ErrorData *error;
		bool spent = TimeBudgetSpent();

		TimeBudgetEnd();
		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		if (error->sqlerrcode != ERRCODE_QUERY_CANCELED || !spent)
			PG_RE_THROW();
		FlushErrorState();
		ereport(ERROR, (errcode(StatusSqlstate(CBD_TIMEOUT)),
						saymsg("the places of resource \"%s{resource}\" were not sorted in time",
							   count->query->resource->code)));
	}
	PG_END_TRY();
	TimeBudgetEnd();
}

/* Counts a layer; returns the number of its places. SPI is connected. */
static int64
CountLayer(Resource *resource, int budget)
{
	DataQuery *query = palloc(sizeof(DataQuery));
	LayerCount count = {.query = query};
	TimestampTz begin = GetCurrentTimestamp();
	StringInfoData sql;
	char *districts;

	InitQuery(query, resource, resource->level);
	count.tiles = palloc0(sizeof(OpenTile) * (TILE_ZOOM_MAX + 1));
	for (int i = 0; i < 2; i++)
		count.orders[i] = PlaceOrderBegin(i == 1);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	AppendPosition(query, &sql);
	AppendSource(query, &sql);
	count.sql = sql.data;
	RunAsPublisherWithin(resource, budget, 0, ReadPlaces, &count);
	districts = DistrictsJson(query, Rest(begin, budget));
	KeepWithin(&count, begin, districts, Rest(begin, budget));
	return count.places;
}

/* Rows that the planner expects of a resource. */
typedef struct RowEstimate
{
	DataQuery *query;
	int64 rows;
} RowEstimate;

/* Work of RunAsPublisher() */
static void
EstimateRows(void *argument)
{
	RowEstimate *estimate = argument;

	estimate->rows = QueryEstimate(estimate->query, QueryAll(estimate->query));
}

/* A resource with a geometry that is a relation; raises what is wrong. */
static Resource *
FindLayer(const char *code)
{
	MemoryContext context = CurrentMemoryContext;
	CbdStatus status;
	char *reason;
	Resource *resource = ResourceFind(code, false, &status, &reason);

	MemoryContextSwitchTo(context);
	if (resource == NULL)
		ereport(ERROR, (errcode(StatusSqlstate(status)),
						saymsg("resource \"%s{resource}\" cannot be served: %s{why*}", code, reason)));
	if (resource->geometry != NULL && !resource->is_function)
		return resource;
	ResourceRelease(resource);
	ereport(ERROR, (errcode(StatusSqlstate(CBD_INVALID_PARAMETER)),
					saymsg("resource \"%s{resource}\" is no table or view with a place", code)));
}

/* count_layer(code, seconds) returns the number of places; seconds 0: nothing is counted, the number of rows
 * that the planner expects. */
PG_FUNCTION_INFO_V1(cbd_count_layer);
extern Datum cbd_count_layer(PG_FUNCTION_ARGS);
Datum
cbd_count_layer(PG_FUNCTION_ARGS)
{
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int seconds = PG_GETARG_INT32(1);
	MemoryContext context = CurrentMemoryContext;
	RowEstimate estimate = {0};
	Resource *resource;
	volatile int64 number = 0;

	SpiBegin();
	MemoryContextSwitchTo(context);
	resource = FindLayer(code);
	PG_TRY();
	{
		if (seconds > 0)
		{
			/* one at a time: the later one replaces what the earlier one has made */
			OwnLock(OwnLockKey(psprintf("count_layer %s", code)));
			number = CountLayer(resource, Min(seconds, 86400) * 1000);
		}
		else
		{
			estimate.query = palloc(sizeof(DataQuery));
			InitQuery(estimate.query, resource, resource->level);
			RunAsPublisher(resource, 0, EstimateRows, &estimate);
			number = estimate.rows;
		}
	}
	PG_FINALLY();
	{
		ResourceRelease(resource);
	}
	PG_END_TRY();
	SpiEnd();
	PG_RETURN_INT64(number);
}
