/* cusum(), change_points() in SQL; see change_math.h. */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include <math.h>

#include "statistics/array_arg.h"
#include "statistics/change_math.h"

/* Bounds of k and h, in standard deviations. */
#define MOST_K 10
#define MOST_H 1000

/* cusum(series, mean, sigma, k, h, OUT place, OUT high, OUT low, OUT signal, OUT begun, OUT level) */
PG_FUNCTION_INFO_V1(cbd_cusum);
extern Datum cbd_cusum(PG_FUNCTION_ARGS);

Datum
cbd_cusum(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int count;
	const double *series = ArgDoubles(fcinfo, 0, "series", 0, STATISTICS_POINT_LIMIT, &count);
	double mean = ArgNumber(fcinfo, 1, "mean", -1e300, 1e300);
	double sigma = ArgNumber(fcinfo, 2, "sigma", 1e-300, 1e300);
	double k = ArgNumber(fcinfo, 3, "k", 0, MOST_K);
	double h = ArgNumber(fcinfo, 4, "h", 0, MOST_H);
	CusumStep *steps = palloc(sizeof(CusumStep) * (count + 1));

	cusum(series, count, mean, sigma, k, h, steps);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < count; i++)
	{
		bool none = steps[i].signal == 0;
		Datum values[6] = {Int32GetDatum(i + 1)};
		bool nulls[6] = {false, false, false, false, none};

		PutNumber(values, nulls, 1, steps[i].high);
		PutNumber(values, nulls, 2, steps[i].low);
		values[3] = Int32GetDatum(steps[i].signal);
		values[4] = Int32GetDatum(steps[i].begun + 1);
		PutNumber(values, nulls, 5, none ? NAN : steps[i].level);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* change_points(series, baseline, k, h, poisson, OUT change, OUT signal, OUT before, OUT sigma, OUT after) */
PG_FUNCTION_INFO_V1(cbd_change_points);
extern Datum cbd_change_points(PG_FUNCTION_ARGS);

Datum
cbd_change_points(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int count;
	int judged;
	int found;
	const double *series = ArgDoubles(fcinfo, 0, "series", 0, STATISTICS_SERIES_LIMIT, &count);
	ChangeRule rule = {ArgInteger(fcinfo, 1, "baseline", 2, STATISTICS_SERIES_LIMIT),
					   ArgNumber(fcinfo, 2, "k", 0, MOST_K), ArgNumber(fcinfo, 3, "h", 0, MOST_H),
					   PG_GETARG_BOOL(4)};
	ChangePoint *changes = palloc(sizeof(ChangePoint) * (count / rule.baseline + 1));

	found = change_points(series, count, &rule, changes, &judged);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < found; i++)
	{
		Datum values[5] = {Int32GetDatum(changes[i].change + 1), Int32GetDatum(changes[i].signal + 1)};
		bool nulls[5] = {false};

		PutNumber(values, nulls, 2, changes[i].before);
		PutNumber(values, nulls, 3, changes[i].sigma);
		PutNumber(values, nulls, 4, changes[i].after);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
