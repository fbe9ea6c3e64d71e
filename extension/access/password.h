/* Passwords: pgcrypto's bcrypt over the base64 of the SHA-256 (bcrypt itself stops at 72 bytes). */
#ifndef CBD_PASSWORD_H
#define CBD_PASSWORD_H

#include "postgres.h"
#include "core/field.h"
#include "core/call.h"

/* Checks the rules for a new password of `user_name` (may be NULL) in the field `pointer`. Returns it, NULL
 * when errory. */
extern const char *CheckNewPassword(ErrorList *errors, const char *pointer, const char *password,
									const char *user_name);

/* The digest to store, at the cost of citybigdata.bcrypt_cost; palloc'd. */
extern char *PasswordDigest(const char *password);

/* The account whose password was right, whatever is said of it otherwise: the caller judges its state. */
typedef struct Login
{
	int64 account_id;
	char *user_name;
	int32 epoch; /* of the account, as it was with this password */
	char *state; /* of the account; expired when its end has come */
	bool administrator;
	bool expired;     /* the password is temporary or too old */
	bool held;        /* an administrator reset it, and nobody has confirmed that: it opens nothing */
	const char *note; /* for the auditor: what was refused beside the password; NULL */
} Login;

/* Who it must be, beside a positive account number. */
#define LOGIN_ANYONE        0
#define LOGIN_NOBODY        (-1) /* to give the answer of a wrong password after the same time */
#define LOGIN_ADMINISTRATOR (-2) /* an active administrator */

/*
 * Checks user name and password with lock-out. CBD_OK: *login is filled (any state); CBD_PASSWORD_EXPIRED:
 * the same, but the password, which was right, is good for changing it and nothing else;
 * CBD_INVALID_CREDENTIALS (unknown user, wrong password, not the account `who`, an administrator from an
 * address that is not for administrators: the same answer, after the same time; or the wrong second factor);
 * CBD_NO_SECOND_FACTOR; CBD_LOCKED_OUT with *retry_after. An administrator needs the second factor, every
 * account where citybigdata.second_factor says so; `totp` may be NULL. Uses the reservation that
 * rest_login_reserve() made for this request, else makes its own in the same transaction.
 */
extern CbdStatus PasswordLogin(const RestContext *context, const char *user_name, const char *password,
							   const char *totp, int64 who, Login *login, int *retry_after);

/*
 * The second factor of an account whose password was right. It is counted by itself: the password has cleared
 * the account's count, so that guesses of six digits would never lock it. CBD_OK, CBD_INVALID_CREDENTIALS,
 * CBD_LOCKED_OUT; `absent`: none is enrolled.
 */
extern CbdStatus CheckSecondFactor(const RestContext *context, Login *login, const char *code,
								   CbdStatus absent, int *retry_after);

/* The password alone, an expired one too: for changing it. */
extern CbdStatus PasswordCheck(const RestContext *context, const char *user_name, const char *password,
							   int64 who, Login *login, int *retry_after);

/*
 * Sets a password that satisfies CheckNewPassword(). An error (CBD_WEAK_PASSWORD at `pointer`): it is one of
 * the last citybigdata.password_history; CBD_CONFLICT: somebody else changed it meanwhile;
 * CBD_NO_SUCH_ACCOUNT.
 */
extern CbdStatus SetPassword(int64 account_id, const char *password, const char *pointer, ErrorList *errors);

/* Sets a random password, which must be changed first of all; to be shown once. `hold`: it opens nothing
 * until a security administrator has confirmed. CBD_OK, CBD_CONFLICT, CBD_NO_SUCH_ACCOUNT. */
extern CbdStatus ResetPassword(int64 account_id, bool hold, char **initial);

/* The reservation for a password check that comes next, in another transaction: CBD_OK or CBD_LOCKED_OUT. */
extern CbdStatus ReserveLogin(const RestContext *context, const char *user_name, int *retry_after);

/* User name and password of HTTP Basic credentials; false when they are none (no colon, not UTF-8, a zero
 * byte). */
extern bool BasicCredentials(const RestContext *context, char **user_name, char **password);

/* Longest password that is taken, in characters. */
#define PASSWORD_MAX 256

#endif
