/*
 * Rules over REST, for the system administrator: GET /admin/rules lists them with their failures, POST
 * /admin/rules saves some, all or none, or with dryRun only looks at them; POST /admin/rules/explain and
 * /admin/rules/dry-run. What is wrong is told with pointers into the body, all at once. See rule.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/account.h"
#include "admin/admin_page.h"
#include "core/interval.h"
#include "rule/rule_guard.h"
#include "rule/rule_store.h"

#define RULES_LIMIT       500 /* of one request */
#define CHANGES_SHOWN     500
#define CURSOR_CHARACTERS 80 /* code, slash, ten digits */

/* clang-format off */
/* $1 code, null: any; $2 in force at this moment, null: either; $3 failing, null: either; $4 after this one, $5 rows */
static SpiQuery rules_page = {
	PAGE_OF("'code', p.rule_code, 'version', p.version, 'order', CASE WHEN NOT p.ended THEN p.rule_order END,"
			" 'validFrom', " SHOWN_TIME("p.valid_from") ", 'validTo', " SHOWN_TIME("p.valid_to")
			", 'ended', p.ended, 'inForce', p.in_force, 'savedAt', " SHOWN_TIME("p.saved_at") ", 'savedBy', p.saved_by,"
			" 'failures', p.failures, 'lastFailure', (SELECT json_build_object('time', " SHOWN_TIME("f.failed_at")
			", 'taskNum', (SELECT e.task_num FROM citybigdata.event e WHERE e.rec_id = f.rec_id), 'step', f.step,"
			" 'statusCode', f.status_code, 'message', f.message) FROM citybigdata.rule_failure f"
			" WHERE f.rule_code = p.rule_code AND f.version = p.version ORDER BY f.failure_no DESC LIMIT 1),"
			" 'rule', p.definition", "place", "5")
	"(SELECT * FROM (SELECT r.*, r.rule_code || '/' || lpad(r.version::text, 10, '0') AS place,"
	"   EXISTS (SELECT FROM citybigdata.rules_in_force i WHERE i.rule_no = r.rule_no) AS in_force,"
	"   (SELECT count(*) FROM (SELECT FROM citybigdata.rule_failure f WHERE f.rule_code = r.rule_code AND f.version = r.version"
	"     LIMIT 10000) c) AS failures FROM citybigdata.rule r"
	"  WHERE ($1 IS NULL OR r.rule_code = $1) AND ($3 IS NULL OR $3 = EXISTS (SELECT FROM citybigdata.rule_failure f"
	"   WHERE f.rule_code = r.rule_code AND f.version = r.version))) v"
	"  WHERE ($2 IS NULL OR v.in_force = $2) AND v.place COLLATE \"C\" > $4 ORDER BY v.place COLLATE \"C\" LIMIT $5) p",
	5, {TEXTOID, BOOLOID, BOOLOID, TEXTOID, INT4OID}, NULL};
/* clang-format on */

/* A choice of true and false that may be absent. */
static Datum
TrueFalse(Call *call, const char *pointer, const char *text, bool *isnull)
{
	static const char *const choices[] = {"true", "false", NULL};
	const char *chosen = CheckChoice(call, pointer, text, choices, false, "true, false");

	*isnull = chosen == NULL;
	return BoolGetDatum(chosen != NULL && strcmp(chosen, "true") == 0);
}

/* rest_admin_rules(..., code, active, failing, cursor, page_size) */
static Datum
AdminRules(Call *call)
{
	ARGUMENTS(ARG_CODE, ARG_ACTIVE, ARG_FAILING, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"code", "active", "failing", "cursor", "pageSize", NULL};
	static const TextRule code_rule = {"/code", 1, RULE_CODE, false, false};
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(CheckText(&call->errors, &code_rule, CallText(call, ARG_CODE)), &nulls[0]);
	values[1] = TrueFalse(call, "/active", CallText(call, ARG_ACTIVE), &nulls[1]);
	values[2] = TrueFalse(call, "/failing", CallText(call, ARG_FAILING), &nulls[2]);
	values[3] = CStringGetTextDatum(CheckTextCursor(call, CallText(call, ARG_CURSOR), CURSOR_CHARACTERS));
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &rules_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_rules, "rule.list", AdminRules);

/* Adds the errors of a part of the body: their pointers begin there. */
static void
AppendPart(Call *call, const ErrorList *errors, const char *part)
{
	for (int i = 0; i < errors->kept; i++)
		ErrorCopy(&call->errors, psprintf("%s%s", part, errors->entries[i].pointer), &errors->entries[i]);
}

/* ---- saving ---- */

/* Rules being saved. */
typedef struct Saving
{
	Call *call;
	const JsonNode *list;
	bool dry_run;
	StringInfoData data; /* of the reply */
	int changed;
	char *object; /* the code, of a single rule */
} Saving;

/* A JSON argument as a tree of that kind; NULL: wrong, with errors. */
static JsonNode *
TreeArgument(Call *call, int n, const char *pointer, JsonKind kind, const char *expected)
{
	JsonNode *root = CallTree(call, n, pointer);

	if (root == NULL || root->kind == kind)
		return root;
	ErrorPrint(&call->errors, false, pointer, CBD_FIELD_TYPE, "expected is %s{wanted*}", expected);
	return NULL;
}

/* The element as a tree of its own, so that pointers begin there. */
static JsonNode *
Detached(const JsonNode *node)
{
	JsonNode *root = palloc(sizeof(*root));

	*root = *node;
	root->parent = NULL;
	root->key = NULL;
	for (JsonNode *child = root->first; child != NULL; child = child->next)
		child->parent = root;
	return root;
}

/* One of them. */
static void
SaveOne(Saving *saving, const JsonNode *node)
{
	Call *call = saving->call;
	ErrorList errors;
	RuleDraft draft;
	SavedRule saved;

	ErrorsBegin(&errors);
	RuleExamine(Detached(node), &errors, &draft);
	if (errors.count == 0)
	{
		saved = RuleSave(&draft, ReviewerName(&call->caller), &errors);
		appendStringInfoString(&saving->data, saving->data.data[saving->data.len - 1] == '[' ? "{" : ",{");
		JsonField(&saving->data, "code", saved.code);
		appendStringInfo(&saving->data, ",\"version\":%d,\"changed\":%s}", saved.version,
						 saved.same ? "false" : "true");
		saving->changed += saved.same ? 0 : 1;
		saving->object = saving->list->count == 1 ? saved.code : NULL;
	}
	AppendPart(call, &errors, psprintf("/rules/%d", node->index));
}

/* RuleWork: all of them; errors, or that it was a trial, undo it. */
static CbdStatus
SaveAll(void *state, char **message)
{
	Saving *saving = state;

	for (const JsonNode *node = saving->list->first; node != NULL; node = node->next)
		SaveOne(saving, node);
	return saving->call->errors.count > 0 || saving->dry_run ? CBD_VALIDATION_FAILED : CBD_OK;
}

/* rest_rule_save(..., rules, dry_run): {rules: [{code, version, changed}]} */
static Datum
RuleSaveCall(Call *call)
{
	ARGUMENTS(ARG_RULES, ARG_DRY_RUN);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	Saving saving = {.call = call, .dry_run = CallBool(call, ARG_DRY_RUN)};
	char *message;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	saving.list = TreeArgument(call, ARG_RULES, "/rules", JSON_ARRAY, MESSAGE("an array of rules"));
	if (saving.list != NULL && (saving.list->count == 0 || saving.list->count > RULES_LIMIT))
		ErrorPrint(&call->errors, false, "/rules", CBD_FIELD_OUT_OF_RANGE, "1 to %d{limit} rules",
				   RULES_LIMIT);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	initStringInfo(&saving.data);
	appendStringInfoString(&saving.data, "{\"rules\":[");
	status = RuleGuarded(SaveAll, &saving, &message);
	if (status == CBD_RULE_ERROR)
		ErrorPrint(&call->errors, false, "/rules", status, "the rules were not saved: %s{why}", message);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	appendStringInfo(&saving.data, "]%s}", saving.dry_run ? ",\"dryRun\":true" : "");
	call->object = saving.object;
	call->detail =
		saving.dry_run ? "dry run" : psprintf("%d rules, %d changed", saving.list->count, saving.changed);
	return Answer(call, CBD_OK, saving.data.data);
}

ENDPOINT(cbd_rest_rule_save, "rule.save", RuleSaveCall);

/* ---- explaining ---- */

/* {"code","version","order","acts","term","message"} of each */
static char *
ExplainedData(const RuleExplained *explained, int count)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoString(&data, "{\"rules\":[");
	for (int i = 0; i < count; i++)
	{
		const RuleExplained *one = &explained[i];

		appendStringInfoString(&data, i == 0 ? "{" : ",{");
		JsonField(&data, "code", one->rule->code);
		appendStringInfo(&data, ",\"version\":%d,\"order\":%d,\"acts\":%s", one->rule->version,
						 one->rule->order, one->acts ? "true" : "false");
		JsonField(&data, "term", one->term == TERM_NONE ? NULL : RuleTermName(one->term));
		if (one->status != CBD_OK)
			JsonField(&data, "message", one->message == NULL ? StatusMessage(one->status) : one->message);
		appendStringInfoChar(&data, '}');
	}
	appendStringInfoString(&data, "]}");
	return data.data;
}

/* rest_rule_explain(..., event, every): {rules: [...]} */
static Datum
RuleExplainCall(Call *call)
{
	ARGUMENTS(ARG_EVENT, ARG_EVERY);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	char *text = CallText(call, ARG_EVENT);
	RuleSubject subject;
	RuleExplained *explained;
	ErrorList errors;
	int count;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	ErrorsBegin(&errors);
	if (text == NULL || text[0] == '\0')
		ErrorAdd(&call->errors, "/event", CBD_FIELD_REQUIRED,
				 "expected is an event, {senderCode, data} or {taskNum, step}");
	else
		status = RuleSubjectOfText(text, strlen(text), &subject, &errors);
	AppendPart(call, &errors, "/event");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	explained = RuleExplain(&subject, CallBool(call, ARG_EVERY), &count);
	call->detail = psprintf("%d rules", count);
	return Answer(call, CBD_OK, ExplainedData(explained, Min(count, LIST_PAGE_MAX)));
}

ENDPOINT(cbd_rest_rule_explain, "rule.explain", RuleExplainCall);

/* ---- trying ---- */

/* {judged, more, changed, items: [{taskNum, time, before: {rules, done}, after}]} */
static char *
TriedData(const RuleDryRun *run)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfo(&data, "{\"judged\":%d,\"more\":%s,\"changed\":%d,\"items\":[", run->judged,
					 run->more ? "true" : "false", run->count);
	for (int i = 0; i < Min(run->count, CHANGES_SHOWN); i++)
	{
		const RuleChange *change = &run->changes[i];
		char time[15];

		FormatTimePoint(change->time, time);
		appendStringInfoString(&data, i == 0 ? "{" : ",{");
		JsonField(&data, "taskNum", change->task_num);
		JsonField(&data, "time", time);
		appendStringInfo(&data,
						 ",\"before\":{\"rules\":%s,\"outcome\":%s},\"after\":{\"rules\":%s,\"outcome\":%s}}",
						 change->before.rules, change->before.done, change->after.rules, change->after.done);
	}
	appendStringInfoString(&data, "]}");
	return data.data;
}

/* The bounds of a time range parameter. */
static void
ReadRange(Call *call, const char *text, TimestampTz *from, TimestampTz *to)
{
	IntervalText interval;
	ParseError error;

	if (text == NULL || text[0] == '\0')
		ErrorAdd(&call->errors, "/timeRange", CBD_FIELD_REQUIRED, NULL);
	else if (!interval_parse(text, strlen(text), &interval, &error) ||
			 !IntervalBounds(&interval, from, to, &error))
		ErrorPrint(&call->errors, false, "/timeRange", CBD_INVALID_INTERVAL, "%s{why*}. %s{hint*}",
				   error.message, error.hint);
}

/* rest_rule_dry_run(..., rule, time_range) */
static Datum
RuleDryRunCall(Call *call)
{
	ARGUMENTS(ARG_RULE, ARG_TIME_RANGE);
	CbdStatus status = AuthoriseAdministrator(call, ADMIN_SYSTEM);
	TimestampTz from = 0, to = 0;
	ErrorList errors;
	RuleDraft draft;
	RuleDryRun run;
	JsonNode *root;

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	ErrorsBegin(&errors);
	ReadRange(call, CallText(call, ARG_TIME_RANGE), &from, &to);
	root = TreeArgument(call, ARG_RULE, "/rule", JSON_OBJECT, MESSAGE("a rule"));
	if (root != NULL)
		RuleExamine(root, &errors, &draft);
	AppendPart(call, &errors, "/rule");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	RulePrepare(&draft);
	RuleTry(draft.rule, from, to, &run);
	ShapeFree(draft.rule->shape);
	call->object = draft.rule->code;
	call->detail = psprintf("%d judged, %d changed", run.judged, run.count);
	return Answer(call, CBD_OK, TriedData(&run));
}

ENDPOINT(cbd_rest_rule_dry_run, "rule.dryRun", RuleDryRunCall);
