/*
 * Authorise(): every request's question "who calls, and may they?" (clauses 5.2, 5.5); see access.h.
 *
 * One function for each scheme of the call context finds out who calls; judge.c decides whether that counts
 * now. Token, application, account and grant are read again on each request: what an administrator revokes or
 * suspends is refused at the very next one. A code is spent before anything else is looked at.
 *
 * Writes: a spent code, a used nonce, failures for the lock-out, the last use of a token now and then, the
 * bucket of a limited grant. Nothing else, so that a standby could answer reads by token.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "access/access.h"
#include "access/access_rows.h"
#include "access/app_code.h"
#include "access/authcode.h"
#include "access/judge.h"
#include "access/page_token.h"
#include "core/digest.h"
#include "core/guc.h"
#include "access/lockout.h"
#include "access/password.h"
#include "access/rate.h"
#include "access/sealed_url.h"
#include "access/signature.h"
#include "core/spi.h"
#include "access/token.h"
#include "access/user_name.h"

/* Seconds since the token was used last, as far as noted. */
static double
IdleSeconds(const TokenRow *token)
{
	return (GetCurrentStatementStartTimestamp() - token->last_use) / (double) USECS_PER_SEC;
}

/* Its last use is noted now and then, not on every request: a read should not write. */
static void
NoteUse(const RestContext *context, Datum digest, const TokenRow *token)
{
	if (guc_token_idle_ttl == 0 || IdleSeconds(token) <= Min(guc_token_idle_ttl / 4.0, 60))
		return;
	SpiBegin();
	NoteTokenUse(context, digest);
	SpiEnd();
}

/* By an access token: its digest is looked up, then token, account or application, grant and address
 * are judged as they are now. */
static CbdStatus
AuthoriseBearer(const RestContext *context, const char *resource, Caller *caller)
{
	Datum digest;
	TokenRow token;
	ApplicationRow app;
	CbdStatus status;

	if (context->credential_len != DIGEST_SIZE)
		return CBD_INVALID_TOKEN;
	digest = DigestDatum((const uint8 *) context->credential);
	if (!ReadToken(digest, resource, ClientAddress(context), &token) || token.revoked ||
		!Lasts(true, token.origin.ends_at) ||
		(guc_token_idle_ttl > 0 && IdleSeconds(&token) >= guc_token_idle_ttl))
		return CBD_INVALID_TOKEN;
	if (token.app_id == 0)
		status = JudgeAdministrator(context, &token, resource, caller);
	else if (ReadApplication(token.app_id, ClientAddress(context), &app))
		status = JudgeApplication(&app, &token.origin, &token, resource, CBD_INVALID_TOKEN, caller);
	else
		status = CBD_INVALID_TOKEN;
	/* appCode is optional beside a token, but then it must be the token's */
	if (caller->known && context->app_code != NULL &&
		(caller->app_code == NULL || strcmp(caller->app_code, context->app_code) != 0))
		return CBD_INVALID_TOKEN;
	if (status == CBD_OK)
		NoteUse(context, digest, &token);
	return status;
}

/* The code is spent first: whatever the request's outcome, it is void. */
static CbdStatus
AuthoriseCode(const RestContext *context, const char *resource, Caller *caller, int *retry_after)
{
	SpentCode code;
	ApplicationRow app;
	CbdStatus status;

	if (context->credential_len != DIGEST_SIZE)
		return CBD_INVALID_GRANT;
	status =
		SpendAuthCode(context, DigestDatum((const uint8 *) context->credential), context->app_code, &code);
	if (context->app_code != NULL && !AppCodeWellFormed(context->app_code))
		return CBD_INVALID_APP_CODE;
	if (status != CBD_OK)
		return status;
	*retry_after = CodeLockedFor(context, &code);
	if (*retry_after > 0)
		return CBD_LOCKED_OUT;
	if (!ReadApplication(code.app_id, ClientAddress(context), &app))
		return CBD_FORBIDDEN;
	return JudgeApplication(&app, &code.origin, NULL, resource, CBD_FORBIDDEN, caller);
}

CbdStatus
AuthoriseAccount(const RestContext *context, const char *totp, Caller *caller, int *retry_after)
{
	char *user_name;
	char *password;
	Login login;
	CbdStatus status;

	memset(caller, 0, sizeof(*caller));
	*retry_after = 0;
	if (!BasicCredentials(context, &user_name, &password) || pg_mbstrlen(user_name) > USER_NAME_MAX ||
		pg_mbstrlen(password) > PASSWORD_MAX)
		return CBD_INVALID_CREDENTIALS;
	caller->user_name = user_name; /* as claimed, for the audit row of a refusal */
	status = PasswordLogin(context, user_name, password, totp, LOGIN_ANYONE, &login, retry_after);
	ForgetText(password);
	if (status != CBD_OK)
		return status;
	caller->account_id = login.account_id;
	caller->user_name = login.user_name;
	caller->known = true;
	if (strcmp(login.state, "active") == 0)
		return CBD_OK;
	/* who has shown the password is told why it opens nothing */
	return strcmp(login.state, "pending") == 0 ? CBD_ACCOUNT_PENDING : CBD_ACCOUNT_NOT_ACTIVE;
}

/* Signed by the application itself: the signature counts towards its lock-out as a key does. */
static CbdStatus
AuthoriseSignature(const RestContext *context, const char *resource, Caller *caller, int *retry_after)
{
	Signer signer;
	Origin origin = {0};
	CbdStatus status = SignatureLogin(context, &signer, retry_after);

	if (status != CBD_OK)
		return status;
	origin.app_epoch = signer.epoch;
	status = AuthoriseApplication(context, signer.app_id, &origin, resource, caller);
	/* before the question of a resource is settled in another way (AuthoriseCases) */
	return !signer.granted && (status == CBD_OK || status == CBD_FORBIDDEN) && caller->known
			   ? CBD_METHOD_NOT_GRANTED
			   : status;
}

/* The bridge calls the sealed resource with what rest_open_url() gave out; the use was counted there. */
static CbdStatus
AuthoriseSealed(const RestContext *context, const char *resource, Caller *caller)
{
	SealedUrl url;
	CbdStatus status = OpenUrl(context, context->credential, context->credential_len, false, caller, &url);

	if (status != CBD_OK)
		return status;
	return resource != NULL && strcmp(resource, url.resource) == 0 ? CBD_OK : CBD_FORBIDDEN;
}

/* Behind a sealed base each call is judged for what it asks for. */
static CbdStatus
AuthoriseBase(const RestContext *context, const char *resource, Caller *caller)
{
	return OpenBase(context, context->credential, context->credential_len, resource, caller);
}

/* A further page of one reply: what let the first one through is judged again, as far as it can be used
 * again. */
static CbdStatus
AuthorisePageToken(const RestContext *context, const char *resource, Caller *caller)
{
	PageToken page_token;
	CbdStatus status;

	if (!PageTokenRead(context, resource, &page_token) ||
		(page_token.origin.by_token && !Lasts(true, page_token.origin.ends_at)))
		return CBD_INVALID_CREDENTIALS;
	status = AuthoriseApplication(context, page_token.app_id, &page_token.origin, resource, caller);
	if (status == CBD_FORBIDDEN && page_token.origin.by_token && !caller->known)
		status = CBD_INVALID_TOKEN;
	caller->level = Min(caller->level, page_token.level);
	return status;
}

CbdStatus
WithinLimit(CbdStatus status, Caller *caller, int *retry_after)
{
	if (status != CBD_OK || (caller->limit.per_second == 0 && caller->limit.daily_quota == 0))
		return status;
	return SpendRate(caller, caller->limited, retry_after);
}

/* Authorise() but for the limit. */
static CbdStatus
AuthoriseUncounted(const RestContext *context, const char *resource, Caller *caller, int *retry_after)
{
	ApplicationRow app;

	if (context->scheme_unknown)
		return CBD_UNSUPPORTED_METHOD;
	/* before the appCode is looked at: a code is void after any request that carried it here */
	if (context->scheme == SCHEME_CODE)
		return AuthoriseCode(context, resource, caller, retry_after);
	if (context->app_code != NULL && !AppCodeWellFormed(context->app_code))
		return CBD_INVALID_APP_CODE;
	switch (context->scheme)
	{
		case SCHEME_BEARER:
			return AuthoriseBearer(context, resource, caller);
		case SCHEME_BASIC:
			ReleaseReservation(context); /* the password is not looked at */
			return CBD_UNAUTHORIZED;
		case SCHEME_KEY: /* for rest_may_upload() alone */
			return CBD_UNAUTHORIZED;
		case SCHEME_SIGNATURE:
		case SCHEME_ARTEMIS:
			return AuthoriseSignature(context, resource, caller, retry_after);
		case SCHEME_SEALED:
			return AuthoriseSealed(context, resource, caller);
		case SCHEME_BASE:
			return AuthoriseBase(context, resource, caller);
		case SCHEME_CONTINUED:
			return AuthorisePageToken(context, resource, caller);
		case SCHEME_CODE:
		case SCHEME_NONE:
			break;
	}
	if (context->app_code == NULL || !context->has_client_addr)
		return CBD_UNAUTHORIZED;
	if (!ReadApplicationByCode(context->app_code, ClientAddress(context), &app))
		return CBD_ADDRESS_NOT_ALLOWED;
	return JudgeAddress(&app, resource, caller);
}

CbdStatus
Authorise(const RestContext *context, const char *resource, Caller *caller, int *retry_after)
{
	CbdStatus status;

	memset(caller, 0, sizeof(*caller));
	*retry_after = 0;
	status = AuthoriseUncounted(context, resource, caller, retry_after);
	/* a reply of many pages is one request */
	if (context->scheme == SCHEME_CONTINUED)
		return status;
	return WithinLimit(status, caller, retry_after);
}

CbdStatus
AuthoriseSenderAddress(const RestContext *context, const char *sender_code, Caller *caller, int *retry_after)
{
	ApplicationRow app;
	int32 app_id;

	memset(caller, 0, sizeof(*caller));
	*retry_after = 0;
	if (sender_code == NULL || !context->has_client_addr)
		return CBD_UNAUTHORIZED;
	app_id = ReadSender(sender_code);
	if (app_id == 0 || !ReadApplication(app_id, ClientAddress(context), &app))
		return CBD_ADDRESS_NOT_ALLOWED;
	return WithinLimit(JudgeAddress(&app, "events", caller), caller, retry_after);
}

bool
SenderBelongsTo(const char *sender_code, int32 app_id)
{
	return app_id != 0 && ReadSender(sender_code) == app_id;
}
