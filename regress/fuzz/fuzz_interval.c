/* interval_parse and time_point_parse: any bytes; what is accepted is well-formed, what is refused says
 * where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/interval_parse.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_point(const TimePointText *p)
{
	if (!p->calendar)
	{
		if (p->form == TIME_FORM_UNIX)
			CHECK(p->seconds >= 0 && p->seconds <= 9999999999);
		CHECK(p->form == TIME_FORM_UNIX || p->form == TIME_FORM_ZONED);
		CHECK(p->microseconds >= 0 && p->microseconds < 1000000);
		return;
	}
	CHECK(p->year >= 1 && p->year <= 9999 && p->month >= 1 && p->month <= 12 && p->day >= 1 && p->day <= 31);
	CHECK(p->hour >= 0 && p->hour <= 23 && p->minute >= 0 && p->minute <= 59 && p->second >= 0 &&
		  p->second <= 59);
}

static void
check_error(const ParseError *error, size_t size)
{
	CHECK(error->position >= 1 && error->position <= size + 1 && error->message != NULL &&
		  error->hint != NULL);
}

static int
write_point(char *out, size_t room, const TimePointText *p)
{
	if (!p->calendar)
		return snprintf(out, room, "%010lld", (long long) p->seconds);
	if (p->form == TIME_FORM_DAY)
		return snprintf(out, room, "%04d%02d%02d", p->year, p->month, p->day);
	return snprintf(out, room, "%04d%02d%02d%02d%02d%02d", p->year, p->month, p->day, p->hour, p->minute,
					p->second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = malloc(size); /* so that a read beyond the end is seen */
	TimePointText point;
	IntervalText interval;
	IntervalText again;
	ParseError error;
	char text[128];
	int length = 0;

	if (size > 0)
		memcpy(exact, data, size);
	if (time_point_parse(exact, size, &point, &error))
		check_point(&point);
	else
		check_error(&error, size);
	if (interval_parse(exact, size, &interval, &error))
	{
		check_point(&interval.lower);
		check_point(&interval.upper);
		CHECK(interval.lower.calendar == interval.upper.calendar);
		/* the canonical text means the same; Unix seconds have neither signs nor fractions */
		if (interval.lower.form == TIME_FORM_ZONED || interval.upper.form == TIME_FORM_ZONED)
		{
			free(exact);
			return 0;
		}
		text[length++] = interval.lower_inclusive ? '[' : '(';
		length += write_point(text + length, sizeof(text) - length, &interval.lower);
		text[length++] = ',';
		length += write_point(text + length, sizeof(text) - length, &interval.upper);
		text[length++] = interval.upper_inclusive ? ']' : ')';
		CHECK(interval_parse(text, length, &again, &error));
		CHECK(again.lower.seconds == interval.lower.seconds && again.upper.second == interval.upper.second);
		CHECK(again.lower_inclusive == interval.lower_inclusive &&
			  again.upper_inclusive == interval.upper_inclusive);
	}
	else
		check_error(&error, size);
	free(exact);
	return 0;
}
