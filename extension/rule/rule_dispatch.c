/*
 * The actions dispatch and reject: steps that a rule takes with the case (rule_step.c).
 *
 *   {"dispatch": unit}   by the process's way to its action with the effect dispatch, filing on the way by
 *                        the condition that a rule has set
 *   {"reject": code}     to a stage whose state is 7; the reason of the step is the code and its message
 */
#include "postgres.h"

#include "core/text_check.h"
#include "organisation/organisation.h"
#include "process/process_members.h"
#include "rule/rule_action.h"

static const void *
ReadDispatch(const JsonNode *value, RuleReading *reading)
{
	RuleStep step = {.wanted = EFFECT_DISPATCH};

	if (!MemberKind(value, JSON_STRING, MESSAGE("the code of a unit"), reading->errors))
		return NULL;
	if (reading->check && !UnitName(value->text, NULL))
		ErrorPrint(reading->errors, false, JsonPointer(value), CBD_UNKNOWN_UNIT,
				   "there is no unit \"%s{unit}\", or it is closed", ShortText(value->text, value->length));
	RuleCheckWay(value, &step, reading);
	return RuleKeep(reading, value->text);
}

static CbdStatus
ActDispatch(const void *what, RuleActing *acting)
{
	RuleStep step = {.wanted = EFFECT_DISPATCH, .unit = what, .condition = acting->choice->condition};

	if (step.condition == NULL)
		step.condition = acting->c->condition_code;
	return RuleTakeSteps(acting, &step);
}

const RuleActionKind rule_dispatch_action = {"dispatch", ReadDispatch, NULL, ActDispatch, true};

/* A rejection. */
typedef struct Rejection
{
	int code;
	char *reason;
} Rejection;

static const void *
ReadReject(const JsonNode *value, RuleReading *reading)
{
	RuleStep step = {.wanted = EFFECT_REJECT | EFFECT_VOID, .state = STATE_VOID};
	bool form = value->kind == JSON_NUMBER && value->length == 5 &&
				strspn(value->text, "0123456789") == value->length;
	int code = form ? atoi(value->text) : 0;
	Rejection *rejection;

	if (code < 40000 || code > 49999 || !StatusExists(code))
	{
		ErrorAdd(reading->errors, JsonPointer(value), CBD_CODE_NOT_IN_TABLE,
				 "expected is a status code of 40000 to 49999, for example 42290");
		return NULL;
	}
	if (RuleProcess(reading->rule) != NULL)
		RuleCheckWay(value, &step, reading);
	rejection = MemoryContextAllocZero(reading->keep, sizeof(*rejection));
	rejection->code = code;
	rejection->reason = RuleKeep(reading, psprintf("%d %s", code, StatusMessage((CbdStatus) code)));
	return rejection;
}

static CbdStatus
ActReject(const void *what, RuleActing *acting)
{
	const Rejection *rejection = what;
	RuleStep step = {.wanted = EFFECT_REJECT | EFFECT_VOID, .state = STATE_VOID, .reason = rejection->reason};
	CbdStatus status = CBD_OK;

	/* a case is void by a step of a process, so that the history has it */
	if (acting->c->process_code == NULL)
		status = CaseStart(acting->c, &acting->actor, PROCESS_DEFAULT);
	return status == CBD_OK ? RuleTakeSteps(acting, &step) : status;
}

const RuleActionKind rule_reject_action = {"reject", ReadReject, NULL, ActReject, true};
