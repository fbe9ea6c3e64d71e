/*
 * Access: every request's question "who calls, and may they?" (clauses 5.2, 5.5).
 *
 * Token, application, account and grant are read again on each request, by one kept plan: what an
 * administrator revokes or suspends is refused at the very next request.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/inet.h"

#include "access.h"
#include "app_code.h"
#include "authcode.h"
#include "digest.h"
#include "guc.h"
#include "lockout.h"
#include "password.h"
#include "seal.h"
#include "signature.h"
#include "spi.h"
#include "token.h"

/*
 * The columns that JudgeRow reads, of application a, account c, grant g; `level` and `in_scope` tell what the credential
 * itself is limited to.
 */
#define COLUMNS(level, in_scope) \
	"a.app_id, a.app_code, c.account_id, c.user_name, a.profile = 'egova', least(coalesce(g.level, a.level), " level ")," \
	" g.app_id IS NOT NULL, " in_scope ", a.methods, a.ip_ranges"
#define CALLER_COLUMNS COLUMNS("NULL", "true")

enum
{
	COL_APP_ID = 1,
	COL_APP_CODE,
	COL_ACCOUNT_ID,
	COL_USER_NAME,
	COL_EGOVA,
	COL_LEVEL,
	COL_GRANTED,
	COL_IN_SCOPE,
	COL_METHODS,
	COL_IP_RANGES,
	COL_ALLOWED,
	COL_STALE					/* of a token: its last use must be noted */
};

/* The application counts now, its grant on $2 (if any) counts now. */
#define GRANT_JOIN \
	" LEFT JOIN citybigdata.app_grant g ON g.app_id = a.app_id AND g.resource = $2 AND g.state = 'active'" \
	" AND (g.valid_until IS NULL OR g.valid_until > statement_timestamp())"
#define APPLICATION_COUNTS \
	"a.state = 'active' AND (a.valid_until IS NULL OR a.valid_until > statement_timestamp())"

/* May it come from this address ($3)? Ranges beside the method ip belong to that method; without it they bind all. */
#define ADDRESS_ALLOWED \
	"(a.ip_ranges = '{}' OR 'ip' = ANY (a.methods) OR $3 <<= ANY (a.ip_ranges))"

/* When the token was used last, as far as noted. */
#define LAST_USE "coalesce(t.last_used_at, t.issued_at)"

/* $1 digest of the token, $2 resource, $3 client address, $4 seconds of idle expiry, 0 = none */
static SpiQuery bearer_query = {
	"SELECT " COLUMNS("t.level", "(t.resources IS NULL OR $2 = ANY (t.resources))") ","
	" (t.client_addr IS NULL OR t.client_addr = $3) AND (a.app_id IS NULL OR " ADDRESS_ALLOWED "),"
	" $4 > 0 AND " LAST_USE " < statement_timestamp() - make_interval(secs => least($4 / 4, 60))"
	" FROM citybigdata.access_token t"
	" JOIN citybigdata.account c ON c.account_id = t.account_id"
	" LEFT JOIN citybigdata.application a ON a.app_id = t.app_id"
	GRANT_JOIN
	" WHERE t.token_digest = $1 AND t.revoked_at IS NULL AND t.expires_at > statement_timestamp()"
	" AND ($4 = 0 OR " LAST_USE " > statement_timestamp() - make_interval(secs => $4))"
	" AND c.state = 'active' AND CASE WHEN t.app_id IS NULL THEN c.administrator ELSE " APPLICATION_COUNTS " END",
	4, {BYTEAOID, TEXTOID, INETOID, FLOAT8OID}, NULL, true};

/* $1 application, $2 resource, $3 client address */
static SpiQuery application_query = {
	"SELECT " CALLER_COLUMNS ", " ADDRESS_ALLOWED
	" FROM citybigdata.application a JOIN citybigdata.account c ON c.account_id = a.account_id"
	GRANT_JOIN
	" WHERE a.app_id = $1 AND c.state = 'active' AND " APPLICATION_COUNTS,
	3, {INT4OID, TEXTOID, INETOID}, NULL, true};

/* $1 appCode, $2 resource, $3 client address */
static SpiQuery address_query = {
	"SELECT " CALLER_COLUMNS ", true"
	" FROM citybigdata.application a JOIN citybigdata.account c ON c.account_id = a.account_id"
	GRANT_JOIN
	" WHERE a.app_code = $1 AND c.state = 'active' AND " APPLICATION_COUNTS
	" AND 'ip' = ANY (a.methods) AND $3 <<= ANY (a.ip_ranges)",
	3, {TEXTOID, TEXTOID, INETOID}, NULL, true};

/* $1 senderCode, $2 resource, $3 client address */
static SpiQuery sender_address_query = {
	"SELECT " CALLER_COLUMNS ", true"
	" FROM citybigdata.sender s JOIN citybigdata.application a ON a.app_id = s.app_id"
	" JOIN citybigdata.account c ON c.account_id = a.account_id"
	GRANT_JOIN
	" WHERE s.sender_code = $1 AND c.state = 'active' AND " APPLICATION_COUNTS
	" AND 'ip' = ANY (a.methods) AND $3 <<= ANY (a.ip_ranges)",
	3, {TEXTOID, TEXTOID, INETOID}, NULL, true};

static SpiQuery sender_query = {
	"SELECT 1 FROM citybigdata.sender WHERE sender_code = $1 AND app_id = $2", 2, {TEXTOID, INT4OID}, NULL, true};

/* The caller's row, the grant and the address; reads row 0 of the last result. */
static CbdStatus
JudgeRow(const CallContext *context, const char *resource, Caller *caller)
{
	caller->known = true;
	caller->app_id = SpiInt32(0, COL_APP_ID);
	caller->app_code = SpiText(0, COL_APP_CODE);
	caller->account_id = SpiInt64(0, COL_ACCOUNT_ID);
	caller->user_name = SpiText(0, COL_USER_NAME);
	caller->egova = SpiBool(0, COL_EGOVA);
	caller->level = SpiInt32(0, COL_LEVEL);
	caller->administrator = caller->app_id == 0;
	if (!SpiBool(0, COL_ALLOWED))
		return CBD_ADDRESS_NOT_ALLOWED;
	if (resource != NULL && !SpiBool(0, COL_IN_SCOPE))
		return CBD_INSUFFICIENT_SCOPE;
	if (resource != NULL && !SpiBool(0, COL_GRANTED))
		return CBD_FORBIDDEN;
	return CBD_OK;
}

/* Runs one of the queries above; `absent` is the answer when there is no row. */
static CbdStatus
Judge(SpiQuery *query, Datum key, const CallContext *context, const char *resource, CbdStatus absent, Caller *caller)
{
	Datum		values[4] = {key, resource != NULL ? CStringGetTextDatum(resource) : (Datum) 0, context->client_addr,
		Float8GetDatum(guc_token_idle_ttl)};
	bool		nulls[4] = {false, resource == NULL, !context->has_client_addr, false};
	CbdStatus	status = absent;

	SpiBegin();
	if (SpiRead(query, values, nulls, 1) == 1)
	{
		status = JudgeRow(context, resource, caller);
		if (query == &bearer_query && status == CBD_OK && SpiBool(0, COL_STALE))
			NoteTokenUse(context, key);
	}
	SpiEnd();
	return status;
}

static Datum
CredentialDatum(const CallContext *context)
{
	return DigestDatum((const uint8 *) context->credential);
}

static CbdStatus
AuthoriseBearer(const CallContext *context, const char *resource, Caller *caller)
{
	CbdStatus	status;

	if (context->credential_len != DIGEST_SIZE)
		return CBD_INVALID_TOKEN;
	status = Judge(&bearer_query, CredentialDatum(context), context, resource, CBD_INVALID_TOKEN, caller);
	/* appCode is optional beside a token, but then it must be the token's */
	if (caller->known && context->app_code != NULL &&
		(caller->app_code == NULL || strcmp(caller->app_code, context->app_code) != 0))
		return CBD_INVALID_TOKEN;
	return status;
}

/* The code is spent first: whatever the request's outcome, it is void. */
static CbdStatus
AuthoriseCode(const CallContext *context, const char *resource, Caller *caller, int *retry_after)
{
	SpentCode	code;
	CbdStatus	status;

	if (context->credential_len != DIGEST_SIZE)
		return CBD_INVALID_GRANT;
	status = SpendAuthCode(context, CredentialDatum(context), context->app_code, &code);
	if (context->app_code != NULL && !AppCodeWellFormed(context->app_code))
		return CBD_INVALID_APP_CODE;
	if (status != CBD_OK)
		return status;
	*retry_after = CodeLockedFor(context, &code);
	if (*retry_after > 0)
		return CBD_LOCKED_OUT;
	return Judge(&application_query, Int32GetDatum(code.app_id), context, resource, CBD_FORBIDDEN, caller);
}

CbdStatus
AuthoriseAccount(const CallContext *context, Caller *caller, int *retry_after)
{
	char	   *user_name;
	char	   *password;
	Login		login;
	CbdStatus	status;

	memset(caller, 0, sizeof(*caller));
	*retry_after = 0;
	if (!BasicCredentials(context, &user_name, &password) ||
		pg_mbstrlen(user_name) > USER_NAME_MAX || pg_mbstrlen(password) > PASSWORD_MAX)
		return CBD_INVALID_CREDENTIALS;
	caller->user_name = user_name;	/* as claimed, for the audit row of a refusal */
	status = PasswordLogin(context, user_name, password, LOGIN_ANYONE, &login, retry_after);
	ForgetText(password);
	if (status != CBD_OK)
		return status;
	caller->account_id = login.account_id;
	caller->user_name = login.user_name;
	caller->known = true;
	return strcmp(login.state, "active") == 0 ? CBD_OK : CBD_FORBIDDEN;
}

CbdStatus
AuthoriseApplication(const CallContext *context, int32 app_id, const char *resource, Caller *caller)
{
	memset(caller, 0, sizeof(*caller));
	return Judge(&application_query, Int32GetDatum(app_id), context, resource, CBD_FORBIDDEN, caller);
}

/* Signed by the application itself: the signature counts towards its lock-out as a key does. */
static CbdStatus
AuthoriseSignature(const CallContext *context, const char *resource, Caller *caller, int *retry_after)
{
	int32		app_id;
	bool		granted;
	CbdStatus	status = SignatureLogin(context, &app_id, &granted, retry_after);

	if (status != CBD_OK)
		return status;
	status = AuthoriseApplication(context, app_id, resource, caller);
	return status == CBD_OK && !granted ? CBD_METHOD_NOT_GRANTED : status;
}

/* The bridge calls the sealed resource with what rest_open_url() gave out; the use was counted there. */
static CbdStatus
AuthoriseSealed(const CallContext *context, const char *resource, Caller *caller)
{
	SealedUrl	url;
	CbdStatus	status = OpenUrl(context, context->credential, context->credential_len, false, caller, &url);

	if (status != CBD_OK)
		return status;
	return resource != NULL && strcmp(resource, url.resource) == 0 ? CBD_OK : CBD_FORBIDDEN;
}

CbdStatus
Authorise(const CallContext *context, const char *resource, Caller *caller, int *retry_after)
{
	memset(caller, 0, sizeof(*caller));
	*retry_after = 0;
	/* before the appCode is looked at: a code is void after any request that carried it */
	if (strcmp(context->scheme, "code") == 0)
		return AuthoriseCode(context, resource, caller, retry_after);
	if (context->app_code != NULL && !AppCodeWellFormed(context->app_code))
		return CBD_INVALID_APP_CODE;
	if (strcmp(context->scheme, "bearer") == 0)
		return AuthoriseBearer(context, resource, caller);
	if (strcmp(context->scheme, "basic") == 0)
	{
		ReleaseReservation(context);	/* the password is not looked at */
		return CBD_UNAUTHORIZED;
	}
	if (strcmp(context->scheme, "signature") == 0 || strcmp(context->scheme, "artemis") == 0)
		return AuthoriseSignature(context, resource, caller, retry_after);
	if (strcmp(context->scheme, "sealed") == 0)
		return AuthoriseSealed(context, resource, caller);
	if (strcmp(context->scheme, "none") != 0)
		return CBD_UNSUPPORTED_METHOD;
	if (context->app_code == NULL || !context->has_client_addr)
		return CBD_UNAUTHORIZED;
	return Judge(&address_query, CStringGetTextDatum(context->app_code), context, resource, CBD_ADDRESS_NOT_ALLOWED, caller);
}

CbdStatus
AuthoriseSenderAddress(const CallContext *context, const char *sender_code, Caller *caller)
{
	memset(caller, 0, sizeof(*caller));
	if (sender_code == NULL || !context->has_client_addr)
		return CBD_UNAUTHORIZED;
	return Judge(&sender_address_query, CStringGetTextDatum(sender_code), context, "events", CBD_ADDRESS_NOT_ALLOWED, caller);
}

bool
SenderBelongsTo(const char *sender_code, int32 app_id)
{
	Datum		values[2] = {CStringGetTextDatum(sender_code), Int32GetDatum(app_id)};
	bool		found;

	SpiBegin();
	found = SpiRead(&sender_query, values, NULL, 1) == 1;
	SpiEnd();
	return found;
}
