/*
 * Working calendars in SQL: add_work, work_between, and what loading them needs. Refusals are raised with
 * the status code, what was seen and a valid value; code in C calls calendar.h and gets the status.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "calendar/calendar_math.h"
#include "core/say.h"

#define SHOWN_LIMIT 64 /* bytes of a code that an error message repeats */

/* The calendar that argument `n` names; 40409: none. */
static Calendar *
ArgCalendar(FunctionCallInfo fcinfo, int n)
{
	text *code = PG_GETARG_TEXT_PP(n);
	Calendar *calendar = CalendarFind(VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code));

	if (calendar == NULL)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_NO_SUCH_CALENDAR)),
				 saymsg("there is no working calendar \"%s{code}\"",
						pnstrdup(VARDATA_ANY(code),
								 pg_mbcliplen(VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code), SHOWN_LIMIT))),
				 saydetail("The calendars are in citybigdata.calendar, their names in column code."),
				 sayhint("A valid one is \"%s{code}\".", CALENDAR_DEFAULT)));
	return calendar;
}

pg_attribute_noreturn() static void RaiseRange(CbdStatus status)
{
	ereport(ERROR, (errcode(StatusSqlstate(status)), saymsg("the time or the amount is out of range"),
					saydetail("Working time is known from the year %d{from} to %d{to}.", CALENDAR_FIRST_YEAR,
							  CALENDAR_LAST_YEAR),
					sayhint("For example add_work('2026-02-13 17:00+08', 4, 2).")));
}

/* start + microseconds of running time; false: no timestamp. */
static bool
AddRunning(TimestampTz start, int64 microseconds, TimestampTz *result)
{
	if (TIMESTAMP_NOT_FINITE(start))
		return false;
	/* an amount is small beside the room that a timestamp leaves */
	*result = start + microseconds;
	return IS_VALID_TIMESTAMP(*result);
}

/* add_work(start, amount, unit, calendar) returns timestamptz: when the amount is over. */
PG_FUNCTION_INFO_V1(cbd_add_work);
extern Datum cbd_add_work(PG_FUNCTION_ARGS);

Datum
cbd_add_work(PG_FUNCTION_ARGS)
{
	TimestampTz start = PG_GETARG_TIMESTAMPTZ(0);
	Numeric amount = PG_GETARG_NUMERIC(1);
	int32 unit = PG_GETARG_INT32(2);
	Calendar *calendar = ArgCalendar(fcinfo, 3);
	TimestampTz result;
	int64 microseconds;
	bool running;
	CbdStatus status = CalendarAmount(calendar, amount, unit, &microseconds, &running);

	if (status == CBD_CODE_NOT_IN_TABLE)
		ereport(ERROR, (errcode(StatusSqlstate(status)), saymsg("unknown unit %d{unit}", unit),
						saydetail("1 working days, 2 working hours, 3 working minutes; 11, 12, 13 the same "
								  "as running time, through nights and holidays."),
						sayhint("For example add_work(now(), 4, 2): in four working hours.")));
	if (status == CBD_OK && running && !AddRunning(start, microseconds, &result))
		status = CBD_FIELD_OUT_OF_RANGE;
	else if (status == CBD_OK && !running)
		status = CalendarAddWork(calendar, start, microseconds, &result);
	if (status != CBD_OK)
		RaiseRange(status);
	PG_RETURN_TIMESTAMPTZ(result);
}

/* work_between(from, to, calendar) returns interval, of time only: hours beyond 24 are not made days. */
PG_FUNCTION_INFO_V1(cbd_work_between);
extern Datum cbd_work_between(PG_FUNCTION_ARGS);

Datum
cbd_work_between(PG_FUNCTION_ARGS)
{
	Calendar *calendar = ArgCalendar(fcinfo, 2);
	Interval *result = palloc0(sizeof(Interval));
	int64 microseconds;
	CbdStatus status =
		CalendarWorkBetween(calendar, PG_GETARG_TIMESTAMPTZ(0), PG_GETARG_TIMESTAMPTZ(1), &microseconds);

	if (status != CBD_OK)
		RaiseRange(status);
	result->time = microseconds;
	PG_RETURN_INTERVAL_P(result);
}

/* calendar_unknown_from(calendar) returns date: null when all years are known. */
PG_FUNCTION_INFO_V1(cbd_calendar_unknown_from);
extern Datum cbd_calendar_unknown_from(PG_FUNCTION_ARGS);

Datum
cbd_calendar_unknown_from(PG_FUNCTION_ARGS)
{
	DateADT day;

	if (!CalendarUnknownFrom(ArgCalendar(fcinfo, 0), &day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(day);
}

/* calendar_known(at, calendar) returns boolean. */
PG_FUNCTION_INFO_V1(cbd_calendar_known);
extern Datum cbd_calendar_known(PG_FUNCTION_ARGS);

Datum
cbd_calendar_known(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(CalendarKnows(ArgCalendar(fcinfo, 1), PG_GETARG_TIMESTAMPTZ(0)));
}

/* calendar_version(calendar) returns bigint. */
PG_FUNCTION_INFO_V1(cbd_calendar_version);
extern Datum cbd_calendar_version(PG_FUNCTION_ARGS);

Datum
cbd_calendar_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(CalendarVersion(ArgCalendar(fcinfo, 0)));
}

/* calendar_hours_problem(hours) returns text: what is wrong with them, null: nothing. */
PG_FUNCTION_INFO_V1(cbd_calendar_hours_problem);
extern Datum cbd_calendar_hours_problem(PG_FUNCTION_ARGS);

Datum
cbd_calendar_hours_problem(PG_FUNCTION_ARGS)
{
	text *hours = PG_GETARG_TEXT_PP(0);
	CalendarHours parsed;
	const char *problem;
	size_t position;

	if (calendar_hours_parse(VARDATA_ANY(hours), VARSIZE_ANY_EXHDR(hours), &parsed, &problem, &position))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(SaidText(problem)));
}

/* calendar_hours_minutes(hours) returns integer: the minutes of valid hours. */
PG_FUNCTION_INFO_V1(cbd_calendar_hours_minutes);
extern Datum cbd_calendar_hours_minutes(PG_FUNCTION_ARGS);

Datum
cbd_calendar_hours_minutes(PG_FUNCTION_ARGS)
{
	text *hours = PG_GETARG_TEXT_PP(0);
	CalendarHours parsed;
	const char *problem;
	size_t position;

	if (!calendar_hours_parse(VARDATA_ANY(hours), VARSIZE_ANY_EXHDR(hours), &parsed, &problem, &position))
		PG_RETURN_NULL();
	PG_RETURN_INT32((int32) (parsed.total / CALENDAR_MINUTE));
}

/* Statement trigger of the calendar's tables: what backends keep belongs to table calendar. */
PG_FUNCTION_INFO_V1(cbd_calendar_changed);
extern Datum cbd_calendar_changed(PG_FUNCTION_ARGS);

Datum
cbd_calendar_changed(PG_FUNCTION_ARGS)
{
	Oid relid;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED), saymsg("this function is a trigger")));
	relid =
		get_relname_relid("calendar", RelationGetNamespace(((TriggerData *) fcinfo->context)->tg_relation));
	if (OidIsValid(relid))
		CacheInvalidateRelcacheByRelid(relid);
	return PointerGetDatum(NULL);
}
