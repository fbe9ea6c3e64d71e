/*
 * Shapes: geometries in EPSG:4490 that are asked again and again whether a point is in them, or how far from
 * them. GEOS's prepared form is kept, with the longitudes shortened by the cosine of the middle latitude, so
 * that the nearest point in that plane is the nearest in metres too, within 1 % for 2 degrees; the distance
 * itself is taken on the sphere.
 *
 * A shape lives outside of memory contexts, since GEOS's objects do, until ShapeFree(). Metres and degrees.
 */
#ifndef CBD_SHAPE_H
#define CBD_SHAPE_H

#include "postgres.h"

#include "place/coord_math.h"

/* A box in degrees. */
typedef struct ShapeBox
{
	double west, east, south, north;
} ShapeBox;

typedef struct Shape Shape;

/* The shape of an EWKB, which is changed on the way; NULL: it is not understood (ShapeMessage()). */
extern Shape *ShapeMake(unsigned char *ewkb, size_t size);
extern void ShapeFree(Shape *shape);

/* What GEOS said last. */
extern const char *ShapeMessage(void);

/* Is the point in the shape, its border included? -1: GEOS failed. */
extern int ShapeHas(const Shape *shape, LonLat p);

/* Metres from the point to the shape, 0 inside; -1: GEOS failed. */
extern double ShapeDistance(const Shape *shape, LonLat p);

/* Metres to the shape's box at most: a bound that costs no look at its border. */
extern double ShapeBoxDistance(const Shape *shape, LonLat p);

extern const ShapeBox *ShapeBoxOf(const Shape *shape);

/* Is the point in the box? */
static inline bool
BoxHas(const ShapeBox *box, LonLat p)
{
	return p.lon >= box->west && p.lon <= box->east && p.lat >= box->south && p.lat <= box->north;
}

/* The box widened by metres on each side. */
extern ShapeBox BoxWidened(const ShapeBox *box, double metres);

#endif
