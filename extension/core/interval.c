/*
 * Time points and intervals as PostgreSQL values (clause 5.3.4); the notation itself is read by
 * interval_parse.c.
 *
 * Calendar times are local times of citybigdata.time_zone. Where a zone's clocks were changed (Asia/Shanghai
 * had summer time from 1986 to 1991) a local time that was skipped or occurred twice is read as PostgreSQL
 * reads it: as `timestamp AT TIME ZONE` does.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "core/interval.h"
#include "text/message.h"
#include "core/status.h"

/* Seconds from the Unix epoch to PostgreSQL's. */
#define EPOCH_DIFFERENCE ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)
#define POINT_SIZE       15 /* yyyyMMddHHmmss and the terminator */
#define QUOTED_LIMIT     80 /* bytes of the text that an error message repeats */

/* A calendar time to the instant, in the platform's zone. */
static TimestampTz
CalendarValue(const TimePointText *point)
{
	struct pg_tm tm = {0};
	TimestampTz value;
	int offset;

	tm.tm_year = point->year;
	tm.tm_mon = point->month;
	tm.tm_mday = point->day;
	tm.tm_hour = point->hour;
	tm.tm_min = point->minute;
	tm.tm_sec = point->second;
	tm.tm_isdst = -1;
	offset = DetermineTimeZoneOffset(&tm, PlatformZone());
	if (tm2timestamp(&tm, 0, &offset, &value) != 0)
		elog(ERROR, "a parsed time is out of range");
	return value;
}

bool
TimePointValue(const TimePointText *point, TimestampTz *out, ParseError *error)
{
	if (point->calendar)
		*out = CalendarValue(point);
	else
		*out = (point->seconds - EPOCH_DIFFERENCE) * USECS_PER_SEC + point->microseconds;
	return true;
}

TimestampTz
TimePointEnd(const TimePointText *point, TimestampTz value)
{
	TimePointText next = *point;
	int year, month, day;

	if (point->fraction)
		return value + 1;
	if (point->form != TIME_FORM_DAY)
		return value + USECS_PER_SEC;
	/* by the calendar: a day of a change of the clocks has 23 or 25 hours */
	j2date(date2j(point->year, point->month, point->day) + 1, &year, &month, &day);
	next.year = year;
	next.month = month;
	next.day = day;
	return CalendarValue(&next);
}

bool
IntervalBounds(const IntervalText *interval, TimestampTz *from, TimestampTz *to, ParseError *error)
{
	TimestampTz lower, upper;

	if (!TimePointValue(&interval->lower, &lower, error) || !TimePointValue(&interval->upper, &upper, error))
		return false;
	if (lower > upper)
	{
		/* in calendar order, but the first lies in an hour that the clocks skipped */
		error->position = 1;
		error->message = MESSAGE(
			"the first time was skipped by a change of the clocks and counts as later than the second");
		error->hint = MESSAGE("Use Unix seconds, for example [515527200,515530800].");
		return false;
	}
	*from = interval->lower_inclusive ? lower : TimePointEnd(&interval->lower, lower);
	*to = interval->upper_inclusive ? TimePointEnd(&interval->upper, upper) : upper;
	*to = Max(*from, *to);
	return true;
}

bool
FormatCalendar(TimestampTz value, char *out)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;
	char *at = out;

	if (TIMESTAMP_NOT_FINITE(value) || timestamp2tm(value, &offset, &tm, &fsec, NULL, PlatformZone()) != 0 ||
		tm.tm_year < 1 || tm.tm_year > 9999)
		return false;
	at = pg_ultostr_zeropad(at, tm.tm_year, 4);
	at = pg_ultostr_zeropad(at, tm.tm_mon, 2);
	at = pg_ultostr_zeropad(at, tm.tm_mday, 2);
	at = pg_ultostr_zeropad(at, tm.tm_hour, 2);
	at = pg_ultostr_zeropad(at, tm.tm_min, 2);
	at = pg_ultostr_zeropad(at, tm.tm_sec, 2);
	*at = '\0';
	return true;
}

void
FormatTimePoint(TimestampTz value, char *out)
{
	if (!FormatCalendar(value, out))
		strcpy(out, value < 0 ? "00010101000000" : "99991231235959");
}

int64
UnixSeconds(TimestampTz at)
{
	return at / USECS_PER_SEC + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

int64
IntervalSeconds(const Interval *interval)
{
	return (interval->time / USECS_PER_SEC) + (int64) interval->day * SECS_PER_DAY +
		   (int64) interval->month * DAYS_PER_MONTH * SECS_PER_DAY;
}
