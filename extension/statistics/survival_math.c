/* Kaplan-Meier; see survival_math.h. */
#include "statistics/survival_math.h"

#include <math.h>
#include <string.h>

/* What rounding may leave of a product of fractions that is exactly 1 - q. */
#define ROUNDING 1e-12

/* Digits of a time for the sort below. */
#define DIGIT_BITS 11
#define DIGITS     6 /* of 64 bits */
#define BUCKETS    (1 << DIGIT_BITS)

/* A number whose order is that of the times: negative ones have all bits turned, others the first one. */
static uint64_t
key_of(double time)
{
	uint64_t bits;

	memcpy(&bits, &time, sizeof(bits));
	return bits ^ (bits >> 63 ? UINT64_MAX : UINT64_C(1) << 63);
}

/* Puts the durations in the order of one digit of their keys, into `to`. False: they all have the same. */
static bool
sort_by_digit(const Duration *from, size_t count, int digit, Duration *to)
{
	size_t place[BUCKETS] = {0};
	size_t before = 0;

	for (size_t i = 0; i < count; i++)
		place[key_of(from[i].time) >> (digit * DIGIT_BITS) & (BUCKETS - 1)]++;
	for (int b = 0; b < BUCKETS; b++)
	{
		size_t here = place[b];

		if (here == count)
			return false;
		place[b] = before;
		before += here;
	}
	for (size_t i = 0; i < count; i++)
		to[place[key_of(from[i].time) >> (digit * DIGIT_BITS) & (BUCKETS - 1)]++] = from[i];
	return true;
}

/* By time, from the last digit to the first. Returns where they are then: in one of the two. */
static const Duration *
sort_durations(Duration *durations, size_t count, Duration *scratch)
{
	Duration *from = durations;
	Duration *to = scratch;

	for (int digit = 0; digit < DIGITS; digit++)
		if (sort_by_digit(from, count, digit, to))
		{
			Duration *kept = from;

			from = to;
			to = kept;
		}
	return from;
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
kaplan_meier(Duration *durations, size_t count, double confidence, Duration *scratch, SurvivalStep *steps)
{
	const Duration *sorted = sort_durations(durations, count, scratch);
	double z = normal_quantile(0.5 + confidence / 2);
	double survival = 1;
	double sum = 0;
	size_t made = 0;

	for (size_t from = 0, to; from < count; from = to)
	{
		double left = (double) (count - from);
		double ended = 0;

		for (to = from; to < count && sorted[to].time == sorted[from].time; to++)
			ended += sorted[to].ended;
		if (ended == 0)
			continue;
		survival *= 1 - ended / left;
		sum += ended / (left * (left - ended));
		steps[made] = (SurvivalStep){sorted[from].time, (int64_t) left, (int64_t) ended, survival, 0, 0, 0};
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
