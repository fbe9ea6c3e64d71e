/*
 * Where rules come in: before a report's row is written (what it starts with), after it (what is done with
 * the case), and after a step. In each case in the transaction of the report or the step. See rule.h.
 */
#include "postgres.h"

#include "core/guc.h"
#include "rule/rule_action.h"
#include "utils/timestamp.h"

/* The chapters that were there before. */
static void (*start_before)(const EventReport *report, EventStart *start);
static void (*stored_before)(const EventReport *report, const StoredEvent *stored, const EventStart *start);
static void (*taken_before)(const StepTaken *taken);

/* The report that is being stored: what was judged before its row was written. */
static RuleSubject subject;
static RuleVerdict verdict;
static RuleChoice choice;

/* EventStartHook: the rules decide on process, level, unit and condition. */
static void
StartByRules(const EventReport *report, EventStart *start)
{
	RuleSubjectOfReport(report, start->sender, &subject);
	RuleJudge(&subject, NULL, &verdict);
	RuleChoose(&verdict, &choice);
	start->level = choice.level;
	start->unit = choice.unit;
	start->condition = choice.condition;
	if (choice.process != NULL && (choice.start || guc_process[0] != '\0') &&
		CaseStartWith(choice.process, start))
		return;
	if (start_before != NULL)
		start_before(report, start);
}

/* EventStoredHook: then they act. */
static void
ActOnReport(const EventReport *report, const StoredEvent *stored, const EventStart *start)
{
	if (stored_before != NULL)
		stored_before(report, stored, start);
	if (verdict.count == 0 && verdict.trouble_count == 0)
		return;
	subject.rec_id = stored->rec_id;
	RuleAct(&verdict, &subject, &choice, NULL, true);
}

/* StepTakenHook. What rules do with a case is not judged by rules again. */
static void
ActOnStep(const StepTaken *taken)
{
	Case *c = taken->now;
	RuleSubject moved;
	RuleVerdict judged;
	RuleChoice none = {0};

	if (taken_before != NULL)
		taken_before(taken);
	if (taken->by == ACTOR_RULE || !RuleIndexHasStep(RuleSetNow()->index, taken->action) ||
		!RuleSubjectOfCase(c->rec_id, &moved))
		return;
	moved.now = GetCurrentTimestamp();
	moved.step = taken->action;
	moved.result = taken->result;
	moved.from_stage = taken->before->stage_name;
	RuleJudge(&moved, NULL, &judged);
	if (judged.count > 0 || judged.trouble_count > 0)
		RuleAct(&judged, &moved, &none, c, false);
}

void
RulesInstall(void)
{
	RuleActionRegister(&rule_set_action);
	RuleActionRegister(&rule_start_action);
	RuleActionRegister(&rule_dispatch_action);
	RuleActionRegister(&rule_reject_action);
	RuleActionRegister(&rule_link_action);
	RuleActionRegister(&rule_notify_action);
	start_before = EventStartHook;
	EventStartHook = StartByRules;
	stored_before = EventStoredHook;
	EventStoredHook = ActOnReport;
	taken_before = StepTakenHook;
	StepTakenHook = ActOnStep;
}
