/* explain_rules(): which term of each rule does not hold for a report or a case; see rule_store.h. */
#include "postgres.h"

#include "core/text_check.h"
#include "process/process_members.h"
#include "rule/rule_guard.h"
#include "rule/rule_store.h"
#include "utils/timestamp.h"

#define EVENT_EXPECTED MESSAGE("expected is an event, {senderCode, data} or {taskNum, step}")

/* One rule being looked at. */
typedef struct Looking
{
	Rule *rule;
	RuleSubject *subject;
	RuleTerm term;
} Looking;

/* RuleWork */
static CbdStatus
Look(void *state, char **message)
{
	Looking *looking = state;

	looking->term = RuleFailingTerm(looking->rule, looking->subject);
	return CBD_OK;
}

/* The rules in force that are told of, in their order. */
static Rule **
RulesToTell(const RuleSubject *subject, bool all, int *count)
{
	const RuleSet *set = RuleSetNow();
	int found = set->count;
	Rule **from = all ? set->rules : RuleCandidates(set->index, subject, &found);
	Rule **rules = palloc(sizeof(Rule *) * Max(found, 1));

	*count = 0;
	for (int i = 0; i < found; i++)
		if (RuleInForce(from[i], subject->as_of))
			rules[(*count)++] = from[i];
	qsort(rules, *count, sizeof(Rule *), RuleCompare);
	return rules;
}

RuleExplained *
RuleExplain(RuleSubject *subject, bool all, int *count)
{
	Rule **rules = RulesToTell(subject, all, count);
	RuleExplained *explained = palloc0(sizeof(RuleExplained) * Max(*count, 1));
	bool stopped = false;
	int told = 0;

	for (int i = 0; i < *count; i++)
	{
		RuleExplained *one = &explained[told];
		Looking looking = {rules[i], subject, TERM_NONE};

		one->rule = rules[i];
		one->status = RuleGuarded(Look, &looking, &one->message);
		one->term = looking.term;
		/* two values may meet in the index: such a rule is no candidate */
		if (!all && one->status == CBD_OK && one->term < RULE_LISTS)
			continue;
		told++;
		one->acts = one->status == CBD_OK && one->term == TERM_NONE && !stopped;
		stopped = stopped || (one->acts && one->rule->stop);
	}
	*count = told;
	return explained;
}

/* ---- the subject ---- */

/* {taskNum, step}: a stored case as it is now, after a step if one is named. */
static CbdStatus
CaseSubject(const JsonNode *root, RuleSubject *subject, ErrorList *errors)
{
	static const char *const members[] = {"taskNum", "step", NULL};
	const char *task_num = MemberText(root, "taskNum", true, TASK_NUM_SIZE, errors);
	const char *step = MemberText(root, "step", false, 63, errors);
	int32 rec_id = task_num == NULL ? 0 : TaskNumRecId(task_num);

	MembersKnown(root, members, errors);
	if (errors->count > 0)
		return CBD_VALIDATION_FAILED;
	if (rec_id == 0 || !RuleSubjectOfCase(rec_id, subject))
	{
		ErrorAdd(errors, "/taskNum", CBD_NO_SUCH_EVENT, NULL);
		return CBD_NO_SUCH_EVENT;
	}
	subject->step = step;
	if (step != NULL)
		subject->now = GetCurrentTimestamp();
	return CBD_OK;
}

/* A report that is not stored. */
static CbdStatus
ReportSubject(const char *text, size_t length, const char *sender, const char *whole, RuleSubject *subject,
			  ErrorList *errors)
{
	EventReport *report = palloc0(sizeof(*report));
	CbdStatus status;

	/* as profile egova reads it: what a strict sender must bring is not the question here */
	ValidateEvent(text, length, true, report);
	status = ReportStatus(report);
	for (int i = 0; i < report->errors.kept && status != CBD_OK; i++)
		if (!report->errors.entries[i].warning)
			ErrorCopy(errors, psprintf("%s%s", whole, report->errors.entries[i].pointer),
					  &report->errors.entries[i]);
	if (status == CBD_OK)
		RuleSubjectOfReport(report, sender, subject);
	return status;
}

CbdStatus
RuleSubjectOfText(const char *text, size_t length, RuleSubject *subject, ErrorList *errors)
{
	JsonRefusal refusal;
	JsonNode *root = JsonParse(text, length, &refusal);
	const JsonNode *data;
	StringInfoData event;

	if (root == NULL || root->kind != JSON_OBJECT)
	{
		ErrorAdd(errors, "", root == NULL ? refusal.status : CBD_FIELD_TYPE,
				 root == NULL ? refusal.message : EVENT_EXPECTED);
		return ErrorsStatus(errors);
	}
	if (MemberFind(root, "taskNum") != NULL && MemberFind(root, "eventDesc") == NULL)
		return CaseSubject(root, subject, errors);
	data = MemberFind(root, "data");
	if (data == NULL)
		return ReportSubject(text, length, NULL, "", subject, errors);
	initStringInfo(&event);
	if (data->kind == JSON_STRING)
		appendBinaryStringInfo(&event, data->text, (int) data->length);
	else
		JsonWrite(&event, data);
	return ReportSubject(event.data, event.len,
						 MemberText(root, "senderCode", false, EVENT_TEXT_CHARACTERS, errors), "/data",
						 subject, errors);
}
