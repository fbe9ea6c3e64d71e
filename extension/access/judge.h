/*
 * Judging: does what was authenticated count now, and may it use the resource?
 *
 *   access.c finds out who calls (token, code, signature, address ...)
 *     --row of application, account or token--> Judge...() --> CBD_OK, or why not; the Caller is filled
 *
 * Rows are read anew on every request (access_rows.h): what an administrator revokes or suspends is refused
 * at the very next one. Nothing is counted or written here.
 */
#ifndef CBD_JUDGE_H
#define CBD_JUDGE_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "access/access_rows.h"
#include "core/call.h"
#include "core/caller.h"
#include "core/status.h"

/* Not ended yet? By the start of the statement: the same for all that one request asks. */
extern bool Lasts(bool has_end, TimestampTz end);

/* The client's address as rows are read with it; 0: unknown. */
extern Datum ClientAddress(const RestContext *context);

/*
 * May the application use the resource (NULL: any) from this address now? `origin`: what it proved itself by,
 * NULL: whatever counts now. `token`: the one it came with, NULL without. `absent` is the answer when it or
 * its account does not count any more, which says no more than that it does not exist.
 */
extern CbdStatus JudgeApplication(const ApplicationRow *app, const Origin *origin, const TokenRow *token,
								  const char *resource, CbdStatus absent, Caller *caller);

/* An IP grant: the method ip, and an address in its ranges. */
extern CbdStatus JudgeAddress(const ApplicationRow *app, const char *resource, Caller *caller);

/* An administrator's token: for administration, never for data, so no resource. A new password ends those of
 * before. */
extern CbdStatus JudgeAdministrator(const RestContext *context, const TokenRow *token, const char *resource,
									Caller *caller);

/*
 * Judges an application that was authenticated in another way (a key in the body, a sealed address): account,
 * state, validity, client address, and the grant on `resource`, but not its limit. `origin`: as it was when
 * it was authenticated; where that was by a token, the token is judged again, but for its end, which is
 * the caller's to keep.
 * CBD_FORBIDDEN: there is no such application, or it or its origin does not count now.
 */
extern CbdStatus AuthoriseApplication(const RestContext *context, int32 app_id, const Origin *origin,
									  const char *resource, Caller *caller);

/* May administrators come from where the request does (citybigdata.admin_addresses)? Callers from SQL may. */
extern bool AdminAddressAllowed(const RestContext *context);

#endif
