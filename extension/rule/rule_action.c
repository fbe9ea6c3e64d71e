/* The kinds of actions that are known, and reading `then`; see rule_action.h. */
#include "postgres.h"

#include "core/text_check.h"
#include "process/process_members.h"
#include "rule/rule_action.h"

#define KINDS 16

static const RuleActionKind *kinds[KINDS];
static int kind_count;

void
RuleActionRegister(const RuleActionKind *kind)
{
	if (kind_count == KINDS)
		elog(ERROR, "more than %d kinds of actions of rules", KINDS);
	kinds[kind_count++] = kind;
}

/* The kind of that name; NULL: the platform does not have it. */
static const RuleActionKind *
KindFind(const char *name)
{
	for (int i = 0; i < kind_count; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

/* Their names, with commas. */
static char *
KindNames(void)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < kind_count; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", kinds[i]->name);
	return names.data;
}

/* Has the rule an action of that name already? */
static bool
HasKind(const Rule *rule, const char *name)
{
	for (int i = 0; i < rule->action_count; i++)
		if (strcmp(rule->actions[i].kind->name, name) == 0)
			return true;
	return false;
}

/* The value as JSON text, members sorted. */
static char *
Canonical(const JsonNode *node, const RuleReading *reading)
{
	StringInfoData text;
	char *kept;

	initStringInfo(&text);
	JsonWrite(&text, node);
	kept = RuleKeep(reading, text.data);
	pfree(text.data);
	return kept;
}

/* One action: an object with one member. */
static void
ReadAction(const JsonNode *node, RuleReading *reading)
{
	Rule *rule = reading->rule;
	ErrorList *errors = reading->errors;
	RuleAction *action = &rule->actions[rule->action_count];
	const JsonNode *value = node->first;

	if (!MemberKind(node, JSON_OBJECT,
					MESSAGE("an object with one action, for example {\"set\":{\"level\":1}}"), errors))
		return;
	if (node->count != 1)
	{
		ErrorAdd(errors, JsonPointer(node), CBD_RULE_ACTION,
				 "one action in each object, for example {\"set\":{\"level\":1}}");
		return;
	}
	action->kind = KindFind(value->key);
	if (action->kind == NULL)
		ErrorPrint(errors, false, JsonPointer(value), CBD_RULE_ACTION, "actions are %s{names}", KindNames());
	else if (HasKind(rule, value->key))
		ErrorAdd(errors, JsonPointer(value), CBD_RULE_ACTION, "an action stands once in a rule");
	else
	{
		action->what = action->kind->read(value, reading);
		action->text = Canonical(node, reading);
		if (action->what != NULL)
			rule->action_count++;
	}
}

void
RuleReadActions(const JsonNode *list, RuleReading *reading)
{
	ErrorList *errors = reading->errors;
	Rule *rule = reading->rule;

	if (!MemberKind(list, JSON_ARRAY, MESSAGE("an array of actions, for example [{\"set\":{\"level\":1}}]"),
					errors))
		return;
	if (list->count == 0 || list->count > RULE_ACTIONS)
	{
		ErrorPrint(errors, false, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} actions",
				   RULE_ACTIONS);
		return;
	}
	rule->actions = MemoryContextAllocZero(reading->keep, sizeof(RuleAction) * list->count);
	/* start and set first: what others need, the process, is known then, wherever they stand */
	for (int pass = 0; pass < 2; pass++)
		for (const JsonNode *node = list->first; node != NULL; node = node->next)
		{
			bool first = node->kind == JSON_OBJECT && node->count == 1 &&
						 (strcmp(node->first->key, "set") == 0 || strcmp(node->first->key, "start") == 0);

			if (first == (pass == 0))
				ReadAction(node, reading);
		}
	if (reading->check && HasKind(rule, "reject") && HasKind(rule, "dispatch"))
		ErrorAdd(errors, JsonPointer(list), CBD_RULE_ACTION, "a case that is rejected is not dispatched");
}
