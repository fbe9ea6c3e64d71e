/*
 * Time points and intervals in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL
 * header, so that sanitizers and fuzzers see it.
 *
 * A time point is yyyyMMddHHmmss (14 digits, local calendar) or Unix seconds (1 to 10 digits). An
 * interval is two time points of one kind in ( or [ , ) or ]; blanks and full-width brackets and comma
 * allowed.
 */
#ifndef CBD_INTERVAL_PARSE_H
#define CBD_INTERVAL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One end of an interval as it was written; the caller knows the time zone. */
typedef struct TimePointText
{
	bool calendar;   /* else Unix seconds */
	int64_t seconds; /* Unix seconds, when not calendar */
	int year, month, day, hour, minute, second;
} TimePointText;

/* An interval as it was written. */
typedef struct IntervalText
{
	TimePointText lower, upper;
	bool lower_inclusive, upper_inclusive;
} IntervalText;

/* Why a text is none. */
typedef struct ParseError
{
	size_t position;     /* in characters, from 1 */
	const char *message; /* constant text: what is wrong */
	const char *hint;    /* constant text: a valid value */
} ParseError;

extern bool time_point_parse(const char *buffer, size_t length, TimePointText *out, ParseError *error);
extern bool interval_parse(const char *buffer, size_t length, IntervalText *out, ParseError *error);

#endif
