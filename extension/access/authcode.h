/*
 * One-time codes and access tokens (clauses 5.2-e, 5.3.5).
 *
 * A code is spent by one conditional UPDATE. The tokens made from a code are its family; presenting a code
 * again, or for another application, revokes the family.
 */
#ifndef CBD_AUTHCODE_H
#define CBD_AUTHCODE_H

#include "postgres.h"
#include "core/call.h"
#include "core/caller.h"
#include "core/status.h"

struct TokenBinding; /* token.h */

/* Whose the code was, and what it is good for now. */
typedef struct SpentCode
{
	int32 app_id;
	char *app_code;
	int64 account_id;
	char *user_name;
	char *method;
	int64 family_id;
	Origin origin;
} SpentCode;

/* What a client proves itself with to get a code; what its method does not need is NULL. */
typedef struct CodeRequest
{
	const char *method; /* key, password, ip, or signature (the context's credential) */
	const char *key;
	const char *user_name;
	const char *password;
	const char *totp; /* with a password, where a second factor is needed */
} CodeRequest;

/* What was issued, to be shown once. */
typedef struct Issued
{
	char *text;      /* code or token */
	int expires_in;  /* seconds */
	int retry_after; /* seconds, with CBD_LOCKED_OUT */
	int32 app_id;    /* 0 when unknown */
	int64 account_id;
	char *user_name; /* the application's owner or the administrator; NULL when unknown */
	Origin origin;   /* what was proved; of a code or token: what it ends with */
} Issued;

/*
 * Authenticates application `context->app_code` (well-formed) by one method; what IssueAuthCode does before
 * it makes the code.
 */
extern CbdStatus AuthenticateApplication(const RestContext *context, const CodeRequest *request,
										 Issued *issued);

/*
 * Authenticates application `context->app_code` (well-formed) by one method and makes a code. CBD_OK,
 * CBD_INVALID_CREDENTIALS, CBD_ADDRESS_NOT_ALLOWED, CBD_METHOD_NOT_GRANTED, CBD_FORBIDDEN, CBD_LOCKED_OUT.
 */
extern CbdStatus IssueAuthCode(const RestContext *context, const CodeRequest *request, Issued *issued);

/*
 * Spends the code of this digest. CBD_OK fills *code; CBD_INVALID_GRANT: unknown, expired, void since the
 * credentials or the password changed, used before or of another application than `app_code` (NULL: any); the
 * latter two revoke its family.
 */
extern CbdStatus SpendAuthCode(const RestContext *context, Datum digest, const char *app_code,
							   SpentCode *code);

/* Seconds for which the address, the application or (method password) the account of a code is locked out; 0
 * = not. */
extern int CodeLockedFor(const RestContext *context, const SpentCode *code);

/* Code to token, narrowed as `wanted` says (NULL: not). CBD_OK, CBD_INVALID_GRANT, CBD_FORBIDDEN (suspended,
 * expired), CBD_LOCKED_OUT. */
extern CbdStatus ExchangeAuthCode(const RestContext *context, Datum digest, const struct TokenBinding *wanted,
								  Issued *issued);

#endif
