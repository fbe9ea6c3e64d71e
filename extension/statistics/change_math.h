/*
 * When did the level of a series change? See statistics.h.
 *
 * Tabular CUSUM, two-sided (Page 1954; Montgomery, Statistical Quality Control, 9.1): with z the value in
 * standard deviations from the mean,
 *   C+ = max(0, C+ + z - k),  C- = max(0, C- - z - k);  a signal when one of them exceeds h.
 * The change began after that sum was last 0. The new level is mean + sigma (k + C+ / N), N the steps since
 * then; below: mean - sigma (k + C- / N). With k = 0.5 and h = 5 a change of one sigma is found after some 10
 * steps, and without a change one false signal comes in 465.
 *
 * Change-points: mean and sigma are those of the first `baseline` values; from each change the reckoning
 * begins anew, with the values from there as its baseline. Of counts sigma is the root of the mean (Poisson),
 * of no less than one in the whole baseline.
 */
#ifndef CBD_CHANGE_MATH_H
#define CBD_CHANGE_MATH_H

#include "statistics/statistics.h"

/* The two sums after a value. */
typedef struct CusumStep
{
	double high;  /* C+ */
	double low;   /* C- */
	int signal;   /* 1: up, -1: down, 0: none; the sums begin anew behind it */
	int begun;    /* of a signal: position of the first value of the change */
	double level; /* of a signal: the new level; else the mean */
} CusumStep;

/* A change that was found. */
typedef struct ChangePoint
{
	int change;    /* position of the first value of the new level */
	int signal;    /* position at which it was found */
	double before; /* level before, of the baseline */
	double sigma;
	double after; /* estimated level after */
} ChangePoint;

typedef struct ChangeRule
{
	int baseline; /* values, at least 2 */
	double k;
	double h;
	bool poisson; /* else the standard deviation of the baseline */
} ChangeRule;

/* Sums of the whole series for a known mean and sigma > 0. */
extern void cusum(const double *series, int count, double mean, double sigma, double k, double h,
				  CusumStep *steps);

/*
 * The changes in their order; room for count / baseline. Returns how many. *judged: the values that were
 * watched, all but those of baselines. A baseline without any variance, when it is not of counts, ends the
 * search.
 */
extern int change_points(const double *series, int count, const ChangeRule *rule, ChangePoint *changes,
						 int *judged);

#endif
