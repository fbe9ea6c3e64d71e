/* Places of a request: coordinate systems, the box, and output points. Stored degrees are EPSG:4490 (4326
 * counts as equal). */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "place/coord.h"
#include "text/param_parse.h"
#include "data/query.h"
#include "core/spi.h"

#define EDGE_POINTS  16   /* a straight edge in another system is a curve in degrees: points per edge */
#define SAME_DEGREES 1e-6 /* a decimetre: there and back again */
#define CRS_HINT     "valid: EPSG:4490, EPSG:4548, GCJ02, BD09"
#define BOX_HINT     "for example bbox=116.3,39.8,116.5,40.0"

/* $1 EPSG code: does PostGIS know it? */
static SpiQuery find_srid = {"SELECT 1 FROM @postgis@.spatial_ref_sys s WHERE s.srid = $1", 1, {INT4OID}};

/* EPSG:n, GCJ02, BD09; false after an error. */
bool
ReadCrs(DataQuery *query, const QueryParam *param, RequestCrs *crs)
{
	const char *text = param->values[0];
	int64 epsg;
	Datum values[1];
	double x, y;

	*crs = (RequestCrs){OUTPUT_LONLAT, 4490, false};
	if (strcmp(text, "GCJ02") == 0 || strcmp(text, "BD09") == 0)
	{
		crs->kind = text[0] == 'G' ? OUTPUT_GCJ02 : OUTPUT_BD09;
		return true;
	}
	if (strncmp(text, "EPSG:", 5) == 0 && integer_parse(text + 5, param->lengths[0] - 5, &epsg) && epsg > 0 &&
		epsg < 1000000)
	{
		crs->epsg = (int) epsg;
		if (SridIsDegrees(crs->epsg))
			return true;
		values[0] = Int32GetDatum(crs->epsg);
		if (SpiRead(&find_srid, values, NULL, 1) == 1)
		{
			MemoryContextSwitchTo(query->context);
			crs->kind = OUTPUT_EPSG;
			/* Beijing in degrees or in metres? */
			crs->projected = LonLatToSrid(crs->epsg, (LonLat){116.4, 39.9}, &x, &y) &&
							 (x > 180 || x < -180 || y > 90 || y < -90);
			return true;
		}
		MemoryContextSwitchTo(query->context);
	}
	QueryError(query, param->name, param->name_len, CBD_INVALID_COORDINATE,
			   "unknown coordinate system \"%.64s{value}\"; " CRS_HINT, text);
	return false;
}

bool
RequestPoint(const RequestCrs *crs, double x, double y, LonLat *out)
{
	*out = (LonLat){x, y};
	switch (crs->kind)
	{
		case OUTPUT_GCJ02:
			*out = gcj02_to_wgs84(*out);
			break;
		case OUTPUT_BD09:
			*out = gcj02_to_wgs84(bd09_to_gcj02(*out));
			break;
		case OUTPUT_EPSG:
			if (!SridToLonLat(crs->epsg, x, y, out))
				return false;
			break;
		default:
			break;
	}
	return out->lon >= -180 && out->lon <= 180 && out->lat >= -90 && out->lat <= 90;
}

bool
OutputPoint(const RequestCrs *crs, double x, double y, double *out_x, double *out_y)
{
	LonLat p = {x, y};

	if (crs->kind == OUTPUT_EPSG)
		return LonLatToSrid(crs->epsg, p, out_x, out_y);
	if (crs->kind != OUTPUT_LONLAT)
		p = wgs84_to_gcj02(p);
	if (crs->kind == OUTPUT_BD09)
		p = gcj02_to_bd09(p);
	*out_x = p.lon;
	*out_y = p.lat;
	return true;
}

/* The polygon of a ring of points of `srid`: a bytea of EWKB in the machine's byte order, for
 * st_geomfromewkb(). */
static Datum
PolygonBytes(const LonLat *ring, int n, int srid)
{
	StringInfoData ewkb;
#ifdef WORDS_BIGENDIAN
	uint8 order = 0;
#else
	uint8 order = 1;
#endif
	uint32 type = 0x20000003; /* polygon with SRID */
	uint32 head[3] = {(uint32) srid, 1, (uint32) n};
	bytea *bytes;

	initStringInfo(&ewkb);
	appendBinaryStringInfo(&ewkb, (char *) &order, 1);
	appendBinaryStringInfo(&ewkb, (char *) &type, sizeof(type));
	appendBinaryStringInfo(&ewkb, (char *) head, sizeof(head));
	for (int i = 0; i < n; i++)
	{
		double xy[2] = {ring[i].lon, ring[i].lat};

		appendBinaryStringInfo(&ewkb, (char *) xy, sizeof(xy));
	}
	bytes = palloc(VARHDRSZ + ewkb.len);
	SET_VARSIZE(bytes, VARHDRSZ + ewkb.len);
	memcpy(VARDATA(bytes), ewkb.data, ewkb.len);
	return PointerGetDatum(bytes);
}

/* The box's outline in degrees, closed; returns the number of points, 0 when one is outside the system or the
 * world. */
static int
BoxRing(const double box[4], const RequestCrs *crs, int steps, LonLat *ring)
{
	const double corners[5][2] = {
		{box[0], box[1]}, {box[2], box[1]}, {box[2], box[3]}, {box[0], box[3]}, {box[0], box[1]}};
	int n = 0;

	for (int side = 0; side < 4; side++)
		for (int i = 0; i < steps; i++)
		{
			double x = corners[side][0] + (corners[side + 1][0] - corners[side][0]) * i / steps;
			double y = corners[side][1] + (corners[side + 1][1] - corners[side][1]) * i / steps;

			if (!RequestPoint(crs, x, y, &ring[n++]))
				return 0;
		}
	ring[n] = ring[0];
	return n + 1;
}

/* The numbers of a box joined by commas, as they are or from a JSON array; NULL after an error. */
static const char *
BoxText(DataQuery *query, const QueryParam *param)
{
	StringInfoData text;
	char **items;
	int n;

	if (param->values[0][0] != '[')
		return param->values[0];
	items = ReadItems(query, param, LIST_ITEMS, &n);
	if (items == NULL)
		return NULL;
	initStringInfo(&text);
	for (int i = 0; i < n; i++)
		appendStringInfo(&text, "%s%s", i > 0 ? "," : "", items[i]);
	return text.data;
}

/* A box that is nowhere: with its axes the other way round it may be somewhere. `ring` is room for one. */
static void
NoBox(DataQuery *query, const QueryParam *param, const double box[4], const RequestCrs *crs, LonLat *ring)
{
	const double swapped[4] = {box[1], box[0], box[3], box[2]};

	if (BoxRing(swapped, crs, 1, ring) > 0)
		QueryError(
			query, param->name, param->name_len, CBD_INVALID_COORDINATE,
			"X and Y are swapped; probably meant: bbox=%.15g{minX},%.15g{minY},%.15g{maxX},%.15g{maxY}",
			swapped[0], swapped[1], swapped[2], swapped[3]);
	else
		QueryError(query, param->name, param->name_len, CBD_INVALID_COORDINATE,
				   "outside the world or its coordinate system; " BOX_HINT);
}

/* Has the plane of a system a place for the whole ring? A projection far from its zone gives numbers that
 * lead elsewhere. */
static bool
RingInPlane(const LonLat *ring, int n, int srid)
{
	for (int i = 0; i < n; i++)
	{
		LonLat back;
		double x, y;

		if (!LonLatToSrid(srid, ring[i], &x, &y) || !SridToLonLat(srid, x, y, &back) ||
			fabs(back.lon - ring[i].lon) > SAME_DEGREES || fabs(back.lat - ring[i].lat) > SAME_DEGREES)
			return false;
	}
	return true;
}

bool
BoxInPlane(const DataQuery *query, const double box[4])
{
	static const RequestCrs degrees = {OUTPUT_LONLAT, 4490, false};
	LonLat ring[4 * EDGE_POINTS + 1];
	int n = BoxRing(box, &degrees, EDGE_POINTS, ring);

	return n > 0 && SridKnown(query->resource->srid) && RingInPlane(ring, n, query->resource->srid);
}

/*
 * bbox: what touches the box. The index compares boxes of single precision (a metre), so the exact test
 * follows. Between systems the straight edge becomes a curve of EDGE_POINTS pieces. A box that is larger than
 * what the plane of the column is made for is not transformed: each row is, to degrees.
 */
void
AddBox(DataQuery *query, const QueryParam *param, const RequestCrs *crs)
{
	ResourceField *field = query->resource->geometry;
	bool straight = crs->kind == OUTPUT_LONLAT && SridIsDegrees(query->resource->srid);
	LonLat ring[4 * EDGE_POINTS + 1];
	int srid = query->resource->srid;
	const char *postgis;
	const char *shown;
	const char *error;
	const char *text;
	double box[4];
	char *place;
	int n;

	if (field == NULL)
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_PARAMETER,
				   "this resource has no place; leave bbox out");
		return;
	}
	text = MayAsk(query, param, field) ? BoxText(query, param) : NULL;
	if (text == NULL)
		return;
	if (!bbox_parse(text, strlen(text), box, &error))
	{
		QueryError(query, param->name, param->name_len, CBD_INVALID_COORDINATE,
				   "%s{why*}: minX,minY,maxX,maxY; " BOX_HINT, error);
		return;
	}
	n = BoxRing(box, crs, straight ? 1 : EDGE_POINTS, ring);
	if (n == 0)
	{
		NoBox(query, param, box, crs, ring);
		return;
	}
	postgis = query->resource->postgis;
	/* PostGIS reads it with the rights that the query runs with */
	place = psprintf("%s.st_geomfromewkb($%d)", postgis,
					 AddArgument(query, PolygonBytes(ring, n, SridIsDegrees(srid) ? srid : 4490), BYTEAOID));
	shown = field->place;
	if (!SridIsDegrees(srid) && SridKnown(srid) && RingInPlane(ring, n, srid))
		place = psprintf("%s.st_transform(%s, %d)", postgis, place, srid);
	else if (!SridIsDegrees(srid))
		shown = psprintf("%s.st_transform(%s, 4490)", postgis, field->place);
	query->selective = true;
	appendStringInfo(&query->where, " AND %s OPERATOR(%s.&&) %s", shown, postgis, place);
	if (straight && field->kind == FIELD_POINT)
	{
		Datum bounds[4];

		for (int i = 0; i < 4; i++)
			bounds[i] = Float8GetDatum(box[i]);
		appendStringInfo(&query->where, " AND %s.st_x(%s) >= $%d", postgis, field->place,
						 AddArgument(query, bounds[0], FLOAT8OID));
		appendStringInfo(&query->where, " AND %s.st_x(%s) <= $%d", postgis, field->place,
						 AddArgument(query, bounds[2], FLOAT8OID));
		appendStringInfo(&query->where, " AND %s.st_y(%s) >= $%d", postgis, field->place,
						 AddArgument(query, bounds[1], FLOAT8OID));
		appendStringInfo(&query->where, " AND %s.st_y(%s) <= $%d", postgis, field->place,
						 AddArgument(query, bounds[3], FLOAT8OID));
	}
	else
		appendStringInfo(&query->where, " AND %s.st_intersects(%s, %s)", postgis, shown, place);
}
