/*
 * Geometries of CQL2 filters: to degrees, as EWKB, and the spatial predicates over them. The index is asked
 * by boxes first. PostGIS gets nothing that it would refuse: points outside the world, polygons that cross
 * themselves and predicates that it has not for collections are errors of the request.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/spi.h"
#include "ogc/cql.h"
#include "place/coord.h"

#define SRID_FLAG  0x20000000 /* EWKB: the number of the system follows the type */
#define BOX_PIECES 16         /* of an edge that is a curve in degrees */

/* $1 EWKB: is it a polygon that does not cross itself? The reason is asked, since ST_IsValid() raises
 * notices. */
static SpiQuery is_valid = {
	"SELECT @postgis@.st_isvalidreason(@postgis@.st_geomfromewkb($1)) = 'Valid Geometry'", 1, {BYTEAOID}};

/* A geometry that is being written. */
typedef struct EwkbWriter
{
	const CqlTask *task;
	StringInfoData bytes;
	int srid;
	double box[4]; /* around the points: west, south, east, north */
	bool failed;
} EwkbWriter;

static inline void
PutInteger(EwkbWriter *writer, uint32 value)
{
	appendBinaryStringInfo(&writer->bytes, (char *) &value, sizeof(value));
}

/* Byte order and type, in the machine's order; the outermost geometry names the system. */
static void
PutHead(EwkbWriter *writer, CqlShape shape)
{
#ifdef WORDS_BIGENDIAN
	char order = 0;
#else
	char order = 1;
#endif
	bool outermost = writer->bytes.len == 0;

	appendStringInfoChar(&writer->bytes, order);
	PutInteger(writer, shape | (outermost ? SRID_FLAG : 0));
	if (outermost)
		PutInteger(writer, (uint32) writer->srid);
}

/* A point in the filter's system as degrees. */
static void
PutPoint(EwkbWriter *writer, double first, double second)
{
	const RequestCrs *crs = writer->task->crs;
	LonLat p;
	double xy[2];

	if (!RequestPoint(crs, crs->northing_first ? second : first, crs->northing_first ? first : second, &p))
	{
		writer->failed = true;
		return;
	}
	xy[0] = p.lon;
	xy[1] = p.lat;
	writer->box[0] = Min(writer->box[0], p.lon);
	writer->box[1] = Min(writer->box[1], p.lat);
	writer->box[2] = Max(writer->box[2], p.lon);
	writer->box[3] = Max(writer->box[3], p.lat);
	appendBinaryStringInfo(&writer->bytes, (char *) xy, sizeof(xy));
}

/* The outline of a box between two corners, closed; its edges in pieces where they are curves in degrees. */
static void
PutBoxRing(EwkbWriter *writer, double low1, double low2, double high1, double high2)
{
	const double corners[5][2] = {{low1, low2}, {high1, low2}, {high1, high2}, {low1, high2}, {low1, low2}};
	int pieces = writer->task->crs->kind == OUTPUT_LONLAT ? 1 : BOX_PIECES;

	PutInteger(writer, 1);
	PutInteger(writer, 4 * pieces + 1);
	for (int side = 0; side < 4; side++)
		for (int i = 0; i < pieces; i++)
			PutPoint(writer, corners[side][0] + (corners[side + 1][0] - corners[side][0]) * i / pieces,
					 corners[side][1] + (corners[side + 1][1] - corners[side][1]) * i / pieces);
	PutPoint(writer, low1, low2);
}

/* A box: a polygon, or the two of one that goes over the date line. */
static void
PutBox(EwkbWriter *writer, const CqlNode *points)
{
	const double *n = writer->task->filter->numbers + points->number;
	const RequestCrs *crs = writer->task->crs;
	int east = crs->northing_first ? 1 : 0;

	if (crs->kind == OUTPUT_LONLAT && n[east] > n[2 + east])
	{
		PutHead(writer, CQL_MULTIPOLYGON);
		PutInteger(writer, 2);
		PutHead(writer, CQL_POLYGON);
		PutBoxRing(writer, n[0], n[1], east == 0 ? 180 : n[2], east == 0 ? n[3] : 180);
		PutHead(writer, CQL_POLYGON);
		PutBoxRing(writer, east == 0 ? -180 : n[0], east == 0 ? n[1] : -180, n[2], n[3]);
		return;
	}
	PutHead(writer, CQL_POLYGON);
	PutBoxRing(writer, n[0], n[1], n[2], n[3]);
}

/* A geometry and all in it. */
static void
PutGeometry(EwkbWriter *writer, const CqlNode *node)
{
	const CqlFilter *filter = writer->task->filter;
	uint32 parts = 0;

	if (node->kind == CQL_POINTS)
	{
		for (int i = 0; i < node->points; i++)
			PutPoint(writer, filter->numbers[node->number + 2 * i],
					 filter->numbers[node->number + 2 * i + 1]);
		return;
	}
	if (node->op == CQL_BOX)
	{
		PutBox(writer, &filter->nodes[node->first]);
		return;
	}
	PutHead(writer, (CqlShape) node->op);
	for (int child = node->first; child != CQL_NONE; child = filter->nodes[child].next)
		parts++;
	if (node->op == CQL_LINE)
		PutInteger(writer, (uint32) filter->nodes[node->first].points);
	else if (node->op != CQL_POINT)
		PutInteger(writer, parts);
	for (int child = node->first; child != CQL_NONE; child = filter->nodes[child].next)
	{
		if (node->op == CQL_POLYGON)
			PutInteger(writer, (uint32) filter->nodes[child].points);
		PutGeometry(writer, &filter->nodes[child]);
	}
}

/* Has the geometry areas, or parts that may have some? */
static bool
IsAreal(const CqlNode *geometry)
{
	return geometry->op == CQL_POLYGON || geometry->op == CQL_MULTIPOLYGON || geometry->op == CQL_COLLECTION;
}

/* The geometry as a value, and the box around it; (Datum) 0 after an error. */
static Datum
GeometryDatum(const CqlTask *task, const CqlNode *geometry, int srid, double box[4])
{
	DataQuery *query = task->query;
	EwkbWriter writer = {.task = task, .srid = srid, .box = {180, 90, -180, -90}};
	Datum values[1];
	bytea *bytes;
	bool valid;

	initStringInfo(&writer.bytes);
	PutGeometry(&writer, geometry);
	memcpy(box, writer.box, sizeof(writer.box));
	CqlAt(task, geometry);
	if (writer.failed)
	{
		QueryError(query, task->param->name, task->param->name_len, CBD_INVALID_COORDINATE,
				   "a point outside the world or its coordinate system; its axes are %s{axes*}",
				   task->crs->northing_first ? MESSAGE("latitude or northing first")
											 : MESSAGE("longitude or easting first"));
		return (Datum) 0;
	}
	bytes = palloc(VARHDRSZ + writer.bytes.len);
	SET_VARSIZE(bytes, VARHDRSZ + writer.bytes.len);
	memcpy(VARDATA(bytes), writer.bytes.data, writer.bytes.len);
	values[0] = PointerGetDatum(bytes);
	if (!IsAreal(geometry))
		return values[0];
	(void) SpiRead(&is_valid, values, NULL, 1);
	valid = SpiBool(0, 1);
	MemoryContextSwitchTo(query->context);
	if (valid)
		return values[0];
	QueryError(query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
			   "a polygon that crosses itself, or whose holes are outside of it");
	return (Datum) 0;
}

/* The place of a row as geometry. */
static const char *
PlaceOf(const DataQuery *query, const ResourceField *field)
{
	return field->geography ? psprintf("%s::%s.geometry", field->place, query->resource->postgis)
							: field->place;
}

/*
 * The geometry and the place that are compared, and what the index is asked first: in the system of the
 * column, but for a geometry that is larger than what a plane is made for: then in degrees, row by row.
 */
static const char *
Together(const DataQuery *query, const ResourceField *field, const double box[4], char **other,
		 const char **place)
{
	const char *postgis = query->resource->postgis;
	int srid = query->resource->srid;

	if (SridIsDegrees(srid))
		return psprintf("%s OPERATOR(%s.&&) %s", field->place, postgis, *other);
	if (BoxInPlane(query, box))
	{
		*other = psprintf("%s.st_transform(%s, %d)", postgis, *other, srid);
		return psprintf("%s OPERATOR(%s.&&) %s", field->place, postgis, *other);
	}
	*place = psprintf("%s.st_transform(%s, 4490)", postgis, *place);
	return "true";
}

void
AddCqlSpatial(const CqlTask *task, const CqlNode *node, const ResourceField *field)
{
	static const char *const functions[] = {"st_intersects", "st_equals",   "st_intersects", "st_touches",
											"st_within",     "st_overlaps", "st_crosses",    "st_contains"};
	DataQuery *query = task->query;
	const CqlNode *property = &task->filter->nodes[node->first];
	const CqlNode *geometry = &task->filter->nodes[property->next];
	const char *postgis = query->resource->postgis;
	bool degrees = SridIsDegrees(query->resource->srid);
	bool plain = node->op == CQL_INTERSECTS || node->op == CQL_DISJOINT; /* collections have it too */
	const char *place = PlaceOf(query, field);
	const char *boxed;
	double box[4];
	char *other;
	Datum value;

	if (field != query->resource->geometry)
	{
		QueryError(query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
				   "\"%s{name}\" is not the geometry of this collection; that is \"%s{geometry}\"",
				   field->name, query->resource->geometry->name);
		return;
	}
	if (geometry->op == CQL_COLLECTION && !plain)
	{
		CqlAt(task, geometry);
		QueryError(query, task->param->name, task->param->name_len, CBD_INVALID_PARAMETER,
				   "a GEOMETRYCOLLECTION is only for S_INTERSECTS and S_DISJOINT");
		return;
	}
	value = GeometryDatum(task, geometry, degrees ? query->resource->srid : 4490, box);
	if (value == (Datum) 0)
		return;
	query->selective = true;
	other = psprintf("%s.st_geomfromewkb($%d)", postgis, AddArgument(query, value, BYTEAOID));
	boxed = Together(query, field, box, &other, &place);
	if (node->op == CQL_DISJOINT)
		appendStringInfo(&query->where, "(NOT %s.st_intersects(%s, %s))", postgis, place, other);
	/* PostGIS has the others not for collections, which a column of any geometry may hold */
	else if (plain || field->kind == FIELD_POINT)
		appendStringInfo(&query->where, "(%s AND %s.%s(%s, %s))", boxed, postgis, functions[node->op], place,
						 other);
	else
		appendStringInfo(&query->where,
						 "(%s AND CASE WHEN %s.st_geometrytype(%s) = 'ST_GeometryCollection' "
						 "THEN false ELSE %s.%s(%s, %s) END)",
						 boxed, postgis, place, postgis, functions[node->op], place, other);
}
