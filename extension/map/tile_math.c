/* Arithmetic of map tiles; see tile_math.h. */
#include "map/tile_math.h"

#include <math.h>

#define PI 3.14159265358979323846

/* A place as fractions of the world's square, y from the north. */
static bool
WorldPoint(LonLat p, double *x, double *y)
{
	if (!(p.lon >= -180 && p.lon <= 180 && p.lat >= -MERCATOR_LATITUDE && p.lat <= MERCATOR_LATITUDE))
		return false;
	*x = p.lon / 360 + 0.5;
	*y = 0.5 - asinh(tan(p.lat * (PI / 180))) / (2 * PI);
	return true;
}

/* The place of such fractions. */
static LonLat
WorldDegrees(double x, double y)
{
	return (LonLat){(x - 0.5) * 360, atan(sinh(PI * (1 - 2 * y))) * (180 / PI)};
}

bool
TilePoint(const TilePlace *tile, LonLat p, double *x, double *y)
{
	double side = ldexp(1, tile->z);

	if (!WorldPoint(p, x, y))
		return false;
	*x = (*x * side - tile->x) * TILE_EXTENT;
	*y = (*y * side - tile->y) * TILE_EXTENT;
	return true;
}

LonLat
TileDegrees(const TilePlace *tile, double x, double y)
{
	double side = ldexp(1, tile->z);

	return WorldDegrees((tile->x + x / TILE_EXTENT) / side, (tile->y + y / TILE_EXTENT) / side);
}

DegreeBox
TileBox(const TilePlace *tile, double buffer)
{
	LonLat north_west = TileDegrees(tile, -buffer, -buffer);
	LonLat south_east = TileDegrees(tile, TILE_EXTENT + buffer, TILE_EXTENT + buffer);

	return (DegreeBox){fmax(north_west.lon, -180), fmax(south_east.lat, -MERCATOR_LATITUDE),
					   fmin(south_east.lon, 180), fmin(north_west.lat, MERCATOR_LATITUDE)};
}

/* The bits of a number, each followed by a zero. */
static uint64_t
Spread(uint32_t number)
{
	uint64_t bits = number;

	bits = (bits | (bits << 16)) & UINT64_C(0x0000FFFF0000FFFF);
	bits = (bits | (bits << 8)) & UINT64_C(0x00FF00FF00FF00FF);
	bits = (bits | (bits << 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	bits = (bits | (bits << 2)) & UINT64_C(0x3333333333333333);
	return (bits | (bits << 1)) & UINT64_C(0x5555555555555555);
}

/* Every second bit, from the lowest. */
static uint32_t
Gather(uint64_t bits)
{
	bits &= UINT64_C(0x5555555555555555);
	bits = (bits | (bits >> 1)) & UINT64_C(0x3333333333333333);
	bits = (bits | (bits >> 2)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	bits = (bits | (bits >> 4)) & UINT64_C(0x00FF00FF00FF00FF);
	bits = (bits | (bits >> 8)) & UINT64_C(0x0000FFFF0000FFFF);
	return (uint32_t) (bits | (bits >> 16));
}

/* A fraction as the number of its square; the far edge belongs to the last one. */
static uint32_t
Square(double fraction)
{
	double number = floor(ldexp(fraction, CODE_ZOOM));
	double last = ldexp(1, CODE_ZOOM) - 1;

	return (uint32_t) (number < 0 ? 0 : number > last ? last : number);
}

int64_t
PlaceCode(LonLat p)
{
	double x, y;

	if (!WorldPoint(p, &x, &y))
		return -1;
	return (int64_t) (Spread(Square(x)) | (Spread(Square(y)) << 1));
}

TilePlace
CodeTile(int64_t code, int zoom)
{
	uint64_t bits = (uint64_t) code >> (2 * (CODE_ZOOM - zoom));

	return (TilePlace){zoom, Gather(bits), Gather(bits >> 1)};
}

LonLat
CodeDegrees(int64_t code, int zoom)
{
	TilePlace square = CodeTile(code, zoom);
	double side = ldexp(1, zoom);

	return WorldDegrees((square.x + 0.5) / side, (square.y + 0.5) / side);
}

int
CodeCell(int64_t code, int zoom)
{
	TilePlace cell = CodeTile(code, zoom + CELL_ZOOM);

	return (int) ((cell.y & (CELLS - 1)) * CELLS + (cell.x & (CELLS - 1)));
}
