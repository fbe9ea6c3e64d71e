/*
 * Map service (clause 4, 地图服务): vector tiles of published resources, between the files of the folder.
 *
 *   rest_tile()  --tile_rest.c-->  who asks, which layer, which tile
 *                --tile_params.c-->  the parameters of GET /data that make sense for a tile, crs
 *                --case_reach.c-->   what of the cases an operator's posts reach
 *                --tile_state.c-->   the state of the data --> the entity tag; the client may have the tile
 *                --tile_make.c-->    features, or counts:
 *                     features   tile_features.c, one statement as the publisher, rows to mvt.c
 *                     per cell   tile_cells.c: more rows than a tile holds; kept (cell_count.c) or counted
 *                     per district  tile_districts.c: the geometry is above the caller's level
 *
 * Words. A layer is a published resource with a geometry. A tile holds its features, or, where they are more
 * than TILE_FEATURES or their bytes more than TILE_BYTES, how many there are in each of CELLS times CELLS
 * cells: all rows are shown or counted, none is left out. Kept counts are those of a large relation, made by
 * maintain() for every tile with more than TILE_FEATURES rows.
 *
 * Errors are entries of the query's list, or raised with class UD by RunAsPublisher().
 */
#ifndef CBD_TILE_H
#define CBD_TILE_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "access/endpoint.h"
#include "data/query.h"
#include "map/mvt.h"
#include "map/tile_math.h"

#define TILE_FEATURES 10000  /* of one tile; more are counted */
#define TILE_BYTES    500000 /* of one tile, not compressed */
#define LIVE_ROWS     100000 /* of a relation up to which its counts are not kept */
#define TILE_TYPE     "application/vnd.mapbox-vector-tile"

#define DIVISIONS_LAYER "divisions"
#define CASES_LAYER     "cases"

/* One request for a tile; members stand in the order in which they are filled. */
typedef struct TileQuery
{
	Call *call;
	DataQuery *query; /* its conditions, fields and level */
	TilePlace place;
	bool shifted;        /* crs=GCJ02 */
	char *reach;         /* what an operator's posts reach, for the tag; NULL: all */
	bool filtered;       /* not all rows of the resource are asked for */
	bool by_district;    /* the geometry is above the caller's level */
	char *tag;           /* of the tile */
	bool unchanged;      /* the client, or the bridge, has it */
	TimestampTz counted; /* when its kept counts were made; 0: not of kept counts */
	MvtLayer layer;
	StringInfoData bytes; /* the tile; none: it is empty */
} TileQuery;

/* tile_params.c */
/* Reads the parameters; what is wrong is among the query's errors. */
extern void ReadTileParameters(TileQuery *tile, int n, char **names, char **values);

/* case_reach.c */
/* Of the layer `cases`, an operator with posts that do not reach all is shown what they reach. False: this
 * resource is not the platform's own, which alone can be restricted. To be called before the parameters are
 * read. SPI is connected. */
extern bool RestrictCases(TileQuery *tile);

/* tile_state.c */
/* Is the resource one that setup() publishes, of that view? */
extern bool IsShippedLayer(const Resource *resource, const char *view);
/* The state of a resource's data, as text: its version column's, its tables', or a slice of time, which
 * begins at another moment for each `place`. SPI is connected. */
extern char *LayerState(DataQuery *query, uint32 place);
/* Makes the tag, of all that decides the bytes, and compares it with those of the header. */
extern void TagTile(TileQuery *tile, const char *tags);

/* tile_make.c */
/* Makes the tile. SPI is connected. */
extern void MakeTile(TileQuery *tile);

/* tile_box.c */
/* " AND ..." of the rows whose place may touch a box in degrees; its values become arguments. */
extern void AddTileBox(DataQuery *query, StringInfo sql, DegreeBox box, int zoom);
/* The box of a tile in the degrees of the data: of a shifted one with room for the shift. */
extern DegreeBox SearchBox(const TileQuery *tile, double buffer);
/* Longitude and latitude of a row, for counts: of its point, or the middle of its box. */
extern void AppendPosition(const DataQuery *query, StringInfo sql);

/* tile_features.c */
/* Is the field among the properties of features? */
extern bool IsTileField(const DataQuery *query, const ResourceField *field);
/* Writes the features; false: there are more than a tile holds. */
extern bool TileFeatures(TileQuery *tile);
/* How many rows the planner expects in the tile. */
extern int64 ExpectedRows(TileQuery *tile);

/* tile_cells.c */
/* Counts the rows of the tile's cells. */
extern void TileCells(TileQuery *tile);
/* Kept counts of the tile: false when the features can be shown, as far as is known, or nothing is. */
extern bool KeptCells(TileQuery *tile, bool *known);

/* tile_districts.c */
extern void TileDistricts(TileQuery *tile);

/* A place that stands for a district. */
typedef struct DistrictPoint
{
	char code[16];
	char *name; /* "": not known */
	LonLat place;
} DistrictPoint;

/* district.c */
/* One point of each district with a boundary, by code. Kept until boundaries or divisions change. */
extern const DistrictPoint *DistrictPoints(int *n);
/* The state of boundaries and divisions. */
extern const char *DivisionState(void);

/* place_counter.c: a DestReceiver of longitudes and latitudes. */
typedef void (*PlaceWork)(void *state, LonLat place);
extern struct _DestReceiver *PlaceReceiver(PlaceWork work, void *state);

/* tile_audit.c */
/* The reply of a tile: with an audit record for the first one of the token, layer and minute. */
extern Datum AnswerTile(Call *call);

#endif
