/* The argument that names the shape of a grid's cells. */
#ifndef CBD_GRID_ARG_H
#define CBD_GRID_ARG_H

#include "postgres.h"
#include "fmgr.h"

#include "statistics/hotspot_math.h"

/* Argument n: square or hexagon; else 42204. */
extern GridShape ArgShape(FunctionCallInfo fcinfo, int n);

/* Raises 42204: a cell's number does not fit. */
pg_attribute_noreturn() extern void RaiseFar(void);

#endif
