/*
 * The place of a rule (`within`), read when the rule is saved and kept with it: a report is judged without
 * looking at what others published. A resource is read as its publisher, by query(), as a caller of level 1
 * sees it; when its rows change, the rule is saved again.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "rule/rule_guard.h"
#include "rule/rule_store.h"

#define PLACE_POINTS   20000
#define RESOURCE_PAGES 20 /* of 1000 rows */

/* clang-format off */
/* $1 GeoJSON, $2 metres, $3 points at most: the geometry in EPSG:4490; the number of what is wrong with it; more of that */
static SpiQuery read_geometry = {
	"SELECT CASE WHEN s.problem = 0 THEN CAST(s.geom AS pg_catalog.bytea) END, s.problem, CASE WHEN s.problem = 6 THEN"
	"  @postgis@.ST_IsValidReason(s.geom) END FROM (SELECT g.geom, CASE"
	"  WHEN @postgis@.ST_IsEmpty(g.geom) THEN 1 WHEN @postgis@.ST_NPoints(g.geom) > $3 THEN 2"
	"  WHEN @postgis@.ST_XMin(b.box) >= 3 AND @postgis@.ST_XMax(b.box) <= 54 AND @postgis@.ST_YMin(b.box) >= 73"
	"   AND @postgis@.ST_YMax(b.box) <= 136 THEN 3"
	"  WHEN NOT (@postgis@.ST_XMin(b.box) >= 73 AND @postgis@.ST_XMax(b.box) <= 136 AND @postgis@.ST_YMin(b.box) >= 3"
	"   AND @postgis@.ST_YMax(b.box) <= 54) THEN 4"
	"  WHEN $2 = 0 AND @postgis@.ST_Dimension(g.geom) < 2 THEN 5 WHEN NOT @postgis@.ST_IsValid(g.geom) THEN 6 ELSE 0 END AS problem"
	" FROM (SELECT @postgis@.ST_SetSRID(@postgis@.ST_Force2D(@postgis@.ST_GeomFromGeoJSON($1)), 4490) AS geom OFFSET 0) g,"
	" LATERAL (SELECT @postgis@.box3d(g.geom) AS box OFFSET 0) b OFFSET 0) s",
	3, {TEXTOID, FLOAT8OID, INT4OID}};
/* $1 resource, $2 cursor: a page of features as one GeometryCollection, and the cursor of the next */
static SpiQuery read_page = {
	"SELECT (SELECT json_build_object('type', 'GeometryCollection', 'geometries', json_agg(f.feature -> 'geometry'))::text"
	"  FROM json_array_elements(p.page -> 'features') f(feature) WHERE json_typeof(f.feature -> 'geometry') = 'object'),"
	" p.page ->> 'nextCursor' FROM (SELECT citybigdata.query_text($1, jsonb_strip_nulls(jsonb_build_object('format', 'geojson',"
	"  'pageSize', 1000, 'cursor', $2)))::json AS page OFFSET 0) p",
	2, {TEXTOID, TEXTOID}};
/* clang-format on */

/* What is wrong with a geometry, by the numbers of read_geometry; 6 has its own reason. */
static const char *const problems[] = {
	NULL,
	MESSAGE("the geometry is empty"),
	MESSAGE("the geometry has too many points"),
	MESSAGE("latitude and longitude are exchanged: longitude comes first"),
	MESSAGE("longitude 73 to 136 and latitude 3 to 54 degrees (CGCS2000) are expected"),
	MESSAGE("points and lines need metres"),
};

/* A geometry being read. */
typedef struct Place
{
	const char *geojson;
	const char *resource;
	double metres;
	bytea *ewkb;
	const char *problem; /* for ErrorAdd(); NULL: it is good */
} Place;

/* RuleWork: the parser of PostGIS raises errors. */
static CbdStatus
ReadGeometry(void *state, char **message)
{
	Place *place = state;
	Datum values[3] = {CStringGetTextDatum(place->geojson), Float8GetDatum(place->metres),
					   Int32GetDatum(PLACE_POINTS)};
	Datum geometry;
	bool isnull;
	int problem;

	SpiBegin();
	SpiRun(&read_geometry, values, NULL, SPI_OK_SELECT, 1);
	problem = SpiInt32(0, 2);
	place->problem = problem < lengthof(problems)
						 ? problems[problem]
						 : SaidBoth("the geometry is not valid: %s{why}", SpiText(0, 3));
	geometry = SpiDatum(0, 1, &isnull);
	SpiEnd();
	/* made of full size here: inside, it would go with SPI's memory */
	place->ewkb = isnull ? NULL : DatumGetByteaPCopy(geometry);
	return CBD_OK;
}

/* RuleWork: the geometries of all rows of a resource, as one GeoJSON. */
static CbdStatus
ReadResource(void *state, char **message)
{
	Place *place = state;
	StringInfoData all;
	char *cursor = NULL;

	initStringInfo(&all);
	appendStringInfoString(&all, "{\"type\":\"GeometryCollection\",\"geometries\":[");
	for (int page = 0; page < RESOURCE_PAGES && (page == 0 || cursor != NULL); page++)
	{
		Datum values[2] = {CStringGetTextDatum(place->resource),
						   cursor == NULL ? (Datum) 0 : CStringGetTextDatum(cursor)};
		bool nulls[2] = {false, cursor == NULL};

		SpiBegin();
		SpiRun(&read_page, values, nulls, SPI_OK_SELECT, 1);
		if (!SpiIsNull(0, 1))
			appendStringInfo(&all, "%s%s", page == 0 ? "" : ",", SpiText(0, 1));
		cursor = SpiText(0, 2);
		SpiEnd();
	}
	appendStringInfoString(&all, "]}");
	if (cursor != NULL)
		place->problem = SaidBoth("the resource has more than %d{limit} rows", RESOURCE_PAGES * 1000);
	place->geojson = all.data;
	return CBD_OK;
}

/* The node as JSON text. */
static char *
NodeText(const JsonNode *node)
{
	StringInfoData text;

	initStringInfo(&text);
	JsonWrite(&text, node);
	return text.data;
}

bytea *
RuleReadPlace(const Rule *rule, ErrorList *errors)
{
	const RuleTerms *terms = &rule->terms;
	const char *pointer = terms->resource != NULL ? "/when/within/resource" : "/when/within/geometry";
	Place place = {.resource = terms->resource, .metres = terms->metres};
	char *message = NULL;
	CbdStatus status = CBD_OK;

	if (terms->geometry != NULL && terms->geometry->kind != JSON_OBJECT)
	{
		ErrorAdd(errors, pointer, CBD_FIELD_TYPE, "expected is a GeoJSON geometry");
		return NULL;
	}
	if (place.resource != NULL)
		status = RuleGuarded(ReadResource, &place, &message);
	else
		place.geojson = NodeText(terms->geometry);
	if (status == CBD_OK && place.problem == NULL)
		status = RuleGuarded(ReadGeometry, &place, &message);
	if (status == CBD_OK && place.problem == NULL)
		return place.ewkb;
	if (place.problem != NULL)
		ErrorAdd(errors, pointer, CBD_INVALID_AREA, place.problem);
	else
		ErrorPrint(errors, false, pointer, CBD_INVALID_AREA, "it cannot be read: %s{why}", message);
	return NULL;
}
