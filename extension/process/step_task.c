/* The work list: whom a case waits for (table case_task). See step.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/row_insert.h"
#include "core/spi.h"
#include "deadline/clock.h"
#include "process/step.h"

/* The deadline that the case is listed by: of its stage, or of the whole chain when the stage has none. A
 * stage clock that was just started is known. */
static void
ListedDeadline(int32 rec_id, const ClockState *started, TimestampTz now, TimestampTz *deadline,
			   TimestampTz *warning)
{
	ClockState clock = *started;

	*deadline = *warning = DT_NOEND;
	if (clock.exists || (ClockRead(rec_id, CLOCK_STAGE, now, &clock) && !clock.stopped) ||
		(ClockRead(rec_id, CLOCK_CHAIN, now, &clock) && !clock.stopped))
	{
		*deadline = clock.deadline;
		*warning = clock.warning_time;
	}
}

/* A case that ends waits for nobody. */
static void
DeleteTask(int32 rec_id)
{
	static SpiQuery query = {
		"DELETE FROM citybigdata.case_task WHERE rec_id OPERATOR(pg_catalog.=) $1", 1, {INT4OID}, NULL, true};

	SpiBegin();
	SpiRun(&query, (Datum[]){Int32GetDatum(rec_id)}, NULL, SPI_OK_DELETE, 0);
	SpiEnd();
}

/* A text as a value, null when NULL. */
static Datum
TextValue(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

#define TASK_VALUES 13

/* The columns of a task, in the order of the statement of TaskWrite(). */
static void
FillTask(const Case *c, const Task *task, const ClockState *started, TimestampTz now, Datum *values,
		 bool *nulls)
{
	TimestampTz deadline, warning;

	memset(nulls, 0, TASK_VALUES * sizeof(bool));
	ListedDeadline(c->rec_id, started, now, &deadline, &warning);
	values[0] = Int32GetDatum(c->rec_id);
	values[1] = CStringGetTextDatum(task->role);
	values[2] = TextValue(c->unit, &nulls[2]);
	values[3] = TextValue(c->division, &nulls[3]);
	values[4] = Int64GetDatum(task->holder);
	nulls[4] = task->holder == 0;
	values[5] = CStringGetTextDatum(c->stage_name);
	values[6] = Int32GetDatum(c->state);
	values[7] = CStringGetTextDatum(c->type);
	values[8] = BoolGetDatum(c->suspended);
	values[9] = TimestampTzGetDatum(deadline);
	values[10] = TimestampTzGetDatum(warning);
	values[11] = TextValue(task->returned_from, &nulls[11]);
	values[12] = TimestampTzGetDatum(now);
}

void
TaskWrite(const Case *c, const Task *task, const ClockState *started, TimestampTz now)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.case_task (rec_id, role, unit_code, division_code, holder, stage, state, "
		"event_type_code, paused, deadline, warning_time, returned_from, since) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT ON CONSTRAINT "
		"case_task_pkey DO UPDATE SET role = excluded.role, unit_code = excluded.unit_code, holder = "
		"excluded.holder, stage = excluded.stage, state = excluded.state, paused = excluded.paused, "
		"deadline = excluded.deadline, warning_time = excluded.warning_time, returned_from = "
		"excluded.returned_from, since = CASE WHEN case_task.stage OPERATOR(pg_catalog.=) excluded.stage "
		"THEN case_task.since ELSE excluded.since END",
		13,
		{INT4OID, TEXTOID, TEXTOID, TEXTOID, INT8OID, TEXTOID, INT4OID, TEXTOID, BOOLOID, TIMESTAMPTZOID,
		 TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID}};
	Datum values[TASK_VALUES];
	bool nulls[TASK_VALUES];

	if (task->role == NULL)
	{
		DeleteTask(c->rec_id);
		return;
	}
	FillTask(c, task, started, now, values, nulls);
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

void
TaskWriteNew(const Case *c, const Task *task, const ClockState *started, TimestampTz now)
{
	static InsertTable table = {.table = "case_task",
								.columns = "rec_id, role, unit_code, division_code, holder, stage, state, "
										   "event_type_code, paused, deadline, warning_time, returned_from, "
										   "since"};
	Datum values[TASK_VALUES];
	bool nulls[TASK_VALUES];

	FillTask(c, task, started, now, values, nulls);
	if (!RowInsert(&table, values, nulls))
		TaskWrite(c, task, started, now);
}
