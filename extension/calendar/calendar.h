/*
 * Working calendars (clause 4, deadlines): hours per weekday, holidays and make-up days as data, in the
 * tables calendar, calendar_hours, calendar_year and calendar_day.
 *
 * A backend keeps what it has read of them until one of them changes. A Calendar may be used until the next
 * CalendarFind(), which may read them anew. Nothing here raises an error for what a caller asks.
 */
#ifndef CBD_CALENDAR_H
#define CBD_CALENDAR_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "utils/date.h"
#include "utils/numeric.h"

#include "core/status.h"

/* Times that a calendar reaches: the first and the last year. */
#define CALENDAR_FIRST_YEAR 1900
#define CALENDAR_LAST_YEAR  2199

/* The calendar that is used when none is named; it is shipped. */
#define CALENDAR_DEFAULT "default"

/* Units of a limit, as deployed systems number them: 11 to 13 run through nights and holidays (紧急). */
typedef enum LimitUnit
{
	LIMIT_WORKING_DAYS = 1, /* of the calendar's day_minutes */
	LIMIT_WORKING_HOURS = 2,
	LIMIT_WORKING_MINUTES = 3,
	LIMIT_RUNNING_DAYS = 11, /* of 24 hours */
	LIMIT_RUNNING_HOURS = 12,
	LIMIT_RUNNING_MINUTES = 13
} LimitUnit;

/* A calendar as it was read; good until the statement ends. */
typedef struct Calendar Calendar;

/* `length` bytes of a code; NULL: there is no such calendar. */
extern Calendar *CalendarFind(const char *code, size_t length);

/*
 * An amount of a unit in microseconds, rounded to the nearest; *running: not of working time. 42205: no such
 * unit; 42204: no number, or beyond what the years allow.
 */
extern CbdStatus CalendarAmount(const Calendar *calendar, Numeric amount, int unit, int64 *microseconds,
								bool *running);

/*
 * The instant at which that much working time is over: the first such instant for an amount above zero, so
 * that what ends with a shift ends then and not with the next one's beginning; before `start` and the last
 * such instant for one below zero; `start` itself for zero. 42204: beyond the years.
 */
extern CbdStatus CalendarAddWork(Calendar *calendar, TimestampTz start, int64 microseconds,
								 TimestampTz *result);

/* Working time between two instants, negative when `to` is the earlier one. 42204: beyond the years. */
extern CbdStatus CalendarWorkBetween(Calendar *calendar, TimestampTz from, TimestampTz to,
									 int64 *microseconds);

/* The day from which no holidays are known: ordinary weeks are assumed. False: all years are known. */
extern bool CalendarUnknownFrom(const Calendar *calendar, DateADT *day);

/* Is the instant in a year whose holidays are known? Otherwise a reply warns with 42232. */
extern bool CalendarKnows(const Calendar *calendar, TimestampTz instant);

/* A number that changes when results may; not ordered. */
extern int64 CalendarVersion(Calendar *calendar);

#endif
