/*
 * Where and when the features of a collection are. It is asked of the relation as its publisher, in a
 * subtransaction, and only what the planner takes for cheap: the exact box of small relations, else what
 * PostgreSQL knows of the column (the root of its index, or ANALYZE); the first and last time by an index.
 * Where the relation does not tell, the box of the platform's divisions stands in; a geometry above the
 * caller's level has none. Stored planes become degrees by the outline of the box.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/guarded.h"
#include "core/spi.h"
#include "ogc/ogc.h"
#include "place/coord.h"

#define CHEAP_EXTENT  5000.0 /* of the planner's cost: some 20 ms */
#define EXTENT_BUDGET 200    /* ms */
#define EDGE_POINTS   16     /* of an edge of a plane's box */

/* The box of all divisions: the platform's area and what it reports to. */
static SpiQuery platform_box = {"SELECT @postgis@.st_xmin(e.box), @postgis@.st_ymin(e.box), "
								"@postgis@.st_xmax(e.box), @postgis@.st_ymax(e.box) "
								"FROM (SELECT @postgis@.st_estimatedextent('citybigdata', "
								"'division_boundary', 'geom') AS box) e WHERE e.box IS "
								"NOT NULL",
								0};

/* $1 schema, $2 relation, $3 column: what PostgreSQL knows of its values. To be run as the publisher. */
static SpiQuery known_box = {"SELECT @postgis@.st_xmin(e.box), @postgis@.st_ymin(e.box), "
							 "@postgis@.st_xmax(e.box), @postgis@.st_ymax(e.box) "
							 "FROM (SELECT @postgis@.st_estimatedextent($1, $2, $3) AS box) e",
							 3,
							 {TEXTOID, TEXTOID, TEXTOID}};

/* What is asked, and where it goes. */
typedef struct ExtentTask
{
	DataQuery *query;
	OgcExtent *extent;
	char *box;   /* NULL: not asked */
	bool known;  /* what PostgreSQL knows may be asked too */
	char *times; /* NULL: there is no time */
} ExtentTask;

/* What may be asked of the relation. Its statements read it first of all (CheckSource()). */
static void
PrepareTask(ExtentTask *task)
{
	Resource *resource = task->query->resource;
	ResourceField *place = resource->geometry;
	const char *pg = resource->postgis;
	char kind = resource->is_function ? '\0' : get_rel_relkind(resource->relation);
	bool made = place->place != place->compared; /* of two columns */
	char *box;

	if (resource->is_function)
		return;
	if (place->level <= task->query->level && (made || place->srid == resource->srid))
	{
		box = psprintf("%s.st_extent(%s%s)", pg, place->place,
					   place->geography ? psprintf("::%s.geometry", pg) : "");
		task->box =
			psprintf("SELECT %s.st_xmin(%s), %s.st_ymin(%s), %s.st_xmax(%s), %s.st_ymax(%s) FROM %s AS r", pg,
					 box, pg, box, pg, box, pg, box, resource->source);
		task->known = !place->geography && !made && (kind == RELKIND_RELATION || kind == RELKIND_MATVIEW);
	}
	if (resource->time != NULL)
		task->times = psprintf("SELECT pg_catalog.min(r.%s), pg_catalog.max(r.%s) FROM %s AS r",
							   resource->time->column, resource->time->column, resource->source);
}

/* Keeps the corners of the last result, as degrees. */
static void
KeepBox(ExtentTask *task)
{
	const Resource *resource = task->query->resource;
	RequestCrs crs = {OUTPUT_EPSG, resource->srid, true, false};
	double *box = task->extent->box;
	double corner[4];
	LonLat p;

	if (SpiIsNull(0, 1))
		return;
	for (int i = 0; i < 4; i++)
		corner[i] = SpiDouble(0, i + 1);
	if (SridIsDegrees(resource->srid))
		crs.kind = OUTPUT_LONLAT;
	box[0] = box[1] = DBL_MAX;
	box[2] = box[3] = -DBL_MAX;
	for (int i = 0; i <= EDGE_POINTS; i++)
		for (int j = 0; j <= EDGE_POINTS; j++)
		{
			/* the outline is enough */
			if (i != 0 && i != EDGE_POINTS && j != 0 && j != EDGE_POINTS)
				continue;
			if (!RequestPoint(&crs, corner[0] + (corner[2] - corner[0]) * i / EDGE_POINTS,
							  corner[1] + (corner[3] - corner[1]) * j / EDGE_POINTS, &p))
				return;
			box[0] = Min(box[0], p.lon);
			box[1] = Min(box[1], p.lat);
			box[2] = Max(box[2], p.lon);
			box[3] = Max(box[3], p.lat);
		}
	task->extent->has_box = true;
}

/* An end of the times in the last result, as JSON. */
static char *
TimeText(const DataQuery *query, int col, const char *of_day)
{
	StringInfoData out;
	bool isnull;
	Datum value = SpiDatum(0, col, &isnull);

	if (isnull)
		return pstrdup("null");
	initStringInfo(&out);
	WriteValue(query, &out, query->resource->time, value);
	/* a day has no instant: it is all of it */
	if (query->resource->time->kind == FIELD_DATE && out.data[out.len - 1] == '"')
	{
		out.len--;
		appendStringInfo(&out, "%s\"", of_day);
	}
	return out.data;
}

/* Asks when it is cheap; false: it is not. */
static bool
AskCheaply(ExtentTask *task, const char *sql)
{
	if (sql == NULL || QueryCost(task->query, sql) > CHEAP_EXTENT)
		return false;
	QueryExecute(task->query, sql, NULL, 1);
	return SPI_processed > 0;
}

/* What PostgreSQL knows of the column. */
static void
AskKnown(ExtentTask *task)
{
	const Resource *resource = task->query->resource;
	Datum values[] = {CStringGetTextDatum(get_namespace_name(get_rel_namespace(resource->relation))),
					  CStringGetTextDatum(get_rel_name(resource->relation)),
					  CStringGetTextDatum(resource->geometry->column_name)};

	(void) SpiRead(&known_box, values, NULL, 1);
}

/* What RunAsPublisher() runs. */
static void
AskRelation(void *state)
{
	ExtentTask *task = state;

	if (AskCheaply(task, task->box))
		KeepBox(task);
	else if (task->known)
	{
		AskKnown(task);
		KeepBox(task);
	}
	if (AskCheaply(task, task->times))
	{
		MemoryContext before = MemoryContextSwitchTo(task->query->context);

		task->extent->begin = TimeText(task->query, 1, "T00:00:00Z");
		task->extent->end = TimeText(task->query, 2, "T23:59:59Z");
		MemoryContextSwitchTo(before);
	}
}

/* GuardedWork */
static bool
AskGuarded(void *state)
{
	ExtentTask *task = state;
	Resource *resource = task->query->resource;

	/* a list has many of them, and a page would be worth more waiting */
	RunAsPublisherWithin(resource, Min(resource->latency_budget, EXTENT_BUDGET), 0, AskRelation, task);
	return true;
}

void
FindCollectionExtent(DataQuery *query, OgcExtent *extent)
{
	MemoryContext caller = CurrentMemoryContext;
	ExtentTask task = {.query = query, .extent = extent};
	ErrorData *error;

	*extent = (OgcExtent){0};
	query->rfc_time = true;
	query->selective = true;
	PrepareTask(&task);
	if (RunGuarded(AskGuarded, &task, EndsStatement, &error) == GUARDED_FAILED)
	{
		ereport(DEBUG1, (errmsg("the extent of resource \"%s\" is not known: %s", query->resource->code,
								error->message)));
		FreeErrorData(error);
	}
	MemoryContextSwitchTo(caller);
	if (query->resource->time != NULL && extent->begin == NULL)
		extent->begin = extent->end = "null";
	if (extent->has_box || query->resource->geometry->level > query->level)
		return;
	if (SpiRead(&platform_box, NULL, NULL, 1) == 1)
	{
		for (int i = 0; i < 4; i++)
			extent->box[i] = SpiDouble(0, i + 1);
		extent->has_box = true;
	}
	MemoryContextSwitchTo(caller);
}
