/* Times as files have them; see file_time.h. A text is read from left to right by one reader; what it takes
 * is put together again as digits or RFC 3339. */
#include <stdio.h>
#include <string.h>

#include "text/file_time.h"
#include "text/message.h"

#define FIRST_SERIAL 20000 /* 1954, 2064: day numbers of spreadsheets that a file may have */
#define LAST_SERIAL  60000
#define UNIX_SERIAL  25569 /* day number of 1970-01-01 */

/* What is still to be read. */
typedef struct Reader
{
	const char *at;
	const char *end;
} Reader;

/* A date with its time of day, as far as there is one. */
typedef struct Parts
{
	int year, month, day;
	bool timed;
	int hour, minute, second;
	int microseconds;
	char zone[8]; /* Z or +HH:MM; "" for none */
} Parts;

/* Takes `token` if it comes next. */
static bool
take(Reader *r, const char *token)
{
	size_t size = strlen(token);

	if ((size_t) (r->end - r->at) < size || memcmp(r->at, token, size) != 0)
		return false;
	r->at += size;
	return true;
}

static bool
is_digit(const Reader *r)
{
	return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

/* Takes a number of at most `most` digits; returns how many there were, 0 without moving when more or none.
 */
static int
take_number(Reader *r, int most, int *value)
{
	Reader at = *r;
	int count = 0;

	*value = 0;
	for (; is_digit(&at); at.at++, count++)
		if (count < most)
			*value = *value * 10 + (*at.at - '0');
	if (count == 0 || count > most)
		return 0;
	*r = at;
	return count;
}

/* What separates year, month and day; NULL: none of them comes next. */
static const char *
take_separator(Reader *r, bool first)
{
	static const char *const signs[] = {"-", "/", "."};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (take(r, signs[i]))
			return signs[i];
	return take(r, first ? "年" : "月") ? "年" : NULL;
}

/* Three numbers with one separator, of whatever lengths; false: something else. */
static bool
take_numbers(Reader *r, int digits[3], int values[3])
{
	const char *first, *second;

	if ((digits[0] = take_number(r, 4, &values[0])) == 0 || (first = take_separator(r, true)) == NULL ||
		(digits[1] = take_number(r, 2, &values[1])) == 0 || (second = take_separator(r, false)) != first ||
		(digits[2] = take_number(r, 4, &values[2])) == 0)
		return false;
	return strcmp(first, "年") != 0 || take(r, "日") || take(r, "号");
}

/* A fraction of a second; digits beyond microseconds are dropped. */
static void
take_fraction(Reader *r, Parts *parts)
{
	int scale = 100000;

	if (r->end - r->at < 2 || (*r->at != '.' && *r->at != ',') || r->at[1] < '0' || r->at[1] > '9')
		return;
	for (r->at++; is_digit(r); r->at++, scale /= 10)
		parts->microseconds += (*r->at - '0') * scale;
}

/* Z, +HH, +HHMM or +HH:MM; none is no error. */
static bool
take_zone(Reader *r, Parts *parts)
{
	char sign;
	int hours, minutes = 0;

	if (take(r, "Z") || take(r, "z"))
	{
		memcpy(parts->zone, "Z", 2);
		return true;
	}
	if (r->at == r->end || (*r->at != '+' && *r->at != '-'))
		return true;
	sign = *r->at++;
	if (r->end - r->at < 2 || r->at[0] < '0' || r->at[0] > '9' || r->at[1] < '0' || r->at[1] > '9')
		return false;
	hours = (r->at[0] - '0') * 10 + r->at[1] - '0';
	r->at += 2;
	if ((take(r, ":") || is_digit(r)) && take_number(r, 2, &minutes) != 2)
		return false;
	snprintf(parts->zone, sizeof(parts->zone), "%c%02d:%02d", sign, hours % 100, minutes % 100);
	return true;
}

/* The time of day behind a date, to the end; false: it is none. */
static bool
take_time(Reader *r, Parts *parts)
{
	bool chinese;

	parts->timed = true;
	while (take(r, " "))
		;
	if (take_number(r, 2, &parts->hour) == 0)
		return false;
	chinese = take(r, "时") || take(r, "点");
	if (!chinese && !take(r, ":"))
		return false;
	if (take_number(r, 2, &parts->minute) == 0)
		return chinese && r->at == r->end;
	if (chinese ? !take(r, "分") : false)
		return false;
	if (chinese)
		return take_number(r, 2, &parts->second) == 0 || take(r, "秒");
	if (take(r, ":") && take_number(r, 2, &parts->second) == 0)
		return false;
	take_fraction(r, parts);
	while (take(r, " "))
		;
	return take_zone(r, parts);
}

/* Proposals for three numbers of which the first is not the year. */
static FileTime
refuse_order(const int digits[3], const int values[3], char *reason)
{
	if (digits[2] != 4)
		(void) MessageBoth(reason, FILE_REASON_SIZE, "the year has four digits; for example 2024-01-02");
	else if (values[0] > 12 || values[1] > 12)
		(void) MessageBoth(reason, FILE_REASON_SIZE,
						   "the year comes first; probably meant: %04d{year}-%02d{month}-%02d{day}",
						   values[2], values[0] > 12 ? values[1] : values[0],
						   values[0] > 12 ? values[0] : values[1]);
	else
		(void) MessageBoth(
			reason, FILE_REASON_SIZE,
			"the month and the day may be either way round; write %04d{year}-%02d{first}-%02d{second} or "
			"%04d{year}-%02d{second}-%02d{first}",
			values[2], values[0], values[1], values[2], values[1], values[0]);
	return FILE_TIME_REFUSED;
}

/* The day of a spreadsheet's day number (civil_from_days of the proleptic calendar). */
static void
serial_day(int serial, int *year, int *month, int *day)
{
	int z = serial - UNIX_SERIAL + 719468;
	int era = z / 146097;
	int of_era = z - era * 146097;
	int of_cycle = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * of_cycle + of_cycle / 4 - of_cycle / 100);
	int shifted = (5 * of_year + 2) / 153;

	*day = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = of_cycle + era * 400 + (*month <= 2 ? 1 : 0);
}

/* Five digits, perhaps with a fraction: the day number of a spreadsheet. */
static bool
is_serial(Reader r, char *reason)
{
	int serial, year, month, day;
	int rest = 0;

	if (take_number(&r, 5, &serial) != 5 || serial < FIRST_SERIAL || serial > LAST_SERIAL ||
		(r.at < r.end && !take(&r, ".")))
		return false;
	while (r.at < r.end && take_number(&r, 1, &rest) == 1)
		;
	while (is_digit(&r))
		r.at++;
	if (r.at != r.end)
		return false;
	serial_day(serial, &year, &month, &day);
	(void) MessageBoth(reason, FILE_REASON_SIZE,
					   "%d{value} looks like the day number of a spreadsheet, "
					   "%04d{year}-%02d{month}-%02d{day}; format the column as yyyy-mm-dd "
					   "before saving it",
					   serial, year, month, day);
	return true;
}

/* Does the time of day say which half of the day it is? */
static bool
has_half(const Reader *r)
{
	static const char *const words[] = {"上午", "下午", "AM", "PM", "am", "pm"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (const char *at = r->at; at + strlen(words[i]) <= r->end; at++)
			if (memcmp(at, words[i], strlen(words[i])) == 0)
				return true;
	return false;
}

FileTime
file_time_read(const char *text, size_t length, char out[FILE_TIME_SIZE], int *microseconds,
			   char reason[FILE_REASON_SIZE])
{
	Reader r = {text, text + length};
	Parts parts = {0};
	int digits[3], values[3];

	while (r.at < r.end && (*r.at == ' ' || *r.at == '\t'))
		r.at++;
	while (r.end > r.at && (r.end[-1] == ' ' || r.end[-1] == '\t'))
		r.end--;
	if (is_serial(r, reason))
		return FILE_TIME_REFUSED;
	if (!take_numbers(&r, digits, values))
		return FILE_TIME_OTHER;
	if (digits[0] != 4)
		return refuse_order(digits, values, reason);
	if (digits[2] > 2)
		return FILE_TIME_OTHER;
	parts.year = values[0];
	parts.month = values[1];
	parts.day = values[2];
	if (has_half(&r))
	{
		(void) MessageBoth(
			reason, FILE_REASON_SIZE,
			"the time of day is written in 24 hours; for example %04d{year}-%02d{month}-%02d{day} 15:04",
			parts.year, parts.month % 100, parts.day % 100);
		return FILE_TIME_REFUSED;
	}
	if (r.at < r.end &&
		(((take(&r, " ") || take(&r, "T") || is_digit(&r)) && !take_time(&r, &parts)) || r.at < r.end))
	{
		(void) MessageBoth(
			reason, FILE_REASON_SIZE,
			"behind the day a time of day is expected; for example %04d{year}-%02d{month}-%02d{day} 10:00:00",
			parts.year, parts.month % 100, parts.day % 100);
		return FILE_TIME_REFUSED;
	}
	*microseconds = parts.microseconds;
	if (!parts.timed)
		snprintf(out, FILE_TIME_SIZE, "%04d%02d%02d", parts.year, parts.month, parts.day);
	else if (parts.zone[0] == '\0')
		snprintf(out, FILE_TIME_SIZE, "%04d%02d%02d%02d%02d%02d", parts.year, parts.month, parts.day,
				 parts.hour, parts.minute, parts.second);
	else
		snprintf(out, FILE_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%s", parts.year, parts.month, parts.day,
				 parts.hour, parts.minute, parts.second, parts.zone);
	return FILE_TIME_READ;
}
