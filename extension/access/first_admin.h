/*
 * The first administrators of a platform: made by a superuser in SQL while there is none, three persons of
 * one role each, with one-time passwords.
 *
 *   first_administrators() --one-time password--> POST /accounts/password --otpauth:// address-->
 * authenticator
 *     --> POST /admin/login with both factors: enrolled
 *
 * Until that log-in, and for FIRST_LOGIN_DAYS, who has the password is shown an address for the authenticator
 * with each change of it: whoever lost one asks again. From then on a second factor takes two administrators
 * (proposal.h).
 */
#ifndef CBD_FIRST_ADMIN_H
#define CBD_FIRST_ADMIN_H

#include "postgres.h"

#define FIRST_LOGIN_DAYS 7

/* Waits the account for its first log-in with a second factor, in time? */
extern bool FirstLogInAwaited(int64 account_id);

/* The second factor was given: no other one is shown any more. Harmless for every other account. */
extern void FirstLogInDone(int64 account_id);

#endif
