/* Geometries of PostGIS to and from EWKB in C, by PostGIS's own casts to bytea. */
#ifndef CBD_GEOMETRY_IO_H
#define CBD_GEOMETRY_IO_H

#include "postgres.h"
#include "fmgr.h"

#include "place/coord_math.h"

#define STORED_SRID 4490 /* of every geometry of ours: CGCS2000 degrees */

/* The two casts, looked up once per call site (FmgrInfo). */
typedef struct GeometryIo
{
	FmgrInfo to_bytea;
	FmgrInfo from_bytea;
} GeometryIo;

/* The casts of the geometry type that the called function returns, or takes as argument `arg` (from 0; -1:
 * returns). */
extern GeometryIo *GeometryCasts(FunctionCallInfo fcinfo, int arg);

/* The casts of that geometry type; the result lives in `context`. */
extern GeometryIo *GeometryCastsOf(Oid type, MemoryContext context);

/* A copy that may be written to. */
extern bytea *GeometryToEwkb(GeometryIo *io, Datum geometry);
extern Datum GeometryFromEwkb(GeometryIo *io, bytea *ewkb);

extern bytea *PointEwkb(LonLat p, int srid);
/* The SRID in the header, 0 when there is none; and the same geometry with another SRID. */
extern int EwkbSrid(const bytea *ewkb);
extern bytea *EwkbWithSrid(const bytea *ewkb, int srid);

extern bool EwkbIsPoint(const bytea *ewkb);
/* The coordinates of a non-empty point; false: another type or empty. */
extern bool EwkbPoint(const bytea *ewkb, LonLat *p);

#endif
