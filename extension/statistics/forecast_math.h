/*
 * How a series goes on; see statistics.h.
 *
 * Seasonal naive: the value of the last season, again; half width of the interval z sigma sqrt(k), k the
 * seasons begun, sigma^2 the mean of the squared differences a season apart. Season 1: the last value.
 *
 * Holt-Winters, additive, trend damped or not (phi = 1), in the notation of Hyndman et al. 2008:
 *   error   e_t = y_t - (l_{t-1} + phi b_{t-1} + s_{t-m})
 *   level   l_t = l_{t-1} + phi b_{t-1} + alpha e_t
 *   trend   b_t = phi b_{t-1} + alpha beta e_t
 *   season  s_t = s_{t-m} + gamma e_t
 * beta is the share of alpha, as Holt and Winters wrote it. The parameters are those with the least sum of
 * e_t^2: the best of a fixed grid, then Nelder and Mead's simplex from the best three, no random number in
 * it. 0.0001 <= alpha, beta <= 0.9999, 0 <= gamma <= 1 - alpha, 0.8 <= phi <= 0.98. The variance of the
 * forecast h steps ahead is sigma^2 (1 + sum over j < h of c_j^2), c_j = alpha + alpha beta phi_j + gamma
 * [m divides j], phi_j = phi + ... + phi^j; sigma^2 = sum of e_t^2 / (n - number of parameters).
 *
 * Without a season (m = 1) there is no s and no gamma: Holt's method.
 *
 * Back-test: from rolling origins, each a horizon after the one before, the last one a horizon before the
 * end, what would have been forecast is compared with what came. Nothing after an origin is used for it.
 */
#ifndef CBD_FORECAST_MATH_H
#define CBD_FORECAST_MATH_H

#include "statistics/statistics.h"

#define FORECAST_SEASON_LIMIT  400 /* steps: a year of days, and some */
#define FORECAST_HORIZON_LIMIT 400
#define FORECAST_ORIGIN_LIMIT  50

typedef enum ForecastMethod
{
	FORECAST_SEASONAL_NAIVE,
	FORECAST_HOLT_WINTERS,
	FORECAST_HOLT_WINTERS_DAMPED
} ForecastMethod;
#define FORECAST_METHODS 3

/* Parameters and state of Holt-Winters. */
typedef struct HoltWinters
{
	int season;
	bool damped;
	double alpha;
	double beta;
	double gamma;
	double phi;
	double level;                           /* before the first value, or after the last one */
	double trend;                           /* the same */
	double seasonal[FORECAST_SEASON_LIMIT]; /* of the next steps, in their order */
} HoltWinters;

/* A fitted model. */
typedef struct HoltWintersFit
{
	HoltWinters begin; /* state before the first value */
	HoltWinters end;   /* state after the last one */
	double squares;    /* sum of the squared one-step errors */
	double sigma;
} HoltWintersFit;

/* A forecast: room for the horizon. */
typedef struct Forecast
{
	double *value;
	double *lower;
	double *upper;
} Forecast;

/* Errors of one method over all origins and steps. */
typedef struct BackTest
{
	int origins;
	int errors;      /* compared values */
	double mae;      /* mean absolute error */
	double mape;     /* mean of |error| / |value|, per cent; NAN where a value was 0 */
	double smape;    /* mean of 2 |error| / (|value| + |forecast|), per cent; 0 / 0 counts as 0 */
	double coverage; /* share of the values that lay in the interval */
} BackTest;

/* The least length of a series that a season can be seen in: two of them, and never less than 10. */
extern int forecast_least(int season);

/* `confidence`: of the interval, 0 to 1. The series has forecast_least() values at least. */
extern void seasonal_naive(const double *series, int count, int season, int horizon, double confidence,
						   const Forecast *out);

/* The state before the first value, of the first two seasons: the line through their means, and the mean
 * deviation from it at each place of the season. Sets level, trend and seasonal. */
extern void holt_winters_begin(const double *series, int count, int season, HoltWinters *state);

/* Goes through the series; `state` becomes that after the last value. Returns the sum of squared errors. */
extern double holt_winters_run(const double *series, int count, HoltWinters *state);

extern void holt_winters_fit(const double *series, int count, int season, bool damped, StatisticsPause pause,
							 HoltWintersFit *fit);
extern void holt_winters_forecast(const HoltWintersFit *fit, int horizon, double confidence,
								  const Forecast *out);

/* At most so many origins; out->origins: how many there were room for, 0: the series is too short. */
extern void forecast_back_test(const double *series, int count, int season, ForecastMethod method,
							   int horizon, int origins, double confidence, StatisticsPause pause,
							   BackTest *out);

#endif
