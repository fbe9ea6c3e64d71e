/*
 * What makes a process whole; see process_definition.h. Every case must be able to come to an end, from
 * every stage that it can be in, by somebody who has a post; what is asked for must be decided by somebody.
 */
#include "postgres.h"

#include "process/process_definition.h"

/* Asking and deciding: who may ask from a stage needs somebody who decides there. */
static const struct
{
	uint64 asks;
	uint64 decides; /* each of them */
} pairs[] = {
	{EFFECT_ASK_VERIFY, EFFECT_VERIFY},
	{EFFECT_ASK_CHECK, EFFECT_CHECK},
	{EFFECT_ASK_SUSPEND, EFFECT_SUSPEND | EFFECT_REFUSE_SUSPEND},
	{EFFECT_MERGE, EFFECT_UNMERGE},
	{EFFECT_SUSPEND, EFFECT_RESUME},
	{EFFECT_ASK_EXTENSION, EFFECT_GRANT_EXTENSION | EFFECT_REFUSE_EXTENSION},
	{EFFECT_SUPERVISE, EFFECT_ANSWER},
	{EFFECT_APPEAL, EFFECT_DECIDE_APPEAL},
	{EFFECT_CLAIM, EFFECT_RELEASE},
};

/* The stages that are reached from the set in one step; `backwards`: from which it is reached. */
static uint64
Neighbours(const Process *process, uint64 stages, bool backwards)
{
	uint64 found = 0;

	for (int i = 0; i < process->stage_count; i++)
		for (int j = 0; j < process->stage_count; j++)
		{
			int here = backwards ? j : i;
			int there = backwards ? i : j;

			if ((stages >> here & 1) == 0 || i == j)
				continue;
			for (int a = 0; a < process->action_count; a++)
				if (ProcessMoveAllowed(&process->actions[a], &process->stages[i], &process->stages[j]))
				{
					found |= UINT64CONST(1) << there;
					break;
				}
		}
	return found;
}

/* The set with all that it reaches (or is reached from). */
static uint64
Closure(const Process *process, uint64 stages, bool backwards)
{
	uint64 before;

	do
	{
		before = stages;
		stages |= Neighbours(process, stages, backwards);
	} while (stages != before);
	return stages;
}

/* Who has an action from the stage with one of the effects; 0: with any, comments apart. */
static uint32
RolesOf(const Process *process, int stage, uint64 effects)
{
	uint32 roles = 0;

	for (int i = 0; i < process->action_count; i++)
	{
		const ProcessAction *action = &process->actions[i];

		if ((action->from >> stage & 1) != 0 &&
			(effects == 0 ? action->effects != EFFECT_COMMENT : (action->effects & effects) != 0))
			roles |= action->roles;
	}
	return roles;
}

/* Is there a way out of the stage that somebody with a post may go? */
static bool
SomebodyLeads(const Process *process, int stage)
{
	for (int i = 0; i < process->action_count; i++)
	{
		const ProcessAction *action = &process->actions[i];

		if ((action->from >> stage & 1) != 0 && action->target != TARGET_STAY &&
			(action->roles & ROLE_POSTS) != 0)
			return true;
	}
	return false;
}

/* Every stage can be reached, leads to an end, and waits for somebody who may act. */
static void
CheckStages(const ProcessDefinition *definition, ErrorList *errors)
{
	const Process *process = &definition->process;
	uint64 reached = Closure(process, UINT64CONST(1) << process->start->order, false);
	uint64 ends = 0;

	for (int i = 0; i < process->stage_count; i++)
		if (process->stages[i].final)
			ends |= UINT64CONST(1) << i;
	if (ends == 0)
		ErrorAdd(errors, "/stages", CBD_PROCESS_DEAD_END, "no stage has the state 6 (closed) or 7 (void)");
	ends = Closure(process, ends, true);
	for (int i = 0; i < process->stage_count; i++)
	{
		const ProcessStage *stage = &process->stages[i];
		const char *pointer = JsonPointer(definition->stage_nodes[i]);

		if ((reached >> i & 1) == 0)
			ErrorPrint(errors, false, pointer, CBD_PROCESS_UNREACHABLE,
					   "no way leads from %s{from} to %s{to}", process->start->name, stage->name);
		if (stage->final)
			continue;
		if ((ends >> i & 1) == 0)
			ErrorPrint(errors, false, pointer, CBD_PROCESS_DEAD_END,
					   "no way leads from %s{stage} to a stage with the state 6 or 7", stage->name);
		else if (!SomebodyLeads(process, i))
			ErrorPrint(errors, false, pointer, CBD_PROCESS_NOBODY,
					   "nobody with a post has an action that leads out of %s{stage}", stage->name);
		if ((stage->roles & ROLE_POSTS) == 0)
			ErrorPrint(errors, false, psprintf("%s/roles", pointer), CBD_PROCESS_NOBODY,
					   "%s{stage} waits for nobody with a post", stage->name);
		else if ((RolesOf(process, i, 0) & stage->roles) == 0)
			ErrorPrint(errors, false, psprintf("%s/roles", pointer), CBD_PROCESS_NOBODY,
					   "those whom %s{stage} waits for have no action there", stage->name);
	}
}

/* The effects of an action go with its target. */
static void
CheckEffects(const ProcessDefinition *definition, int place, ErrorList *errors)
{
	const Process *process = &definition->process;
	const ProcessAction *action = &process->actions[place];
	const ProcessStage *to = action->target == TARGET_STAGE ? &process->stages[action->to] : NULL;
	const char *pointer = JsonPointer(definition->action_nodes[place]);
	uint64 finals = 0;

	for (int i = 0; i < process->stage_count; i++)
		if (process->stages[i].final)
			finals |= UINT64CONST(1) << i;
	if (action->target != TARGET_STAY && (action->effects & ProcessEffectsThatStay()) != 0)
		ErrorPrint(errors, false, pointer, CBD_PROCESS_EFFECT,
				   "the effect %s{effect} leaves a case in its stage",
				   ProcessEffectName(action->effects & ProcessEffectsThatStay()));
	if (to != NULL && to->state == STATE_CLOSED && (action->effects & EFFECT_CLOSE) == 0)
		ErrorAdd(errors, pointer, CBD_PROCESS_EFFECT, "what leads to the state 6 has the effect close");
	if (to != NULL && to->state == STATE_VOID &&
		(action->effects & (EFFECT_VOID | EFFECT_REJECT | EFFECT_WITHDRAW)) == 0)
		ErrorAdd(errors, pointer, CBD_PROCESS_EFFECT,
				 "what leads to the state 7 has the effect void, reject or withdraw");
	if ((action->effects & EFFECT_CLOSE) != 0 && (to == NULL || to->state != STATE_CLOSED))
		ErrorAdd(errors, pointer, CBD_PROCESS_EFFECT, "the effect close leads to a stage with the state 6");
	if ((action->effects & (EFFECT_VOID | EFFECT_REJECT | EFFECT_WITHDRAW)) != 0 &&
		(to == NULL || to->state != STATE_VOID))
		ErrorAdd(errors, pointer, CBD_PROCESS_EFFECT,
				 "the effects void, reject and withdraw lead to a stage with the state 7");
	if ((action->effects & EFFECT_REOPEN) != 0 && (to == NULL || to->final || (action->from & ~finals) != 0))
		ErrorAdd(errors, pointer, CBD_PROCESS_EFFECT,
				 "the effect reopen leads from closed and void stages to an open one");
	if (action->target != TARGET_STAY && (action->from & finals) != 0 &&
		(action->effects & EFFECT_REOPEN) == 0)
		ErrorAdd(errors, pointer, CBD_PROCESS_EFFECT,
				 "what leads out of a closed or void stage has the effect reopen");
	if (action->target == TARGET_BEFORE && (action->effects & EFFECT_RETURN) == 0)
		ErrorAdd(errors, pointer, CBD_PROCESS_EFFECT, "only the effect return leads to the stage before");
	for (int i = 0; action->target == TARGET_BEFORE && i < process->stage_count; i++)
		if ((action->from >> i & 1) != 0 && process->stages[i].before == 0)
			ErrorPrint(errors, false, pointer, CBD_PROCESS_NO_STAGE, "no open stage comes before %s{stage}",
					   process->stages[i].name);
	if (action->reviewers > 1 && (action->effects & EFFECT_DECIDE_APPEAL) == 0)
		ErrorAdd(errors, psprintf("%s/reviewers", pointer), CBD_PROCESS_EFFECT,
				 "several reviewers only decide appeals");
	if (action->roles == 0)
		ErrorAdd(errors, psprintf("%s/roles", pointer), CBD_PROCESS_NOBODY, NULL);
}

/* From one stage an action of a name is one thing. */
static void
CheckNames(const ProcessDefinition *definition, int place, ErrorList *errors)
{
	const Process *process = &definition->process;
	const ProcessAction *action = &process->actions[place];

	for (int i = 0; i < place; i++)
		if (strcmp(process->actions[i].name, action->name) == 0 &&
			(process->actions[i].from & action->from) != 0)
		{
			ErrorPrint(errors, false, JsonPointer(definition->action_nodes[place]), CBD_PROCESS_EFFECT,
					   "%s{action} is there already for one of these stages", action->name);
			return;
		}
}

/* What is asked for in a stage is decided in it, by somebody with a post. */
static void
CheckPairs(const ProcessDefinition *definition, ErrorList *errors)
{
	const Process *process = &definition->process;

	for (int i = 0; i < lengthof(pairs); i++)
		for (int stage = 0; stage < process->stage_count; stage++)
		{
			if (RolesOf(process, stage, pairs[i].asks) == 0)
				continue;
			for (uint64 rest = pairs[i].decides; rest != 0; rest &= rest - 1)
				if ((RolesOf(process, stage, rest & ~(rest - 1)) & ROLE_POSTS) == 0)
					ErrorPrint(errors, false, JsonPointer(definition->stage_nodes[stage]), CBD_PROCESS_NOBODY,
							   "from %s{stage} there is %s{effect}, but nobody with a post has %s{answer}",
							   process->stages[stage].name, ProcessEffectName(pairs[i].asks),
							   ProcessEffectName(rest & ~(rest - 1)));
		}
}

/* Limits of filing conditions need an action that sets one; suspended cases need one that may be done. */
static void
CheckLimits(const ProcessDefinition *definition, ErrorList *errors)
{
	const Process *process = &definition->process;
	uint64 effects = 0;

	for (int i = 0; i < process->action_count; i++)
	{
		const ProcessAction *action = &process->actions[i];

		effects |= action->effects;
		if ((action->effects & EFFECT_RESUME) != 0 && !action->while_suspended)
			ErrorAdd(errors, JsonPointer(definition->action_nodes[i]), CBD_PROCESS_EFFECT,
					 "resume is done while the case is suspended: \"whileSuspended\":true");
	}
	if ((effects & EFFECT_FILE) != 0)
		return;
	if (process->chain.kind == PROCESS_LIMIT_CONDITION)
		ErrorAdd(errors, "/chainLimit", CBD_PROCESS_EFFECT,
				 "the limit of the filing condition needs an action with the effect file");
	for (int i = 0; i < process->stage_count; i++)
		if (process->stages[i].limit.kind == PROCESS_LIMIT_CONDITION)
			ErrorAdd(errors, psprintf("%s/limit", JsonPointer(definition->stage_nodes[i])),
					 CBD_PROCESS_EFFECT,
					 "the limit of the filing condition needs an action with the effect file");
}

void
ProcessCheck(const ProcessDefinition *definition, ErrorList *errors)
{
	if (!definition->graph)
		return;
	CheckStages(definition, errors);
	for (int i = 0; i < definition->process.action_count; i++)
	{
		CheckEffects(definition, i, errors);
		CheckNames(definition, i, errors);
	}
	CheckPairs(definition, errors);
	CheckLimits(definition, errors);
}
