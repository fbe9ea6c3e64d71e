/* What the statements of tiles have in common: which rows are near a tile, and where a row is. */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "map/tile.h"
#include "place/coord.h"

#define SHIFT_DEGREES  0.012 /* GCJ-02 lies nowhere farther from WGS 84 */
#define EDGE_PARTS     16    /* an edge of a tile is a curve in other systems: points of it */
#define PLANE_ROOM     0.02  /* of the size of a box, for what lies between those points */
#define PLANE_ZOOM     6     /* from which on the box of a tile is looked for in a plane */
#define GEOGRAPHY_ZOOM 6     /* from which on the box of a tile is one of the sphere, too */

DegreeBox
SearchBox(const TileQuery *tile, double buffer)
{
	DegreeBox box = TileBox(&tile->place, buffer);

	if (tile->shifted)
		box = (DegreeBox){box.west - SHIFT_DEGREES, box.south - SHIFT_DEGREES, box.east + SHIFT_DEGREES,
						  box.north + SHIFT_DEGREES};
	return box;
}

/* What is known of a box in a plane. */
typedef enum PlaneAnswer
{
	PLANE_OUTSIDE, /* the system has no place for any of it */
	PLANE_PARTLY,  /* for some of it: nothing can be said */
	PLANE_INSIDE
} PlaneAnswer;

/*
 * A box of degrees in the plane of a system, as the least box around it there and some room: its edges are
 * curves. Whoever is outside the system's domain is not transformed, which PostGIS would take for an error.
 */
static PlaneAnswer
PlaneBox(DegreeBox box, int srid, double sides[4])
{
	const double corners[5][2] = {{box.west, box.south},
								  {box.east, box.south},
								  {box.east, box.north},
								  {box.west, box.north},
								  {box.west, box.south}};
	int inside = 0;
	double room;

	for (int i = 0; i < 4 * EDGE_PARTS; i++)
	{
		const double *from = corners[i / EDGE_PARTS];
		const double *to = corners[i / EDGE_PARTS + 1];
		double part = (double) (i % EDGE_PARTS) / EDGE_PARTS;
		LonLat p = {from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])};
		double x, y;

		if (!LonLatToSrid(srid, p, &x, &y))
			continue;
		sides[0] = inside == 0 ? x : Min(sides[0], x);
		sides[1] = inside == 0 ? y : Min(sides[1], y);
		sides[2] = inside == 0 ? x : Max(sides[2], x);
		sides[3] = inside == 0 ? y : Max(sides[3], y);
		inside++;
	}
	if (inside < 4 * EDGE_PARTS)
		return inside == 0 ? PLANE_OUTSIDE : PLANE_PARTLY;
	room = Max(sides[2] - sides[0], sides[3] - sides[1]) * PLANE_ROOM;
	sides[0] -= room;
	sides[1] -= room;
	sides[2] += room;
	sides[3] += room;
	return PLANE_INSIDE;
}

/* The box that the index is asked for, in the system of the column; false: no row is in it. *asked: false:
 * the index cannot tell, each row is looked at. */
static bool
ColumnBox(DegreeBox box, int srid, int zoom, double sides[4], bool *asked)
{
	PlaneAnswer answer;

	*asked = true;
	if (SridIsDegrees(srid))
	{
		memcpy(sides, (double[4]){box.west, box.south, box.east, box.north}, 4 * sizeof(double));
		return true;
	}
	*asked = false;
	/* much of the world: more than what such a system is for */
	if (zoom < PLANE_ZOOM || !SridKnown(srid))
		return true;
	answer = PlaneBox(box, srid, sides);
	*asked = answer == PLANE_INSIDE;
	return answer != PLANE_OUTSIDE;
}

void
AddTileBox(DataQuery *query, StringInfo sql, DegreeBox box, int zoom)
{
	const ResourceField *field = query->resource->geometry;
	const char *postgis = query->resource->postgis;
	int srid = query->resource->srid;
	double sides[4];
	int n[4];
	char *envelope;
	bool asked;

	if (!ColumnBox(box, srid, zoom, sides, &asked))
		appendStringInfoString(sql, " AND false");
	if (!asked)
		return;
	for (int i = 0; i < 4; i++)
		n[i] = AddArgument(query, Float8GetDatum(sides[i]), FLOAT8OID);
	envelope = psprintf("%s.st_makeenvelope($%d, $%d, $%d, $%d, %d)", postgis, n[0], n[1], n[2], n[3], srid);
	if (field->geography)
	{
		appendStringInfo(sql, " AND %s::%s.geometry OPERATOR(%s.&&) %s", field->place, postgis, postgis,
						 envelope);
		if (zoom >= GEOGRAPHY_ZOOM)
			appendStringInfo(sql, " AND %s OPERATOR(%s.&&) %s::%s.geography", field->place, postgis, envelope,
							 postgis);
	}
	else
		appendStringInfo(sql, " AND %s OPERATOR(%s.&&) %s", field->place, postgis, envelope);
}

void
AppendPosition(const DataQuery *query, StringInfo sql)
{
	const ResourceField *field = query->resource->geometry;
	const char *postgis = query->resource->postgis;
	char *place = GeometryExpression(query, field, postgis, false);

	if (field->kind != FIELD_POINT)
		place = psprintf("%s.st_centroid(%s.st_envelope(%s))", postgis, postgis, place);
	appendStringInfo(sql, "%s.st_x(%s), %s.st_y(%s)", postgis, place, postgis, place);
}
