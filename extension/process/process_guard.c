/*
 * The trigger of event that refuses what is no move of the case's process, and that moves update_time.
 *
 *   nothing of the place changed, nor step_count -----> update_time
 *   the step NEW.step_count, written in this transaction, says so,
 *     and the version of the process allows it -------> update_time
 *   anything else ------------------------------------> error 40930, telling what would be right
 *
 * The place of a case is its state, stage, process and version, supervision, suspension and time of closing.
 * A case that is merged has the state of its main case (table case_link), and follows it without a step.
 * A step that leaves the place as it is (comment, visit) moves step_count alone. A case without a process
 * (history that was loaded) may only enter one: at the start, or at a stage that has
 * its state. Inserting is free: a restore and the loading of history insert.
 *
 * update_time is the clock read after the transaction got its number: event_feed.c tells why.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "core/commit.h"
#include "core/say.h"
#include "core/spi.h"
#include "core/status.h"
#include "process/process.h"

/* The columns that are read, in the order of `columns`. */
typedef enum Column
{
	COL_STATE,
	COL_STAGE,
	COL_BASE_STATE,
	COL_PROCESS,
	COL_PROCESS_VERSION,
	COL_VERSION,
	COL_SUPERVISED,
	COL_SUSPENDED_UNTIL,
	COL_CLOSED_AT,
	COL_PLACE_END, /* what stands before is the place of a case */
	COL_REC_ID = COL_PLACE_END,
	COL_TASK_NUM,
	COL_STEP_COUNT,
	COL_UPDATE_TIME,
	COL_PERSONAL,
	COL_HUMAN_NAME,
	COL_CELLPHONE,
	COL_COUNT
} Column;

/* Name, and whether it is a text: the others are passed by value. */
static const struct
{
	const char *name;
	bool is_text;
} columns[] = {
	{"state"},           {"stage", true}, {"base_state"},     {"process_code", true},
	{"process_version"}, {"version"},     {"supervised"},     {"suspended_until"},
	{"closed_at"},       {"rec_id"},      {"task_num", true}, {"step_count"},
	{"update_time"},     {"personal"},    {"human_name"},     {"cellphone"},
};

/* A row of event, as far as it is looked at. */
typedef struct CaseRow
{
	Datum values[COL_COUNT];
	bool nulls[COL_COUNT];
} CaseRow;

/* What is known of a change that is judged. */
typedef struct Change
{
	const CaseRow *old;
	const CaseRow *new;
	const char *task_num;
	const char *old_stage; /* NULL: none */
	const char *new_stage;
	const Process *process; /* the new one; NULL: there is no such version */
	char *action;           /* of the step */
} Change;

/* A step as it is in event_step. */
typedef struct Step
{
	char *action;
	char *from_stage; /* NULL: none */
	char *to_stage;
	int32 from_state;
	int32 to_state;
	int32 version;        /* of the case, after it */
	TransactionId writer; /* that wrote the row */
} Step;

/* A step of the case by its number, and the transaction that wrote it. */
static SpiQuery step_query = {
	"SELECT s.action, s.from_stage, s.to_stage, s.from_state, s.to_state, s.version, s.xmin::pg_catalog.text"
	" FROM citybigdata.event_step s"
	" WHERE s.rec_id OPERATOR(pg_catalog.=) $1 AND s.step_no OPERATOR(pg_catalog.=) $2",
	2,
	{INT4OID, INT4OID},
	NULL,
	true};

/* Number of the column; remembered, since a table's columns stay where they are. */
static AttrNumber
ColumnNumber(TupleDesc desc, Column column)
{
	static AttrNumber numbers[COL_COUNT];
	AttrNumber number = numbers[column];

	if (number > 0 && number <= desc->natts &&
		strcmp(NameStr(TupleDescAttr(desc, number - 1)->attname), columns[column].name) == 0)
		return number;
	number = SPI_fnumber(desc, columns[column].name);
	if (number <= 0)
		elog(ERROR, "table event has no column %s", columns[column].name);
	return numbers[column] = number;
}

/* Reads a row. */
static void
ReadRow(HeapTuple tuple, TupleDesc desc, CaseRow *row)
{
	Datum *values = palloc(sizeof(Datum) * desc->natts);
	bool *nulls = palloc(sizeof(bool) * desc->natts);

	heap_deform_tuple(tuple, desc, values, nulls);
	for (int i = 0; i < COL_COUNT; i++)
	{
		int place = ColumnNumber(desc, (Column) i) - 1;

		row->values[i] = values[place];
		row->nulls[i] = nulls[place];
	}
	pfree(values);
	pfree(nulls);
}

/* Is the column the same in both rows? */
static bool
Same(const CaseRow *old, const CaseRow *new, Column column)
{
	if (old->nulls[column] || new->nulls[column])
		return old->nulls[column] == new->nulls[column];
	if (columns[column].is_text)
		return datum_image_eq(old->values[column], new->values[column], false, -1);
	return old->values[column] == new->values[column];
}

/* Is the place of the case the same? */
static bool
SamePlace(const CaseRow *old, const CaseRow *new)
{
	for (int i = 0; i < COL_PLACE_END; i++)
		if (!Same(old, new, (Column) i))
			return false;
	return true;
}

/* encrypt_events(): the case is the same to every reader, so that its time may stay. */
static bool
OnlyEncrypts(const CaseRow *old, const CaseRow *new)
{
	return old->nulls[COL_PERSONAL] && !new->nulls[COL_PERSONAL] && new->nulls[COL_HUMAN_NAME] &&
		   new->nulls[COL_CELLPHONE];
}

/* A text column; NULL: it is null. */
static char *
RowText(const CaseRow *row, Column column)
{
	return row->nulls[column] ? NULL : TextDatumGetCString(row->values[column]);
}

/* A whole number; -1: null. */
static int32
RowInt(const CaseRow *row, Column column)
{
	return row->nulls[column] ? -1 : DatumGetInt32(row->values[column]);
}

/* The names of the actions from a stage, for a hint: those that are done then when the case is suspended. */
static char *
ActionsFrom(const Process *process, const char *stage_name, bool suspended)
{
	const ProcessStage *stage = stage_name == NULL ? NULL : ProcessStageFind(process, stage_name);
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; stage != NULL && i < process->action_count; i++)
		if ((process->actions[i].from >> stage->order & 1) != 0 &&
			(!suspended || process->actions[i].while_suspended))
			appendStringInfo(&out, "%s%s", out.len == 0 ? "" : ", ", process->actions[i].name);
	return out.data;
}

/* Raises the refusal; `detail` tells what was seen. */
pg_attribute_noreturn() static void Refuse(const Change *change, const char *detail)
{
	const CaseRow *old = change->old;
	char *code = RowText(old, COL_PROCESS);
	const Process *process = ProcessFind(code, RowInt(old, COL_PROCESS_VERSION));

	ereport(ERROR, (errcode(StatusSqlstate(CBD_ILLEGAL_MOVE)),
					saymsg("the process of case %s{case} does not allow this change", change->task_num),
					saydetail("%s{why*}.", detail),
					code == NULL ? sayhint("The case has no process: citybigdata.start_process() begins one.")
								 : sayhint("Cases move by steps: citybigdata.advance_case(). From stage "
										   "%s{stage} of %s{process} version %d{version}: %s{actions*}.",
										   change->old_stage, code, RowInt(old, COL_PROCESS_VERSION),
										   process == NULL ? MESSAGE("unknown")
														   : ActionsFrom(process, change->old_stage,
																		 !old->nulls[COL_SUSPENDED_UNTIL]))));
}

/* A stage's name for people. */
static const char *
Shown(const char *stage)
{
	return stage == NULL ? "none" : stage;
}

/* Are both texts the same, or both NULL? */
static bool
SameText(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The step of that number: *step; false: there is none. */
static bool
ReadStep(const Change *change, int32 number, Step *step)
{
	Datum key[2] = {change->new->values[COL_REC_ID], Int32GetDatum(number)};
	bool found;

	SpiBegin();
	found = SpiRun(&step_query, key, NULL, SPI_OK_SELECT, 1) == 1;
	if (found)
	{
		step->action = SpiText(0, 1);
		step->from_stage = SpiText(0, 2);
		step->to_stage = SpiText(0, 3);
		step->from_state = SpiInt32(0, 4);
		step->to_state = SpiInt32(0, 5);
		step->version = SpiInt32(0, 6);
		step->writer = (TransactionId) strtoul(SpiText(0, 7), NULL, 10);
	}
	SpiEnd();
	return found;
}

/* The step that belongs to the change: written in this transaction, and telling the same. */
static void
CheckStep(Change *change)
{
	int32 number = RowInt(change->new, COL_STEP_COUNT);
	int32 before = RowInt(change->old, COL_STATE);
	int32 after = RowInt(change->new, COL_STATE);
	Step step;

	if (number <= RowInt(change->old, COL_STEP_COUNT))
		Refuse(change, SaidBoth("stage, state, version, supervision and suspension change with a step; "
								"step_count goes up from %d{from} with it, not to %d{to}",
								RowInt(change->old, COL_STEP_COUNT), number));
	if (!ReadStep(change, number, &step))
		Refuse(change, SaidBoth("there is no step %d{number}", number));
	if (!TransactionIdIsCurrentTransactionId(step.writer))
		Refuse(change, SaidBoth("step %d{number} was written in another transaction", number));
	if (!SameText(step.from_stage, change->old_stage) || !SameText(step.to_stage, change->new_stage))
		Refuse(
			change,
			SaidBoth("step %d{number} leads from stage %s{from} to %s{to}, not from %s{given} to %s{target}",
					 number, Shown(step.from_stage), Shown(step.to_stage), Shown(change->old_stage),
					 Shown(change->new_stage)));
	if (step.from_state != before || step.to_state != after)
		Refuse(
			change,
			SaidBoth("step %d{number} leads from state %d{from} to %d{to}, not from %d{given} to %d{target}",
					 number, step.from_state, step.to_state, before, after));
	if (step.version != RowInt(change->new, COL_VERSION))
		Refuse(change, SaidBoth("step %d{number} made version %d{version}, not %d{given}", number,
								step.version, RowInt(change->new, COL_VERSION)));
	change->action = step.action;
}

/* The version goes up by one with every change of place. */
static void
CheckVersion(const Change *change)
{
	int32 before = RowInt(change->old, COL_VERSION);

	if (RowInt(change->new, COL_VERSION) != before + 1)
		Refuse(change, SaidBoth("the version goes from %d{from} to %d{to}, not to %d{given}", before,
								before + 1, RowInt(change->new, COL_VERSION)));
}

/* The state of the main case that the case is merged into; 0: it is not merged. */
static int32
MainState(const CaseRow *row)
{
	static SpiQuery query = {
		"SELECT m.state FROM citybigdata.case_link l JOIN citybigdata.event m ON m.rec_id "
		"OPERATOR(pg_catalog.=) l.main_rec_id WHERE l.rec_id OPERATOR(pg_catalog.=) $1",
		1,
		{INT4OID},
		NULL,
		true};
	int32 state = 0;

	SpiBegin();
	if (SpiRun(&query, &row->values[COL_REC_ID], NULL, SPI_OK_SELECT, 1) == 1)
		state = SpiInt32(0, 1);
	SpiEnd();
	return state;
}

/* Does the row only get the state of its main case? */
static bool
FollowsMain(const CaseRow *old, const CaseRow *new)
{
	for (Column column = 0; column < COL_PLACE_END; column++)
		if (column != COL_STATE && !Same(old, new, column))
			return false;
	return Same(old, new, COL_STEP_COUNT) && MainState(new) == RowInt(new, COL_STATE);
}

/* State, base_state and closed_at are those of the stage; the stage. */
static const ProcessStage *
CheckStage(const Change *change)
{
	const CaseRow *new = change->new;
	const ProcessStage *stage = change->process == NULL || change->new_stage == NULL
									? NULL
									: ProcessStageFind(change->process, change->new_stage);
	int state;

	if (stage == NULL)
		Refuse(change, SaidBoth("process %s{process} version %d{version} has no stage %s{stage}",
								RowText(new, COL_PROCESS), RowInt(new, COL_PROCESS_VERSION),
								Shown(change->new_stage)));
	if (RowInt(new, COL_BASE_STATE) != stage->state)
		Refuse(change, SaidBoth("base_state of stage %s{stage} is %d{state}", stage->name, stage->state));
	state = ProcessState(stage, !new->nulls[COL_SUSPENDED_UNTIL], DatumGetBool(new->values[COL_SUPERVISED]));
	if (RowInt(new, COL_STATE) != state && MainState(new) != RowInt(new, COL_STATE))
		Refuse(change, SaidBoth("state in stage %s{stage} is %d{state}%s{while*}", stage->name, state,
								state == stage->state      ? ""
								: state == STATE_SUSPENDED ? MESSAGE(" while suspended_until is set")
														   : MESSAGE(" while supervised")));
	if (!stage->final && !new->nulls[COL_CLOSED_AT])
		Refuse(change, SaidBoth("closed_at is null in stage %s{stage}, which is open", stage->name));
	if (stage->state == STATE_CLOSED && new->nulls[COL_CLOSED_AT])
		Refuse(change, SaidBoth("closed_at is set in stage %s{stage}", stage->name));
	return stage;
}

/* A case enters a process: at its start, or at a stage that has the state of the case. */
static void
CheckEntry(const Change *change)
{
	const ProcessStage *stage = CheckStage(change);

	if (strcmp(change->action, ACTION_START) != 0)
		Refuse(change,
			   SaidBoth("a case enters a process by the step start, not by %s{action}", change->action));
	if (stage != change->process->start && stage->state != RowInt(change->old, COL_STATE))
		Refuse(change,
			   SaidBoth("a case in state %d{state} enters at stage %s{stage} or at one with this state",
						RowInt(change->old, COL_STATE), change->process->start->name));
}

/* A case changes the version of its process; open stays open. */
static void
CheckMigration(const Change *change)
{
	const ProcessStage *stage = CheckStage(change);
	const Process *before =
		ProcessFind(RowText(change->old, COL_PROCESS), RowInt(change->old, COL_PROCESS_VERSION));
	const ProcessStage *from =
		before == NULL || change->old_stage == NULL ? NULL : ProcessStageFind(before, change->old_stage);

	if (strcmp(change->action, ACTION_MIGRATE) != 0)
		Refuse(change, SaidBoth("the version of the process changes by the step migrate, not by %s{action}",
								change->action));
	if (!Same(change->old, change->new, COL_PROCESS))
		Refuse(change, MESSAGE("a case stays in its process"));
	if (from != NULL && from->final != stage->final)
		Refuse(change, SaidBoth("a migration neither ends a case nor opens one: %s{from} to %s{to}",
								from->name, stage->name));
}

/* Does a step of the action leave the version of the case alone? */
static bool
KeepsVersion(const ProcessAction *action)
{
	return action->effects != 0 && (action->effects & ~EFFECTS_KEEP_VERSION) == 0;
}

/* The move is one of the case's version of its process. */
static void
CheckMove(const Change *change)
{
	const ProcessStage *to = CheckStage(change);
	const ProcessStage *from =
		change->old_stage == NULL ? NULL : ProcessStageFind(change->process, change->old_stage);
	const ProcessAction *action =
		from == NULL ? NULL : ProcessActionFind(change->process, from, change->action);

	if (action == NULL)
		Refuse(change, SaidBoth("there is no action %s{action} from stage %s{stage}", change->action,
								Shown(change->old_stage)));
	if (!ProcessMoveAllowed(action, from, to))
		Refuse(change, SaidBoth("%s{action} does not lead from stage %s{from} to %s{to}", action->name,
								from->name, to->name));
	if (!change->old->nulls[COL_SUSPENDED_UNTIL] && !action->while_suspended)
		Refuse(change, SaidBoth("the case is suspended, and %s{action} is not done then", action->name));
	if (KeepsVersion(action))
		Refuse(change, SaidBoth("%s{action} keeps the version and the place of a case", action->name));
}

/* A step that leaves the case where it is and its version alone: an action of the process that does so. */
static void
CheckRemark(const Change *change)
{
	const Process *process =
		ProcessFind(RowText(change->old, COL_PROCESS), RowInt(change->old, COL_PROCESS_VERSION));
	const ProcessStage *stage =
		process == NULL || change->old_stage == NULL ? NULL : ProcessStageFind(process, change->old_stage);
	const ProcessAction *action = stage == NULL ? NULL : ProcessActionFind(process, stage, change->action);

	if (change->old->nulls[COL_PROCESS])
		return;
	if (action == NULL)
		Refuse(change, SaidBoth("there is no action %s{action} from stage %s{stage}", change->action,
								Shown(change->old_stage)));
	if (!KeepsVersion(action))
		Refuse(change, SaidBoth("%s{action} makes a version of the case", action->name));
}

/* Raises an error unless the change is a step of the case's process. */
static void
Judge(const CaseRow *old, const CaseRow *new)
{
	Change change = {old, new};

	if (FollowsMain(old, new))
		return;
	change.task_num = RowText(old, COL_TASK_NUM);
	change.old_stage = RowText(old, COL_STAGE);
	change.new_stage = RowText(new, COL_STAGE);
	if (SamePlace(old, new))
	{
		CheckStep(&change);
		CheckRemark(&change);
		return;
	}
	if (new->nulls[COL_PROCESS])
		Refuse(&change, old->nulls[COL_PROCESS]
							? MESSAGE("the case has no process, so that nothing says where it may go")
							: MESSAGE("a case stays in its process"));
	CheckStep(&change);
	CheckVersion(&change);
	change.process = ProcessFind(RowText(new, COL_PROCESS), RowInt(new, COL_PROCESS_VERSION));
	if (old->nulls[COL_PROCESS])
		CheckEntry(&change);
	else if (!Same(old, new, COL_PROCESS) || !Same(old, new, COL_PROCESS_VERSION))
		CheckMigration(&change);
	else
		CheckMove(&change);
}

/* The row with update_time: the clock, read after the transaction got its number. */
static HeapTuple
WithTime(HeapTuple tuple, TupleDesc desc)
{
	int column = ColumnNumber(desc, COL_UPDATE_TIME);
	bool isnull = false;
	Datum now;

	now = TimestampTzGetDatum(ChangeInstant());
	return heap_modify_tuple_by_cols(tuple, desc, 1, &column, &now, &isnull);
}

/* event_guard(): trigger before UPDATE of event, for each row. Error 40930. */
PG_FUNCTION_INFO_V1(cbd_event_guard);
extern Datum cbd_event_guard(PG_FUNCTION_ARGS);

Datum
cbd_event_guard(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	TupleDesc desc;
	CaseRow old, new;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) || !TRIGGER_FIRED_BY_UPDATE(trigger->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						saymsg("this function is a trigger before UPDATE for each row")));
	desc = RelationGetDescr(trigger->tg_relation);
	ReadRow(trigger->tg_trigtuple, desc, &old);
	ReadRow(trigger->tg_newtuple, desc, &new);
	if (!SamePlace(&old, &new) || !Same(&old, &new, COL_STEP_COUNT))
		Judge(&old, &new);
	else if (OnlyEncrypts(&old, &new))
		return PointerGetDatum(trigger->tg_newtuple);
	return PointerGetDatum(WithTime(trigger->tg_newtuple, desc));
}
