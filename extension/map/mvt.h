/*
 * Writing Mapbox vector tiles, version 2.1, of one layer:
 *
 *   MvtBegin() -> MvtKey() once a property name
 *              -> for each feature: MvtFeatureBegin(), MvtText() ..., the geometry, MvtFeatureEnd()
 *              -> MvtBytes()
 *
 * A layer is a table of names, a table of values, and features that name them by number; equal values stand
 * in it once. Coordinates are units of the tile (tile_math.h), y to the south. All memory is that of the
 * context in which MvtBegin() was called.
 */
#ifndef CBD_MVT_H
#define CBD_MVT_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "utils/hsearch.h"

/* A tile of one layer that is being written. */
typedef struct MvtLayer
{
	MemoryContext context;
	const char *name;
	int nkeys;
	int nfeatures;
	uint32 nvalues;
	StringInfoData keys;     /* encoded fields of the layer */
	StringInfoData features; /* the same */
	StringInfoData values;   /* the same */
	HTAB *numbers;           /* an encoded value -> its number */
	/* the feature that is being written */
	StringInfoData tags;
	StringInfoData value; /* room for one that is being encoded */
	StringInfoData geometry;
	int64 id; /* -1: none */
	int type; /* of its geometry */
	int32 at[2];
} MvtLayer;

extern void MvtBegin(MvtLayer *layer, const char *name);

/* The number of a property name, which must be new. */
extern int MvtKey(MvtLayer *layer, const char *name);

/* A feature; id -1: it has none. */
extern void MvtFeatureBegin(MvtLayer *layer, int64 id);
extern void MvtText(MvtLayer *layer, int key, const char *text, int length);
extern void MvtInteger(MvtLayer *layer, int key, int64 value);
extern void MvtNumber(MvtLayer *layer, int key, double value);
extern void MvtBool(MvtLayer *layer, int key, bool value);

/* The geometry of the feature: one point. */
extern void MvtPoint(MvtLayer *layer, int32 x, int32 y);
/* The same of a geometry in WKB of the machine's byte order, as ST_AsMVTGeom() makes it: points, lines or
 * polygons. False: it has no point, or is of another kind. */
extern bool MvtGeometry(MvtLayer *layer, const char *wkb, size_t length);

/* Adds the feature to the layer. */
extern void MvtFeatureEnd(MvtLayer *layer);

/* Bytes that the tile has at least by now. */
extern size_t MvtSize(const MvtLayer *layer);

/* The tile; no bytes: it has no feature. */
extern void MvtBytes(MvtLayer *layer, StringInfo out);

#endif
