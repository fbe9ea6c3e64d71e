/*
 * The rows that every request is judged by, read by their keys straight through the index: four look-ups take
 * less time than starting one four-table join in the executor. Read with the active snapshot; strings are
 * palloc'd in the current memory context. The caller is a function that runs as the tables' owner.
 */
#ifndef CBD_ACCESS_ROWS_H
#define CBD_ACCESS_ROWS_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "core/digest.h"
#include "core/caller.h"

/* An access token, seen by one request: its resource, its address. */
typedef struct TokenRow
{
	int32 app_id; /* 0: an administrator's */
	int64 account_id;
	bool narrowed;     /* to resources or to a level */
	bool in_scope;     /* not narrowed to resources, or to this one among others */
	int32 level;       /* 0: not narrowed */
	bool to_address;   /* bound to an address */
	bool address_fits; /* not bound to an address, or to this one */
	Origin origin;     /* by_token */
	TimestampTz issued_at;
	TimestampTz last_use; /* as far as noted */
	bool revoked;
} TokenRow;

/* An account as authorisation needs it. */
typedef struct AccountRow
{
	char *user_name;
	bool active;
	bool has_end;
	TimestampTz valid_until;
	int admin_role; /* ADMIN_..., 0 = none */
	TimestampTz password_changed_at;
	int32 epoch; /* raised by each change of the password */
} AccountRow;

/* An application, seen by one request: its address. */
typedef struct ApplicationRow
{
	int32 app_id;
	char *app_code;
	int64 account_id;
	bool by_address; /* method ip is granted */
	bool bound;      /* it has address ranges */
	bool in_range;   /* client_addr lies in one of them */
	bool egova;
	int32 level;
	bool has_end;
	TimestampTz valid_until;
	bool active;
	int32 epoch;    /* raised when its credentials are renewed */
	bool operators; /* the operators' client: a token is that of the account which signed in */
} ApplicationRow;

/* How an application proves who it is, beside ApplicationRow. */
typedef struct CredentialRow
{
	bool method_granted; /* the one that was asked for */
	int32 epoch;         /* of the application, as it was with these keys */
	bool has_key[2];     /* the key; that of before a rotation, while it counts */
	uint8 key_digest[2][DIGEST_SIZE];
} CredentialRow;

/* What an application was granted of one resource. */
typedef struct GrantRow
{
	int32 level;
	bool has_end;
	TimestampTz valid_until;
	bool active;
	RateLimit limit; /* all 0: none */
} GrantRow;

/* Each returns false when there is no such row. `client_addr` is an inet, (Datum) 0 when unknown; `resource`
 * may be NULL. */
extern bool ReadToken(Datum digest, const char *resource, Datum client_addr, TokenRow *row);
extern bool ReadAccount(int64 account_id, AccountRow *row);
extern bool ReadApplication(int32 app_id, Datum client_addr, ApplicationRow *row);
extern bool ReadApplicationByCode(const char *app_code, Datum client_addr, ApplicationRow *row);
extern bool ReadCredentials(const char *app_code, const char *method, CredentialRow *row);
extern bool ReadGrant(int32 app_id, const char *resource, GrantRow *row);

/* The application that owns a senderCode; 0 = nobody. */
extern int32 ReadSender(const char *sender_code);

#endif
