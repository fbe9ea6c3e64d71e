/* false_discovery(), adjusted_p(), connected_groups() in SQL; see hotspot_math.h, statistics.h. */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "core/say.h"
#include "core/status.h"
#include "statistics/array_arg.h"
#include "statistics/hotspot_math.h"

/* false_discovery(p, q, dependent) returns boolean[] */
PG_FUNCTION_INFO_V1(cbd_false_discovery);
extern Datum cbd_false_discovery(PG_FUNCTION_ARGS);

Datum
cbd_false_discovery(PG_FUNCTION_ARGS)
{
	int count;
	const double *p = ArgDoublesOrNull(fcinfo, 0, "p", STATISTICS_POINT_LIMIT, &count);
	double q = ArgShare(fcinfo, 1, "q");
	RankedP *scratch = palloc(sizeof(RankedP) * (count + 1));
	bool *discovered = palloc(sizeof(bool) * (count + 1));
	Datum *elements = palloc(sizeof(Datum) * (count + 1));

	(void) false_discovery(p, count, q, PG_GETARG_BOOL(2), scratch, discovered);
	for (int i = 0; i < count; i++)
		elements[i] = BoolGetDatum(discovered[i]);
	return PointerGetDatum(construct_array(elements, count, BOOLOID, 1, true, TYPALIGN_CHAR));
}

/* adjusted_p(p, dependent) returns double precision[] */
PG_FUNCTION_INFO_V1(cbd_adjusted_p);
extern Datum cbd_adjusted_p(PG_FUNCTION_ARGS);

Datum
cbd_adjusted_p(PG_FUNCTION_ARGS)
{
	int count;
	const double *p = ArgDoublesOrNull(fcinfo, 0, "p", STATISTICS_POINT_LIMIT, &count);
	double *adjusted = palloc(sizeof(double) * (count + 1));

	adjusted_p(p, count, PG_GETARG_BOOL(1), palloc(sizeof(RankedP) * (count + 1)), adjusted);
	return DoublesDatum(adjusted, count);
}

/* Argument n: numbers of items from 1 to `items`, as numbers from 0. */
static int32 *
ArgItems(FunctionCallInfo fcinfo, int n, const char *name, int pairs, int items)
{
	const int32 *given = ArgIntegers(fcinfo, n, name, pairs);
	int32 *out = palloc(sizeof(int32) * (pairs + 1));

	for (int k = 0; k < pairs; k++)
	{
		if (given[k] < 1 || given[k] > items)
			RaiseLength(name, given[k], 1, items);
		out[k] = given[k] - 1;
	}
	return out;
}

/* connected_groups(items, a, b) returns integer[] */
PG_FUNCTION_INFO_V1(cbd_connected_groups);
extern Datum cbd_connected_groups(PG_FUNCTION_ARGS);

Datum
cbd_connected_groups(PG_FUNCTION_ARGS)
{
	int items = ArgInteger(fcinfo, 0, "items", 0, STATISTICS_POINT_LIMIT);
	int pairs = ArgLength(fcinfo, 1, "a");
	int32 *from = ArgItems(fcinfo, 1, "a", pairs, items);
	int32 *to = ArgItems(fcinfo, 2, "b", pairs, items);
	int32 *label = palloc(sizeof(int32) * (items + 1));
	Datum *elements = palloc(sizeof(Datum) * (items + 1));

	connected_groups(items, from, to, pairs, label);
	for (int i = 0; i < items; i++)
		elements[i] = Int32GetDatum(label[i] + 1);
	return PointerGetDatum(construct_array(elements, items, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}
