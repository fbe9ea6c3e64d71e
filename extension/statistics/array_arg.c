/* Arguments and results of the SQL functions; see array_arg.h. */
#include "statistics/array_arg.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"

#include "core/say.h"
#include "core/status.h"

void
StatisticsInterrupt(void)
{
	CHECK_FOR_INTERRUPTS();
}

void
RaiseLength(const char *name, int64 count, int64 least, int64 most)
{
	ereport(ERROR,
			(errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
			 saymsg("%s{name}: " INT64_FORMAT "{count} is too few or too many", name, count),
			 saydetail("From " INT64_FORMAT "{least} to " INT64_FORMAT "{most} are allowed.", least, most)));
}

pg_attribute_noreturn() static void RaiseShape(const char *name)
{
	ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_TYPE)),
					saymsg("%s{name} must be an array of one dimension without null", name)));
}

/* Argument n; an array of more than one dimension is refused. */
static ArrayType *
ArgArray(FunctionCallInfo fcinfo, int n, const char *name)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(n);

	if (ARR_NDIM(array) > 1)
		RaiseShape(name);
	return array;
}

/* Elements of an array of one dimension, or none. */
static int
LengthOf(const ArrayType *array)
{
	return ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
}

int
ArgLength(FunctionCallInfo fcinfo, int n, const char *name)
{
	return LengthOf(ArgArray(fcinfo, n, name));
}

const double *
ArgDoubles(FunctionCallInfo fcinfo, int n, const char *name, int least, int most, int *count)
{
	ArrayType *array = ArgArray(fcinfo, n, name);
	const double *values = (const double *) ARR_DATA_PTR(array);

	*count = LengthOf(array);
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		RaiseShape(name);
	if (*count < least || *count > most)
		RaiseLength(name, *count, least, most);
	for (int i = 0; i < *count; i++)
		if (!isfinite(values[i]))
			ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
							saymsg("%s{name} must be of finite numbers", name)));
	return values;
}

const double *
ArgDoublesOrNull(FunctionCallInfo fcinfo, int n, const char *name, int most, int *count)
{
	ArrayType *array = ArgArray(fcinfo, n, name);
	double *values;
	Datum *elements;
	bool *nulls;

	if (LengthOf(array) > most)
		RaiseLength(name, LengthOf(array), 0, most);
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &elements, &nulls,
					  count);
	values = palloc(sizeof(double) * (*count + 1));
	for (int i = 0; i < *count; i++)
		values[i] = nulls[i] ? NAN : DatumGetFloat8(elements[i]);
	return values;
}

/* The data of an array of a fixed length without null. */
static const void *
ArgElements(FunctionCallInfo fcinfo, int n, const char *name, int count)
{
	ArrayType *array = ArgArray(fcinfo, n, name);

	if (ARR_HASNULL(array) && array_contains_nulls(array))
		RaiseShape(name);
	if (LengthOf(array) != count)
		RaiseLength(name, LengthOf(array), count, count);
	return ARR_DATA_PTR(array);
}

const int32 *
ArgIntegers(FunctionCallInfo fcinfo, int n, const char *name, int count)
{
	return ArgElements(fcinfo, n, name, count);
}

const bool *
ArgBooleans(FunctionCallInfo fcinfo, int n, const char *name, int count)
{
	return ArgElements(fcinfo, n, name, count);
}

double
ArgNumber(FunctionCallInfo fcinfo, int n, const char *name, double least, double most)
{
	double value = PG_GETARG_FLOAT8(n);

	/* also not a number */
	if (!(value >= least && value <= most))
		ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
						saymsg("%s{name} is out of range: %g{value}", name, value),
						saydetail("From %g{least} to %g{most} is allowed.", least, most)));
	return value;
}

double
ArgShare(FunctionCallInfo fcinfo, int n, const char *name)
{
	double value = PG_GETARG_FLOAT8(n);

	/* as near to the ends as the normal distribution is worth asking; not a number is none */
	if (!(value >= 1e-12 && value <= 1 - 1e-12))
		ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
						saymsg("%s{name} is out of range: %g{value}", name, value),
						saydetail("It must be more than 0 and less than 1.")));
	return value;
}

int
ArgInteger(FunctionCallInfo fcinfo, int n, const char *name, int least, int most)
{
	int value = PG_GETARG_INT32(n);

	if (value < least || value > most)
		RaiseLength(name, value, least, most);
	return value;
}

Datum
DoublesDatum(const double *values, int count)
{
	Datum *elements = palloc(sizeof(Datum) * (count + 1));
	bool *nulls = palloc(sizeof(bool) * (count + 1));
	int lower = 1;

	for (int i = 0; i < count; i++)
		PutNumber(elements, nulls, i, values[i]);
	return PointerGetDatum(construct_md_array(elements, nulls, count == 0 ? 0 : 1, &count, &lower, FLOAT8OID,
											  sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

Datum
RowResult(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc row;

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "a function of statistics does not return a row");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls));
}
