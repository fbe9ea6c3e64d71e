/*
 * Hot-spots and cold-spots on a grid of cells; see statistics.h.
 *
 * Cells: squares, column and row by x / size and y / size; or hexagons that stand on a side (flat top), as
 * PostGIS numbers them: odd columns are half a cell higher. `size` is the distance from the centre of a cell
 * to that of the one above it, in the unit of x and y. Neighbours of a cell are those within `reach` steps,
 * the cell itself too: 9 squares or 7 hexagons for 1.
 *
 * Gi* (Getis and Ord 1992; Ord and Getis 1995), weights 1: of a cell with k neighbours among n cells
 *   z = (sum of the neighbours' values - k x) / (S sqrt((n k - k^2) / (n - 1)))
 * x the mean of all values, S^2 the mean of their squared deviations. No verdict (NAN) for a cell without any
 * other neighbour, or with all cells as neighbours; none at all for n < 30, or when all values are equal.
 *
 * False discovery (Benjamini and Hochberg 1995; Yekutieli 2001): of m values of p in ascending order, all up
 * to the largest k with p_k <= q k / (m c) are discoveries; c = 1, or 1 + 1/2 + ... + 1/m where nothing is
 * known of how they depend on each other.
 *
 * Emerging hot-spots: Gi* of each slice of time, false discovery within each slice, and Mann-Kendall over
 * the z of each cell; see EmergingClass.
 */
#ifndef CBD_HOTSPOT_MATH_H
#define CBD_HOTSPOT_MATH_H

#include "statistics/statistics.h"

#define HOTSPOT_LEAST_CELLS  30
#define HOTSPOT_REACH_LIMIT  5
#define EMERGING_LEAST_SLICE 10

typedef enum GridShape
{
	GRID_SQUARE,
	GRID_HEXAGON
} GridShape;

typedef struct GridCell
{
	int32_t column;
	int32_t row;
} GridCell;

/* Of each cell, which others are its neighbours: those of cell i are cell[first[i]] to [first[i + 1] - 1],
 * itself among them. */
typedef struct Neighbours
{
	int32_t count;
	int32_t *first; /* [count + 1] */
	int32_t *cell;
} Neighbours;

/* Why there is no verdict on a whole grid. */
typedef enum GridVerdict
{
	GRID_JUDGED,
	GRID_FEW_CELLS,
	GRID_NO_VARIANCE
} GridVerdict;

/* The cell of a point; false: beyond what 32 bits number. */
extern bool grid_cell_of(GridShape shape, double size, double x, double y, GridCell *cell);

/* The centre of a cell. */
extern void grid_cell_centre(GridShape shape, double size, GridCell cell, double *x, double *y);

/* Places of a table that neighbours_find() needs for so many cells. */
extern size_t neighbours_room(int32_t count);

/* How many neighbours a cell has at most, itself among them. */
extern int neighbours_most(GridShape shape, int reach);

/* Fills `out`, whose count is set, and whose arrays have room for count + 1, and count * neighbours_most().
 * `table`: room for neighbours_room(). False: a cell occurs twice. */
extern bool neighbours_find(const GridCell *cells, GridShape shape, int reach, int32_t *table,
							StatisticsPause pause, Neighbours *out);

/* z of each cell. When there is no verdict at all, all are NAN. */
extern GridVerdict gi_star(const double *values, const Neighbours *neighbours, double *z);

/* A value of p and whose it is: scratch of the functions below. */
typedef struct RankedP
{
	double p;
	int32_t place;
} RankedP;

/* Which of the p are discoveries at rate q; NAN is none and does not count. Returns how many. */
extern int32_t false_discovery(const double *p, int32_t count, double q, bool dependent, RankedP *scratch,
							   bool *discovered);

/* The least q at which each would be a discovery; of NAN, NAN. */
extern void adjusted_p(const double *p, int32_t count, bool dependent, RankedP *scratch, double *adjusted);

/*
 * The class of a cell; of the hot ones (and the same with cold, which are the negative numbers):
 *   new           hot in the last slice and in none before
 *   consecutive   hot in the last two or more slices and in none before these, fewer than 90 % of all
 *   intensifying  hot in 90 % of the slices and in the last one, z rising (Mann-Kendall)
 *   persistent    the same, z neither rising nor falling
 *   diminishing   the same, z falling
 *   oscillating   hot in the last slice, cold in one before, fewer than 90 % hot
 *   sporadic      hot in the last slice and now and then before, never cold, fewer than 90 % hot
 *   historical    not hot in the last slice, but in 90 % of all
 * For cold-spots intensifying is z falling. None: all others.
 */
typedef enum EmergingClass
{
	EMERGING_NONE,
	EMERGING_NEW,
	EMERGING_CONSECUTIVE,
	EMERGING_INTENSIFYING,
	EMERGING_PERSISTENT,
	EMERGING_DIMINISHING,
	EMERGING_SPORADIC,
	EMERGING_OSCILLATING,
	EMERGING_HISTORICAL
} EmergingClass;

/* What became of a cell over the slices. */
typedef struct EmergingCell
{
	int cls;       /* EmergingClass; below 0: of a cold-spot */
	int hot;       /* slices in which it was hot */
	int cold;      /* in which it was cold */
	double last_z; /* of the last slice */
	double trend_z;
	double trend_p;
} EmergingCell;

/* Room that emerging_cells() needs beside its results: for each cell one, of series and sorted one a slice.
 */
typedef struct EmergingScratch
{
	double *p;
	RankedP *ranked;
	bool *discovered;
	double *series;
	double *sorted;
	int8_t *course;
} EmergingScratch;

/*
 * Judges slices of a grid: values[s * count + i] is that of cell i in slice s; `z` and `marks` (1 hot, -1
 * cold, 0) have the same order. A slice without a verdict (nothing happened) is neither hot nor cold, with z
 * 0; so is a cell without other neighbours. `significance`: q of each slice, and of the trend.
 */
extern void emerging_cells(const double *values, int slices, const Neighbours *neighbours,
						   double significance, double *z, int8_t *marks, const EmergingScratch *scratch,
						   StatisticsPause pause, EmergingCell *out);

/* The class of marks (1 hot, -1 cold, 0) in the order of the slices, with the trend of their z. */
extern int emerging_class(const int8_t *marks, int slices, double trend_z, double trend_p,
						  double significance);

#endif
