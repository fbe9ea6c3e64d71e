/* Boundaries from SQL: load_boundaries(), districts from GeoJSON into EPSG:4490. */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/call.h"
#include "core/say.h"
#include "core/spi.h"

/* What both statements read: number from 1, code and GeoJSON geometry of each feature. */
#define FEATURES                                                                                             \
	"WITH feature AS MATERIALIZED ("                                                                         \
	" SELECT f.n, COALESCE(f.feature->'properties'->>'code', f.feature->'properties'->>'adcode') AS code,"   \
	"  f.feature->'geometry' AS geometry"                                                                    \
	" FROM jsonb_array_elements(CASE WHEN jsonb_typeof($1->'features') = 'array' THEN $1->'features' ELSE "  \
	"'[]' END)"                                                                                              \
	"  WITH ORDINALITY f(feature, n)) "

/* The first feature that cannot be a boundary, and why. */
static SpiQuery error_query = {
	FEATURES ", fault AS (SELECT f.n, f.code, CASE"
			 " WHEN f.code IS NULL OR f.code !~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'"
			 "  THEN 'its property code (or adcode) must be a division code'"
			 " WHEN NOT EXISTS (SELECT FROM citybigdata.division d WHERE d.code = f.code) THEN 'the division "
			 "is not known'"
			 " WHEN count(*) OVER (PARTITION BY f.code) > 1 THEN 'the code occurs more than once'"
			 " WHEN COALESCE(f.geometry->>'type', '') NOT IN ('Polygon', 'MultiPolygon') THEN 'the geometry "
			 "must be a Polygon or MultiPolygon'"
			 " END AS problem FROM feature f) "
			 "SELECT f.n, f.code, f.problem FROM fault f WHERE f.problem IS NOT NULL ORDER BY f.n LIMIT 1",
	1,
	{JSONBOID}};

/* The features as boundaries, in EPSG:4490 and valid, in the place of those of before. */
static SpiQuery load_query = {
	FEATURES
	", read AS (SELECT f.code, "
	"@postgis@.ST_SetSRID(@postgis@.ST_Force2D(@postgis@.ST_GeomFromGeoJSON(f.geometry::text)), 4490) AS geom"
	" FROM feature f), "
	"moved AS (SELECT r.code, CASE $3 WHEN 'GCJ02' THEN citybigdata.gcj02_to_wgs84(r.geom)"
	" WHEN 'BD09' THEN citybigdata.gcj02_to_wgs84(citybigdata.bd09_to_gcj02(r.geom)) ELSE r.geom END AS geom "
	"FROM read r) "
	"INSERT INTO citybigdata.division_boundary AS b (code, geom, source) "
	"SELECT m.code, @postgis@.ST_Multi(@postgis@.ST_CollectionExtract(@postgis@.ST_MakeValid(m.geom), 3)), "
	"$2 FROM moved m "
	"ON CONFLICT ON CONSTRAINT division_boundary_pkey DO UPDATE SET geom = excluded.geom, source = "
	"excluded.source, shipped = false "
	"WHERE b.geom::pg_catalog.bytea <> excluded.geom::pg_catalog.bytea OR b.source IS DISTINCT FROM "
	"excluded.source "
	"RETURNING b.code, @postgis@.ST_XMin(@postgis@.box3d(b.geom)) < -180 OR "
	"@postgis@.ST_XMax(@postgis@.box3d(b.geom)) > 180 "
	" OR @postgis@.ST_YMin(@postgis@.box3d(b.geom)) < -90 OR @postgis@.ST_YMax(@postgis@.box3d(b.geom)) > 90 "
	"OR @postgis@.ST_IsEmpty(b.geom)",
	3,
	{JSONBOID, TEXTOID, TEXTOID}};

/* Raises when it is none of the systems that boundaries can be loaded in. */
static void
CheckCrs(const char *crs)
{
	static const char *const known[] = {"EPSG:4490", "EPSG:4326", "GCJ02", "BD09"};

	for (int i = 0; i < lengthof(known); i++)
		if (strcmp(crs, known[i]) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("boundaries cannot be in \"%s{crs}\"", crs),
			 sayhint("Valid are EPSG:4490, EPSG:4326, GCJ02 and BD09.")));
}

/* load_boundaries(geojson, source, crs) returns integer: rows inserted or changed. */
PG_FUNCTION_INFO_V1(cbd_load_boundaries);
extern Datum cbd_load_boundaries(PG_FUNCTION_ARGS);

Datum
cbd_load_boundaries(PG_FUNCTION_ARGS)
{
	Datum values[3] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};
	bool nulls[3] = {PG_ARGISNULL(0), PG_ARGISNULL(1), PG_ARGISNULL(2)};
	char *crs = ArgText(fcinfo, 2);
	uint64 count;

	if (nulls[0] || crs == NULL)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), saymsg("geojson and crs must not be null")));
	CheckCrs(crs);
	SpiBegin();
	if (SpiRun(&error_query, values, nulls, SPI_OK_SELECT, 1) == 1)
	{
		char *code = SpiText(0, 2);

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 saymsg("boundary of %s{code}: %s{why}", code == NULL ? "?" : code, SpiText(0, 3)),
				 saydetail("Feature " INT64_FORMAT "{number}; nothing was loaded.", SpiInt64(0, 1)),
				 sayhint("A valid feature is {\"type\":\"Feature\",\"properties\":{\"code\":\"110101\"},"
						 "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[116.3,39.9],[116.4,39.9],["
						 "116.4,40],[116.3,39.9]]]}}.")));
	}
	count = SpiRun(&load_query, values, nulls, SPI_OK_INSERT_RETURNING, 0);
	for (uint64 i = 0; i < count; i++)
		if (SpiBool(i, 2))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 saymsg("boundary of %s{code}: it has no area in longitude and latitude", SpiText(i, 1)),
					 saydetail("Nothing was loaded."),
					 sayhint("Coordinates are degrees, longitude first; convert those of a plane with "
							 "ST_Transform.")));
	SpiEnd();
	PG_RETURN_INT32((int32) count);
}
