/* Rules from SQL: rule_problems(), save_rule(), explain_rules(), dry_run_rule(). See rule.h. */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/rangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "access/account.h"
#include "audit/audit.h"
#include "core/result_row.h"
#include "rule/rule_store.h"

/* What a caller with a wrong rule may do. */
static char *
SaveHint(void)
{
	return Said("SELECT * FROM citybigdata.rule_problems(…) lists all of them; a valid rule is %s{example}",
				"{\"code\": \"lamps\", \"order\": 10, \"when\": {\"types\": [\"6\"]}, "
				"\"then\": [{\"set\": {\"level\": 1}}]}");
}

/* A jsonb argument as a tree. */
static JsonNode *
JsonbTree(FunctionCallInfo fcinfo, int n, ErrorList *errors)
{
	Jsonb *document = PG_GETARG_JSONB_P(n);
	char *text = JsonbToCString(NULL, &document->root, VARSIZE(document));
	JsonRefusal refusal;
	JsonNode *root = JsonParse(text, strlen(text), &refusal);

	if (root == NULL)
		ErrorAdd(errors, "", refusal.status, refusal.message);
	return root;
}

/* The rule of a jsonb argument; draft->rule is NULL when it is none. */
static void
DraftArgument(FunctionCallInfo fcinfo, int n, RuleDraft *draft, ErrorList *errors)
{
	JsonNode *root;

	memset(draft, 0, sizeof(*draft));
	ErrorsBegin(errors);
	root = JsonbTree(fcinfo, n, errors);
	if (root != NULL)
		RuleExamine(root, errors, draft);
}

/* JSON text of our own as a jsonb value. */
static Datum
JsonDatum(char *json)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}

/* One more row of a set. */
static void
PutRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(cbd_rule_problems);
extern Datum cbd_rule_problems(PG_FUNCTION_ARGS);

/* rule_problems(definition): pointer, status_code, message of each problem */
Datum
cbd_rule_problems(PG_FUNCTION_ARGS)
{
	ErrorList errors;
	RuleDraft draft;

	InitMaterializedSRF(fcinfo, 0);
	DraftArgument(fcinfo, 0, &draft, &errors);
	for (int i = 0; i < errors.kept; i++)
	{
		Datum values[3] = {CStringGetTextDatum(errors.entries[i].pointer),
						   Int32GetDatum((int32) errors.entries[i].status),
						   CStringGetTextDatum(errors.entries[i].said)};
		bool nulls[3] = {false};

		PutRow(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(cbd_save_rule);
extern Datum cbd_save_rule(PG_FUNCTION_ARGS);

/* save_rule(definition): (rule_code, version). Errors: those of rule_problems(), 42200 */
Datum
cbd_save_rule(PG_FUNCTION_ARGS)
{
	ErrorList errors;
	RuleDraft draft;
	SavedRule saved;
	Datum values[2];
	bool nulls[2] = {false, false};

	DraftArgument(fcinfo, 0, &draft, &errors);
	ErrorsRaise(&errors, SaveHint());
	saved = RuleSave(&draft, ReviewerName(NULL), &errors);
	ErrorsRaise(&errors, SaveHint());
	AuditWrite(NULL, NULL, "rule.save", saved.code, CBD_OK,
			   psprintf("version %d%s%s", saved.version, draft.rule->ended ? ", the end" : "",
						saved.same ? ", as it was" : ""));
	values[0] = CStringGetTextDatum(saved.code);
	values[1] = Int32GetDatum(saved.version);
	PG_RETURN_DATUM(ResultRow(fcinfo, values, nulls));
}

PG_FUNCTION_INFO_V1(cbd_explain_rules);
extern Datum cbd_explain_rules(PG_FUNCTION_ARGS);

/* explain_rules(data, every): rule_code, version, rule_order, acts, term, message */
Datum
cbd_explain_rules(PG_FUNCTION_ARGS)
{
	text *data = PG_GETARG_TEXT_PP(0);
	ErrorList errors;
	RuleSubject subject;
	RuleExplained *explained;
	int count;

	InitMaterializedSRF(fcinfo, 0);
	ErrorsBegin(&errors);
	(void) RuleSubjectOfText(VARDATA_ANY(data), VARSIZE_ANY_EXHDR(data), &subject, &errors);
	ErrorsRaise(&errors, Said("For example explain_rules('%s{example}')", "{\"taskNum\": \"…\"}"));
	explained = RuleExplain(&subject, PG_GETARG_BOOL(1), &count);
	for (int i = 0; i < count; i++)
	{
		const RuleExplained *one = &explained[i];
		const char *message = one->status == CBD_OK  ? NULL
							  : one->message == NULL ? StatusMessage(one->status)
													 : one->message;
		Datum values[6] = {CStringGetTextDatum(one->rule->code),
						   Int32GetDatum(one->rule->version),
						   Int32GetDatum(one->rule->order),
						   BoolGetDatum(one->acts),
						   (Datum) 0,
						   (Datum) 0};
		bool nulls[6] = {[4] = one->term == TERM_NONE, [5] = message == NULL};

		if (!nulls[4])
			values[4] = CStringGetTextDatum(RuleTermName(one->term));
		if (!nulls[5])
			values[5] = CStringGetTextDatum(message);
		PutRow(fcinfo, values, nulls);
	}
	return (Datum) 0;
}

/* The bounds of a range argument; all of time where it has none. */
static void
RangeArgument(FunctionCallInfo fcinfo, int n, TimestampTz *from, TimestampTz *to)
{
	RangeType *range = PG_GETARG_RANGE_P(n);
	RangeBound lower, upper;
	bool empty;

	range_deserialize(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range, &lower, &upper,
					  &empty);
	*from = empty || lower.infinite ? DT_NOBEGIN : DatumGetTimestampTz(lower.val);
	*to = empty ? DT_NOBEGIN : upper.infinite ? DT_NOEND : DatumGetTimestampTz(upper.val);
	if (!empty && !lower.infinite && !lower.inclusive)
		*from += 1;
	if (!empty && !upper.infinite && upper.inclusive)
		*to += 1;
}

PG_FUNCTION_INFO_V1(cbd_dry_run_rule);
extern Datum cbd_dry_run_rule(PG_FUNCTION_ARGS);

/* dry_run_rule(definition, period): task_num, at, rules_before, done_before, rules_after, done_after */
Datum
cbd_dry_run_rule(PG_FUNCTION_ARGS)
{
	ErrorList errors;
	RuleDraft draft;
	RuleDryRun run;
	TimestampTz from, to;

	InitMaterializedSRF(fcinfo, 0);
	DraftArgument(fcinfo, 0, &draft, &errors);
	ErrorsRaise(&errors, SaveHint());
	RangeArgument(fcinfo, 1, &from, &to);
	RulePrepare(&draft);
	RuleTry(draft.rule, from, to, &run);
	ShapeFree(draft.rule->shape);
	if (run.more)
		ereport(NOTICE,
				(saymsg("the newest %d{count} events were judged; there are older ones", run.judged)));
	for (int i = 0; i < run.count; i++)
	{
		const RuleChange *change = &run.changes[i];
		Datum values[6] = {CStringGetTextDatum(change->task_num), TimestampTzGetDatum(change->time),
						   JsonDatum(change->before.rules),       JsonDatum(change->before.done),
						   JsonDatum(change->after.rules),        JsonDatum(change->after.done)};
		bool nulls[6] = {false};

		PutRow(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
