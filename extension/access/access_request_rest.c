/*
 * Endpoints: POST /access-requests, GET /access-requests/{id}, /admin/access-requests/{id}/approve and
 * /reject (clause 5.2-a).
 *
 * An applicant is an account by HTTP Basic, or the owner of an application by its token. The credentials of
 * an approved request are in the first reply that its owner gets, and in no other.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "access/account.h"
#include "core/digest.h"
#include "core/interval.h"
#include "access/endpoint.h"
#include "access/admin.h"
#include "access/access_request.h"
#include "access/proposal.h"

/* A choice that is absent when it is empty. */
static const char *
CallChoice(const Call *call, int n)
{
	const char *text = CallText(call, n);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

/* Data level 1 to 4; 0: absent, or an error was added. */
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

/* The end that is asked for; false: absent, or an error was added. *value is a timestamptz. */
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
	ErrorAdd(&call->errors, "/validUntil", CBD_FIELD_TIME,
			 SaidBoth("%s{why*}. %s{hint*}", error.message, error.hint));
	return false;
}

/* The arguments of rest_access_request. */
ARGUMENTS(ARG_PLATFORM_CODE, ARG_RESOURCES, ARG_PURPOSE, ARG_METHODS, ARG_IP_RANGES, ARG_SENDER_CODES,
		  ARG_PROFILE, ARG_LEVEL, ARG_VALID_UNTIL, ARG_REDIRECT_URIS, ARG_CLIENT_TYPE, ARG_TOTP);

static void
ReadAccessForm(Call *call, AccessForm *form)
{
	memset(form, 0, sizeof(*form));
	form->platform_code = CallChoice(call, ARG_PLATFORM_CODE);
	form->resources = CallTexts(call, ARG_RESOURCES, &form->resource_count);
	form->purpose = CallText(call, ARG_PURPOSE);
	form->methods = CallTexts(call, ARG_METHODS, &form->method_count);
	form->ip_ranges = CallTexts(call, ARG_IP_RANGES, &form->ip_range_count);
	form->sender_codes = CallTexts(call, ARG_SENDER_CODES, &form->sender_code_count);
	form->profile = CallChoice(call, ARG_PROFILE);
	form->level = CheckLevel(call, CallChoice(call, ARG_LEVEL));
	form->has_valid_until = CheckValidUntil(call, CallChoice(call, ARG_VALID_UNTIL), &form->valid_until);
	form->redirect_uris = CallTexts(call, ARG_REDIRECT_URIS, &form->redirect_uri_count);
	form->client_type = CallChoice(call, ARG_CLIENT_TYPE);
}

/* An account by Basic, or the owner of an application by its token: who may apply. Not an IP grant: that is
 * no person. Nor a token that was narrowed: it was given out for less. */
static CbdStatus
AuthoriseApplicant(Call *call, const char *totp)
{
	CbdStatus status;

	if (call->context.scheme == SCHEME_NONE)
		return CBD_UNAUTHORIZED;
	if (call->context.scheme == SCHEME_BASIC)
		return AuthoriseAccount(&call->context, totp, &call->caller, &call->retry_after);
	status = Authorise(&call->context, NULL, &call->caller, &call->retry_after);
	return status == CBD_OK && call->caller.narrowed ? CBD_INSUFFICIENT_SCOPE : status;
}

/*
 * rest_access_request(..., platform_code, resources, purpose, methods, ip_ranges, sender_codes, profile,
 * level, valid_until, redirect_uris, client_type): {accessRequestId, state}
 */
static Datum
AccessRequest(Call *call)
{
	AccessForm form;
	int64 number;
	CbdStatus status;

	status = AuthoriseApplicant(call, CallText(call, ARG_TOTP));
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ReadAccessForm(call, &form);
	number = RequestAccess(&call->errors, call->caller.account_id, &form);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->object = psprintf(INT64_FORMAT, number);
	return Answer(call, CBD_OK,
				  psprintf("{\"accessRequestId\":" INT64_FORMAT ",\"state\":\"pending\"}", number));
}

ENDPOINT(cbd_rest_access_request, "access.request", AccessRequest);

/* The state of a request; to its owner, once after approval, with the credentials. */
static Datum
AnswerState(Call *call, int64 number, const AccessState *state, bool owner)
{
	StringInfoData data;
	char *key = NULL;
	char *signing_secret = NULL;
	Datum reply;

	if (owner && state->app_id != 0 && !state->collected && !state->held &&
		TakeCredentials(state->app_id, &key, &signing_secret))
		call->detail = "credentials collected";
	initStringInfo(&data);
	appendStringInfo(&data, "{\"accessRequestId\":" INT64_FORMAT, number);
	JsonField(&data, "state", state->state);
	if (state->note != NULL)
		JsonField(&data, "reason", state->note);
	if (state->app_code != NULL)
		JsonField(&data, "appCode", state->app_code);
	if (owner && state->held)
	{
		JsonField(&data, "notice", SaidStatus(CBD_PASSWORD_RESET));
		JsonField(&data, "noticeZh", "口令已由管理员重置，须先经安全管理员确认");
	}
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
static Datum
AccessRequestState(Call *call)
{
	ARGUMENTS(ARG_ID, ARG_ID_TOTP);
	char *id = CallText(call, ARG_ID);
	int64 number = PathNumber(id);
	AccessState state;
	CbdStatus status;
	bool owner;

	call->object = id;
	status = AuthoriseApplicant(call, CallText(call, ARG_ID_TOTP));
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (number == 0 || !FindAccessRequest(number, &state))
		return Answer(call, CBD_NO_SUCH_ACCESS_REQUEST, NULL);
	/* the credentials are for the person, by password: an application's token must not fetch those of another
	 * application */
	owner = state.account_id == call->caller.account_id && call->context.scheme == SCHEME_BASIC;
	if (!owner && call->caller.admin_role != ADMIN_SECURITY)
		return Answer(call, CBD_NO_SUCH_ACCESS_REQUEST, NULL);
	return AnswerState(call, number, &state, owner);
}

ENDPOINT(cbd_rest_access_request_state, "access.state", AccessRequestState);

/* approve or reject: the decision of a security administrator about a request that is not the own
 * account's. */
static Datum
ReviewRequest(Call *call, bool approve)
{
	ARGUMENTS(ARG_ID, ARG_REASON);
	char *id = CallText(call, ARG_ID);
	int64 number = PathNumber(id);
	const char *reason = NULL;
	char *app_code = NULL;
	AccessState state;
	CbdStatus status;

	call->object = id;
	status = AuthoriseAdministrator(call, ADMIN_SECURITY);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (!approve)
		reason = CheckReason(call, CallText(call, ARG_REASON));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (number == 0 || !FindAccessRequest(number, &state))
		status = CBD_NO_SUCH_ACCESS_REQUEST;
	else
		status = NotOwn(call, state.account_id);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (approve && strcmp(state.state, "pending") == 0 &&
		NeedsSecondPerson(&call->caller, state.account_id, state.level))
	{
		Proposal proposal = {.action = "access", .account_id = state.account_id, .access_request_id = number};

		return AnswerProposed(call, &proposal, psprintf("{\"accessRequestId\":" INT64_FORMAT "}", number));
	}
	if (approve)
		status = ApproveAccess(number, ReviewerName(&call->caller), &app_code, &call->errors);
	else
		status = RejectAccess(number, ReviewerName(&call->caller), reason);
	if (call->errors.count > 0)
		return Answer(call, status, ErrorsData(&call->errors));
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	call->detail = app_code;
	return Answer(
		call, CBD_OK,
		approve ? psprintf("{\"accessRequestId\":" INT64_FORMAT ",\"state\":\"approved\",\"appCode\":\"%s\"}",
						   number, app_code)
				: psprintf("{\"accessRequestId\":" INT64_FORMAT ",\"state\":\"rejected\"}", number));
}

/* rest_access_approve(..., id), rest_access_reject(..., id, reason): {accessRequestId, state}; security
 * administrators only */
static Datum
AccessApprove(Call *call)
{
	return ReviewRequest(call, true);
}

ENDPOINT(cbd_rest_access_approve, "access.approve", AccessApprove);

/* See AccessApprove(). */
static Datum
AccessReject(Call *call)
{
	return ReviewRequest(call, false);
}

ENDPOINT(cbd_rest_access_reject, "access.reject", AccessReject);
