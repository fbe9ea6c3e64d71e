/*
 * Values as JSON and CSV text. The types that most rows consist of are written from their bits, by kind; what
 * has no writer of its own goes through its output function, as the publisher (as_publisher.h).
 *
 * Numbers are what reads back as the same value; what JSON cannot say (NaN, infinity) is null. Times are in
 * the platform's zone, or Unix seconds (timeFormat).
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "core/interval.h"
#include "data/as_publisher.h"
#include "data/query.h"
#include "text/csv_guard.h"

/* Seconds from the Unix epoch to PostgreSQL's. */
#define EPOCH_SECONDS ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)
/* 0001-01-02 and 9999-12-30: inside them every zone's calendar has four-digit years */
#define FIRST_TIME ((int64) -730117 * USECS_PER_DAY)
#define LAST_TIME  ((int64) 2921937 * USECS_PER_DAY)

/* Bytes that a JSON string cannot hold as they are. */
static inline bool
NeedsEscape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* One character that JSON wants escaped. */
static void
WriteEscape(StringInfo out, unsigned char c)
{
	switch (c)
	{
		case '"':
			appendStringInfoString(out, "\\\"");
			break;
		case '\\':
			appendStringInfoString(out, "\\\\");
			break;
		case '\n':
			appendStringInfoString(out, "\\n");
			break;
		case '\r':
			appendStringInfoString(out, "\\r");
			break;
		case '\t':
			appendStringInfoString(out, "\\t");
			break;
		default:
			appendStringInfo(out, "\\u%04x", c);
	}
}

/* A JSON string with its quotes. */
void
WriteJsonText(StringInfo out, const char *text, int length)
{
	int start = 0;

	appendStringInfoChar(out, '"');
	for (int i = 0; i < length; i++)
		if (NeedsEscape((unsigned char) text[i]))
		{
			appendBinaryStringInfo(out, text + start, i - start);
			WriteEscape(out, (unsigned char) text[i]);
			start = i + 1;
		}
	appendBinaryStringInfo(out, text + start, length - start);
	appendStringInfoChar(out, '"');
}

/* RFC 4180: quoted where needed. An empty text is "": nothing at all is null, as COPY reads it. `guard`:
 * behind an apostrophe (text/csv_guard.h). */
static void
WriteCsvText(StringInfo out, const char *text, int length, bool guard)
{
	bool quote = length == 0 || text[0] == ' ' || text[length - 1] == ' ';

	for (int i = 0; i < length && !quote; i++)
		quote = text[i] == '"' || text[i] == ',' || text[i] == '\n' || text[i] == '\r';
	if (quote)
		appendStringInfoChar(out, '"');
	if (guard)
		appendStringInfoChar(out, '\'');
	if (!quote)
	{
		appendBinaryStringInfo(out, text, length);
		return;
	}
	for (int i = 0; i < length; i++)
	{
		if (text[i] == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, text[i]);
	}
	appendStringInfoChar(out, '"');
}

/* A text in the reply's format: JSON string or CSV cell. */
static void
WriteText(const DataQuery *query, StringInfo out, const char *text, int length)
{
	if (query->format == OUTPUT_CSV)
		WriteCsvText(out, text, length, query->spreadsheet && CsvNeedsGuard(text, length));
	else
		WriteJsonText(out, text, length);
}

void
WriteNull(const DataQuery *query, StringInfo out)
{
	if (query->format != OUTPUT_CSV)
		appendBinaryStringInfo(out, "null", 4);
}

/* Decimal digits. */
static void
WriteInteger(StringInfo out, int64 value)
{
	char buffer[24];

	appendBinaryStringInfo(out, buffer, pg_lltoa(value, buffer));
}

/* The digits of a number of any size: in JSON a number, or with bigint=text a text. */
static void
WriteExact(const DataQuery *query, StringInfo out, const char *digits)
{
	if (query->exact_texts && query->format != OUTPUT_CSV)
		appendStringInfo(out, "\"%s\"", digits);
	else
		appendStringInfoString(out, digits);
}

/* A bigint. */
static void
WriteBigint(const DataQuery *query, StringInfo out, int64 value)
{
	char buffer[24];

	buffer[pg_lltoa(value, buffer)] = '\0';
	WriteExact(query, out, buffer);
}

/* NaN and infinity are no JSON numbers: null. */
void
WriteDouble(const DataQuery *query, StringInfo out, double value)
{
	char buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (!isfinite(value))
		WriteNull(query, out);
	else
		appendBinaryStringInfo(out, buffer, double_to_shortest_decimal_bufn(value, buffer));
}

/* The shortest text that reads back as the same number; JSON has no NaN or infinity: null. */
static void
WriteFloat(const DataQuery *query, StringInfo out, float value)
{
	char buffer[FLOAT_SHORTEST_DECIMAL_LEN];

	if (!isfinite(value))
		WriteNull(query, out);
	else
		appendBinaryStringInfo(out, buffer, float_to_shortest_decimal_bufn(value, buffer));
}

/* All digits as they are stored. */
static void
WriteNumeric(const DataQuery *query, StringInfo out, Datum value)
{
	char *text = DatumGetCString(DirectFunctionCall1(numeric_out, value));

	if (text[0] == 'N' || text[0] == 'I' || text[1] == 'I')
		WriteNull(query, out); /* NaN, Infinity, -Infinity */
	else
		WriteExact(query, out, text);
}

/* Digits, in quotes for JSON: a calendar time is no number. */
static void
WriteDigits(const DataQuery *query, StringInfo out, const char *digits)
{
	if (query->format == OUTPUT_CSV)
		appendStringInfoString(out, digits);
	else
	{
		appendStringInfoChar(out, '"');
		appendStringInfoString(out, digits);
		appendStringInfoChar(out, '"');
	}
}

/* A number of so many digits and what follows it; returns where the next one goes. */
static inline char *
PutDigits(char *at, int number, int digits, char next)
{
	at = pg_ultostr_zeropad(at, (uint32) number, digits);
	*at++ = next;
	return at;
}

/* RFC 3339 with the offset of the platform's zone, which has minutes there; where the clock of old had
 * seconds, in UTC. The session's zone is the platform's while rows are read. */
static void
WriteRfcTime(const DataQuery *query, StringInfo out, TimestampTz value)
{
	struct pg_tm tm;
	fsec_t fraction;
	int west = 0;
	char text[32];
	char *at = text;

	if (timestamp2tm(value, &west, &tm, &fraction, NULL, NULL) != 0 ||
		(west % SECS_PER_MINUTE != 0 && timestamp2tm(value, NULL, &tm, &fraction, NULL, NULL) != 0))
	{
		WriteNull(query, out);
		return;
	}
	*at++ = '"';
	at = PutDigits(at, tm.tm_year, 4, '-');
	at = PutDigits(at, tm.tm_mon, 2, '-');
	at = PutDigits(at, tm.tm_mday, 2, 'T');
	at = PutDigits(at, tm.tm_hour, 2, ':');
	at = PutDigits(at, tm.tm_min, 2, ':');
	at = PutDigits(at, tm.tm_sec, 2, west % SECS_PER_MINUTE != 0 ? 'Z' : west > 0 ? '-' : '+');
	if (west % SECS_PER_MINUTE == 0)
	{
		at = PutDigits(at, abs(west) / SECS_PER_HOUR, 2, ':');
		at = PutDigits(at, abs(west) / SECS_PER_MINUTE % MINS_PER_HOUR, 2, '"');
	}
	else
		*at++ = '"';
	appendBinaryStringInfo(out, text, at - text);
}

/* An instant by timeFormat: 14 digits in the platform's zone, or Unix seconds. */
static void
WriteInstant(const DataQuery *query, StringInfo out, TimestampTz value)
{
	char digits[16];

	if (value < FIRST_TIME || value > LAST_TIME)
		WriteNull(query, out);
	else if (query->unix_time)
		WriteInteger(out, (value - (value % USECS_PER_SEC + USECS_PER_SEC) % USECS_PER_SEC) / USECS_PER_SEC +
							  EPOCH_SECONDS);
	else if (query->rfc_time)
		WriteRfcTime(query, out, value);
	else
	{
		FormatTimePoint(value, digits);
		WriteDigits(query, out, digits);
	}
}

/* A time without zone is a local time of the platform. */
static void
WriteLocalTime(const DataQuery *query, StringInfo out, Timestamp value)
{
	struct pg_tm tm;
	fsec_t fraction;
	char digits[16];

	if (value < FIRST_TIME || value > LAST_TIME || timestamp2tm(value, NULL, &tm, &fraction, NULL, NULL) != 0)
		WriteNull(query, out);
	else if (query->unix_time || query->rfc_time)
		WriteInstant(query, out,
					 DatumGetTimestampTz(DirectFunctionCall2(
						 timestamp_zone, CStringGetTextDatum(guc_time_zone), TimestampGetDatum(value))));
	else
	{
		snprintf(digits, sizeof(digits), "%04d%02d%02d%02d%02d%02d", (uint16) tm.tm_year % 10000,
				 (uint8) tm.tm_mon % 100, (uint8) tm.tm_mday % 100, (uint8) tm.tm_hour % 100,
				 (uint8) tm.tm_min % 100, (uint8) tm.tm_sec % 100);
		WriteDigits(query, out, digits);
	}
}

/* A day is yyyyMMdd in either time format, since it has no instant; yyyy-MM-dd by RFC 3339. */
static void
WriteDay(const DataQuery *query, StringInfo out, DateADT value)
{
	int year, month, day;
	char digits[16];

	if (value < FIRST_TIME / USECS_PER_DAY || value > LAST_TIME / USECS_PER_DAY)
	{
		WriteNull(query, out);
		return;
	}
	j2date(value + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	snprintf(digits, sizeof(digits), query->rfc_time ? "%04d-%02d-%02d" : "%04d%02d%02d",
			 (uint16) year % 10000, (uint8) month % 100, (uint8) day % 100);
	WriteDigits(query, out, digits);
}

/* JSON as it is, on one line: a line feed can only be white space in it. */
static void
WriteJson(const DataQuery *query, StringInfo out, char *text, int length)
{
	for (int i = 0; i < length; i++)
		if (text[i] == '\n' || text[i] == '\r')
			text[i] = ' ';
	if (query->format == OUTPUT_CSV)
		WriteCsvText(out, text, length, false);
	else
		appendBinaryStringInfo(out, text, length);
}

/* An array or composite value as JSON. */
static void
WriteJsonDatum(const DataQuery *query, StringInfo out, Datum value)
{
	text *json = DatumGetTextPCopy(value);

	WriteJson(query, out, VARDATA(json), VARSIZE(json) - VARHDRSZ);
}

/* A character type; the blanks that fill bpchar up are no content. */
static void
WriteCharacters(const DataQuery *query, StringInfo out, Datum value, bool padded)
{
	text *string = DatumGetTextPP(value);
	int length = VARSIZE_ANY_EXHDR(string);

	while (padded && length > 0 && VARDATA_ANY(string)[length - 1] == ' ')
		length--;
	WriteText(query, out, VARDATA_ANY(string), length);
}

/* A value of a type that has no form of its own here: as PostgreSQL shows it. */
static void
WriteShown(const DataQuery *query, StringInfo out, ResourceField *field, Datum value)
{
	char *shown = PublishedText(&field->output, value);

	WriteText(query, out, shown, strlen(shown));
}

/* A value that is not null. */
void
WriteValue(const DataQuery *query, StringInfo out, ResourceField *field, Datum value)
{
	switch (field->kind)
	{
		case FIELD_INT2:
			WriteInteger(out, DatumGetInt16(value));
			break;
		case FIELD_INT4:
			WriteInteger(out, DatumGetInt32(value));
			break;
		case FIELD_INT8:
			WriteBigint(query, out, DatumGetInt64(value));
			break;
		case FIELD_FLOAT4:
			WriteFloat(query, out, DatumGetFloat4(value));
			break;
		case FIELD_FLOAT8:
			WriteDouble(query, out, DatumGetFloat8(value));
			break;
		case FIELD_NUMERIC:
			WriteNumeric(query, out, value);
			break;
		case FIELD_BOOL:
			appendStringInfoString(out, DatumGetBool(value) ? "true" : "false");
			break;
		case FIELD_TEXT:
		case FIELD_BPCHAR:
			WriteCharacters(query, out, value, field->kind == FIELD_BPCHAR);
			break;
		case FIELD_NAME:
			WriteText(query, out, NameStr(*DatumGetName(value)), strlen(NameStr(*DatumGetName(value))));
			break;
		case FIELD_DATE:
			WriteDay(query, out, DatumGetDateADT(value));
			break;
		case FIELD_TIMESTAMP:
			WriteLocalTime(query, out, DatumGetTimestamp(value));
			break;
		case FIELD_TIMESTAMPTZ:
			WriteInstant(query, out, DatumGetTimestampTz(value));
			break;
		case FIELD_JSON:
		case FIELD_POINT: /* GeoJSON text here */
		case FIELD_GEOMETRY:
			WriteJsonDatum(query, out, value);
			break;
		case FIELD_JSONB:
			WriteJsonDatum(query, out,
						   CStringGetTextDatum(JsonbToCString(NULL, &DatumGetJsonbP(value)->root, 0)));
			break;
		case FIELD_ARRAY:
			WriteJsonDatum(query, out, PublishedJson(F_ARRAY_TO_JSON_ANYARRAY, value));
			break;
		case FIELD_COMPOSITE:
			WriteJsonDatum(query, out, PublishedJson(F_ROW_TO_JSON_RECORD, value));
			break;
		default:
			WriteShown(query, out, field, value);
	}
}

/* A text that is not the value of a field: masked, or the name of a code. */
void
WriteShownText(const DataQuery *query, StringInfo out, const char *shown, int length)
{
	WriteText(query, out, shown, length);
}
