/*
 * Lock-out after repeated failures (clause 5.2-e).
 *
 * An Attempt is one try of a credential: counted per client address (IPv6 by /64), and per subject, which is
 * a user name or appCode, known or not, from that address: who guesses from elsewhere locks nobody out.
 * Beside that a user name is counted from wherever, with a higher threshold and a delay that grows, except
 * from addresses that its right password came from lately. A key or signature of an application is not: it
 * cannot be guessed. Counting and locking are one conditional UPDATE, the address always before the subject,
 * so that parallel attempts neither slip past nor dead-lock.
 *
 * A password attempt is reserved (counted as if it failed) in a committed transaction, checked
 * afterwards, then undone or confirmed: bcrypt runs while no row is locked. A key is checked first and
 * counted when it is wrong, in one transaction. Every call commits with the reply: never raise after it.
 */
#ifndef CBD_LOCKOUT_H
#define CBD_LOCKOUT_H

#include "postgres.h"
#include "core/call.h"
#include "core/status.h"

/* Who tries to log in, and from where: what is counted together. */
typedef struct Attempt
{
	char *address;    /* "" when the client's address is unknown: not counted by address */
	const char *kind; /* ACCOUNT, APPLICATION, SECOND_FACTOR */
	char *subject;    /* user name in small letters, or appCode; NULL: a name that cannot exist */
	bool everywhere;  /* the subject is counted from wherever, too */
} Attempt;

/*
 * Kinds of subjects: a user name and its password, an application and its key, the second factor of a
 * user name.
 */
#define ACCOUNT       "account"
#define APPLICATION   "application"
#define SECOND_FACTOR "totp"

/* How an address, given as text, perhaps with a prefix length behind it, is counted: the subject of its
 * lock-out. NULL: it is none. */
extern char *LockoutAddress(const char *text);

extern void MakeAttempt(const RestContext *context, const char *kind, const char *subject, Attempt *attempt);

/* Not counted from wherever, when the account's right password came from this address lately. */
extern void KnowAddress(Attempt *attempt);

/* Seconds until address and subject are open again; 0 = open now. Counts nothing. */
extern int LockedFor(const Attempt *attempt);

/* Counts the attempt as if it had failed. False: locked, *retry_after in seconds, nothing was counted. */
extern bool ReserveAttempt(const Attempt *attempt, int *retry_after);

/* A reserved attempt proved right: the subject starts anew, the address gets its reservation back. */
extern void AttemptSucceeded(const Attempt *attempt);

/* A reserved attempt proved wrong. */
extern void AttemptFailed(const Attempt *attempt);

/* A credential that needed no reservation was wrong: counts it. False: locked meanwhile, *retry_after in
 * seconds. */
extern bool CountFailure(const Attempt *attempt, int *retry_after);

/* A credential that needed no reservation was right: the subject starts anew. Writes only when failures were
 * counted. */
extern void ClearFailures(const Attempt *attempt);

/*
 * Counts a registration from the client's address, before its password is digested:
 * citybigdata.registration_limit of them, then none for citybigdata.lockout_duration. False: too many,
 * *retry_after in seconds. Forget takes it back: it was refused for its fields.
 */
extern bool CountRegistration(const RestContext *context, int *retry_after);
extern void ForgetRegistration(const RestContext *context);

/* The reservation in the database, between rest_login_reserve() and the check. Take returns false when there
 * is none. */
extern void StoreReservation(const RestContext *context, const Attempt *attempt);
extern bool TakeReservation(const RestContext *context, Attempt *attempt);

/*
 * Undoes what rest_login_reserve() counted for this request, if it was not taken: the request is refused for
 * another reason, before any password was looked at, and only failed credentials count.
 */
extern void ReleaseReservation(const RestContext *context);

#endif
