/*
 * Endpoints of the authorisation page: what it shows, and what becomes of the decision (RFC 6749 4.1.1, 7636,
 * 9207), and of its log-out.
 *
 *   GET   rest_oauth_authorize_check    --> the page, or for a browser of the console with a session a code
 *   POST  rest_oauth_authorize_decide   --> a code, and at the operators' client the console's session
 *
 * A session leads to a code for the console's own address alone. Whoever listens on a loopback address is not
 * known (RFC 8252 8.6), so that there the password is asked for each time.
 *
 * While client and redirect address are in doubt nobody is sent anywhere; from there on errors go to the
 * client by redirect. A wrong password shows the page again.
 */
#include "postgres.h"

#include "fmgr.h"
#include "mb/pg_wchar.h"

#include "access/login_session.h"
#include "access/post.h"
#include "core/digest.h"
#include "core/guc.h"
#include "oauth/oauth.h"
#include "access/password.h"
#include "access/user_name.h"
#include "core/text_check.h"
#include "text/web_address.h"

#define STATE_MAX        4096 /* bytes: it comes back in the Location header */
#define CHALLENGE_LENGTH 43   /* base64url of SHA-256 */
#define CONSOLE_PATH     "/console"

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
	char *prompt;
	char *issuer;       /* NULL: not configured */
	bool quiet;         /* prompt=none: no page */
	bool ask;           /* prompt=login and the like: the page, whatever session there is */
	bool console;       /* the answer goes to the console */
	const char *target; /* the registered address that the answer goes to, of a loopback one with the port
						   asked for */
	OauthClient client;
	OauthScope resources;
} AuthorizeRequest;

/* The arguments that both endpoints have. */
ARGUMENTS(ARG_RESPONSE_TYPE, ARG_CLIENT_ID, ARG_REDIRECT_URI, ARG_SCOPE, ARG_STATE, ARG_CODE_CHALLENGE,
		  ARG_CODE_CHALLENGE_METHOD, ARG_PROMPT, ARG_ISSUER, ARG_SESSION, ARG_USER_NAME, ARG_PASSWORD,
		  ARG_DECISION, ARG_TOTP);

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
	request->prompt = OauthText(call, ARG_PROMPT);
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

/* {"redirect": target with a code or an error, state and iss, "session": for the cookie, unless NULL} */
static char *
RedirectData(const AuthorizeRequest *request, const char *code, const OauthError *error, const char *session)
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
	if (session != NULL)
		JsonField(&data, "session", session);
	appendStringInfoChar(&data, '}');
	return data.data;
}

/* Adds "page": what is asked for, by whom, and where the answer goes. */
static void
AddPage(StringInfo data, const AuthorizeRequest *request)
{
	appendStringInfoString(data, data->len > 1 ? ",\"page\":{" : "\"page\":{");
	JsonField(data, "clientId", request->client.app_code);
	appendStringInfo(data, ",\"signIn\":%s", request->client.operators ? "true" : "false");
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

/* Is it the console of this platform, under the address that people or its settings know it by? */
static bool
IsConsole(const AuthorizeRequest *request)
{
	const char *bases[] = {request->issuer, guc_public_url};

	for (int i = 0; i < lengthof(bases); i++)
		if (bases[i] != NULL && bases[i][0] != '\0' &&
			strcmp(request->redirect_uri, psprintf("%s" CONSOLE_PATH, bases[i])) == 0)
			return true;
	return false;
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
	if (request->client.operators && request->redirect_uri != NULL && IsConsole(request))
	{
		request->console = true;
		request->target = request->redirect_uri;
	}
	if (request->target == NULL)
		return OauthFail(error, CBD_INVALID_REDIRECT_URI, "invalid_request",
						 "redirect_uri is not registered for this client");
	if (request->state != NULL && strlen(request->state) > STATE_MAX)
		return OauthFail(error, CBD_INVALID_PARAMETER, "invalid_request", "state is too long");
	return true;
}

/* prompt (OpenID Connect 3.1.2.1): words with blanks between. Nothing was consented to before, and accounts
 * are chosen by their password: whatever asks for a page gets it. */
static bool
CheckPrompt(AuthorizeRequest *request, OauthError *error)
{
	static const char *const words[] = {"none", "login", "consent", "select_account"};
	const char *text = request->prompt;

	while (text != NULL && *text != '\0')
	{
		size_t length = strcspn(text, " ");
		int at = 0;

		while (at < lengthof(words) && (strlen(words[at]) != length || memcmp(words[at], text, length) != 0))
			at++;
		if (length > 0 && at == lengthof(words))
			return OauthFail(error, CBD_INVALID_PARAMETER, "invalid_request",
							 "prompt must be none, login, consent or select_account");
		if (length > 0)
			*(at == 0 ? &request->quiet : &request->ask) = true;
		text += length + (text[length] == ' ');
	}
	if (request->quiet && request->ask)
		return OauthFail(error, CBD_INVALID_PARAMETER, "invalid_request", "prompt none stands alone");
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
	if (!CheckPrompt(request, error))
		return false;
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
		*reply = Answer(call, CBD_OK, RedirectData(request, NULL, &error, NULL));
	}
	else
		return true;
	return false;
}

/* Who signed in at the operators' client: the code, its tokens and the audit row are that account's. */
static void
SignIn(Call *call, AuthorizeRequest *request, int64 account_id, char *user_name, int32 epoch,
	   bool administrator)
{
	request->client.account_id = account_id;
	request->client.origin.account_epoch = epoch;
	request->client.administrator = administrator;
	call->caller.known = true;
	call->caller.account_id = account_id;
	call->caller.user_name = user_name;
	call->caller.app_id = request->client.app_id;
	call->caller.app_code = request->client.app_code;
}

/* By the session of the console's browser. */
static bool
SignedIn(Call *call, AuthorizeRequest *request)
{
	LoginSession session;
	OperatorPost *posts;

	if (!request->console || request->ask || !CallGiven(call, ARG_SESSION) ||
		!LoginSessionUse(&call->context, CallDatum(call, ARG_SESSION), &session) ||
		(!session.administrator && OperatorPosts(session.account_id, &posts) == 0))
		return false;
	request->client.session_id = session.session_id;
	SignIn(call, request, session.account_id, session.user_name, session.epoch, session.administrator);
	return true;
}

/* The redirect with a code for who is signed in; `session`: for the cookie, or NULL. */
static Datum
AnswerCode(Call *call, AuthorizeRequest *request, const char *session)
{
	char *code =
		MakeOauthCode(&request->client, &request->resources, request->redirect_uri, request->code_challenge);
	char *data = RedirectData(request, code, NULL, session);

	ForgetText(code);
	return Answer(call, CBD_OK, data);
}

/*
 * rest_oauth_authorize_check(..., response_type, client_id, redirect_uri, scope, state, code_challenge,
 * code_challenge_method, prompt, issuer, session): {"page"} or {"redirect"}
 */
static Datum
OauthAuthorizeCheck(Call *call)
{
	static const OauthError login_required = {CBD_UNAUTHORIZED, "login_required", "Nobody is signed in"};
	AuthorizeRequest request;
	StringInfoData data;
	Datum reply;

	ReadAuthorize(call, &request);
	if (!CheckAuthorize(call, &request, &reply))
		return reply;
	if (SignedIn(call, &request))
	{
		call->detail = "by the session of the browser";
		return AnswerCode(call, &request, NULL);
	}
	if (request.quiet)
	{
		call->detail = login_required.code;
		return Answer(call, CBD_OK, RedirectData(&request, NULL, &login_required, NULL));
	}
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

/* A right password at the operators' client: an active administrator, or an account with a post. For the
 * console's browser a session begins (*session, for its cookie); the one it had is another log-in's. */
static CbdStatus
LogInOperator(Call *call, AuthorizeRequest *request, const Login *login, char **session)
{
	LoginSession before;
	OperatorPost *posts;

	if (strcmp(login->state, "pending") == 0)
		return CBD_ACCOUNT_PENDING;
	if (login->administrator ? strcmp(login->state, "active") != 0
							 : OperatorPosts(login->account_id, &posts) == 0)
		return CBD_NO_POST;
	if (request->console)
	{
		if (CallGiven(call, ARG_SESSION))
			(void) LoginSessionEnd(CallDatum(call, ARG_SESSION), &before);
		if (guc_login_session_idle_ttl > 0)
			*session = LoginSessionBegin(login, &request->client.session_id);
	}
	return CBD_OK;
}

/* The log-in of the account that owns the client; another account gets the answer of a wrong password. At the
 * operators' client, of anybody. */
static CbdStatus
LogIn(Call *call, AuthorizeRequest *request, const char *user_name, char *password, const char *totp,
	  char **session)
{
	Login login = {0};
	CbdStatus status;

	if (user_name == NULL || password == NULL)
		return CBD_FIELD_REQUIRED;
	if (pg_mbstrlen(user_name) > USER_NAME_MAX || pg_mbstrlen(password) > PASSWORD_MAX)
		return CBD_INVALID_CREDENTIALS;
	status = PasswordLogin(&call->context, user_name, password, totp,
						   request->client.operators ? LOGIN_ANYONE : request->client.account_id, &login,
						   &call->retry_after);
	ForgetText(password);
	call->detail = login.note;
	if (status == CBD_OK && login.held)
		status = CBD_PASSWORD_RESET;
	if (status == CBD_OK && request->client.operators)
		status = LogInOperator(call, request, &login, session);
	if (status != CBD_OK)
		return status;
	SignIn(call, request, login.account_id, login.user_name, login.epoch,
		   request->client.operators && login.administrator);
	return CBD_OK;
}

/*
 * rest_oauth_authorize_decide(..., the same, user_name, password, decision, totp): decision allow or deny.
 * {"redirect", "session"}, or a refusal with "page": 40101 wrong user name or password, 40312 no post,
 * 40313 not reviewed yet, 42201
 * one is missing, 42901 locked
 */
static Datum
OauthAuthorizeDecide(Call *call)
{
	static const OauthError denied = {CBD_FORBIDDEN, "access_denied", "The request was denied"};
	AuthorizeRequest request;
	char *decision = OauthText(call, ARG_DECISION);
	OauthError error = {0};
	char *session = NULL;
	CbdStatus status;
	Datum reply;

	ReadAuthorize(call, &request);
	if (!CheckAuthorize(call, &request, &reply))
		return reply;
	if (decision != NULL && strcmp(decision, "deny") == 0)
	{
		call->detail = "denied";
		return Answer(call, CBD_OK, RedirectData(&request, NULL, &denied, NULL));
	}
	if (decision == NULL || strcmp(decision, "allow") != 0)
	{
		OauthFail(&error, CBD_INVALID_PARAMETER, "invalid_request", "decision must be allow or deny");
		return OauthRefuse(call, &error);
	}
	status = LogIn(call, &request, OauthText(call, ARG_USER_NAME), OauthText(call, ARG_PASSWORD),
				   OauthText(call, ARG_TOTP), &session);
	if (status != CBD_OK)
		return AskAgain(call, &request, status, StatusMessage(status));
	call->detail = ScopeText(&request.resources);
	return AnswerCode(call, &request, session);
}

ENDPOINT(cbd_rest_oauth_authorize_decide, "oauth.consent", OauthAuthorizeDecide);

/* rest_oauth_logout(..., session): {}, whether there was one */
static Datum
OauthLogout(Call *call)
{
	ARGUMENTS(ARG_LOGOUT_SESSION);
	LoginSession session;

	if (CallGiven(call, ARG_LOGOUT_SESSION) && LoginSessionEnd(CallDatum(call, ARG_LOGOUT_SESSION), &session))
	{
		call->caller.known = true;
		call->caller.account_id = session.account_id;
		call->caller.user_name = session.user_name;
	}
	else
		call->detail = "no session";
	return Answer(call, CBD_OK, "{}");
}

ENDPOINT(cbd_rest_oauth_logout, "oauth.logout", OauthLogout);
