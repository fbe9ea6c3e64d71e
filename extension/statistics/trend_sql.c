/* mann_kendall(), sen_slope() in SQL; see trend_math.h. */
#include "postgres.h"
#include "fmgr.h"

#include "statistics/array_arg.h"
#include "statistics/trend_math.h"

/* mann_kendall(series, OUT s, OUT variance, OUT z, OUT p, OUT tau) */
PG_FUNCTION_INFO_V1(cbd_mann_kendall);
extern Datum cbd_mann_kendall(PG_FUNCTION_ARGS);

Datum
cbd_mann_kendall(PG_FUNCTION_ARGS)
{
	int count;
	const double *series = ArgDoubles(fcinfo, 0, "series", 3, STATISTICS_SERIES_LIMIT, &count);
	MannKendall test;
	Datum values[5];
	bool nulls[5] = {false};

	mann_kendall(series, count, palloc(sizeof(double) * count), StatisticsInterrupt, &test);
	values[0] = Int64GetDatum(test.s);
	PutNumber(values, nulls, 1, test.variance);
	PutNumber(values, nulls, 2, test.z);
	PutNumber(values, nulls, 3, test.p);
	PutNumber(values, nulls, 4, test.tau);
	return RowResult(fcinfo, values, nulls);
}

/* sen_slope(series, confidence, OUT slope, OUT intercept, OUT lower, OUT upper, OUT slopes) */
PG_FUNCTION_INFO_V1(cbd_sen_slope);
extern Datum cbd_sen_slope(PG_FUNCTION_ARGS);

Datum
cbd_sen_slope(PG_FUNCTION_ARGS)
{
	int count;
	const double *series = ArgDoubles(fcinfo, 0, "series", 3, STATISTICS_SERIES_LIMIT, &count);
	double confidence = ArgShare(fcinfo, 1, "confidence");
	double *slopes = palloc(sizeof(double) * ((Size) count * (count - 1) / 2));
	SenSlope found;
	Datum values[5];
	bool nulls[5] = {false};

	sen_slope(series, count, confidence, slopes, StatisticsInterrupt, &found);
	PutNumber(values, nulls, 0, found.slope);
	PutNumber(values, nulls, 1, found.intercept);
	PutNumber(values, nulls, 2, found.lower);
	PutNumber(values, nulls, 3, found.upper);
	values[4] = Int64GetDatum(found.slopes);
	return RowResult(fcinfo, values, nulls);
}
