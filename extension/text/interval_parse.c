/*
 * The notation of time points and intervals (clause 5.3.4), see interval_parse.h.
 *
 *   interval := blank* open blank* point blank* comma blank* point blank* close blank*
 *   point    := 14 digits (yyyyMMddHHmmss) | 1 to 10 digits (Unix seconds)
 *   open     := ( [ U+FF08 U+FF3B      close := ) ] U+FF09 U+FF3D      comma := , U+FF0C
 *   blank    := space, tab, line feed, carriage return, U+3000
 *
 * Every error names the first character that is wrong and shows a valid value.
 */
#include <string.h>

#include "text/interval_parse.h"
#include "text/utf8.h"
#include "text/decimal.h"

#define POINT_HINT      "A valid time is 20240102030405 (yyyyMMddHHmmss) or 1704135845 (Unix seconds)."
#define INTERVAL_HINT   "A valid interval is [20240102000000,20240103000000) or (1704124800,1704211200]."
#define CALENDAR_DIGITS 14
#define UNIX_DIGITS     10

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

/* The 14 digits at `start` as a calendar time. */
static bool
read_calendar(const Reader *r, size_t start, TimePointText *out, ParseError *error)
{
	const char *digit = r->text + start;

	out->calendar = true;
	out->seconds = 0;
	out->year = digits_value(digit, 4);
	out->month = digits_value(digit + 4, 2);
	out->day = digits_value(digit + 6, 2);
	out->hour = digits_value(digit + 8, 2);
	out->minute = digits_value(digit + 10, 2);
	out->second = digits_value(digit + 12, 2);
	if (out->year < 1)
		return refuse(r, start, "the year must be 0001 to 9999", POINT_HINT, error);
	if (out->month < 1 || out->month > 12)
		return refuse(r, start + 4, "the month must be 01 to 12", POINT_HINT, error);
	if (out->day < 1 || out->day > days_in_month(out->year, out->month))
		return refuse(r, start + 6, "the month has no such day", POINT_HINT, error);
	if (out->hour > 23)
		return refuse(r, start + 8, "the hour must be 00 to 23",
					  "Midnight is 000000 of the next day, for example 20240103000000.", error);
	if (out->minute > 59)
		return refuse(r, start + 10, "the minute must be 00 to 59", POINT_HINT, error);
	if (out->second > 59)
		return refuse(r, start + 12, "the second must be 00 to 59", POINT_HINT, error);
	return true;
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
	if (count == CALENDAR_DIGITS)
		return read_calendar(r, start, out, error);
	if (count == 0 && r->at < r->length && (r->text[r->at] == '-' || r->text[r->at] == '+'))
		return refuse(r, start, "a time has no sign", POINT_HINT, error);
	if (count == 0 && (r->at == r->length || strchr(",()[]", r->text[r->at]) != NULL))
		return refuse(r, start, "a time is missing", POINT_HINT, error);
	if (count == 0)
		return refuse(r, start, "a digit is expected", POINT_HINT, error);
	if (count == 13)
		return refuse(r, start, "13 digits look like milliseconds",
					  "Unix time is in seconds: leave out the last three digits, for example 1704135845.",
					  error);
	if (count > UNIX_DIGITS)
		return refuse(r, start, "a time has 14 digits, or up to 10 as Unix seconds", POINT_HINT, error);
	memset(out, 0, sizeof(*out));
	return DecimalRead((Span){r->text + start, count}, UNIX_DIGITS, &out->seconds);
}

/* Is a later than b, both of one kind? Local calendar order; the zone's jumps are the caller's matter. */
static bool
later(const TimePointText *a, const TimePointText *b)
{
	if (!a->calendar)
		return a->seconds > b->seconds;
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
		return refuse(&r, r.at, "unexpected text after the time", POINT_HINT, error);
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
		return refuse(&r, r.at, "an interval starts with [ or (", INTERVAL_HINT, error);
	skip_blanks(&r);
	if (!read_point(&r, &out->lower, error))
		return false;
	skip_blanks(&r);
	if (!take(&r, ",") && !take(&r, "\xEF\xBC\x8C"))
		return refuse(&r, r.at, "a comma is expected between the two times", INTERVAL_HINT, error);
	skip_blanks(&r);
	upper_at = r.at;
	if (!read_point(&r, &out->upper, error))
		return false;
	skip_blanks(&r);
	out->upper_inclusive = take(&r, "]") || take(&r, "\xEF\xBC\xBD");
	if (!out->upper_inclusive && !take(&r, ")") && !take(&r, "\xEF\xBC\x89"))
		return refuse(&r, r.at, "an interval ends with ] or )", INTERVAL_HINT, error);
	skip_blanks(&r);
	if (r.at < r.length)
		return refuse(&r, r.at, "unexpected text after the interval", INTERVAL_HINT, error);
	if (out->lower.calendar != out->upper.calendar)
		return refuse(&r, upper_at, "both times must be of one kind", INTERVAL_HINT, error);
	if (later(&out->lower, &out->upper))
		return refuse(&r, upper_at, "the second time is earlier than the first", INTERVAL_HINT, error);
	return true;
}
