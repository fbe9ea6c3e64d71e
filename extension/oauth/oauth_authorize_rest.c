/*
 * Endpoints of the authorisation page: what it shows, and what becomes of the decision (RFC 6749 4.1.1, 7636,
 * 9207).
 *
 * While client and redirect address are in doubt nobody is sent anywhere; from there on errors go to the
 * client by redirect. A wrong password shows the page again.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"

#include "core/digest.h"
#include "oauth/oauth.h"
#include "access/password.h"
#include "access/user_name.h"
#include "core/text_check.h"
#include "text/web_address.h"

#define STATE_MAX        4096 /* bytes: it comes back in the Location header */
#define CHALLENGE_LENGTH 43   /* base64url of SHA-256 */

/* The parameters of an authorisation request and what they came to. */
typedef struct AuthorizeRequest
{
	char *response_type;
	char *client_id;
	char *redirect_uri; /* as given; NULL */
	char *scope;
	char *state;
	char *code_challenge;
	char *code_challenge_method;
	char *issuer;       /* NULL: not configured */
	const char *target; /* the registered address that the answer goes to, of a loopback one with the port
						   asked for */
	OauthClient client;
	OauthScope resources;
} AuthorizeRequest;

/* The arguments that both endpoints have. */
ARGUMENTS(ARG_RESPONSE_TYPE, ARG_CLIENT_ID, ARG_REDIRECT_URI, ARG_SCOPE, ARG_STATE, ARG_CODE_CHALLENGE,
		  ARG_CODE_CHALLENGE_METHOD, ARG_ISSUER, ARG_USER_NAME, ARG_PASSWORD, ARG_DECISION, ARG_TOTP);

/* The request's parameters; what they mean is judged later. */
static void
ReadAuthorize(const Call *call, AuthorizeRequest *request)
{
	memset(request, 0, sizeof(*request));
	request->response_type = OauthText(call, ARG_RESPONSE_TYPE);
	request->client_id = OauthText(call, ARG_CLIENT_ID);
	request->redirect_uri = OauthText(call, ARG_REDIRECT_URI);
	request->scope = OauthText(call, ARG_SCOPE);
	request->state = OauthText(call, ARG_STATE);
	request->code_challenge = OauthText(call, ARG_CODE_CHALLENGE);
	request->code_challenge_method = OauthText(call, ARG_CODE_CHALLENGE_METHOD);
	request->issuer = OauthText(call, ARG_ISSUER);
}

/* &name=value, or ?name=value when the address has no query yet. */
static void
AddPair(StringInfo url, const char *name, const char *value)
{
	if (value == NULL)
		return;
	appendStringInfo(url, "%c%s=", strchr(url->data, '?') == NULL ? '?' : '&', name);
	AppendEncoded(url, value);
}

/* {"redirect": target with a code or an error, state and iss} */
static char *
RedirectData(const AuthorizeRequest *request, const char *code, const OauthError *error)
{
	StringInfoData url;
	StringInfoData data;

	initStringInfo(&url);
	appendStringInfoString(&url, request->target);
	AddPair(&url, "code", code);
	if (error != NULL)
	{
		AddPair(&url, "error", error->code);
		AddPair(&url, "error_description", error->description);
	}
	AddPair(&url, "state", request->state);
	AddPair(&url, "iss", request->issuer);
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "redirect", url.data);
	appendStringInfoChar(&data, '}');
	return data.data;
}

/* Adds "page": what is asked for, by whom, and where the answer goes. */
static void
AddPage(StringInfo data, const AuthorizeRequest *request)
{
	appendStringInfoString(data, data->len > 1 ? ",\"page\":{" : "\"page\":{");
	JsonField(data, "clientId", request->client.app_code);
	JsonField(data, "organization", request->client.organization);
	JsonField(data, "redirectUri", request->target);
	appendStringInfoString(data, ",\"resources\":[");
	for (int i = 0; i < request->resources.count; i++)
	{
		appendStringInfoString(data, i > 0 ? ",{" : "{");
		JsonField(data, "code", request->resources.codes[i]);
		JsonField(data, "title", request->resources.titles[i]);
		JsonField(data, "titleZh", request->resources.titles_zh[i]);
		appendStringInfoChar(data, '}');
	}
	appendStringInfoString(data, "]}");
}

/* Client and address: while these are in doubt nobody is sent anywhere (RFC 6749 4.1.2.1). */
static bool
CheckTarget(Call *call, AuthorizeRequest *request, OauthError *error)
{
	if (request->client_id == NULL)
		return OauthFail(error, CBD_MISSING_PARAMETER, "invalid_request", "client_id is missing");
	if (!FindOauthClient(&call->context, request->client_id, &request->client) || !request->client.counts)
		return OauthFail(error, CBD_INVALID_APP_CODE, "invalid_request", "client_id is unknown");
	call->object = request->client.app_code;
	if (request->redirect_uri == NULL && request->client.redirect_uri_count == 1)
		request->target = request->client.redirect_uris[0];
	for (int i = 0; i < request->client.redirect_uri_count && request->redirect_uri != NULL; i++)
		if (RedirectMatches(request->client.redirect_uris[i], request->redirect_uri))
			request->target = request->redirect_uri;
	if (request->target == NULL)
		return OauthFail(error, CBD_INVALID_REDIRECT_URI, "invalid_request",
						 "redirect_uri is not registered for this client");
	if (request->state != NULL && strlen(request->state) > STATE_MAX)
		return OauthFail(error, CBD_INVALID_PARAMETER, "invalid_request", "state is too long");
	return true;
}

/* What is wrong from here on the client is told. */
static bool
CheckParameters(AuthorizeRequest *request, OauthError *error)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	if (request->response_type == NULL)
		return OauthFail(error, CBD_MISSING_PARAMETER, "invalid_request", "response_type is missing");
	if (strcmp(request->response_type, "code") != 0)
		return OauthFail(error, CBD_UNSUPPORTED_RESPONSE_TYPE, "unsupported_response_type",
						 "response_type must be code");
	if (request->code_challenge == NULL &&
		(request->client.is_public || request->code_challenge_method != NULL))
		return OauthFail(error, CBD_MISSING_PARAMETER, "invalid_request", "code_challenge is missing");
	/* absent means plain (RFC 7636 4.3) */
	if (request->code_challenge != NULL &&
		(request->code_challenge_method == NULL || strcmp(request->code_challenge_method, "S256") != 0))
		return OauthFail(error, CBD_INVALID_PARAMETER, "invalid_request",
						 "code_challenge_method must be S256");
	if (request->code_challenge != NULL &&
		(strlen(request->code_challenge) != CHALLENGE_LENGTH ||
		 request->code_challenge[strspn(request->code_challenge, allowed)] != '\0'))
		return OauthFail(error, CBD_INVALID_PARAMETER, "invalid_request",
						 "code_challenge must be base64url of SHA-256");
	GrantedScope(request->client.app_id, &request->resources);
	return ChooseScope(&request->resources, request->scope, error);
}

/* True: the page can be shown; else *reply. */
static bool
CheckAuthorize(Call *call, AuthorizeRequest *request, Datum *reply)
{
	OauthError error = {0};

	if (!CheckTarget(call, request, &error))
		*reply = OauthRefuse(call, &error);
	else if (!CheckParameters(request, &error))
	{
		call->detail = error.description;
		*reply = Answer(call, CBD_OK, RedirectData(request, NULL, &error));
	}
	else
		return true;
	return false;
}

/*
 * rest_oauth_authorize_check(..., response_type, client_id, redirect_uri, scope, state, code_challenge,
 * code_challenge_method, issuer): {"page"} or {"redirect"}
 */
static Datum
OauthAuthorizeCheck(Call *call)
{
	AuthorizeRequest request;
	StringInfoData data;
	Datum reply;

	ReadAuthorize(call, &request);
	if (!CheckAuthorize(call, &request, &reply))
		return reply;
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	AddPage(&data, &request);
	appendStringInfoChar(&data, '}');
	return Answer(call, CBD_OK, data.data);
}

ENDPOINT(cbd_rest_oauth_authorize_check, "oauth.authorize", OauthAuthorizeCheck);

/* The page again, with what was wrong. */
static Datum
AskAgain(Call *call, const AuthorizeRequest *request, CbdStatus status, const char *description)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "error", "access_denied");
	JsonField(&data, "error_description", description);
	AddPage(&data, request);
	appendStringInfoChar(&data, '}');
	return Answer(call, status, data.data);
}

/* The log-in of the account that owns the client; another account gets the answer of a wrong password. */
static CbdStatus
LogIn(Call *call, AuthorizeRequest *request, const char *user_name, char *password, const char *totp)
{
	Login login = {0};
	CbdStatus status;

	if (user_name == NULL || password == NULL)
		return CBD_FIELD_REQUIRED;
	if (pg_mbstrlen(user_name) > USER_NAME_MAX || pg_mbstrlen(password) > PASSWORD_MAX)
		return CBD_INVALID_CREDENTIALS;
	status = PasswordLogin(&call->context, user_name, password, totp, request->client.account_id, &login,
						   &call->retry_after);
	ForgetText(password);
	call->detail = login.note;
	if (status == CBD_OK && login.held)
		status = CBD_PASSWORD_RESET;
	if (status != CBD_OK)
		return status;
	request->client.origin.account_epoch = login.epoch;
	call->caller.known = true;
	call->caller.account_id = login.account_id;
	call->caller.user_name = login.user_name;
	call->caller.app_id = request->client.app_id;
	call->caller.app_code = request->client.app_code;
	return CBD_OK;
}

/*
 * rest_oauth_authorize_decide(..., the same, user_name, password, decision, totp): decision allow or deny.
 * {"redirect"}, or a refusal with "page": 40101 wrong user name or password, 42201 one is missing, 42901
 * locked
 */
static Datum
OauthAuthorizeDecide(Call *call)
{
	static const OauthError denied = {CBD_FORBIDDEN, "access_denied", "The request was denied"};
	AuthorizeRequest request;
	char *decision = OauthText(call, ARG_DECISION);
	OauthError error = {0};
	CbdStatus status;
	char *code;
	char *data;
	Datum reply;

	ReadAuthorize(call, &request);
	if (!CheckAuthorize(call, &request, &reply))
		return reply;
	if (decision != NULL && strcmp(decision, "deny") == 0)
	{
		call->detail = "denied";
		return Answer(call, CBD_OK, RedirectData(&request, NULL, &denied));
	}
	if (decision == NULL || strcmp(decision, "allow") != 0)
	{
		OauthFail(&error, CBD_INVALID_PARAMETER, "invalid_request", "decision must be allow or deny");
		return OauthRefuse(call, &error);
	}
	status = LogIn(call, &request, OauthText(call, ARG_USER_NAME), OauthText(call, ARG_PASSWORD),
				   OauthText(call, ARG_TOTP));
	if (status != CBD_OK)
		return AskAgain(call, &request, status, StatusMessage(status));
	code = MakeOauthCode(&request.client, &request.resources, request.redirect_uri, request.code_challenge);
	call->detail = ScopeText(&request.resources);
	data = RedirectData(&request, code, NULL);
	ForgetText(code);
	return Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_oauth_authorize_decide, "oauth.consent", OauthAuthorizeDecide);
