/* One row by a unique index, without the planner; see index_lookup.h. */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/executor.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "core/compat.h"
#include "core/index_lookup.h"

/* The OID of a relation of ours; an error when it is not there. */
static Oid
RelationId(const char *name)
{
	Oid id = get_relname_relid(name, get_namespace_oid("citybigdata", false));

	if (!OidIsValid(id))
		elog(ERROR, "relation citybigdata.%s does not exist", name);
	return id;
}

bool
IndexLookup(const char *table, const char *index, const char *const *keys, int count,
			void (*read)(TupleTableSlot *slot, void *state), void *state)
{
	Relation heap = table_open(RelationId(table), AccessShareLock);
	Relation by = index_open(RelationId(index), AccessShareLock);
	TupleTableSlot *slot = table_slot_create(heap, NULL);
	ScanKeyData scan_keys[LOOKUP_KEYS];
	IndexScanDesc scan;
	Snapshot snapshot;
	bool found;

	Assert(count <= LOOKUP_KEYS);
	for (int i = 0; i < count; i++)
		ScanKeyEntryInitialize(&scan_keys[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid,
							   by->rd_indcollation[i], F_TEXTEQ, CStringGetTextDatum(keys[i]));
	CommandCounterIncrement();
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	scan = BeginIndexScan(heap, by, snapshot, count);
	index_rescan(scan, scan_keys, count, NULL, 0);
	found = index_getnext_slot(scan, ForwardScanDirection, slot);
	if (found)
		read(slot, state);
	index_endscan(scan);
	UnregisterSnapshot(snapshot);
	ExecDropSingleTupleTableSlot(slot);
	index_close(by, AccessShareLock);
	table_close(heap, AccessShareLock);
	return found;
}

bool
TableHasPages(const char *table)
{
	Relation heap = table_open(RelationId(table), AccessShareLock);
	bool pages = RelationGetNumberOfBlocks(heap) > 0;

	table_close(heap, AccessShareLock);
	return pages;
}

Datum
LookupColumn(TupleTableSlot *slot, const char *column, bool *isnull)
{
	AttrNumber number = get_attnum(slot->tts_tableOid, column);

	if (number == InvalidAttrNumber)
		elog(ERROR, "column \"%s\" does not exist", column);
	return slot_getattr(slot, number, isnull);
}
