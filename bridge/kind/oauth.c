/*
 * The kind of OAuth's JSON (token, revocation, introspection, metadata), as the RFCs have it.
 *
 * The extension writes success and refusal alike, since an `error` depends on what was asked. What it
 * never saw (a malformed body, a queue that is full) gets the `error` that fits its HTTP status.
 */
#include "kind/oauth.h"

#include "kind/kinds.h"
#include "reply/reply.h"
#include "request/cookie.h"
#include "request/params.h"
#include "wire/status_codes.h"

void
OauthMetadata(Request *request)
{
	const char *issuer = IssuerOrRefuse(request);
	char *text;

	if (issuer == NULL)
		return;
	text = ArenaPrint(
		&request->arena,
		"{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/oauth/authorize\",\"token_endpoint\":\"%s/oauth/"
		"token\","
		"\"revocation_endpoint\":\"%s/oauth/revoke\",\"introspection_endpoint\":\"%s/oauth/introspect\","
		"\"response_types_supported\":[\"code\"],\"response_modes_supported\":[\"query\"],"
		"\"grant_types_supported\":[\"authorization_code\",\"refresh_token\",\"client_credentials\"],"
		"\"code_challenge_methods_supported\":[\"S256\"],"
		"\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\",\"none\"],"
		"\"revocation_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\","
		"\"none\"],"
		"\"introspection_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\"],"
		"\"prompt_values_supported\":[\"none\",\"login\",\"consent\",\"select_account\"],"
		"\"authorization_response_iss_parameter_supported\":true,\"ui_locales_supported\":[\"zh-CN\",\"en\"]"
		"}",
		issuer, issuer, issuer, issuer, issuer);
	request->data = (Span){text, strlen(text)};
}

const char *
OauthErrorName(unsigned http)
{
	if (http == 401)
		return "invalid_client";
	if (http == 503 || http == 429)
		return "temporarily_unavailable";
	return http >= 500 ? "server_error" : "invalid_request";
}

/* Kind.make: what the extension says as it stands. */
static void
OauthMake(Request *request, Reply *reply)
{
	reply->type = "application/json";
	if (request->data.length > 0 || request->status == CBD_OK)
		TextAdd(&reply->text, request->data.text, request->data.length);
	else
		TextPrint(&reply->text, "{\"error\":\"%s\",\"error_description\":\"%s\"}",
				  OauthErrorName(StatusHttp(request->status)), StatusText(request->status, false));
}

/* Kind.headers */
static void
OauthHeaders(Request *request, Reply *reply)
{
	ReplyHeader(reply, "Pragma", "no-cache"); /* RFC 6749 5.1 */
	if (reply->http == 401)                   /* 5.2: clients log in by Basic */
		ReplyHeader(reply, "WWW-Authenticate", "Basic realm=\"citybigdata\", charset=\"UTF-8\"");
}

/* Kind.headers of the log-out: the browser forgets the session. Only one that sent it: a form of another site
 * comes without (SameSite) and must not do that. */
static void
LogoutHeaders(Request *request, Reply *reply)
{
	OauthHeaders(request, reply);
	if (request->status == CBD_OK && CookieValue(request, SESSION_COOKIE) != NULL)
		ReplyHeader(reply, "Set-Cookie",
					SESSION_COOKIE "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
}

const Kind kind_logout = {.name = "logout",
						  .oauth = true,
						  .other = FieldIgnored,
						  .make = OauthMake,
						  .headers = LogoutHeaders,
						  .own_challenge = true};

const Kind kind_oauth = {.name = "oauth",
						 .oauth = true,
						 .other = FieldIgnored,
						 .make = OauthMake,
						 .headers = OauthHeaders,
						 .own_challenge = true};
