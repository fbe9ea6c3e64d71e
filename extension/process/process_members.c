/* Members of the objects of a definition, and limits; see process_members.h and process_definition.h. */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/fmgrprotos.h"

#include "calendar/calendar.h"
#include "process/process_definition.h"
#include "process/process_members.h"

#define NUMBER_CHARACTERS 12 /* of an amount, of a share */
#define LIMIT_EXAMPLE     "for example {\"amount\":4,\"unit\":2}: four working hours"

const JsonNode *
MemberFind(const JsonNode *object, const char *name)
{
	for (const JsonNode *node = object->first; node != NULL; node = node->next)
		if (strcmp(node->key, name) == 0)
			return node->kind == JSON_NULL ? NULL : node;
	return NULL;
}

const JsonNode *
MemberRequired(const JsonNode *object, const char *name, ErrorList *errors)
{
	const JsonNode *node = MemberFind(object, name);

	if (node == NULL)
		ErrorAdd(errors, psprintf("%s/%s", JsonPointer(object), name), CBD_FIELD_REQUIRED, NULL);
	return node;
}

bool
MemberKind(const JsonNode *node, JsonKind kind, const char *expected, ErrorList *errors)
{
	if (node->kind == kind)
		return true;
	ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TYPE, "expected is %s{wanted*}", expected);
	return false;
}

void
MembersKnown(const JsonNode *object, const char *const *names, ErrorList *errors)
{
	for (const JsonNode *node = object->first; node != NULL; node = node->next)
	{
		int i = 0;

		while (names[i] != NULL && strcmp(names[i], node->key) != 0)
			i++;
		if (names[i] == NULL)
			ErrorAdd(errors, JsonPointer(node), CBD_UNKNOWN_FIELD, NULL);
	}
}

const char *
MemberText(const JsonNode *object, const char *name, bool required, int limit, ErrorList *errors)
{
	const JsonNode *node = required ? MemberRequired(object, name, errors) : MemberFind(object, name);

	if (node == NULL || !MemberKind(node, JSON_STRING, "a text", errors))
		return NULL;
	if (node->length == 0)
		ErrorAdd(errors, JsonPointer(node), CBD_FIELD_REQUIRED, "the text is empty");
	else if (pg_mbstrlen_with_len(node->text, node->length) > limit)
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TOO_LONG, "at most %d{limit} characters",
				   limit);
	else
		return node->text;
	return NULL;
}

bool
MemberBool(const JsonNode *object, const char *name, ErrorList *errors)
{
	const JsonNode *node = MemberFind(object, name);

	if (node == NULL || node->kind == JSON_FALSE)
		return false;
	return MemberKind(node, JSON_TRUE, "true or false", errors);
}

bool
MemberWhole(const JsonNode *node, int low, int high, int *number)
{
	int value = 0;

	if (node->kind != JSON_NUMBER || node->length == 0 || node->length > 9)
		return false;
	for (size_t i = 0; i < node->length; i++)
	{
		if (node->text[i] < '0' || node->text[i] > '9')
			return false;
		value = value * 10 + node->text[i] - '0';
	}
	*number = value;
	return value >= low && value <= high;
}

/* A number without exponent; false: it is none. */
static bool
ReadAmount(const JsonNode *node, Numeric *amount)
{
	if (node->kind != JSON_NUMBER || node->length > NUMBER_CHARACTERS ||
		strspn(node->text, "0123456789.") != node->length)
		return false;
	*amount = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(node->text),
												  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	return strspn(node->text, "0.") != node->length;
}

/* amount, unit and calendar of a limit: is it one that the calendar can count? */
static void
ReadFixed(const JsonNode *node, ProcessLimit *limit, ErrorList *errors)
{
	const JsonNode *amount = MemberRequired(node, "amount", errors);
	const JsonNode *unit = MemberRequired(node, "unit", errors);
	const Calendar *calendar;
	const char *code;
	int64 microseconds;
	bool running;
	CbdStatus status = CBD_OK;

	limit->calendar = MemberText(node, "calendar", false, 63, errors);
	code = limit->calendar == NULL ? CALENDAR_DEFAULT : limit->calendar;
	calendar = CalendarFind(code, strlen(code));
	if (calendar == NULL)
		ErrorAdd(errors, psprintf("%s/calendar", JsonPointer(node)), CBD_NO_SUCH_CALENDAR, NULL);
	if (amount == NULL || unit == NULL)
		return;
	if (!MemberWhole(unit, 1, 13, &limit->unit))
		status = CBD_CODE_NOT_IN_TABLE;
	else if (!ReadAmount(amount, &limit->amount))
		status = CBD_FIELD_OUT_OF_RANGE;
	else if (calendar != NULL)
		status = CalendarAmount(calendar, limit->amount, limit->unit, &microseconds, &running);
	if (status == CBD_CODE_NOT_IN_TABLE)
		ErrorAdd(errors, JsonPointer(unit), status,
				 "1 working days, 2 working hours, 3 working minutes; 11, 12, 13 the same as running time");
	else if (status != CBD_OK)
		ErrorAdd(errors, JsonPointer(amount), status,
				 "a number above zero, at most 12 characters, " LIMIT_EXAMPLE);
}

ProcessLimit
ProcessReadLimit(const JsonNode *node, bool condition_allowed, ErrorList *errors)
{
	static const char *const members[] = {"amount", "unit", "calendar", "warningShare", NULL};
	ProcessLimit limit = {.kind = PROCESS_LIMIT_NONE, .warning_share = 0.75};
	const JsonNode *share;

	if (node == NULL || (node->kind == JSON_STRING && strcmp(node->text, "none") == 0))
		return limit;
	if (condition_allowed && node->kind == JSON_STRING && strcmp(node->text, "condition") == 0)
	{
		limit.kind = PROCESS_LIMIT_CONDITION;
		return limit;
	}
	if (!MemberKind(node, JSON_OBJECT,
					condition_allowed ? "\"none\", \"condition\" or an object, " LIMIT_EXAMPLE
									  : "\"none\" or an object, " LIMIT_EXAMPLE,
					errors))
		return limit;
	MembersKnown(node, members, errors);
	limit.kind = PROCESS_LIMIT_FIXED;
	ReadFixed(node, &limit, errors);
	share = MemberFind(node, "warningShare");
	if (share != NULL)
	{
		limit.warning_share =
			share->kind == JSON_NUMBER && share->length <= NUMBER_CHARACTERS ? strtod(share->text, NULL) : 0;
		if (!(limit.warning_share > 0 && limit.warning_share <= 1))
			ErrorAdd(errors, JsonPointer(share), CBD_FIELD_OUT_OF_RANGE,
					 "a part of the limit above 0 and up to 1, for example 0.75");
	}
	return limit;
}
