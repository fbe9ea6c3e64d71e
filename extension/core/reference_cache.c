/*
 * Caches of reference tables per backend; see reference_cache.h. One relcache callback serves all of them: it
 * counts changes, and a cache compares the count with that of its filling.
 */
#include "postgres.h"
#include "fmgr.h"

#include <sys/stat.h>

#include "access/parallel.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/reference_cache.h"
#include "core/spi.h"

#define DATA_FILE_LIMIT (64 * 1024 * 1024) /* bytes: a text datum must hold it comfortably */

/* All that were ever used: told of every invalidation. */
static ReferenceCache *caches;

/* Relcache callback: only counts, since a look-up may be using the contents. */
static void
NoteChange(Datum arg, Oid relid)
{
	for (ReferenceCache *cache = caches; cache != NULL; cache = cache->next)
		if (relid == InvalidOid || relid == cache->relid)
			cache->changes++;
}

bool
ReferenceIsFresh(ReferenceCache *cache)
{
	if (cache->changes == 0)
	{
		if (caches == NULL)
			CacheRegisterRelcacheCallback(NoteChange, (Datum) 0);
		cache->changes = 1;
		cache->next = caches;
		caches = cache;
	}
	/* what opening a table would do: a long transaction sees a newly loaded table too */
	AcceptInvalidationMessages();
	return cache->filled == cache->changes &&
		   (cache->statement == 0 || cache->statement == GetCurrentStatementStartTimestamp());
}

MemoryContext
ReferenceReset(ReferenceCache *cache)
{
	if (cache->memory == NULL)
		cache->memory =
			AllocSetContextCreate(TopMemoryContext, "citybigdata reference table", ALLOCSET_DEFAULT_SIZES);
	else
		MemoryContextReset(cache->memory);
	cache->relid = get_relname_relid(cache->table, get_namespace_oid("citybigdata", false));
	/* what changes from here on, while the contents are being read too, makes them stale */
	cache->filled = cache->changes;
	cache->statement = 0;
	return cache->memory;
}

void
ReferenceBegin(ReferenceCache *cache)
{
	/* a parallel query may not take a new snapshot: then the contents serve this statement only */
	if (!IsInParallelMode())
		PushActiveSnapshot(GetLatestSnapshot());
	else
		PushActiveSnapshot(GetActiveSnapshot());
	SpiBegin();
}

void
ReferenceEnd(ReferenceCache *cache)
{
	SpiEnd();
	PopActiveSnapshot();
	if (IsInParallelMode())
		cache->statement = GetCurrentStatementStartTimestamp();
}
