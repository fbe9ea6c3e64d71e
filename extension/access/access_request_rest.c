/* Endpoints: POST /access-requests, GET /access-requests/{id}, /admin/access-requests/{id}/approve and
 * /reject (clause 5.2-a). */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "core/digest.h"
#include "core/interval.h"
#include "access/reply.h"
#include "access/admin.h"

/* Argument `n` as an array of C strings. */
static char **
ArgTexts(FunctionCallInfo fcinfo, int n, int *count)
{
	return TextArray(PG_ARGISNULL(n) ? (Datum) 0 : PG_GETARG_DATUM(n), PG_ARGISNULL(n), count);
}

/* A choice that is absent when it is empty. */
static const char *
ArgChoice(FunctionCallInfo fcinfo, int n)
{
	const char *text = ArgText(fcinfo, n);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

static int
CheckLevel(Call *call, const char *text)
{
	if (text == NULL)
		return 0;
	if (strlen(text) == 1 && text[0] >= '1' && text[0] <= '4')
		return text[0] - '0';
	ErrorAdd(&call->errors, "/level", CBD_FIELD_OUT_OF_RANGE, "1 to 4");
	return 0;
}

static bool
CheckValidUntil(Call *call, const char *text, int64 *value)
{
	TimePointText point;
	ParseError error = {0};
	TimestampTz time;

	if (text == NULL)
		return false;
	if (time_point_parse(text, strlen(text), &point, &error) && TimePointValue(&point, &time, &error))
	{
		*value = time;
		return true;
	}
	ErrorAdd(&call->errors, "/validUntil", CBD_FIELD_TIME, error.message);
	return false;
}

static void
ReadAccessForm(FunctionCallInfo fcinfo, Call *call, AccessForm *form)
{
	memset(form, 0, sizeof(*form));
	form->platform_code = ArgChoice(fcinfo, 5);
	form->resources = ArgTexts(fcinfo, 6, &form->resource_count);
	form->purpose = ArgText(fcinfo, 7);
	form->methods = ArgTexts(fcinfo, 8, &form->method_count);
	form->ip_ranges = ArgTexts(fcinfo, 9, &form->ip_range_count);
	form->sender_codes = ArgTexts(fcinfo, 10, &form->sender_code_count);
	form->profile = ArgChoice(fcinfo, 11);
	form->level = CheckLevel(call, ArgChoice(fcinfo, 12));
	form->has_valid_until = CheckValidUntil(call, ArgChoice(fcinfo, 13), &form->valid_until);
	form->redirect_uris = ArgTexts(fcinfo, 14, &form->redirect_uri_count);
	form->client_type = ArgChoice(fcinfo, 15);
}

/* An account by Basic, or the owner of an application by its token: who may apply. Not an IP grant: that is
 * no person. */
static CbdStatus
AuthoriseApplicant(Call *call)
{
	if (strcmp(call->context.scheme, "none") == 0)
		return CBD_UNAUTHORIZED;
	if (strcmp(call->context.scheme, "basic") == 0)
		return AuthoriseAccount(&call->context, &call->caller, &call->retry_after);
	return Authorise(&call->context, NULL, &call->caller, &call->retry_after);
}

/*
 * rest_access_request(..., platform_code, resources, purpose, methods, ip_ranges, sender_codes, profile,
 * level, valid_until, redirect_uris, client_type): {accessRequestId, state}
 */
PG_FUNCTION_INFO_V1(cbd_rest_access_request);
Datum
cbd_rest_access_request(PG_FUNCTION_ARGS)
{
	Call call;
	AccessForm form;
	int64 number;
	CbdStatus status;

	CallBegin(fcinfo, &call, "access.request");
	status = AuthoriseApplicant(&call);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	ReadAccessForm(fcinfo, &call, &form);
	number = RequestAccess(&call.errors, call.caller.account_id, &form);
	if (call.errors.count > 0)
		return AnswerErrors(&call);
	call.object = psprintf(INT64_FORMAT, number);
	return Answer(&call, CBD_OK,
				  psprintf("{\"accessRequestId\":" INT64_FORMAT ",\"state\":\"pending\"}", number));
}

/* The state of a request; to its owner, once after approval, with the credentials. */
static Datum
AnswerState(Call *call, int64 number, const AccessState *state, bool owner)
{
	StringInfoData data;
	char *key = NULL;
	char *signing_secret = NULL;
	Datum reply;

	if (owner && state->app_id != 0 && !state->collected &&
		TakeCredentials(state->app_id, &key, &signing_secret))
		call->detail = "credentials collected";
	initStringInfo(&data);
	appendStringInfo(&data, "{\"accessRequestId\":" INT64_FORMAT, number);
	JsonField(&data, "state", state->state);
	if (state->note != NULL)
		JsonField(&data, "reason", state->note);
	if (state->app_code != NULL)
		JsonField(&data, "appCode", state->app_code);
	if (key != NULL)
		JsonField(&data, "key", key);
	if (signing_secret != NULL)
		JsonField(&data, "signingSecret", signing_secret);
	appendStringInfoChar(&data, '}');
	ForgetText(key);
	ForgetText(signing_secret);
	reply = Answer(call, CBD_OK, data.data);
	ForgetText(data.data);
	return reply;
}

/* rest_access_request_state(..., id): {accessRequestId, state, appCode, key, signingSecret}; 40406 for
 * somebody else's. */
PG_FUNCTION_INFO_V1(cbd_rest_access_request_state);
Datum
cbd_rest_access_request_state(PG_FUNCTION_ARGS)
{
	Call call;
	char *id = ArgText(fcinfo, 5);
	int64 number = PathNumber(id);
	AccessState state;
	CbdStatus status;
	bool owner;

	CallBegin(fcinfo, &call, "access.state");
	call.object = id;
	status = AuthoriseApplicant(&call);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	if (number == 0 || !FindAccessRequest(number, &state))
		return Answer(&call, CBD_NO_SUCH_ACCESS_REQUEST, NULL);
	/* the credentials are for the person, by password: an application's token must not fetch those of another
	 * application */
	owner = state.account_id == call.caller.account_id && strcmp(call.context.scheme, "basic") == 0;
	if (!owner && call.caller.admin_role != ADMIN_SECURITY)
		return Answer(&call, CBD_NO_SUCH_ACCESS_REQUEST, NULL);
	return AnswerState(&call, number, &state, owner);
}

static Datum
ReviewRequest(FunctionCallInfo fcinfo, bool approve)
{
	Call call;
	char *id = ArgText(fcinfo, 5);
	int64 number = PathNumber(id);
	const char *reason = NULL;
	char *app_code = NULL;
	AccessState state;
	CbdStatus status;

	CallBegin(fcinfo, &call, approve ? "access.approve" : "access.reject");
	call.object = id;
	status = AuthoriseAdministrator(&call, ADMIN_SECURITY);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	if (!approve)
		reason = CheckReason(&call, ArgText(fcinfo, 6));
	if (call.errors.count > 0)
		return AnswerErrors(&call);
	if (number == 0 || !FindAccessRequest(number, &state))
		status = CBD_NO_SUCH_ACCESS_REQUEST;
	else
		status = NotOwn(&call, state.account_id);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	if (approve)
		status = ApproveAccess(number, ReviewerName(&call.caller), &app_code, &call.errors);
	else
		status = RejectAccess(number, ReviewerName(&call.caller), reason);
	if (call.errors.count > 0)
		return Answer(&call, status, ErrorsData(&call.errors));
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	call.detail = app_code;
	return Answer(
		&call, CBD_OK,
		approve ? psprintf("{\"accessRequestId\":" INT64_FORMAT ",\"state\":\"approved\",\"appCode\":\"%s\"}",
						   number, app_code)
				: psprintf("{\"accessRequestId\":" INT64_FORMAT ",\"state\":\"rejected\"}", number));
}

/* rest_access_approve(..., id), rest_access_reject(..., id, reason): {accessRequestId, state}; security
 * administrators only */
PG_FUNCTION_INFO_V1(cbd_rest_access_approve);
Datum
cbd_rest_access_approve(PG_FUNCTION_ARGS)
{
	return ReviewRequest(fcinfo, true);
}

PG_FUNCTION_INFO_V1(cbd_rest_access_reject);
Datum
cbd_rest_access_reject(PG_FUNCTION_ARGS)
{
	return ReviewRequest(fcinfo, false);
}
