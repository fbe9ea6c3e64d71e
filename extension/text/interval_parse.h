/*
 * Time points and intervals in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL
 * header, so that sanitizers and fuzzers see it.
 *
 * A time point is yyyyMMddHHmmss (14 digits, local calendar), yyyyMMdd (8 digits, a local day), Unix seconds
 * (9 or 10 digits), or of RFC 3339: a day (2024-01-02), or a date-time with its zone
 * (2024-01-02T03:04:05+08:00). Anything else is refused, with what was probably meant. An interval is two
 * time points in ( or [ , ) or ]; blanks and full-width brackets and comma allowed.
 *
 * A time point stands for a period: what it shows of time, a second or a day. A closed bound holds the whole
 * period, an open one nothing of it.
 */
#ifndef CBD_INTERVAL_PARSE_H
#define CBD_INTERVAL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a time point was written. */
typedef enum TimeForm
{
	TIME_FORM_CALENDAR, /* 14 digits */
	TIME_FORM_UNIX,     /* 9 or 10 digits */
	TIME_FORM_DAY,      /* 8 digits, or yyyy-MM-dd */
	TIME_FORM_ZONED     /* RFC 3339 date-time */
} TimeForm;

/* One end of an interval as it was written; the caller knows the time zone. */
typedef struct TimePointText
{
	TimeForm form;
	bool calendar;                              /* local calendar (14 digits, days); else an instant */
	int64_t seconds;                            /* since 1970, when not calendar */
	int microseconds;                           /* a fraction that was written (zoned) */
	bool fraction;                              /* one was: the time point is an instant and no period */
	int year, month, day, hour, minute, second; /* when calendar */
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
	const char *message; /* a constant message (message.h): what is wrong */
	const char *hint;    /* a valid value: a constant message, or `proposal` */
	char proposal[160];  /* what was probably meant, as a sentence in both languages */
} ParseError;

extern bool time_point_parse(const char *buffer, size_t length, TimePointText *out, ParseError *error);
extern bool interval_parse(const char *buffer, size_t length, IntervalText *out, ParseError *error);

#endif
