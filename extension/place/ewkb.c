/*
 * Walking EWKB; see ewkb.h. Each geometry has its own byte order; nesting is bounded, counts are held against
 * the bytes that are left.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "place/ewkb.h"

/* Bits of the type in EWKB, which PostGIS adds to those of WKB. */
#define FLAG_Z      0x80000000u
#define FLAG_M      0x40000000u
#define FLAG_SRID   0x20000000u
#define TYPE_MASK   0x1FFFFFFFu
#define DEPTH_LIMIT 200 /* PostGIS itself stops there */

/* Geometry types by the shape of their bodies. */
typedef enum Body
{
	BODY_UNKNOWN,
	BODY_POINT,  /* one point */
	BODY_POINTS, /* count, points */
	BODY_RINGS,  /* count, rings of points */
	BODY_PARTS   /* count, whole geometries */
} Body;

/* By number of the type. */
static const Body bodies[] = {
	[1] = BODY_POINT,    [2] = BODY_POINTS,   [3] = BODY_RINGS, [4] = BODY_PARTS,
	[5] = BODY_PARTS,    [6] = BODY_PARTS,    [7] = BODY_PARTS, /* geometry collection */
	[8] = BODY_POINTS,                                          /* circular string */
	[9] = BODY_PARTS,                                           /* compound curve */
	[10] = BODY_PARTS,                                          /* curve polygon */
	[11] = BODY_PARTS,   [12] = BODY_PARTS,                     /* multi-curve, multi-surface */
	[13] = BODY_UNKNOWN, [14] = BODY_UNKNOWN,                   /* abstract */
	[15] = BODY_PARTS,   [16] = BODY_PARTS,                     /* polyhedral surface, TIN */
	[17] = BODY_RINGS                                           /* triangle */
};

/* The walk through a geometry in place: each point goes through `move`. */
typedef struct Walk
{
	unsigned char *at;
	size_t left;
	bool little;       /* byte order of the geometry being read */
	size_t point_size; /* bytes, 16 to 32 */
	PointMove move;
	void *state;
} Walk;

/* The next 32 bits; false: the bytes end before. */
static bool
take_uint(Walk *w, uint32_t *value)
{
	const unsigned char *b = w->at;

	if (w->left < 4)
		return false;
	if (w->little)
		*value = b[0] | (uint32_t) b[1] << 8 | (uint32_t) b[2] << 16 | (uint32_t) b[3] << 24;
	else
		*value = b[3] | (uint32_t) b[2] << 8 | (uint32_t) b[1] << 16 | (uint32_t) b[0] << 24;
	w->at += 4;
	w->left -= 4;
	return true;
}

/* A number in the geometry's byte order. */
static double
get_double(const unsigned char *b, bool little)
{
	uint64_t bits = 0;
	double value;

	for (int i = 0; i < 8; i++)
		bits = bits << 8 | b[little ? 7 - i : i];
	memcpy(&value, &bits, 8);
	return value;
}

/* Writes a number in the geometry's byte order. */
static void
put_double(unsigned char *b, bool little, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, 8);
	for (int i = 0; i < 8; i++)
		b[little ? i : 7 - i] = (unsigned char) (bits >> (8 * i));
}

/* Moves `count` points at the position. */
static bool
move_points(Walk *w, uint32_t count)
{
	if (count > w->left / w->point_size)
		return false;
	for (uint32_t i = 0; i < count; i++, w->at += w->point_size)
	{
		LonLat p = {get_double(w->at, w->little), get_double(w->at + 8, w->little)};

		if (isnan(p.lon) || isnan(p.lat))
			continue;
		p = w->move(p, w->state);
		put_double(w->at, w->little, p.lon);
		put_double(w->at + 8, w->little, p.lat);
	}
	w->left -= count * w->point_size;
	return true;
}

/* The same where the count comes first. */
static bool
move_counted_points(Walk *w)
{
	uint32_t count;

	return take_uint(w, &count) && move_points(w, count);
}

/* Moves one geometry and those inside it; `depth` bounds nesting. */
static bool
move_geometry(Walk *w, int depth)
{
	uint32_t type;
	uint32_t count;
	uint32_t srid;
	Body body;

	if (depth > DEPTH_LIMIT || w->left < 1 || w->at[0] > 1)
		return false;
	w->little = w->at[0] == 1;
	w->at++;
	w->left--;
	if (!take_uint(w, &type) || ((type & FLAG_SRID) && !take_uint(w, &srid)))
		return false;
	w->point_size = 16 + (type & FLAG_Z ? 8 : 0) + (type & FLAG_M ? 8 : 0);
	type &= TYPE_MASK;
	body = type < sizeof(bodies) / sizeof(bodies[0]) ? bodies[type] : BODY_UNKNOWN;
	if (body == BODY_POINT)
		return move_points(w, 1);
	if (body == BODY_POINTS)
		return move_counted_points(w);
	if (body == BODY_UNKNOWN || !take_uint(w, &count))
		return false;
	/* a false count ends the loop at the end of the buffer: every part takes bytes */
	for (uint32_t i = 0; i < count; i++)
		if (!(body == BODY_RINGS ? move_counted_points(w) : move_geometry(w, depth + 1)))
			return false;
	return true;
}

bool
ewkb_move(unsigned char *buffer, size_t length, PointMove move, void *state)
{
	Walk w = {buffer, length, true, 16, move, state};

	return move_geometry(&w, 0) && w.left == 0;
}
