/*
 * Statistics in plain C over arrays: no palloc, no ereport, no database, no PostgreSQL header; *_sql.c makes
 * SQL functions of them. docs/statistics.md has the formulas with their sources.
 *
 *   trend_math.h      Mann-Kendall, Sen's slope                          trend_sql.c
 *   forecast_math.h   seasonal naive, Holt-Winters, back-test            forecast_sql.c
 *   hotspot_math.h    cells, Gi*, false discovery, emerging ones         grid_sql.c, discovery_sql.c,
 *                                                                      hotspot_sql.c
 *   density_math.h    kernel density                                     density_sql.c
 *   survival_math.h   Kaplan-Meier                                       survival_sql.c
 *   change_math.h     CUSUM, change-points                               change_sql.c
 *   (here)            normal distribution, order statistics, groups
 *
 * Words: a series is values at equal steps of time, first to last; a position in it counts from 0 in C and
 * from 1 in SQL. p is the two-sided probability of what was found, or more, by chance alone. What cannot be
 * told is NAN in C and null in SQL.
 *
 * Everything is deterministic: the same input gives the same result, and nothing is drawn by chance.
 *
 * Ownership: the caller allocates every array. Long loops call the caller's `pause` at least once in some
 * million operations; it may end the work by not coming back (siglongjmp), since nothing is held here.
 */
#ifndef CBD_STATISTICS_H
#define CBD_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (*StatisticsPause)(void);

/* The standard normal distribution: P(Z <= z); P(|Z| >= |z|); the z with P(Z <= z) = p, 0 < p < 1. */
extern double normal_below(double z);
extern double normal_two_sided(double z);
extern double normal_quantile(double p);

/* The element of that rank (from 0) of the values, which are put in another order. */
extern double order_statistic(double *values, size_t count, size_t rank, StatisticsPause pause);

/* The median: the mean of the middle two when the count is even. Puts the values in another order. */
extern double median_of(double *values, size_t count, StatisticsPause pause);

/* Ascending. */
extern void sort_doubles(double *values, size_t count);

/* Mean; sum of squared deviations from it, by two passes. */
extern double mean_of(const double *values, size_t count);
extern double squares_around(const double *values, size_t count, double mean);

/*
 * Groups of what is connected: label[i], for each of `count` items, becomes the least item that is reached
 * from it over the pairs (from[k], to[k]), items counting from 0.
 */
extern void connected_groups(int32_t count, const int32_t *from, const int32_t *to, size_t pairs,
							 int32_t *label);

#endif
