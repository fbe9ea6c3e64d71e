/* CUSUM and change-points; see change_math.h. */
#include "statistics/change_math.h"

#include <math.h>

/* One sum, with the steps since it was 0. */
typedef struct Sum
{
	double value;
	int steps;
} Sum;

static void
add_to_sum(Sum *sum, double by)
{
	sum->value = fmax(0, sum->value + by);
	sum->steps = sum->value > 0 ? sum->steps + 1 : 0;
}

/* One step of both sums. */
static void
cusum_step(double z, int position, double k, double h, Sum *high, Sum *low, CusumStep *out)
{
	add_to_sum(high, z - k);
	add_to_sum(low, -z - k);
	*out = (CusumStep){high->value, low->value, 0, 0, 0};
	/* both cannot exceed h at one value */
	out->signal = high->value > h ? 1 : low->value > h ? -1 : 0;
	if (out->signal != 0)
	{
		const Sum *sum = out->signal > 0 ? high : low;

		out->begun = position - sum->steps + 1;
		out->level = out->signal * (k + sum->value / sum->steps);
		*high = *low = (Sum){0};
	}
}

void
cusum(const double *series, int count, double mean, double sigma, double k, double h, CusumStep *steps)
{
	Sum high = {0};
	Sum low = {0};

	for (int i = 0; i < count; i++)
	{
		cusum_step((series[i] - mean) / sigma, i, k, h, &high, &low, &steps[i]);
		steps[i].level = mean + sigma * steps[i].level;
	}
}

/* Mean and sigma of a baseline. */
static void
baseline_of(const double *series, const ChangeRule *rule, double *mean, double *sigma)
{
	*mean = mean_of(series, (size_t) rule->baseline);
	*sigma = rule->poisson
				 ? sqrt(fmax(*mean, 1.0 / rule->baseline))
				 : sqrt(squares_around(series, (size_t) rule->baseline, *mean) / (rule->baseline - 1));
}

int
change_points(const double *series, int count, const ChangeRule *rule, ChangePoint *changes, int *judged)
{
	int found = 0;
	int at = 0;

	*judged = 0;
	while (at + rule->baseline < count)
	{
		CusumStep step = {0};
		Sum high = {0};
		Sum low = {0};
		double mean;
		double sigma;
		int position = at + rule->baseline;

		baseline_of(series + at, rule, &mean, &sigma);
		if (!(sigma > 0))
			break;
		for (; position < count && step.signal == 0; position++, (*judged)++)
			cusum_step((series[position] - mean) / sigma, position, rule->k, rule->h, &high, &low, &step);
		if (step.signal == 0)
			break;
		changes[found++] = (ChangePoint){step.begun, position - 1, mean, sigma, mean + sigma * step.level};
		at = step.begun;
	}
	return found;
}
