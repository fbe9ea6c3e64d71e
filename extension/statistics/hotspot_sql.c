/* gi_star(), emerging_hot_spots() in SQL; see hotspot_math.h. */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include "utils/builtins.h"

#include "core/say.h"
#include "core/status.h"
#include "statistics/array_arg.h"
#include "statistics/grid_arg.h"

static const char *const class_names[] = {"none",         "new",         "consecutive",
										  "intensifying", "persistent",  "diminishing",
										  "sporadic",     "oscillating", "historical"};

/* The cells of arguments 0 and 1, i and j; their neighbours. */
static Neighbours
TakeCells(FunctionCallInfo fcinfo, GridShape shape, int reach)
{
	Neighbours out = {ArgLength(fcinfo, 0, "i"), NULL, NULL};
	const int32 *i = ArgIntegers(fcinfo, 0, "i", out.count);
	const int32 *j = ArgIntegers(fcinfo, 1, "j", out.count);
	GridCell *cells;
	int32 *table;

	if (out.count > STATISTICS_CELL_LIMIT)
		RaiseLength("i", out.count, 0, STATISTICS_CELL_LIMIT);
	cells = palloc(sizeof(GridCell) * (out.count + 1));
	for (int at = 0; at < out.count; at++)
	{
		/* sums of two must stay within 32 bits */
		if (i[at] < -PG_INT32_MAX / 4 || i[at] > PG_INT32_MAX / 4 || j[at] < -PG_INT32_MAX / 4 ||
			j[at] > PG_INT32_MAX / 4)
			RaiseFar();
		cells[at] = (GridCell){i[at], j[at]};
	}
	out.first = palloc(sizeof(int32) * (out.count + 1));
	out.cell = palloc(sizeof(int32) * ((Size) out.count * neighbours_most(shape, reach) + 1));
	table = palloc(sizeof(int32) * neighbours_room(out.count));
	if (!neighbours_find(cells, shape, reach, table, StatisticsInterrupt, &out))
		ereport(ERROR, (errcode(StatusSqlstate(CBD_DUPLICATE_KEY)),
						saymsg("a cell of the grid occurs more than once")));
	pfree(table);
	pfree(cells);
	return out;
}

/* gi_star(i, j, value, grid, reach, OUT place, OUT z, OUT p, OUT neighbours) */
PG_FUNCTION_INFO_V1(cbd_gi_star);
extern Datum cbd_gi_star(PG_FUNCTION_ARGS);

Datum
cbd_gi_star(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	GridShape shape = ArgShape(fcinfo, 3);
	Neighbours neighbours = TakeCells(fcinfo, shape, ArgInteger(fcinfo, 4, "reach", 1, HOTSPOT_REACH_LIMIT));
	int count;
	const double *value = ArgDoubles(fcinfo, 2, "value", neighbours.count, neighbours.count, &count);
	double *z = palloc(sizeof(double) * (count + 1));

	(void) gi_star(value, &neighbours, z);
	InitMaterializedSRF(fcinfo, 0);
	for (int at = 0; at < count; at++)
	{
		Datum values[4] = {Int32GetDatum(at + 1)};
		bool nulls[4] = {false};

		PutNumber(values, nulls, 1, z[at]);
		PutNumber(values, nulls, 2, normal_two_sided(z[at]));
		values[3] = Int32GetDatum(neighbours.first[at + 1] - neighbours.first[at] - 1);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* Room for so many cells and slices. */
static EmergingScratch
ScratchRoom(int cells, int slices)
{
	return (EmergingScratch){palloc(sizeof(double) * (cells + 1)),  palloc(sizeof(RankedP) * (cells + 1)),
							 palloc(sizeof(bool) * (cells + 1)),    palloc(sizeof(double) * (slices + 1)),
							 palloc(sizeof(double) * (slices + 1)), palloc(slices + 1)};
}

/* One row of emerging_hot_spots(). */
static void
PutEmerging(ReturnSetInfo *result, int at, const EmergingCell *cell)
{
	Datum values[7] = {Int32GetDatum(at + 1)};
	bool nulls[7] = {false};
	char name[32];

	snprintf(name, sizeof(name), "%s%s",
			 cell->cls == 0  ? ""
			 : cell->cls > 0 ? "hot-"
							 : "cold-",
			 class_names[abs(cell->cls)]);
	values[1] = CStringGetTextDatum(name);
	values[2] = Int32GetDatum(cell->hot);
	values[3] = Int32GetDatum(cell->cold);
	PutNumber(values, nulls, 4, cell->last_z);
	PutNumber(values, nulls, 5, cell->trend_z);
	PutNumber(values, nulls, 6, cell->trend_p);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* emerging_hot_spots(i, j, value, grid, reach, significance, OUT place, OUT class, OUT hot, OUT cold,
 * OUT last_z, OUT trend_z, OUT trend_p) */
PG_FUNCTION_INFO_V1(cbd_emerging_hot_spots);
extern Datum cbd_emerging_hot_spots(PG_FUNCTION_ARGS);

Datum
cbd_emerging_hot_spots(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	GridShape shape = ArgShape(fcinfo, 3);
	Neighbours neighbours = TakeCells(fcinfo, shape, ArgInteger(fcinfo, 4, "reach", 1, HOTSPOT_REACH_LIMIT));
	double significance = ArgShare(fcinfo, 5, "significance");
	int count;
	const double *value = ArgDoubles(fcinfo, 2, "value", 0, STATISTICS_VALUE_LIMIT, &count);
	int slices = neighbours.count == 0 ? 0 : count / neighbours.count;
	EmergingScratch scratch = ScratchRoom(neighbours.count, slices);
	EmergingCell *cells = palloc(sizeof(EmergingCell) * (neighbours.count + 1));

	if (neighbours.count > 0 && (slices < EMERGING_LEAST_SLICE || slices > STATISTICS_SLICE_LIMIT))
		RaiseLength("value", slices, EMERGING_LEAST_SLICE, STATISTICS_SLICE_LIMIT);
	if (count != slices * neighbours.count)
		RaiseLength("value", count, (int64) slices * neighbours.count, (int64) slices * neighbours.count);
	emerging_cells(value, slices, &neighbours, significance, palloc(sizeof(double) * (count + 1)),
				   palloc(count + 1), &scratch, StatisticsInterrupt, cells);
	InitMaterializedSRF(fcinfo, 0);
	for (int at = 0; at < neighbours.count; at++)
		PutEmerging(result, at, &cells[at]);
	return (Datum) 0;
}
