/* Seasonal naive forecast and the back-test of all methods; see forecast_math.h. */
#include "statistics/forecast_math.h"

#include <math.h>

#define SHORTEST_SERIES 10

int
forecast_least(int season)
{
	return 2 * season > SHORTEST_SERIES ? 2 * season : SHORTEST_SERIES;
}

void
seasonal_naive(const double *series, int count, int season, int horizon, double confidence,
			   const Forecast *out)
{
	double z = normal_quantile(0.5 + confidence / 2);
	double squares = 0;
	double sigma;

	for (int t = season; t < count; t++)
		squares += (series[t] - series[t - season]) * (series[t] - series[t - season]);
	sigma = sqrt(squares / (count - season));
	for (int h = 0; h < horizon; h++)
	{
		double half = z * sigma * sqrt(h / season + 1);

		out->value[h] = series[count - season + h % season];
		out->lower[h] = out->value[h] - half;
		out->upper[h] = out->value[h] + half;
	}
}

static void
forecast_by(const double *series, int count, int season, ForecastMethod method, int horizon,
			double confidence, StatisticsPause pause, const Forecast *out)
{
	HoltWintersFit fit;

	if (method == FORECAST_SEASONAL_NAIVE)
	{
		seasonal_naive(series, count, season, horizon, confidence, out);
		return;
	}
	holt_winters_fit(series, count, season, method == FORECAST_HOLT_WINTERS_DAMPED, pause, &fit);
	holt_winters_forecast(&fit, horizon, confidence, out);
}

/* Adds the errors of one origin to the sums in `out`. */
static void
add_errors(const double *actual, const Forecast *forecast, int horizon, BackTest *out)
{
	for (int h = 0; h < horizon; h++)
	{
		double error = fabs(actual[h] - forecast->value[h]);
		double size = fabs(actual[h]) + fabs(forecast->value[h]);

		out->errors++;
		out->mae += error;
		out->mape += actual[h] == 0 ? NAN : 100 * error / fabs(actual[h]);
		out->smape += size == 0 ? 0 : 200 * error / size;
		out->coverage += actual[h] >= forecast->lower[h] && actual[h] <= forecast->upper[h];
	}
}

void
forecast_back_test(const double *series, int count, int season, ForecastMethod method, int horizon,
				   int origins, double confidence, StatisticsPause pause, BackTest *out)
{
	double value[FORECAST_HORIZON_LIMIT];
	double lower[FORECAST_HORIZON_LIMIT];
	double upper[FORECAST_HORIZON_LIMIT];
	Forecast forecast = {value, lower, upper};
	int room = count - forecast_least(season);

	*out = (BackTest){0};
	out->origins = room < horizon ? 0 : room / horizon < origins ? room / horizon : origins;
	for (int origin = 1; origin <= out->origins; origin++)
	{
		int known = count - origin * horizon;

		pause();
		forecast_by(series, known, season, method, horizon, confidence, pause, &forecast);
		add_errors(series + known, &forecast, horizon, out);
	}
	out->mae /= out->errors;
	out->mape /= out->errors;
	out->smape /= out->errors;
	out->coverage /= out->errors;
}
