/*
 * Sums of counters, for the daily roll-ups of case facts (sql/code/79-rollup.sql) and what is read from them.
 *
 *   row of case_fact, what its clocks say --fact_counters()--> 0 or 1 for each of indicator_counters()
 *   --sum_counters()--> sums of a group --indicator_rate()--> per cent
 *
 * View case_facts says in SQL what fact_counters() does here: a test holds one against the other. Here it is
 * one function for the sake of time: a city has some ten thousand cases at work, which are summed up at each
 * call. Plain functions of their arguments; errors: arrays of another shape are a fault of ours (elog).
 */
#include "postgres.h"
#include "fmgr.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#include "indicator/fact_fold.h"

/* What the clocks of a case say at an instant. */
typedef struct ClockSays
{
	bool stage_late; /* the stage clock is not stopped, and over its deadline */
	bool chain_late; /* the same of the chain clock */
	bool standing;   /* the chain clock does not run, and its suspension is not over */
} ClockSays;

/* The counters in the order of indicator_counters(): X(value), by `f` (CaseFacts), `says` (ClockSays) and the
 * values that Reckon() has worked out before. */
#define ROLLUP_COUNTERS(X)                                                                                   \
	X(f->report)                                                                                             \
	X(public_report)                                                                                         \
	X(f->valid_report)                                                                                       \
	X(f->operate)                                                                                            \
	X(f->inst)                                                                                               \
	X(f->intime_inst)                                                                                        \
	X(f->accur_inst)                                                                                         \
	X(f->not_inst)                                                                                           \
	X(f->need_dispatch && (!f->merged || f->dispatch))                                                       \
	X(f->dispatch)                                                                                           \
	X(f->intime_dispatch)                                                                                    \
	X(f->accur_dispatch)                                                                                     \
	X(f->wrong_dispatch)                                                                                     \
	X(f->need_dispose && (!f->merged || f->dispose))                                                         \
	X(f->dispose)                                                                                            \
	X(f->need_verify)                                                                                        \
	X(f->verify)                                                                                             \
	X(f->intime_verify)                                                                                      \
	X(f->need_check)                                                                                         \
	X(f->check)                                                                                              \
	X(f->intime_check)                                                                                       \
	X(f->archive)                                                                                            \
	X(f->rework)                                                                                             \
	X(f->multi_rework)                                                                                       \
	X(f->back)                                                                                               \
	X(f->his_hang)                                                                                           \
	X(f->postpone)                                                                                           \
	X(f->exempt)                                                                                             \
	X(f->cancel)                                                                                             \
	X(f->visit)                                                                                              \
	X(f->satisfied)                                                                                          \
	X(f->neutral)                                                                                            \
	X(f->unsatisfied)                                                                                        \
	X(f->merged)                                                                                             \
	X(f->intime_dispose || (f->overtime_dispose && f->exempt))                                               \
	X(f->overtime_dispose && !f->exempt)                                                                     \
	X(f->intime_archive || (f->overtime_archive && f->exempt))                                               \
	X(f->overtime_archive && !f->exempt)                                                                     \
	X(f->hang && says->standing)                                                                             \
	X(public_report && f->inst)                                                                              \
	X(!f->operate && !f->not_inst && !f->cancel && !f->merged && !f->inst)                                   \
	X(to_dispose)                                                                                            \
	X(to_dispose && !says->stage_late)                                                                       \
	X(to_dispose && says->stage_late)                                                                        \
	X(to_archive)                                                                                            \
	X(to_archive && !says->chain_late)                                                                       \
	X(to_archive && says->chain_late)                                                                        \
	X(f->archive || (to_archive && says->chain_late))                                                        \
	X(due)

#define ONE(value)           +1
#define ROLLUP_COUNTER_COUNT (0 ROLLUP_COUNTERS(ONE))

/* Works the counters out. */
static void
Reckon(const CaseFacts *f, bool public_report, const ClockSays *says, int16 *out)
{
	bool due = f->inst && !f->cancel && !f->merged;
	bool to_archive = due && !f->archive;
	bool to_dispose = f->need_dispose && !f->dispose && !f->archive && !f->cancel && !f->merged;

#define PUT(value) *out++ = (value) ? 1 : 0;
	ROLLUP_COUNTERS(PUT)
#undef PUT
}

/* Where the columns of case_fact are, of one call's row type. */
typedef struct FactShape
{
	Oid type;
	int counter[FACT_COUNTER_COUNT]; /* places in a deformed row */
	int public_report;
} FactShape;

static int
PlaceOf(TupleDesc desc, const char *name)
{
	for (int i = 0; i < desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
			return i;
	elog(ERROR, "case_fact has no column %s", name);
}

#define QUOTED(name, number) #name,

/* Kept as long as the query's call site. */
static const FactShape *
ShapeOf(FmgrInfo *site, Oid type, TupleDesc desc)
{
	static const char *const names[] = {FACT_COUNTERS(QUOTED)};
	FactShape *shape = site->fn_extra;

	if (shape != NULL && shape->type == type)
		return shape;
	shape = MemoryContextAlloc(site->fn_mcxt, sizeof(FactShape));
	for (int i = 0; i < FACT_COUNTER_COUNT; i++)
		shape->counter[i] = PlaceOf(desc, names[i]);
	shape->public_report = PlaceOf(desc, "public_report");
	shape->type = type;
	site->fn_extra = shape;
	return shape;
}

/* An array of `count` zeros, of a type of that width. */
static ArrayType *
Zeros(int count, Oid type, int width)
{
	Size size = ARR_OVERHEAD_NONULLS(1) + (Size) count * width;
	ArrayType *array = palloc0(size);

	SET_VARSIZE(array, size);
	array->ndim = 1;
	array->elemtype = type;
	ARR_DIMS(array)[0] = count;
	ARR_LBOUND(array)[0] = 1;
	return array;
}

/* fact_counters(row of case_fact, stage_late, chain_late, standing) returns smallint[] */
PG_FUNCTION_INFO_V1(cbd_fact_counters);
extern Datum cbd_fact_counters(PG_FUNCTION_ARGS);

Datum
cbd_fact_counters(PG_FUNCTION_ARGS)
{
	HeapTupleHeader header = PG_GETARG_HEAPTUPLEHEADER(0);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};
	Oid type = HeapTupleHeaderGetTypeId(header);
	TupleDesc desc = lookup_rowtype_tupdesc(type, HeapTupleHeaderGetTypMod(header));
	const FactShape *shape = ShapeOf(fcinfo->flinfo, type, desc);
	ClockSays says = {PG_GETARG_BOOL(1), PG_GETARG_BOOL(2), PG_GETARG_BOOL(3)};
	ArrayType *result = Zeros(ROLLUP_COUNTER_COUNT, INT2OID, sizeof(int16));
	Datum *values = palloc(sizeof(Datum) * desc->natts);
	bool *nulls = palloc(sizeof(bool) * desc->natts);
	CaseFacts facts;

	heap_deform_tuple(&tuple, desc, values, nulls);
	for (int i = 0; i < FACT_COUNTER_COUNT; i++)
		facts.counter[i] = DatumGetInt16(values[shape->counter[i]]);
	Reckon(&facts, DatumGetInt16(values[shape->public_report]) != 0, &says, (int16 *) ARR_DATA_PTR(result));
	ReleaseTupleDesc(desc);
	pfree(values);
	pfree(nulls);
	PG_RETURN_ARRAYTYPE_P(result);
}

/* A list of numbers without nulls. */
static int
CountersIn(ArrayType *array)
{
	if (ARR_NDIM(array) > 1 || ARR_HASNULL(array))
		elog(ERROR, "counters must be a list without nulls");
	return ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
}

/* Adds `value`, of int2, int4 or int8, to `sums`, which is as long. */
static void
AddCounters(int64 *sums, ArrayType *value, int count)
{
	char *data = ARR_DATA_PTR(value);

	switch (ARR_ELEMTYPE(value))
	{
		case INT2OID:
			for (int i = 0; i < count; i++)
				sums[i] += ((int16 *) data)[i];
			break;
		case INT4OID:
			for (int i = 0; i < count; i++)
				sums[i] += ((int32 *) data)[i];
			break;
		case INT8OID:
			for (int i = 0; i < count; i++)
				sums[i] += ((int64 *) data)[i];
			break;
		default:
			elog(ERROR, "counters of type %u", ARR_ELEMTYPE(value));
	}
}

/* add_counters(bigint[], smallint[] or integer[] or bigint[]) returns bigint[]: the step of sum_counters(),
 * which changes its state in place. */
PG_FUNCTION_INFO_V1(cbd_add_counters);
extern Datum cbd_add_counters(PG_FUNCTION_ARGS);

Datum
cbd_add_counters(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = NULL, before;
	ArrayType *sums, *value;
	int count;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	value = PG_GETARG_ARRAYTYPE_P(1);
	count = CountersIn(value);
	if (PG_ARGISNULL(0))
	{
		before =
			MemoryContextSwitchTo(AggCheckCallContext(fcinfo, &aggregate) ? aggregate : CurrentMemoryContext);
		sums = Zeros(count, INT8OID, sizeof(int64));
		MemoryContextSwitchTo(before);
	}
	else
		sums = AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(0) : PG_GETARG_ARRAYTYPE_P_COPY(0);
	if (CountersIn(sums) != count || ARR_ELEMTYPE(sums) != INT8OID)
		elog(ERROR, "%d and %d counters cannot be added", CountersIn(sums), count);
	AddCounters((int64 *) ARR_DATA_PTR(sums), value, count);
	PG_RETURN_ARRAYTYPE_P(sums);
}

/* signed_counters(bigint[], sign) returns integer[]: sums as a row of case_rollup has them. */
PG_FUNCTION_INFO_V1(cbd_signed_counters);
extern Datum cbd_signed_counters(PG_FUNCTION_ARGS);

Datum
cbd_signed_counters(PG_FUNCTION_ARGS)
{
	ArrayType *sums = PG_GETARG_ARRAYTYPE_P(0);
	int32 sign = PG_GETARG_INT32(1);
	int count = CountersIn(sums);
	ArrayType *result = Zeros(count, INT4OID, sizeof(int32));
	int64 *from = (int64 *) ARR_DATA_PTR(sums);
	int32 *to = (int32 *) ARR_DATA_PTR(result);

	for (int i = 0; i < count; i++)
	{
		if (from[i] > PG_INT32_MAX || from[i] < -PG_INT32_MAX)
			elog(ERROR, "a sum of counters is out of range");
		to[i] = (int32) from[i] * sign;
	}
	PG_RETURN_ARRAYTYPE_P(result);
}

/* The sum of the chosen places of `sums`. */
static int64
SumOf(ArrayType *sums, ArrayType *places)
{
	int64 *values = (int64 *) ARR_DATA_PTR(sums);
	int32 *chosen = (int32 *) ARR_DATA_PTR(places);
	int64 sum = 0;

	for (int i = 0; i < CountersIn(places); i++)
	{
		if (chosen[i] < 1 || chosen[i] > CountersIn(sums))
			elog(ERROR, "there is no counter %d", chosen[i]);
		sum += values[chosen[i] - 1];
	}
	return sum;
}

/* indicator_rate(sums bigint[], above integer[], below integer[]) returns numeric: per cent with two digits;
 * null where there is nothing to divide by. above, below: places in indicator_counters(). */
PG_FUNCTION_INFO_V1(cbd_indicator_rate);
extern Datum cbd_indicator_rate(PG_FUNCTION_ARGS);

Datum
cbd_indicator_rate(PG_FUNCTION_ARGS)
{
	ArrayType *sums = PG_GETARG_ARRAYTYPE_P(0);
	int64 above = SumOf(sums, PG_GETARG_ARRAYTYPE_P(1));
	int64 below = SumOf(sums, PG_GETARG_ARRAYTYPE_P(2));
	Datum quotient;

	if (below == 0)
		PG_RETURN_NULL();
	quotient = DirectFunctionCall2(numeric_div, NumericGetDatum(int64_to_numeric(above * 100)),
								   NumericGetDatum(int64_to_numeric(below)));
	PG_RETURN_DATUM(DirectFunctionCall2(numeric_round, quotient, Int32GetDatum(2)));
}
