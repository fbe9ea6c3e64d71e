/*
 * Is there a trend, and how steep? See statistics.h.
 *
 * Mann-Kendall: S = sum over i < j of sgn(x_j - x_i); Var S = (n(n-1)(2n+5) - sum over ties t(t-1)(2t+5)) /
 * 18; Z = (S -+ 1) / sqrt(Var S), 0 for S = 0; tau = S / (n(n-1)/2). Mann 1945, Kendall 1975. Sen's slope:
 * the median of (x_j - x_i) / (j - i) over i < j; its confidence interval by the ranks (N -+ z sqrt(Var S)) /
 * 2 of the N slopes. Sen 1968.
 *
 * Units: the slope is the series' own unit a step.
 */
#ifndef CBD_TREND_MATH_H
#define CBD_TREND_MATH_H

#include "statistics/statistics.h"

typedef struct MannKendall
{
	int64_t s;
	double variance;
	double z;
	double p;
	double tau;
} MannKendall;

typedef struct SenSlope
{
	double slope;
	double intercept; /* median of the series - slope * median of the positions, which count from 0 */
	double lower;
	double upper;
	int64_t slopes; /* N */
} SenSlope;

/* At least 2 values. `scratch`: room for so many. */
extern void mann_kendall(const double *series, int count, double *scratch, StatisticsPause pause,
						 MannKendall *out);

/* At least 2 values. `slopes`: room for count * (count - 1) / 2, at least count. `confidence`: 0 to 1. */
extern void sen_slope(const double *series, int count, double confidence, double *slopes,
					  StatisticsPause pause, SenSlope *out);

#endif
