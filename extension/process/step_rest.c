/*
 * Endpoints: POST /events/{taskNum}/steps, GET /events/{taskNum}/steps and /actions. See step.h.
 *
 * Refusals come in the order of the interface; a caller who may not see the case learns nothing else.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "event/idempotency.h"
#include "process/step_reply.h"

bool
StepCallBegin(StepCall *steps, Call *call, Datum *reply)
{
	CbdStatus status = AuthoriseCases(call);

	memset(steps, 0, sizeof(*steps));
	steps->call = call;
	steps->reader.call = call;
	if (status != CBD_OK)
	{
		*reply = Answer(call, status, NULL);
		return false;
	}
	RequestActor(call, &steps->actor);
	ReaderOf(&steps->reader);
	return true;
}

void
StepRefusal(CbdStatus status, const Case *c, StepRequest *request)
{
	if (request->errors.count > 0)
		return;
	if (status == CBD_STALE_VERSION)
		ErrorPrint(&request->errors, false, "/version", status,
				   "the case is at version %d{version}, not %d{given}", c->version, request->version);
	else if (status == CBD_NO_SUCH_EVENT)
		ErrorAdd(&request->errors, "/taskNum", status, NULL);
	else
		ErrorPrint(&request->errors, false, "/action", status, "%s{action}, from stage %s{stage}: %s{why*}",
				   request->action == NULL ? "" : request->action,
				   c->stage_name == NULL ? "none" : c->stage_name, StatusBoth(status));
}

char *
StepCaseData(StepCall *steps, const Case *c, char *warnings)
{
	StringInfoData out;

	initStringInfo(&out);
	ReaderShowMedia(&steps->reader);
	(void) WriteCaseNow(&out, c->rec_id, &steps->reader, warnings);
	MediaSealerEnd(&steps->reader.media);
	return out.data;
}

char *
StepRefusalData(StepCall *steps, CbdStatus status, Case *c, const StepRequest *request)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, ErrorsData(&request->errors));
	if (status / 100 != 409)
		return out.data;
	out.len--; /* the bracket that closes it */
	appendStringInfo(
		&out, ",\"event\":%s,\"actions\":", StepCaseData(steps, c, ErrorsJson(&request->errors, true)));
	WriteActions(&out, c, &steps->actor);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* The arguments of a step, in the order of the route's parameters. */
ARGUMENTS(ARG_TASK_NUM, ARG_ACTION, ARG_VERSION, ARG_RESULT, ARG_NOTE, ARG_REASON, ARG_TO, ARG_UNTIL,
		  ARG_CONDITION_CODE, ARG_MEDIAS, ARG_EVALUATION, ARG_MAIN_TASK_NUM, ARG_IF_MATCH,
		  ARG_IDEMPOTENCY_KEY, ARG_BODY_DIGEST);

/* The step of the call. */
static void
ReadStep(Call *call, StepRequest *request)
{
	StepFields fields = {
		CallText(call, ARG_ACTION), CallText(call, ARG_VERSION),    CallText(call, ARG_IF_MATCH),
		CallText(call, ARG_RESULT), CallText(call, ARG_NOTE),       CallText(call, ARG_REASON),
		CallText(call, ARG_TO),     CallText(call, ARG_UNTIL),      CallText(call, ARG_CONDITION_CODE),
		CallText(call, ARG_MEDIAS), CallText(call, ARG_EVALUATION), CallText(call, ARG_MAIN_TASK_NUM)};

	StepReadFields(&fields, call->caller.egova, request);
}

/* The Idempotency-Key: it stands for the body and the case. What is kept with it are the warnings of the
 * first reply, not the case: who reported it stands nowhere but in the case, and is read by who may see it
 * then. */
static IdempotencyKey
KeyOf(const StepCall *steps, const char *task_num)
{
	Call *call = steps->call;
	IdempotencyKey key = {steps->actor.app_id, steps->actor.account_id};
	bytea *body;
	StringInfoData what;

	if (!CallGiven(call, ARG_IDEMPOTENCY_KEY) || !CallGiven(call, ARG_BODY_DIGEST))
		return key;
	body = DatumGetByteaPP(CallDatum(call, ARG_BODY_DIGEST));
	initStringInfo(&what);
	appendStringInfoSpaces(&what, VARHDRSZ);
	appendStringInfoString(&what, task_num);
	appendBinaryStringInfo(&what, VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body));
	SET_VARSIZE(what.data, what.len);
	key.key = CallText(call, ARG_IDEMPOTENCY_KEY);
	key.digest = PointerGetDatum(what.data);
	return key;
}

/* The refusal of a step. */
static Datum
RefuseStep(StepCall *steps, CbdStatus status, Case *c, StepRequest *request)
{
	Call *call = steps->call;

	StepRefusal(status, c, request);
	call->detail = request->action == NULL
					   ? ErrorsSummary(&request->errors)
					   : psprintf("%s: %s", ShortText(request->action, strlen(request->action)),
								  ErrorsSummary(&request->errors));
	return Answer(call, status, StepRefusalData(steps, status, c, request));
}

/* The reply to a step that was taken before with the same key: the case, as long as it is seen. warnings: an
 * array of the first reply. */
static Datum
AnswerAgain(StepCall *steps, const char *task_num, char *warnings)
{
	Case c = {0};

	if (!CaseRead(task_num, &steps->actor, &c))
		return Answer(steps->call, CBD_NO_SUCH_EVENT, NULL);
	steps->call->detail = "taken before with this Idempotency-Key";
	return Answer(steps->call, CBD_OK,
				  StepCaseData(steps, &c, strcmp(warnings, "[]") == 0 ? NULL : warnings));
}

/* rest_case_step(context, task_num, action, version, result, note, reason, to, until, condition_code, medias,
 * evaluation, if_match, idempotency_key, body_digest) */
static Datum
CaseStep(Call *call)
{
	char *task_num = CallText(call, ARG_TASK_NUM);
	StepCall steps;
	StepRequest request;
	IdempotencyKey key;
	Case c = {0};
	char *data = NULL;
	char *warnings;
	CbdStatus status;
	Datum reply;

	call->object = task_num != NULL ? ShortText(task_num, strlen(task_num)) : NULL;
	if (!StepCallBegin(&steps, call, &reply))
		return reply;
	ReadStep(call, &request);
	key = KeyOf(&steps, task_num == NULL ? "" : task_num);
	IdempotencyCheck(&key, &request.errors);
	if (key.key != NULL && request.errors.count == 0 &&
		(status = IdempotencyFind(&key, &data, &request.errors)) != CBD_OK)
		return Answer(call, status, ErrorsData(&request.errors));
	if (data != NULL)
		return AnswerAgain(&steps, task_num, data);
	if (request.main_task_num != NULL)
	{
		request.task_num = task_num;
		CasesLock(&steps.actor, &request, NULL, 1);
	}
	status = CaseLock(task_num, &steps.actor, &c);
	if (status == CBD_NO_SUCH_EVENT)
		return Answer(call, status, NULL);
	if (status == CBD_OK)
		status = CaseAdvance(&c, &steps.actor, &request);
	if (status != CBD_OK)
		return RefuseStep(&steps, status, &c, &request);
	warnings = ErrorsJson(&request.errors, true);
	if (key.key != NULL)
		IdempotencyRemember(&key, warnings == NULL ? "[]" : warnings);
	call->detail = request.action;
	return Answer(call, CBD_OK, StepCaseData(&steps, &c, warnings));
}

ENDPOINT(cbd_rest_case_step, "case.step", CaseStep);

/* rest_case_steps(context, task_num, time_format): the history */
static Datum
CaseSteps(Call *call)
{
	ARGUMENTS(ARG_CASE, ARG_TIME_FORMAT);
	char *task_num = CallText(call, ARG_CASE);
	StepCall steps;
	StringInfoData out;
	Case c = {0};
	Datum reply;
	int level;

	call->object = task_num != NULL ? ShortText(task_num, strlen(task_num)) : NULL;
	if (!StepCallBegin(&steps, call, &reply))
		return reply;
	ReaderFormat(&steps.reader, CallText(call, ARG_TIME_FORMAT), NULL);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (!CaseRead(task_num, &steps.actor, &c))
		return Answer(call, CBD_NO_SUCH_EVENT, NULL);
	level = steps.reader.level;
	if (steps.actor.kind == ACTOR_SENDER && SenderBelongsTo(c.sender, steps.actor.app_id))
		level = Max(level, steps.reader.own_level);
	initStringInfo(&out);
	ReaderShowMedia(&steps.reader);
	SpiBegin();
	WriteSteps(&out, c.rec_id, level, &steps.reader.format);
	SpiEnd();
	MediaSealerEnd(&steps.reader.media);
	return AnswerRead(call, out.data);
}

ENDPOINT(cbd_rest_case_steps, "case.steps", CaseSteps);

/* rest_case_actions(context, task_num): what the caller may do now */
static Datum
CaseActions(Call *call)
{
	char *task_num = CallText(call, ARG_TASK_NUM);
	StepCall steps;
	StringInfoData out;
	Case c = {0};
	Datum reply;

	call->object = task_num != NULL ? ShortText(task_num, strlen(task_num)) : NULL;
	if (!StepCallBegin(&steps, call, &reply))
		return reply;
	if (!CaseRead(task_num, &steps.actor, &c))
		return Answer(call, CBD_NO_SUCH_EVENT, NULL);
	initStringInfo(&out);
	WriteActions(&out, &c, &steps.actor);
	return AnswerRead(call, out.data);
}

ENDPOINT(cbd_rest_case_actions, "case.actions", CaseActions);
