/*
 * Steps that rules take: the shortest way through the process to what is wanted, by actions that need nothing
 * but what a rule brings. Each step is one of the process, judged and written as an operator's is. See
 * rule_action.h.
 */
#include "postgres.h"

#include "core/error_list.h"
#include "core/guc.h"
#include "rule/rule_action.h"

/* Effects of actions that a way may go through: those that lead a case on. */
#define ON_THE_WAY (EFFECT_ACCEPT | EFFECT_FILE)

/* What a rule can bring: bits of ProcessNeed. */
#define RULE_NEEDS (NEED_REASON | NEED_CONDITION | NEED_UNIT)

/* Does the action end the way? */
static bool
Ends(const Process *process, const ProcessAction *action, const RuleStep *step)
{
	if (step->stays)
		return (action->effects & step->wanted) != 0 && action->target == TARGET_STAY;
	return (action->effects & step->wanted) != 0 && action->target == TARGET_STAGE &&
		   (step->state == 0 || process->stages[action->to].state == step->state);
}

/* May a way go through the action? */
static bool
Leads(const Process *process, const ProcessAction *action)
{
	return (action->effects & ~ON_THE_WAY) == 0 && action->target == TARGET_STAGE &&
		   !process->stages[action->to].final;
}

/*
 * The first action of the shortest way from the stage; NULL: there is none. Breadth first; first_of[i] is the
 * action that the way to stage i began with.
 */
static const ProcessAction *
FirstAction(const Process *process, int from, const RuleStep *step)
{
	const ProcessAction *first_of[PROCESS_STAGES] = {NULL};
	int queue[PROCESS_STAGES] = {from};
	uint64 seen = UINT64CONST(1) << from;

	for (int head = 0, tail = 1; head < tail; head++)
		for (int pass = 0; pass < 2; pass++) /* what ends it before what leads on */
			for (int i = 0; i < process->action_count; i++)
			{
				const ProcessAction *action = &process->actions[i];
				const ProcessAction *first = first_of[queue[head]] == NULL ? action : first_of[queue[head]];

				if ((action->from >> queue[head] & 1) == 0 ||
					(!step->stays && (action->needs & ~RULE_NEEDS) != 0))
					continue;
				if (pass == 0 && Ends(process, action, step))
					return first;
				if (pass == 1 && Leads(process, action) && (seen >> action->to & 1) == 0)
				{
					seen |= UINT64CONST(1) << action->to;
					first_of[action->to] = first;
					queue[tail++] = action->to;
				}
			}
	return NULL;
}

const Process *
RuleProcess(const Rule *rule)
{
	RuleChoice choice = {0};

	for (int i = 0; i < rule->action_count; i++)
		if (rule->actions[i].kind->choose != NULL)
			rule->actions[i].kind->choose(rule->actions[i].what, &choice);
	if (choice.process != NULL)
		return ProcessNewest(choice.process);
	return guc_process[0] == '\0' ? NULL : ProcessNewest(guc_process);
}

bool
RuleWayExists(const Process *process, const ProcessStage *from, const RuleStep *step)
{
	return FirstAction(process, from->order, step) != NULL;
}

void
RuleCheckWay(const JsonNode *node, const RuleStep *step, RuleReading *reading)
{
	const Process *process;

	if (!reading->check || reading->rule->terms.lists[TERM_STEPS].count > 0)
		return;
	process = RuleProcess(reading->rule);
	if (process == NULL)
		ErrorAdd(reading->errors, JsonPointer(node), CBD_NO_PROCESS,
				 "reports start no process: the rule needs {\"start\": process} as well");
	else if (!RuleWayExists(process, process->start, step))
		ErrorPrint(reading->errors, false, JsonPointer(node), CBD_UNKNOWN_ACTION,
				   "process %s{process} has no way to this from stage %s{stage}", process->code,
				   process->start->name);
}

/* One step of the way. */
static CbdStatus
TakeStep(RuleActing *acting, const ProcessAction *action, const RuleStep *step)
{
	StepRequest request = {.action = pstrdup(action->name),
						   .has_version = true,
						   .version = acting->c->version,
						   .note =
							   psprintf("rule %s, version %d", acting->rule->code, acting->rule->version)};
	CbdStatus status;

	ErrorsBegin(&request.errors);
	if ((action->needs & NEED_CONDITION) != 0)
		request.condition_code = step->condition == NULL ? NULL : pstrdup(step->condition);
	if ((action->needs & NEED_UNIT) != 0)
		request.to_unit = step->unit == NULL ? NULL : pstrdup(step->unit);
	if ((action->needs & NEED_REASON) != 0)
		request.reason = step->reason == NULL ? request.note : pstrdup(step->reason);
	status = CaseAdvance(acting->c, &acting->actor, &request);
	if (status != CBD_OK)
		acting->message = request.errors.count > 0
							  ? psprintf("%s: %s", action->name, ErrorsText(&request.errors))
							  : psprintf("%s: %s", action->name, StatusMessage(status));
	return status;
}

CbdStatus
RuleTakeSteps(RuleActing *acting, const RuleStep *step)
{
	for (int i = 0; i < PROCESS_STAGES; i++)
	{
		const ProcessAction *action;
		bool ends;
		CbdStatus status;

		if (!CaseProcess(acting->c))
			return CBD_NO_PROCESS;
		action = FirstAction(acting->c->process, acting->c->stage->order, step);
		if (action == NULL)
		{
			acting->message =
				psprintf("from stage %s of process %s", acting->c->stage->name, acting->c->process->code);
			return CBD_RULE_ACTION;
		}
		ends = Ends(acting->c->process, action, step);
		status = TakeStep(acting, action, step);
		if (status != CBD_OK || ends)
			return status;
	}
	return CBD_RULE_ACTION;
}
