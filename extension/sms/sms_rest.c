/*
 * POST /sms/messages (table A.1), for applications with the grant `sms`.
 *
 * tokenId stands in for Authorization: an access token, or the application's key. Beside another credential
 * it is refused, as any second one. What is wrong with a number is told for that number, and the message goes
 * to the others.
 */
#include "postgres.h"

#include "access/api_key.h"
#include "sms/sms.h"

/* By tokenId: a token first, since one that is unknown counts towards no lock-out; then a key. */
static CbdStatus
AuthoriseTokenId(Call *call, Datum digest)
{
	RestContext *context = &call->context;
	CbdStatus status;

	if (context->scheme != SCHEME_NONE)
		return CBD_CONFLICTING_CREDENTIALS;
	context->scheme = SCHEME_BEARER;
	context->credential = VARDATA_ANY(DatumGetPointer(digest));
	context->credential_len = VARSIZE_ANY_EXHDR(DatumGetPointer(digest));
	status = CallAuthorise(call, SMS_RESOURCE);
	if (status != CBD_INVALID_TOKEN)
		return status;
	context->scheme = SCHEME_NONE;
	context->credential = NULL;
	context->credential_len = 0;
	return AuthoriseKey(call, digest, SMS_RESOURCE);
}

/* What the auditor reads: neither numbers nor text. */
static char *
Detail(const SmsRequest *request, const SmsAnswer *answer)
{
	return psprintf("%s%d numbers, %d accepted, %d parts", answer->repeat ? "sent before: " : "",
					request->numbers.given, answer->accepted, answer->parts);
}

/* rest_sms_send(..., token_id, mobile_str, content, msg_id, need_reply, template, parameters) */
static Datum
SendCall(Call *call)
{
	ARGUMENTS(ARG_TOKEN_ID, ARG_MOBILES, ARG_CONTENT, ARG_MSG_ID, ARG_NEED_REPLY, ARG_TEMPLATE,
			  ARG_PARAMETERS);
	SmsForm form = {CallText(call, ARG_MOBILES),  CallText(call, ARG_CONTENT),
					CallText(call, ARG_MSG_ID),   CallText(call, ARG_NEED_REPLY),
					CallText(call, ARG_TEMPLATE), CallText(call, ARG_PARAMETERS)};
	SmsRequest request = {.source = "api"};
	SmsAnswer answer;
	CbdStatus status = CallGiven(call, ARG_TOKEN_ID) ? AuthoriseTokenId(call, CallDatum(call, ARG_TOKEN_ID))
													 : CallAuthorise(call, SMS_RESOURCE);

	if (status == CBD_OK && (call->caller.app_id == 0 || call->caller.operator_))
		status = CBD_FORBIDDEN;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	request.app_id = call->caller.app_id;
	SmsRead(&form, &request, &call->errors);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	status = SmsSend(&request, &answer);
	call->object = answer.msg_id;
	if (status == CBD_SMS_CONFLICT)
		ErrorAdd(&call->errors, "/msgId", status, NULL);
	if (status != CBD_OK)
		return call->errors.count > 0 ? AnswerErrors(call) : Answer(call, status, NULL);
	call->detail = Detail(&request, &answer);
	return Answer(call, CBD_OK, SmsAnswerData(&answer));
}

ENDPOINT(cbd_rest_sms_send, "sms.send", SendCall);
