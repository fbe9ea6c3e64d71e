/* Which kind of tile it is; see tile.h. */
#include "postgres.h"

#include "map/tile.h"

#define MANY 4 /* times as many rows expected as fit: they are counted at once */

void
MakeTile(TileQuery *tile)
{
	bool known = false;

	if (tile->by_district)
		TileDistricts(tile);
	else if (!tile->filtered && KeptCells(tile, &known))
		;
	else if ((!known && ExpectedRows(tile) > MANY * TILE_FEATURES) || !TileFeatures(tile))
		TileCells(tile);
	MemoryContextSwitchTo(tile->query->context);
	MvtBytes(&tile->layer, &tile->bytes);
}
