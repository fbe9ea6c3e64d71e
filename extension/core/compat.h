/* Differences between PostgreSQL 14 and 18, and nothing else. */
#ifndef CBD_COMPAT_H
#define CBD_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 140000
#error "citybigdata needs PostgreSQL 14 or newer"
#endif

#if PG_VERSION_NUM < 150000
#include "utils/guc.h"
#define MarkGUCPrefixReserved(name) EmitWarningsOnPlaceholders(name)
#endif

/* A timer that fires after `first` milliseconds and from then on every `period`; 14 has only the first. */
#if PG_VERSION_NUM < 150000
#define EnableTimeoutRepeated(id, first, period) enable_timeout_after(id, first)
#else
#define EnableTimeoutRepeated(id, first, period)                                                             \
	enable_timeout_every(id, TimestampTzPlusMilliseconds(GetCurrentTimestamp(), first), period)
#endif

#if PG_VERSION_NUM < 160000
#define FunctionAclCheck(function, role) pg_proc_aclcheck(function, role, ACL_EXECUTE)
#define RelationLocator(rel)             ((rel)->rd_node)
#define MakeRange(type, lower, upper)    make_range(type, lower, upper, false)
#else
#define FunctionAclCheck(function, role) object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE)
#define RelationLocator(rel)             ((rel)->rd_locator)
#define MakeRange(type, lower, upper)    make_range(type, lower, upper, false, NULL)
#endif

/* Entries of pg_stat_activity by their place, from 1, as this session sees them; a fresh look at them. */
#if PG_VERSION_NUM < 160000
#define BackendStatusByIndex(i) pgstat_fetch_stat_local_beentry(i)
#else
#define BackendStatusByIndex(i) pgstat_get_local_beentry_by_index(i)
#endif
#if PG_VERSION_NUM < 150000
#define ClearBackendStatus() pgstat_clear_snapshot()
#else
#define ClearBackendStatus() pgstat_clear_backend_activity_snapshot()
#endif

#if PG_VERSION_NUM >= 180000
#define BeginIndexScan(heap, index, snapshot, keys) index_beginscan(heap, index, snapshot, NULL, keys, 0)
#else
#define BeginIndexScan(heap, index, snapshot, keys) index_beginscan(heap, index, snapshot, keys, 0)
#endif

#endif
