/* Judging what was authenticated; see judge.h. Reads rows by their keys, writes nothing. */
#include "postgres.h"
#include "core/varlena.h"

#include <sys/socket.h>

#include "access/xact.h"
#include "utils/inet.h"

#include "access/judge.h"
#include "access/post.h"
#include "core/guc.h"
#include "text/address_list.h"

bool
Lasts(bool has_end, TimestampTz end)
{
	return !has_end || end > GetCurrentStatementStartTimestamp();
}

Datum
ClientAddress(const RestContext *context)
{
	return context->has_client_addr ? context->client_addr : (Datum) 0;
}

/* Is the account active and not ended? Fills *account. */
static bool
AccountCounts(int64 account_id, AccountRow *account)
{
	return ReadAccount(account_id, account) && account->active &&
		   Lasts(account->has_end, account->valid_until);
}

/* Does what was proved then still count? A NULL origin is one of now. */
static bool
OriginStands(const Origin *origin, const ApplicationRow *app, const AccountRow *account)
{
	return origin == NULL || (origin->app_epoch == app->epoch &&
							  (origin->account_epoch == 0 || origin->account_epoch == account->epoch));
}

/*
 * A token of the operators' client stands for the account that signed in, and for its posts as they are now:
 * fills the caller's. CBD_NO_POST: it has none.
 */
static CbdStatus
JudgeOperator(Caller *caller)
{
	caller->operator_ = true;
	caller->post_count = OperatorPosts(caller->account_id, &caller->posts);
	return caller->post_count > 0 ? CBD_OK : CBD_NO_POST;
}

/* The highest level of what the application, or the operator, may see: not above the token's. */
static int
LevelOf(const Caller *caller, const TokenRow *token, int granted)
{
	if (caller->operator_)
		granted = Min(granted, OperatorLevel(caller->posts, caller->post_count));
	return token != NULL && token->level != 0 ? Min(granted, token->level) : granted;
}

CbdStatus
JudgeApplication(const ApplicationRow *app, const Origin *origin, const TokenRow *token, const char *resource,
				 CbdStatus absent, Caller *caller)
{
	int64 account_id = app->operators && token != NULL ? token->account_id : app->account_id;
	AccountRow account;
	GrantRow grant;
	CbdStatus status = CBD_OK;

	if (!app->active || !Lasts(app->has_end, app->valid_until) || !AccountCounts(account_id, &account) ||
		!OriginStands(origin, app, &account) || (app->operators && token == NULL))
		return absent;
	if (origin != NULL)
		caller->origin = *origin;
	caller->origin.app_epoch = app->epoch;
	caller->by_address = caller->origin.by_address;
	caller->known = true;
	caller->app_id = app->app_id;
	caller->app_code = app->app_code;
	caller->account_id = account_id;
	caller->user_name = account.user_name;
	caller->egova = app->egova;
	if (app->operators)
		status = JudgeOperator(caller);
	caller->level = LevelOf(caller, token, app->level);
	caller->token_level = token != NULL ? token->level : 0;
	caller->narrowed = token != NULL && token->narrowed;
	caller->to_address = token != NULL && token->to_address;
	if (status != CBD_OK)
		return status;
	/* ranges beside the method ip belong to that method; without it they bind every request */
	if ((app->bound && !app->by_address && !app->in_range) || (token != NULL && !token->address_fits))
		return CBD_ADDRESS_NOT_ALLOWED;
	/* what was had by the address alone is good where the address is, and for nobody who has carried it off
	 */
	if (caller->by_address && !(app->by_address && app->in_range))
		return CBD_ADDRESS_NOT_ALLOWED;
	if (resource == NULL)
		return CBD_OK;
	if (token != NULL && !token->in_scope)
		return CBD_INSUFFICIENT_SCOPE;
	if (!ReadGrant(app->app_id, resource, &grant) || !grant.active ||
		!Lasts(grant.has_end, grant.valid_until))
		return CBD_FORBIDDEN;
	caller->level = LevelOf(caller, token, grant.level);
	caller->limit = grant.limit;
	caller->limited = resource;
	return CBD_OK;
}

bool
AdminAddressAllowed(const RestContext *context)
{
	inet *addr;

	if (guc_admin_addresses[0] == '\0')
		return true;
	if (!context->has_client_addr)
		return context->request_id == NULL;
	addr = DatumGetInetPP(context->client_addr);
	return AddressListed(guc_admin_addresses, ip_addr(addr), ip_addrsize(addr));
}

CbdStatus
JudgeAdministrator(const RestContext *context, const TokenRow *token, const char *resource, Caller *caller)
{
	AccountRow account;

	if (!AccountCounts(token->account_id, &account) || account.admin_role == 0 ||
		token->issued_at < account.password_changed_at ||
		(token->origin.account_epoch != 0 && token->origin.account_epoch != account.epoch))
		return CBD_INVALID_TOKEN;
	caller->known = true;
	caller->administrator = true;
	caller->admin_role = account.admin_role;
	caller->account_id = token->account_id;
	caller->user_name = account.user_name;
	if (!token->address_fits || !AdminAddressAllowed(context))
		return CBD_ADDRESS_NOT_ALLOWED;
	return resource == NULL ? CBD_OK : CBD_FORBIDDEN;
}

CbdStatus
JudgeAddress(const ApplicationRow *app, const char *resource, Caller *caller)
{
	const Origin origin = {.app_epoch = app->epoch, .by_address = true};

	if (!app->by_address || !app->in_range)
		return CBD_ADDRESS_NOT_ALLOWED;
	return JudgeApplication(app, &origin, NULL, resource, CBD_ADDRESS_NOT_ALLOWED, caller);
}

CbdStatus
AuthoriseApplication(const RestContext *context, int32 app_id, const Origin *origin, const char *resource,
					 Caller *caller)
{
	bool by_token = origin != NULL && origin->by_token;
	ApplicationRow app;
	TokenRow token;

	memset(caller, 0, sizeof(*caller));
	if (!ReadApplication(app_id, ClientAddress(context), &app))
		return CBD_FORBIDDEN;
	if (by_token &&
		(!ReadToken(DigestDatum(origin->token_digest), resource, ClientAddress(context), &token) ||
		 token.revoked || token.app_id != app_id))
		return CBD_FORBIDDEN;
	return JudgeApplication(&app, by_token ? &token.origin : origin, by_token ? &token : NULL, resource,
							CBD_FORBIDDEN, caller);
}
