/*
 * OAuth 2.0 for off-the-shelf clients (RFC 6749, 7636, 7009, 7662, 9207, 9700).
 *
 * A client is an application: client_id is its appCode, client_secret its key, scope its granted resources.
 * The resource owner is the account that owns the application, and only that account can consent: whatever a
 * client reads was granted to its application after review, so another account's log-in must not open it
 * (with a public client it would).
 *
 * The operators' client (access/operator.h) is the exception: any account with a post or an administrator's
 * role signs in there, nothing is consented to, and its tokens are what the account may do. An administrator
 * gets the token of POST /admin/login. The console's browser keeps a session (access/login_session.h).
 *
 * The endpoint functions answer in the RFCs' own shapes: `data` is the body as it stands, of a refusal
 * {"error", "error_description"}. Authorisation endpoint: {"redirect": "address"} sends the browser on,
 * {"page": {...}} is what the consent page shows; a refusal with "page" shows it again, one without is shown
 * and never redirected.
 */
#ifndef CBD_OAUTH_H
#define CBD_OAUTH_H

#include "postgres.h"
#include "access/endpoint.h"
#include "access/token.h"

/* A refusal in the making; error NULL: none. Descriptions are ASCII without " and \ (RFC 6749 5.2). */
typedef struct OauthError
{
	CbdStatus status;
	const char *code; /* RFC 6749 5.2: invalid_request ... */
	const char *description;
} OauthError;

/* A client of OAuth: an application whose access request named redirect addresses. */
typedef struct OauthClient
{
	int32 app_id;
	char *app_code;
	int64 account_id; /* owner */
	Origin origin;    /* the epochs; after AuthenticateClient() those that it proved itself with */
	char *user_name;
	char *organization;
	bool is_public;
	bool by_key; /* method key was granted */
	bool counts; /* application and account active, not expired */
	bool address_allowed;
	char **redirect_uris;
	int redirect_uri_count;
	bool operators;     /* the operators' client: account_id is the owner's until somebody has signed in */
	bool administrator; /* an administrator signed in there */
	int64 session_id;   /* of the browser; 0: none */
} OauthClient;

/* Resources with their titles, in order of their codes. */
typedef struct OauthScope
{
	int count;
	char **codes;
	char **titles;
	char **titles_zh;
} OauthScope;

/* Sets the error unless there is one already; always false. */
extern bool OauthFail(OauthError *error, CbdStatus status, const char *code, const char *description);

/* The reply of a refusal. */
extern Datum OauthRefuse(Call *call, const OauthError *error);

/* Argument `n`; an empty one counts as absent (RFC 6749 3.1). */
extern char *OauthText(const Call *call, int n);

/* The client of an appCode, known or not yet authenticated. */
extern bool FindOauthClient(const RestContext *context, const char *client_id, OauthClient *client);

/*
 * Authenticates the client by Basic, by a signature, or by client_id and client_secret; a public client by
 * client_id alone, where `public_allowed`. Fills the call's caller. False: *error.
 */
extern bool AuthenticateClient(Call *call, const char *client_id, char *client_secret, bool public_allowed,
							   OauthClient *client, OauthError *error);

/* What the application is granted now. */
extern void GrantedScope(int32 app_id, OauthScope *scope);

/* Keeps those of the list. */
extern void LimitScope(OauthScope *scope, char *const *codes, int count);

/* Keeps those that the scope parameter names (NULL: all). False: invalid_scope. */
extern bool ChooseScope(OauthScope *scope, const char *text, OauthError *error);

/* Codes joined by blanks. */
extern char *ScopeText(const OauthScope *scope);

/* Makes a code for the consent of client->account_id, given with the password of client->origin; redirect_uri
 * and code_challenge may be NULL. */
extern char *MakeOauthCode(const OauthClient *client, const OauthScope *scope, const char *redirect_uri,
						   const char *code_challenge);

#endif
