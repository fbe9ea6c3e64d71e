/* What endpoint functions share; see endpoint.h. A call lives in the memory context of the function. */
#include "postgres.h"

#include "access/endpoint.h"
#include "access/lockout.h"
#include "audit/audit.h"
#include "core/digest.h"
#include "core/say.h"

Datum
Endpoint(FunctionCallInfo fcinfo, const char *action, EndpointWork work)
{
	Call call;
	Datum reply;
	int language;

	memset(&call, 0, sizeof(call));
	call.fcinfo = fcinfo;
	call.action = action;
	ReadCallContext(fcinfo, &call.context);
	ErrorsBegin(&call.errors);
	FrameBegin(&call.frame, CBD_OK);
	if (call.context.scheme_unknown)
		return Answer(&call, CBD_UNSUPPORTED_METHOD, NULL);
	language = LanguageEnter(call.context.chinese);
	PG_TRY();
	{
		reply = work(&call);
	}
	PG_FINALLY();
	{
		LanguageLeave(language);
	}
	PG_END_TRY();
	return reply;
}

bool
CallGiven(const Call *call, int n)
{
	n += CONTEXT_ARGUMENTS;
	return n < call->fcinfo->nargs && !call->fcinfo->args[n].isnull;
}

char *
CallText(const Call *call, int n)
{
	return CallGiven(call, n) ? ArgText(call->fcinfo, CONTEXT_ARGUMENTS + n) : NULL;
}

bool
CallBool(const Call *call, int n)
{
	return CallGiven(call, n) && DatumGetBool(CallDatum(call, n));
}

char **
CallTexts(const Call *call, int n, int *count)
{
	return ArgTexts(call->fcinfo, CONTEXT_ARGUMENTS + n, count);
}

JsonNode *
CallTree(Call *call, int n, const char *pointer)
{
	char *text = CallText(call, n);
	JsonRefusal refusal;
	JsonNode *root;

	if (text == NULL || text[0] == '\0')
	{
		ErrorAdd(&call->errors, pointer, CBD_FIELD_REQUIRED, NULL);
		return NULL;
	}
	root = JsonParse(text, strlen(text), &refusal);
	if (root == NULL)
		ErrorAdd(&call->errors, pointer, CBD_FIELD_TYPE, refusal.message);
	return root;
}

Datum
CallDatum(const Call *call, int n)
{
	return call->fcinfo->args[CONTEXT_ARGUMENTS + n].value;
}

CbdStatus
CallAuthorise(Call *call, const char *resource)
{
	return Authorise(&call->context, resource, &call->caller, &call->retry_after);
}

Datum
CallerToken(const Caller *caller, bool *isnull)
{
	*isnull = !caller->narrowed;
	return caller->narrowed ? DigestDatum(caller->origin.token_digest) : (Datum) 0;
}

char *
CallerMayUse(const Caller *caller, SpiQuery *query)
{
	Datum values[3] = {Int32GetDatum(caller->app_id), BoolGetDatum(caller->administrator)};
	bool nulls[3] = {false};
	char *data;

	values[2] = CallerToken(caller, &nulls[2]);
	SpiBegin();
	(void) SpiRead(query, values, nulls, 1);
	data = JsonCompact(SpiText(0, 1));
	SpiEnd();
	return data;
}

CbdStatus
AuthoriseAdministrator(Call *call, int roles)
{
	/* Authorise refuses Basic: a password alone makes nobody an administrator, that takes the log-in with its
	 * second factor */
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return status;
	if (!call->caller.administrator)
		return CBD_NOT_ADMINISTRATOR;
	return call->caller.admin_role & roles ? CBD_OK : CBD_WRONG_ROLE;
}

/* The frame of the reply. */
static Datum
Finish(Call *call, CbdStatus status, const char *data)
{
	Frame *frame = &call->frame;

	frame->status = status;
	if (call->retry_after > 0)
		frame->retry_after = call->retry_after;
	frame->rate_policy = FrameText(call->caller.rate_policy);
	frame->rate = FrameText(call->caller.rate_state);
	if (data != NULL)
		frame->body = FrameText(data);
	return FrameDatum(frame);
}

Datum
Answer(Call *call, CbdStatus status, const char *data)
{
	/* only a log-in can have reserved an attempt: what it did not use is given back */
	if (call->log_in || call->context.scheme == SCHEME_BASIC)
		ReleaseReservation(&call->context);
	AuditWrite(&call->context, &call->caller, call->action, call->object, status, call->detail);
	return Finish(call, status, data);
}

Datum
AnswerErrors(Call *call)
{
	if (call->detail == NULL)
		call->detail = ErrorsText(&call->errors);
	return Answer(call, ErrorsStatus(&call->errors), ErrorsData(&call->errors));
}

Datum
AnswerRead(Call *call, const char *data)
{
	call->frame.audit = FrameText(AuditRecord(&call->context, &call->caller, call->action, call->object));
	return Finish(call, CBD_OK, data);
}

Datum
AnswerUnaudited(Call *call, const char *data)
{
	return Finish(call, CBD_OK, data);
}
