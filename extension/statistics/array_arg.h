/*
 * Arguments and results of the SQL functions of statistics: arrays as plain C arrays, numbers within limits.
 *
 * What is refused is raised with status code 42204 (42202 for an array of another shape), in the language of
 * the session, with the limit. Arrays of an argument are read where they stand: they live as long as the
 * call.
 */
#ifndef CBD_ARRAY_ARG_H
#define CBD_ARRAY_ARG_H

#include "postgres.h"
#include "fmgr.h"

/* Limits of lengths. Pairs of a series are looked at all, and Sen's slopes kept: 4,000 make 64 MB. */
#define STATISTICS_SERIES_LIMIT 4000
#define STATISTICS_CELL_LIMIT   200000
#define STATISTICS_SLICE_LIMIT  1000    /* of time, of a grid */
#define STATISTICS_VALUE_LIMIT  4000000 /* cells of all slices */
#define STATISTICS_POINT_LIMIT  1000000

/* CHECK_FOR_INTERRUPTS() for plain C. */
extern void StatisticsInterrupt(void);

/* Argument n, an array of finite numbers without null; `name`: as SQL has it, for the message. */
extern const double *ArgDoubles(FunctionCallInfo fcinfo, int n, const char *name, int least, int most,
								int *count);

/* The same, where null is allowed: NAN. */
extern const double *ArgDoublesOrNull(FunctionCallInfo fcinfo, int n, const char *name, int most, int *count);

/* The same of integer[] and boolean[] of a length that is known. */
extern const int32 *ArgIntegers(FunctionCallInfo fcinfo, int n, const char *name, int count);
extern const bool *ArgBooleans(FunctionCallInfo fcinfo, int n, const char *name, int count);

/* The length of an array argument. */
extern int ArgLength(FunctionCallInfo fcinfo, int n, const char *name);

/* A number within limits, both included; a share is between 0 and 1, both excluded. */
extern double ArgNumber(FunctionCallInfo fcinfo, int n, const char *name, double least, double most);
extern double ArgShare(FunctionCallInfo fcinfo, int n, const char *name);
extern int ArgInteger(FunctionCallInfo fcinfo, int n, const char *name, int least, int most);

/* Raises 42204: what is too many, or too long. `limit` is a number of them. */
pg_attribute_noreturn() extern void RaiseLength(const char *name, int64 count, int64 least, int64 most);

/* A float8, or null for NAN, into column `at`. */
static inline void
PutNumber(Datum *values, bool *nulls, int at, double value)
{
	nulls[at] = value != value;
	values[at] = Float8GetDatum(value);
}

/* double precision[], NAN as null. */
extern Datum DoublesDatum(const double *values, int count);

/* The row of a function with OUT parameters. */
extern Datum RowResult(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

#endif
