/*
 * The actions set and start: what a case is before, or while, people work on it.
 *
 *   {"set": {"process", "level", "unit", "condition"}}   at a report into its row; at a step into the case
 *   {"start": process}                                   reports alone: the process, be it that none starts
 * by itself
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "core/commit.h"
#include "core/guc.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "deadline/clock.h"
#include "deadline/condition.h"
#include "organisation/organisation.h"
#include "process/process_members.h"
#include "reference/code_table.h"
#include "rule/rule_action.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

/* What a rule sets; NULL, not present: nothing. */
typedef struct SetValues
{
	char *process;
	EventInt level;
	char *unit;
	char *condition;
} SetValues;

/* A process that reports can start in. */
static char *
ReadProcess(const JsonNode *node, RuleReading *reading)
{
	ErrorList *errors = reading->errors;

	if (!MemberKind(node, JSON_STRING, MESSAGE("the code of a process, for example city-management"), errors))
		return NULL;
	if (reading->check && ProcessNewest(node->text) == NULL)
		ErrorPrint(errors, false, JsonPointer(node), CBD_NO_SUCH_PROCESS,
				   "there is no process \"%s{process}\"", ShortText(node->text, node->length));
	if (reading->check && reading->rule->terms.lists[TERM_STEPS].count > 0)
		ErrorAdd(errors, JsonPointer(node), CBD_RULE_ACTION,
				 "a case that is moved is in a process already: not with the term steps");
	return RuleKeep(reading, node->text);
}

static void
ReadLevel(const JsonNode *node, SetValues *set, RuleReading *reading)
{
	bool empty;

	if (node->kind != JSON_NUMBER || node->length > 9 || strspn(node->text, "0123456789") != node->length)
		ErrorAdd(reading->errors, JsonPointer(node), CBD_FIELD_TYPE,
				 "expected is a whole number, for example 1");
	else if (reading->check && !CodeTableHas("event-level", psprintf("%d", atoi(node->text)), &empty) &&
			 !empty)
		ErrorPrint(reading->errors, false, JsonPointer(node), CBD_CODE_NOT_IN_TABLE,
				   "\"%s{code}\" is no code of code table %s{table}", node->text, "event-level");
	else
		set->level = (EventInt){true, atoi(node->text)};
}

/* A unit that is not closed. */
static char *
ReadUnit(const JsonNode *node, RuleReading *reading)
{
	if (!MemberKind(node, JSON_STRING, MESSAGE("the code of a unit"), reading->errors))
		return NULL;
	if (reading->check && !UnitName(node->text, NULL))
		ErrorPrint(reading->errors, false, JsonPointer(node), CBD_UNKNOWN_UNIT,
				   "there is no unit \"%s{unit}\", or it is closed", ShortText(node->text, node->length));
	return RuleKeep(reading, node->text);
}

/* A filing condition in use. */
static char *
ReadCondition(const JsonNode *node, RuleReading *reading)
{
	FilingCondition condition;

	if (!MemberKind(node, JSON_STRING, MESSAGE("the code of a filing condition"), reading->errors))
		return NULL;
	if (reading->check && FindCondition(node->text, &condition) != CBD_OK)
		ErrorPrint(reading->errors, false, JsonPointer(node), CBD_UNKNOWN_CONDITION,
				   "there is no filing condition \"%s{code}\" in use", ShortText(node->text, node->length));
	return RuleKeep(reading, node->text);
}

static const void *
ReadSet(const JsonNode *value, RuleReading *reading)
{
	static const char *const members[] = {"process", "level", "unit", "condition", NULL};
	SetValues *set;

	if (!MemberKind(value, JSON_OBJECT, MESSAGE("an object of process, level, unit, condition"),
					reading->errors))
		return NULL;
	set = MemoryContextAllocZero(reading->keep, sizeof(*set));
	if (value->count == 0)
		ErrorAdd(reading->errors, JsonPointer(value), CBD_FIELD_REQUIRED,
				 "process, level, unit or condition is expected");
	MembersKnown(value, members, reading->errors);
	for (const JsonNode *node = value->first; node != NULL; node = node->next)
		if (strcmp(node->key, "process") == 0)
			set->process = ReadProcess(node, reading);
		else if (strcmp(node->key, "level") == 0)
			ReadLevel(node, set, reading);
		else if (strcmp(node->key, "unit") == 0)
			set->unit = ReadUnit(node, reading);
		else if (strcmp(node->key, "condition") == 0)
			set->condition = ReadCondition(node, reading);
	return set;
}

static void
ChooseSet(const void *what, RuleChoice *choice)
{
	const SetValues *set = what;

	if (set->process != NULL)
		choice->process = set->process;
	if (set->level.present)
		choice->level = set->level;
	if (set->unit != NULL)
		choice->unit = set->unit;
	if (set->condition != NULL)
		choice->condition = set->condition;
}

/* The condition of a case that is filed decides on its deadline: it stays. */
static CbdStatus
CheckFiled(RuleActing *acting)
{
	ClockState clock;

	if (!ClockRead(acting->c->rec_id, CLOCK_CHAIN, GetCurrentTimestamp(), &clock))
		return CBD_OK;
	acting->message = pstrdup("the case is filed: its condition stays");
	return CBD_RULE_ACTION;
}

/* At a step: into the case, its task and itself. */
static CbdStatus
ActSet(const void *what, RuleActing *acting)
{
	/* clang-format off */
	static SpiQuery query = {
		"WITH task AS (UPDATE citybigdata.case_task SET unit_code = coalesce($3, unit_code) WHERE rec_id = $1) "
		"UPDATE citybigdata.event SET event_level_id = coalesce($2, event_level_id), unit_code = coalesce($3, unit_code), "
		"condition_code = coalesce($4, condition_code), update_time = $5 WHERE rec_id = $1",
		5, {INT4OID, INT4OID, TEXTOID, TEXTOID, TIMESTAMPTZOID}, NULL, true};
	/* clang-format on */
	const SetValues *set = what;
	CbdStatus status = set->condition == NULL ? CBD_OK : CheckFiled(acting);
	Datum values[5] = {Int32GetDatum(acting->c->rec_id), Int32GetDatum(set->level.value),
					   set->unit == NULL ? (Datum) 0 : CStringGetTextDatum(set->unit),
					   set->condition == NULL ? (Datum) 0 : CStringGetTextDatum(set->condition),
					   TimestampTzGetDatum(ChangeInstant())};
	bool nulls[5] = {false, !set->level.present, set->unit == NULL, set->condition == NULL, false};

	if (status != CBD_OK)
		return status;
	if (set->unit != NULL && !UnitName(set->unit, NULL))
		return CBD_UNKNOWN_UNIT;
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
	SpiEnd();
	if (set->unit != NULL)
		acting->c->unit = pstrdup(set->unit);
	if (set->condition != NULL)
		acting->c->condition_code = pstrdup(set->condition);
	return CBD_OK;
}

const RuleActionKind rule_set_action = {"set", ReadSet, ChooseSet, ActSet, false};

static const void *
ReadStart(const JsonNode *value, RuleReading *reading)
{
	return ReadProcess(value, reading);
}

static void
ChooseStart(const void *what, RuleChoice *choice)
{
	choice->process = what;
	choice->start = true;
}

const RuleActionKind rule_start_action = {"start", ReadStart, ChooseStart, NULL, false};
