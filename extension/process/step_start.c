/* How a case enters a process: with its report, or later by start_process(). See step.h. */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/commit.h"
#include "core/guc.h"
#include "core/spi.h"
#include "deadline/clock_row.h"
#include "indicator/case_fact.h"
#include "process/step.h"

/* Starts the clock of the stage, the task and the facts of a case that has just entered its process; `first`:
 * its step, without the case. */
static void
Enter(const Case *c, const FactStep *first, TimestampTz now)
{
	ClockLimit limit;
	ClockState clock = {0};
	Task task = {c->stage->role, c->holder};
	FactStep fact = *first;

	/* a calendar that is gone must not lose a report */
	if (StepLimit(c, &c->stage->limit, &limit) &&
		ClockStart(c->rec_id, CLOCK_STAGE, &limit, now, &clock) != CBD_OK)
		ereport(LOG, (errmsg("case %d has no deadline: %s", c->rec_id, StatusMessage(CBD_NO_DEADLINE))));
	TaskWrite(c, &task, &clock, now);
	fact.rec_id = c->rec_id;
	fact.to_stage = c->stage_name;
	fact.time = now;
	FactCount(&fact);
}

bool
CaseStartWith(const char *code, EventStart *start)
{
	const Process *process = ProcessNewest(code);

	if (process == NULL)
		return false;
	start->process = process->code;
	start->version = process->version;
	start->stage = process->start->name;
	start->state = process->start->state;
	return true;
}

/* EventStartHook: the newest version of the site's process. */
static void
StartWithReport(const EventReport *report, EventStart *start)
{
	if (guc_process[0] != '\0')
		(void) CaseStartWith(guc_process, start);
}

/* Task, facts and clock of a case whose row was written just now: what Enter() does, without looking for what
 * cannot be there yet. Reports are what comes in thousands. */
static void
EnterNew(const Case *c, const EventReport *report, const ClockRow *clock)
{
	const ClockState started = {
		.exists = true, .deadline = clock->deadline, .warning_time = clock->warning_time};
	const Task task = {c->stage->role, 0};
	const FactReport fact = {c->rec_id,
							 report->create_time,
							 report->stored_district,
							 report->street_code,
							 report->community_code,
							 report->event_src_id.value,
							 c->type,
							 report->main_type_code,
							 report->sub_type_code,
							 report->reporter};
	const FactStep step = {.rec_id = c->rec_id,
						   .action = "report",
						   .to_stage = c->stage_name,
						   .by_account = report->reporter,
						   .time = report->now};

	ClockRowStoreNew(clock);
	TaskWriteNew(c, &task, &started, clock->started_at);
	if (!FactCountNew(&fact))
		FactCount(&step);
}

/* EventStoredHook: what stands beside the row. */
static void
StoredWithReport(const EventReport *report, const StoredEvent *stored, const EventStart *start)
{
	Case c = {.rec_id = stored->rec_id};
	ClockLimit limit;
	ClockRow clock;

	if (start->process == NULL)
		return;
	c.division = report->community_code != NULL ? report->community_code
				 : report->street_code != NULL  ? report->street_code
												: report->stored_district;
	c.type = report->event_type_code;
	c.process_code = (char *) start->process;
	c.process_version = start->version;
	c.stage_name = (char *) start->stage;
	c.state = start->state;
	c.unit = (char *) start->unit;
	c.condition_code = (char *) start->condition;
	/* inserting the row has called nothing that reads processes: no trigger acts on INSERT */
	if (!CaseProcess(&c))
		return;
	if (c.stage->role != NULL && StepLimit(&c, &c.stage->limit, &limit) &&
		ClockRowBegin(c.rec_id, CLOCK_STAGE, &limit, report->now, &clock) == CBD_OK)
		EnterNew(&c, report, &clock);
	else
		Enter(&c, &(FactStep){.action = "report", .by_account = report->reporter}, report->now);
}

/* The stage that a case enters at: the start, or one that has the state which it has already. */
static const ProcessStage *
EntryStage(const Process *process, int state)
{
	for (int i = 0; i < process->stage_count && state != process->start->state; i++)
		if (process->stages[i].state == state)
			return &process->stages[i];
	return process->start;
}

/* The step and the row. */
static void
WriteStart(const Case *before, const Case *after, const Actor *actor, TimestampTz now)
{
	static SpiQuery step = {
		"INSERT INTO citybigdata.event_step (rec_id, step_no, step_time, action, from_state, to_state, "
		"step_by, "
		"to_stage, by_account, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		10,
		{INT4OID, INT4OID, TIMESTAMPTZOID, TEXTOID, INT4OID, INT4OID, TEXTOID, TEXTOID, INT8OID, INT4OID}};
	static SpiQuery row = {
		"UPDATE citybigdata.event SET process_code = $2, process_version = $3, stage = $4, base_state = $5, "
		"state = $5, version = $6, step_count = $7, closed_at = CASE WHEN $8 THEN coalesce(closed_at, "
		"update_time) END, update_time = $9 WHERE rec_id OPERATOR(pg_catalog.=) $1",
		9,
		{INT4OID, TEXTOID, INT4OID, TEXTOID, INT4OID, INT4OID, INT4OID, BOOLOID, TIMESTAMPTZOID},
		NULL,
		true};
	Datum values[10] = {Int32GetDatum(after->rec_id),     Int32GetDatum(after->step_count),
						TimestampTzGetDatum(now),         CStringGetTextDatum(ACTION_START),
						Int32GetDatum(before->state),     Int32GetDatum(after->state),
						CStringGetTextDatum(actor->name), CStringGetTextDatum(after->stage_name),
						Int64GetDatum(actor->account_id), Int32GetDatum(after->version)};
	bool nulls[10] = {[8] = actor->account_id == 0};

	SpiBegin();
	SpiRun(&step, values, nulls, SPI_OK_INSERT, 0);
	SpiRun(&row,
		   (Datum[]){Int32GetDatum(after->rec_id), CStringGetTextDatum(after->process_code),
					 Int32GetDatum(after->process_version), CStringGetTextDatum(after->stage_name),
					 Int32GetDatum(after->base_state), Int32GetDatum(after->version),
					 Int32GetDatum(after->step_count), BoolGetDatum(after->base_state == STATE_CLOSED),
					 TimestampTzGetDatum(now)},
		   NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

CbdStatus
CaseStart(Case *c, const Actor *actor, const char *code)
{
	Case before = *c;
	const Process *process;
	const ProcessStage *stage;
	TimestampTz now;

	if (c->process_code != NULL)
		return CBD_CONFLICT;
	process = ProcessNewest(code);
	if (process == NULL)
		return CBD_NO_SUCH_PROCESS;
	stage = EntryStage(process, c->state);
	c->process_code = pstrdup(process->code);
	c->process_version = process->version;
	c->stage_name = pstrdup(stage->name);
	c->state = c->base_state = stage->state;
	c->version++;
	c->step_count++;
	now = ChangeInstant();
	WriteStart(&before, c, actor, now);
	if (CaseProcess(c))
		Enter(c, &(FactStep){.action = ACTION_START, .from_state = before.state}, now);
	if (StepTakenHook != NULL)
		StepTakenHook(&(StepTaken){&before, c, ACTION_START, NULL, actor->kind, now});
	return CBD_OK;
}

void
StepsInstall(void)
{
	EventStartHook = StartWithReport;
	EventStoredHook = StoredWithReport;
	CaseMembersHook = WriteCaseMembers;
	ClockStepHook = ClockStep;
}
