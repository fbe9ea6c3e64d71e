/*
 * Locks that only this extension can take.
 *
 * pg_advisory_lock() is for everybody who can connect: whoever takes a number first holds up all others.
 * These are in the same table of the server (pg_locks, locktype advisory) under a class, objsubid 3, that no
 * SQL function reaches. All last until the transaction ends.
 */
#ifndef CBD_OWN_LOCK_H
#define CBD_OWN_LOCK_H

#include "postgres.h"

/* Waits for the lock. */
extern void OwnLock(int64 key);

/* false: another transaction holds it. */
extern bool TryOwnLock(int64 key);

/* The key of a lock that has a name. */
extern int64 OwnLockKey(const char *name);

/* Releases the session's advisory locks, which code of others has left in it. */
extern void ReleaseForeignLocks(void);

#endif
