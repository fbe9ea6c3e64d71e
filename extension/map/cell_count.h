/*
 * Kept counts of a layer: for every tile of any zoom with more than TILE_FEATURES rows, how many are in each
 * of its cells; in EPSG:3857 and in GCJ-02. All of a relation is read once, as its publisher:
 *
 *   rows --> code of the place (tile_math.h) --sort--> in order of the codes, so that the rows of each tile
 *        and cell of every zoom stand together --> map_cells; number, bounds, districts --> map_layer
 *
 * The sort spills to disk beyond maintenance_work_mem. maintain() makes the counts of large relations;
 * count_layer() those of any.
 */
#ifndef CBD_CELL_COUNT_H
#define CBD_CELL_COUNT_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* Are counts that were right at this moment too old to be shown (citybigdata.tile_count_age)? */
extern bool CountsTooOld(TimestampTz checked);

/* The cells of one tile into counts[CELLS * CELLS], which are 0. */
extern void ReadCells(bytea *cells, int64 *counts);

#endif
