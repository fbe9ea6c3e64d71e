/*
 * Geometries of PostGIS as EWKB; see geometry_io.h. PostGIS's functions are found by the types of the call,
 * since its schema is anywhere.
 */
#include "postgres.h"
#include "core/varlena.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "parser/parse_coerce.h"
#include "port/pg_bswap.h"
#include "utils/lsyscache.h"

#include "place/geometry_io.h"

#define HEADER_SIZE 5 /* byte order and type */
#define SRID_SIZE   4
#define FLAG_SRID   ((uint32) 0x20000000)
#define TYPE_MASK   ((uint32) 0x1FFFFFFF)
#define TYPE_POINT  1
#ifdef WORDS_BIGENDIAN
#define NATIVE_ORDER 0
#else
#define NATIVE_ORDER 1
#endif

/* The function that casts between two types; an error when there is none. */
static void
FindCast(Oid target, Oid source, FmgrInfo *function, MemoryContext context)
{
	Oid oid;

	if (find_coercion_pathway(target, source, COERCION_EXPLICIT, &oid) != COERCION_PATH_FUNC)
		elog(ERROR, "no cast between geometry and bytea");
	fmgr_info_cxt(oid, function, context);
}

GeometryIo *
GeometryCastsOf(Oid type, MemoryContext context)
{
	GeometryIo *io = MemoryContextAllocZero(context, sizeof(GeometryIo));

	FindCast(BYTEAOID, type, &io->to_bytea, context);
	FindCast(type, BYTEAOID, &io->from_bytea, context);
	return io;
}

GeometryIo *
GeometryCasts(FunctionCallInfo fcinfo, int arg)
{
	FmgrInfo *call = fcinfo->flinfo;
	GeometryIo *io = call->fn_extra;
	Oid type;
	Oid *arg_types;
	int nargs;

	if (io != NULL)
		return io;
	type = get_func_rettype(call->fn_oid);
	if (arg >= 0)
	{
		get_func_signature(call->fn_oid, &arg_types, &nargs);
		Assert(arg < nargs);
		type = arg_types[arg];
	}
	io = GeometryCastsOf(type, call->fn_mcxt);
	call->fn_extra = io;
	return io;
}

bytea *
GeometryToEwkb(GeometryIo *io, Datum geometry)
{
	return DatumGetByteaP(FunctionCall1(&io->to_bytea, geometry));
}

Datum
GeometryFromEwkb(GeometryIo *io, bytea *ewkb)
{
	return FunctionCall1(&io->from_bytea, PointerGetDatum(ewkb));
}

/* The type word; the buffer is PostGIS's own, so its order is the server's. */
static uint32
EwkbType(const bytea *ewkb)
{
	uint32 type;

	if (VARSIZE_ANY_EXHDR(ewkb) < HEADER_SIZE || ((unsigned char *) VARDATA_ANY(ewkb))[0] != NATIVE_ORDER)
		elog(ERROR, "PostGIS wrote an EWKB that is not understood");
	memcpy(&type, (char *) VARDATA_ANY(ewkb) + 1, sizeof(type));
	return type;
}

int
EwkbSrid(const bytea *ewkb)
{
	int32 srid = 0;

	if ((EwkbType(ewkb) & FLAG_SRID) && VARSIZE_ANY_EXHDR(ewkb) >= HEADER_SIZE + SRID_SIZE)
		memcpy(&srid, (char *) VARDATA_ANY(ewkb) + HEADER_SIZE, sizeof(srid));
	return srid;
}

bytea *
EwkbWithSrid(const bytea *ewkb, int srid)
{
	uint32 type = EwkbType(ewkb);
	Size skip = HEADER_SIZE + (type & FLAG_SRID ? SRID_SIZE : 0);
	Size body = VARSIZE_ANY_EXHDR(ewkb) - skip;
	Size header = HEADER_SIZE + (srid != 0 ? SRID_SIZE : 0);
	bytea *result = palloc(VARHDRSZ + header + body);
	char *at = VARDATA(result);
	int32 number = srid;

	type = srid != 0 ? type | FLAG_SRID : type & ~FLAG_SRID;
	SET_VARSIZE(result, VARHDRSZ + header + body);
	at[0] = NATIVE_ORDER;
	memcpy(at + 1, &type, sizeof(type));
	if (srid != 0)
		memcpy(at + HEADER_SIZE, &number, sizeof(number));
	memcpy(at + header, (char *) VARDATA_ANY(ewkb) + skip, body);
	return result;
}

bytea *
PointEwkb(LonLat p, int srid)
{
	Size size = VARHDRSZ + HEADER_SIZE + SRID_SIZE + 16;
	bytea *result = palloc(size);
	char *at = VARDATA(result);
	uint32 type = TYPE_POINT | FLAG_SRID;
	int32 number = srid;

	SET_VARSIZE(result, size);
	at[0] = NATIVE_ORDER;
	memcpy(at + 1, &type, sizeof(type));
	memcpy(at + HEADER_SIZE, &number, sizeof(number));
	memcpy(at + HEADER_SIZE + SRID_SIZE, &p.lon, 8);
	memcpy(at + HEADER_SIZE + SRID_SIZE + 8, &p.lat, 8);
	return result;
}

bool
EwkbIsPoint(const bytea *ewkb)
{
	return (EwkbType(ewkb) & TYPE_MASK) == TYPE_POINT;
}

bool
EwkbPoint(const bytea *ewkb, LonLat *p)
{
	uint32 type = EwkbType(ewkb);
	Size skip = HEADER_SIZE + (type & FLAG_SRID ? SRID_SIZE : 0);

	if ((type & TYPE_MASK) != TYPE_POINT || VARSIZE_ANY_EXHDR(ewkb) < skip + 16)
		return false;
	memcpy(&p->lon, (char *) VARDATA_ANY(ewkb) + skip, 8);
	memcpy(&p->lat, (char *) VARDATA_ANY(ewkb) + skip + 8, 8);
	return !isnan(p->lon) && !isnan(p->lat);
}
