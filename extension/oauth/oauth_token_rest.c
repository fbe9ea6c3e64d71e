/*
 * Endpoints: POST /oauth/token, /oauth/revoke, /oauth/introspect (RFC 6749, 7009, 7662).
 *
 *   authorization_code  spend the code, check redirect_uri and PKCE, new family -> access and refresh token
 *   refresh_token       rotate the family's generation -> access and refresh token
 *   client_credentials  the application for itself -> access token
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "access/access_rows.h"
#include "access/judge.h"
#include "access/post.h"
#include "text/crypto.h"
#include "core/digest.h"
#include "core/field.h"
#include "core/guc.h"
#include "oauth/oauth.h"
#include "core/spi.h"
#include "text/base64.h"

/* RFC 6749 4.1.2 recommends at most ten minutes for a code. */
#define CODE_TTL_MAX 600

/* The scope of an administrator's token: no resource. */
#define ADMIN_SCOPE "admin"

/* Length of a code verifier (RFC 7636 4.1). */
#define VERIFIER_MIN 43
#define VERIFIER_MAX 128

/* $1 digest, $2 application, $3 account, $4 redirect_uri, $5 challenge, $6 resources, $7 seconds, $8 and $9
 * epochs of application and account, $10 session (0: none), $11 as an administrator */
static SpiQuery insert_code = {
	"INSERT INTO citybigdata.oauth_code (code_digest, family_id, app_id, account_id, redirect_uri, "
	"code_challenge, resources,"
	" issued_at, expires_at, app_epoch, account_epoch, session_id, administrator) VALUES ($1, "
	"nextval('citybigdata.auth_code_family_id_seq'), $2, $3, $4, $5, $6,"
	" clock_timestamp(), clock_timestamp() + make_interval(secs => $7), $8, $9, nullif($10, 0), $11)",
	11,
	{BYTEAOID, INT4OID, INT8OID, TEXTOID, TEXTOID, TEXTARRAYOID, FLOAT8OID, INT4OID, INT4OID, INT8OID,
	 BOOLOID},
	NULL};

/* The one conditional UPDATE: of any number of concurrent redemptions one gets the row. */
static SpiQuery spend_code = {
	"UPDATE citybigdata.oauth_code k SET used_at = clock_timestamp() WHERE code_digest = $1 AND used_at IS "
	"NULL"
	" RETURNING family_id, app_id, account_id, redirect_uri, code_challenge, resources, expires_at > "
	"clock_timestamp(), app_epoch, account_epoch, EXISTS (SELECT FROM citybigdata.application a, "
	"citybigdata.account c WHERE a.app_id = k.app_id AND a.epoch = k.app_epoch AND c.account_id = "
	"k.account_id"
	" AND c.epoch = k.account_epoch), session_id, administrator",
	1,
	{BYTEAOID},
	NULL,
	true};

/* $1 digest of a code that was spent before: its family. */
static SpiQuery code_family = {
	"SELECT family_id FROM citybigdata.oauth_code WHERE code_digest = $1", 1, {BYTEAOID}, NULL, true};

/* A code as it was spent. */
typedef struct OauthCode
{
	TokenFamily family;
	char *redirect_uri;
	char *code_challenge;
	bool fresh;
	bool stands;        /* neither credentials renewed nor password changed since */
	bool administrator; /* an administrator signed in at the operators' client */
} OauthCode;

/* A token request: what is common to the grant types. */
typedef struct TokenCall
{
	Call *call;
	OauthClient client;
	OauthError error;
	char *scope;
	OauthScope resources;
} TokenCall;

char *
MakeOauthCode(const OauthClient *client, const OauthScope *scope, const char *redirect_uri,
			  const char *code_challenge)
{
	char *code = RandomToken();
	Datum values[11] = {TextDigest(code),
						Int32GetDatum(client->app_id),
						Int64GetDatum(client->account_id),
						redirect_uri != NULL ? CStringGetTextDatum(redirect_uri) : (Datum) 0,
						code_challenge != NULL ? CStringGetTextDatum(code_challenge) : (Datum) 0,
						TextArrayDatum(scope->codes, scope->count),
						Float8GetDatum(Min(guc_auth_code_ttl, CODE_TTL_MAX)),
						Int32GetDatum(client->origin.app_epoch),
						Int32GetDatum(client->origin.account_epoch),
						Int64GetDatum(client->session_id),
						BoolGetDatum(client->administrator)};
	bool nulls[11] = {[3] = redirect_uri == NULL, [4] = code_challenge == NULL};

	SpiBegin();
	SpiRun(&insert_code, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
	return code;
}

/* Spends the code, whatever comes of it. A code that was spent before revokes what it had made. */
static bool
SpendOauthCode(Datum digest, OauthCode *code, TokenCall *token)
{
	int64 replayed = 0;
	bool spent;

	memset(code, 0, sizeof(*code));
	SpiBegin();
	spent = SpiRun(&spend_code, &digest, NULL, SPI_OK_UPDATE_RETURNING, 0) == 1;
	if (spent)
	{
		code->family.family_id = SpiInt64(0, 1);
		code->family.app_id = SpiInt32(0, 2);
		code->family.account_id = SpiInt64(0, 3);
		code->redirect_uri = SpiText(0, 4);
		code->code_challenge = SpiText(0, 5);
		code->family.resources = SpiTextArray(0, 6, &code->family.resource_count);
		code->fresh = SpiBool(0, 7);
		code->family.origin.app_epoch = SpiInt32(0, 8);
		code->family.origin.account_epoch = SpiInt32(0, 9);
		code->stands = SpiBool(0, 10);
		code->family.session_id = SpiInt64(0, 11);
		code->administrator = SpiBool(0, 12);
	}
	else if (SpiRun(&code_family, &digest, NULL, SPI_OK_SELECT, 1) == 1)
		replayed = SpiInt64(0, 1);
	SpiEnd();
	if (replayed != 0)
	{
		RevokeFamily(replayed);
		token->call->detail = "code used again: family revoked";
	}
	return spent;
}

/* Is it the verifier of the challenge (S256)? */
static bool
VerifierMatches(const char *verifier, const char *challenge)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	size_t length = strlen(verifier);
	uint8 digest[DIGEST_SIZE];
	char text[BASE64_SIZE(DIGEST_SIZE)];

	if (length < VERIFIER_MIN || length > VERIFIER_MAX || verifier[strspn(verifier, allowed)] != '\0')
		return false;
	Sha256(verifier, length, digest);
	Base64Text(digest, DIGEST_SIZE, BASE64_URL, text);
	return strlen(challenge) == strlen(text) && EqualBytes(text, challenge, strlen(text));
}

/* invalid_grant, whatever the reason; `detail` is for the auditor. */
static bool
RefuseGrant(TokenCall *token, const char *detail)
{
	if (token->call->detail == NULL)
		token->call->detail = detail;
	return OauthFail(&token->error, CBD_INVALID_GRANT, "invalid_grant",
					 "The grant is invalid, expired, revoked or used");
}

/* Does the redemption fit the code? One answer for whatever does not; the auditor is told. */
static bool
CheckRedemption(TokenCall *token, const OauthCode *code, const char *redirect_uri, const char *verifier)
{
	if (code->family.app_id != token->client.app_id)
		return RefuseGrant(token, "code of another client");
	if (!code->fresh)
		return RefuseGrant(token, "code expired");
	if (!code->stands)
		return RefuseGrant(token, "credentials or password changed since the consent");
	if (code->redirect_uri != NULL
			? redirect_uri == NULL || strcmp(redirect_uri, code->redirect_uri) != 0
			: redirect_uri != NULL && (token->client.redirect_uri_count != 1 ||
									   strcmp(redirect_uri, token->client.redirect_uris[0]) != 0))
		return RefuseGrant(token, "another redirect_uri");
	/* a verifier without a challenge is a downgrade under way (RFC 9700 4.8.2) */
	if ((code->code_challenge == NULL) != (verifier == NULL))
		return RefuseGrant(token,
						   code->code_challenge == NULL ? "verifier without challenge" : "no code_verifier");
	if (verifier != NULL && !VerifierMatches(verifier, code->code_challenge))
		return RefuseGrant(token, "wrong code_verifier");
	return true;
}

/* The reply of a token request; `family` NULL: no refresh token. */
static Datum
AnswerToken(TokenCall *token, const TokenFamily *family)
{
	TokenBinding binding = {.app_id = token->client.app_id,
							.account_id = family != NULL ? family->account_id : token->client.account_id,
							.narrowed = true};
	Issued issued;
	StringInfoData data;
	char *refresh;
	char *scope = ScopeText(&token->resources);

	binding.resources = token->resources.codes;
	binding.resource_count = token->resources.count;
	binding.family_id = family != NULL ? family->family_id : 0;
	binding.origin = family != NULL ? family->origin : token->client.origin;
	MakeBoundToken(&binding, &issued);
	initStringInfo(&data);
	appendStringInfo(&data, "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d",
					 issued.text, issued.expires_in);
	ForgetText(issued.text);
	if (family != NULL)
	{
		refresh = MakeRefreshToken(family);
		JsonField(&data, "refresh_token", refresh);
		ForgetText(refresh);
	}
	JsonField(&data, "scope", scope);
	appendStringInfoChar(&data, '}');
	token->call->detail = scope;
	return Answer(token->call, CBD_OK, data.data);
}

/* An administrator's token for who signed in as one at the operators' client: as POST /admin/login gives it,
 * without a refresh token, but revoked with the session. */
static Datum
AnswerAdministrator(TokenCall *token, TokenFamily *family)
{
	TokenBinding binding = {.account_id = family->account_id, .family_id = family->family_id};
	Issued issued;
	char *data;

	MakeFamily(family);
	binding.origin.account_epoch = family->origin.account_epoch;
	MakeBoundToken(&binding, &issued);
	data = psprintf(
		"{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d,\"scope\":\"" ADMIN_SCOPE "\"}",
		issued.text, issued.expires_in);
	ForgetText(issued.text);
	token->call->caller.administrator = true;
	token->call->detail = ADMIN_SCOPE;
	return Answer(token->call, CBD_OK, data);
}

/*
 * May the account that signed in at the operators' client still have tokens of that kind? What it was when
 * the password was given it must be now: an administrator proved more than an operator. The audit row names
 * it.
 */
static bool
CheckSignedIn(TokenCall *token, int64 account_id, bool administrator)
{
	Call *call = token->call;
	AccountRow account;
	OperatorPost *posts;

	if (!ReadAccount(account_id, &account))
		return RefuseGrant(token, "account unknown");
	call->caller.account_id = account_id;
	call->caller.user_name = account.user_name;
	if (!account.active || !Lasts(account.has_end, account.valid_until))
		return RefuseGrant(token, "account not active");
	if (administrator != (account.admin_role != 0))
		return RefuseGrant(token, "role of the account changed");
	if (administrator ? !AdminAddressAllowed(&call->context) : OperatorPosts(account_id, &posts) == 0)
		return RefuseGrant(token, administrator ? "client address not allowed" : "no post");
	return true;
}

/* The arguments of rest_oauth_token. */
ARGUMENTS(ARG_GRANT_TYPE, ARG_CODE, ARG_REDIRECT_URI, ARG_CODE_VERIFIER, ARG_REFRESH_TOKEN, ARG_SCOPE,
		  ARG_CLIENT_ID, ARG_CLIENT_SECRET);

/* grant_type=authorization_code (RFC 6749 4.1.3). */
static Datum
ByCode(TokenCall *token)
{
	OauthCode code;

	if (!CallGiven(token->call, ARG_CODE))
	{
		OauthFail(&token->error, CBD_MISSING_PARAMETER, "invalid_request", "code is missing");
		return OauthRefuse(token->call, &token->error);
	}
	if (!SpendOauthCode(CallDatum(token->call, ARG_CODE), &code, token))
		RefuseGrant(token, "code unknown");
	else if (CheckRedemption(token, &code, OauthText(token->call, ARG_REDIRECT_URI),
							 OauthText(token->call, ARG_CODE_VERIFIER)) &&
			 (!token->client.operators || CheckSignedIn(token, code.family.account_id, code.administrator)))
	{
		if (code.administrator)
			return AnswerAdministrator(token, &code.family);
		GrantedScope(token->client.app_id, &token->resources);
		LimitScope(&token->resources, code.family.resources, code.family.resource_count);
		/* what was consented to counts, not a scope parameter */
		if (ChooseScope(&token->resources, NULL, &token->error))
		{
			MakeFamily(&code.family);
			return AnswerToken(token, &code.family);
		}
	}
	return OauthRefuse(token->call, &token->error);
}

/* grant_type=refresh_token (RFC 6749 6). */
static Datum
ByRefreshToken(TokenCall *token)
{
	TokenFamily family;
	Datum digest;

	if (!CallGiven(token->call, ARG_REFRESH_TOKEN))
	{
		OauthFail(&token->error, CBD_MISSING_PARAMETER, "invalid_request", "refresh_token is missing");
		return OauthRefuse(token->call, &token->error);
	}
	digest = CallDatum(token->call, ARG_REFRESH_TOKEN);
	/* a scope beyond what was consented to is told before the token is used up */
	if (FindRefreshFamily(digest, token->client.app_id, &family))
	{
		GrantedScope(token->client.app_id, &token->resources);
		LimitScope(&token->resources, family.resources, family.resource_count);
		if (ChooseScope(&token->resources, token->scope, &token->error) && token->client.operators)
			CheckSignedIn(token, family.account_id, false);
	}
	if (token->error.code == NULL && RotateRefreshToken(digest, token->client.app_id, &family) == CBD_OK)
		return AnswerToken(token, &family);
	if (token->error.code == NULL)
		RefuseGrant(token, family.note);
	return OauthRefuse(token->call, &token->error);
}

/* For the application itself, by key or signature: no refresh token (RFC 6749 4.4.3). */
static Datum
ByClientCredentials(TokenCall *token)
{
	bool is_signed =
		token->call->context.scheme == SCHEME_SIGNATURE || token->call->context.scheme == SCHEME_ARTEMIS;

	if (token->client.is_public || !(is_signed || token->client.by_key))
	{
		OauthFail(&token->error, CBD_UNAUTHORIZED_CLIENT, "unauthorized_client",
				  "The client may not use this grant type");
		return OauthRefuse(token->call, &token->error);
	}
	GrantedScope(token->client.app_id, &token->resources);
	if (!ChooseScope(&token->resources, token->scope, &token->error))
		return OauthRefuse(token->call, &token->error);
	return AnswerToken(token, NULL);
}

/*
 * rest_oauth_token(..., grant_type, code, redirect_uri, code_verifier, refresh_token, scope, client_id,
 * client_secret): code and refresh_token as SHA-256. {access_token, token_type, expires_in, refresh_token,
 * scope}
 */
static Datum
OauthToken(Call *call)
{
	TokenCall token = {.call = call};
	char *grant_type = OauthText(call, ARG_GRANT_TYPE);
	bool by_code, by_refresh, by_client;

	token.scope = OauthText(call, ARG_SCOPE);
	by_code = grant_type != NULL && strcmp(grant_type, "authorization_code") == 0;
	by_refresh = grant_type != NULL && strcmp(grant_type, "refresh_token") == 0;
	by_client = grant_type != NULL && strcmp(grant_type, "client_credentials") == 0;
	if (grant_type == NULL)
		OauthFail(&token.error, CBD_MISSING_PARAMETER, "invalid_request", "grant_type is missing");
	else if (!by_code && !by_refresh && !by_client)
		OauthFail(&token.error, CBD_UNSUPPORTED_GRANT_TYPE, "unsupported_grant_type",
				  "grant_type must be authorization_code, refresh_token or client_credentials");
	if (token.error.code != NULL ||
		!AuthenticateClient(call, OauthText(call, ARG_CLIENT_ID), OauthText(call, ARG_CLIENT_SECRET),
							!by_client, &token.client, &token.error))
		return OauthRefuse(call, &token.error);
	if (by_code)
		return ByCode(&token);
	return by_refresh ? ByRefreshToken(&token) : ByClientCredentials(&token);
}

ENDPOINT(cbd_rest_oauth_token, "oauth.token", OauthToken);

/* rest_oauth_revoke(..., token, token_type_hint, client_id, client_secret): always the same answer (RFC
 * 7009 2.2) */
static Datum
OauthRevoke(Call *call)
{
	ARGUMENTS(ARG_TOKEN, ARG_TOKEN_TYPE_HINT, ARG_CLIENT_ID, ARG_CLIENT_SECRET);
	OauthClient client;
	OauthError error = {0};

	if (AuthenticateClient(call, OauthText(call, ARG_CLIENT_ID), OauthText(call, ARG_CLIENT_SECRET), true,
						   &client, &error) &&
		!CallGiven(call, ARG_TOKEN))
		OauthFail(&error, CBD_MISSING_PARAMETER, "invalid_request", "token is missing");
	if (error.code != NULL)
		return OauthRefuse(call, &error);
	if (!RevokeToken(CallDatum(call, ARG_TOKEN), client.app_id, client.account_id))
		call->detail = "no valid token of the client";
	return Answer(call, CBD_OK, NULL);
}

ENDPOINT(cbd_rest_oauth_revoke, "oauth.revoke", OauthRevoke);

/* rest_oauth_introspect(..., token, token_type_hint, client_id, client_secret): {active, ...} of a token of
 * the client */
static Datum
OauthIntrospect(Call *call)
{
	ARGUMENTS(ARG_TOKEN, ARG_TOKEN_TYPE_HINT, ARG_CLIENT_ID, ARG_CLIENT_SECRET);
	OauthClient client;
	OauthError error = {0};

	if (AuthenticateClient(call, OauthText(call, ARG_CLIENT_ID), OauthText(call, ARG_CLIENT_SECRET), false,
						   &client, &error) &&
		!CallGiven(call, ARG_TOKEN))
		OauthFail(&error, CBD_MISSING_PARAMETER, "invalid_request", "token is missing");
	if (error.code != NULL)
		return OauthRefuse(call, &error);
	return Answer(call, CBD_OK, IntrospectToken(CallDatum(call, ARG_TOKEN), client.app_id));
}

ENDPOINT(cbd_rest_oauth_introspect, "oauth.introspect", OauthIntrospect);
