/*
 * Working time against a plain model: check_calendar HOLIDAYS PAIRS. HOLIDAYS is sql/data/cn_holidays.tsv.
 *
 * The model knows nothing of tables of days: it goes through every minute of the years, asks the C library
 * what the clock shows then, and lists the working minutes. What is over after n working minutes is the end
 * of the n-th of them. PAIRS random pairs (the same ones in every run) are compared for the calendar as it
 * is shipped in Asia/Shanghai; a tenth as many for shifts at night in zones and years in which the clocks
 * change. Prints what differs; exit code 0: nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calendar/calendar_math.h"

#define EPOCH_2000         INT64_C(946684800) /* Unix time of day 0 */
#define DAY_SECONDS        86400
#define MINUTE_COUNT(days) ((size_t) (days) *24 * 60)
#define FAULTS_SHOWN       10

typedef struct Model
{
	int64_t first; /* instant of minute 0 */
	size_t minutes;
	uint32_t *before; /* [minutes + 1]: working minutes before each */
	size_t *working;  /* the working minutes */
} Model;

static CalendarException exceptions[2000];
static int exception_count;
static int faults;

static uint64_t
Random(void)
{
	static uint64_t state = UINT64_C(0x9E3779B97F4A7C15);

	/* xorshift64* */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

/* Day number of a civil date, by the C library. */
static int32_t
DayNumber(int year, int month, int day)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};

	return (int32_t) ((timegm(&tm) - EPOCH_2000) / DAY_SECONDS);
}

static void
ReadHolidays(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[400];
	int year, month, day;
	char kind[8];

	if (file == NULL)
	{
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%d-%d-%d\t%7[a-z]", &year, &month, &day, kind) == 4)
			exceptions[exception_count++] =
				(CalendarException){DayNumber(year, month, day), strcmp(kind, "work") == 0, -1};
	fclose(file);
}

static void
Fault(const char *what, int64_t start, int64_t amount, int64_t seen, int64_t expected)
{
	if (++faults <= FAULTS_SHOWN)
		printf("%s: start %" PRId64 " amount %" PRId64 ": %" PRId64 ", expected %" PRId64 "\n", what, start,
			   amount, seen, expected);
}

/* Offsets of the zone in the days, from the C library at every quarter of an hour. */
static int
Spans(int32_t first_day, int days, ZoneSpan *spans, int room)
{
	int count = 0;

	for (int quarter = -288; quarter < (days + 3) * 96; quarter++)
	{
		time_t at = first_day * (time_t) DAY_SECONDS + EPOCH_2000 + quarter * 900;
		struct tm tm;

		localtime_r(&at, &tm);
		if (count > 0 && spans[count - 1].offset == tm.tm_gmtoff * INT64_C(1000000))
			continue;
		if (count == room)
			abort();
		spans[count++] = (ZoneSpan){count == 0 ? INT64_MIN : ((int64_t) at - EPOCH_2000) * 1000000,
									tm.tm_gmtoff * INT64_C(1000000)};
	}
	return count;
}

static CalendarTable *
MakeTable(const CalendarSpec *spec, int32_t first_day, int days)
{
	static ZoneSpan spans[1000];
	CalendarTable *table = calloc(1, sizeof(*table));
	int span_count = Spans(first_day, days, spans, 1000);

	table->first_day = first_day;
	table->days = days;
	table->pool_room = spec->pool_count + 2 * span_count;
	table->pool = calloc(table->pool_room, sizeof(*table->pool));
	table->start = calloc(days + 1, sizeof(*table->start));
	table->before = calloc(days + 1, sizeof(*table->before));
	table->hours = calloc(days, sizeof(*table->hours));
	if (!calendar_table_build(table, spec, spans, span_count))
	{
		printf("the table is not built\n");
		exit(1);
	}
	return table;
}

static void
FreeTable(CalendarTable *table)
{
	free(table->pool);
	free(table->start);
	free(table->before);
	free(table->hours);
	free(table);
}

/* Is a minute of that clock one in which work is done? Straight from the words of the calendar. */
static bool
IsWorking(const struct tm *clock, const CalendarHours *hours, bool holidays)
{
	int64_t since = (clock->tm_hour * 60 + clock->tm_min) * CALENDAR_MINUTE;
	int32_t day = 0;
	bool work = clock->tm_wday >= 1 && clock->tm_wday <= 5;

	if (holidays)
	{
		static int32_t last_day = INT32_MIN;
		static int last = -1;

		day = DayNumber(clock->tm_year + 1900, clock->tm_mon + 1, clock->tm_mday);
		if (day != last_day)
		{
			last_day = day;
			last = -1;
			for (int i = 0; i < exception_count; i++)
				if (exceptions[i].day == day)
					last = exceptions[i].working;
		}
		if (last >= 0)
			work = last;
		if (!work)
			return false;
	}
	for (int i = 0; i < hours->count; i++)
		if (since >= hours->shift[i].from && since < hours->shift[i].to)
			return true;
	return false;
}

static void
MakeModel(Model *model, const CalendarTable *table, const CalendarHours *hours, bool holidays)
{
	uint32_t count = 0;

	model->first = table->start[0];
	model->minutes = MINUTE_COUNT(table->days) - 120;
	model->before = malloc((model->minutes + 1) * sizeof(*model->before));
	model->working = malloc(model->minutes * sizeof(*model->working));
	for (size_t i = 0; i < model->minutes; i++)
	{
		time_t at = (time_t) (model->first / 1000000 + EPOCH_2000 + (int64_t) i * 60);
		struct tm clock;

		localtime_r(&at, &clock);
		model->before[i] = count;
		if (IsWorking(&clock, hours, holidays))
			model->working[count++] = i;
	}
	model->before[model->minutes] = count;
}

static int64_t
InstantOf(const Model *model, size_t minute)
{
	return model->first + (int64_t) minute * CALENDAR_MINUTE;
}

/* One pair at whole minutes against the model, and at microseconds against itself. */
static void
CheckPair(const CalendarTable *table, const Model *model)
{
	size_t start = Random() % model->minutes;
	size_t other = Random() % model->minutes;
	uint32_t total = model->before[model->minutes];
	uint32_t before = model->before[start];
	int64_t at = InstantOf(model, start);
	int64_t worked = calendar_worked(table, at);
	int64_t seen = calendar_worked(table, InstantOf(model, other)) - worked;
	int64_t expected = ((int64_t) model->before[other] - before) * CALENDAR_MINUTE;
	uint32_t n = 1 + Random() % (Random() % 4 == 0 ? 200000 : 3000);
	int64_t little = (int64_t) (Random() % CALENDAR_MINUTE);
	int64_t amount;

	if (seen != expected)
		Fault("between", at, other, seen, expected);
	if (before + n <= total)
	{
		seen = calendar_first_instant(table, worked + n * CALENDAR_MINUTE);
		expected = InstantOf(model, model->working[before + n - 1] + 1);
		if (seen != expected)
			Fault("after", at, n, seen, expected);
	}
	if (before >= n)
	{
		seen = calendar_last_instant(table, worked - n * CALENDAR_MINUTE);
		expected = InstantOf(model, model->working[before - n]);
		if (seen != expected)
			Fault("before", at, n, seen, expected);
	}
	if (before + n >= total || before <= n)
		return;
	amount = n * CALENDAR_MINUTE - (int64_t) (Random() % CALENDAR_MINUTE);
	worked = calendar_worked(table, at + little);
	seen = calendar_first_instant(table, worked + amount);
	if (calendar_worked(table, seen) - worked != amount)
		Fault("not given back", at + little, amount, calendar_worked(table, seen) - worked, amount);
	if (calendar_first_instant(table, worked + amount + 1) <= seen)
		Fault("not monotonic", at + little, amount, seen, 0);
	seen = calendar_last_instant(table, worked - amount);
	if (worked - calendar_worked(table, seen) != amount)
		Fault("not taken back", at + little, amount, worked - calendar_worked(table, seen), amount);
}

/* The same hours on every day that has any: Monday to Friday and make-up days, or with `always` every day. */
static void
Compare(const char *zone, int first_year, int last_year, const char *shifts, bool always, long pairs)
{
	CalendarHours pool[2] = {{0}};
	CalendarWeek week = {.valid_from = INT32_MIN, .hours = {1, 1, 1, 1, 1, 1, always, always}};
	CalendarSpec spec = {pool, 2, &week, 1, always ? NULL : exceptions, always ? 0 : exception_count};
	const char *problem;
	size_t position;
	CalendarTable *table;
	Model model;

	if (!calendar_hours_parse(shifts, strlen(shifts), &pool[1], &problem, &position))
	{
		printf("%s: %s\n", shifts, problem);
		exit(1);
	}
	setenv("TZ", zone, 1);
	tzset();
	table = MakeTable(&spec, DayNumber(first_year, 1, 1),
					  DayNumber(last_year + 1, 1, 1) - DayNumber(first_year, 1, 1));
	MakeModel(&model, table, &pool[1], !always);
	for (long i = 0; i < pairs; i++)
		CheckPair(table, &model);
	free(model.before);
	free(model.working);
	FreeTable(table);
}

int
main(int argc, char **argv)
{
	long pairs = argc > 2 ? atol(argv[2]) : 100000;

	if (argc < 2)
	{
		fprintf(stderr, "usage: check_calendar HOLIDAYS [PAIRS]\n");
		return 2;
	}
	ReadHolidays(argv[1]);
	Compare("Asia/Shanghai", 2004, 2027, "08:00-12:00,14:00-18:00", false, pairs);
	/* summer time from 1986 to 1991; midnight, the repeated and the skipped hour within shifts */
	Compare("Asia/Shanghai", 1985, 1992, "00:00-24:00", true, pairs / 10);
	Compare("America/New_York", 2024, 2027, "00:00-08:00,22:00-24:00", true, pairs / 10);
	Compare("Europe/Berlin", 2024, 2027, "00:00-04:00,06:30-24:00", true, pairs / 10);
	Compare("Australia/Lord_Howe", 2024, 2027, "01:00-03:00,03:00-05:00", true, pairs / 10);
	Compare("America/Havana", 2024, 2027, "00:00-24:00", true, pairs / 10);
	if (faults > 0)
		printf("%d faults\n", faults);
	return faults > 0;
}
