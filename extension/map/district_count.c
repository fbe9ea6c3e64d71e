/* Rows of a resource by district; see district_count.h. */
#include "postgres.h"

#include "core/guc.h"
#include "core/spi.h"
#include "map/district_count.h"
#include "map/place_order.h"
#include "map/tile.h"
#include "place/division.h"

#define LOCATE_ZOOM 20 /* of squares whose rows are in one district: 38 m at the equator */

/* What is counted, and the counts so far. */
typedef struct DistrictWork
{
	DataQuery *query;
	char *sql;
	PlaceOrder *order; /* NULL: by division code */
	int n, room;
	DistrictCount *counts;
} DistrictWork;

/* So many rows more of a district; those of one come together. */
static void
AddCount(DistrictWork *work, const char *code, int64 count)
{
	for (int i = work->n - 1; i >= 0; i--)
		if (strcmp(work->counts[i].code, code) == 0)
		{
			work->counts[i].count += count;
			return;
		}
	if (work->n == work->room)
	{
		work->room *= 2;
		work->counts = repalloc(work->counts, sizeof(DistrictCount) * work->room);
	}
	strlcpy(work->counts[work->n].code, code, sizeof(work->counts[0].code));
	work->counts[work->n++].count = count;
}

/* Work of RunAsPublisher(): counts by the division code. */
static void
RunGroups(void *argument)
{
	DistrictWork *work = argument;
	DataQuery *query = work->query;

	QueryExecute(query, work->sql, NULL, 0);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		char *code = SpiText(row, 1);

		if (code != NULL && strlen(code) == 6)
			AddCount(work, code, SpiInt64(row, 2));
	}
}

/* PlaceWork */
static void
KeepPlace(void *state, LonLat place)
{
	PlaceOrderAdd(state, place);
}

/* Work of RunAsPublisher(): reads the places. */
static void
RunPlaces(void *argument)
{
	DistrictWork *work = argument;
	DataQuery *query = work->query;

	QueryExecute(query, work->sql, PlaceReceiver(KeepPlace, work->order), 0);
}

/* SquareWork: a square's rows belong to the district of its middle. */
static void
LocateSquare(void *state, int64_t code, int zoom, int64 count)
{
	DistrictWork *work = state;
	LonLat place = CodeDegrees(code, zoom);
	char district[DIVISION_CODE_SIZE];
	double distance;

	if (DistrictLocate(place.lon, place.lat, guc_boundary_tolerance, district, &distance))
		AddCount(work, district, count);
}

/* qsort: by code. */
static int
CompareCounts(const void *one, const void *other)
{
	return strcmp(((const DistrictCount *) one)->code, ((const DistrictCount *) other)->code);
}

DistrictCount *
CountDistricts(DataQuery *query, int budget, int *n)
{
	DistrictWork work = {.query = query, .room = 64};
	const ResourceField *division = query->resource->division;
	StringInfoData sql;

	MemoryContextSwitchTo(query->context);
	work.counts = palloc(sizeof(DistrictCount) * work.room);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	if (division != NULL)
		appendStringInfo(&sql, "pg_catalog.\"left\"(r.%s::pg_catalog.text, 6), pg_catalog.count(*)",
						 division->column);
	else
	{
		AppendPosition(query, &sql);
		work.order = PlaceOrderBegin(false);
	}
	AppendSource(query, &sql);
	if (division != NULL)
		appendStringInfoString(&sql, " GROUP BY 1");
	work.sql = sql.data;
	RunAsPublisherWithin(query->resource, budget, 0, division != NULL ? RunGroups : RunPlaces, &work);
	if (division == NULL)
	{
		PlaceOrderWalk(work.order, LOCATE_ZOOM, LOCATE_ZOOM, LocateSquare, &work);
		PlaceOrderEnd(work.order);
	}
	MemoryContextSwitchTo(query->context);
	qsort(work.counts, work.n, sizeof(DistrictCount), CompareCounts);
	*n = work.n;
	return work.counts;
}
