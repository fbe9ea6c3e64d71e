/* Divisions from SQL: division_find(), division_at(), division_distance(), area_distance(). */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "core/guc.h"
#include "core/say.h"
#include "core/status.h"
#include "place/coord.h"
#include "place/division.h"
#include "place/ewkb.h"
#include "place/geometry_io.h"

/* A text of the row; null when it is empty. */
static Datum
TextOrNull(const char *text, bool *isnull)
{
	*isnull = text[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

/* division_find(code) returns record: nulls when there is none. */
PG_FUNCTION_INFO_V1(cbd_division_find);
extern Datum cbd_division_find(PG_FUNCTION_ARGS);

Datum
cbd_division_find(PG_FUNCTION_ARGS)
{
	TupleDesc row;
	Division division;
	Datum values[6] = {0};
	bool nulls[6] = {true, true, true, true, true, true};

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "division_find must return a record");
	if (DivisionFind(text_to_cstring(PG_GETARG_TEXT_PP(0)), &division))
	{
		values[0] = TextOrNull(division.code, &nulls[0]);
		values[1] = TextOrNull(division.name, &nulls[1]);
		values[2] = TextOrNull(division.parent, &nulls[2]);
		values[3] = Int32GetDatum(division.level);
		values[4] = BoolGetDatum(division.current);
		values[5] = TextOrNull(division.successor, &nulls[5]);
		nulls[3] = nulls[4] = false;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}

/* The code of the district that a point belongs to; null: none is near enough. */
static Datum
DistrictCode(FunctionCallInfo fcinfo, double lon, double lat, double tolerance)
{
	char code[DIVISION_CODE_SIZE];
	double distance;

	if (!DistrictLocate(lon, lat, tolerance, code, &distance))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(code));
}

/* division_at(lon, lat [, tolerance]) returns text. */
PG_FUNCTION_INFO_V1(cbd_division_at);
Datum
cbd_division_at(PG_FUNCTION_ARGS)
{
	double tolerance = PG_NARGS() > 2 ? PG_GETARG_FLOAT8(2) : guc_boundary_tolerance;

	return DistrictCode(fcinfo, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), tolerance);
}

/* division_at(geometry) returns text: a point in any coordinate system that PROJ knows; empty gives null. */
PG_FUNCTION_INFO_V1(cbd_division_at_geometry);
Datum
cbd_division_at_geometry(PG_FUNCTION_ARGS)
{
	GeometryIo *io = GeometryCasts(fcinfo, 0);
	bytea *ewkb = GeometryToEwkb(io, PG_GETARG_DATUM(0));
	int srid = EwkbSrid(ewkb);
	LonLat p;
	LonLat q;

	if (!EwkbIsPoint(ewkb))
		ereport(ERROR, (errcode(StatusSqlstate(CBD_INVALID_COORDINATE)), saymsg("division_at needs a point"),
						sayhint("For example division_at(ST_PointOnSurface(geom)).")));
	if (!EwkbPoint(ewkb, &p))
		PG_RETURN_NULL();
	if (!SridToLonLat(srid == 0 ? 4490 : srid, p.lon, p.lat, &q))
		PG_RETURN_NULL();
	return DistrictCode(fcinfo, q.lon, q.lat, guc_boundary_tolerance);
}

/* division_distance(code, lon, lat) returns float8: metres, null without a boundary. */
PG_FUNCTION_INFO_V1(cbd_division_distance);
Datum
cbd_division_distance(PG_FUNCTION_ARGS)
{
	double metres =
		DistrictDistance(text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));

	if (metres < 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(metres);
}

/* area_distance(lon, lat) returns float8: metres, null without boundaries. */
PG_FUNCTION_INFO_V1(cbd_area_distance);
Datum
cbd_area_distance(PG_FUNCTION_ARGS)
{
	double metres = AreaDistance(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1));

	if (metres < 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(metres);
}
