/*
 * Sealed service addresses (clause 5.2-c, d).
 *
 *   order --Check...()--> SealOrder --SealUrl()--> <public_url>/api/v1/s/<token> --> OpenUrl(): judged as now
 *
 * What the token holds (seal.h): application, its origin, resource, canonical parameters, end, and optionally
 * a data level, a range of client addresses and a maximum of uses.
 *
 * A base is a sealed address below which a client calls many others, since it can send no header: that of
 * OGC API Features. In the place of the resource it has the path, SEALED_BASE, which no resource can be
 * called; it has no parameters and its uses are not counted. Its token is sealed for another purpose, so that
 * neither kind opens where the other does:
 *
 *   <public_url>/ogc/s/<token>/collections/... --scheme 'base'--> Authorise() --OpenBase()--> judged for the
 *       resource that is asked for, each time
 */
#ifndef CBD_SEALED_URL_H
#define CBD_SEALED_URL_H

#include "postgres.h"
#include "core/call.h"
#include "core/caller.h"
#include "core/error_list.h"
#include "core/status.h"
#include "wire/paths.h"

/* What the base of OGC API Features is called in the place of a resource. */
#define SEALED_BASE OGC_PATH

/* What a sealed address is to open, for whom and for how long. */
typedef struct SealOrder
{
	const char *resource; /* or SEALED_BASE */
	const char *params;   /* canonical JSON object */
	int64 expires_in;     /* seconds */
	const char *cidr;     /* canonical text; NULL: any client address */
	int max_uses;         /* 0: any number */
	int level;            /* highest data level; 0: that of the grant */
} SealOrder;

/*
 * The address for an application, palloc'd. Checks nothing. `origin`: what the application proved itself by;
 * the address ends with it, and not after the token that it is made with: order->expires_in is cut to that.
 */
extern char *SealUrl(int32 app_id, const Origin *origin, SealOrder *order);

/* What a sealed address opens, as far as it was good. */
typedef struct SealedUrl
{
	char *resource;
	char *params;       /* canonical JSON object */
	int64 expires_at;   /* Unix seconds */
	int uses_left;      /* -1: not counted */
	const char *detail; /* why it was refused, for the audit row alone */
} SealedUrl;

/*
 * Opens an address or its token: seal, end, client address, application, account and grant as they are now.
 * With `use` the use is counted. CBD_OK fills *caller and *url; every refusal is CBD_INVALID_CREDENTIALS,
 * *caller filled as far as known. Runs SQL.
 */
extern CbdStatus OpenUrl(const RestContext *context, const char *text, size_t length, bool use,
						 Caller *caller, SealedUrl *url);

/*
 * Opens the token of a base for one call of `resource` (NULL: any): seal, end, client address, application
 * and account as they are now, and the grant on the resource. CBD_INVALID_CREDENTIALS: the base is good for
 * nothing any more; CBD_FORBIDDEN: not for this resource. Runs SQL.
 */
extern CbdStatus OpenBase(const RestContext *context, const char *token, size_t length, const char *resource,
						  Caller *caller);

/* Is a base ordered? Then judging an order asks for no grant. */
extern bool OrdersBase(const char *resource);

/* What a base cannot have: adds an error for parameters and for a number of uses. */
extern void CheckSealBase(ErrorList *errors, const SealOrder *order);

/* The fields of an order as a client gives them; NULL: absent. Each adds an error when it is not valid. */
extern const char *CheckSealParams(ErrorList *errors, const char *text); /* a JSON object; absent: {} */
extern int64 CheckSealExpiry(ErrorList *errors, const char *text);       /* seconds; absent: an hour */
extern const char *CheckSealCidr(ErrorList *errors, const char *text);   /* NULL: any client address */
extern int CheckSealUses(ErrorList *errors, const char *text);           /* absent: 0, any number */

#endif
