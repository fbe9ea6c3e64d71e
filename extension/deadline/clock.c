/* Starting, suspending, extending and stopping the clocks of cases; see clock.h. */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "core/say.h"
#include "core/spi.h"
#include "deadline/clock_row.h"

/* A suspension 挂账 lasts a year at most. */
#define SUSPENSION_MONTHS 12

ClockStepHookType ClockStepHook = NULL;
ClockStepHookType ClockPassedHook = NULL;
void (*ClockStartedHook)(int32 rec_id) = NULL;

/* Writes down how a clock ended. */
static void
KeepStop(const ClockRow *row)
{
	/* clang-format off */
	static SpiQuery query = {
		"INSERT INTO citybigdata.case_clock_stop"
		" (rec_id, kind, stopped_at, started_at, deadline, budget, consumed, late)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
		" ON CONFLICT ON CONSTRAINT case_clock_stop_pkey DO UPDATE SET started_at = excluded.started_at,"
		" deadline = excluded.deadline, budget = excluded.budget, consumed = excluded.consumed,"
		" late = excluded.late",
		8, {INT4OID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, INT8OID, BOOLOID},
		NULL};
	/* clang-format on */
	bool nulls[8] = {false};
	Datum values[] = {Int32GetDatum(row->rec_id),           CStringGetTextDatum(ClockKindName(row->kind)),
					  TimestampTzGetDatum(row->stopped_at), TimestampTzGetDatum(row->started_at),
					  TimestampTzGetDatum(row->deadline),   Int64GetDatum(row->budget),
					  Int64GetDatum(row->consumed),         BoolGetDatum(ClockRowLate(row, row->stopped_at))};

	nulls[4] = row->deadline == CLOCK_NEVER;
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* Takes what the clock has used until `at` into consumed; it does not run then. */
static void
Settle(ClockRow *row, TimestampTz at)
{
	TimestampTz since = ClockRowRunsSince(row, at);

	if (since != CLOCK_NEVER && since < at)
		row->consumed += ClockRowElapsed(row, since, at);
	row->running_since = CLOCK_NEVER;
	row->resumes_at = CLOCK_NEVER;
}

/* Stops a row that is not stopped, and writes both down. */
static void
StopRow(ClockRow *row, TimestampTz at)
{
	Settle(row, at);
	row->stopped_at = at;
	row->next_due = CLOCK_NEVER;
	KeepStop(row);
}

/* Derives and stores; the times were checked when the clock was started. */
static void
StoreDerived(ClockRow *row)
{
	CbdStatus status = ClockRowDerive(row);

	if (status != CBD_OK)
		ereport(
			ERROR,
			(errcode(StatusSqlstate(status)), errmsg_internal("%s", SaidStatus(status)),
			 saydetail("The deadline of case %d{case} cannot be worked out with calendar \"%s{calendar}\".",
					   row->rec_id, row->calendar)));
	ClockRowStore(row);
}

CbdStatus
ClockRowBegin(int32 rec_id, ClockKind kind, const ClockLimit *limit, TimestampTz now, ClockRow *row)
{
	const char *code = limit->calendar != NULL ? limit->calendar : CALENDAR_DEFAULT;
	Calendar *calendar = CalendarFind(code, strlen(code));
	CbdStatus status;

	*row = (ClockRow){.rec_id = rec_id, .kind = kind, .calendar = pstrdup(code)};
	if (isnan(limit->warning_share) || limit->warning_share < 0 || limit->warning_share > 1)
		return CBD_FIELD_OUT_OF_RANGE;
	if (calendar == NULL)
		return CBD_NO_SUCH_CALENDAR;
	status = CalendarAmount(calendar, limit->amount, limit->unit, &row->limit_time, &row->running);
	if (status == CBD_OK && row->limit_time <= 0)
		status = CBD_FIELD_OUT_OF_RANGE;
	if (status != CBD_OK)
		return status;
	row->limit_amount = limit->amount;
	row->limit_unit = limit->unit;
	row->budget = row->limit_time;
	row->warning =
		(int64) (row->limit_time * (limit->warning_share > 0 ? limit->warning_share : CLOCK_WARNING_SHARE));
	row->started_at = row->running_since = now;
	row->resumes_at = row->stopped_at = row->deadline = CLOCK_NEVER;
	row->warning_time = now;
	return ClockRowDerive(row);
}

void
ClockRowStart(const ClockRow *row, ClockState *out)
{
	ClockRow before;

	if (ClockRowRead(row->rec_id, row->kind, true, &before) && !ClockRowStopped(&before))
		StopRow(&before, row->started_at);
	ClockRowStore(row);
	ClockRowState(row, row->started_at, out);
}

CbdStatus
ClockStart(int32 rec_id, ClockKind kind, const ClockLimit *limit, TimestampTz now, ClockState *out)
{
	ClockRow row;
	CbdStatus status = ClockRowBegin(rec_id, kind, limit, now, &row);

	if (status == CBD_OK)
		ClockRowStart(&row, out);
	return status;
}

CbdStatus
ClockSuspensionEnd(TimestampTz now, TimestampTz until)
{
	Interval year = {.month = SUSPENSION_MONTHS};
	TimestampTz latest = DatumGetTimestampTz(
		DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(now), IntervalPGetDatum(&year)));

	return TIMESTAMP_NOT_FINITE(until) || until <= now || until > latest ? CBD_SUSPENSION_END : CBD_OK;
}

/* Both clocks stand until then; CLOCK_NEVER: without an end. */
static void
Stand(int32 rec_id, TimestampTz now, TimestampTz until)
{
	for (ClockKind kind = CLOCK_STAGE; kind <= CLOCK_CHAIN; kind++)
	{
		ClockRow row;

		if (!ClockRowRead(rec_id, kind, true, &row) || ClockRowStopped(&row))
			continue;
		Settle(&row, now);
		row.resumes_at = until;
		StoreDerived(&row);
	}
}

CbdStatus
ClockPause(int32 rec_id, TimestampTz now, TimestampTz until)
{
	CbdStatus status = ClockSuspensionEnd(now, until);

	if (status == CBD_OK)
		Stand(rec_id, now, until);
	return status;
}

void
ClockHold(int32 rec_id, TimestampTz now)
{
	Stand(rec_id, now, CLOCK_NEVER);
}

void
ClockResume(int32 rec_id, TimestampTz now)
{
	for (ClockKind kind = CLOCK_STAGE; kind <= CLOCK_CHAIN; kind++)
	{
		ClockRow row;

		if (!ClockRowRead(rec_id, kind, true, &row) || ClockRowStopped(&row) ||
			row.running_since != CLOCK_NEVER)
			continue;
		row.running_since = ClockRowOverslept(&row, now) ? row.resumes_at : now;
		row.resumes_at = CLOCK_NEVER;
		StoreDerived(&row);
	}
}

bool
ClockStop(int32 rec_id, ClockKind kind, TimestampTz at, ClockState *out)
{
	ClockRow row;
	bool stopped;

	memset(out, 0, sizeof(*out));
	if (!ClockRowRead(rec_id, kind, true, &row))
		return false;
	stopped = !ClockRowStopped(&row);
	if (stopped)
	{
		StopRow(&row, at);
		ClockRowStore(&row);
	}
	ClockRowState(&row, at, out);
	return stopped;
}

bool
ClockRestart(int32 rec_id, ClockKind kind, TimestampTz at)
{
	ClockRow row;

	if (!ClockRowRead(rec_id, kind, true, &row) || !ClockRowStopped(&row))
		return false;
	row.stopped_at = CLOCK_NEVER;
	row.running_since = at;
	StoreDerived(&row);
	return true;
}

/* Adds time to a row; the warning keeps its distance from the deadline. */
static void
Lengthen(ClockRow *row, int64 time)
{
	row->budget += time;
	row->warning += time;
	row->extensions++;
	StoreDerived(row);
}

CbdStatus
ClockExtend(int32 rec_id, TimestampTz now, ClockState *out)
{
	ClockRow stage;
	ClockRow chain;
	bool has_stage = ClockRowRead(rec_id, CLOCK_STAGE, true, &stage) && !ClockRowStopped(&stage);
	bool has_chain = ClockRowRead(rec_id, CLOCK_CHAIN, true, &chain) && !ClockRowStopped(&chain);
	ClockRow *extended = has_stage ? &stage : &chain;
	TimestampTz before;

	memset(out, 0, sizeof(*out));
	if (!has_stage && !has_chain)
		return CBD_NO_CLOCK;
	ClockRowState(extended, now, out);
	if (out->late || (has_chain && ClockRowLate(&chain, now)))
		return CBD_EXTENSION_LATE;
	/* the chain counts those of all stages */
	if ((has_stage && stage.extensions >= CLOCK_EXTENSIONS) ||
		(has_chain && chain.extensions >= CLOCK_EXTENSIONS))
		return CBD_EXTENSIONS_USED;
	before = extended->deadline;
	Lengthen(extended, extended->limit_time);
	if (has_stage && has_chain)
		Lengthen(&chain, ClockRowElapsed(&chain, before, stage.deadline));
	ClockRowState(extended, now, out);
	return CBD_OK;
}

bool
ClockRead(int32 rec_id, ClockKind kind, TimestampTz now, ClockState *out)
{
	ClockRow row;

	memset(out, 0, sizeof(*out));
	if (!ClockRowRead(rec_id, kind, false, &row) && !ClockRowReadArchived(rec_id, kind, &row))
		return false;
	ClockRowState(&row, now, out);
	return true;
}

Light
ClockLight(const ClockState *state, TimestampTz now)
{
	if (!state->exists || state->stopped)
		return LIGHT_NONE;
	/* a state that was read earlier may have gone on by itself meanwhile */
	if (state->standing && (state->resumes_at == CLOCK_NEVER || now < state->resumes_at))
		return LIGHT_PAUSED;
	if (now > state->deadline)
		return LIGHT_RED;
	return now > state->warning_time ? LIGHT_YELLOW : LIGHT_GREEN;
}

Light
CaseLight(const ClockState *stage, const ClockState *chain, TimestampTz now)
{
	Light light = ClockLight(stage, now);

	return light != LIGHT_NONE ? light : ClockLight(chain, now);
}

const char *
LightName(Light light)
{
	static const char *const names[] = {NULL, "green", "yellow", "red", "paused"};

	return names[light];
}
