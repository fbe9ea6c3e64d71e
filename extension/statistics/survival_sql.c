/* kaplan_meier(), survival_quantile() in SQL; see survival_math.h. */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include "statistics/array_arg.h"
#include "statistics/survival_math.h"

/* The steps of arguments 0 and 1, durations and ended. */
static SurvivalStep *
TakeSteps(FunctionCallInfo fcinfo, double confidence, size_t *made)
{
	int count;
	const double *time = ArgDoubles(fcinfo, 0, "durations", 0, STATISTICS_POINT_LIMIT, &count);
	const bool *ended = ArgBooleans(fcinfo, 1, "ended", count);
	Duration *durations = palloc(sizeof(Duration) * (count + 1));
	SurvivalStep *steps = palloc(sizeof(SurvivalStep) * (count + 1));

	for (int i = 0; i < count; i++)
		durations[i] = (Duration){time[i], ended[i]};
	*made = kaplan_meier(durations, count, confidence, palloc(sizeof(Duration) * (count + 1)), steps);
	pfree(durations);
	return steps;
}

/* kaplan_meier(durations, ended, confidence, OUT duration, OUT at_risk, OUT events, OUT survival, OUT error,
 * OUT lower, OUT upper) */
PG_FUNCTION_INFO_V1(cbd_kaplan_meier);
extern Datum cbd_kaplan_meier(PG_FUNCTION_ARGS);

Datum
cbd_kaplan_meier(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	size_t made;
	SurvivalStep *steps = TakeSteps(fcinfo, ArgShare(fcinfo, 2, "confidence"), &made);

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < made; i++)
	{
		Datum values[7];
		bool nulls[7] = {false};

		PutNumber(values, nulls, 0, steps[i].time);
		values[1] = Int64GetDatum(steps[i].at_risk);
		values[2] = Int64GetDatum(steps[i].ended);
		PutNumber(values, nulls, 3, steps[i].survival);
		PutNumber(values, nulls, 4, steps[i].error);
		PutNumber(values, nulls, 5, steps[i].lower);
		PutNumber(values, nulls, 6, steps[i].upper);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* survival_quantile(durations, ended, quantile, confidence, OUT value, OUT lower, OUT upper) */
PG_FUNCTION_INFO_V1(cbd_survival_quantile);
extern Datum cbd_survival_quantile(PG_FUNCTION_ARGS);

Datum
cbd_survival_quantile(PG_FUNCTION_ARGS)
{
	double quantile = ArgShare(fcinfo, 2, "quantile");
	size_t made;
	SurvivalStep *steps = TakeSteps(fcinfo, ArgShare(fcinfo, 3, "confidence"), &made);
	SurvivalQuantile found = survival_quantile(steps, made, quantile);
	Datum values[3];
	bool nulls[3] = {false};

	PutNumber(values, nulls, 0, found.time);
	PutNumber(values, nulls, 1, found.lower);
	PutNumber(values, nulls, 2, found.upper);
	return RowResult(fcinfo, values, nulls);
}
