/*
 * Operators: accounts that act in posts (clause 4, 业务支撑).
 *
 *   POST /oauth/token     the operators' client --> a token of the account that signed in (oauth/)
 *   each request          Authorise() --> JudgeApplication(): the account's posts as they are now --> Caller
 *
 * Words. A post is what an account does for a unit in a division: a role with its reach. The operators'
 * client is the application that setup() makes for signing in. Posts are read anew at every request: one that
 * ends, a delegation, a suspension count from the very next one. An administrator is no operator, whatever
 * posts are stored for the account.
 */
#ifndef CBD_OPERATOR_H
#define CBD_OPERATOR_H

#include "postgres.h"
#include "access/endpoint.h"
#include "access/post.h"

/*
 * Authenticates a request about cases and fills call->caller. CBD_OK: an operator, or an application with the
 * grant `cases` (call->caller.all_cases), or any other application, which reads the cases of its own senders
 * and no others. Refusals as Authorise().
 */
extern CbdStatus AuthoriseCases(Call *call);

/* The same of a caller that was authenticated before; see AuthoriseApplication(). Its limit is not counted.
 */
extern CbdStatus AuthoriseCasesOf(const RestContext *context, int32 app_id, const Origin *origin,
								  Caller *caller);

#endif
