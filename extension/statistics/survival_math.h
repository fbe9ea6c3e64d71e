/*
 * Time until something happens, when of some it is only known that it has not happened yet; see statistics.h.
 *
 * Kaplan and Meier 1958: at each time t_i at which d_i of the n_i that are left end, S is multiplied by
 * 1 - d_i / n_i. Who is censored at t_i was still there when the d_i ended. Variance: S^2 times the sum of
 * d_i / (n_i (n_i - d_i)) (Greenwood 1926). The interval is that of log(-log S), so that it stays within 0
 * and 1: S^exp(-+ z sqrt(V) / log S), V that sum (Kalbfleisch and Prentice 1980).
 * Quantile q: the first time at which S <= 1 - q; its interval: the first times at which the lower, and the
 * upper bound of S do so (Brookmeyer and Crowley 1982). NAN where S, or the bound, does not fall so far.
 *
 * Units: those of the durations.
 */
#ifndef CBD_SURVIVAL_MATH_H
#define CBD_SURVIVAL_MATH_H

#include "statistics/statistics.h"

/* What is known of one: how long, and whether it had ended then. */
typedef struct Duration
{
	double time;
	bool ended;
} Duration;

/* One time at which some ended. */
typedef struct SurvivalStep
{
	double time;
	int64_t at_risk; /* n_i */
	int64_t ended;   /* d_i */
	double survival; /* S from this time on */
	double error;    /* its standard error; NAN where S is 0 */
	double lower;    /* NAN where S is 0 */
	double upper;
} SurvivalStep;

/* A quantile with its interval. */
typedef struct SurvivalQuantile
{
	double time;
	double lower;
	double upper;
} SurvivalQuantile;

/* Writes the steps, of which there may be as many as durations, and returns how many. `scratch`: room for the
 * durations, which lose their order. */
extern size_t kaplan_meier(Duration *durations, size_t count, double confidence, Duration *scratch,
						   SurvivalStep *steps);

extern SurvivalQuantile survival_quantile(const SurvivalStep *steps, size_t count, double quantile);

#endif
