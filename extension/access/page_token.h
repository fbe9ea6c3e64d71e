/*
 * Page tokens: a reply of many pages goes on with the right that its first page was asked with.
 *
 * A one-time code is spent by the first page, a nonce and a counted sealed address are used up. So a page
 * that is not the last one says how the bridge may ask for the next one: scheme 'continued', credential = the
 * page token. It is sealed (seal.h), for one resource, one request id, and not for long. The right is judged
 * anew for each page: token, application, account, grant, level and address as they are then.
 */
#ifndef CBD_PAGE_TOKEN_H
#define CBD_PAGE_TOKEN_H

#include "postgres.h"
#include "access/access.h"

/* What the pages of one download share: the bridge hands it back with each. */
typedef struct PageToken
{
	Origin origin; /* of the first page: judged again for each */
	int32 app_id;
	int32 level; /* of the first page: what follows shows no more, however wide the grant is */
} PageToken;

/* The page token of a page that `caller` was given, as text. Runs SQL; no SPI connection open. */
extern char *PageTokenMake(const RestContext *context, const Caller *caller, const char *resource);

/* Reads the credential of scheme 'continued'; false: not ours, of another request or resource, or too old. */
extern bool PageTokenRead(const RestContext *context, const char *resource, PageToken *page_token);

#endif
