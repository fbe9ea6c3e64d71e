/* What the statements of tiles have in common: which rows are near a tile, and where a row is. */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "map/tile.h"

#define SHIFT_DEGREES  0.012 /* GCJ-02 lies nowhere farther from WGS 84 */
#define EDGE_PARTS     16    /* an edge of a tile is a curve in other systems: pieces of it */
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

/* Are the values of a system in degrees that count as equal? */
static bool
IsDegrees(int srid)
{
	return srid == 4490 || srid == 4326;
}

void
AddTileBox(DataQuery *query, StringInfo sql, DegreeBox box, int zoom)
{
	const ResourceField *field = query->resource->geometry;
	const char *postgis = query->resource->postgis;
	int srid = query->resource->srid;
	const double sides[4] = {box.west, box.south, box.east, box.north};
	int n[4];
	char *envelope;

	for (int i = 0; i < 4; i++)
		n[i] = AddArgument(query, Float8GetDatum(sides[i]), FLOAT8OID);
	envelope = psprintf("%s.st_makeenvelope($%d, $%d, $%d, $%d, %d)", postgis, n[0], n[1], n[2], n[3],
						IsDegrees(srid) ? srid : 4490);
	if (!IsDegrees(srid))
		envelope = psprintf("%s.st_transform(%s.st_segmentize(%s, %.15g), %d)", postgis, postgis, envelope,
							Max((box.east - box.west), (box.north - box.south)) / EDGE_PARTS, srid);
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
