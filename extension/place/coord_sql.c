/*
 * Coordinates in SQL: geometries between WGS-84, GCJ-02 and BD-09, and between the business plane and
 * EPSG:4490. Any geometry type; Z, M and, between the three map systems, the SRID are kept.
 */
#include "postgres.h"
#include "core/varlena.h"
#include "fmgr.h"

#include "place/coord.h"
#include "place/ewkb.h"
#include "place/geometry_io.h"
#include "core/guc.h"
#include "core/say.h"
#include "core/status.h"

/* CGCS2000, longitude and latitude: what geometry columns hold. */

/* What happens to each point of a geometry, and the first point for which it could not. */
typedef struct Move
{
	LonLat (*formula)(LonLat p);
	bool failed;
	LonLat failed_at;
} Move;

/* A point by a formula between map systems. */
static LonLat
MoveByFormula(LonLat p, void *state)
{
	return ((Move *) state)->formula(p);
}

/* A point into the business system's plane. */
static LonLat
MoveToPlane(LonLat p, void *state)
{
	Move *move = state;
	LonLat out = p;

	if (!move->failed && !LonLatToPlane(p, &out.lon, &out.lat))
	{
		move->failed = true;
		move->failed_at = p;
	}
	return out;
}

/* A point out of the business system's plane. */
static LonLat
MoveFromPlane(LonLat p, void *state)
{
	Move *move = state;
	LonLat out = p;

	if (!move->failed && !PlaneToLonLat(p.lon, p.lat, &out))
	{
		move->failed = true;
		move->failed_at = p;
	}
	return out;
}

/* Moves every point of a geometry; a point that cannot be moved is an error. */
static bytea *
MoveEwkb(bytea *ewkb, PointMove point_move, Move *move)
{
	if (!ewkb_move((unsigned char *) VARDATA(ewkb), VARSIZE(ewkb) - VARHDRSZ, point_move, move))
		elog(ERROR, "PostGIS wrote an EWKB that is not understood");
	return ewkb;
}

/* The SRID must be one of those that count as the wanted one; 0 is taken as it. */
static void
CheckGeometrySrid(const bytea *ewkb, int wanted, int equal)
{
	int srid = EwkbSrid(ewkb);

	if (srid != 0 && srid != wanted && srid != equal)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_INVALID_COORDINATE)),
						saymsg("the geometry has SRID %d{srid}, expected %d{wanted}", srid, wanted),
						sayhint("Convert it first, for example ST_Transform(geom, %d{srid}).", wanted)));
}

/* The four conversions between map systems: of degrees, which no plane's coordinates are. */
static Datum
MoveGeometry(FunctionCallInfo fcinfo, LonLat (*formula)(LonLat p))
{
	GeometryIo *io = GeometryCasts(fcinfo, -1);
	Move move = {.formula = formula};
	bytea *ewkb = GeometryToEwkb(io, PG_GETARG_DATUM(0));

	CheckGeometrySrid(ewkb, STORED_SRID, 4326);
	return GeometryFromEwkb(io, MoveEwkb(ewkb, MoveByFormula, &move));
}

/* The SQL function of one conversion of coord_math.h. */
#define MAP_CONVERSION(name)                                                                                 \
	PG_FUNCTION_INFO_V1(cbd_##name);                                                                         \
	extern Datum cbd_##name(PG_FUNCTION_ARGS);                                                               \
	Datum cbd_##name(PG_FUNCTION_ARGS)                                                                       \
	{                                                                                                        \
		return MoveGeometry(fcinfo, name);                                                                   \
	}

MAP_CONVERSION(wgs84_to_gcj02)
MAP_CONVERSION(gcj02_to_wgs84)
MAP_CONVERSION(gcj02_to_bd09)
MAP_CONVERSION(bd09_to_gcj02)

pg_attribute_noreturn() static void RaiseOutside(const char *what, LonLat p)
{
	ereport(
		ERROR,
		(errcode(StatusSqlstate(CBD_INVALID_COORDINATE)),
		 saymsg("%s{what*} (%.15g{x} %.15g{y}) is outside its coordinate system", what, p.lon, p.lat),
		 saydetail("The business plane is EPSG:%d{srid}%s{local*}.", guc_business_srid,
				   BusinessLocalPlane()->identity ? "" : MESSAGE(" with citybigdata.local_plane")),
		 sayhint("In EPSG:4548 Tiananmen is X 447950.5, Y 4419435.8; in EPSG:4490 it is 116.3913 39.9075.")));
}

/* plane_to_lonlat(x, y) returns geometry(Point, 4490): the business plane, metres. */
PG_FUNCTION_INFO_V1(cbd_plane_to_lonlat);
extern Datum cbd_plane_to_lonlat(PG_FUNCTION_ARGS);

Datum
cbd_plane_to_lonlat(PG_FUNCTION_ARGS)
{
	GeometryIo *io = GeometryCasts(fcinfo, -1);
	LonLat p = {PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1)};
	LonLat out;

	if (!PlaneToLonLat(p.lon, p.lat, &out))
		RaiseOutside(MESSAGE("the point"), p);
	return GeometryFromEwkb(io, PointEwkb(out, STORED_SRID));
}

/* plane_to_lonlat(geometry): any geometry of the business plane to EPSG:4490. */
PG_FUNCTION_INFO_V1(cbd_plane_geometry_to_lonlat);
extern Datum cbd_plane_geometry_to_lonlat(PG_FUNCTION_ARGS);

Datum
cbd_plane_geometry_to_lonlat(PG_FUNCTION_ARGS)
{
	GeometryIo *io = GeometryCasts(fcinfo, -1);
	bytea *ewkb = GeometryToEwkb(io, PG_GETARG_DATUM(0));
	Move move = {0};

	CheckGeometrySrid(ewkb, guc_business_srid, guc_business_srid);
	MoveEwkb(ewkb, MoveFromPlane, &move);
	if (move.failed)
		RaiseOutside(MESSAGE("the geometry's point"), move.failed_at);
	return GeometryFromEwkb(io, EwkbWithSrid(ewkb, STORED_SRID));
}

/* lonlat_to_plane(geometry): any geometry of EPSG:4490 to the business plane; a local plane has SRID 0. */
PG_FUNCTION_INFO_V1(cbd_lonlat_to_plane);
extern Datum cbd_lonlat_to_plane(PG_FUNCTION_ARGS);

Datum
cbd_lonlat_to_plane(PG_FUNCTION_ARGS)
{
	GeometryIo *io = GeometryCasts(fcinfo, -1);
	bytea *ewkb = GeometryToEwkb(io, PG_GETARG_DATUM(0));
	Move move = {0};

	CheckGeometrySrid(ewkb, STORED_SRID, 4326);
	MoveEwkb(ewkb, MoveToPlane, &move);
	if (move.failed)
		RaiseOutside(MESSAGE("the geometry's point"), move.failed_at);
	return GeometryFromEwkb(io, EwkbWithSrid(ewkb, BusinessLocalPlane()->identity ? guc_business_srid : 0));
}

/* metres_between(lon1, lat1, lon2, lat2) returns float8: on the sphere of the mean radius. */
PG_FUNCTION_INFO_V1(cbd_metres_between);
extern Datum cbd_metres_between(PG_FUNCTION_ARGS);

Datum
cbd_metres_between(PG_FUNCTION_ARGS)
{
	LonLat a = {PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1)};
	LonLat b = {PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3)};

	PG_RETURN_FLOAT8(metres_between(a, b));
}
