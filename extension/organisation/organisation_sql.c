/* The organisation in SQL: responsible_unit(), unit_answers(), unit_within(), post_covers(), grid_area(),
 * duty_grid_at(). A
 * null argument is as in organisation.h: none is known, or in a post: every one. */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/call.h"
#include "core/result_row.h"
#include "core/spi.h"
#include "organisation/organisation.h"
#include "place/geometry_io.h"

/* responsible_unit(event_type, division) returns text: null when nobody answers. */
PG_FUNCTION_INFO_V1(cbd_responsible_unit);
extern Datum cbd_responsible_unit(PG_FUNCTION_ARGS);

Datum
cbd_responsible_unit(PG_FUNCTION_ARGS)
{
	char *unit = ResponsibleUnit(ArgText(fcinfo, 0), ArgText(fcinfo, 1));

	if (unit == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(unit));
}

/* unit_answers(unit, event_type, division) returns boolean. */
PG_FUNCTION_INFO_V1(cbd_unit_answers);
extern Datum cbd_unit_answers(PG_FUNCTION_ARGS);

Datum
cbd_unit_answers(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(UnitAnswers(ArgText(fcinfo, 0), ArgText(fcinfo, 1), ArgText(fcinfo, 2)));
}

/* unit_within(unit, ancestor) returns boolean. */
PG_FUNCTION_INFO_V1(cbd_unit_within);
extern Datum cbd_unit_within(PG_FUNCTION_ARGS);

Datum
cbd_unit_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(UnitWithin(ArgText(fcinfo, 0), ArgText(fcinfo, 1)));
}

/* post_covers(post_unit, post_division, unit, division) returns boolean. */
PG_FUNCTION_INFO_V1(cbd_post_covers);
extern Datum cbd_post_covers(PG_FUNCTION_ARGS);

Datum
cbd_post_covers(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(
		PostCovers(ArgText(fcinfo, 0), ArgText(fcinfo, 1), ArgText(fcinfo, 2), ArgText(fcinfo, 3)));
}

/* $1 GeoJSON or WKT: the area in EPSG:4490, and what is wrong with it. China lies in 73 to 136 degrees of
 * longitude and 3 to 54 of latitude. */
static SpiQuery read_area = {
	/* OFFSET 0: the text is read once, not once for each check */
	"SELECT CASE WHEN s.problem IS NULL THEN @postgis@.ST_Multi(s.geom) END, s.problem FROM (SELECT g.geom, "
	"CASE"
	"  WHEN g.geom IS NULL THEN 'no SRID is expected: longitude and latitude, CGCS2000'"
	"  WHEN @postgis@.GeometryType(g.geom) NOT IN ('POLYGON', 'MULTIPOLYGON')"
	"   THEN 'a Polygon or MultiPolygon is expected, not a ' || @postgis@.GeometryType(g.geom)"
	"  WHEN @postgis@.ST_IsEmpty(g.geom) THEN 'the area is empty'"
	"  WHEN @postgis@.ST_XMin(b.box) >= 3 AND @postgis@.ST_XMax(b.box) <= 54"
	"   AND @postgis@.ST_YMin(b.box) >= 73 AND @postgis@.ST_YMax(b.box) <= 136"
	"   THEN 'latitude and longitude are exchanged: longitude comes first'"
	"  WHEN NOT (@postgis@.ST_XMin(b.box) >= 73 AND @postgis@.ST_XMax(b.box) <= 136"
	"   AND @postgis@.ST_YMin(b.box) >= 3 AND @postgis@.ST_YMax(b.box) <= 54)"
	"   THEN 'longitude 73 to 136 and latitude 3 to 54 degrees (CGCS2000) are expected'"
	"  ELSE nullif(@postgis@.ST_IsValidReason(g.geom), 'Valid Geometry') END AS problem"
	" FROM (SELECT @postgis@.ST_SetSRID(@postgis@.ST_Force2D(CASE WHEN $1 ~ '^\\s*\\{'"
	"   THEN @postgis@.ST_GeomFromGeoJSON($1) WHEN $1 !~* '^\\s*SRID' THEN @postgis@.ST_GeomFromText($1) "
	"END),"
	"   4490) AS geom OFFSET 0) g, LATERAL (SELECT @postgis@.box3d(g.geom) AS box OFFSET 0) b OFFSET 0) s",
	1,
	{TEXTOID}};

/* grid_area(geometry) returns (area, problem): one of them. */
PG_FUNCTION_INFO_V1(cbd_grid_area);
extern Datum cbd_grid_area(PG_FUNCTION_ARGS);

Datum
cbd_grid_area(PG_FUNCTION_ARGS)
{
	Datum given = PG_GETARG_DATUM(0);
	Datum values[2];
	bool nulls[2];

	SpiBegin();
	SpiRead(&read_area, &given, NULL, 1);
	values[0] = SpiDatum(0, 1, &nulls[0]);
	values[1] = SpiDatum(0, 2, &nulls[1]);
	SpiEnd();
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

/* $1 point, as EWKB: the smallest grid around it. */
static SpiQuery grid_at = {
	"SELECT d.grid_code FROM citybigdata.duty_grid d,"
	" (SELECT $1::@postgis@.geometry AS point) p"
	" WHERE d.geom OPERATOR(@postgis@.&&) p.point AND @postgis@.ST_Intersects(d.geom, p.point)"
	" ORDER BY @postgis@.ST_Area(d.geom), d.grid_code LIMIT 1",
	1,
	{BYTEAOID}};

/* duty_grid_at(point) returns text. */
PG_FUNCTION_INFO_V1(cbd_duty_grid_at);
extern Datum cbd_duty_grid_at(PG_FUNCTION_ARGS);

Datum
cbd_duty_grid_at(PG_FUNCTION_ARGS)
{
	GeometryIo *io = GeometryCasts(fcinfo, 0);
	Datum point = PointerGetDatum(GeometryToEwkb(io, PG_GETARG_DATUM(0)));
	char *grid = NULL;

	SpiBegin();
	if (SpiRead(&grid_at, &point, NULL, 1) == 1)
		grid = SpiText(0, 1);
	SpiEnd();
	if (grid == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(grid));
}
