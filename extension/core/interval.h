/* Interval: time points and ranges of the standard (clause 5.3.4) as PostgreSQL values. */
#ifndef CBD_INTERVAL_H
#define CBD_INTERVAL_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "text/interval_parse.h"

/* A parsed time point as timestamptz: calendar times in citybigdata.time_zone. False: *error is filled. */
extern bool TimePointValue(const TimePointText *point, TimestampTz *out, ParseError *error);

/* The end of the period that a time point stands for, which begins with `value`: the next second, the next
 * local day; of an instant with a fraction, the next microsecond. */
extern TimestampTz TimePointEnd(const TimePointText *point, TimestampTz value);

/*
 * The bounds [from, to) of an interval: a closed bound holds the whole second or day that it names, as it is
 * shown. Empty: from = to. False: *error is filled.
 */
extern bool IntervalBounds(const IntervalText *interval, TimestampTz *from, TimestampTz *to,
						   ParseError *error);

/* `value`, rounded down to the second, as 14 digits. False: no four-digit year of our era. */
extern bool FormatCalendar(TimestampTz value, char *out);

/* yyyyMMddHHmmss in the platform's zone; out has room for 15 bytes. */
extern void FormatTimePoint(TimestampTz value, char *out);

/* Seconds since 1970; whole seconds of an interval, a month having 30 days. */
extern int64 UnixSeconds(TimestampTz at);
extern int64 IntervalSeconds(const Interval *interval);

#endif
