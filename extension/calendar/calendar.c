/*
 * Working calendars of a backend; see calendar.h. The tables are read at first use and when they changed;
 * the table of days of a calendar (calendar_math.h) covers the known years at first and grows when a time
 * beyond them is asked for.
 */
#include "postgres.h"

#include "fmgr.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "calendar/calendar_math.h"
#include "core/guc.h"
#include "core/reference_cache.h"
#include "core/say.h"
#include "core/spi.h"

#define AMOUNT_LIMIT     1e16 /* microseconds: a little more than the years between the first and the last */
#define GROW_YEARS       10   /* at least, when a table is too short */
#define HOURS_LIMIT      4096 /* different hours in all calendars */
#define EPOCH_DIFFERENCE ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

struct Calendar
{
	char *code;
	int day_minutes;               /* of a working day as a unit */
	char *holidays;                /* "own", "none", or the calendar whose holidays count */
	CalendarWeek *weeks;           /* ascending valid_from */
	CalendarException *exceptions; /* of its own */
	int week_count, exception_count;
	int32 first_known, last_known; /* years of its own without a gap; last before first: none */
	int64 version;                 /* 0: not computed yet */
	const Calendar *source;        /* whose exceptions and years count; NULL: no holidays */
	MemoryContext memory;          /* of the table */
	CalendarTable table;           /* days 0: not built yet */
	int first_year, last_year;     /* of the table */
	Calendar *next;
};

/* Told when the table changes; all calendars are read anew then. */
static ReferenceCache cache = {.table = "calendar"};
static Calendar *calendars; /* in cache.memory; NULL until filled */
static CalendarHours *pool; /* all different hours, the first are none */
static int pool_count;
static pg_tz *zone; /* that tables are built with */

/* No operators: whoever calls may have put others into the path. */
static SpiQuery calendars_query = {"SELECT code, day_minutes, holidays FROM citybigdata.calendar", 0, {0}};
/* Working hours by calendar, day of coming into force, and weekday. */
static SpiQuery hours_query = {"SELECT calendar, valid_from, weekday, hours FROM citybigdata.calendar_hours "
							   "ORDER BY calendar, valid_from, weekday",
							   0,
							   {0}};
/* The years that each calendar knows. */
static SpiQuery years_query = {
	"SELECT calendar, year FROM citybigdata.calendar_year ORDER BY calendar, year", 0, {0}};
/* Days that differ from the week. */
static SpiQuery days_query = {
	"SELECT calendar, day, kind, hours FROM citybigdata.calendar_day ORDER BY calendar, day", 0, {0}};

/* The calendar of a code in the cache; NULL: there is none. */
static Calendar *
FindLoaded(const char *code, size_t length)
{
	for (Calendar *calendar = calendars; calendar != NULL; calendar = calendar->next)
		if (strlen(calendar->code) == length && memcmp(calendar->code, code, length) == 0)
			return calendar;
	return NULL;
}

/* The same for column 1 of a row; rows of one calendar follow each other. NULL: a row without a calendar. */
static Calendar *
CalendarOfRow(uint64 row, Calendar *last)
{
	char *code = SpiText(row, 1);

	if (last == NULL || strcmp(last->code, code) != 0)
		last = FindLoaded(code, strlen(code));
	pfree(code);
	return last;
}

/* Room for one more element, in the cache's memory. */
static void *
Extended(void *array, int count, Size size)
{
	if (array == NULL)
		return MemoryContextAlloc(cache.memory, 8 * size);
	/* doubled at 8, 16, 32 ... */
	return count >= 8 && (count & (count - 1)) == 0 ? repalloc(array, 2 * count * size) : array;
}

/* Number in the pool of hours as text; NULL: -1. */
static int
PoolHours(char *text)
{
	CalendarHours hours;
	const char *problem;
	size_t position;

	if (text == NULL)
		return -1;
	if (!calendar_hours_parse(text, strlen(text), &hours, &problem, &position))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						saymsg("a calendar has hours that are not understood: \"%s{hours}\"", text),
						saydetail("At character %zu{position}: %s{why*}.", position, problem),
						sayhint("For example 08:00-12:00,14:00-18:00.")));
	pfree(text);
	for (int i = 0; i < pool_count; i++)
		if (memcmp(&pool[i], &hours, sizeof(hours)) == 0)
			return i;
	if (pool_count == HOURS_LIMIT)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						saymsg("more than %d{limit} different hours in all calendars", HOURS_LIMIT)));
	pool = Extended(pool, pool_count, sizeof(*pool));
	pool[pool_count] = hours;
	return pool_count++;
}

/* Reads the calendars' own rows. */
static void
ReadCalendars(void)
{
	uint64 count = SpiRead(&calendars_query, NULL, NULL, 0);

	for (uint64 i = 0; i < count; i++)
	{
		Calendar *calendar = MemoryContextAllocZero(cache.memory, sizeof(*calendar));

		calendar->code = MemoryContextStrdup(cache.memory, SpiText(i, 1));
		calendar->day_minutes = SpiInt32(i, 2);
		calendar->holidays = MemoryContextStrdup(cache.memory, SpiText(i, 3));
		calendar->last_known = -1;
		calendar->next = calendars;
		calendars = calendar;
	}
}

/* Reads the working hours by weekday. */
static void
ReadHours(void)
{
	uint64 count = SpiRead(&hours_query, NULL, NULL, 0);
	Calendar *calendar = NULL;

	for (uint64 i = 0; i < count; i++)
	{
		bool isnull;
		DateADT from = DatumGetDateADT(SpiDatum(i, 2, &isnull));
		CalendarWeek *week;

		calendar = CalendarOfRow(i, calendar);
		if (calendar == NULL)
			continue;
		if (calendar->week_count == 0 || calendar->weeks[calendar->week_count - 1].valid_from != from)
		{
			calendar->weeks = Extended(calendar->weeks, calendar->week_count, sizeof(*week));
			week = &calendar->weeks[calendar->week_count++];
			memset(week, 0, sizeof(*week));
			week->valid_from = from; /* -infinity is the smallest day */
		}
		week = &calendar->weeks[calendar->week_count - 1];
		week->hours[SpiInt32(i, 3)] = PoolHours(SpiText(i, 4));
	}
}

/* Years after a gap do not count as known. */
static void
ReadYears(void)
{
	uint64 count = SpiRead(&years_query, NULL, NULL, 0);
	Calendar *calendar = NULL;

	for (uint64 i = 0; i < count; i++)
	{
		int32 year = SpiInt32(i, 2);

		calendar = CalendarOfRow(i, calendar);
		if (calendar == NULL)
			continue;
		if (calendar->last_known < calendar->first_known)
			calendar->first_known = calendar->last_known = year;
		else if (calendar->last_known + 1 == year)
			calendar->last_known = year;
	}
}

/* Reads the days that differ: holidays, and weekends that are worked. */
static void
ReadDays(void)
{
	uint64 count = SpiRead(&days_query, NULL, NULL, 0);
	Calendar *calendar = NULL;

	for (uint64 i = 0; i < count; i++)
	{
		bool isnull;
		CalendarException *day;
		char *kind;

		calendar = CalendarOfRow(i, calendar);
		if (calendar == NULL)
			continue;
		calendar->exceptions = Extended(calendar->exceptions, calendar->exception_count, sizeof(*day));
		day = &calendar->exceptions[calendar->exception_count++];
		kind = SpiText(i, 3);
		day->day = DatumGetDateADT(SpiDatum(i, 2, &isnull));
		day->working = strcmp(kind, "work") == 0;
		day->hours = PoolHours(SpiText(i, 4));
		pfree(kind);
	}
}

/* Reads everything anew: the tables are small and change a few times a year. */
static void
FillCache(void)
{
	calendars = NULL;
	pool = NULL;
	pool_count = 0;
	ReferenceReset(&cache);
	zone = PlatformZone();
	ReferenceBegin(&cache);
	PoolHours(pstrdup(""));
	ReadCalendars();
	ReadHours();
	ReadYears();
	ReadDays();
	ReferenceEnd(&cache);
	for (Calendar *calendar = calendars; calendar != NULL; calendar = calendar->next)
	{
		if (strcmp(calendar->holidays, "own") == 0)
			calendar->source = calendar;
		else if (strcmp(calendar->holidays, "none") != 0)
			calendar->source = FindLoaded(calendar->holidays, strlen(calendar->holidays));
	}
}

Calendar *
CalendarFind(const char *code, size_t length)
{
	if (!ReferenceIsFresh(&cache) || calendars == NULL || zone != PlatformZone())
	{
		PG_TRY();
		{
			FillCache();
		}
		PG_CATCH();
		{
			/* half of it must not count as all */
			calendars = NULL;
			PG_RE_THROW();
		}
		PG_END_TRY();
	}
	return FindLoaded(code, length);
}

/* The zone's offsets from two days before the table to two days after it. */
static ZoneSpan *
ZoneSpans(const CalendarTable *table, int *count)
{
	pg_time_t at = (int64) (table->first_day - 2) * SECS_PER_DAY + EPOCH_DIFFERENCE;
	pg_time_t end = (int64) (table->first_day + table->days + 2) * SECS_PER_DAY + EPOCH_DIFFERENCE;
	int room = 64;
	ZoneSpan *spans = palloc(room * sizeof(*spans));
	pg_time_t boundary;
	long before, after;
	int before_dst, after_dst;
	int more = pg_next_dst_boundary(&at, &before, &before_dst, &boundary, &after, &after_dst, zone);

	if (more < 0)
		elog(ERROR, "the time zone has no offset");
	spans[0] = (ZoneSpan){PG_INT64_MIN, before * USECS_PER_SEC};
	*count = 1;
	while (more > 0 && boundary <= end)
	{
		if (*count == room)
			spans = repalloc(spans, (room *= 2) * sizeof(*spans));
		spans[(*count)++] = (ZoneSpan){(boundary - EPOCH_DIFFERENCE) * USECS_PER_SEC, after * USECS_PER_SEC};
		at = boundary;
		more = pg_next_dst_boundary(&at, &before, &before_dst, &boundary, &after, &after_dst, zone);
	}
	return spans;
}

/* The tables of a calendar for whole years (calendar_math.h). */
static void
BuildTable(Calendar *calendar, int first_year, int last_year)
{
	CalendarSpec spec = {pool, pool_count, calendar->weeks, calendar->week_count, NULL, 0};
	CalendarTable table = {0};
	ZoneSpan *spans;
	int span_count;

	if (calendar->source != NULL)
	{
		spec.exceptions = calendar->source->exceptions;
		spec.exception_count = calendar->source->exception_count;
	}
	table.first_day = date2j(first_year, 1, 1) - POSTGRES_EPOCH_JDATE;
	table.days = date2j(last_year + 1, 1, 1) - POSTGRES_EPOCH_JDATE - table.first_day;
	spans = ZoneSpans(&table, &span_count);
	/* an error on the way leaves no table */
	calendar->table.days = 0;
	if (calendar->memory == NULL)
		calendar->memory = AllocSetContextCreate(cache.memory, "citybigdata calendar", ALLOCSET_SMALL_SIZES);
	MemoryContextReset(calendar->memory);
	table.pool_room = pool_count + 2 * span_count;
	table.pool = MemoryContextAlloc(calendar->memory, table.pool_room * sizeof(*table.pool));
	table.start = MemoryContextAlloc(calendar->memory, (table.days + 1) * sizeof(*table.start));
	table.before = MemoryContextAlloc(calendar->memory, (table.days + 1) * sizeof(*table.before));
	table.hours = MemoryContextAlloc(calendar->memory, table.days * sizeof(*table.hours));
	if (!calendar_table_build(&table, &spec, spans, span_count))
		elog(ERROR, "a calendar has more changes of the clocks than days");
	pfree(spans);
	calendar->first_year = first_year;
	calendar->last_year = last_year;
	calendar->table = table;
}

/* A table at all: the known years and the one after them. */
static void
BuildFirst(Calendar *calendar)
{
	const Calendar *source = calendar->source;

	if (source != NULL && source->last_known >= source->first_known)
		BuildTable(calendar, source->first_known, Min(source->last_known + 1, CALENDAR_LAST_YEAR));
	else
		BuildTable(calendar, 2000, 2030);
}

/* Makes the table cover the instant; false: it is beyond the years. */
static bool
Cover(Calendar *calendar, TimestampTz instant)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	if (calendar->table.days == 0)
		BuildFirst(calendar);
	if (calendar_table_has(&calendar->table, instant))
		return true;
	if (TIMESTAMP_NOT_FINITE(instant) || timestamp2tm(instant, &offset, &tm, &fsec, NULL, zone) != 0 ||
		tm.tm_year < CALENDAR_FIRST_YEAR || tm.tm_year > CALENDAR_LAST_YEAR)
		return false;
	BuildTable(calendar, Min(calendar->first_year, tm.tm_year), Max(calendar->last_year, tm.tm_year));
	return true;
}

/* Makes the table longer, at least twice; false: it cannot be. */
static bool
Grow(Calendar *calendar, bool forward)
{
	int more = Max(GROW_YEARS, calendar->last_year - calendar->first_year + 1);
	int first = forward ? calendar->first_year : Max(CALENDAR_FIRST_YEAR, calendar->first_year - more);
	int last = forward ? Min(CALENDAR_LAST_YEAR, calendar->last_year + more) : calendar->last_year;

	if (first == calendar->first_year && last == calendar->last_year)
		return false;
	BuildTable(calendar, first, last);
	return true;
}

CbdStatus
CalendarAmount(const Calendar *calendar, Numeric amount, int unit, int64 *microseconds, bool *running)
{
	static const int64 lengths[] = {0, 0, CALENDAR_HOUR, CALENDAR_MINUTE};
	int kind = unit > 10 ? unit - 10 : unit;
	double about = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(amount)));
	int64 length;

	if (kind < LIMIT_WORKING_DAYS || kind > LIMIT_WORKING_MINUTES)
		return CBD_CODE_NOT_IN_TABLE;
	*running = unit > 10;
	if (kind == LIMIT_WORKING_DAYS)
		length = *running ? CALENDAR_DAY : calendar->day_minutes * CALENDAR_MINUTE;
	else
		length = lengths[kind];
	/* not a number is not less either */
	if (!(about * length < AMOUNT_LIMIT && about * length > -AMOUNT_LIMIT))
		return CBD_FIELD_OUT_OF_RANGE;
	*microseconds = DatumGetInt64(
		DirectFunctionCall1(numeric_int8, DirectFunctionCall2(numeric_mul, NumericGetDatum(amount),
															  NumericGetDatum(int64_to_numeric(length)))));
	return CBD_OK;
}

CbdStatus
CalendarAddWork(Calendar *calendar, TimestampTz start, int64 microseconds, TimestampTz *result)
{
	const CalendarTable *table = &calendar->table;
	int64 target;

	if (!Cover(calendar, start))
		return CBD_FIELD_OUT_OF_RANGE;
	*result = start;
	if (microseconds == 0)
		return CBD_OK;
	/* what was worked before `start` changes with the table's beginning */
	for (;;)
	{
		target = calendar_worked(table, start) + microseconds;
		if (target >= 0 && target <= table->before[table->days])
			break;
		if (!Grow(calendar, microseconds > 0))
			return CBD_FIELD_OUT_OF_RANGE;
	}
	*result = microseconds > 0 ? calendar_first_instant(table, target) : calendar_last_instant(table, target);
	return CBD_OK;
}

CbdStatus
CalendarWorkBetween(Calendar *calendar, TimestampTz from, TimestampTz to, int64 *microseconds)
{
	if (!Cover(calendar, from) || !Cover(calendar, to))
		return CBD_FIELD_OUT_OF_RANGE;
	*microseconds = calendar_worked(&calendar->table, to) - calendar_worked(&calendar->table, from);
	return CBD_OK;
}

bool
CalendarUnknownFrom(const Calendar *calendar, DateADT *day)
{
	const Calendar *source = calendar->source;

	if (strcmp(calendar->holidays, "none") == 0)
		return false;
	if (source == NULL || source->last_known < source->first_known)
		DATE_NOBEGIN(*day);
	else
		*day = date2j(source->last_known + 1, 1, 1) - POSTGRES_EPOCH_JDATE;
	return true;
}

bool
CalendarKnows(const Calendar *calendar, TimestampTz instant)
{
	const Calendar *source = calendar->source;
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	if (strcmp(calendar->holidays, "none") == 0)
		return true;
	return source != NULL && !TIMESTAMP_NOT_FINITE(instant) &&
		   timestamp2tm(instant, &offset, &tm, &fsec, NULL, zone) == 0 && tm.tm_year >= source->first_known &&
		   tm.tm_year <= source->last_known;
}

/* Takes a number into a running digest. */
static int64
DigestNumber(int64 digest, int64 value)
{
	return calendar_digest(digest, &value, sizeof(value));
}

/* Takes a set of working hours into a running digest. */
static int64
DigestHours(int64 digest, int hours)
{
	digest = DigestNumber(digest, hours < 0 ? -1 : pool[hours].count);
	for (int i = 0; hours >= 0 && i < pool[hours].count; i++)
		digest = DigestNumber(DigestNumber(digest, pool[hours].shift[i].from), pool[hours].shift[i].to);
	return digest;
}

int64
CalendarVersion(Calendar *calendar)
{
	const Calendar *source = calendar->source;
	int64 digest = DigestNumber(0, calendar->day_minutes);
	DateADT unknown = 0;

	if (calendar->version != 0)
		return calendar->version;
	digest = calendar_digest(digest, pg_get_timezone_name(zone), strlen(pg_get_timezone_name(zone)));
	for (int i = 0; i < calendar->week_count; i++)
	{
		digest = DigestNumber(digest, calendar->weeks[i].valid_from);
		for (int day = 0; day < CALENDAR_WEEK; day++)
			digest = DigestHours(digest, calendar->weeks[i].hours[day]);
	}
	digest = DigestNumber(digest, CalendarUnknownFrom(calendar, &unknown) ? unknown : PG_INT64_MAX);
	for (int i = 0; source != NULL && i < source->exception_count; i++)
	{
		digest = DigestNumber(digest, source->exceptions[i].day * 2 + source->exceptions[i].working);
		digest = DigestHours(digest, source->exceptions[i].hours);
	}
	calendar->version = digest;
	return digest;
}
