/*
 * Cache of vector tiles; see tile_cache.h.
 *
 *   buckets[]  by the first bytes of the line's digest ──▶ tile ──▶ tile …   (of a line the latest first)
 *   newest ⇄ … ⇄ oldest                                                      (all tiles, by their last use)
 *
 * One lock, under which nothing is copied, compressed or freed but pointers: a tile has a count of its
 * holders, the cache being one of them.
 */
#include "base/tile_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"

#define BUCKETS  65536 /* a power of two; half a mebibyte, touched as it fills */
#define LARGEST  8     /* parts of the cache that one tile may take one of */
#define TAG_ROOM 256   /* bytes of a tag; the extension's have some fifty */

struct Tile
{
	Tile *next;          /* of the bucket */
	Tile *newer, *older; /* by last use */
	_Atomic int holders; /* the cache is one */
	bool kept;           /* in the cache */
	char line[DIGEST_LENGTH];
	size_t tag_length;
	size_t length; /* of the body */
	bool gzip;
	char bytes[]; /* tag, body */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Tile *buckets[BUCKETS];
static Tile *newest, *oldest;
static size_t held_bytes, held_tiles;

/* since the start */
static _Atomic uint64_t hits, misses, evictions;

bool
TileCacheOn(void)
{
	return ConfigNow()->tile_cache > 0;
}

/* What a tile takes of the cache. */
static size_t
TileSize(size_t tag_length, size_t length)
{
	return sizeof(Tile) + tag_length + length;
}

static Tile **
BucketOf(const char *line)
{
	uint16_t number;

	_Static_assert(BUCKETS == UINT16_MAX + 1, "two bytes name a bucket");
	memcpy(&number, line, sizeof(number));
	return &buckets[number];
}

static bool
OfLine(const Tile *tile, const char *line)
{
	return memcmp(tile->line, line, DIGEST_LENGTH) == 0;
}

/* ---- under the lock ---- */

static void
ListOut(Tile *tile)
{
	*(tile->newer == NULL ? &newest : &tile->newer->older) = tile->older;
	*(tile->older == NULL ? &oldest : &tile->older->newer) = tile->newer;
}

static void
ListFirst(Tile *tile)
{
	tile->newer = NULL;
	tile->older = newest;
	*(newest == NULL ? &oldest : &newest->newer) = tile;
	newest = tile;
}

static void
BucketOut(Tile *tile)
{
	Tile **at = BucketOf(tile->line);

	while (*at != tile)
		at = &(*at)->next;
	*at = tile->next;
}

static void
BucketFirst(Tile *tile)
{
	Tile **bucket = BucketOf(tile->line);

	tile->next = *bucket;
	*bucket = tile;
}

/* Takes the tile out; it joins the list of those that are to be given back once the lock is. */
static void
TakeOut(Tile *tile, Tile **out)
{
	BucketOut(tile);
	ListOut(tile);
	tile->kept = false;
	held_bytes -= TileSize(tile->tag_length, tile->length);
	held_tiles--;
	tile->next = *out;
	*out = tile;
}

/* Makes room: the oldest go until the rest is within the limit. */
static void
Shrink(size_t limit, Tile **out)
{
	while (held_bytes > limit)
	{
		TakeOut(oldest, out);
		atomic_fetch_add_explicit(&evictions, 1, memory_order_relaxed);
	}
}

/* The tile of a line with that tag; NULL: there is none. *last: the one of the line that was used longest
 * ago, where the line has as many as are kept. */
static Tile *
FindTag(const char *line, Span tag, Tile **last)
{
	int count = 0;

	*last = NULL;
	for (Tile *tile = *BucketOf(line); tile != NULL; tile = tile->next)
	{
		if (!OfLine(tile, line))
			continue;
		if (SpanEquals(TileTag(tile), tag))
			return tile;
		if (++count >= TILE_VARIANTS)
			*last = tile;
	}
	return NULL;
}

/* ---- without it ---- */

static void
ReleaseAll(Tile *out)
{
	while (out != NULL)
	{
		Tile *next = out->next;

		TileRelease(out);
		out = next;
	}
}

/* The limit in bytes; a reload may have made it smaller. */
static size_t
Limit(void)
{
	return (size_t) ConfigNow()->tile_cache;
}

void
TileRelease(Tile *tile)
{
	if (atomic_fetch_sub(&tile->holders, 1) == 1)
		ClearAndFree(tile);
}

int
TilesHold(const char *line, Tile *held[TILE_VARIANTS])
{
	Tile *out = NULL;
	int count = 0;

	pthread_mutex_lock(&mutex);
	Shrink(Limit(), &out);
	for (Tile *tile = *BucketOf(line); tile != NULL && count < TILE_VARIANTS; tile = tile->next)
		if (OfLine(tile, line))
		{
			atomic_fetch_add(&tile->holders, 1);
			held[count++] = tile;
		}
	pthread_mutex_unlock(&mutex);
	ReleaseAll(out);
	return count;
}

Span
TileTag(const Tile *tile)
{
	return (Span){tile->bytes, tile->tag_length};
}

TileBody
TileBodyOf(const Tile *tile)
{
	return (TileBody){{tile->bytes + tile->tag_length, tile->length}, tile->gzip};
}

void
TileUsed(Tile *tile)
{
	atomic_fetch_add_explicit(&hits, 1, memory_order_relaxed);
	pthread_mutex_lock(&mutex);
	if (tile->kept)
	{
		ListOut(tile);
		ListFirst(tile);
		BucketOut(tile);
		BucketFirst(tile);
	}
	pthread_mutex_unlock(&mutex);
}

/* A tile that the cache alone holds. */
static Tile *
MakeTile(const char *line, Span tag, TileBody body)
{
	Tile *tile = Allocate(sizeof(Tile) + tag.length + body.bytes.length);

	memset(tile, 0, sizeof(*tile));
	atomic_init(&tile->holders, 1);
	memcpy(tile->line, line, DIGEST_LENGTH);
	tile->tag_length = tag.length;
	tile->length = body.bytes.length;
	tile->gzip = body.gzip;
	memcpy(tile->bytes, tag.text, tag.length);
	if (body.bytes.length > 0)
		memcpy(tile->bytes + tag.length, body.bytes.text, body.bytes.length);
	return tile;
}

void
TileKeep(const char *line, Span tag, TileBody body)
{
	size_t limit = Limit();
	Tile *tile, *last, *out = NULL;

	atomic_fetch_add_explicit(&misses, 1, memory_order_relaxed);
	if (tag.length > TAG_ROOM || TileSize(tag.length, body.bytes.length) > limit / LARGEST)
		return;
	tile = MakeTile(line, tag, body);
	pthread_mutex_lock(&mutex);
	if (FindTag(line, tag, &last) != NULL) /* another worker was quicker */
	{
		tile->next = out;
		out = tile;
	}
	else
	{
		if (last != NULL)
		{
			TakeOut(last, &out);
			atomic_fetch_add_explicit(&evictions, 1, memory_order_relaxed);
		}
		tile->kept = true;
		BucketFirst(tile);
		ListFirst(tile);
		held_bytes += TileSize(tag.length, body.bytes.length);
		held_tiles++;
		Shrink(limit, &out);
	}
	pthread_mutex_unlock(&mutex);
	ReleaseAll(out);
}

void
TileCacheMetrics(Text *text)
{
	size_t bytes, tiles;

	pthread_mutex_lock(&mutex);
	bytes = held_bytes;
	tiles = held_tiles;
	pthread_mutex_unlock(&mutex);
	TextPrint(text,
			  "# HELP citybigdata_tile_cache_hits_total Tiles shown from the cache, each after the database "
			  "had said that the caller may see it\n"
			  "# TYPE citybigdata_tile_cache_hits_total counter\ncitybigdata_tile_cache_hits_total %llu\n",
			  (unsigned long long) atomic_load(&hits));
	TextPrint(
		text,
		"# HELP citybigdata_tile_cache_misses_total Tiles that the database has made while there was "
		"a cache\n"
		"# TYPE citybigdata_tile_cache_misses_total counter\ncitybigdata_tile_cache_misses_total %llu\n",
		(unsigned long long) atomic_load(&misses));
	TextPrint(text,
			  "# HELP citybigdata_tile_cache_evictions_total Tiles that made room for others\n"
			  "# TYPE citybigdata_tile_cache_evictions_total counter\n"
			  "citybigdata_tile_cache_evictions_total %llu\n",
			  (unsigned long long) atomic_load(&evictions));
	TextPrint(text,
			  "# HELP citybigdata_tile_cache_bytes Bytes of the tiles that are kept\n"
			  "# TYPE citybigdata_tile_cache_bytes gauge\ncitybigdata_tile_cache_bytes %zu\n",
			  bytes);
	TextPrint(text,
			  "# HELP citybigdata_tile_cache_tiles Tiles that are kept\n"
			  "# TYPE citybigdata_tile_cache_tiles gauge\ncitybigdata_tile_cache_tiles %zu\n",
			  tiles);
}

void
TileCacheStop(void)
{
	Tile *out = NULL;

	pthread_mutex_lock(&mutex);
	while (oldest != NULL)
		TakeOut(oldest, &out);
	pthread_mutex_unlock(&mutex);
	ReleaseAll(out);
}
