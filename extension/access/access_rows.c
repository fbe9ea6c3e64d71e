/*
 * The rows that every request is judged by; see access_rows.h. Columns are numbered as the KeyedTable lists
 * name them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inet.h"
#include "utils/timestamp.h"

#include "access/access_rows.h"
#include "core/keyed_row.h"

/* Columns of access_token by their place in the list below. */
enum
{
	TOKEN_DIGEST,
	TOKEN_APP,
	TOKEN_ACCOUNT,
	TOKEN_RESOURCES,
	TOKEN_LEVEL,
	TOKEN_ADDRESS,
	TOKEN_ISSUED,
	TOKEN_USED,
	TOKEN_EXPIRES,
	TOKEN_REVOKED,
	TOKEN_APP_EPOCH,
	TOKEN_ACCOUNT_EPOCH,
	TOKEN_BY_ADDRESS
};
static KeyedTable token_table = {"access_token",
								 "access_token_pkey",
								 {"token_digest", "app_id", "account_id", "resources", "level", "client_addr",
								  "issued_at", "last_used_at", "expires_at", "revoked_at", "app_epoch",
								  "account_epoch", "by_address"}};

/* Columns of account. */
enum
{
	ACCOUNT_ID,
	ACCOUNT_NAME,
	ACCOUNT_STATE,
	ACCOUNT_ROLE,
	ACCOUNT_UNTIL,
	ACCOUNT_PASSWORD_CHANGED,
	ACCOUNT_EPOCH
};
static KeyedTable account_table = {
	"account",
	"account_pkey",
	{"account_id", "user_name", "state", "admin_role", "valid_until", "password_changed_at", "epoch"}};

/* Columns of application. */
enum
{
	APP_ID,
	APP_CODE,
	APP_ACCOUNT,
	APP_METHODS,
	APP_RANGES,
	APP_PROFILE,
	APP_LEVEL,
	APP_UNTIL,
	APP_STATE,
	APP_EPOCH,
	APP_OPERATORS
};
#define APP_COLUMNS                                                                                          \
	{                                                                                                        \
		"app_id", "app_code", "account_id", "methods", "ip_ranges", "profile", "level", "valid_until",       \
			"state", "epoch", "operators"                                                                    \
	}
static KeyedTable application_table = {"application", "application_pkey", APP_COLUMNS};
static KeyedTable app_code_table = {"application", "application_app_code_key", APP_COLUMNS};

/* Columns of app_credential: what an application proves itself with, beside its row. */
enum
{
	CREDENTIAL_CODE,
	CREDENTIAL_METHODS,
	CREDENTIAL_KEY,
	CREDENTIAL_PREVIOUS_KEY,
	CREDENTIAL_PREVIOUS_UNTIL,
	CREDENTIAL_EPOCH
};
static KeyedTable credential_table = {
	"application",
	"application_app_code_key",
	{"app_code", "methods", "key_digest", "previous_key_digest", "previous_valid_until", "epoch"}};

/* Columns of app_grant. */
enum
{
	GRANT_APP,
	GRANT_RESOURCE,
	GRANT_LEVEL,
	GRANT_UNTIL,
	GRANT_STATE,
	GRANT_RATE,
	GRANT_BURST,
	GRANT_QUOTA
};
static KeyedTable grant_table = {
	"app_grant",
	"app_grant_pkey",
	{"app_id", "resource", "level", "valid_until", "state", "rate_per_second", "rate_burst", "daily_quota"}};

/* Columns of event_sender. */
enum
{
	SENDER_CODE,
	SENDER_APP
};
static KeyedTable sender_table = {"sender", "sender_pkey", {"sender_code", "app_id"}};

/* The token was not narrowed to resources, or to this one among others. *narrowed: it was. */
static bool
InScope(const KeyedRow *row, const char *resource, bool *narrowed)
{
	bool isnull;
	Datum resources = RowDatum(row, TOKEN_RESOURCES, &isnull);

	*narrowed = !isnull;
	return isnull || (resource != NULL && ArrayHasText(resources, resource));
}

/* The token was not bound to an address, or to this one. *to_address tells whether it was bound. */
static bool
AddressFits(const KeyedRow *row, Datum client_addr, bool *to_address)
{
	bool isnull;
	Datum bound = RowDatum(row, TOKEN_ADDRESS, &isnull);

	*to_address = !isnull;
	return isnull ||
		   (client_addr != (Datum) 0 && DatumGetBool(DirectFunctionCall2(network_eq, bound, client_addr)));
}

/* What the token was made by, and its end. */
static void
ReadOrigin(const KeyedRow *row, Origin *origin)
{
	TimestampTz end = 0;

	memset(origin, 0, sizeof(*origin));
	origin->app_epoch = RowInt32(row, TOKEN_APP_EPOCH);
	origin->account_epoch = RowInt32(row, TOKEN_ACCOUNT_EPOCH);
	origin->by_address = RowBool(row, TOKEN_BY_ADDRESS);
	origin->by_token = true;
	RowTime(row, TOKEN_EXPIRES, &end);
	origin->ends_at = end;
}

bool
ReadToken(Datum digest, const char *resource, Datum client_addr, TokenRow *row)
{
	KeyedRow source;
	RowKey key = BytesKey(TOKEN_DIGEST, digest);
	bool found;
	TimestampTz revoked_at;

	found = RowOpen(&source, &token_table, &key, 1);
	if (found)
	{
		row->app_id = RowInt32(&source, TOKEN_APP);
		row->account_id = RowInt64(&source, TOKEN_ACCOUNT);
		row->in_scope = InScope(&source, resource, &row->narrowed);
		row->level = RowInt32(&source, TOKEN_LEVEL);
		row->narrowed = row->narrowed || row->level != 0;
		row->address_fits = AddressFits(&source, client_addr, &row->to_address);
		RowTime(&source, TOKEN_ISSUED, &row->issued_at);
		if (!RowTime(&source, TOKEN_USED, &row->last_use))
			row->last_use = row->issued_at;
		ReadOrigin(&source, &row->origin);
		memcpy(row->origin.token_digest, VARDATA_ANY(DatumGetByteaPP(digest)), DIGEST_SIZE);
		row->revoked = RowTime(&source, TOKEN_REVOKED, &revoked_at);
	}
	RowClose(&source);
	return found;
}

/* The role of an account as one of ADMIN_...; 0: no administrator. */
static int
AdminRole(const KeyedRow *row)
{
	if (RowIs(row, ACCOUNT_ROLE, "sysadmin"))
		return ADMIN_SYSTEM;
	if (RowIs(row, ACCOUNT_ROLE, "secadmin"))
		return ADMIN_SECURITY;
	return RowIs(row, ACCOUNT_ROLE, "auditor") ? ADMIN_AUDITOR : 0;
}

bool
ReadAccount(int64 account_id, AccountRow *row)
{
	KeyedRow source;
	RowKey key = Int64Key(ACCOUNT_ID, account_id);
	bool found;

	found = RowOpen(&source, &account_table, &key, 1);
	if (found)
	{
		row->user_name = RowText(&source, ACCOUNT_NAME);
		row->active = RowIs(&source, ACCOUNT_STATE, "active");
		row->admin_role = AdminRole(&source);
		row->has_end = RowTime(&source, ACCOUNT_UNTIL, &row->valid_until);
		RowTime(&source, ACCOUNT_PASSWORD_CHANGED, &row->password_changed_at);
		row->epoch = RowInt32(&source, ACCOUNT_EPOCH);
	}
	RowClose(&source);
	return found;
}

/* Does the address lie in one of the ranges? *bound tells whether there are any. */
static bool
InRanges(Datum ranges, Datum client_addr, bool *bound)
{
	ArrayType *array = DatumGetArrayTypeP(ranges);
	Datum *elements;
	int count;

	*bound = ARR_NDIM(array) > 0;
	if (!*bound || client_addr == (Datum) 0)
		return false;
	deconstruct_array(array, CIDROID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		if (DatumGetBool(DirectFunctionCall2(network_subeq, client_addr, elements[i])))
			return true;
	return false;
}

/* The application of a key (its number or its appCode), with what its address ranges say about the
 * client. */
static bool
ReadApplicationBy(KeyedTable *table, RowKey key, Datum client_addr, ApplicationRow *row)
{
	KeyedRow source;
	bool found = RowOpen(&source, table, &key, 1);
	bool isnull;

	if (found)
	{
		row->app_id = RowInt32(&source, APP_ID);
		row->app_code = RowText(&source, APP_CODE);
		row->account_id = RowInt64(&source, APP_ACCOUNT);
		row->by_address = ArrayHasText(RowDatum(&source, APP_METHODS, &isnull), "ip");
		row->in_range = InRanges(RowDatum(&source, APP_RANGES, &isnull), client_addr, &row->bound);
		row->egova = RowIs(&source, APP_PROFILE, "egova");
		row->level = RowInt32(&source, APP_LEVEL);
		row->has_end = RowTime(&source, APP_UNTIL, &row->valid_until);
		row->active = RowIs(&source, APP_STATE, "active");
		row->epoch = RowInt32(&source, APP_EPOCH);
		row->operators = RowBool(&source, APP_OPERATORS);
	}
	RowClose(&source);
	return found;
}

bool
ReadApplication(int32 app_id, Datum client_addr, ApplicationRow *row)
{
	return ReadApplicationBy(&application_table, Int32Key(APP_ID, app_id), client_addr, row);
}

bool
ReadApplicationByCode(const char *app_code, Datum client_addr, ApplicationRow *row)
{
	return ReadApplicationBy(&app_code_table, TextKey(APP_CODE, app_code), client_addr, row);
}

/* A digest column of one row, as a key for the next look-up. */
static bool
CopyKey(const KeyedRow *source, int column, uint8 digest[DIGEST_SIZE])
{
	bool isnull;
	Datum value = RowDatum(source, column, &isnull);

	if (!isnull)
		memcpy(digest, VARDATA_ANY(DatumGetByteaPP(value)), DIGEST_SIZE);
	return !isnull;
}

bool
ReadCredentials(const char *app_code, const char *method, CredentialRow *row)
{
	KeyedRow source;
	RowKey key = TextKey(CREDENTIAL_CODE, app_code);
	bool found = RowOpen(&source, &credential_table, &key, 1);
	TimestampTz until;
	bool isnull;

	memset(row, 0, sizeof(*row));
	if (found)
	{
		row->method_granted = ArrayHasText(RowDatum(&source, CREDENTIAL_METHODS, &isnull), method);
		row->epoch = RowInt32(&source, CREDENTIAL_EPOCH);
		row->has_key[0] = CopyKey(&source, CREDENTIAL_KEY, row->key_digest[0]);
		if (RowTime(&source, CREDENTIAL_PREVIOUS_UNTIL, &until) && until > GetCurrentTimestamp())
			row->has_key[1] = CopyKey(&source, CREDENTIAL_PREVIOUS_KEY, row->key_digest[1]);
	}
	RowClose(&source);
	return found;
}

bool
ReadGrant(int32 app_id, const char *resource, GrantRow *row)
{
	KeyedRow source;
	RowKey keys[2] = {Int32Key(GRANT_APP, app_id), TextKey(GRANT_RESOURCE, resource)};
	bool found = RowOpen(&source, &grant_table, keys, 2);

	if (found)
	{
		row->level = RowInt32(&source, GRANT_LEVEL);
		row->has_end = RowTime(&source, GRANT_UNTIL, &row->valid_until);
		row->active = RowIs(&source, GRANT_STATE, "active");
		row->limit.per_second = RowFloat8(&source, GRANT_RATE);
		row->limit.burst = RowInt32(&source, GRANT_BURST);
		row->limit.daily_quota = RowInt32(&source, GRANT_QUOTA);
	}
	RowClose(&source);
	return found;
}

int32
ReadSender(const char *sender_code)
{
	KeyedRow source;
	RowKey key = TextKey(SENDER_CODE, sender_code);
	int32 app_id = 0;

	if (RowOpen(&source, &sender_table, &key, 1))
		app_id = RowInt32(&source, SENDER_APP);
	RowClose(&source);
	return app_id;
}
