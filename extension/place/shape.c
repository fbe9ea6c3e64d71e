/* Shapes: prepared GEOS geometries; see shape.h. No error may be raised while GEOS runs: it is C++. */
#include "postgres.h"

#include <geos_c.h>
#include <math.h>

#include "place/ewkb.h"
#include "place/shape.h"

#define RADIAN        (M_PI / 180.0)
#define DEGREE_METRES 111195.0 /* of a degree of latitude on the mean sphere */

struct Shape
{
	double shorten; /* what longitudes were multiplied with */
	ShapeBox box;
	GEOSGeometry *geometry;
	const GEOSPreparedGeometry *prepared;
};

static GEOSContextHandle_t geos;
static char geos_message[256];

/* GEOS tells its errors here. */
static void
KeepMessage(const char *message, void *unused)
{
	strlcpy(geos_message, message, sizeof(geos_message));
}

const char *
ShapeMessage(void)
{
	return geos_message;
}

/* Takes a point into the box. */
static LonLat
WidenBox(LonLat p, void *state)
{
	ShapeBox *box = state;

	box->west = Min(box->west, p.lon);
	box->east = Max(box->east, p.lon);
	box->south = Min(box->south, p.lat);
	box->north = Max(box->north, p.lat);
	return p;
}

/* Longitude shortened, so that a degree is as long in both directions. */
static LonLat
Shorten(LonLat p, void *state)
{
	return (LonLat){p.lon * ((Shape *) state)->shorten, p.lat};
}

/* Fills the shape; false: the message is in geos_message. */
static bool
Fill(Shape *shape, unsigned char *ewkb, size_t size)
{
	ShapeBox *box = &shape->box;
	GEOSWKBReader *reader;

	box->west = box->south = INFINITY;
	box->east = box->north = -INFINITY;
	strlcpy(geos_message, "not understood", sizeof(geos_message));
	if (!ewkb_move(ewkb, size, WidenBox, box))
		return false;
	shape->shorten = box->north >= box->south ? cos((box->south + box->north) / 2 * RADIAN) : 1;
	if (!ewkb_move(ewkb, size, Shorten, shape))
		return false;
	reader = GEOSWKBReader_create_r(geos);
	if (reader == NULL)
		return false;
	shape->geometry = GEOSWKBReader_read_r(geos, reader, ewkb, size);
	GEOSWKBReader_destroy_r(geos, reader);
	if (shape->geometry != NULL)
		shape->prepared = GEOSPrepare_r(geos, shape->geometry);
	return shape->prepared != NULL;
}

Shape *
ShapeMake(unsigned char *ewkb, size_t size)
{
	Shape *shape = calloc(1, sizeof(*shape));

	if (geos == NULL)
	{
		geos = GEOS_init_r();
		GEOSContext_setErrorMessageHandler_r(geos, KeepMessage, NULL);
	}
	if (shape != NULL && Fill(shape, ewkb, size))
		return shape;
	if (shape == NULL)
		strlcpy(geos_message, "out of memory", sizeof(geos_message));
	ShapeFree(shape);
	return NULL;
}

void
ShapeFree(Shape *shape)
{
	if (shape == NULL)
		return;
	if (shape->prepared != NULL)
		GEOSPreparedGeom_destroy_r(geos, shape->prepared);
	if (shape->geometry != NULL)
		GEOSGeom_destroy_r(geos, shape->geometry);
	free(shape);
}

const ShapeBox *
ShapeBoxOf(const Shape *shape)
{
	return &shape->box;
}

int
ShapeHas(const Shape *shape, LonLat p)
{
	GEOSGeometry *point;
	char result;

	if (!BoxHas(&shape->box, p))
		return 0;
	point = GEOSGeom_createPointFromXY_r(geos, p.lon * shape->shorten, p.lat);
	result = point == NULL ? 2 : GEOSPreparedIntersects_r(geos, shape->prepared, point);
	if (point != NULL)
		GEOSGeom_destroy_r(geos, point);
	return result == 2 ? -1 : result;
}

/* Metres to the border of a shape that does not have the point; -1: GEOS failed. */
static double
BorderDistance(const Shape *shape, LonLat p)
{
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, p.lon * shape->shorten, p.lat);
	GEOSCoordSequence *nearest =
		point == NULL ? NULL : GEOSPreparedNearestPoints_r(geos, shape->prepared, point);
	LonLat border;
	bool read;

	if (point != NULL)
		GEOSGeom_destroy_r(geos, point);
	if (nearest == NULL)
		return -1;
	/* the first of the pair lies on the prepared geometry */
	read = GEOSCoordSeq_getX_r(geos, nearest, 0, &border.lon) &&
		   GEOSCoordSeq_getY_r(geos, nearest, 0, &border.lat);
	GEOSCoordSeq_destroy_r(geos, nearest);
	if (!read)
		return -1;
	border.lon /= shape->shorten;
	return metres_between(border, p);
}

double
ShapeDistance(const Shape *shape, LonLat p)
{
	int has = ShapeHas(shape, p);

	return has != 0 ? (has < 0 ? -1 : 0) : BorderDistance(shape, p);
}

double
ShapeBoxDistance(const Shape *shape, LonLat p)
{
	double dx = Max(Max(shape->box.west - p.lon, p.lon - shape->box.east), 0) * shape->shorten;
	double dy = Max(Max(shape->box.south - p.lat, p.lat - shape->box.north), 0);

	return sqrt(dx * dx + dy * dy) * DEGREE_METRES;
}

ShapeBox
BoxWidened(const ShapeBox *box, double metres)
{
	/* 2 % of room for what the plane distorts */
	double degrees = metres * 1.02 / DEGREE_METRES;
	double middle = (box->south + box->north) / 2;
	double lon = degrees / Max(cos(middle * RADIAN), 0.01);

	return (ShapeBox){box->west - lon, box->east + lon, box->south - degrees, box->north + degrees};
}
