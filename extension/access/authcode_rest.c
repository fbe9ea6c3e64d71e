/*
 * Endpoints: POST /auth/code, /auth/token, /auth/revoke, /auth/introspect (clauses 5.2-e, 5.3.5, 5.5).
 *
 * Codes and tokens are in the reply once; the database keeps their digests, and the bridge sends digests of
 * those that a client presents.
 */
#include "postgres.h"
#include "core/varlena.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "access/app_code.h"
#include "access/authcode.h"
#include "core/digest.h"
#include "access/password.h"
#include "access/endpoint.h"
#include "access/token.h"
#include "access/user_name.h"

/* The appCode that auth/code and auth/token need; adds an error when it is missing or malformed. */
static void
CheckAppCode(Call *call)
{
	const char *app_code = call->context.app_code;

	if (app_code == NULL || app_code[0] == '\0')
		ErrorAdd(&call->errors, "/appCode", CBD_FIELD_REQUIRED, NULL);
	else if (!AppCodeWellFormed(app_code))
		ErrorAdd(&call->errors, "/appCode", CBD_INVALID_APP_CODE, NULL);
}

/* The fields that the method needs. */
static void
CheckCodeRequest(Call *call, const CodeRequest *request)
{
	static const TextRule key_rule = {"/key", 1, 64, true, false};
	static const TextRule name_rule = {"/userName", 1, USER_NAME_MAX, true, false};
	static const TextRule password_rule = {"/password", 1, PASSWORD_MAX, true, false};

	CheckAppCode(call);
	if (request->method == NULL || request->method[0] == '\0')
		ErrorAdd(&call->errors, "/method", CBD_FIELD_REQUIRED, NULL);
	else if (strcmp(request->method, "key") == 0)
		CheckText(&call->errors, &key_rule, request->key);
	else if (strcmp(request->method, "password") == 0)
	{
		CheckText(&call->errors, &name_rule, request->user_name);
		CheckText(&call->errors, &password_rule, request->password);
	}
	else if (strcmp(request->method, "ip") != 0 && strcmp(request->method, "signature") != 0)
		ErrorAdd(&call->errors, "/method", CBD_UNSUPPORTED_METHOD, NULL);
}

/* Who was authenticated, for the audit row. */
static void
NoteCaller(Call *call, const Issued *issued)
{
	call->caller.known = issued->app_id != 0;
	call->caller.app_id = issued->app_id;
	call->caller.account_id = issued->account_id;
	call->caller.user_name = issued->user_name;
	if (call->caller.known)
		call->caller.app_code = pstrdup(call->context.app_code);
	call->retry_after = issued->retry_after;
}

/*
 * rest_auth_code(..., method, key, user_name, password, reserved, totp): {authCode, expiresIn}. Whether the
 * attempt was reserved is known from the reservation itself, not from the argument.
 */
static Datum
AuthCode(Call *call)
{
	ARGUMENTS(ARG_METHOD, ARG_KEY, ARG_USER_NAME, ARG_PASSWORD, ARG_RESERVED, ARG_TOTP);
	char *key = CallText(call, ARG_KEY);
	char *password = CallText(call, ARG_PASSWORD);
	CodeRequest request = {CallText(call, ARG_METHOD), key, CallText(call, ARG_USER_NAME), password,
						   CallText(call, ARG_TOTP)};
	Issued issued;
	CbdStatus status;
	char *data;

	call->log_in = true;
	call->object = request.user_name != NULL ? request.user_name : call->context.app_code;
	CheckCodeRequest(call, &request);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->detail = psprintf("method %s", request.method);
	status = IssueAuthCode(&call->context, &request, &issued);
	ForgetText(key);
	ForgetText(password);
	NoteCaller(call, &issued);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	data = psprintf("{\"authCode\":\"%s\",\"expiresIn\":%d}", issued.text, issued.expires_in);
	ForgetText(issued.text);
	return Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_auth_code, "auth.code", AuthCode);

/* What the token is to be narrowed to: resources, level, bind_address. */
static void
ReadBinding(Call *call, TokenBinding *binding)
{
	ARGUMENTS(ARG_AUTH_CODE, ARG_RESOURCES, ARG_LEVEL, ARG_BIND_ADDRESS);
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	char *level = CallText(call, ARG_LEVEL);

	memset(binding, 0, sizeof(*binding));
	binding->narrowed = CallGiven(call, ARG_RESOURCES);
	binding->resources = CallTexts(call, ARG_RESOURCES, &binding->resource_count);
	for (int i = 0; i < binding->resource_count; i++)
	{
		const char *code = binding->resources[i];

		if (code[0] == '\0' || strlen(code) > 64 || code[strspn(code, allowed)] != '\0')
			ErrorAdd(&call->errors, psprintf("/resources/%d", i), CBD_NO_SUCH_RESOURCE, NULL);
	}
	if (level != NULL && level[0] != '\0')
	{
		binding->level = level[0] - '0';
		if (level[1] != '\0' || binding->level < 1 || binding->level > 4)
			ErrorAdd(&call->errors, "/level", CBD_FIELD_OUT_OF_RANGE, "1 to 4");
	}
	binding->to_address = CallBool(call, ARG_BIND_ADDRESS) && call->context.has_client_addr;
	binding->client_addr = call->context.client_addr;
}

/*
 * rest_auth_token(..., auth_code, resources, level, bind_address): SHA-256 of the code, null when absent.
 * {accessToken, tokenType, expiresIn}
 */
static Datum
AuthToken(Call *call)
{
	ARGUMENTS(ARG_AUTH_CODE, ARG_RESOURCES, ARG_LEVEL, ARG_BIND_ADDRESS);
	TokenBinding binding;
	Issued issued;
	CbdStatus status;
	char *data;

	call->object = call->context.app_code;
	CheckAppCode(call);
	if (!CallGiven(call, ARG_AUTH_CODE))
		ErrorAdd(&call->errors, "/authCode", CBD_FIELD_REQUIRED, NULL);
	ReadBinding(call, &binding);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	status = ExchangeAuthCode(&call->context, CallDatum(call, ARG_AUTH_CODE), &binding, &issued);
	NoteCaller(call, &issued);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	data = psprintf("{\"accessToken\":\"%s\",\"tokenType\":\"Bearer\",\"expiresIn\":%d}", issued.text,
					issued.expires_in);
	ForgetText(issued.text);
	return Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_auth_token, "auth.token", AuthToken);

/* A narrowed token may end itself only, not the application's other tokens. */
static bool
OwnOrWide(const Call *call, Datum digest)
{
	bytea *bytes = DatumGetByteaPP(digest);

	return !call->caller.narrowed ||
		   (VARSIZE_ANY_EXHDR(bytes) == DIGEST_SIZE &&
			memcmp(VARDATA_ANY(bytes), call->caller.origin.token_digest, DIGEST_SIZE) == 0);
}

/*
 * rest_auth_revoke(..., token): SHA-256 of the token. Revokes a token of the caller, a refresh token with its
 * family; one that is unknown, void or somebody else's is answered the same (RFC 7009 2.2), and the audit row
 * tells.
 */
static Datum
AuthRevoke(Call *call)
{
	ARGUMENTS(ARG_TOKEN);
	CbdStatus status;

	status = Authorise(&call->context, NULL, &call->caller, &call->retry_after);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (!CallGiven(call, ARG_TOKEN))
	{
		ErrorAdd(&call->errors, "/token", CBD_FIELD_REQUIRED, NULL);
		return AnswerErrors(call);
	}
	if (!OwnOrWide(call, CallDatum(call, ARG_TOKEN)) ||
		!RevokeToken(CallDatum(call, ARG_TOKEN), call->caller.app_id, call->caller.account_id))
		call->detail = "no valid token of the caller";
	return Answer(call, CBD_OK, NULL);
}

ENDPOINT(cbd_rest_auth_revoke, "auth.revoke", AuthRevoke);

/*
 * rest_auth_introspect(..., token): SHA-256 of the token. What a token of the caller stands for now;
 * administrators may ask about any (RFC 7662, in the envelope).
 */
static Datum
AuthIntrospect(Call *call)
{
	ARGUMENTS(ARG_TOKEN);
	CbdStatus status;

	status = Authorise(&call->context, NULL, &call->caller, &call->retry_after);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	/* an auditor reads the audit log, nothing else */
	if (call->caller.admin_role == ADMIN_AUDITOR)
		return Answer(call, CBD_WRONG_ROLE, NULL);
	/* an account alone (Basic) owns no token */
	if (call->caller.app_id == 0 && call->context.scheme == SCHEME_BASIC)
		return Answer(call, CBD_UNAUTHORIZED, NULL);
	if (!CallGiven(call, ARG_TOKEN))
	{
		ErrorAdd(&call->errors, "/token", CBD_FIELD_REQUIRED, NULL);
		return AnswerErrors(call);
	}
	if (!OwnOrWide(call, CallDatum(call, ARG_TOKEN)))
		return Answer(call, CBD_OK, "{\"active\":false}");
	return Answer(call, CBD_OK, IntrospectToken(CallDatum(call, ARG_TOKEN), call->caller.app_id));
}

ENDPOINT(cbd_rest_auth_introspect, "auth.introspect", AuthIntrospect);

/* rest_spend_code(): the code of a request that the bridge has refused. Strangers leave no row with what is
 * no code. */
static Datum
SpendCode(Call *call)
{
	const RestContext *context = &call->context;
	SpentCode code;

	if (context->scheme != SCHEME_CODE || context->credential_len != DIGEST_SIZE)
		return AnswerUnaudited(call, NULL);
	(void) SpendAuthCode(context, DigestDatum((const uint8 *) context->credential), NULL, &code);
	if (code.app_id == 0)
		return AnswerUnaudited(call, NULL);
	call->caller.known = true;
	call->caller.app_id = code.app_id;
	call->caller.app_code = code.app_code;
	call->caller.account_id = code.account_id;
	call->caller.user_name = code.user_name;
	call->detail = "the request was refused before it was asked for anything";
	return Answer(call, CBD_OK, NULL);
}

ENDPOINT(cbd_rest_spend_code, "auth.spend", SpendCode);
