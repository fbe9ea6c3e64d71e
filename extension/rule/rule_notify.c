/*
 * The action notify: somebody is told of the case, in the transaction of the report or the step
 * (process/notice.h).
 *
 *   {"notify": {"callback": "OA-APP", "template": "{taskNum} {typeName}: third report within a day"}}
 *
 * A receiver who is not to be reached now is listed with the rule's failures, and takes nothing of the rule
 * back: others must not decide whether a case is dispatched.
 */
#include "postgres.h"

#include "process/notice.h"
#include "rule/rule_action.h"

static const void *
ReadNotify(const JsonNode *value, RuleReading *reading)
{
	MemoryContext caller = MemoryContextSwitchTo(reading->keep);
	Notice *notice = palloc0(sizeof(Notice));
	bool good = NoticeRead(value, reading->check, notice, reading->errors);

	MemoryContextSwitchTo(caller);
	return good ? notice : NULL;
}

static CbdStatus
ActNotify(const void *what, RuleActing *acting)
{
	const Rule *rule = acting->rule;

	if (NoticeSend(what, acting->c, psprintf("rule %s, version %d", rule->code, rule->version)) == 0)
		acting->remark = CBD_NOBODY_TOLD;
	return CBD_OK;
}

const RuleActionKind rule_notify_action = {"notify", ReadNotify, NULL, ActNotify, true};
