/*
 * OAuth clients and scopes; see oauth.h.
 *
 * One answer for an unknown client and a wrong secret; the auditor is told more. client_secret is the
 * application's key, with its lock-out. Signed requests (RFC 6749 2.3.2 allows other methods) need no secret.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/app_code.h"
#include "access/authcode.h"
#include "core/digest.h"
#include "oauth/oauth.h"
#include "access/password.h"
#include "core/spi.h"
#include "text/hex.h"

/* $1 appCode, $2 client address */
static SpiQuery find_client = {"SELECT a.app_id, a.app_code, a.account_id, c.user_name, c.organization, "
							   "a.client_type = 'public', 'key' = ANY (a.methods),"
							   " a.state = 'active' AND c.state = 'active' AND (a.valid_until IS NULL OR "
							   "a.valid_until > clock_timestamp()),"
							   " a.ip_ranges = '{}' OR 'ip' = ANY (a.methods) OR coalesce($2 <<= ANY "
							   "(a.ip_ranges), false), a.redirect_uris, a.epoch, a.operators"
							   " FROM citybigdata.application a JOIN citybigdata.account c ON c.account_id = "
							   "a.account_id WHERE a.app_code = $1",
							   2,
							   {TEXTOID, INETOID},
							   NULL,
							   true};

/* $1 application: what it is granted now, with titles. */
static SpiQuery granted_scope = {"SELECT g.resource, coalesce(r.title, g.resource), coalesce(r.title_zh, "
								 "r.title, g.resource) FROM citybigdata.app_grant g"
								 " LEFT JOIN citybigdata.resource r ON r.resource_code = g.resource"
								 " WHERE g.app_id = $1 AND g.state = 'active' AND (g.valid_until IS NULL OR "
								 "g.valid_until > clock_timestamp())"
								 " ORDER BY g.resource COLLATE \"C\"",
								 1,
								 {INT4OID},
								 NULL,
								 true};

bool
OauthFail(OauthError *error, CbdStatus status, const char *code, const char *description)
{
	/* the first error counts */
	if (error->code == NULL)
	{
		error->status = status;
		error->code = code;
		error->description = description;
	}
	return false;
}

Datum
OauthRefuse(Call *call, const OauthError *error)
{
	StringInfoData data;

	if (call->detail == NULL)
		call->detail = error->description;
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "error", error->code);
	JsonField(&data, "error_description", error->description);
	appendStringInfoChar(&data, '}');
	return Answer(call, error->status, data.data);
}

char *
OauthText(const Call *call, int n)
{
	char *text = CallText(call, n);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

bool
FindOauthClient(const RestContext *context, const char *client_id, OauthClient *client)
{
	Datum values[2] = {0, context->client_addr};
	bool nulls[2] = {false, !context->has_client_addr};
	bool found;

	memset(client, 0, sizeof(*client));
	/* what cannot be an appCode is not looked for */
	if (client_id == NULL || !AppCodeWellFormed(client_id))
		return false;
	values[0] = CStringGetTextDatum(client_id);
	SpiBegin();
	found = SpiRun(&find_client, values, nulls, SPI_OK_SELECT, 1) == 1;
	if (found)
	{
		client->app_id = SpiInt32(0, 1);
		client->app_code = SpiText(0, 2);
		client->account_id = SpiInt64(0, 3);
		client->user_name = SpiText(0, 4);
		client->organization = SpiText(0, 5);
		client->is_public = SpiBool(0, 6);
		client->by_key = SpiBool(0, 7);
		client->counts = SpiBool(0, 8);
		client->address_allowed = SpiBool(0, 9);
		client->redirect_uris = SpiTextArray(0, 10, &client->redirect_uri_count);
		client->origin.app_epoch = SpiInt32(0, 11);
		client->operators = SpiBool(0, 12);
	}
	SpiEnd();
	return found;
}

/* In HTTP Basic, client_id and client_secret are encoded as in a form (RFC 6749 2.3.1); decodes in place,
 * leaves what is none. */
static void
DecodeForm(char *text)
{
	char *out = text;

	for (const char *in = text; *in != '\0'; in++)
	{
		int byte = *in == '%' ? HexNumber(in + 1, 2) : -1;

		if (byte > 0)
		{
			*out++ = (char) byte;
			in += 2;
		}
		else
			*out++ = *in == '+' ? ' ' : *in;
	}
	*out = '\0';
}

/* invalid_client, whatever the reason: the auditor is told more. */
static bool
RefuseClient(OauthError *error, const char *description)
{
	return OauthFail(error, CBD_INVALID_CREDENTIALS, "invalid_client", description);
}

/* Where client_id and client_secret are: exactly one place (RFC 6749 2.3). */
static bool
FindClientCredentials(Call *call, const char **client_id, char **client_secret, OauthError *error)
{
	char *user;

	if (call->context.scheme != SCHEME_BASIC)
		return true;
	if (*client_secret != NULL)
		return OauthFail(error, CBD_CONFLICTING_CREDENTIALS, "invalid_request",
						 "More than one way of client authentication was used");
	if (!BasicCredentials(&call->context, &user, client_secret))
		return RefuseClient(error, "Client authentication failed");
	DecodeForm(user);
	DecodeForm(*client_secret);
	if (*client_id != NULL && strcmp(*client_id, user) != 0)
		return OauthFail(error, CBD_CONFLICTING_CREDENTIALS, "invalid_request",
						 "client_id differs from that of HTTP Basic");
	*client_id = user;
	return true;
}

/* By client_secret, the key of the application: with the lock-out of keys. */
static bool
CheckSecret(Call *call, const char *client_id, char *client_secret, Origin *origin, OauthError *error)
{
	CodeRequest request = {.method = "key", .key = client_secret};
	Issued issued;
	CbdStatus status;

	/* the client's identity in this chapter; failures are counted by it */
	call->context.app_code = client_id;
	status = AuthenticateApplication(&call->context, &request, &issued);
	ForgetText(client_secret);
	call->retry_after = issued.retry_after;
	*origin = issued.origin;
	if (status == CBD_LOCKED_OUT)
		return OauthFail(error, status, "invalid_client", "Locked after repeated failures");
	/* the key was right; whether it alone is enough is the grant type's to say */
	if (status == CBD_OK || status == CBD_METHOD_NOT_GRANTED)
		return true;
	if (status != CBD_INVALID_CREDENTIALS)
		call->detail = StatusMessage(status);
	return RefuseClient(error, "Client authentication failed");
}

/* Signed by the application: schemes signature and artemis. */
static bool
CheckSignature(Call *call, const char **client_id, OauthError *error)
{
	CbdStatus status = Authorise(&call->context, NULL, &call->caller, &call->retry_after);

	if (status == CBD_LOCKED_OUT)
		return OauthFail(error, status, "invalid_client", "Locked after repeated failures");
	if (status != CBD_OK || call->caller.app_code == NULL)
	{
		call->detail = StatusMessage(status);
		return RefuseClient(error, "Client authentication failed");
	}
	if (*client_id != NULL && strcmp(*client_id, call->caller.app_code) != 0)
		return OauthFail(error, CBD_CONFLICTING_CREDENTIALS, "invalid_request",
						 "client_id differs from that of the signature");
	*client_id = call->caller.app_code;
	return true;
}

bool
AuthenticateClient(Call *call, const char *client_id, char *client_secret, bool public_allowed,
				   OauthClient *client, OauthError *error)
{
	bool is_signed = call->context.scheme == SCHEME_SIGNATURE || call->context.scheme == SCHEME_ARTEMIS;
	bool proven = is_signed;
	Origin origin = {0};

	if (is_signed && client_secret != NULL)
	{
		ForgetText(client_secret);
		return OauthFail(error, CBD_CONFLICTING_CREDENTIALS, "invalid_request",
						 "More than one way of client authentication was used");
	}
	if (is_signed ? !CheckSignature(call, &client_id, error)
				  : !FindClientCredentials(call, &client_id, &client_secret, error))
		return false;
	/* for the audit row, as far as it can be one */
	call->object = client_id != NULL && strlen(client_id) <= APP_CODE_MAX ? client_id : NULL;
	if (client_id == NULL || !AppCodeWellFormed(client_id))
		return RefuseClient(error, "Client authentication failed");
	if (!is_signed && client_secret != NULL && client_secret[0] != '\0')
	{
		if (!CheckSecret(call, client_id, client_secret, &origin, error))
			return false;
		proven = true;
	}
	if (!FindOauthClient(&call->context, client_id, client))
		return RefuseClient(error, "Client authentication failed");
	/* a public client has nothing to prove: PKCE and the redirect address bind it */
	if (!proven && !(client->is_public && public_allowed))
		return RefuseClient(error, "Client authentication failed");
	if (is_signed)
		origin = call->caller.origin;
	if (proven)
		client->origin = origin;
	/* known from here on: refusals below name it in the audit row */
	call->caller.known = true;
	call->caller.app_id = client->app_id;
	call->caller.app_code = client->app_code;
	call->caller.account_id = client->account_id;
	call->caller.user_name = client->user_name;
	if (client->counts && client->address_allowed)
		return true;
	call->detail = client->counts ? "client address not allowed" : "application or account not active";
	return RefuseClient(error, "Client authentication failed");
}

void
GrantedScope(int32 app_id, OauthScope *scope)
{
	Datum value = Int32GetDatum(app_id);
	uint64 count;

	SpiBegin();
	count = SpiRun(&granted_scope, &value, NULL, SPI_OK_SELECT, 0);
	scope->count = (int) count;
	scope->codes = SPI_palloc((count + 1) * sizeof(char *));
	scope->titles = SPI_palloc((count + 1) * sizeof(char *));
	scope->titles_zh = SPI_palloc((count + 1) * sizeof(char *));
	for (uint64 i = 0; i < count; i++)
	{
		scope->codes[i] = SpiText(i, 1);
		scope->titles[i] = SpiText(i, 2);
		scope->titles_zh[i] = SpiText(i, 3);
	}
	SpiEnd();
}

/* Keeps those that keep[] marks. */
static void
KeepScope(OauthScope *scope, const bool *keep)
{
	int kept = 0;

	for (int i = 0; i < scope->count; i++)
	{
		if (!keep[i])
			continue;
		scope->codes[kept] = scope->codes[i];
		scope->titles[kept] = scope->titles[i];
		scope->titles_zh[kept++] = scope->titles_zh[i];
	}
	scope->count = kept;
}

void
LimitScope(OauthScope *scope, char *const *codes, int count)
{
	bool *keep = palloc0((scope->count + 1) * sizeof(bool));

	for (int i = 0; i < scope->count; i++)
		for (int j = 0; j < count && !keep[i]; j++)
			keep[i] = strcmp(scope->codes[i], codes[j]) == 0;
	KeepScope(scope, keep);
}

bool
ChooseScope(OauthScope *scope, const char *text, OauthError *error)
{
	bool *keep = palloc0((scope->count + 1) * sizeof(bool));
	int named = 0;

	while (text != NULL && *text != '\0')
	{
		size_t length = strcspn(text, " ");
		int at = 0;

		while (at < scope->count &&
			   (strlen(scope->codes[at]) != length || memcmp(scope->codes[at], text, length) != 0))
			at++;
		/* one that is not granted refuses all, instead of giving less than was asked for */
		if (length > 0 && at == scope->count)
			return OauthFail(error, CBD_INVALID_SCOPE, "invalid_scope",
							 "The scope is unknown, malformed or not granted");
		if (length > 0)
		{
			keep[at] = true;
			named++;
		}
		text += length + (text[length] == ' ');
	}
	/* none named: all that is granted (RFC 6749 3.3) */
	if (named > 0)
		KeepScope(scope, keep);
	if (scope->count == 0)
		return OauthFail(error, CBD_INVALID_SCOPE, "invalid_scope", "The client is granted no resource");
	return true;
}

char *
ScopeText(const OauthScope *scope)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < scope->count; i++)
		appendStringInfo(&text, "%s%s", i > 0 ? " " : "", scope->codes[i]);
	return text.data;
}
