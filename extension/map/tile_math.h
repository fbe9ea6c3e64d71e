/*
 * Arithmetic of map tiles in plain C: no palloc, no ereport, no PostgreSQL header.
 *
 * The square of web Mercator (EPSG:3857) is cut into 2^z times 2^z tiles, x to the east, y to the south. A
 * tile has TILE_EXTENT units a side. Its cells, for counts, are those of zoom z + CELL_ZOOM: CELLS times
 * CELLS. The code of a place is its cell at CODE_ZOOM with the bits of x and y in turn (a Z-order curve), so
 * that all places of a tile or cell of any zoom stand together in the order of the codes.
 *
 * Degrees are of EPSG:4490 or GCJ-02; the world's square ends at MERCATOR_LATITUDE.
 */
#ifndef CBD_TILE_MATH_H
#define CBD_TILE_MATH_H

#include <stdbool.h>
#include <stdint.h>

#include "place/coord_math.h"

#define TILE_EXTENT       4096
#define TILE_BUFFER       64 /* units around a tile that its features reach into */
#define TILE_ZOOM_MAX     22
#define CELL_ZOOM         5
#define CELLS             (1 << CELL_ZOOM) /* of a side */
#define CODE_ZOOM         (TILE_ZOOM_MAX + CELL_ZOOM)
#define MERCATOR_LATITUDE 85.0511287798066

/* A tile's place. */
typedef struct TilePlace
{
	int z;
	uint32_t x, y;
} TilePlace;

/* A box in degrees. */
typedef struct DegreeBox
{
	double west, south, east, north;
} DegreeBox;

/* A point in the units of a tile; may lie outside. False: not in the world's square. */
extern bool TilePoint(const TilePlace *tile, LonLat p, double *x, double *y);

/* The middle of a part of a tile, in units: at (x, y). */
extern LonLat TileDegrees(const TilePlace *tile, double x, double y);

/* The box of a tile and so many units around it, cut at the world's square. */
extern DegreeBox TileBox(const TilePlace *tile, double buffer);

/* The code of a place; -1: not in the world's square. */
extern int64_t PlaceCode(LonLat p);

/* The tile of that zoom that a code lies in, and the middle of a code's square at a zoom up to CODE_ZOOM. */
extern TilePlace CodeTile(int64_t code, int zoom);
extern LonLat CodeDegrees(int64_t code, int zoom);

/* The number of a code's cell in its tile of that zoom: row times CELLS and column. */
extern int CodeCell(int64_t code, int zoom);

#endif
