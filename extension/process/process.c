/* Looking things up in a process; see process.h. */
#include "postgres.h"

#include "process/process_definition.h"

const ProcessStage *
ProcessStageFind(const Process *process, const char *name)
{
	for (int i = 0; i < process->stage_count; i++)
		if (strcmp(process->stages[i].name, name) == 0)
			return &process->stages[i];
	return NULL;
}

const ProcessAction *
ProcessActionFind(const Process *process, const ProcessStage *from, const char *name)
{
	for (int i = 0; i < process->action_count; i++)
		if ((process->actions[i].from >> from->order & 1) != 0 && strcmp(process->actions[i].name, name) == 0)
			return &process->actions[i];
	return NULL;
}

uint32
ProcessActionRoles(const Process *process, const char *name)
{
	uint32 roles = 0;

	for (int i = 0; i < process->action_count; i++)
		if (strcmp(process->actions[i].name, name) == 0)
			roles |= process->actions[i].roles;
	return roles;
}

bool
ProcessMoveAllowed(const ProcessAction *action, const ProcessStage *from, const ProcessStage *to)
{
	if ((action->from >> from->order & 1) == 0)
		return false;
	switch (action->target)
	{
		case TARGET_STAY:
			return to->order == from->order;
		case TARGET_STAGE:
			return to->order == action->to;
		case TARGET_BEFORE:
			return (from->before >> to->order & 1) != 0;
	}
	return false;
}

const ProcessStage *
ProcessActionTarget(const Process *process, const ProcessAction *action, const ProcessStage *from)
{
	switch (action->target)
	{
		case TARGET_STAY:
			return from;
		case TARGET_STAGE:
			return &process->stages[action->to];
		case TARGET_BEFORE:
			return NULL;
	}
	return NULL;
}

int
ProcessState(const ProcessStage *stage, bool suspended, bool supervised)
{
	if (stage->final)
		return stage->state;
	return suspended ? STATE_SUSPENDED : supervised ? STATE_SUPERVISED : stage->state;
}

void
ProcessLinkStages(Process *process)
{
	uint64 open = 0;

	for (int i = 0; i < process->stage_count; i++)
		if (!process->stages[i].final)
			open |= UINT64CONST(1) << i;
	for (int i = 0; i < process->action_count; i++)
	{
		const ProcessAction *action = &process->actions[i];

		if (action->target == TARGET_STAGE && (action->effects & EFFECT_RETURN) == 0)
			process->stages[action->to].before |= action->from & open & ~(UINT64CONST(1) << action->to);
	}
}
