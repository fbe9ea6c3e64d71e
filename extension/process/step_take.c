/*
 * Taking a step that was judged: clocks, then the history, then the case, its task, its requests and facts,
 * in one transaction. The trigger of event (process_guard.c) holds the case against the step. See step.h.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/commit.h"
#include "core/spi.h"
#include "deadline/clock.h"
#include "deadline/clock_row.h"
#include "deadline/condition.h"
#include "indicator/case_fact.h"
#include "organisation/organisation.h"
#include "process/step.h"

/* A step being taken: what it was, what the case will be. */
typedef struct Taking
{
	const Case *before;
	Case *after;
	const StepMove *move;
	const char *result; /* as the history has it */
	Task task;
	bool task_changes;
	bool stage_late, chain_late, request_late;
	ClockState started; /* stage clock */
	TimestampTz now;
} Taking;

/* ---- clocks ---- */

/* The calendar of a condition's limit: its own, else that of the unit that has the case, or will have it. */
static const char *
ConditionCalendar(const Case *c, const FilingCondition *condition)
{
	const char *unit = c->unit != NULL ? c->unit : condition->unit_code;

	if (condition->calendar != NULL)
		return condition->calendar;
	return UnitCalendar(unit != NULL ? unit : ResponsibleUnit(c->type, c->division));
}

bool
StepLimit(const Case *c, const ProcessLimit *limit, ClockLimit *out)
{
	FilingCondition condition;

	switch (limit->kind)
	{
		case PROCESS_LIMIT_FIXED:
			*out = (ClockLimit){limit->calendar, limit->amount, limit->unit, limit->warning_share};
			return true;
		case PROCESS_LIMIT_CONDITION:
			if (c->condition_code == NULL || FindCondition(c->condition_code, &condition) != CBD_OK)
				return false;
			*out = ConditionLimit(&condition);
			out->calendar = ConditionCalendar(c, &condition);
			return true;
		case PROCESS_LIMIT_NONE:
			break;
	}
	return false;
}

/* The clock of a limit, not started yet; row->calendar NULL: there is no limit. CBD_OK or 40963. */
static CbdStatus
PrepareClock(const Taking *taking, ClockKind kind, const ProcessLimit *limit, ClockRow *row)
{
	ClockLimit amount;

	memset(row, 0, sizeof(*row));
	if (!StepLimit(taking->after, limit, &amount))
		return CBD_OK;
	return ClockRowBegin(taking->after->rec_id, kind, &amount, taking->now, row) == CBD_OK ? CBD_OK
																						   : CBD_NO_DEADLINE;
}

/* Starts a prepared clock; a deadline in a year whose holidays nobody knows is a warning. */
static void
StartClock(Taking *taking, const ClockRow *row)
{
	ClockState state = {0};

	if (row->calendar == NULL)
		return;
	ClockRowStart(row, &state);
	if (state.guessed)
		ErrorEnter(&taking->move->request->errors, true, "/deadline", CBD_CALENDAR_UNKNOWN,
				   StatusMessage(CBD_CALENDAR_UNKNOWN), SaidStatus(CBD_CALENDAR_UNKNOWN));
	if (row->kind == CLOCK_STAGE)
		taking->started = state;
}

/* What a move to another stage does with the clocks. Those that it starts are worked out first: where one
 * cannot be, nothing is changed. */
static CbdStatus
MoveClocks(Taking *taking)
{
	const StepMove *move = taking->move;
	int32 rec_id = taking->after->rec_id;
	bool files = !move->to.final && (move->effects & EFFECT_FILE) != 0;
	ClockRow stage, chain = {0};
	ClockState state;
	CbdStatus status = PrepareClock(taking, CLOCK_STAGE, &move->to.limit, &stage);

	if (status == CBD_OK && files)
		status = PrepareClock(taking, CLOCK_CHAIN, &move->chain, &chain);
	if (status != CBD_OK)
		return status;
	if (taking->before->suspended)
		ClockResume(rec_id, taking->now);
	taking->stage_late = ClockStop(rec_id, CLOCK_STAGE, taking->now, &state) && state.late;
	if (move->to.final)
		taking->chain_late = ClockStop(rec_id, CLOCK_CHAIN, taking->now, &state) && state.late;
	else if (files)
		StartClock(taking, &chain);
	else if ((move->effects & EFFECT_REOPEN) != 0)
		(void) ClockRestart(rec_id, CLOCK_CHAIN, taking->now);
	StartClock(taking, &stage);
	return CBD_OK;
}

/* The clocks; refusals of theirs change nothing. */
static CbdStatus
TakeClocks(Taking *taking)
{
	const StepMove *move = taking->move;
	int32 rec_id = taking->after->rec_id;
	ClockState state;

	if (move->moves)
		return MoveClocks(taking);
	if ((move->effects & EFFECT_SUSPEND) != 0)
		return ClockPause(rec_id, taking->now, move->request->until);
	if ((move->effects & EFFECT_MERGE) != 0)
		ClockHold(rec_id, taking->now);
	else if ((move->effects & (EFFECT_RESUME | EFFECT_UNMERGE)) != 0)
		ClockResume(rec_id, taking->now);
	else if ((move->effects & EFFECT_GRANT_EXTENSION) != 0)
		return ClockExtend(rec_id, taking->now, &state);
	return CBD_OK;
}

/* ---- whose task it is ---- */

/* Who had the case in that stage last, if he still may: returns go to the holder before. */
static int64
HolderBefore(const Taking *taking)
{
	int64 account = LastHolder(taking->after->rec_id, taking->move->to.name);

	return account != 0 && InOffice(account, taking->move->to.roles, taking->after) ? account : 0;
}

/* The role of a person that the task goes to: of a post of his for this stage. */
static const char *
RoleOf(const Taking *taking, int64 account_id)
{
	Actor to = {ACTOR_OPERATOR, .account_id = account_id};
	const OperatorPost *post;

	to.post_count = OperatorPosts(account_id, &to.posts);
	post = ActorPost(&to, taking->after, taking->move->to.roles);
	return post == NULL ? taking->move->to.role : post->role;
}

/* Back from the one who was asked: to who asked. */
static void
BackToAsker(Taking *taking)
{
	CaseRequest open;

	taking->task.role = taking->move->to.role;
	taking->task.holder = 0;
	if (RequestFind(taking->after->rec_id, RequestDecided(taking->move->effects), &open) &&
		open.asked_by != 0 && InOffice(open.asked_by, taking->move->to.roles, taking->after))
		taking->task.holder = open.asked_by;
}

static void
TaskOfMove(Taking *taking)
{
	const StepMove *move = taking->move;

	taking->task = (Task){move->to.role};
	if (move->to.role != NULL && (move->effects & (EFFECT_RETURN | EFFECT_REWORK)) != 0)
	{
		taking->task.holder = HolderBefore(taking);
		if (taking->task.holder != 0)
			taking->task.role = RoleOf(taking, taking->task.holder);
	}
	if ((move->effects & EFFECT_RETURN) != 0)
		taking->task.returned_from = taking->before->stage_name;
}

/* Whom the case waits for after the step. */
static void
DecideTask(Taking *taking)
{
	const StepMove *move = taking->move;
	const Case *before = taking->before;
	uint64 effects = move->effects;

	taking->task = (Task){before->task_role, before->holder, before->returned_from};
	taking->task_changes = (effects & ~EFFECTS_KEEP_VERSION) != 0 || move->moves;
	if (move->moves)
		TaskOfMove(taking);
	else if ((effects & EFFECT_MERGE) != 0)
		taking->task = (Task){NULL};
	else if ((effects & EFFECT_UNMERGE) != 0)
		taking->task = (Task){move->to.role};
	else if (move->to.role == NULL)
		taking->task.role = NULL;
	else if (move->asked_role != NULL)
		taking->task = (Task){move->asked_role, move->request->to_account_id, before->returned_from};
	else if ((effects & (EFFECT_VERIFY | EFFECT_CHECK)) != 0)
		BackToAsker(taking);
	else if ((effects & EFFECT_ASSIGN) != 0)
		taking->task = (Task){RoleOf(taking, move->request->to_account_id), move->request->to_account_id,
							  before->returned_from};
	else if (((effects & EFFECT_CLAIM) != 0 || ((effects & EFFECT_TAKE) != 0 && before->holder == 0)) &&
			 move->post != NULL)
		taking->task = (Task){move->post->role, move->actor->account_id, before->returned_from};
	else if ((effects & EFFECT_RELEASE) != 0)
	{
		taking->task.holder = 0;
		if (before->task_role != NULL && strcmp(before->task_role, "handler") == 0)
			taking->task.role = move->to.role;
	}
}

/* ---- the case ---- */

/* Everything of the case that the action changes. */
static void
ChangeCase(Taking *taking)
{
	Case *after = taking->after;
	const StepMove *move = taking->move;
	const StepRequest *request = move->request;

	after->stage_name = pstrdup(move->to.name);
	after->base_state = move->to.state;
	after->step_count++;
	after->media_count += request->medias.media_count;
	if (!move->keeps_version)
		after->version++;
	if ((move->effects & EFFECT_FILE) != 0)
		after->condition_code = request->condition_code;
	if ((move->effects & EFFECT_DISPATCH) != 0)
		after->unit = request->to_unit;
	if ((move->effects & EFFECT_REWORK) != 0)
		after->rework_count++;
	if ((move->effects & EFFECT_SUSPEND) != 0)
	{
		after->suspended = true;
		after->suspended_until = request->until;
	}
	else if ((move->effects & EFFECT_RESUME) != 0 || move->moves)
		after->suspended = false;
	if ((move->effects & EFFECT_SUPERVISE) != 0)
		after->supervised = true;
	else if ((move->effects & EFFECT_ANSWER) != 0 || move->to.final)
		after->supervised = false;
	if (move->moves)
	{
		after->closed = move->to.final && move->to.state == STATE_CLOSED;
		after->closed_at = taking->now;
	}
	if ((move->effects & EFFECT_MERGE) != 0)
		after->main_rec_id = request->main_rec_id;
	else if ((move->effects & EFFECT_UNMERGE) != 0)
		after->main_rec_id = 0;
	/* a case that is merged shows the state of its main case */
	if ((move->effects & EFFECT_MERGE) != 0)
		after->state = request->main_state;
	else if (after->main_rec_id == 0)
		after->state = ProcessState(&move->to, after->suspended, after->supervised);
}

/* ---- rows ---- */

/* The values of a statement, one by one. */
typedef struct Values
{
	Datum values[24];
	bool nulls[24];
	int count;
} Values;

static void
Add(Values *row, Datum value, bool present)
{
	row->values[row->count] = value;
	row->nulls[row->count++] = !present;
}

static void
AddText(Values *row, const char *text)
{
	Add(row, text == NULL ? (Datum) 0 : CStringGetTextDatum(text), text != NULL);
}

/* The row of the history. */
static void
InsertStep(const Taking *taking)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event_step (rec_id, step_no, step_time, action, from_state, to_state, "
		"step_by, "
		"note, result, from_stage, to_stage, by_role, by_unit, by_account, by_app, to_unit, to_account, "
		"reason, "
		"until, evaluation, media_from, media_to, version, main_rec_id) VALUES ($1, $2, $3, $4, $5, $6, $7, "
		"$8, "
		"$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
		24,
		{INT4OID, INT4OID, TIMESTAMPTZOID, TEXTOID, INT4OID, INT4OID, TEXTOID, TEXTOID,
		 TEXTOID, TEXTOID, TEXTOID,        TEXTOID, TEXTOID, INT8OID, INT4OID, TEXTOID,
		 INT8OID, TEXTOID, TIMESTAMPTZOID, INT4OID, INT4OID, INT4OID, INT4OID, INT4OID}};
	const Case *before = taking->before;
	const Case *after = taking->after;
	const StepMove *move = taking->move;
	const StepRequest *request = move->request;
	bool medias = request->medias.media_count > 0;
	Values row = {.count = 0};

	Add(&row, Int32GetDatum(after->rec_id), true);
	Add(&row, Int32GetDatum(after->step_count), true);
	Add(&row, TimestampTzGetDatum(taking->now), true);
	AddText(&row, request->action);
	Add(&row, Int32GetDatum(before->state), true);
	Add(&row, Int32GetDatum(after->state), true);
	AddText(&row, move->actor->name);
	AddText(&row, request->note);
	AddText(&row, taking->result);
	AddText(&row, before->stage_name);
	AddText(&row, after->stage_name);
	AddText(&row, move->post == NULL ? NULL : move->post->role);
	AddText(&row, move->post == NULL ? NULL : move->post->unit_code);
	Add(&row, Int64GetDatum(move->actor->account_id), move->actor->account_id != 0);
	Add(&row, Int32GetDatum(move->actor->app_id), move->actor->app_id != 0);
	AddText(&row, (move->effects & EFFECT_DISPATCH) != 0 ? request->to_unit : NULL);
	Add(&row, Int64GetDatum(taking->task.holder),
		taking->task.holder != 0 && taking->task.holder != before->holder &&
			taking->task.holder != move->actor->account_id);
	AddText(&row, request->reason);
	Add(&row, TimestampTzGetDatum(request->until), request->has_until);
	Add(&row, Int32GetDatum(request->evaluation), request->evaluation != 0);
	Add(&row, Int32GetDatum(before->media_count + 1), medias);
	Add(&row, Int32GetDatum(after->media_count), medias);
	Add(&row, Int32GetDatum(after->version), true);
	Add(&row, Int32GetDatum(request->main_rec_id), (move->effects & EFFECT_MERGE) != 0);
	SpiRun(&query, row.values, row.nulls, SPI_OK_INSERT, 0);
	StoreMedias(&request->medias, after->rec_id, before->media_count + 1);
}

/* The row of the case. */
static void
UpdateCase(const Taking *taking)
{
	static SpiQuery query = {
		"UPDATE citybigdata.event SET version = $2, stage = $3, base_state = $4, state = $5, unit_code = $6, "
		"holder = $7, condition_code = $8, supervised = $9, suspended_until = $10, rework_count = $11, "
		"closed_at = $12, step_count = $13, media_count = $14, update_time = $15 WHERE rec_id "
		"OPERATOR(pg_catalog.=) $1",
		15,
		{INT4OID, INT4OID, TEXTOID, INT4OID, INT4OID, TEXTOID, INT8OID, TEXTOID, BOOLOID, TIMESTAMPTZOID,
		 INT4OID, TIMESTAMPTZOID, INT4OID, INT4OID, TIMESTAMPTZOID},
		NULL,
		true};
	const Case *after = taking->after;
	Values row = {.count = 0};

	Add(&row, Int32GetDatum(after->rec_id), true);
	Add(&row, Int32GetDatum(after->version), true);
	AddText(&row, after->stage_name);
	Add(&row, Int32GetDatum(after->base_state), true);
	Add(&row, Int32GetDatum(after->state), true);
	AddText(&row, after->unit);
	Add(&row, Int64GetDatum(after->holder), after->holder != 0);
	AddText(&row, after->condition_code);
	Add(&row, BoolGetDatum(after->supervised), true);
	Add(&row, TimestampTzGetDatum(after->suspended_until), after->suspended);
	Add(&row, Int32GetDatum(after->rework_count), true);
	Add(&row, TimestampTzGetDatum(after->closed_at), after->closed);
	Add(&row, Int32GetDatum(after->step_count), true);
	Add(&row, Int32GetDatum(after->media_count), true);
	Add(&row, TimestampTzGetDatum(taking->now), true);
	SpiRun(&query, row.values, row.nulls, SPI_OK_UPDATE, 0);
}

/* The 0/1 counters of the case. */
static void
CountFacts(const Taking *taking)
{
	const StepMove *move = taking->move;
	FactStep fact = {taking->after->rec_id,
					 move->request->action,
					 taking->result,
					 taking->before->stage_name,
					 taking->after->stage_name,
					 move->post == NULL ? NULL : move->post->role,
					 move->actor->account_id,
					 move->request->evaluation,
					 taking->stage_late,
					 taking->chain_late,
					 taking->request_late,
					 taking->now,
					 0,
					 move->moves};

	FactCount(&fact);
}

/* Two reviewers make one decision: the first one's is none yet (case_request keeps it), the second step has
 * what both come to. */
static const char *
ResultOf(const StepMove *move, int32 rec_id)
{
	const char *result = move->request->result;
	CaseRequest open;

	if ((move->effects & EFFECT_DECIDE_APPEAL) == 0 || move->reviewers < 2 ||
		!RequestFind(rec_id, RequestDecided(move->effects), &open))
		return result;
	return !open.has_first ? NULL : open.first_pass ? result : "fail";
}

void (*StepTakenHook)(const StepTaken *taken);

CbdStatus
StepTake(Case *c, const StepMove *move)
{
	Case before = *c;
	Taking taking = {.before = &before, .after = c, .move = move};
	CbdStatus status;

	taking.now = ChangeInstant();
	taking.result = ResultOf(move, c->rec_id);
	ChangeCase(&taking);
	status = TakeClocks(&taking);
	if (status != CBD_OK)
	{
		*c = before;
		ErrorAdd(&move->request->errors, "", status, NULL);
		return status;
	}
	DecideTask(&taking);
	c->holder = taking.task.holder;
	LinksTake(&before, move, taking.now, StepTake);
	SpiBegin();
	InsertStep(&taking);
	UpdateCase(&taking);
	SpiEnd();
	RequestsTake(&before, move, taking.now, &taking.request_late);
	if (taking.task_changes)
		TaskWrite(c, &taking.task, &taking.started, taking.now);
	CountFacts(&taking);
	LinksFollow(c, move, taking.now, StepTake);
	c->task_role = taking.task.role == NULL ? NULL : pstrdup(taking.task.role);
	c->returned_from = taking.task.returned_from == NULL ? NULL : pstrdup(taking.task.returned_from);
	if (StepTakenHook != NULL)
		StepTakenHook(&(StepTaken){&before, c, move->request->action, move->request->result,
								   move->actor->kind, taking.now});
	return CBD_OK;
}
