/*
 * The JSON form of a rule, read with all errors: {code, title, order, validFrom, validTo, when, then, stop}.
 * {code, validTo} alone ends the rule. See rule.h; the form is told in docs/rules.md.
 */
#include "postgres.h"

#include "core/interval.h"
#include "core/text_check.h"
#include "process/process_members.h"
#include "rule/rule.h"
#include "utils/timestamp.h"

#define TITLE_CHARACTERS 255

#define RULE_EXPECTED                                                                                        \
	MESSAGE("an object, for example {\"code\":\"lamps\",\"order\":10,\"then\":[{\"set\":{\"level\":1}}]}")

/* A code: letters, digits, points, hyphens and underscores, a letter or digit first. */
static const char *
ReadCode(const JsonNode *root, ErrorList *errors)
{
	const char *code = MemberText(root, "code", true, RULE_CODE, errors);
	bool good = code != NULL && (isalnum((unsigned char) code[0]));

	for (const char *c = code; good && *c != '\0'; c++)
		good = (unsigned char) *c < 128 && (isalnum((unsigned char) *c) || strchr("._-", *c) != NULL);
	if (code == NULL || good)
		return code;
	ErrorAdd(errors, "/code", CBD_FIELD_CHARACTER,
			 "letters, digits, points, hyphens and underscores, for example lamps-01");
	return NULL;
}

/* A whole number within the bounds, of up to seven digits. */
static bool
ReadOrder(const JsonNode *node, int *order)
{
	char *end;

	if (node->kind != JSON_NUMBER || node->length > 7 || strspn(node->text, "0123456789") != node->length)
		return false;
	*order = (int) strtol(node->text, &end, 10);
	return *order <= RULE_ORDER;
}

/* A time of the interface; `otherwise` when it is absent. */
static TimestampTz
ReadTime(const JsonNode *root, const char *name, TimestampTz otherwise, ErrorList *errors)
{
	const JsonNode *node = MemberFind(root, name);
	TimePointText point;
	ParseError error;
	TimestampTz time;

	if (node == NULL)
		return otherwise;
	if ((node->kind == JSON_STRING || node->kind == JSON_NUMBER) &&
		time_point_parse(node->text, node->length, &point, &error) && TimePointValue(&point, &time, &error))
		return time;
	if (node->kind == JSON_STRING || node->kind == JSON_NUMBER)
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TIME,
				   "\"%s{value}\" is not a time: %s{why*}. %s{hint*}", ShortText(node->text, node->length),
				   error.message, error.hint);
	else
		ErrorAdd(errors, JsonPointer(node), CBD_FIELD_TYPE, "expected is a time, for example 20270101080000");
	return otherwise;
}

/* Duplicate keys, at whatever depth. */
static void
AddDuplicate(void *state, const JsonNode *member)
{
	ErrorAdd(state, JsonPointer(member), CBD_DUPLICATE_KEY, NULL);
}

/* Is it the form that ends a rule? */
static bool
IsEnd(const JsonNode *root)
{
	return root->count == 2 && MemberFind(root, "code") != NULL && MemberFind(root, "validTo") != NULL;
}

/* Order, title, terms and actions. */
static void
ReadBody(const JsonNode *root, RuleReading *reading)
{
	static const char *const members[] = {"code", "title", "order", "validFrom", "validTo",
										  "when", "then",  "stop",  NULL};
	Rule *rule = reading->rule;
	ErrorList *errors = reading->errors;
	const JsonNode *order = MemberRequired(root, "order", errors);
	const JsonNode *then = MemberRequired(root, "then", errors);

	MembersKnown(root, members, errors);
	rule->title = RuleKeep(reading, MemberText(root, "title", false, TITLE_CHARACTERS, errors));
	if (order != NULL && !ReadOrder(order, &rule->order))
		ErrorPrint(errors, false, "/order", CBD_FIELD_OUT_OF_RANGE, "a whole number from 0 to %d{limit}",
				   RULE_ORDER);
	rule->stop = MemberBool(root, "stop", errors);
	RuleReadTerms(MemberFind(root, "when"), reading);
	if (then != NULL)
		RuleReadActions(then, reading);
}

Rule *
RuleRead(const JsonNode *root, RuleReading *reading)
{
	Rule *rule;
	ErrorList *errors = reading->errors;

	if (!MemberKind(root, JSON_OBJECT, RULE_EXPECTED, errors))
		return NULL;
	if (reading->check)
		(void) JsonDuplicates(root, AddDuplicate, errors);
	rule = reading->rule = MemoryContextAllocZero(reading->keep, sizeof(Rule));
	rule->terms.workday = -1;
	rule->code = RuleKeep(reading, ReadCode(root, errors));
	rule->given_from = ReadTime(root, "validFrom", DT_NOBEGIN, errors);
	rule->given_until = ReadTime(root, "validTo", DT_NOEND, errors);
	rule->ended = IsEnd(root);
	if (!rule->ended)
		ReadBody(root, reading);
	if (!rule->ended && rule->given_until <= rule->given_from)
		ErrorAdd(errors, "/validTo", CBD_FIELD_OUT_OF_RANGE, "validTo comes after validFrom");
	return rule;
}
