/* Arithmetic in working time; see calendar_math.h. */
#include "calendar/calendar_math.h"
#include "text/message.h"

#include <string.h>

#define FNV_OFFSET UINT64_C(14695981039346656037) /* FNV-1a, 64 bits: the same on every machine */
#define FNV_PRIME  UINT64_C(1099511628211)

/* "hh:mm" at text[0..4] in minutes; -1: not that. 24:00 is 1440. */
static int
ParseClock(const char *text)
{
	int hour = (text[0] - '0') * 10 + text[1] - '0';
	int minute = (text[3] - '0') * 10 + text[4] - '0';

	for (int i = 0; i < 5; i++)
		if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
			return -1;
	if (minute > 59 || hour > 24 || (hour == 24 && minute > 0))
		return -1;
	return hour * 60 + minute;
}

/* What is wrong with a shift in minutes after one that ends at `previous`; NULL: nothing. */
static const char *
ShiftProblem(int from, int to, int previous)
{
	if (from < 0 || to < 0)
		return MESSAGE("a time is written 08:00, from 00:00 to 24:00");
	if (from >= to)
		return MESSAGE("a shift ends after it begins; one through midnight is two, to 24:00 and on the next "
					   "day from 00:00");
	if (from < previous)
		return MESSAGE("shifts are in ascending order and do not overlap");
	return NULL;
}

bool
calendar_hours_parse(const char *text, size_t length, CalendarHours *hours, const char **problem,
					 size_t *position)
{
	size_t at = 0;
	int previous = 0;

	memset(hours, 0, sizeof(*hours));
	*problem = NULL;
	while (at < length)
	{
		const char *shift = text + at;
		int from, to;

		*position = at + 1;
		if (hours->count == CALENDAR_SHIFTS)
			*problem = MESSAGE("a day has at most 8 shifts");
		/* 11 characters and a comma, or the end; a comma is followed by another shift */
		else if (length - at < 11 || shift[5] != '-' || (length - at > 11 && shift[11] != ',') ||
				 length - at == 12)
			*problem = MESSAGE("a shift is written 08:00-12:00, several with commas between them");
		if (*problem != NULL)
			return false;
		from = ParseClock(shift);
		to = ParseClock(shift + 6);
		*problem = ShiftProblem(from, to, previous);
		if (*problem != NULL)
			return false;
		hours->shift[hours->count++] = (CalendarShift){from * CALENDAR_MINUTE, to * CALENDAR_MINUTE};
		hours->total += (to - from) * CALENDAR_MINUTE;
		previous = to;
		at += length - at > 11 ? 12 : 11;
	}
	return true;
}

int
calendar_weekday(int32_t day)
{
	int from_saturday = (int) (day % 7); /* day 0 was a Saturday */

	if (from_saturday < 0)
		from_saturday += 7;
	return (from_saturday + 5) % 7 + 1;
}

/* Number in the pool of the hours of a day of the week rule `week` with `exception` (NULL: none). */
static int
HoursOfDay(const CalendarSpec *spec, const CalendarWeek *week, const CalendarException *exception,
		   int32_t day)
{
	int ordinary = week == NULL ? 0 : week->hours[calendar_weekday(day)];

	if (exception == NULL)
		return ordinary;
	if (!exception->working)
		return 0;
	if (exception->hours >= 0)
		return exception->hours;
	/* a make-up day on a working weekday is that weekday */
	if (spec->pool[ordinary].count > 0 || week == NULL)
		return ordinary;
	return week->hours[CALENDAR_MAKE_UP];
}

/* The zone's spans, read forward only. */
typedef struct ZoneWalk
{
	const ZoneSpan *span;
	int count;
	int at;
} ZoneWalk;

/* First instant at which the clock shows `local` or more. Calls of one walk have ascending `local`. */
static int64_t
InstantOfLocal(ZoneWalk *walk, int64_t local)
{
	int64_t instant;

	while (walk->at + 1 < walk->count && walk->span[walk->at + 1].from + walk->span[walk->at].offset <= local)
		walk->at++;
	instant = local - walk->span[walk->at].offset;
	/* the clock was put forward over it: the change itself is the first instant */
	return instant < walk->span[walk->at].from ? walk->span[walk->at].from : instant;
}

/* The hours of a day on which the clocks change, in time since the day began. */
static void
RealHours(const CalendarHours *hours, ZoneWalk walk, int32_t day, int64_t start, CalendarHours *real)
{
	int64_t midnight = day * CALENDAR_DAY;

	*real = (CalendarHours){0};
	for (int i = 0; i < hours->count; i++)
	{
		CalendarShift shift = {InstantOfLocal(&walk, midnight + hours->shift[i].from) - start,
							   InstantOfLocal(&walk, midnight + hours->shift[i].to) - start};

		if (shift.from == shift.to)
			continue; /* the clocks passed over it */
		real->shift[real->count++] = shift;
		real->total += shift.to - shift.from;
	}
}

bool
calendar_table_build(CalendarTable *table, const CalendarSpec *spec, const ZoneSpan *zone, int zone_count)
{
	ZoneWalk walk = {zone, zone_count, 0};
	int week = -1;
	int exception = 0;
	int64_t total = 0;

	if (spec->pool_count > table->pool_room)
		return false;
	memcpy(table->pool, spec->pool, spec->pool_count * sizeof(CalendarHours));
	table->pool_count = spec->pool_count;
	table->start[0] = InstantOfLocal(&walk, table->first_day * CALENDAR_DAY);
	for (int i = 0; i < table->days; i++)
	{
		int32_t day = table->first_day + i;
		ZoneWalk morning = walk;
		const CalendarException *found = NULL;
		int hours;

		/* days ascend, and so do weeks and exceptions: each is passed once */
		while (week + 1 < spec->week_count && spec->weeks[week + 1].valid_from <= day)
			week++;
		while (exception < spec->exception_count && spec->exceptions[exception].day < day)
			exception++;
		if (exception < spec->exception_count && spec->exceptions[exception].day == day)
			found = &spec->exceptions[exception];
		hours = HoursOfDay(spec, week < 0 ? NULL : &spec->weeks[week], found, day);
		table->start[i + 1] = InstantOfLocal(&walk, (day + 1) * CALENDAR_DAY);
		/* a change of the clocks at midnight shows in the length of a day beside it */
		if ((walk.at != morning.at || table->start[i + 1] - table->start[i] != CALENDAR_DAY) &&
			spec->pool[hours].count > 0)
		{
			if (table->pool_count == table->pool_room)
				return false;
			RealHours(&spec->pool[hours], morning, day, table->start[i], &table->pool[table->pool_count]);
			hours = table->pool_count++;
		}
		table->hours[i] = (uint16_t) hours;
		table->before[i] = total;
		total += table->pool[hours].total;
	}
	table->before[table->days] = total;
	return true;
}

bool
calendar_table_has(const CalendarTable *table, int64_t instant)
{
	return instant >= table->start[0] && instant <= table->start[table->days];
}

int64_t
calendar_worked(const CalendarTable *table, int64_t instant)
{
	int64_t day = (instant - table->start[0]) / CALENDAR_DAY;
	const CalendarHours *hours;
	int64_t worked;
	int64_t since;

	/* offsets of a zone differ by less than a day: the guess is at most a day off */
	if (day >= table->days)
		day = table->days - 1;
	while (day > 0 && table->start[day] > instant)
		day--;
	while (day + 1 < table->days && table->start[day + 1] <= instant)
		day++;
	/* what is over of the day's shifts is added to what was before the day */
	worked = table->before[day];
	since = instant - table->start[day];
	hours = &table->pool[table->hours[day]];
	for (int i = 0; i < hours->count && hours->shift[i].from < since; i++)
		worked += (hours->shift[i].to < since ? hours->shift[i].to : since) - hours->shift[i].from;
	return worked;
}

/* The last day before which less than `worked` was worked, or with `or_equal` no more than that. */
static int
DayOfWork(const CalendarTable *table, int64_t worked, bool or_equal)
{
	int low = 0;
	int high = table->days - 1;

	while (low < high)
	{
		int middle = low + (high - low + 1) / 2;

		if (table->before[middle] < worked || (or_equal && table->before[middle] == worked))
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

int64_t
calendar_first_instant(const CalendarTable *table, int64_t worked)
{
	int day = DayOfWork(table, worked, false);
	const CalendarHours *hours = &table->pool[table->hours[day]];
	int64_t rest = worked - table->before[day];
	int i = 0;

	while (i + 1 < hours->count && rest > hours->shift[i].to - hours->shift[i].from)
	{
		rest -= hours->shift[i].to - hours->shift[i].from;
		i++;
	}
	return table->start[day] + hours->shift[i].from + rest;
}

int64_t
calendar_last_instant(const CalendarTable *table, int64_t worked)
{
	int day = DayOfWork(table, worked, true);
	const CalendarHours *hours = &table->pool[table->hours[day]];
	int64_t rest = worked - table->before[day];
	int i = 0;

	while (i + 1 < hours->count && rest >= hours->shift[i].to - hours->shift[i].from)
	{
		rest -= hours->shift[i].to - hours->shift[i].from;
		i++;
	}
	return table->start[day] + hours->shift[i].from + rest;
}

int64_t
calendar_digest(int64_t seed, const void *data, size_t length)
{
	const unsigned char *byte = data;
	uint64_t digest = seed == 0 ? FNV_OFFSET : (uint64_t) seed;

	for (size_t i = 0; i < length; i++)
		digest = (digest ^ byte[i]) * FNV_PRIME;
	/* a bigint that is not negative; 0 means none */
	digest &= (uint64_t) INT64_MAX;
	return digest == 0 ? 1 : (int64_t) digest;
}
