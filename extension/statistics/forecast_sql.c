/* seasonal_naive(), holt_winters(), forecast_back_test() in SQL; see forecast_math.h. */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include "utils/builtins.h"

#include "statistics/array_arg.h"
#include "statistics/forecast_math.h"

static const char *const method_names[FORECAST_METHODS] = {"seasonal-naive", "holt-winters",
														   "holt-winters-damped"};

/* The arguments that all have: series, season, horizon. */
typedef struct ForecastArgs
{
	const double *series;
	int count;
	int season;
	int horizon;
} ForecastArgs;

static ForecastArgs
TakeArgs(FunctionCallInfo fcinfo)
{
	ForecastArgs args;

	args.season = ArgInteger(fcinfo, 1, "season", 1, FORECAST_SEASON_LIMIT);
	args.horizon = ArgInteger(fcinfo, 2, "horizon", 1, FORECAST_HORIZON_LIMIT);
	args.series =
		ArgDoubles(fcinfo, 0, "series", forecast_least(args.season), STATISTICS_SERIES_LIMIT, &args.count);
	return args;
}

/* Room for a horizon. */
static Forecast
ForecastRoom(int horizon)
{
	double *room = palloc(sizeof(double) * 3 * horizon);

	return (Forecast){room, room + horizon, room + 2 * horizon};
}

/* seasonal_naive(series, season, horizon, confidence, OUT step, OUT value, OUT lower, OUT upper) */
PG_FUNCTION_INFO_V1(cbd_seasonal_naive);
extern Datum cbd_seasonal_naive(PG_FUNCTION_ARGS);

Datum
cbd_seasonal_naive(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ForecastArgs args = TakeArgs(fcinfo);
	double confidence = ArgShare(fcinfo, 3, "confidence");
	Forecast forecast = ForecastRoom(args.horizon);

	seasonal_naive(args.series, args.count, args.season, args.horizon, confidence, &forecast);
	InitMaterializedSRF(fcinfo, 0);
	for (int h = 0; h < args.horizon; h++)
	{
		Datum values[4] = {Int32GetDatum(h + 1)};
		bool nulls[4] = {false};

		PutNumber(values, nulls, 1, forecast.value[h]);
		PutNumber(values, nulls, 2, forecast.lower[h]);
		PutNumber(values, nulls, 3, forecast.upper[h]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* holt_winters(series, season, horizon, damped, confidence, OUT alpha, OUT beta, OUT gamma, OUT phi,
 * OUT squares, OUT sigma, OUT begin_level, OUT begin_trend, OUT begin_seasonal, OUT value, OUT lower, OUT
 * upper) */
PG_FUNCTION_INFO_V1(cbd_holt_winters);
extern Datum cbd_holt_winters(PG_FUNCTION_ARGS);

Datum
cbd_holt_winters(PG_FUNCTION_ARGS)
{
	ForecastArgs args = TakeArgs(fcinfo);
	bool damped = PG_GETARG_BOOL(3);
	double confidence = ArgShare(fcinfo, 4, "confidence");
	Forecast forecast = ForecastRoom(args.horizon);
	HoltWintersFit *fit = palloc(sizeof(HoltWintersFit));
	Datum values[12];
	bool nulls[12] = {false};

	holt_winters_fit(args.series, args.count, args.season, damped, StatisticsInterrupt, fit);
	holt_winters_forecast(fit, args.horizon, confidence, &forecast);
	PutNumber(values, nulls, 0, fit->begin.alpha);
	PutNumber(values, nulls, 1, fit->begin.beta);
	PutNumber(values, nulls, 2, fit->begin.gamma);
	PutNumber(values, nulls, 3, fit->begin.phi);
	PutNumber(values, nulls, 4, fit->squares);
	PutNumber(values, nulls, 5, fit->sigma);
	PutNumber(values, nulls, 6, fit->begin.level);
	PutNumber(values, nulls, 7, fit->begin.trend);
	values[8] = DoublesDatum(fit->begin.seasonal, args.season > 1 ? args.season : 0);
	values[9] = DoublesDatum(forecast.value, args.horizon);
	values[10] = DoublesDatum(forecast.lower, args.horizon);
	values[11] = DoublesDatum(forecast.upper, args.horizon);
	return RowResult(fcinfo, values, nulls);
}

/* forecast_back_test(series, season, horizon, origins, confidence, OUT method, OUT tried, OUT mae, OUT mape,
 * OUT smape, OUT coverage): a row of each method */
PG_FUNCTION_INFO_V1(cbd_forecast_back_test);
extern Datum cbd_forecast_back_test(PG_FUNCTION_ARGS);

Datum
cbd_forecast_back_test(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ForecastArgs args = TakeArgs(fcinfo);
	int origins = ArgInteger(fcinfo, 3, "origins", 1, FORECAST_ORIGIN_LIMIT);
	double confidence = ArgShare(fcinfo, 4, "confidence");

	InitMaterializedSRF(fcinfo, 0);
	for (int method = 0; method < FORECAST_METHODS; method++)
	{
		BackTest test;
		Datum values[6];
		bool nulls[6] = {false};

		forecast_back_test(args.series, args.count, args.season, (ForecastMethod) method, args.horizon,
						   origins, confidence, StatisticsInterrupt, &test);
		values[0] = CStringGetTextDatum(method_names[method]);
		values[1] = Int32GetDatum(test.origins);
		PutNumber(values, nulls, 2, test.mae);
		PutNumber(values, nulls, 3, test.mape);
		PutNumber(values, nulls, 4, test.smape);
		PutNumber(values, nulls, 5, test.coverage);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
