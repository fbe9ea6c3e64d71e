/* The normal distribution, order statistics and groups; see statistics.h. */
#include "statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

/* Between two calls of pause, so many elements are looked at by order_statistic() at least. */
#define PAUSE_ELEMENTS 1000000

double
normal_below(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

double
normal_two_sided(double z)
{
	return erfc(fabs(z) * M_SQRT1_2);
}

/* A first value by Hastings' approximation (Abramowitz and Stegun 26.2.23, right to 4.5e-4), then Halley's
 * steps, which triple the right digits: three are enough for all of them. */
double
normal_quantile(double p)
{
	double tail = p < 0.5 ? p : 1 - p;
	double t = sqrt(-2 * log(tail));
	double z =
		t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));

	/* z is the upper quantile of the smaller tail: its own tail is exact where 1 - p is not */
	for (int step = 0; step < 3; step++)
	{
		double error = (tail - normal_below(-z)) * sqrt(2 * M_PI) * exp(z * z / 2);

		z -= error / (1 + z * error / 2);
	}
	return p < 0.5 ? -z : z;
}

static void
swap_doubles(double *values, size_t a, size_t b)
{
	double kept = values[a];

	values[a] = values[b];
	values[b] = kept;
}

/* The middle one of first, middle and last of values[from..to], which are put in order. */
static double
pivot_of(double *values, size_t from, size_t to)
{
	size_t middle = from + (to - from) / 2;

	if (values[middle] < values[from])
		swap_doubles(values, middle, from);
	if (values[to] < values[from])
		swap_doubles(values, to, from);
	if (values[to] < values[middle])
		swap_doubles(values, to, middle);
	return values[middle];
}

/* Quickselect (Hoare): equal values are spread over both sides, so that many of them do no harm. */
double
order_statistic(double *values, size_t count, size_t rank, StatisticsPause pause)
{
	size_t from = 0;
	size_t to = count - 1;
	size_t looked = 0;

	while (from < to)
	{
		double pivot = pivot_of(values, from, to);
		size_t low = from;
		size_t high = to;

		looked += to - from;
		if (looked > PAUSE_ELEMENTS)
		{
			pause();
			looked = 0;
		}
		for (;;)
		{
			while (values[low] < pivot)
				low++;
			while (pivot < values[high])
				high--;
			if (low >= high)
				break;
			swap_doubles(values, low++, high--);
		}
		/* values[from..high] <= pivot <= values[high + 1..to]; with low = high the element there is the pivot
		 */
		if (low == high && rank == high)
			return values[rank];
		if (rank <= high)
			to = high;
		else
			from = high + 1;
	}
	return values[rank];
}

double
median_of(double *values, size_t count, StatisticsPause pause)
{
	double upper = order_statistic(values, count, count / 2, pause);

	if (count % 2 == 1)
		return upper;
	return (order_statistic(values, count, count / 2 - 1, pause) + upper) / 2;
}

static int
compare_doubles(const void *a, const void *b)
{
	double one = *(const double *) a;
	double other = *(const double *) b;

	return (one > other) - (one < other);
}

void
sort_doubles(double *values, size_t count)
{
	qsort(values, count, sizeof(double), compare_doubles);
}

double
mean_of(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double) count;
}

double
squares_around(const double *values, size_t count, double mean)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return sum;
}

/* The least item of the group, as far as it is known; halves the ways to it. */
static int32_t
least_of(int32_t *label, int32_t item)
{
	while (label[item] != item)
	{
		label[item] = label[label[item]];
		item = label[item];
	}
	return item;
}

void
connected_groups(int32_t count, const int32_t *from, const int32_t *to, size_t pairs, int32_t *label)
{
	for (int32_t i = 0; i < count; i++)
		label[i] = i;
	for (size_t k = 0; k < pairs; k++)
	{
		int32_t a = least_of(label, from[k]);
		int32_t b = least_of(label, to[k]);

		if (a < b)
			label[b] = a;
		else
			label[a] = b;
	}
	for (int32_t i = 0; i < count; i++)
		label[i] = least_of(label, i);
}
