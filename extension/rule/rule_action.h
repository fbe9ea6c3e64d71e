/*
 * Actions of rules: what stands in `then`. Each kind is a constant struct of functions, registered by its
 * chapter when the library is loaded, so that a new one is a new file: set, start, dispatch, reject,
 * linkDuplicate and notify are here; the ways by which notify tells are process/notice.h.
 *
 *   saving    read()    the value of the member, with all errors, into what act() takes
 *   a report  choose()  before its row is written: process, level, unit, condition
 *   then, or at a step
 *             act()     with the stored case; what it writes is undone when the rule fails
 */
#ifndef CBD_RULE_ACTION_H
#define CBD_RULE_ACTION_H

#include "postgres.h"

#include "process/step.h"
#include "rule/rule.h"

/* What the rules of a report decide before its row is written. NULL: nothing. */
typedef struct RuleChoice
{
	const char *process;
	bool start; /* also where reports start no process by themselves */
	EventInt level;
	const char *unit;
	const char *condition;
} RuleChoice;

/* A rule that acts on a stored case. */
typedef struct RuleActing
{
	const Rule *rule;
	RuleSubject *subject;
	const RuleChoice *choice; /* of the report; of a step: all zeros but what the case has */
	Case *c;                  /* locked; as it is now */
	Actor actor;              /* the rule */
	char *message;            /* why act() failed; NULL: that of the status */
	CbdStatus remark; /* of act(): listed with the failures, and takes nothing back; CBD_OK: nothing */
} RuleActing;

typedef struct RuleActionKind
{
	const char *name; /* the member */
	/* What act() takes, kept by reading->keep; NULL: wrong, with errors. */
	const void *(*read)(const JsonNode *value, RuleReading *reading);
	void (*choose)(const void *what, RuleChoice *choice);   /* NULL: nothing before the row */
	CbdStatus (*act)(const void *what, RuleActing *acting); /* NULL: nothing after it */
	bool acts_on_report;                                    /* act() has something to do after choose() did */
} RuleActionKind;

/* Makes a kind known; `kind` lasts as long as the library. */
extern void RuleActionRegister(const RuleActionKind *kind);

/* Those of this chapter. */
extern const RuleActionKind rule_set_action;
extern const RuleActionKind rule_dispatch_action;
extern const RuleActionKind rule_start_action;
extern const RuleActionKind rule_reject_action;
extern const RuleActionKind rule_link_action;
extern const RuleActionKind rule_notify_action;

/* ---- steps that a rule takes (rule_step.c) ---- */

/* What a rule brings to the steps that it takes. */
typedef struct RuleStep
{
	uint64 wanted; /* effects, one of which ends the way */
	int state;     /* of the stage that the last step leads to; 0: any */
	bool stays;    /* the last step leads nowhere, and is not taken here: whatever it needs */
	const char *unit, *condition, *reason;
} RuleStep;

/* The process that a rule at a report is for: its own, else that of reports; NULL: none. */
extern const Process *RuleProcess(const Rule *rule);

/* Is there a way from the stage by steps that need nothing but what a rule has? */
extern bool RuleWayExists(const Process *process, const ProcessStage *from, const RuleStep *step);

/* While a rule for reports is saved: an error at the node when its process has no such way from its start. */
extern void RuleCheckWay(const JsonNode *node, const RuleStep *step, RuleReading *reading);

/* Takes the steps, each as an operator's; the first refusal ends it. */
extern CbdStatus RuleTakeSteps(RuleActing *acting, const RuleStep *step);

/* Runs the actions: see rule_hook.c and rule_act.c. */
extern void RuleChoose(const RuleVerdict *verdict, RuleChoice *choice);
extern void RuleAct(const RuleVerdict *verdict, RuleSubject *subject, RuleChoice *choice, Case *c,
					bool of_report);

#endif
