/*
 * Reference tables (divisions, boundaries, code tables) cached per backend.
 *
 * A trigger on each table sends a relcache invalidation whenever its rows change. A cache is fresh while
 * none has arrived since it was filled. It is filled with the newest snapshot, not with that of the running
 * statement, so that an old transaction cannot leave old rows behind.
 */
#ifndef CBD_REFERENCE_H
#define CBD_REFERENCE_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* One chapter's cache of one table. */
typedef struct ReferenceCache
{
	const char *table;    /* in schema citybigdata */
	MemoryContext memory; /* where its owner keeps the contents; emptied by ReferenceReset */
	/* of reference_cache.c */
	Oid relid;
	uint64 changes;        /* invalidations seen, from 1; 0: never used */
	uint64 filled;         /* value of changes that the contents belong to */
	TimestampTz statement; /* not 0: filled with the statement's own snapshot, good for this statement only */
	struct ReferenceCache *next;
} ReferenceCache;

/* May the contents be used? Takes in invalidations of other sessions. */
extern bool ReferenceIsFresh(ReferenceCache *cache);

/* Empties the memory, making it when there is none, and calls the contents fresh (and empty). */
extern MemoryContext ReferenceReset(ReferenceCache *cache);

/* SPI with the newest snapshot, for filling; several queries may run between the two. */
extern void ReferenceBegin(ReferenceCache *cache);
extern void ReferenceEnd(ReferenceCache *cache);

#endif
