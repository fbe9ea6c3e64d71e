/*
 * Access: who calls, and may they? (clauses 5.2, 5.5; every request.)
 *
 *   registration  account_rest.c      account.c         account, reviewed by a security administrator
 *   application   access_request_*.c  access_request.c  access request -> application (appCode) with grants
 *   credential    authcode_rest.c     authcode.c        key, password, IP grant, signature -> code -> token
 *                 oauth/              token.c           consent -> access and refresh token
 *   request       access.c: Authorise()
 *                   finds out who calls: token, code, signature, sealed address, page token, IP grant
 *                   judge.c: do application, account, grant and address count now?
 *                   rate.c: one request of the grant's limit
 *                   --> CBD_OK and a Caller (core/caller.h), or a refusal
 *
 * Words. An account is a person's; it owns applications. An application is what calls; a grant lets it use
 * one resource up to a data level. A caller is the application or administrator that a request was
 * authenticated as. Refusals are status codes, never raised errors, so that counters and audit rows commit.
 */
#ifndef CBD_ACCESS_H
#define CBD_ACCESS_H

#include "postgres.h"
#include "core/call.h"
#include "core/caller.h"
#include "core/status.h"

/*
 * Authenticates the request and checks that the caller holds a grant on `resource` (NULL: any
 * authenticated caller). Scheme 'none' is tried as an IP grant of context->app_code; 'signature' and
 * 'artemis': see signature.h; 'sealed': the token of an address that rest_open_url() opened for this request;
 * 'base': see sealed_url.h; 'continued': see page_token.h. Returns CBD_OK and fills *caller, or a refusal
 * (CBD_INSUFFICIENT_SCOPE: the token was narrowed to other resources; CBD_TOO_MANY_REQUESTS,
 * CBD_QUOTA_EXCEEDED: the grant's limit, which every call with a resource counts towards); the refusal is not
 * audited here. *caller is filled as far as known.
 */
extern CbdStatus Authorise(const RestContext *context, const char *resource, Caller *caller,
						   int *retry_after);

/*
 * The account of HTTP Basic credentials, for access requests only, with the second factor where one is needed
 * (PasswordLogin()): CBD_OK, CBD_INVALID_CREDENTIALS,
 * CBD_ACCOUNT_PENDING, CBD_FORBIDDEN (not active), CBD_LOCKED_OUT. caller->app_id is 0. Authorise() itself
 * refuses Basic.
 */
extern CbdStatus AuthoriseAccount(const RestContext *context, const char *totp, Caller *caller,
								  int *retry_after);

/*
 * Counts a request that AuthoriseApplication() let in towards the limit of its grant: CBD_OK,
 * CBD_TOO_MANY_REQUESTS, CBD_QUOTA_EXCEEDED; any other `status` is passed on.
 */
extern CbdStatus WithinLimit(CbdStatus status, Caller *caller, int *retry_after);

/* The IP grant of the sender's application: who may report as `sender_code` from this address without a
 * token. */
extern CbdStatus AuthoriseSenderAddress(const RestContext *context, const char *sender_code, Caller *caller,
										int *retry_after);

/* Does the application own the senderCode? */
extern bool SenderBelongsTo(const char *sender_code, int32 app_id);

#endif
