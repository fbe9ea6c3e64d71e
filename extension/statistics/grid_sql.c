/* grid_cell(), grid_centre(), grid_count() in SQL; see hotspot_math.h. */
#include "postgres.h"
#include "core/varlena.h"
#include "fmgr.h"
#include "funcapi.h"

#include "utils/builtins.h"

#include "core/say.h"
#include "core/status.h"
#include "statistics/array_arg.h"
#include "statistics/grid_arg.h"

#define LEAST_SIZE 1e-6
#define MOST_SIZE  1e9

GridShape
ArgShape(FunctionCallInfo fcinfo, int n)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(n));

	if (strcmp(name, "square") == 0)
		return GRID_SQUARE;
	if (strcmp(name, "hexagon") == 0)
		return GRID_HEXAGON;
	ereport(ERROR,
			(errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)), saymsg("grid must be square or hexagon")));
}

void
RaiseFar(void)
{
	ereport(ERROR,
			(errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)), saymsg("a cell is numbered too far from 0")));
}

/* grid_cell(x, y, size, grid, OUT i, OUT j) */
PG_FUNCTION_INFO_V1(cbd_grid_cell);
extern Datum cbd_grid_cell(PG_FUNCTION_ARGS);

Datum
cbd_grid_cell(PG_FUNCTION_ARGS)
{
	double size = ArgNumber(fcinfo, 2, "size", LEAST_SIZE, MOST_SIZE);
	GridCell cell;
	Datum values[2];
	bool nulls[2] = {false};

	if (!grid_cell_of(ArgShape(fcinfo, 3), size, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), &cell))
		RaiseFar();
	values[0] = Int32GetDatum(cell.column);
	values[1] = Int32GetDatum(cell.row);
	return RowResult(fcinfo, values, nulls);
}

/* grid_centre(i, j, size, grid, OUT x, OUT y) */
PG_FUNCTION_INFO_V1(cbd_grid_centre);
extern Datum cbd_grid_centre(PG_FUNCTION_ARGS);

Datum
cbd_grid_centre(PG_FUNCTION_ARGS)
{
	double size = ArgNumber(fcinfo, 2, "size", LEAST_SIZE, MOST_SIZE);
	double x;
	double y;
	Datum values[2];
	bool nulls[2] = {false};

	grid_cell_centre(ArgShape(fcinfo, 3), size, (GridCell){PG_GETARG_INT32(0), PG_GETARG_INT32(1)}, &x, &y);
	PutNumber(values, nulls, 0, x);
	PutNumber(values, nulls, 1, y);
	return RowResult(fcinfo, values, nulls);
}

static int
CompareCells(const void *a, const void *b)
{
	const GridCell *one = a;
	const GridCell *other = b;

	if (one->column != other->column)
		return one->column < other->column ? -1 : 1;
	return (one->row > other->row) - (one->row < other->row);
}

/* grid_count(x, y, size, grid, OUT i, OUT j, OUT cases): cells with points, in their order */
PG_FUNCTION_INFO_V1(cbd_grid_count);
extern Datum cbd_grid_count(PG_FUNCTION_ARGS);

Datum
cbd_grid_count(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int count;
	const double *x = ArgDoubles(fcinfo, 0, "x", 0, STATISTICS_POINT_LIMIT, &count);
	const double *y = ArgDoubles(fcinfo, 1, "y", count, count, &count);
	double size = ArgNumber(fcinfo, 2, "size", LEAST_SIZE, MOST_SIZE);
	GridShape shape = ArgShape(fcinfo, 3);
	GridCell *cells = palloc(sizeof(GridCell) * (count + 1));

	for (int k = 0; k < count; k++)
		if (!grid_cell_of(shape, size, x[k], y[k], &cells[k]))
			RaiseFar();
	qsort(cells, count, sizeof(GridCell), CompareCells);
	InitMaterializedSRF(fcinfo, 0);
	for (int from = 0, to; from < count; from = to)
	{
		Datum values[3] = {Int32GetDatum(cells[from].column), Int32GetDatum(cells[from].row)};
		bool nulls[3] = {false};

		StatisticsInterrupt();
		for (to = from + 1; to < count && CompareCells(&cells[to], &cells[from]) == 0; to++)
			;
		values[2] = Int64GetDatum(to - from);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
