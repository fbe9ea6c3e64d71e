/*
 * The cache of vector tiles: bytes that the extension has made, kept for the next call that it says the same
 * of. Of all workers, bounded in bytes (setting tile_cache; 0: nothing is kept), the tile that was used
 * longest ago goes first.
 *
 * A tile is found by its request line (what is asked for, not by whom) and told apart by its entity tag (what
 * it holds, the caller's rights in it). The cache decides nothing: whoever holds a tile may show it only in
 * answer to a call of which the extension has just said 304 with that very tag.
 *
 * A tile that is held stays while it is held, in the cache or not. Everything here may be called from any
 * worker.
 */
#ifndef BRIDGE_TILE_CACHE_H
#define BRIDGE_TILE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/text.h"
#include "text/span.h"

/* Tiles of one request line that are kept: callers of other levels, masks and areas get other ones. */
#define TILE_VARIANTS 4

typedef struct Tile Tile;

/* What is told of the body of a tile. */
typedef struct TileBody
{
	Span bytes; /* none: the tile is empty */
	bool gzip;  /* they are gzip */
} TileBody;

extern bool TileCacheOn(void);

/* The tiles of a request line (DIGEST_LENGTH bytes), the latest used first; each is held now. Returns how
 * many there are. */
extern int TilesHold(const char *line, Tile *held[TILE_VARIANTS]);
extern void TileRelease(Tile *tile);

/* The tag as it stands in the header ETag; stays while the tile is held. */
extern Span TileTag(const Tile *tile);
extern TileBody TileBodyOf(const Tile *tile);

/* The tile is shown once more. */
extern void TileUsed(Tile *tile);

/* Keeps a tile that was made; what is larger than an eighth of the cache is not worth the others. */
extern void TileKeep(const char *line, Span tag, TileBody body);

/* Appends what the cache has counted, as Prometheus text. */
extern void TileCacheMetrics(Text *text);

/* Nothing is kept any more; nobody holds a tile. */
extern void TileCacheStop(void);

#endif
