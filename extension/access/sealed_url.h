/*
 * Sealed service addresses (clause 5.2-c, d).
 *
 *   order --Check...()--> SealOrder --SealUrl()--> <public_url>/api/v1/s/<token> --> OpenUrl(): judged as now
 *
 * What the token holds (seal.h): application, its origin, resource, canonical parameters, end, and optionally
 * a data level, a range of client addresses and a maximum of uses.
 */
#ifndef CBD_SEALED_URL_H
#define CBD_SEALED_URL_H

#include "postgres.h"
#include "core/call.h"
#include "core/caller.h"
#include "core/error_list.h"
#include "core/status.h"

/* What a sealed address is to open, for whom and for how long. */
typedef struct SealOrder
{
	const char *resource;
	const char *params; /* canonical JSON object */
	int64 expires_in;   /* seconds */
	const char *cidr;   /* canonical text; NULL: any client address */
	int max_uses;       /* 0: any number */
	int level;          /* highest data level; 0: that of the grant */
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

/* The fields of an order as a client gives them; NULL: absent. Each adds an error when it is not valid. */
extern const char *CheckSealParams(ErrorList *errors, const char *text); /* a JSON object; absent: {} */
extern int64 CheckSealExpiry(ErrorList *errors, const char *text);       /* seconds; absent: an hour */
extern const char *CheckSealCidr(ErrorList *errors, const char *text);   /* NULL: any client address */
extern int CheckSealUses(ErrorList *errors, const char *text);           /* absent: 0, any number */

#endif
