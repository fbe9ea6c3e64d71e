/*
 * A line of batch history from text to verdict; see load.h. The report is checked as it would have been when
 * it was received; then what a report does not have: its state, times and steps.
 */
#include "postgres.h"

#include <limits.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "archive/load.h"
#include "core/interval.h"
#include "core/text_check.h"
#include "reference/code_table.h"
#include "text/decimal.h"
#include "text/span.h"
#include "text/utf8.h"

/* State of a line that has none: closed. */
#define STATE_CLOSED 6
#define STATE_VOID   7

/* Most steps of a case. */
#define STEPS_LIMIT 1000

/* A text member of a step; `at` is its place in HistoryStep. */
typedef struct StepText
{
	const char *name;
	size_t at;
	int characters; /* at most */
	bool required;
} StepText;

static const StepText step_texts[] = {{"action", offsetof(HistoryStep, action), 64, true},
									  {"by", offsetof(HistoryStep, by), EVENT_TEXT_CHARACTERS},
									  {"note", offsetof(HistoryStep, note), EVENT_DESC_CHARACTERS},
									  {"reason", offsetof(HistoryStep, reason), EVENT_DESC_CHARACTERS},
									  {"result", offsetof(HistoryStep, result), 4},
									  {"fromStage", offsetof(HistoryStep, from_stage), 64},
									  {"toStage", offsetof(HistoryStep, to_stage), 64},
									  {"byRole", offsetof(HistoryStep, by_role), 64},
									  {"byUnit", offsetof(HistoryStep, by_unit), 64}};

/* Is it a state that a case can be in? 8 and 9 lie over another one. */
static bool
StateKnown(int64 state)
{
	char code[MAXINT8LEN + 1];
	bool empty;

	if (state < 1 || state > STATE_VOID)
		return false;
	pg_lltoa(state, code);
	return CodeTableHas("event-state", code, &empty);
}

/* A time of a step: any form that requests may use. */
static void
ReadStepTime(const JsonNode *node, TimestampTz *time, ErrorList *errors)
{
	TimePointText point;
	ParseError error;

	if (node->kind != JSON_STRING && node->kind != JSON_NUMBER)
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TYPE, "a time, not %s{found*}",
				   JsonKindName(node->kind));
	else if (!time_point_parse(node->text, node->length, &point, &error) ||
			 !TimePointValue(&point, time, &error))
		ErrorPrint(errors, false, JsonPointer(node), CBD_INVALID_TIME,
				   "\"%s{value}\" is not a time: %s{why*}. %s{hint*}", ShortText(node->text, node->length),
				   error.message, error.hint);
}

/* A state of a step. */
static void
ReadStepState(const JsonNode *node, int32 *state, ErrorList *errors)
{
	int64_t value;

	if (node->kind == JSON_NUMBER && DecimalRead((Span){node->text, node->length}, 2, &value) && value >= 1 &&
		value <= 9)
		*state = (int32) value;
	else
		ErrorAdd(errors, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE, "a state of code table event-state");
}

/* A text of a step into its place. */
static void
ReadStepText(const JsonNode *node, const StepText *text, HistoryStep *step, ErrorList *errors)
{
	unsigned int character;

	if (node->kind == JSON_NULL)
		return;
	if (node->kind != JSON_STRING)
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TYPE, "a text, not %s{found*}",
				   JsonKindName(node->kind));
	else if ((int) Utf8Characters(node->text, node->length) > text->characters)
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TOO_LONG, "more than %d{limit} characters",
				   text->characters);
	else if (TextForbidden(node->text, node->length, &character) >= 0)
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_CHARACTER,
				   "the character U+%04X{character} is not allowed", character);
	else
		*(char **) ((char *) step + text->at) = node->text;
}

/* One member of a step; false: there is none of that name. */
static bool
ReadStepMember(const JsonNode *node, HistoryStep *step, ErrorList *errors)
{
	if (strcmp(node->key, "time") == 0)
		ReadStepTime(node, &step->time, errors);
	else if (strcmp(node->key, "fromState") == 0)
		ReadStepState(node, &step->from_state, errors);
	else if (strcmp(node->key, "toState") == 0)
		ReadStepState(node, &step->to_state, errors);
	else
	{
		for (int i = 0; i < lengthof(step_texts); i++)
			if (strcmp(node->key, step_texts[i].name) == 0)
			{
				ReadStepText(node, &step_texts[i], step, errors);
				return true;
			}
		return false;
	}
	return true;
}

/* One step: its members, and what must be there. */
static void
ReadStep(const JsonNode *node, HistoryStep *step, ErrorList *errors)
{
	int errors_before = errors->count;

	memset(step, 0, sizeof(*step));
	step->time = DT_NOBEGIN;
	if (node->kind != JSON_OBJECT)
	{
		ErrorPrint(errors, false, JsonPointer(node), CBD_FIELD_TYPE, "an object, not %s{found*}",
				   JsonKindName(node->kind));
		return;
	}
	for (const JsonNode *member = node->first; member != NULL; member = member->next)
		if (!ReadStepMember(member, step, errors))
			ErrorPrint(errors, false, JsonPointer(member), CBD_UNKNOWN_FIELD,
					   "a step has no member \"%s{name}\"", ShortText(member->key, strlen(member->key)));
	if (errors->count > errors_before)
		return;
	if (step->time == DT_NOBEGIN || step->action == NULL || step->from_state == 0 || step->to_state == 0)
		ErrorAdd(errors, JsonPointer(node), CBD_FIELD_REQUIRED,
				 "a step has time, action, fromState and toState");
	else if (step->result != NULL && strcmp(step->result, "pass") != 0 && strcmp(step->result, "fail") != 0)
		ErrorAdd(errors, JsonPointer(node), CBD_FIELD_OUT_OF_RANGE, "result is pass or fail");
}

/* A member of a step that stands twice. */
static void
ErrorTwice(void *state, const JsonNode *member)
{
	ErrorPrint(state, false, JsonPointer(member), CBD_DUPLICATE_KEY, "\"%s{name}\" occurs more than once",
			   ShortText(member->key, strlen(member->key)));
}

/* The steps of the line: oldest first, none before the report was received or in the future. */
static void
CheckSteps(HistoryCase *past, TimestampTz now)
{
	const char *text = past->row->steps;
	ErrorList found = {0};
	ErrorList *errors = &past->report.errors;
	TimestampTz last = past->report.now;
	JsonRefusal refusal;
	JsonNode *root;

	if (text == NULL)
		return;
	root = JsonParse(text, strlen(text), &refusal);
	if (root == NULL || root->kind != JSON_ARRAY || root->count > STEPS_LIMIT)
	{
		ErrorAdd(errors, "/steps", root == NULL ? refusal.status : CBD_FIELD_TYPE,
				 root == NULL ? refusal.message : MESSAGE("an array of at most 1000 steps"));
		return;
	}
	(void) JsonDuplicates(root, ErrorTwice, &found);
	past->steps = palloc(sizeof(HistoryStep) * (root->count + 1));
	for (const JsonNode *node = root->first; node != NULL; node = node->next)
	{
		HistoryStep *step = &past->steps[past->step_count++];
		int before = found.count;

		ReadStep(node, step, &found);
		if (found.count > before)
			continue;
		if (step->time < last || step->time > now)
			ErrorAdd(&found, psprintf("%s/time", JsonPointer(node)), CBD_FIELD_OUT_OF_RANGE,
					 step->time > now ? "in the future" : "before the step, or the receipt, that it follows");
		last = step->time;
	}
	for (int i = 0; i < found.kept; i++)
		ErrorCopy(errors, psprintf("/steps%s", found.entries[i].pointer), &found.entries[i]);
	if (found.count == 0 && past->step_count > 0 && past->steps[past->step_count - 1].to_state != past->state)
		ErrorPrint(errors, false, "/state", CBD_FIELD_OUT_OF_RANGE,
				   "the last step leads to state %d{last}, the case is in %d{state}",
				   past->steps[past->step_count - 1].to_state, past->state);
}

/* State and closing time: a case that is closed or void has one, no other has. */
static void
CheckState(HistoryCase *past, TimestampTz now)
{
	const HistoryRow *row = past->row;
	ErrorList *errors = &past->report.errors;

	past->state = row->has_state ? row->state : STATE_CLOSED;
	if (!StateKnown(past->state))
		ErrorPrint(errors, false, "/state", CBD_FIELD_OUT_OF_RANGE,
				   "%d{state} is no state of a past case; valid are 1 to 7 of code table event-state",
				   past->state);
	past->closed = past->state == STATE_CLOSED || past->state == STATE_VOID;
	if (row->has_closed_time && !past->closed)
		ErrorAdd(errors, "/closedTime", CBD_FIELD_OUT_OF_RANGE,
				 "only a closed or void case (state 6 or 7) has one");
	if (row->has_receive_time && row->receive_time > now)
		ErrorAdd(errors, "/receiveTime", CBD_FIELD_OUT_OF_RANGE, "in the future");
	if (row->has_closed_time && (row->closed_time > now || row->closed_time < past->report.now))
		ErrorAdd(errors, "/closedTime", CBD_FIELD_OUT_OF_RANGE,
				 row->closed_time > now ? "in the future" : "before the report was received");
}

/* The sender of the line, or of all. */
static void
CheckSender(HistoryCase *past, const char *sender)
{
	past->sender = past->row->sender != NULL ? past->row->sender : sender;
	if (past->sender == NULL || TextBlank(past->sender, strlen(past->sender)) ||
		(int) Utf8Characters(past->sender, strlen(past->sender)) > EVENT_TEXT_CHARACTERS)
		ErrorPrint(&past->report.errors, false, "/senderCode", CBD_FIELD_REQUIRED,
				   "a sender of 1 to %d{limit} characters is required", EVENT_TEXT_CHARACTERS);
}

void
CheckHistory(const HistoryRow *row, const char *sender, bool egova, HistoryCase *past)
{
	TimestampTz now = GetCurrentTimestamp();

	memset(past, 0, sizeof(*past));
	past->row = row;
	if (row->data == NULL)
		ErrorAdd(&past->report.errors, "", CBD_FIELD_REQUIRED, "data is null");
	else
		ValidateEventAt(row->data, strlen(row->data), egova, row->has_receive_time ? row->receive_time : now,
						&past->report);
	CheckSender(past, sender);
	if (past->report.refusal != CBD_OK || past->report.errors.count > 0)
		return;
	/* a report without a time of receipt was received when it was made */
	if (!row->has_receive_time)
		past->report.now = Min(past->report.create_time, now);
	CheckState(past, now);
	CheckSteps(past, now);
	past->closed_time = row->has_closed_time   ? row->closed_time
						: past->step_count > 0 ? past->steps[past->step_count - 1].time
											   : past->report.now;
}
