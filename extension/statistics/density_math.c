/* Kernel density; see density_math.h. */
#include "statistics/density_math.h"

#include <math.h>

/* After so many cells, pause. */
#define PAUSE_CELLS 4000000

double
silverman_bandwidth(const double *x, const double *y, size_t count)
{
	double squares =
		squares_around(x, count, mean_of(x, count)) + squares_around(y, count, mean_of(y, count));
	double deviation = sqrt(squares / 2 / ((double) count - 1));

	return pow(460.8, 1.0 / 6) * deviation * pow((double) count, -1.0 / 6);
}

/* Adds one kernel. Returns the cells that it went through. */
static int64_t
add_kernel(double x, double y, double bandwidth, DensityGrid *grid)
{
	double h2 = bandwidth * bandwidth;
	double peak = 3 / (M_PI * h2);
	/* centres within the bandwidth: from the first one that is not below, to the last one not above */
	double left = ceil((x - bandwidth) / grid->size - 0.5) - grid->corner.column;
	double right = floor((x + bandwidth) / grid->size - 0.5) - grid->corner.column;
	double bottom = ceil((y - bandwidth) / grid->size - 0.5) - grid->corner.row;
	double top = floor((y + bandwidth) / grid->size - 0.5) - grid->corner.row;
	int32_t first = (int32_t) fmax(left, 0);
	int32_t last = (int32_t) fmin(right, grid->columns - 1);
	int32_t lowest = (int32_t) fmax(bottom, 0);
	int32_t highest = (int32_t) fmin(top, grid->rows - 1);

	for (int32_t row = lowest; row <= highest; row++)
	{
		double dy = grid->size * (grid->corner.row + row + 0.5) - y;

		for (int32_t column = first; column <= last; column++)
		{
			double dx = grid->size * (grid->corner.column + column + 0.5) - x;
			double rest = 1 - (dx * dx + dy * dy) / h2;

			if (rest > 0)
				grid->density[(size_t) row * (size_t) grid->columns + (size_t) column] += peak * rest * rest;
		}
	}
	return highest < lowest || last < first ? 1 : (int64_t) (highest - lowest + 1) * (last - first + 1);
}

void
kernel_density(const double *x, const double *y, size_t count, double bandwidth, StatisticsPause pause,
			   DensityGrid *grid)
{
	int64_t done = 0;

	for (size_t i = 0; i < count; i++)
	{
		done += add_kernel(x[i], y[i], bandwidth, grid);
		if (done > PAUSE_CELLS)
		{
			pause();
			done = 0;
		}
	}
}
