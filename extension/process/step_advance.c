/*
 * The whole of one step: a case whose suspension is over comes back first, then the step is judged and taken.
 * See step.h.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "process/step.h"

/* Does the case come back from a suspension that is over before the step is taken? Not for a step that brings
 * it back. *c is then as if it had. */
static bool
ComesBack(Case *c, const StepRequest *request)
{
	const ProcessAction *action;

	if (!c->suspended || request->action == NULL || !CaseProcess(c))
		return false;
	action = ProcessActionFind(c->process, c->stage, request->action);
	return (action == NULL || (action->effects & EFFECT_RESUME) == 0) && CaseWake(c);
}

/* Brings a case back whose suspension is over, as the clock job would. The step that follows is meant for the
 * version that its sender has seen. */
static bool
BringBack(Case *c, StepRequest *request)
{
	ClockEvent event = {.rec_id = c->rec_id,
						.action = "resume",
						.kind = CLOCK_STAGE,
						.due = c->suspended_until,
						.now = GetCurrentTimestamp()};

	ClockStep(&event);
	if (!CaseLockById(c->rec_id, c) || c->suspended)
		return false;
	request->version = c->version;
	return true;
}

CbdStatus
CaseAdvance(Case *c, const Actor *actor, StepRequest *request)
{
	Case asleep = *c;
	bool back = ComesBack(c, request);
	StepMove move;
	CbdStatus status = StepCheck(c, actor, request, &move);

	if (status != CBD_OK)
	{
		*c = asleep;
		return status;
	}
	if (back)
	{
		/* what the first look has warned of, the second one will */
		request->errors = (ErrorList){0};
		if (!BringBack(c, request))
			return CBD_NOT_FROM_HERE;
		status = StepCheck(c, actor, request, &move);
	}
	return status == CBD_OK ? StepTake(c, &move) : status;
}
