/*
 * advance_case() and start_process(): steps from SQL, as an account or with the session's own right. Refusals
 * are rows; each call writes its audit row. See step.h.
 */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "audit/audit.h"
#include "core/guc.h"
#include "core/result_row.h"
#include "core/text_check.h"
#include "event/event_sql.h"
#include "process/step.h"

/* The columns of both results. */
enum
{
	RESULT_TASK_NUM,
	RESULT_STATUS,
	RESULT_VERSION,
	RESULT_STAGE,
	RESULT_STATE,
	RESULT_ERRORS,
	RESULT_WARNINGS,
	RESULT_ACTIONS,
	RESULT_COLUMNS
};

/* JSON text of our own as a jsonb value of the row; null when NULL. */
static void
SetJson(Datum *values, bool *nulls, int column, char *json)
{
	nulls[column] = json == NULL;
	if (json != NULL)
		values[column] = DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}

/* One more text of the row; null when NULL. */
static void
SetText(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	if (text != NULL)
		values[column] = CStringGetTextDatum(text);
}

/* The outcome as a row: the case as it is now, where the caller may see it. */
static Datum
OutcomeRow(FunctionCallInfo fcinfo, const char *task_num, const Case *c, CbdStatus status,
		   const ErrorList *errors, char *actions)
{
	Datum values[RESULT_COLUMNS] = {0};
	bool nulls[RESULT_COLUMNS] = {false};
	bool seen = status != CBD_NO_SUCH_EVENT;

	SetText(values, nulls, RESULT_TASK_NUM, task_num);
	values[RESULT_STATUS] = Int32GetDatum((int32) status);
	values[RESULT_VERSION] = Int32GetDatum(c->version);
	nulls[RESULT_VERSION] = nulls[RESULT_STATE] = !seen;
	SetText(values, nulls, RESULT_STAGE, seen ? c->stage_name : NULL);
	values[RESULT_STATE] = Int32GetDatum(c->state);
	SetJson(values, nulls, RESULT_ERRORS, ErrorsJson(errors, false));
	SetJson(values, nulls, RESULT_WARNINGS, ErrorsJson(errors, true));
	SetJson(values, nulls, RESULT_ACTIONS, actions);
	return ResultRow(fcinfo, values, nulls);
}

/* The audit row; what the session is called, audit.c knows. */
static void
AuditStep(const char *action, const Actor *actor, const char *task_num, CbdStatus status, const char *detail)
{
	RestContext context = {0};
	Caller caller = {0};

	if (actor->kind == ACTOR_OPERATOR)
		detail = psprintf("as %s%s%s", actor->name, detail == NULL ? "" : ": ", detail == NULL ? "" : detail);
	AuditWrite(&context, &caller, action, task_num, status, detail);
}

/* Argument `n` as an actor: an account's user name or number; null: the session. */
static void
ActorArgument(FunctionCallInfo fcinfo, int n, Actor *actor)
{
	char *account;

	if (PG_ARGISNULL(n))
	{
		RoleActor(actor);
		return;
	}
	account = text_to_cstring(PG_GETARG_TEXT_PP(n));
	if (!AccountActor(account, actor))
		RaiseStatus(CBD_NO_SUCH_ACCOUNT, SaidBoth("There is no active account \"%s{name}\".",
												  ShortText(account, strlen(account))));
}

/* A text argument; NULL when null. */
static char *
TextArgument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* The step of a jsonb argument. */
static void
StepArgument(FunctionCallInfo fcinfo, int n, StepRequest *request)
{
	JsonRefusal refusal;
	JsonNode *node;
	EventText text;

	memset(request, 0, sizeof(*request));
	if (PG_ARGISNULL(n))
	{
		ErrorAdd(&request->errors, "", CBD_FIELD_REQUIRED, "step is null");
		return;
	}
	text = EventArgument(PG_GETARG_DATUM(n), true);
	node = JsonParse(text.text, text.length, &refusal);
	if (node == NULL)
		ErrorAdd(&request->errors, "", refusal.status, refusal.message);
	else
		StepReadObject(node, false, request);
}

PG_FUNCTION_INFO_V1(cbd_advance_case);
extern Datum cbd_advance_case(PG_FUNCTION_ARGS);

/* advance_case(task_num, step, account) */
Datum
cbd_advance_case(PG_FUNCTION_ARGS)
{
	char *task_num = TextArgument(fcinfo, 0);
	StepRequest request;
	StringInfoData actions = {0};
	CbdStatus status;
	Case c = {0};
	Actor actor;

	ActorArgument(fcinfo, 2, &actor);
	StepArgument(fcinfo, 1, &request);
	if (request.main_task_num != NULL)
	{
		request.task_num = task_num;
		CasesLock(&actor, &request, NULL, 1);
	}
	status = CaseLock(task_num, &actor, &c);
	if (status == CBD_OK)
	{
		status = CaseAdvance(&c, &actor, &request);
		if (status == CBD_NOT_FROM_HERE)
		{
			initStringInfo(&actions);
			WriteActions(&actions, &c, &actor);
		}
	}
	else
		memset(&request, 0, sizeof(request));
	AuditStep("case.step", &actor, task_num, status,
			  request.errors.count > 0 ? ErrorsSummary(&request.errors) : request.action);
	return OutcomeRow(fcinfo, task_num, &c, status, &request.errors, actions.data);
}

PG_FUNCTION_INFO_V1(cbd_start_process);
extern Datum cbd_start_process(PG_FUNCTION_ARGS);

/* start_process(task_num, process) */
Datum
cbd_start_process(PG_FUNCTION_ARGS)
{
	char *task_num = TextArgument(fcinfo, 0);
	char *process = PG_ARGISNULL(1) ? guc_process : TextArgument(fcinfo, 1);
	CbdStatus status;
	ErrorList errors = {0};
	Case c = {0};
	Actor actor;

	RoleActor(&actor);
	status = CaseLock(task_num, &actor, &c);
	if (status == CBD_OK)
		status = CaseStart(&c, &actor, process);
	AuditStep("case.start", &actor, task_num, status, process);
	return OutcomeRow(fcinfo, task_num, &c, status, &errors, NULL);
}
