/*
 * The caller: the application, operator or administrator that a request was authenticated as. Access fills it
 * (access/access.h); audit, and whoever decides what is shown, reads it.
 */
#ifndef CBD_CALLER_H
#define CBD_CALLER_H

#include "postgres.h"

/* Roles of administrators, one per account (GB/T 22239: none has what another has); bits, to say which ones
 * may. */
enum
{
	ADMIN_SYSTEM = 1,   /* runs the platform */
	ADMIN_SECURITY = 2, /* reviews and grants */
	ADMIN_AUDITOR = 4   /* reads the audit log, nothing else */
};

/* What a grant allows; 0: no such limit. */
typedef struct RateLimit
{
	double per_second; /* requests */
	int32 burst;       /* requests at once: the size of the bucket */
	int32 daily_quota; /* requests per day of the platform's zone */
} RateLimit;

/*
 * What the caller proved itself by. Whatever it makes with that (codes, tokens, sealed addresses, addresses
 * of media, page tokens) carries the origin and ends with it: when the credentials are renewed, the password
 * is changed, the token ends or is revoked, or the client leaves the address ranges. An epoch is a number in
 * the row of the application or account that is raised by such a change.
 */
typedef struct Origin
{
	int32 app_epoch;     /* of the application */
	int32 account_epoch; /* of the account; 0: its password was not used */
	bool by_address;     /* the client's address alone: good inside the application's ranges only */
	bool by_token;       /* an access token: token_digest and ends_at are its own */
	uint8 token_digest[32];
	int64 ends_at; /* TimestampTz */
} Origin;

struct OperatorPost;

/* All texts are palloc'd or NULL. */
typedef struct Caller
{
	bool known;     /* false: nobody was authenticated */
	int32 app_id;   /* 0 for an administrator */
	char *app_code; /* NULL for an administrator */
	int64 account_id;
	char *user_name;
	bool by_address;   /* let in for its client address alone */
	bool egova;        /* profile of the application */
	int32 level;       /* highest data level granted, 1-4 */
	int32 token_level; /* what the token was narrowed to; 0: not narrowed */
	bool narrowed;     /* the token stands for less than the application: some resources, or a level */
	bool to_address;   /* the token or sealed address is bound to the client's */
	Origin origin;     /* of an application */
	bool administrator;
	int admin_role; /* ADMIN_...; 0 for an application */
	bool operator_; /* an account with posts, by a token of the operators' client, which app_id names */
	struct OperatorPost *posts; /* those in force now (access/post.h) */
	int post_count;
	bool all_cases;  /* may read every case, an operator those that his posts cover; false: the cases of its
						own senders alone. Set by AuthoriseCases() */
	RateLimit limit; /* of the grant on the resource; all 0: none */
	const char *limited; /* that resource */
	/* RateLimit-Policy and RateLimit of the reply, once the request was counted; NULL: no limit */
	char *rate_policy;
	char *rate_state;
} Caller;

#endif
