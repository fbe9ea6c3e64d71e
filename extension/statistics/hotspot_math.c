/* Gi* and false discovery; see hotspot_math.h. */
#include "statistics/hotspot_math.h"

#include <math.h>
#include <stdlib.h>

GridVerdict
gi_star(const double *values, const Neighbours *neighbours, double *z)
{
	int32_t count = neighbours->count;
	double n = count;
	double mean = count == 0 ? 0 : mean_of(values, (size_t) count);
	double deviation = count == 0 ? 0 : sqrt(squares_around(values, (size_t) count, mean) / n);
	bool few = count < HOTSPOT_LEAST_CELLS;
	bool equal = true;

	/* asked of the values: rounding of the mean must not make a variance */
	for (int32_t i = 1; i < count && equal; i++)
		equal = values[i] == values[0];
	for (int32_t i = 0; i < count; i++)
	{
		double k = neighbours->first[i + 1] - neighbours->first[i];
		double sum = 0;

		for (int32_t at = neighbours->first[i]; at < neighbours->first[i + 1]; at++)
			sum += values[neighbours->cell[at]] - mean;
		z[i] = few || equal || k < 2 || k >= n ? NAN : sum / (deviation * sqrt((n * k - k * k) / (n - 1)));
	}
	return few ? GRID_FEW_CELLS : equal ? GRID_NO_VARIANCE : GRID_JUDGED;
}

static int
compare_ranked(const void *a, const void *b)
{
	const RankedP *one = a;
	const RankedP *other = b;

	if (one->p != other->p)
		return one->p < other->p ? -1 : 1;
	return (one->place > other->place) - (one->place < other->place);
}

/* The p that are numbers, ascending. Returns how many. */
static int32_t
rank_p(const double *p, int32_t count, RankedP *ranked)
{
	int32_t known = 0;

	for (int32_t i = 0; i < count; i++)
		if (!isnan(p[i]))
			ranked[known++] = (RankedP){p[i], i};
	qsort(ranked, (size_t) known, sizeof(RankedP), compare_ranked);
	return known;
}

/* What the m of the rule is multiplied by. */
static double
dependence_factor(int32_t known, bool dependent)
{
	double factor = 1;

	for (int32_t i = 2; i <= known && dependent; i++)
		factor += 1.0 / i;
	return factor;
}

int32_t
false_discovery(const double *p, int32_t count, double q, bool dependent, RankedP *scratch, bool *discovered)
{
	int32_t known = rank_p(p, count, scratch);
	double tests = known * dependence_factor(known, dependent);
	int32_t k = known;

	/* the largest k: a p that is too large alone is carried by a larger one that is not */
	while (k > 0 && scratch[k - 1].p > q * k / tests)
		k--;
	for (int32_t i = 0; i < count; i++)
		discovered[i] = false;
	for (int32_t i = 0; i < k; i++)
		discovered[scratch[i].place] = true;
	return k;
}

void
adjusted_p(const double *p, int32_t count, bool dependent, RankedP *scratch, double *adjusted)
{
	int32_t known = rank_p(p, count, scratch);
	double tests = known * dependence_factor(known, dependent);
	double least = 1;

	for (int32_t i = 0; i < count; i++)
		adjusted[i] = NAN;
	for (int32_t k = known; k > 0; k--)
	{
		least = fmin(least, scratch[k - 1].p * tests / k);
		adjusted[scratch[k - 1].place] = least;
	}
}
