/*
 * Clocks in SQL: the clock job, and what an administrator of the database needs to put a case right. Refusals
 * are raised with their status code. The functions of clocks lock the case first, as steps do.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/call.h"
#include "core/result_row.h"
#include "core/say.h"
#include "core/spi.h"
#include "deadline/clock.h"
#include "deadline/clock_job.h"

/* Most cases of one run of the job: its rows stay locked until it ends. */
#define JOB_PORTION_MAX 100000

/* run_clocks(portion) returns (busy, escalated, resumed, recomputed, failed, more). */
PG_FUNCTION_INFO_V1(cbd_run_clocks);
extern Datum cbd_run_clocks(PG_FUNCTION_ARGS);

Datum
cbd_run_clocks(PG_FUNCTION_ARGS)
{
	int32 portion = PG_GETARG_INT32(0);
	Datum values[6];
	bool nulls[6] = {false};
	ClockRun run;

	if (portion < 1 || portion > JOB_PORTION_MAX)
		ereport(ERROR, (errcode(StatusSqlstate(CBD_FIELD_OUT_OF_RANGE)),
						saymsg("the number of cases is out of range"),
						saydetail("It is %d{given}; 1 to %d{limit} is possible.", portion, JOB_PORTION_MAX),
						sayhint("For example run_clocks(1000).")));
	RunClocks(portion, &run);
	values[0] = BoolGetDatum(run.busy);
	values[1] = Int32GetDatum(run.escalated);
	values[2] = Int32GetDatum(run.resumed);
	values[3] = Int32GetDatum(run.recomputed);
	values[4] = Int32GetDatum(run.failed);
	values[5] = BoolGetDatum(run.more);
	return ResultRow(fcinfo, values, nulls);
}

/* Locks the row of the case that argument 0 names; 40402: there is none. */
static int32
LockCase(FunctionCallInfo fcinfo)
{
	static SpiQuery query = {
		"SELECT FROM citybigdata.event WHERE rec_id OPERATOR(pg_catalog.=) $1 FOR NO KEY UPDATE",
		1,
		{INT4OID},
		NULL,
		true};
	Datum values[] = {PG_GETARG_DATUM(0)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	SpiEnd();
	if (!found)
		RaiseStatus(CBD_NO_SUCH_EVENT, NULL);
	return DatumGetInt32(values[0]);
}

/* Tells the chapters above of a clock that runs from now on. */
static void
TellStarted(int32 rec_id)
{
	if (ClockStartedHook != NULL)
		ClockStartedHook(rec_id);
}

/* The kind of clock that argument `n` names. */
static ClockKind
ArgKind(FunctionCallInfo fcinfo, int n)
{
	const char *name = ArgText(fcinfo, n);

	if (strcmp(name, "stage") != 0 && strcmp(name, "chain") != 0)
		ereport(ERROR,
				(errcode(StatusSqlstate(CBD_CODE_NOT_IN_TABLE)), saymsg("unknown kind of clock"),
				 saydetail("A clock is of the stage or of the chain."), sayhint("For example 'stage'.")));
	return strcmp(name, "stage") == 0 ? CLOCK_STAGE : CLOCK_CHAIN;
}

/* (deadline, warning_time, late, extensions, guessed) of a clock; all null: there is none. */
static Datum
StateRow(FunctionCallInfo fcinfo, const ClockState *state)
{
	Datum values[5];
	bool nulls[5];

	memset(nulls, !state->exists, sizeof(nulls));
	nulls[0] = nulls[0] || state->deadline == CLOCK_NEVER;
	nulls[1] = nulls[1] || state->warning_time == CLOCK_NEVER;
	values[0] = TimestampTzGetDatum(state->deadline);
	values[1] = TimestampTzGetDatum(state->warning_time);
	values[2] = BoolGetDatum(state->late);
	values[3] = Int32GetDatum(state->extensions);
	values[4] = BoolGetDatum(state->guessed);
	return ResultRow(fcinfo, values, nulls);
}

/* start_clock(rec_id, kind, amount, unit, at, calendar, warning_share) */
PG_FUNCTION_INFO_V1(cbd_start_clock);
extern Datum cbd_start_clock(PG_FUNCTION_ARGS);

Datum
cbd_start_clock(PG_FUNCTION_ARGS)
{
	int32 rec_id = LockCase(fcinfo);
	ClockLimit limit = {ArgText(fcinfo, 5), PG_GETARG_NUMERIC(2), PG_GETARG_INT32(3), PG_GETARG_FLOAT8(6)};
	ClockState state;

	RaiseStatus(ClockStart(rec_id, ArgKind(fcinfo, 1), &limit, PG_GETARG_TIMESTAMPTZ(4), &state), NULL);
	TellStarted(rec_id);
	return StateRow(fcinfo, &state);
}

/* pause_clocks(rec_id, until, at) */
PG_FUNCTION_INFO_V1(cbd_pause_clocks);
extern Datum cbd_pause_clocks(PG_FUNCTION_ARGS);

Datum
cbd_pause_clocks(PG_FUNCTION_ARGS)
{
	RaiseStatus(ClockPause(LockCase(fcinfo), PG_GETARG_TIMESTAMPTZ(2), PG_GETARG_TIMESTAMPTZ(1)), NULL);
	PG_RETURN_VOID();
}

/* resume_clocks(rec_id, at) */
PG_FUNCTION_INFO_V1(cbd_resume_clocks);
extern Datum cbd_resume_clocks(PG_FUNCTION_ARGS);

Datum
cbd_resume_clocks(PG_FUNCTION_ARGS)
{
	ClockResume(LockCase(fcinfo), PG_GETARG_TIMESTAMPTZ(1));
	PG_RETURN_VOID();
}

/* extend_clock(rec_id, at) */
PG_FUNCTION_INFO_V1(cbd_extend_clock);
extern Datum cbd_extend_clock(PG_FUNCTION_ARGS);

Datum
cbd_extend_clock(PG_FUNCTION_ARGS)
{
	int32 rec_id = LockCase(fcinfo);
	ClockState state;

	RaiseStatus(ClockExtend(rec_id, PG_GETARG_TIMESTAMPTZ(1), &state), NULL);
	return StateRow(fcinfo, &state);
}

/* stop_clock(rec_id, kind, at) */
PG_FUNCTION_INFO_V1(cbd_stop_clock);
extern Datum cbd_stop_clock(PG_FUNCTION_ARGS);

Datum
cbd_stop_clock(PG_FUNCTION_ARGS)
{
	int32 rec_id = LockCase(fcinfo);
	ClockState state;

	if (!ClockStop(rec_id, ArgKind(fcinfo, 1), PG_GETARG_TIMESTAMPTZ(2), &state))
		RaiseStatus(CBD_NO_CLOCK, NULL);
	return StateRow(fcinfo, &state);
}

/* restart_clock(rec_id, kind, at) */
PG_FUNCTION_INFO_V1(cbd_restart_clock);
extern Datum cbd_restart_clock(PG_FUNCTION_ARGS);

Datum
cbd_restart_clock(PG_FUNCTION_ARGS)
{
	int32 rec_id = LockCase(fcinfo);
	ClockKind kind = ArgKind(fcinfo, 1);
	ClockState state;

	if (!ClockRestart(rec_id, kind, PG_GETARG_TIMESTAMPTZ(2)))
		RaiseStatus(CBD_NO_CLOCK, NULL);
	TellStarted(rec_id);
	(void) ClockRead(rec_id, kind, PG_GETARG_TIMESTAMPTZ(2), &state);
	return StateRow(fcinfo, &state);
}
