/* silverman_bandwidth(), kernel_density() in SQL; see density_math.h. */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include <math.h>

#include "core/say.h"
#include "core/status.h"
#include "statistics/array_arg.h"
#include "statistics/density_math.h"

/* Cells that all kernels together cover: some seconds of work. */
#define WORK_LIMIT INT64CONST(4000000000)

/* silverman_bandwidth(x, y) returns double precision: null when all points are one place */
PG_FUNCTION_INFO_V1(cbd_silverman_bandwidth);
extern Datum cbd_silverman_bandwidth(PG_FUNCTION_ARGS);

Datum
cbd_silverman_bandwidth(PG_FUNCTION_ARGS)
{
	int count;
	const double *x = ArgDoubles(fcinfo, 0, "x", 2, STATISTICS_POINT_LIMIT, &count);
	const double *y = ArgDoubles(fcinfo, 1, "y", count, count, &count);
	double bandwidth = silverman_bandwidth(x, y, count);

	if (!(bandwidth > 0))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(bandwidth);
}

/* The block of cells that the kernels reach; refuses one that is too large. */
static DensityGrid
GridAround(const double *x, const double *y, int count, double size, double bandwidth)
{
	double left = x[0], right = x[0], bottom = y[0], top = y[0];
	double columns, rows, covered;

	for (int i = 1; i < count; i++)
	{
		left = Min(left, x[i]);
		right = Max(right, x[i]);
		bottom = Min(bottom, y[i]);
		top = Max(top, y[i]);
	}
	left = floor((left - bandwidth) / size);
	bottom = floor((bottom - bandwidth) / size);
	columns = floor((right + bandwidth) / size) - left + 1;
	rows = floor((top + bandwidth) / size) - bottom + 1;
	covered = 2 * bandwidth / size + 1;
	if (columns * rows > STATISTICS_CELL_LIMIT || fabs(left) > 1e9 || fabs(bottom) > 1e9 ||
		count * covered * covered > WORK_LIMIT)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
						saymsg("the grid has too many cells: %.0f{columns} by %.0f{rows}", columns, rows),
						saydetail("At most %d{limit} are allowed.", STATISTICS_CELL_LIMIT),
						sayhint("Take larger cells, or a smaller area.")));
	return (DensityGrid){size,
						 {(int32) left, (int32) bottom},
						 (int32) columns,
						 (int32) rows,
						 palloc0(sizeof(double) * (Size) (columns * rows))};
}

/* kernel_density(x, y, size, bandwidth, OUT i, OUT j, OUT density): cells above 0, by rows */
PG_FUNCTION_INFO_V1(cbd_kernel_density);
extern Datum cbd_kernel_density(PG_FUNCTION_ARGS);

Datum
cbd_kernel_density(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int count;
	const double *x = ArgDoubles(fcinfo, 0, "x", 0, STATISTICS_POINT_LIMIT, &count);
	const double *y = ArgDoubles(fcinfo, 1, "y", count, count, &count);
	double size = ArgNumber(fcinfo, 2, "size", 1e-6, 1e9);
	double bandwidth = ArgNumber(fcinfo, 3, "bandwidth", 1e-6, 1e9);
	DensityGrid grid;

	InitMaterializedSRF(fcinfo, 0);
	if (count == 0)
		return (Datum) 0;
	grid = GridAround(x, y, count, size, bandwidth);
	kernel_density(x, y, count, bandwidth, StatisticsInterrupt, &grid);
	for (int32 at = 0; at < grid.columns * grid.rows; at++)
		if (grid.density[at] > 0)
		{
			Datum values[3] = {Int32GetDatum(grid.corner.column + at % grid.columns),
							   Int32GetDatum(grid.corner.row + at / grid.columns),
							   Float8GetDatum(grid.density[at])};
			bool nulls[3] = {false};

			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	return (Datum) 0;
}
