/* The terms of a rule (`when`), read with all errors; see rule.h. */
#include "postgres.h"

#include <math.h>

#include "calendar/calendar.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "catalog/pg_type.h"
#include "place/division.h"
#include "process/process_members.h"
#include "reference/code_table.h"
#include "rule/rule.h"
#include "text/utf8.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define WITHIN_METRES 50000
#define COUNT_METRES  5000
#define COUNT_DAYS    366
#define COUNT_LIMIT   1000
#define HOURS_LIMIT   10

/* ---- lists of values ---- */

/* Why a value can match nothing; CBD_OK: it can. */
typedef CbdStatus (*ValueCheck)(const char *value, char **message);

/* A code of a code table, which accepts every value while it is empty. */
static CbdStatus
CheckTable(const char *table, const char *value, char **message)
{
	bool empty;

	if (CodeTableHas(table, value, &empty) || empty)
		return CBD_OK;
	*message =
		SaidBoth("\"%s{code}\" is no code of code table %s{table}", ShortText(value, strlen(value)), table);
	return CBD_CODE_NOT_IN_TABLE;
}

static CbdStatus
CheckType(const char *value, char **message)
{
	return CheckTable("event-type", value, message);
}

static CbdStatus
CheckLevel(const char *value, char **message)
{
	return CheckTable("event-level", value, message);
}

static CbdStatus
CheckSource(const char *value, char **message)
{
	return CheckTable("event-src", value, message);
}

static CbdStatus
CheckDivision(const char *value, char **message)
{
	Division division;

	if (IsDivisionCode(value) && DivisionFind(value, &division))
		return CBD_OK;
	*message = SaidBoth("\"%s{code}\" is no division, for example 110101", ShortText(value, strlen(value)));
	return CBD_UNKNOWN_DIVISION;
}

/* Does the statement find the value? */
static bool
Found(SpiQuery *query, const char *value)
{
	Datum values[] = {CStringGetTextDatum(value)};
	bool found;

	SpiBegin();
	found = SpiRun(query, values, NULL, SPI_OK_SELECT, 1) > 0;
	SpiEnd();
	return found;
}

/* A sender is known when an application has it, or when it has reported already (from SQL). */
static CbdStatus
CheckSender(const char *value, char **message)
{
	static SpiQuery query = {"SELECT FROM citybigdata.sender WHERE sender_code = $1 UNION ALL "
							 "(SELECT FROM citybigdata.event WHERE sender_code = $1 LIMIT 1)",
							 1,
							 {TEXTOID},
							 NULL,
							 true};

	if (Found(&query, value))
		return CBD_OK;
	*message = SaidBoth("no application has the senderCode \"%s{sender}\"", ShortText(value, strlen(value)));
	return CBD_RULE_SENDER;
}

/* An action that some process has. */
static CbdStatus
CheckStep(const char *value, char **message)
{
	static SpiQuery query = {
		"SELECT FROM citybigdata.process_move WHERE action = $1 LIMIT 1", 1, {TEXTOID}, NULL};

	if (Found(&query, value))
		return CBD_OK;
	*message = SaidBoth("no process has an action \"%s{action}\"", ShortText(value, strlen(value)));
	return CBD_UNKNOWN_ACTION;
}

static const struct
{
	ValueCheck check;
	int characters; /* of a text; 0: a whole number */
} lists[RULE_LISTS] = {{CheckStep, 63},  {CheckType, 63},     {CheckLevel, 0},
					   {CheckSource, 0}, {CheckDivision, 12}, {CheckSender, EVENT_TEXT_CHARACTERS}};

/* One value as the index has it: numbers without leading zeros; NULL: it is none. */
static char *
ReadValue(const JsonNode *node, RuleTerm term, RuleReading *reading)
{
	ErrorList *errors = reading->errors;

	if (lists[term].characters == 0)
	{
		if (node->kind != JSON_NUMBER || node->length > 10 ||
			strspn(node->text, "0123456789") != node->length || strtoll(node->text, NULL, 10) > PG_INT32_MAX)
		{
			ErrorAdd(errors, JsonPointer(node), CBD_FIELD_TYPE, "expected is a whole number, for example 1");
			return NULL;
		}
		return MemoryContextStrdup(reading->keep, psprintf("%d", atoi(node->text)));
	}
	if (!MemberKind(node, JSON_STRING, MESSAGE("a text"), errors))
		return NULL;
	if (node->length == 0 || Utf8Characters(node->text, node->length) > lists[term].characters)
	{
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} characters",
				   lists[term].characters);
		return NULL;
	}
	return RuleKeep(reading, node->text);
}

/* A list of values. */
static void
ReadList(const JsonNode *list, RuleTerm term, RuleReading *reading)
{
	RuleValues *values = &reading->rule->terms.lists[term];
	ErrorList *errors = reading->errors;

	if (list == NULL || !MemberKind(list, JSON_ARRAY, MESSAGE("an array"), errors))
		return;
	if (list->count == 0 || list->count > RULE_VALUES)
	{
		ErrorPrint(errors, false, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} values",
				   RULE_VALUES);
		return;
	}
	values->values = MemoryContextAlloc(reading->keep, sizeof(char *) * list->count);
	for (const JsonNode *node = list->first; node != NULL; node = node->next)
	{
		char *value = ReadValue(node, term, reading);
		char *message = NULL;
		CbdStatus status = value == NULL || !reading->check ? CBD_OK : lists[term].check(value, &message);

		if (status != CBD_OK)
			ErrorAdd(errors, JsonPointer(node), status, message);
		if (value != NULL)
			values->values[values->count++] = value;
	}
}

/* ---- time ---- */

/* HH:MM; 24:00 is the end of the day. -1: it is none. */
static int
ReadMinute(const char *text)
{
	int hour, minute;

	if (strspn(text, "0123456789:") < 5 || text[2] != ':')
		return -1;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	return text[0] == ':' || text[1] == ':' || text[3] == ':' || text[4] == ':' || hour > 24 || minute > 59 ||
				   (hour == 24 && minute > 0)
			   ? -1
			   : hour * 60 + minute;
}

/* Times of the day: "HH:MM-HH:MM". */
static void
ReadHours(const JsonNode *list, RuleReading *reading)
{
	RuleTerms *terms = &reading->rule->terms;
	ErrorList *errors = reading->errors;

	if (list->kind == JSON_STRING && strcmp(list->text, "working") == 0)
	{
		terms->working_hours = true;
		return;
	}
	if (!MemberKind(list, JSON_ARRAY, MESSAGE("\"working\" or an array, for example [\"22:00-06:00\"]"),
					errors))
		return;
	if (list->count == 0 || list->count > HOURS_LIMIT)
	{
		ErrorPrint(errors, false, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} times",
				   HOURS_LIMIT);
		return;
	}
	terms->hours = MemoryContextAlloc(reading->keep, sizeof(RuleHours) * list->count);
	for (const JsonNode *node = list->first; node != NULL; node = node->next)
	{
		bool form = node->kind == JSON_STRING && node->length == 11 && node->text[5] == '-';
		RuleHours hours = {form ? ReadMinute(node->text) : -1, form ? ReadMinute(node->text + 6) : -1};

		if (hours.from < 0 || hours.to < 0 || hours.from == hours.to)
			ErrorAdd(errors, JsonPointer(node), CBD_FIELD_TIME,
					 "a time of the day from-to is expected, for example 22:00-06:00");
		else
			terms->hours[terms->hour_count++] = hours;
	}
}

static void
ReadDays(const JsonNode *list, RuleReading *reading)
{
	int day;

	if (!MemberKind(list, JSON_ARRAY, MESSAGE("an array of 1 (Monday) to 7 (Sunday)"), reading->errors))
		return;
	if (list->count == 0)
		ErrorAdd(reading->errors, JsonPointer(list), CBD_FIELD_OUT_OF_RANGE, "at least one day");
	for (const JsonNode *node = list->first; node != NULL; node = node->next)
		if (MemberWhole(node, 1, 7, &day))
			reading->rule->terms.days |= 1 << (day - 1);
		else
			ErrorAdd(reading->errors, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
					 "a day is 1 (Monday) to 7 (Sunday)");
}

static void
ReadTimeTerm(const JsonNode *object, RuleReading *reading)
{
	static const char *const members[] = {"days", "hours", "workday", NULL};
	RuleTerms *terms = &reading->rule->terms;
	const JsonNode *node;

	if (object == NULL ||
		!MemberKind(object, JSON_OBJECT, MESSAGE("an object of days, hours, workday"), reading->errors))
		return;
	MembersKnown(object, members, reading->errors);
	terms->has_time = true;
	if ((node = MemberFind(object, "days")) != NULL)
		ReadDays(node, reading);
	if ((node = MemberFind(object, "hours")) != NULL)
		ReadHours(node, reading);
	if (MemberFind(object, "workday") != NULL)
		terms->workday = MemberBool(object, "workday", reading->errors) ? 1 : 0;
	if (object->count == 0)
		ErrorAdd(reading->errors, JsonPointer(object), CBD_FIELD_REQUIRED,
				 "days, hours or workday is expected");
}

/* ---- place ---- */

/* Metres from `low` to `high`; absent: `otherwise`. */
static double
ReadMetres(const JsonNode *object, double low, double high, double otherwise, ErrorList *errors)
{
	const JsonNode *node = MemberFind(object, "metres");
	double metres;

	if (node == NULL)
		return otherwise;
	metres = node->kind == JSON_NUMBER && node->length < 20 ? strtod(node->text, NULL) : -1;
	if (metres >= low && metres <= high)
		return metres;
	ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE, "%d{low} to %d{high} metres",
			   (int) low, (int) high);
	return otherwise;
}

static void
ReadWithin(const JsonNode *object, RuleReading *reading)
{
	static const char *const members[] = {"geometry", "resource", "metres", NULL};
	RuleTerms *terms = &reading->rule->terms;
	ErrorList *errors = reading->errors;

	if (object == NULL ||
		!MemberKind(object, JSON_OBJECT, MESSAGE("an object of geometry or resource, and metres"), errors))
		return;
	MembersKnown(object, members, errors);
	terms->has_within = true;
	terms->metres = ReadMetres(object, 0, WITHIN_METRES, 0, errors);
	terms->resource = RuleKeep(reading, MemberText(object, "resource", false, 64, errors));
	/* only while it is saved: afterwards the shape is in the row */
	terms->geometry = reading->check ? MemberFind(object, "geometry") : NULL;
	if (reading->check && (terms->geometry == NULL) == (MemberFind(object, "resource") == NULL))
		ErrorAdd(
			errors, JsonPointer(object), CBD_FIELD_REQUIRED,
			"geometry (GeoJSON, longitude and latitude, CGCS2000) or resource, one of them, is expected");
}

/* ---- count ---- */

/* What is counted. */
static void
ReadCounted(const JsonNode *object, RuleReading *reading)
{
	static const char *const names[] = {"any", "type", "mainType", "subType", "sender"};
	const JsonNode *node = MemberFind(object, "of");

	reading->rule->terms.counted = COUNT_TYPE;
	if (node == NULL)
		return;
	for (int i = 0; node->kind == JSON_STRING && i < lengthof(names); i++)
		if (strcmp(node->text, names[i]) == 0)
		{
			reading->rule->terms.counted = (RuleCounted) i;
			return;
		}
	ErrorAdd(reading->errors, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
			 "what is counted is any, type, mainType, subType or sender");
}

static void
ReadCount(const JsonNode *object, RuleReading *reading)
{
	static const char *const members[] = {"of", "within", "metres", "atLeast", NULL};
	RuleTerms *terms = &reading->rule->terms;
	ErrorList *errors = reading->errors;
	const JsonNode *node;

	if (object == NULL ||
		!MemberKind(object, JSON_OBJECT, MESSAGE("an object of of, within, metres and atLeast"), errors))
		return;
	MembersKnown(object, members, errors);
	terms->has_count = true;
	ReadCounted(object, reading);
	terms->count_metres = ReadMetres(object, 1, COUNT_METRES, 0, errors);
	if (MemberFind(object, "metres") == NULL)
		ErrorAdd(errors, psprintf("%s/metres", JsonPointer(object)), CBD_FIELD_REQUIRED, NULL);
	node = MemberRequired(object, "within", errors);
	if (node != NULL)
		terms->count_within = RuleReadDuration(node, COUNT_DAYS, errors);
	node = MemberRequired(object, "atLeast", errors);
	if (node != NULL && !MemberWhole(node, 2, COUNT_LIMIT, &terms->at_least))
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE,
				   "2 to %d{limit}, with the report itself: 3 is the third", COUNT_LIMIT);
}

void
RuleReadTerms(const JsonNode *node, RuleReading *reading)
{
	static const char *const members[] = {"steps", "types",  "levels", "sources", "divisions", "senders",
										  "time",  "within", "path",   "count",   NULL};
	const JsonNode *path;

	if (node == NULL ||
		!MemberKind(node, JSON_OBJECT, MESSAGE("an object of terms, for example {\"types\":[\"6\"]}"),
					reading->errors))
		return;
	MembersKnown(node, members, reading->errors);
	for (int term = 0; term < RULE_LISTS; term++)
		ReadList(MemberFind(node, RuleTermName((RuleTerm) term)), (RuleTerm) term, reading);
	ReadTimeTerm(MemberFind(node, "time"), reading);
	ReadWithin(MemberFind(node, "within"), reading);
	ReadCount(MemberFind(node, "count"), reading);
	path = MemberFind(node, "path");
	if (path != NULL)
		RuleReadPath(path, reading);
}
