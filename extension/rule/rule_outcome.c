/* What rules come to, as JSON: for dry runs, which compare it, and for people. See rule_store.h. */
#include "postgres.h"

#include "core/json_write.h"
#include "rule/rule_action.h"
#include "rule/rule_store.h"

/* What is decided before the row is written. */
static void
WriteChoice(StringInfo out, const RuleChoice *choice)
{
	appendStringInfoChar(out, '{');
	if (choice->process != NULL)
		JsonField(out, "process", choice->process);
	if (choice->level.present)
		appendStringInfo(out, "%s\"level\":%d", out->data[out->len - 1] == '{' ? "" : ",",
						 choice->level.value);
	if (choice->unit != NULL)
		JsonField(out, "unit", choice->unit);
	if (choice->condition != NULL)
		JsonField(out, "condition", choice->condition);
	appendStringInfoChar(out, '}');
}

void
RuleOutcomeOf(const RuleVerdict *verdict, RuleOutcome *outcome)
{
	StringInfoData done, rules;
	RuleChoice choice;
	bool first = true;

	initStringInfo(&done);
	initStringInfo(&rules);
	RuleChoose(verdict, &choice);
	appendStringInfoString(&done, "{\"set\":");
	WriteChoice(&done, &choice);
	appendStringInfoString(&done, ",\"then\":[");
	appendStringInfoChar(&rules, '[');
	for (int i = 0; i < verdict->count; i++)
	{
		const Rule *rule = verdict->matched[i];

		appendStringInfoString(&rules, i == 0 ? "" : ",");
		JsonString(&rules, rule->version == 0 ? rule->code : psprintf("%s/%d", rule->code, rule->version));
		for (int j = 0; j < rule->action_count; j++)
			if (rule->actions[j].kind->acts_on_report)
			{
				appendStringInfo(&done, "%s%s", first ? "" : ",", rule->actions[j].text);
				first = false;
			}
	}
	appendStringInfoString(&done, "]}");
	appendStringInfoChar(&rules, ']');
	outcome->done = done.data;
	outcome->rules = rules.data;
}
