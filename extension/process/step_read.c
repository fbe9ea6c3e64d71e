/*
 * What a step asks for, read from the parameters of a request or from an object: types, lengths, times,
 * media. What an action needs is judged later (step_check.c), when the case and so its process are known.
 */
#include "postgres.h"

#include "core/guc.h"
#include "core/interval.h"
#include "core/text_check.h"
#include "process/step.h"
#include "text/decimal.h"
#include "text/utf8.h"

/* A text of a step: where it goes in StepFields, and how long it may be. */
typedef struct StepText
{
	const char *name;
	size_t offset;
	int characters;
} StepText;

#define STEP_TEXT(name, member, characters)                                                                  \
	{                                                                                                        \
		name, offsetof(StepFields, member), characters                                                       \
	}

static const StepText step_texts[] = {STEP_TEXT("action", action, 64),
									  STEP_TEXT("version", version, 20),
									  STEP_TEXT("result", result, 20),
									  STEP_TEXT("note", note, STEP_TEXT_CHARACTERS),
									  STEP_TEXT("reason", reason, STEP_TEXT_CHARACTERS),
									  STEP_TEXT("until", until, 64),
									  STEP_TEXT("conditionCode", condition_code, 64),
									  STEP_TEXT("evaluation", evaluation, 20),
									  STEP_TEXT("mainTaskNum", main_task_num, 64)};

#define TEXT_OF(fields, text) (*(char **) ((char *) (fields) + (text)->offset))

/* Blank texts count as absent; too long ones, and control characters, are errors. */
static void
CheckTexts(StepFields *fields, ErrorList *errors)
{
	for (int i = 0; i < lengthof(step_texts); i++)
	{
		char **text = &TEXT_OF(fields, &step_texts[i]);
		unsigned int character;
		int64 place;

		if (*text == NULL)
			continue;
		if (TextBlank(*text, strlen(*text)))
			*text = NULL;
		else if ((place = TextForbidden(*text, strlen(*text), &character)) >= 0)
			ErrorPrint(errors, false, psprintf("/%s", step_texts[i].name), CBD_FIELD_CHARACTER,
					   "character %d{position} is U+%04X{character}, which is not allowed",
					   (int) Utf8Characters(*text, (size_t) place) + 1, character);
		else if ((int) Utf8Characters(*text, strlen(*text)) > step_texts[i].characters)
			ErrorPrint(errors, false, psprintf("/%s", step_texts[i].name), CBD_FIELD_TOO_LONG,
					   "%s{name} has more than %d{limit} characters", step_texts[i].name,
					   step_texts[i].characters);
	}
}

/* A whole number from 0; false after an error. */
static bool
ReadNumber(const char *pointer, const char *text, int32 *out, ErrorList *errors)
{
	int64_t value;
	size_t length = strlen(text);

	if (length > 10 || !DecimalRead((Span){text, length}, 10, &value) || value > PG_INT32_MAX)
	{
		ErrorPrint(errors, false, pointer, CBD_FIELD_TYPE, "\"%s{value}\" is not a whole number; valid is 3",
				   ShortText(text, length));
		return false;
	}
	*out = (int32) value;
	return true;
}

/* version, or the header If-Match, which has it as an entity tag: "3". Both must be the same. */
static void
ReadVersion(const StepFields *fields, StepRequest *request)
{
	ErrorList *errors = &request->errors;
	char *tag = fields->if_match;
	int32 version = 0;
	size_t length;

	if (fields->version != NULL)
		request->has_version = ReadNumber("/version", fields->version, &request->version, errors);
	if (tag == NULL)
		return;
	length = strlen(tag);
	if (length >= 2 && tag[0] == '"' && tag[length - 1] == '"')
		tag = pnstrdup(tag + 1, length - 2);
	if (!ReadNumber("/If-Match", tag, &version, errors))
		return;
	if (request->has_version && request->version != version)
		ErrorPrint(errors, false, "/If-Match", CBD_INVALID_HEADER,
				   "If-Match says %d{tag}, but version %d{version}", version, request->version);
	request->has_version = true;
	request->version = version;
}

/* until: a time of the interface. Whether it may be then is judged with the action. */
static void
ReadUntil(const char *text, StepRequest *request)
{
	TimePointText point;
	ParseError error;

	request->has_until = time_point_parse(text, strlen(text), &point, &error) &&
						 TimePointValue(&point, &request->until, &error);
	if (!request->has_until)
		ErrorPrint(&request->errors, false, "/until", CBD_FIELD_TIME,
				   "\"%s{value}\" is not a time: %s{why*}. %s{hint*}", ShortText(text, strlen(text)),
				   error.message, error.hint);
}

/* Values that are one of few. */
static void
ReadChoices(const StepFields *fields, StepRequest *request)
{
	ErrorList *errors = &request->errors;

	if (fields->result != NULL && strcmp(fields->result, "pass") != 0 && strcmp(fields->result, "fail") != 0)
		ErrorPrint(errors, false, "/result", CBD_FIELD_OUT_OF_RANGE,
				   "result is pass or fail, not \"%s{value}\"",
				   ShortText(fields->result, strlen(fields->result)));
	else
		request->result = fields->result;
	if (fields->evaluation != NULL &&
		ReadNumber("/evaluation", fields->evaluation, &request->evaluation, errors) &&
		(request->evaluation < 1 || request->evaluation > 5))
	{
		ErrorPrint(errors, false, "/evaluation", CBD_FIELD_OUT_OF_RANGE,
				   "evaluation is 1 (not satisfied) to 5 (very satisfied), not %d{value}",
				   request->evaluation);
		request->evaluation = 0;
	}
}

/* A member of `to`: a text, or a number as one. NULL: absent, or an error. */
static char *
ReadTarget(const JsonNode *to, const char *name, ErrorList *errors)
{
	for (const JsonNode *node = to->first; node != NULL; node = node->next)
	{
		if (strcmp(node->key, name) != 0 || node->kind == JSON_NULL)
			continue;
		if ((node->kind == JSON_STRING || node->kind == JSON_NUMBER) && !TextBlank(node->text, node->length))
		{
			if ((int) Utf8Characters(node->text, node->length) <= EVENT_TEXT_CHARACTERS)
				return node->text;
			ErrorPrint(errors, false, psprintf("/to/%s", name), CBD_FIELD_TOO_LONG,
					   "%s{name} has more than %d{limit} characters", name, EVENT_TEXT_CHARACTERS);
		}
		else if (node->kind != JSON_STRING)
			ErrorPrint(errors, false, psprintf("/to/%s", name), CBD_FIELD_TYPE,
					   "%s{name} must be a string, not %s{found*}", name, JsonKindName(node->kind));
	}
	return NULL;
}

/* to: {unit, account}. */
static void
ReadTo(const JsonNode *to, StepRequest *request)
{
	if (to->kind != JSON_OBJECT)
	{
		ErrorPrint(&request->errors, false, "/to", CBD_FIELD_TYPE,
				   "to must be an object {\"unit\", \"account\"}, not %s{found*}", JsonKindName(to->kind));
		return;
	}
	request->to_unit = ReadTarget(to, "unit", &request->errors);
	request->to_account = ReadTarget(to, "account", &request->errors);
}

/* medias as in a report; their pointers are those of the report chapter, which begin at the step too. */
static void
ReadMedias(JsonNode *medias, bool egova, StepRequest *request)
{
	EventReport *report = &request->medias;

	report->egova = egova;
	report->medias_node = medias;
	report->media_num.present = true;
	report->media_num.value = medias->kind == JSON_ARRAY ? medias->count : 0;
	CheckMedias(report);
	ErrorsAppend(&request->errors, &report->errors, "/medias");
}

/* The texts, numbers and times; `to` and `medias` are read already. */
static void
ReadScalars(StepFields *fields, StepRequest *request)
{
	CheckTexts(fields, &request->errors);
	request->action = fields->action;
	request->note = fields->note;
	request->reason = fields->reason;
	request->condition_code = fields->condition_code;
	request->main_task_num = fields->main_task_num;
	if (request->action == NULL)
		ErrorAdd(&request->errors, "/action", CBD_FIELD_REQUIRED, "action is required");
	ReadVersion(fields, request);
	ReadChoices(fields, request);
	if (fields->until != NULL)
		ReadUntil(fields->until, request);
}

/* A parameter that is JSON; NULL after an error. */
static JsonNode *
ReadJson(const char *name, const char *text, ErrorList *errors)
{
	JsonRefusal refusal;
	JsonNode *node = JsonParse(text, strlen(text), &refusal);

	if (node == NULL)
		ErrorAdd(errors, psprintf("/%s", name), refusal.status, refusal.message);
	else
	{
		/* it is a member of the step, as its pointers say */
		JsonNode *step = palloc0(sizeof(JsonNode));

		step->kind = JSON_OBJECT;
		node->key = pstrdup(name);
		node->parent = step;
	}
	return node;
}

void
StepReadFields(const StepFields *given, bool egova, StepRequest *request)
{
	StepFields fields = *given;
	JsonNode *node;

	memset(request, 0, sizeof(*request));
	ReadScalars(&fields, request);
	if (fields.to != NULL && (node = ReadJson("to", fields.to, &request->errors)) != NULL)
		ReadTo(node, request);
	if (fields.medias != NULL && (node = ReadJson("medias", fields.medias, &request->errors)) != NULL)
		ReadMedias(node, egova, request);
}

/* A member that stands twice: which one counts would be a guess. */
static void
RefuseDuplicate(void *state, const JsonNode *member)
{
	ErrorPrint(state, false, JsonPointer(member), CBD_DUPLICATE_KEY, "\"%s{name}\" occurs more than once",
			   ShortText(member->key, strlen(member->key)));
}

/* One member of a step's object. */
static void
ReadMember(JsonNode *node, StepFields *fields, bool egova, StepRequest *request)
{
	if (node->kind == JSON_NULL)
		return;
	if (strcmp(node->key, "to") == 0)
		ReadTo(node, request);
	else if (strcmp(node->key, "medias") == 0)
		ReadMedias(node, egova, request);
	else if (strcmp(node->key, "taskNum") == 0 && node->kind == JSON_STRING)
		request->task_num = node->text;
	for (int i = 0; i < lengthof(step_texts); i++)
		if (strcmp(node->key, step_texts[i].name) == 0)
		{
			if (node->kind == JSON_STRING || node->kind == JSON_NUMBER)
				TEXT_OF(fields, &step_texts[i]) = node->text;
			else
				ErrorPrint(&request->errors, false, psprintf("/%s", node->key), CBD_FIELD_TYPE,
						   "%s{name} must be a string, not %s{found*}", node->key, JsonKindName(node->kind));
		}
}

void
StepReadObject(JsonNode *object, bool egova, StepRequest *request)
{
	StepFields fields = {0};

	memset(request, 0, sizeof(*request));
	object->parent = NULL;
	if (object->kind != JSON_OBJECT)
	{
		ErrorPrint(&request->errors, false, "", CBD_FIELD_TYPE, "a step must be an object, not %s{found*}",
				   JsonKindName(object->kind));
		return;
	}
	if (JsonDuplicates(object, RefuseDuplicate, &request->errors))
		return;
	for (JsonNode *node = object->first; node != NULL; node = node->next)
		ReadMember(node, &fields, egova, request);
	ReadScalars(&fields, request);
}
