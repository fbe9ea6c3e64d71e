/*
 * Kernel density of points on the cells of a square grid; see statistics.h.
 *
 * At the centre of a cell: the sum over the points of 3 / (pi h^2) (1 - (d / h)^2)^2, d < h their distance
 * (quartic kernel; Silverman 1986, eq. 4.5), that is points per unit of area.
 * Silverman's rule for h: A s n^(-1/6), s^2 the mean of the two variances, A = (460.8)^(1/6) = 2.779 for this
 * kernel in two dimensions (Silverman 1986, eq. 4.14 and table 4.1). It supposes one normal cloud: of a city
 * with several centres it smooths too much.
 */
#ifndef CBD_DENSITY_MATH_H
#define CBD_DENSITY_MATH_H

#include "statistics/hotspot_math.h"

/* A block of square cells, row by row from its lower left one. */
typedef struct DensityGrid
{
	double size;
	GridCell corner;
	int32_t columns;
	int32_t rows;
	double *density; /* [columns * rows], of which the caller has made 0 */
} DensityGrid;

/* At least 2 points; 0 when all are one place. */
extern double silverman_bandwidth(const double *x, const double *y, size_t count);

/* Adds the kernels of the points to the cells of the grid. */
extern void kernel_density(const double *x, const double *y, size_t count, double bandwidth,
						   StatisticsPause pause, DensityGrid *grid);

#endif
