/*
 * Judging a step: the refusals in the order of the interface. What the action needs is the concern of the
 * sender of the request and told all at once; what follows is told one by one. See step.h.
 */
#include "postgres.h"

#include "port/pg_bitutils.h"
#include "utils/datum.h"
#include "utils/timestamp.h"

#include "core/text_check.h"
#include "deadline/clock.h"
#include "deadline/condition.h"
#include "organisation/organisation.h"
#include "process/step.h"

/* The first action of that name, be it from another stage; NULL: the process has none. */
static const ProcessAction *
AnyAction(const Process *process, const char *name)
{
	for (int i = 0; i < process->action_count; i++)
		if (strcmp(process->actions[i].name, name) == 0)
			return &process->actions[i];
	return NULL;
}

/* ---- needs ---- */

static void
Require(StepRequest *request, bool given, const char *pointer)
{
	if (!given)
		ErrorPrint(&request->errors, false, pointer, CBD_FIELD_REQUIRED, "%s{action} needs %s{name}",
				   request->action, pointer + 1);
}

/* The filing condition: one that is in use, of the case's type. */
static void
CheckCondition(const Case *c, StepRequest *request)
{
	FilingCondition condition;
	CbdStatus status = FindCondition(request->condition_code, &condition);

	if (status != CBD_OK)
		ErrorPrint(&request->errors, false, "/conditionCode", status,
				   "there is no filing condition \"%s{code}\" in use",
				   ShortText(request->condition_code, strlen(request->condition_code)));
	else if (!ConditionFits(&condition, c->rec_id))
		ErrorPrint(&request->errors, false, "/conditionCode", CBD_CONDITION_TYPE,
				   "condition %s{condition} is of type %s{type}, the case of type %s{case}", condition.code,
				   condition.event_type_code, c->type);
}

/* The unit: there must be one; that it does not answer for the type or the place is a warning. */
static void
CheckUnit(const Case *c, StepRequest *request)
{
	if (!UnitName(request->to_unit, NULL))
		ErrorPrint(&request->errors, false, "/to/unit", CBD_UNKNOWN_UNIT,
				   "there is no unit \"%s{unit}\", or it is closed",
				   ShortText(request->to_unit, strlen(request->to_unit)));
	else if (!UnitAnswers(request->to_unit, c->type, c->division))
		ErrorPrint(&request->errors, true, "/to/unit", CBD_UNIT_NOT_RESPONSIBLE,
				   "unit %s{unit} does not answer for type %s{type}%s{where*}", request->to_unit, c->type,
				   c->division == NULL ? "" : SaidBoth(" in division %s{division}", c->division));
}

/* The account that the case goes to: one whose post, in one of the roles, reaches the case. Every other
 * answer is the same, so that nobody learns from it which accounts there are. */
static void
CheckAccount(const Case *c, uint32 roles, StepRequest *request)
{
	Actor to;

	if (AccountActor(request->to_account, &to) && ActorPost(&to, c, roles) != NULL)
		request->to_account_id = to.account_id;
	else
		ErrorPrint(&request->errors, false, "/to/account", CBD_NO_FITTING_POST,
				   "no account \"%s{account}\" has a post for this case",
				   ShortText(request->to_account, strlen(request->to_account)));
}

/* A suspension within a year; a reply that is not due before it was asked for. */
static void
CheckUntil(uint64 effects, StepRequest *request)
{
	TimestampTz now = GetCurrentTimestamp();

	if ((effects & (EFFECT_SUSPEND | EFFECT_ASK_SUSPEND)) != 0)
	{
		if (ClockSuspensionEnd(now, request->until) != CBD_OK)
			ErrorAdd(&request->errors, "/until", CBD_SUSPENSION_END, NULL);
	}
	else if (request->until <= now)
		ErrorAdd(&request->errors, "/until", CBD_FIELD_OUT_OF_RANGE, "until lies in the past");
}

/* Everything that the action needs; an action that is not known needs nothing but a name that is. */
static void
CheckNeeds(const ProcessAction *action, StepRequest *request)
{
	uint32 needs = action->needs;

	if ((action->effects & EFFECTS_ANY_VERSION) == 0)
		Require(request, request->has_version, "/version");
	if ((needs & NEED_REASON) != 0)
		Require(request, request->reason != NULL, "/reason");
	if ((needs & NEED_NOTE) != 0)
		Require(request, request->note != NULL, "/note");
	if ((needs & NEED_RESULT) != 0)
		Require(request, request->result != NULL, "/result");
	if ((needs & NEED_EVALUATION) != 0)
		Require(request, request->evaluation != 0, "/evaluation");
	if ((needs & NEED_MEDIAS) != 0)
		Require(request, request->medias.media_count > 0, "/medias");
	if ((needs & NEED_UNTIL) != 0)
		Require(request, request->has_until, "/until");
	if ((needs & NEED_CONDITION) != 0)
		Require(request, request->condition_code != NULL, "/conditionCode");
	if ((needs & NEED_UNIT) != 0)
		Require(request, request->to_unit != NULL, "/to/unit");
	if ((needs & NEED_ACCOUNT) != 0)
		Require(request, request->to_account != NULL, "/to/account");
	if ((needs & NEED_MAIN) != 0)
		Require(request, request->main_task_num != NULL, "/mainTaskNum");
	if (request->has_until)
		CheckUntil(action->effects, request);
}

/* What it names: condition, unit, account. */
static void
CheckNames(const Case *c, const ProcessAction *action, StepRequest *request)
{
	uint32 roles = StepTargetRoles(c, action);

	if (request->condition_code != NULL && (action->effects & EFFECT_FILE) != 0)
		CheckCondition(c, request);
	if (request->to_unit != NULL && (action->effects & EFFECT_DISPATCH) != 0)
		CheckUnit(c, request);
	if (request->to_account != NULL && roles != 0)
		CheckAccount(c, roles, request);
}

/* ---- what the step will be ---- */

/* A limit that lasts longer than the process. */
static ProcessLimit
CopyLimit(const ProcessLimit *limit)
{
	ProcessLimit copy = *limit;

	if (limit->calendar != NULL)
		copy.calendar = pstrdup(limit->calendar);
	if (limit->kind == PROCESS_LIMIT_FIXED)
		copy.amount = DatumGetNumeric(datumCopy(NumericGetDatum(limit->amount), false, -1));
	return copy;
}

static ProcessStage
CopyStage(const ProcessStage *stage)
{
	ProcessStage copy = *stage;

	copy.name = pstrdup(stage->name);
	copy.role = stage->role == NULL ? NULL : pstrdup(stage->role);
	copy.title = copy.title_zh = NULL;
	copy.limit = CopyLimit(&stage->limit);
	return copy;
}

/* Who decides on what the action asks for from this stage: bits of roles. */
static uint32
DecidingRoles(const Process *process, const ProcessStage *stage, uint64 asks)
{
	uint64 decides = (asks & EFFECT_ASK_VERIFY) != 0 ? EFFECT_VERIFY : EFFECT_CHECK;
	uint32 roles = 0;

	if ((asks & (EFFECT_ASK_VERIFY | EFFECT_ASK_CHECK)) == 0)
		return 0;
	for (int i = 0; i < process->action_count; i++)
		if ((process->actions[i].effects & decides) != 0 &&
			(process->actions[i].from >> stage->order & 1) != 0)
			roles |= process->actions[i].roles;
	return roles;
}

uint32
StepTargetRoles(const Case *c, const ProcessAction *action)
{
	if ((action->effects & EFFECT_ASSIGN) != 0)
		return c->stage->roles;
	return DecidingRoles(c->process, c->stage, action->effects);
}

/* Where the action leads: known, or the stage that the case came from. NULL: it never moved. */
static const ProcessStage *
TargetOf(const Case *c, const ProcessAction *action)
{
	const ProcessStage *to = ProcessActionTarget(c->process, action, c->stage);
	char *before;

	if (to != NULL)
		return to;
	if (pg_popcount64(c->stage->before) == 1)
		return &c->process->stages[pg_rightmost_one_pos64(c->stage->before)];
	before = StageBefore(c, c->stage->before);
	return before == NULL ? NULL : ProcessStageFind(c->process, before);
}

/* False: the case came from nowhere that it could be returned to. */
bool
StepMoveOf(const Case *c, const Actor *actor, StepRequest *request, const ProcessAction *action,
		   StepMove *move)
{
	const ProcessStage *to = TargetOf(c, action);
	uint32 deciding = DecidingRoles(c->process, c->stage, action->effects);

	if (to == NULL)
		return false;
	move->actor = actor;
	move->request = request;
	move->effects = action->effects;
	move->keeps_version = action->effects != 0 && (action->effects & ~EFFECTS_KEEP_VERSION) == 0;
	move->reviewers = action->reviewers;
	move->reply = CopyLimit(&action->reply);
	move->chain = CopyLimit(&c->process->chain);
	move->moves = to->order != c->stage->order;
	move->to = CopyStage(to);
	if (deciding != 0)
		move->asked_role = ProcessRoleName((uint32) 1 << pg_rightmost_one_pos32(deciding));
	return true;
}

/* 422: what is malformed, what the action needs. held: the actor has it; for whoever has not, nothing is
 * looked up, since he is refused anyway and should not learn which conditions and units there are, nor who
 * has which post. */
static CbdStatus
CheckRequest(const Case *c, const Actor *actor, const ProcessAction *action, bool held, StepRequest *request)
{
	if (request->action != NULL && c->process != NULL && action == NULL)
		ErrorPrint(&request->errors, false, "/action", CBD_UNKNOWN_ACTION,
				   "process %s{process} has no action \"%s{action}\"", c->process->code,
				   ShortText(request->action, strlen(request->action)));
	else if (action != NULL)
	{
		CheckNeeds(action, request);
		if (held)
			CheckNames(c, action, request);
		if (held && (action->effects & EFFECT_MERGE) != 0 && request->main_task_num != NULL)
			CheckMain(c, actor, request);
	}
	return ErrorsStatus(&request->errors);
}

/* Who has the action: from where the case is, or anywhere in the process. */
static uint32
RolesOf(const Case *c, const ProcessAction *here, const char *action)
{
	return here != NULL ? StepRoles(c, here) : ProcessActionRoles(c->process, action);
}

CbdStatus
StepCheck(Case *c, const Actor *actor, StepRequest *request, StepMove *move)
{
	const ProcessAction *here = NULL;
	const ProcessAction *action = NULL;
	CbdStatus status;
	bool held = false;

	memset(move, 0, sizeof(*move));
	if (CaseProcess(c) && request->action != NULL)
	{
		here = ProcessActionFind(c->process, c->stage, request->action);
		action = here != NULL ? here : AnyAction(c->process, request->action);
		held = ActorHasRole(actor, c, RolesOf(c, here, request->action), &move->post);
	}
	status = CheckRequest(c, actor, action, held, request);
	if (status != CBD_OK)
		return status;
	/* the look-ups may have read the process anew */
	if (!CaseProcess(c))
		return CBD_NO_PROCESS;
	here = ProcessActionFind(c->process, c->stage, request->action);
	if (!ActorHasRole(actor, c, RolesOf(c, here, request->action), &move->post))
		return CBD_ACTION_NOT_HELD;
	if (here != NULL && StepOwnRequest(c, actor, here))
		return CBD_OWN_REQUEST;
	if (request->has_version && request->version != c->version)
		return CBD_STALE_VERSION;
	if (here == NULL)
		return CBD_NOT_FROM_HERE;
	status = StepAllowed(c, actor, here, &move->post);
	if (status == CBD_OK && (here->effects & EFFECT_MERGE) != 0)
		status = request->main_status;
	if (status == CBD_OK && !StepMoveOf(c, actor, request, here, move))
		status = CBD_NOT_FROM_HERE;
	return status;
}
