/*
 * Times and intervals of the standard from SQL: time_point(), time_range(), time_range_text() (clause 5.3.4).
 * Malformed text raises class UD with the position and a valid example.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "core/compat.h"
#include "core/interval.h"
#include "core/say.h"
#include "core/status.h"

#define QUOTED_LIMIT 80 /* bytes of the input that an error quotes */
#define POINT_SIZE   15

/* Raises the error of `input` as an SQL error with position and valid example. */
static void
RaiseError(CbdStatus status, const char *what, const text *input, const ParseError *error)
{
	const char *data = VARDATA_ANY(input);
	int size = VARSIZE_ANY_EXHDR(input);
	int shown = pg_mbcliplen(data, size, QUOTED_LIMIT);

	ereport(ERROR, (errcode(StatusSqlstate(status)),
					saymsg("invalid %s{kind*}: \"%.*s{value}%s{more}\"", what, shown, data,
						   shown < size ? "..." : ""),
					saydetail("At character %zu{position}: %s{why*}.", error->position, error->message),
					sayhint("%s{hint*}", error->hint)));
}

/* time_point(text) returns timestamptz: 14 digits in the platform's zone, or Unix seconds (R5.3.4-time). */
PG_FUNCTION_INFO_V1(cbd_time_point);
Datum
cbd_time_point(PG_FUNCTION_ARGS)
{
	text *input = PG_GETARG_TEXT_PP(0);
	TimePointText point;
	ParseError error;
	TimestampTz value;

	if (!time_point_parse(VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input), &point, &error) ||
		!TimePointValue(&point, &value, &error))
		RaiseError(CBD_INVALID_TIME, MESSAGE("time"), input, &error);
	PG_RETURN_TIMESTAMPTZ(value);
}

/*
 * time_range(text) returns tstzrange: any of the four notations (R5.3.4-c). Bounds are the instants that were
 * written; a closed bound that is a day ends with the day. Equal bounds give `empty` unless closed on both
 * sides, as PostgreSQL's own ranges do.
 */
PG_FUNCTION_INFO_V1(cbd_time_range);
Datum
cbd_time_range(PG_FUNCTION_ARGS)
{
	text *input = PG_GETARG_TEXT_PP(0);
	TypeCacheEntry *type = range_get_typcache(fcinfo, TSTZRANGEOID);
	IntervalText interval;
	ParseError error;
	TimestampTz from;
	TimestampTz to;
	RangeBound lower = {.lower = true};
	RangeBound upper = {0};

	if (!interval_parse(VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input), &interval, &error) ||
		!IntervalBounds(&interval, &from, &to, &error))
		RaiseError(CBD_INVALID_INTERVAL, MESSAGE("time interval"), input, &error);
	/* days by the bounds of their periods, instants as they were written */
	lower.inclusive = interval.lower.form == TIME_FORM_DAY || interval.lower_inclusive;
	if (interval.lower.form != TIME_FORM_DAY)
		(void) TimePointValue(&interval.lower, &from, &error);
	upper.inclusive = interval.upper.form != TIME_FORM_DAY && interval.upper_inclusive;
	if (interval.upper.form != TIME_FORM_DAY)
		(void) TimePointValue(&interval.upper, &to, &error);
	if (from > to)
		PG_RETURN_RANGE_P(make_empty_range(type));
	lower.val = TimestampTzGetDatum(from);
	upper.val = TimestampTzGetDatum(to);
	PG_RETURN_RANGE_P(MakeRange(type, &lower, &upper));
}

/*
 * time_range_text(tstzrange) returns text: the canonical notation, 14-digit calendar times without blanks.
 * NULL where the notation has no word for it: empty, an open end, a year beyond four digits. Fractions of a
 * second widen the interval to whole seconds.
 */
PG_FUNCTION_INFO_V1(cbd_time_range_text);
Datum
cbd_time_range_text(PG_FUNCTION_ARGS)
{
	RangeType *range = PG_GETARG_RANGE_P(0);
	TypeCacheEntry *type = range_get_typcache(fcinfo, RangeTypeGetOid(range));
	RangeBound lower;
	RangeBound upper;
	bool empty;
	TimestampTz to;
	char from_text[POINT_SIZE];
	char to_text[POINT_SIZE];
	char result[2 * POINT_SIZE + 3];

	range_deserialize(type, range, &lower, &upper, &empty);
	if (empty || lower.infinite || upper.infinite)
		PG_RETURN_NULL();
	to = DatumGetTimestampTz(upper.val);
	if (!TIMESTAMP_NOT_FINITE(to) && to % USECS_PER_SEC != 0)
	{
		/* up to the next second; the remainder has the sign of `to` */
		to += (to > 0 ? USECS_PER_SEC : 0) - to % USECS_PER_SEC;
		upper.inclusive = false;
	}
	if (!FormatCalendar(DatumGetTimestampTz(lower.val), from_text) || !FormatCalendar(to, to_text))
		PG_RETURN_NULL();
	if (DatumGetTimestampTz(lower.val) % USECS_PER_SEC != 0)
		lower.inclusive = true;
	snprintf(result, sizeof(result), "%c%s,%s%c", lower.inclusive ? '[' : '(', from_text, to_text,
			 upper.inclusive ? ']' : ')');
	PG_RETURN_TEXT_P(cstring_to_text(result));
}
