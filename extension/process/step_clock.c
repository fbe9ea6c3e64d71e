/*
 * Steps that the clock takes: escalations, and cases that come back from a suspension. The clock job has
 * locked the case and changed its clocks already. See step.h and deadline/clock.h.
 */
#include "postgres.h"

#include "access/xact.h"
#include "process/step.h"

/* Does the rung of the process that the job has reached put the case under supervision? */
static bool
RungSupervises(const Process *process, const ClockEvent *event)
{
	for (int i = 0; i < process->rung_count; i++)
	{
		const ProcessRung *rung = &process->rungs[i];
		bool reached = rung->when == RUNG_YELLOW ? strcmp(event->at, "yellow") == 0
					   : rung->when == RUNG_RED  ? strcmp(event->at, "red") == 0
												 : event->rung - 2 == rung->times;

		if (reached && rung->supervise)
			return true;
	}
	return false;
}

/* What the history says of the escalation: which clock, which light, who is told. */
static char *
EscalationNote(const ClockEvent *event)
{
	const char *clock = event->kind == CLOCK_STAGE ? "stage" : "chain";

	if (strcmp(event->at, "again") == 0)
		return psprintf("%s clock, %d limit(s) after the deadline%s%s", clock, event->rung - 2,
						event->role == NULL ? "" : ": ", event->role == NULL ? "" : event->role);
	return psprintf("%s clock, %s%s%s", clock, event->at, event->role == NULL ? "" : ": ",
					event->role == NULL ? "" : event->role);
}

void
ClockStep(const ClockEvent *event)
{
	Actor clock = {ACTOR_CLOCK, "clock"};
	StepRequest request = {.action = (char *) event->action};
	StepMove move;
	Case c;

	if (!CaseLockById(event->rec_id, &c) || !CaseProcess(&c))
		return;
	/* the case is locked: it is at the version that the clock has seen */
	request.has_version = true;
	request.version = c.version;
	if (strcmp(event->action, "escalate") == 0)
		request.note = EscalationNote(event);
	/* a process may leave the action to people, or out */
	if (StepCheck(&c, &clock, &request, &move) != CBD_OK)
		return;
	if (strcmp(event->action, "escalate") == 0 && CaseProcess(&c) && RungSupervises(c.process, event) &&
		!c.supervised)
		move.effects |= EFFECT_SUPERVISE;
	(void) StepTake(&c, &move);
}
