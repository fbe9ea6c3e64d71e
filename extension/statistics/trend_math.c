/* Mann-Kendall and Sen's slope; see trend_math.h. */
#include "statistics/trend_math.h"

#include <math.h>
#include <string.h>

/* After so many pairs, pause. */
#define PAUSE_PAIRS 1000000

/* Variance of S without a trend: ties make it smaller. `sorted` is ascending. */
static double
kendall_variance(const double *sorted, int count)
{
	double n = count;
	double sum = n * (n - 1) * (2 * n + 5);

	for (int from = 0, to; from < count; from = to)
	{
		double t;

		for (to = from + 1; to < count && sorted[to] == sorted[from]; to++)
			;
		t = to - from;
		sum -= t * (t - 1) * (2 * t + 5);
	}
	return sum / 18;
}

void
mann_kendall(const double *series, int count, double *scratch, StatisticsPause pause, MannKendall *out)
{
	int64_t looked = 0;

	out->s = 0;
	for (int i = 0; i < count - 1; i++)
	{
		int row = 0;

		for (int j = i + 1; j < count; j++)
			row += (series[j] > series[i]) - (series[j] < series[i]);
		out->s += row;
		looked += count - i;
		if (looked > PAUSE_PAIRS)
		{
			pause();
			looked = 0;
		}
	}
	memcpy(scratch, series, sizeof(double) * (size_t) count);
	sort_doubles(scratch, (size_t) count);
	out->variance = kendall_variance(scratch, count);
	/* continuity: S moves in steps of two */
	out->z = out->s == 0 ? 0 : ((double) out->s - (out->s > 0 ? 1 : -1)) / sqrt(out->variance);
	out->p = normal_two_sided(out->z);
	out->tau = (double) out->s / (0.5 * count * (count - 1));
}

void
sen_slope(const double *series, int count, double confidence, double *slopes, StatisticsPause pause,
		  SenSlope *out)
{
	size_t pairs = 0;
	double half;
	double low;
	double high;

	memcpy(slopes, series, sizeof(double) * (size_t) count);
	out->intercept = median_of(slopes, (size_t) count, pause);
	sort_doubles(slopes, (size_t) count);
	half = normal_quantile(0.5 + confidence / 2) * sqrt(kendall_variance(slopes, count));
	for (int i = 0; i < count - 1; i++)
	{
		for (int j = i + 1; j < count; j++)
			slopes[pairs++] = (series[j] - series[i]) / (j - i);
		if (i % 256 == 0)
			pause();
	}
	out->slopes = (int64_t) pairs;
	out->slope = median_of(slopes, pairs, pause);
	out->intercept -= out->slope * (count - 1) / 2.0;
	/* the ranks count from 1; beyond the slopes there are: the outermost ones */
	low = fmax(rint(((double) pairs - half) / 2) - 1, 0);
	high = fmin(rint(((double) pairs + half) / 2), (double) pairs - 1);
	out->lower = order_statistic(slopes, pairs, (size_t) low, pause);
	out->upper = order_statistic(slopes, pairs, (size_t) high, pause);
}
