/*
 * The notation of time points and intervals (clause 5.3.4), see interval_parse.h.
 *
 *   interval := blank* open blank* point blank* comma blank* point blank* close blank*
 *   point    := 14 digits (yyyyMMddHHmmss) | 8 digits (yyyyMMdd) | 9 or 10 digits (Unix seconds)
 *             | yyyy-MM-dd | yyyy-MM-ddTHH:mm:ss [. digits] (Z | +HH:mm | -HH:mm)
 *   open     := ( [ U+FF08 U+FF3B      close := ) ] U+FF09 U+FF3D      comma := , U+FF0C
 *   blank    := space, tab, line feed, carriage return, U+3000
 *
 * Every error names the first character that is wrong and shows a valid value.
 */
#include <stdio.h>
#include <string.h>

#include "text/interval_parse.h"
#include "text/message.h"
#include "text/utf8.h"
#include "text/decimal.h"

#define POINT_HINT                                                                                           \
	MESSAGE("A valid time is 20240102030405 (yyyyMMddHHmmss), 20240102, 1704135845 (Unix seconds) or "       \
			"2024-01-02T03:04:05+08:00.")
#define INTERVAL_HINT                                                                                        \
	MESSAGE("A valid interval is [20240102000000,20240103000000) or (1704124800,1704211200].")
#define CALENDAR_DIGITS 14
#define DAY_DIGITS      8
#define UNIX_DIGITS     10
#define UNIX_DIGITS_MIN 9
#define SECONDS_PER_DAY 86400

/* The text and how far it has been read. */
typedef struct Reader
{
	const char *text;
	size_t length;
	size_t at;
} Reader;

/* Fills *error for byte offset `at`; the position counts characters, from 1. Always false, to be returned. */
static bool
refuse(const Reader *r, size_t at, const char *message, const char *hint, ParseError *error)
{
	size_t position = Utf8Characters(r->text, at < r->length ? at : r->length) + 1;

	/* inside a character: that character */
	if (at < r->length && Utf8Continues(r->text[at]) && position > 1)
		position--;
	error->position = position;
	error->message = message;
	error->hint = hint;
	return false;
}

/* Reads `token` if it comes next. */
static bool
take(Reader *r, const char *token)
{
	size_t size = strlen(token);

	if (r->length - r->at < size || memcmp(r->text + r->at, token, size) != 0)
		return false;
	r->at += size;
	return true;
}

/* Blanks and ideographic spaces. */
static void
skip_blanks(Reader *r)
{
	for (;;)
	{
		char c = r->at < r->length ? r->text[r->at] : '\0';

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			r->at++;
		else if (c != '\xE3' || !take(r, "\xE3\x80\x80"))
			return;
	}
}

/* The number of `count` digits that were checked before. */
static int
digits_value(const char *digit, int count)
{
	int64_t value;

	return DecimalRead((Span){digit, (size_t) count}, DECIMAL_DIGITS, &value) ? (int) value : 0;
}

/* By the Gregorian calendar. */
static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

/* refuse(), with a proposal: what was probably meant. */
static bool
propose(const Reader *r, size_t at, const char *message, const char *meant, size_t length, const char *rest,
		ParseError *error)
{
	(void) MessageBoth(error->proposal, sizeof(error->proposal), "Probably meant: %.*s{time}%s{form*}.",
					   (int) length, meant, rest);
	return refuse(r, at, message, error->proposal, error);
}

/* Is the day one of the calendar? `month_at` and `day_at`: where they stand. */
static bool
check_day(const Reader *r, size_t start, size_t month_at, size_t day_at, const TimePointText *out,
		  ParseError *error)
{
	if (out->year < 1)
		return refuse(r, start, MESSAGE("the year must be 0001 to 9999"), POINT_HINT, error);
	if (out->month < 1 || out->month > 12)
		return refuse(r, month_at, MESSAGE("the month must be 01 to 12"), POINT_HINT, error);
	if (out->day < 1 || out->day > days_in_month(out->year, out->month))
		return refuse(r, day_at, MESSAGE("the month has no such day"), POINT_HINT, error);
	return true;
}

/* The same of the time; `step`: from one number to the next. */
static bool
check_time(const Reader *r, size_t hour_at, size_t step, const TimePointText *out, ParseError *error)
{
	if (out->hour > 23)
		return refuse(r, hour_at, MESSAGE("the hour must be 00 to 23"),
					  MESSAGE("Midnight is 000000 of the next day, for example 20240103000000."), error);
	if (out->minute > 59)
		return refuse(r, hour_at + step, MESSAGE("the minute must be 00 to 59"), POINT_HINT, error);
	if (out->second > 59)
		return refuse(r, hour_at + 2 * step, MESSAGE("the second must be 00 to 59"), POINT_HINT, error);
	return true;
}

/* The 14 or 8 digits at `start` as a calendar time or a day. */
static bool
read_calendar(const Reader *r, size_t start, bool whole_day, TimePointText *out, ParseError *error)
{
	const char *digit = r->text + start;

	memset(out, 0, sizeof(*out));
	out->calendar = true;
	out->form = whole_day ? TIME_FORM_DAY : TIME_FORM_CALENDAR;
	out->year = digits_value(digit, 4);
	out->month = digits_value(digit + 4, 2);
	out->day = digits_value(digit + 6, 2);
	if (!whole_day)
	{
		out->hour = digits_value(digit + 8, 2);
		out->minute = digits_value(digit + 10, 2);
		out->second = digits_value(digit + 12, 2);
	}
	return check_day(r, start, start + 4, start + 6, out, error) && check_time(r, start + 8, 2, out, error);
}

/* Takes `count` digits with `before` in front of them. */
static bool
take_number(Reader *r, const char *before, int count, int *value)
{
	Reader at = *r;

	if (!take(&at, before) || at.length - at.at < (size_t) count)
		return false;
	for (int i = 0; i < count; i++)
		if (at.text[at.at + i] < '0' || at.text[at.at + i] > '9')
			return false;
	*value = digits_value(at.text + at.at, count);
	at.at += count;
	*r = at;
	return true;
}

/* Days since 1970-01-01 of a day of the Gregorian calendar. */
static int64_t
days_since_1970(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* A fraction of a second, if there is one; digits beyond microseconds are dropped. */
static void
take_fraction(Reader *r, TimePointText *out)
{
	int scale = 100000;
	int digit;
	Reader at = *r;

	if (!take_number(&at, ".", 1, &digit))
		return;
	out->fraction = true;
	do
	{
		out->microseconds += digit * scale;
		scale /= 10;
	} while (take_number(&at, "", 1, &digit));
	*r = at;
}

/* The zone of a date-time, in seconds east of Greenwich. */
static bool
take_zone(Reader *r, int *offset)
{
	int hours = 0;
	int minutes = 0;
	bool west = r->at < r->length && r->text[r->at] == '-';

	*offset = 0;
	if (take(r, "Z") || take(r, "z"))
		return true;
	if (!take_number(r, west ? "-" : "+", 2, &hours) || !take_number(r, ":", 2, &minutes) || hours > 18 ||
		minutes > 59)
		return false;
	*offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

/* yyyy-MM-dd, or a date-time with its zone, at the reader. */
static bool
read_rfc3339(Reader *r, TimePointText *out, ParseError *error)
{
	size_t start = r->at;
	int offset;

	memset(out, 0, sizeof(*out));
	if (!take_number(r, "", 4, &out->year) || !take_number(r, "-", 2, &out->month) ||
		!take_number(r, "-", 2, &out->day))
		return refuse(r, start, MESSAGE("a day is written 2024-01-02"), POINT_HINT, error);
	if (!check_day(r, start, start + 5, start + 8, out, error))
		return false;
	out->form = TIME_FORM_DAY;
	out->calendar = true;
	if (!take(r, "T") && !take(r, "t"))
		return true;
	if (!take_number(r, "", 2, &out->hour) || !take_number(r, ":", 2, &out->minute) ||
		!take_number(r, ":", 2, &out->second))
		return refuse(r, r->at, MESSAGE("a time of day is written 03:04:05"), POINT_HINT, error);
	if (!check_time(r, start + 11, 3, out, error))
		return false;
	take_fraction(r, out);
	if (!take_zone(r, &offset))
		return refuse(r, r->at, MESSAGE("a date-time has a zone"),
					  MESSAGE("For example 2024-01-02T03:04:05+08:00; in an address + is written %2B."),
					  error);
	out->form = TIME_FORM_ZONED;
	out->calendar = false;
	out->seconds = days_since_1970(out->year, out->month, out->day) * SECONDS_PER_DAY + out->hour * 3600 +
				   out->minute * 60 + out->second - offset;
	return true;
}

/* Digits that are no time, `count` from `start` on: what was probably meant. */
static bool
refuse_digits(const Reader *r, size_t start, size_t count, ParseError *error)
{
	const char *digits = r->text + start;

	if (count == 13)
		return propose(r, start, MESSAGE("13 digits look like milliseconds"), digits, UNIX_DIGITS,
					   MESSAGE(" (Unix seconds)"), error);
	if (count == 4)
		return propose(r, start, MESSAGE("4 digits look like a year"), digits, count, MESSAGE("0101 (a day)"),
					   error);
	if (count == 6)
		return propose(r, start, MESSAGE("6 digits look like a month"), digits, count, MESSAGE("01 (a day)"),
					   error);
	if (count == 12)
		return propose(r, start, MESSAGE("12 digits look like a time without seconds"), digits, count, "00",
					   error);
	if (count == 17)
		return propose(r, start, MESSAGE("17 digits look like a time with milliseconds"), digits,
					   CALENDAR_DIGITS, "", error);
	return refuse(r, start, MESSAGE("a time has 14 digits, 8 as a day, or 9 to 10 as Unix seconds"),
				  POINT_HINT, error);
}

/* A time point at the reader. */
static bool
read_point(Reader *r, TimePointText *out, ParseError *error)
{
	size_t start = r->at;
	size_t count;

	while (r->at < r->length && r->text[r->at] >= '0' && r->text[r->at] <= '9')
		r->at++;
	count = r->at - start;
	if (count == 4 && r->at < r->length && r->text[r->at] == '-')
	{
		r->at = start;
		return read_rfc3339(r, out, error);
	}
	if (count == CALENDAR_DIGITS || count == DAY_DIGITS)
		return read_calendar(r, start, count == DAY_DIGITS, out, error);
	if (count == 0 && r->at < r->length && (r->text[r->at] == '-' || r->text[r->at] == '+'))
		return refuse(r, start, MESSAGE("a time has no sign"), POINT_HINT, error);
	if (count == 0 && (r->at == r->length || strchr(",()[]", r->text[r->at]) != NULL))
		return refuse(r, start, MESSAGE("a time is missing"), POINT_HINT, error);
	if (count == 0)
		return refuse(r, start, MESSAGE("a digit is expected"), POINT_HINT, error);
	if (count < UNIX_DIGITS_MIN || count > UNIX_DIGITS)
		return refuse_digits(r, start, count, error);
	memset(out, 0, sizeof(*out));
	out->form = TIME_FORM_UNIX;
	return DecimalRead((Span){r->text + start, count}, UNIX_DIGITS, &out->seconds);
}

/* Is a later than b, both of one kind? Local calendar order; the zone's jumps are the caller's matter. */
static bool
later(const TimePointText *a, const TimePointText *b)
{
	if (!a->calendar)
		return a->seconds != b->seconds ? a->seconds > b->seconds : a->microseconds > b->microseconds;
	if (a->year != b->year)
		return a->year > b->year;
	if (a->month != b->month)
		return a->month > b->month;
	if (a->day != b->day)
		return a->day > b->day;
	return a->hour * 3600 + a->minute * 60 + a->second > b->hour * 3600 + b->minute * 60 + b->second;
}

bool
time_point_parse(const char *buffer, size_t length, TimePointText *out, ParseError *error)
{
	Reader r = {buffer, length, 0};

	skip_blanks(&r);
	if (!read_point(&r, out, error))
		return false;
	skip_blanks(&r);
	if (r.at < r.length)
		return refuse(&r, r.at, MESSAGE("unexpected text after the time"), POINT_HINT, error);
	return true;
}

bool
interval_parse(const char *buffer, size_t length, IntervalText *out, ParseError *error)
{
	Reader r = {buffer, length, 0};
	size_t upper_at;

	skip_blanks(&r);
	out->lower_inclusive = take(&r, "[") || take(&r, "\xEF\xBC\xBB");
	if (!out->lower_inclusive && !take(&r, "(") && !take(&r, "\xEF\xBC\x88"))
		return refuse(&r, r.at, MESSAGE("an interval starts with [ or ("), INTERVAL_HINT, error);
	skip_blanks(&r);
	if (!read_point(&r, &out->lower, error))
		return false;
	skip_blanks(&r);
	if (!take(&r, ",") && !take(&r, "\xEF\xBC\x8C"))
		return refuse(&r, r.at, MESSAGE("a comma is expected between the two times"), INTERVAL_HINT, error);
	skip_blanks(&r);
	upper_at = r.at;
	if (!read_point(&r, &out->upper, error))
		return false;
	skip_blanks(&r);
	out->upper_inclusive = take(&r, "]") || take(&r, "\xEF\xBC\xBD");
	if (!out->upper_inclusive && !take(&r, ")") && !take(&r, "\xEF\xBC\x89"))
		return refuse(&r, r.at, MESSAGE("an interval ends with ] or )"), INTERVAL_HINT, error);
	skip_blanks(&r);
	if (r.at < r.length)
		return refuse(&r, r.at, MESSAGE("unexpected text after the interval"), INTERVAL_HINT, error);
	if (out->lower.calendar != out->upper.calendar)
		return refuse(&r, upper_at, MESSAGE("both times must be of one kind"), INTERVAL_HINT, error);
	if (later(&out->lower, &out->upper))
		return refuse(&r, upper_at, MESSAGE("the second time is earlier than the first"), INTERVAL_HINT,
					  error);
	return true;
}
