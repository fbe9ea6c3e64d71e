/* Kaplan-Meier; see survival_math.h. */
#include "statistics/survival_math.h"

#include <math.h>
#include <stdlib.h>

/* What rounding may leave of a product of fractions that is exactly 1 - q. */
#define ROUNDING 1e-12

/* By time; of the same time, who ended comes first. */
static int
compare_durations(const void *a, const void *b)
{
	const Duration *one = a;
	const Duration *other = b;

	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	return (int) other->ended - (int) one->ended;
}

/* Fills in what follows from S and the sum of Greenwood. */
static void
set_bounds(SurvivalStep *step, double sum, double z)
{
	double width = z * sqrt(sum) / log(step->survival);

	if (step->survival <= 0)
	{
		step->survival = 0;
		step->error = step->lower = step->upper = NAN;
		return;
	}
	step->error = step->survival * sqrt(sum);
	/* log S is below 0, and so is the width */
	step->lower = pow(step->survival, exp(-width));
	step->upper = pow(step->survival, exp(width));
}

size_t
kaplan_meier(Duration *durations, size_t count, double confidence, SurvivalStep *steps)
{
	double z = normal_quantile(0.5 + confidence / 2);
	double survival = 1;
	double sum = 0;
	size_t made = 0;

	qsort(durations, count, sizeof(Duration), compare_durations);
	for (size_t from = 0, to; from < count; from = to)
	{
		double left = (double) (count - from);
		double ended = 0;

		for (to = from; to < count && durations[to].time == durations[from].time; to++)
			ended += durations[to].ended;
		if (ended == 0)
			continue;
		survival *= 1 - ended / left;
		sum += ended / (left * (left - ended));
		steps[made] =
			(SurvivalStep){durations[from].time, (int64_t) left, (int64_t) ended, survival, 0, 0, 0};
		set_bounds(&steps[made++], sum, z);
	}
	return made;
}

SurvivalQuantile
survival_quantile(const SurvivalStep *steps, size_t count, double quantile)
{
	double wanted = 1 - quantile + ROUNDING;
	SurvivalQuantile out = {NAN, NAN, NAN};

	for (size_t i = count; i > 0; i--)
	{
		const SurvivalStep *step = &steps[i - 1];

		if (step->survival <= wanted)
			out.time = step->time;
		/* where S is 0 its lower bound is, too */
		if (step->survival == 0 || step->lower <= wanted)
			out.lower = step->time;
		if (step->upper <= wanted)
			out.upper = step->time;
	}
	return out;
}
