/*
 * createTime: yyyyMMddHHmmss or Unix seconds; for egova also what deployed senders write.
 *
 * The two forms of the standard are read by interval_parse.c. The others are brought into the 14-digit form,
 * so that impossible dates are judged in one place.
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "event/event.h"
#include "core/text_check.h"
#include "core/interval.h"

/* Seconds from the Unix epoch to PostgreSQL's. */
#define UNIX_TO_POSTGRES (((int64) POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* A time in any of the spellings that are taken, brought to one. */
typedef struct Written
{
	char digits[15]; /* yyyyMMddHHmmss */
	bool has_offset;
	int offset; /* seconds east of Greenwich */
} Written;

/* `count` digits at *at, moved on; false when there are other characters. */
static bool
TakeDigits(const char **at, char *out, int count)
{
	for (int i = 0; i < count; i++)
	{
		if ((*at)[i] < '0' || (*at)[i] > '9')
			return false;
		out[i] = (*at)[i];
	}
	*at += count;
	return true;
}

/* Z, +08:00, +0800 or +08 up to the end. */
static bool
TakeOffset(const char *at, Written *out)
{
	char digits[4] = {'0', '0', '0', '0'};
	int sign = *at == '-' ? -1 : 1;

	if (*at == '\0')
		return true;
	out->has_offset = true;
	if ((*at == 'Z' || *at == 'z') && at[1] == '\0')
		return true;
	if (*at != '+' && *at != '-')
		return false;
	at++;
	if (!TakeDigits(&at, digits, 2))
		return false;
	if (*at == ':')
		at++;
	if (*at != '\0' && !TakeDigits(&at, digits + 2, 2))
		return false;
	out->offset = sign * (((digits[0] - '0') * 10 + digits[1] - '0') * 3600 +
						  ((digits[2] - '0') * 10 + digits[3] - '0') * 60);
	return *at == '\0' && out->offset > -16 * 3600 && out->offset < 16 * 3600;
}

/*
 * yyyy-MM-dd HH:mm:ss and ISO 8601: date and time joined by T or a blank, an optional fraction of a second
 * (dropped) and offset. False: not of this shape.
 */
static bool
ReadWritten(const char *at, Written *out)
{
	memset(out, 0, sizeof(*out));
	if (!TakeDigits(&at, out->digits, 4) || *at++ != '-' || !TakeDigits(&at, out->digits + 4, 2) ||
		*at++ != '-' || !TakeDigits(&at, out->digits + 6, 2) || (*at != 'T' && *at != 't' && *at != ' '))
		return false;
	at++;
	if (!TakeDigits(&at, out->digits + 8, 2) || *at++ != ':' || !TakeDigits(&at, out->digits + 10, 2) ||
		*at++ != ':' || !TakeDigits(&at, out->digits + 12, 2))
		return false;
	if (*at == '.' || *at == ',')
	{
		char digit;

		at++;
		if (!TakeDigits(&at, &digit, 1))
			return false;
		while (TakeDigits(&at, &digit, 1))
			;
	}
	return TakeOffset(at, out);
}

/* A time point of the standard's two forms. */
static bool
ReadTimePoint(const char *text, TimestampTz *out, ParseError *error)
{
	TimePointText point;

	if (!time_point_parse(text, strlen(text), &point, error))
		return false;
	if (point.form != TIME_FORM_CALENDAR && point.form != TIME_FORM_UNIX)
	{
		error->position = 1;
		error->message = MESSAGE("a report has the second, by 14 digits or as Unix seconds");
		error->hint = MESSAGE("For example 20240102030405 or 1704135845.");
		return false;
	}
	return TimePointValue(&point, out, error);
}

/* The text without blanks around it. */
static char *
Trimmed(const char *text)
{
	static const char blanks[] = " \t\r\n";
	size_t length;

	text += strspn(text, blanks);
	length = strlen(text);
	while (length > 0 && strchr(blanks, text[length - 1]) != NULL)
		length--;
	return pnstrdup(text, length);
}

/* The forms that only egova takes. False: none of them; *error is filled when it was one with an impossible
 * time. */
static bool
ReadDeployedForms(const char *text, TimestampTz *out, ParseError *error)
{
	Written written;
	size_t length = strlen(text);

	if (length == 13 && strspn(text, "0123456789") == 13)
	{
		*out = ((TimestampTz) strtoll(text, NULL, 10) / 1000 - UNIX_TO_POSTGRES) * USECS_PER_SEC;
		return true;
	}
	if (!ReadWritten(text, &written))
		return false;
	if (!written.has_offset)
		return ReadTimePoint(written.digits, out, error);
	else
	{
		TimePointText point;
		int64 days;

		if (!time_point_parse(written.digits, 14, &point, error))
			return false;
		days = date2j(point.year, point.month, point.day) - POSTGRES_EPOCH_JDATE;
		*out = (days * SECS_PER_DAY + point.hour * 3600 + point.minute * 60 + point.second - written.offset) *
			   USECS_PER_SEC;
		return true;
	}
}

void
CheckCreateTime(EventReport *report)
{
	const JsonNode *node = report->create_time_node;
	ParseError error = {0};
	char *text;

	report->create_time = report->now;
	if (node == NULL)
	{
		if (report->egova)
			ErrorPrint(&report->errors, true, "/createTime", CBD_FIELD_DEFAULTED,
					   "createTime is missing; the time of receipt was used");
		return;
	}
	if (node->kind != JSON_STRING && node->kind != JSON_NUMBER)
	{
		ErrorPrint(&report->errors, false, "/createTime", CBD_FIELD_TYPE,
				   "createTime must be a string (yyyyMMddHHmmss) or Unix seconds, not %s{found*}",
				   JsonKindName(node->kind));
		return;
	}
	text = report->egova ? Trimmed(node->text) : node->text;
	if (!ReadTimePoint(text, &report->create_time, &error))
	{
		ParseError deployed = {0};

		if (!report->egova || !ReadDeployedForms(text, &report->create_time, &deployed))
		{
			const ParseError *told = deployed.message != NULL ? &deployed : &error;

			ErrorPrint(&report->errors, false, "/createTime", CBD_FIELD_TIME,
					   "\"%s{value}\" is not a time: %s{why*}; valid is %s{valid*}",
					   ShortText(text, strlen(text)), told->message,
					   report->egova ? MESSAGE("20240131083000, 1706661000 or 2024-01-31 08:30:00")
									 : MESSAGE("20240131083000 or 1706661000"));
			return;
		}
	}
	report->has_create_time = true;
	if (report->create_time > report->now + EVENT_FUTURE_SECONDS * USECS_PER_SEC)
	{
		char seen[15];
		char now[15];

		FormatTimePoint(report->create_time, seen);
		FormatTimePoint(report->now, now);
		ErrorPrint(&report->errors, false, "/createTime", CBD_TIME_IN_FUTURE,
				   "%s{time} is more than %d{minutes} minutes after the time of receipt, %s{now}", seen,
				   EVENT_FUTURE_SECONDS / 60, now);
	}
}
