/* A layer and who may see it: what the endpoints of the folder share. */
#ifndef CBD_LAYER_H
#define CBD_LAYER_H

#include "postgres.h"
#include "map/tile.h"

/* May the caller ask for the layer? As GET /data/{resource}, but for `divisions` and `cases`; see
 * tile_rest.c. */
extern CbdStatus AuthoriseLayer(Call *call, const char *code);

/* The layer's resource; NULL with the status of the refusal: as FindServed(), or it has no geometry. SPI is
 * connected. */
extern Resource *FindLayerServed(Call *call, const char *code, CbdStatus *status);

/* A query of the layer for this caller, still without place and parameters: CBD_OK, and its resource is to be
 * released; else the refusal. SPI is connected. */
extern CbdStatus BeginLayer(Call *call, const char *code, TileQuery *tile);

#define LAYER_ZOOM 18 /* of the finest tiles, where no kept counts ask for finer ones */

/* Where a layer's data lie. */
typedef struct LayerExtent
{
	DegreeBox bounds;
	int zoom;            /* of the finest tiles that make sense */
	TimestampTz counted; /* when its kept counts were made; 0: there are none */
} LayerExtent;

extern LayerExtent FindLayerExtent(TileQuery *tile);

/* What the documents of a layer begin with. */
typedef struct LayerTitle
{
	char *title, *description; /* in the language in force */
	char *title_zh;
	char *attribution; /* NULL: none */
} LayerTitle;

/* A document about a layer that is made. */
typedef struct DocumentWork
{
	TileQuery *tile;
	bool style;
	const char *base; /* the public address of the API */
	int n;            /* parameters of its tiles */
	char **names, **values;
	char *tags; /* the header If-None-Match; NULL: none */
	char *document;
} DocumentWork;

/* The parameters as they stand in addresses, with the question mark; "": there are none. */
extern char *LayerQuery(const DocumentWork *work);

/* The style of a layer as JSON (layer_style.c). */
extern char *StyleJson(const DocumentWork *work, const LayerTitle *title, const LayerExtent *extent);

/* The zoom at which bounds fill a screen, and a JSON array of their middle. */
extern int ExtentZoom(const LayerExtent *extent);
extern void WriteMiddle(StringInfo out, const LayerExtent *extent);

#endif
