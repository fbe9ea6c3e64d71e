/*
 * Endpoint: POST /events/steps: many steps in one request, a result for each. Each is a subtransaction, so
 * that one that goes wrong takes nothing of the others with it. See step.h.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/guarded.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "event/idempotency.h"
#include "process/step_reply.h"

/* One step of the request. */
typedef struct ApartStep
{
	Case *c;
	const Actor *actor;
	StepRequest *request;
	CbdStatus status;
} ApartStep;

/* GuardedPasses: an error that ends the whole request: the client, the server or another transaction wants
 * it to. */
static bool
EndsAll(const ErrorData *error, void *unused)
{
	int class = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	return EndsStatement(error, NULL) || class == ERRCODE_TRANSACTION_ROLLBACK ||
		   class == ERRCODE_INTERNAL_ERROR;
}

/* GuardedWork: a step that is refused keeps what it has written, as it does alone. */
static bool
Advance(void *state)
{
	ApartStep *step = state;

	step->status = CaseLock(step->request->task_num, step->actor, step->c);
	if (step->status == CBD_OK)
		step->status = CaseAdvance(step->c, step->actor, step->request);
	return true;
}

/* One step in a subtransaction. An error that is raised is told to the server's log and is its result. */
static CbdStatus
AdvanceApart(Case *c, const Actor *actor, StepRequest *request)
{
	ApartStep step = {c, actor, request, CBD_INTERNAL_ERROR};
	ErrorData *error;

	if (RunGuarded(Advance, &step, EndsAll, &error) != GUARDED_FAILED)
		return step.status;
	ereport(LOG, (errcode(error->sqlerrcode), errmsg("a step was undone: %s", error->message)));
	return CBD_CONFLICT;
}

/* {"taskNum","success","statusCode","message","version","stage","state","errors","warnings"} */
static void
WriteResult(StringInfo out, CbdStatus status, const Case *c, const StepRequest *request)
{
	char *errors = ErrorsJson(&request->errors, false);
	char *warnings = ErrorsJson(&request->errors, true);

	appendStringInfoString(out, "{\"taskNum\":");
	JsonString(out, request->task_num);
	appendStringInfo(out, ",\"success\":%s,\"statusCode\":%d", status == CBD_OK ? "true" : "false", status);
	JsonField(out, "message", SaidStatus(status));
	if (status != CBD_NO_SUCH_EVENT && c->task_num != NULL)
	{
		appendStringInfo(out, ",\"version\":%d,\"state\":%d", c->version, c->state);
		JsonField(out, "stage", c->stage_name);
	}
	if (errors != NULL)
		appendStringInfo(out, ",\"errors\":%s", errors);
	if (warnings != NULL)
		appendStringInfo(out, ",\"warnings\":%s", warnings);
	appendStringInfoChar(out, '}');
}

/* The steps of the call: a list of objects; NULL after errors. */
static JsonNode *
ReadSteps(Call *call, const char *text)
{
	JsonRefusal refusal;
	JsonNode *list;

	if (text == NULL)
	{
		ErrorAdd(&call->errors, "/steps", CBD_FIELD_REQUIRED, "steps is required");
		return NULL;
	}
	list = JsonParse(text, strlen(text), &refusal);
	if (list == NULL)
		ErrorAdd(&call->errors, "/steps", refusal.status, refusal.message);
	else if (list->kind != JSON_ARRAY)
		ErrorPrint(&call->errors, false, "/steps", CBD_FIELD_TYPE, "steps must be an array, not %s{found*}",
				   JsonKindName(list->kind));
	else if (list->count == 0 || list->count > STEP_BULK_LIMIT)
		ErrorPrint(&call->errors, false, "/steps", CBD_FIELD_OUT_OF_RANGE,
				   "steps has %d{count} elements; 1 to %d{limit} are taken", list->count, STEP_BULK_LIMIT);
	return call->errors.count > 0 ? NULL : list;
}

/* Takes all steps; the data of the reply. */
static char *
TakeAll(StepCall *steps, JsonNode *list)
{
	StepRequest *requests = palloc0(sizeof(StepRequest) * list->count);
	bool *seen = palloc0(sizeof(bool) * list->count);
	JsonNode *node = list->first;
	StringInfoData out;
	int good = 0;

	for (int i = 0; i < list->count; i++)
	{
		JsonNode *next = node->next;
		Case c = {0};

		StepReadObject(node, steps->call->caller.egova, &requests[i]);
		seen[i] = CaseRead(requests[i].task_num, &steps->actor, &c);
		node = next;
	}
	CasesLock(&steps->actor, requests, seen, list->count);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"results\":[");
	for (int i = 0; i < list->count; i++)
	{
		Case c = {0};
		CbdStatus status = seen[i] ? AdvanceApart(&c, &steps->actor, &requests[i]) : CBD_NO_SUCH_EVENT;

		good += status == CBD_OK;
		if (status != CBD_OK)
			StepRefusal(status, &c, &requests[i]);
		if (i > 0)
			appendStringInfoChar(&out, ',');
		WriteResult(&out, status, &c, &requests[i]);
	}
	appendStringInfo(&out, "],\"succeeded\":%d,\"failed\":%d}", good, list->count - good);
	steps->call->detail = psprintf("%d steps, %d taken", list->count, good);
	return out.data;
}

/* rest_case_bulk(context, steps, idempotency_key, body_digest) */
static Datum
CaseBulk(Call *call)
{
	ARGUMENTS(ARG_STEPS, ARG_KEY, ARG_DIGEST);
	StepCall steps;
	IdempotencyKey key = {0};
	JsonNode *list;
	char *data = NULL;
	CbdStatus status;
	Datum reply;

	if (!StepCallBegin(&steps, call, &reply))
		return reply;
	if (CallGiven(call, ARG_KEY) && CallGiven(call, ARG_DIGEST))
		key = (IdempotencyKey){steps.actor.app_id, steps.actor.account_id, CallText(call, ARG_KEY),
							   CallDatum(call, ARG_DIGEST)};
	IdempotencyCheck(&key, &call->errors);
	list = ReadSteps(call, CallText(call, ARG_STEPS));
	if (list == NULL || call->errors.count > 0)
		return AnswerErrors(call);
	if (key.key != NULL && (status = IdempotencyFind(&key, &data, &call->errors)) != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	if (data == NULL)
	{
		data = TakeAll(&steps, list);
		if (key.key != NULL)
			IdempotencyRemember(&key, data);
	}
	else
		call->detail = "first reply again by Idempotency-Key";
	return Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_case_bulk, "case.bulk", CaseBulk);
