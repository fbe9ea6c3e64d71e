/* Locks that only this extension can take; see own_lock.h. */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"

#include "core/own_lock.h"

/* 1 and 2 are those of pg_advisory_lock(bigint) and (integer, integer). */
#define LOCK_CLASS 3

static bool
Take(int64 key, bool wait)
{
	LOCKTAG tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) ((uint64) key >> 32), (uint32) key, LOCK_CLASS);
	return LockAcquire(&tag, ExclusiveLock, false, !wait) != LOCKACQUIRE_NOT_AVAIL;
}

void
OwnLock(int64 key)
{
	(void) Take(key, true);
}

bool
TryOwnLock(int64 key)
{
	return Take(key, false);
}

int64
OwnLockKey(const char *name)
{
	return (int64) hash_bytes_extended((const unsigned char *) name, (int) strlen(name), 0);
}

void
ReleaseForeignLocks(void)
{
	LockReleaseSession(USER_LOCKMETHOD);
}

/* own_lock(name), try_own_lock(name): for the extension's functions in SQL */
PG_FUNCTION_INFO_V1(cbd_own_lock);
PG_FUNCTION_INFO_V1(cbd_try_own_lock);
extern Datum cbd_own_lock(PG_FUNCTION_ARGS);
extern Datum cbd_try_own_lock(PG_FUNCTION_ARGS);

Datum
cbd_own_lock(PG_FUNCTION_ARGS)
{
	OwnLock(OwnLockKey(text_to_cstring(PG_GETARG_TEXT_PP(0))));
	PG_RETURN_VOID();
}

Datum
cbd_try_own_lock(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(TryOwnLock(OwnLockKey(text_to_cstring(PG_GETARG_TEXT_PP(0)))));
}
