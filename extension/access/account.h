/* Accounts: registration and review (clause 5.2-a). What the endpoints and the SQL functions share. */
#ifndef CBD_ACCOUNT_H
#define CBD_ACCOUNT_H

#include "postgres.h"
#include "access/access.h"
#include "core/field.h"

/* Registers an account in state pending; returns its number, 0 with errors. */
extern int64 RegisterAccount(ErrorList *errors, const char *user_name, const char *password,
							 const char *organization, const char *contact_name, const char *mobile);

/* An active administrator of that role without a known password; contact name and mobile number may be NULL.
 * Returns its number, 0 with errors at /ROLE. */
extern int64 AddAdministrator(ErrorList *errors, const char *role, const char *user_name,
							  const char *organization, const char *contact_name, const char *mobile);

/* Approves or rejects a pending account. CBD_OK, CBD_NO_SUCH_ACCOUNT, CBD_ALREADY_REVIEWED. */
extern CbdStatus ReviewAccount(int64 account_id, bool approve, const char *reviewer, const char *note);

/*
 * Changes a password. `user_name`, `password` and `new_password` may be NULL: errors. An account that has a
 * second factor needs it, unless not `ask_factor`. CBD_OK; CBD_INVALID_CREDENTIALS, CBD_LOCKED_OUT with
 * *retry_after; CBD_FORBIDDEN: the account is not active; CBD_CONFLICT; or errors. *caller: who it was, for
 * the audit row. A first administrator who waits for the first log-in needs no second factor yet, and
 * *address is one for the authenticator, to be shown once; else it is NULL.
 */
extern CbdStatus ChangePassword(const RestContext *context, const char *user_name, const char *password,
								const char *new_password, const char *totp, bool ask_factor, Caller *caller,
								ErrorList *errors, char **address, int *retry_after);

/* A number in a path: 1 to 18 digits; 0 when it is none. */
extern int64 PathNumber(const char *text);

/* Who decides, for reviewed_by: the administrator's user name, or role:<database role> for SQL callers
 * (NULL). */
extern char *ReviewerName(const Caller *caller);

#endif
