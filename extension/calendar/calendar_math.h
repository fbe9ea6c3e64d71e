/*
 * Arithmetic in working time, in plain C over arrays: no palloc, no ereport, no PostgreSQL header.
 *
 * Words: a shift is a part of a day in which work is done; the hours of a day are its shifts, ascending; a
 * week has hours for each weekday and for make-up days (a working Saturday or Sunday before or after a
 * holiday); an exception is a day that a holiday notice names. A day is a number, 0 = 2000-01-01, as
 * PostgreSQL's date. An instant is microseconds since 2000-01-01 00:00 UTC, as PostgreSQL's timestamptz; all
 * durations are microseconds.
 *
 * From weeks, exceptions and the offsets of the time zone calendar_table_build() makes a table: for each day
 * its first instant, its hours and the working time before it. Working time between two instants is then two
 * probes of the table, and the instant at which an amount of working time is over one search in it.
 *
 * A shift begins and ends when the clock first shows its time, or has passed it where the clocks were put
 * forward over it. A shift in which the clocks change is as long as it really was.
 *
 * Ownership: the caller allocates every array and keeps it as long as the table.
 */
#ifndef CBD_CALENDAR_MATH_H
#define CBD_CALENDAR_MATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALENDAR_SHIFTS 8 /* of a day, at most */
#define CALENDAR_MINUTE INT64_C(60000000)
#define CALENDAR_HOUR   (60 * CALENDAR_MINUTE)
#define CALENDAR_DAY    (24 * CALENDAR_HOUR)

/* Place of the hours of make-up days in a week; Monday to Sunday are 1 to 7. */
#define CALENDAR_MAKE_UP 0
#define CALENDAR_WEEK    8

/* A stretch of working time in a day, in microseconds. */
typedef struct CalendarShift
{
	int64_t from; /* since the day began */
	int64_t to;
} CalendarShift;

/* The working time of one day: shifts in order, none touching the next. */
typedef struct CalendarHours
{
	int count;
	int64_t total;
	CalendarShift shift[CALENDAR_SHIFTS];
} CalendarHours;

/* The hours of the days of a week, from a day on: numbers in the pool, Monday first. */
typedef struct CalendarWeek
{
	int32_t valid_from; /* day; INT32_MIN: always */
	int hours[CALENDAR_WEEK];
} CalendarWeek;

/* A day that is not as its weekday says. */
typedef struct CalendarException
{
	int32_t day;
	bool working; /* a make-up day; else a holiday */
	int hours;    /* of this day alone; -1: as other days of that kind */
} CalendarException;

/* A calendar as it was loaded. Hours are numbers of the pool, whose first ones are none at all. */
typedef struct CalendarSpec
{
	const CalendarHours *pool;
	int pool_count;
	const CalendarWeek *weeks; /* ascending valid_from; before the first one no work is done */
	int week_count;
	const CalendarException *exceptions; /* ascending, each day once */
	int exception_count;
} CalendarSpec;

/* Offset of a time zone, in microseconds east of UTC, from an instant on. */
typedef struct ZoneSpan
{
	int64_t from; /* of the first one: before the table begins */
	int64_t offset;
} ZoneSpan;

/*
 * Days in a row, worked out once: whether an instant is worked, and how much was before it, are look-
 * ups.
 */
typedef struct CalendarTable
{
	int32_t first_day;
	int days;
	int64_t *start;      /* [days + 1]: first instant of each day, and of the day after the last one */
	int64_t *before;     /* [days + 1]: working time from the table's beginning */
	uint16_t *hours;     /* [days]: number in the pool */
	CalendarHours *pool; /* [pool_room] */
	int pool_count;
	int pool_room; /* of the calendar's pool and two for each change of the clocks */
} CalendarTable;

/*
 * Hours as text, "08:00-12:00,14:00-18:00": minutes, 24:00 as an end only, ascending, without overlap; empty:
 * no work. False: *problem says in English what is wrong, *position where (bytes from 1).
 */
extern bool calendar_hours_parse(const char *text, size_t length, CalendarHours *hours, const char **problem,
								 size_t *position);

/* 1 Monday to 7 Sunday. */
extern int calendar_weekday(int32_t day);

/*
 * Fills first_day to first_day + days - 1 of a table whose arrays and pool_room are set. The spans of the
 * zone cover the days and one day more at both ends. False: the pool's room is too small.
 */
extern bool calendar_table_build(CalendarTable *table, const CalendarSpec *spec, const ZoneSpan *zone,
								 int zone_count);

/* Is the instant within the table? Its end counts too. */
extern bool calendar_table_has(const CalendarTable *table, int64_t instant);

/* Working time from the table's beginning to an instant within it. */
extern int64_t calendar_worked(const CalendarTable *table, int64_t instant);

/* First instant at which `worked`, above 0 and at most that of the whole table, has been worked. */
extern int64_t calendar_first_instant(const CalendarTable *table, int64_t worked);

/* Last instant at which no more than `worked`, from 0 and below that of the whole table, has been worked. */
extern int64_t calendar_last_instant(const CalendarTable *table, int64_t worked);

/*
 * A number that two calendars share when they give the same results: of hours, exceptions and zone. Positive.
 * `seed`: 0, or the number so far, to take in more.
 */
extern int64_t calendar_digest(int64_t seed, const void *data, size_t length);

#endif
