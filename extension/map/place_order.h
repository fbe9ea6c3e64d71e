/*
 * Rows in the order of the codes of their places, for counts of squares: read with PlaceReceiver(), sorted,
 * and walked through once. Memory: maintenance_work_mem, beyond it temporary files.
 */
#ifndef CBD_PLACE_ORDER_H
#define CBD_PLACE_ORDER_H

#include "postgres.h"
#include "map/tile_math.h"

/* What was read. */
typedef struct PlaceOrder PlaceOrder;

/* `shifted`: by their places in GCJ-02. */
extern PlaceOrder *PlaceOrderBegin(bool shifted);
extern void PlaceOrderAdd(PlaceOrder *order, LonLat place);

/* Told of each square of a zoom from `coarsest` to `finest` that has rows, when its last row was there: the
 * squares inside it before it. `code` is of one of its rows. */
typedef void (*SquareWork)(void *state, int64_t code, int zoom, int64 count);
extern void PlaceOrderWalk(PlaceOrder *order, int coarsest, int finest, SquareWork work, void *state);
extern void PlaceOrderEnd(PlaceOrder *order);

#endif
