/*
 * Steps that the clock takes: escalations, and cases that come back from a suspension. The clock job has
 * locked the case and changed its clocks already. See step.h and deadline/clock.h.
 */
#include "postgres.h"

#include "access/xact.h"
#include "process/notice.h"
#include "process/step.h"

/* What the rungs of the process that the job has reached ask for. */
typedef struct Reached
{
	bool supervise;
	Notice *notices; /* copies: the process does not last as long as a step */
	int count;
} Reached;

/* Adds what one rung asks for. */
static void
AddRung(const ProcessRung *rung, Reached *reached)
{
	reached->supervise = reached->supervise || rung->supervise;
	for (int i = 0; i < rung->notice_count; i++)
	{
		const Notice *notice = &rung->notices[i];

		reached->notices[reached->count++] =
			(Notice){notice->channel, pstrdup(notice->receiver), pstrdup(notice->template)};
	}
}

static void
FindReached(const Process *process, const ClockEvent *event, Reached *reached)
{
	reached->notices = palloc0(sizeof(Notice) * NOTICES_MAX * (process->rung_count + 1));
	for (int i = 0; i < process->rung_count; i++)
	{
		const ProcessRung *rung = &process->rungs[i];

		if (rung->when == RUNG_YELLOW ? strcmp(event->at, "yellow") == 0
			: rung->when == RUNG_RED  ? strcmp(event->at, "red") == 0
									  : event->rung - 2 == rung->times)
			AddRung(rung, reached);
	}
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
	bool escalates = strcmp(event->action, "escalate") == 0;
	Reached reached = {0};
	StepMove move;
	Case c;

	if (!CaseLockById(event->rec_id, &c) || !CaseProcess(&c))
		return;
	/* the case is locked: it is at the version that the clock has seen */
	request.has_version = true;
	request.version = c.version;
	if (escalates)
		request.note = EscalationNote(event);
	/* a process may leave the action to people, or out */
	if (StepCheck(&c, &clock, &request, &move) != CBD_OK)
		return;
	if (escalates && CaseProcess(&c))
		FindReached(c.process, event, &reached);
	if (reached.supervise && !c.supervised)
		move.effects |= EFFECT_SUPERVISE;
	if (StepTake(&c, &move) != CBD_OK)
		return;
	for (int i = 0; i < reached.count; i++)
		(void) NoticeSend(&reached.notices[i], &c, psprintf("clock: %s", request.note));
}
