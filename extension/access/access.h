/*
 * Access: who calls, and may they? (clauses 5.2, 5.5; every request.)
 *
 * An account registers; its access request, once approved, becomes an application (appCode) with
 * grants on resources. A Caller is the application (or administrator) that a request was
 * authenticated as.
 */
#ifndef CBD_ACCESS_H
#define CBD_ACCESS_H

#include "postgres.h"
#include "access/rate.h"
#include "core/call.h"

/* Roles of administrators, one per account (GB/T 22239: none has what another has); bits, to say which ones
 * may. */
enum
{
	ADMIN_SYSTEM = 1,   /* runs the platform */
	ADMIN_SECURITY = 2, /* reviews and grants */
	ADMIN_AUDITOR = 4   /* reads the audit log, nothing else */
};

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
	bool to_address;   /* the token or sealed address is bound to the client's */
	bool administrator;
	int admin_role;  /* ADMIN_...; 0 for an application */
	RateLimit limit; /* of the grant on the resource; all 0: none */
} Caller;

/*
 * Authenticates the request and checks that the caller holds a grant on `resource` (NULL: any
 * authenticated caller). Scheme 'none' is tried as an IP grant of context->app_code; 'signature' and
 * 'artemis': see signature.h; 'sealed': the token of an address that rest_open_url() opened for this request;
 * 'continued': see page_token.h. Returns CBD_OK and fills *caller, or a refusal (CBD_INSUFFICIENT_SCOPE: the
 * token was narrowed to other resources; CBD_TOO_MANY_REQUESTS, CBD_QUOTA_EXCEEDED: the grant's limit, which
 * every call with a resource counts towards); the refusal is not audited here. *caller is filled as far as
 * known.
 */
extern CbdStatus Authorise(const CallContext *context, const char *resource, Caller *caller,
						   int *retry_after);

/*
 * The account of HTTP Basic credentials, for access requests only: CBD_OK, CBD_INVALID_CREDENTIALS,
 * CBD_FORBIDDEN (not active), CBD_LOCKED_OUT. caller->app_id is 0. Authorise() itself refuses Basic.
 */
extern CbdStatus AuthoriseAccount(const CallContext *context, Caller *caller, int *retry_after);

/*
 * Judges an application that was authenticated in another way (a key in the body, a sealed address): account,
 * state, validity, client address, and the grant on `resource`, but not its limit. CBD_FORBIDDEN: there is no
 * such application, or it does not count now.
 */
extern CbdStatus AuthoriseApplication(const CallContext *context, int32 app_id, const char *resource,
									  Caller *caller);

/* May administrators come from where the request does (citybigdata.admin_addresses)? Callers from SQL may. */
extern bool AdminAddressAllowed(const CallContext *context);

/*
 * Counts a request that AuthoriseApplication() let in towards the limit of its grant: CBD_OK,
 * CBD_TOO_MANY_REQUESTS, CBD_QUOTA_EXCEEDED; any other `status` is passed on.
 */
extern CbdStatus WithinLimit(CbdStatus status, const char *resource, const Caller *caller, int *retry_after);

/* The IP grant of the sender's application: who may report as `sender_code` from this address without a
 * token. */
extern CbdStatus AuthoriseSenderAddress(const CallContext *context, const char *sender_code, Caller *caller,
										int *retry_after);

/* Does the application own the senderCode? */
extern bool SenderBelongsTo(const char *sender_code, int32 app_id);

#endif
