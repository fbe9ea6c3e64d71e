/*
 * Continuations: a reply of many pages goes on with the right that its first page was asked with.
 *
 * A one-time code is spent by the first page, a nonce and a counted sealed address are used up. So a page that is not the last one says how the bridge may
 * ask for the next one: scheme 'continued', credential = the continuation. It is sealed (seal.h), for one resource, one request id, and not for long.
 * The right is judged anew for each page: token, application, account, grant, level and address as they are then.
 */
#ifndef CBD_CONTINUATION_H
#define CBD_CONTINUATION_H

#include "postgres.h"
#include "access/access.h"

typedef enum ContinuedBy
{
	CONTINUED_TOKEN = 1,		/* judge the token again */
	CONTINUED_ADDRESS,			/* the application's IP grant */
	CONTINUED_APPLICATION		/* its credential was good once: the application itself */
} ContinuedBy;

typedef struct Continuation
{
	ContinuedBy by;
	int32		app_id;
	int32		level;			/* of the first page: what follows shows no more, however wide the grant is */
	char		token_digest[32];	/* CONTINUED_TOKEN */
} Continuation;

/* The continuation of a page that `caller` was given, as text. Runs SQL; no SPI connection open. */
extern char *ContinuationMake(const CallContext *context, const Caller *caller, const char *resource);

/* Reads the credential of scheme 'continued'; false: not ours, of another request or resource, or too old. */
extern bool ContinuationRead(const CallContext *context, const char *resource, Continuation *continuation);

#endif
