/*
 * One row by its unique key; see keyed_row.h.
 *
 *   places[hash of the key] --buffer still holds the page?--> tuple there, visible, same key? --> the row
 *                           \--else--> index scan --> the row, and its place for next time
 *
 * A place is a guess: pinning the buffer, checking the page's block and the tuple's visibility and key
 * decide.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/tuptable.h"
#include "storage/bufmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "core/compat.h"
#include "core/keyed_row.h"

/* 0: always by the index, for `make bench` to tell what the remembered place brings. */
#ifndef CBD_ROW_PLACES
#define CBD_ROW_PLACES 1
#endif

#define PLACES 512 /* per table and backend: 8 kB */

/* Where a row was: the buffer that held its page, and the line that the index pointed to (its versions hang
 * on that). */
struct RowPlace
{
	Buffer buffer; /* InvalidBuffer: nothing noted */
	ItemPointerData line;
};

static KeyedTable *tables; /* those that were looked up in */
static uint64 changes;     /* of any relation or schema, as far as heard */

/* ---- tables by name ---- */

/* Relcache callback: a table or its index was altered, renamed, dropped. */
static void
ForgetTable(Datum arg, Oid relid)
{
	changes++;
	for (KeyedTable *table = tables; table != NULL; table = table->next)
		if (!OidIsValid(relid) || relid == table->relid || relid == table->index_id)
			table->relid = InvalidOid;
}

/* Syscache callback: a schema was renamed or dropped. */
static void
ForgetTables(Datum arg, int cacheid, uint32 hashvalue)
{
	ForgetTable(arg, InvalidOid);
}

/* Remembered places for the table, forgotten when it, its index or a schema changes. */
static void
RegisterTable(KeyedTable *table)
{
	if (tables == NULL)
	{
		CacheRegisterRelcacheCallback(ForgetTable, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, ForgetTables, (Datum) 0);
	}
	table->places = MemoryContextAllocZero(TopMemoryContext, PLACES * sizeof(RowPlace));
	table->next = tables;
	tables = table;
}

/* Looks the names up. What is heard of changes meanwhile leaves them unknown: then again. */
static void
FindTable(KeyedTable *table)
{
	uint64 before = changes;
	Oid schema = get_namespace_oid("citybigdata", false);
	Oid relid = get_relname_relid(table->table, schema);

	table->index_id = get_relname_relid(table->index, schema);
	if (!OidIsValid(table->index_id) || !OidIsValid(relid))
		elog(ERROR, "citybigdata.%s or its index %s does not exist", table->table, table->index);
	for (int i = 0; i < KEYED_COLUMNS && table->columns[i] != NULL; i++)
	{
		table->numbers[i] = get_attnum(relid, table->columns[i]);
		if (table->numbers[i] == InvalidAttrNumber)
			elog(ERROR, "citybigdata.%s has no column %s: library and tables are of different versions",
				 table->table, table->columns[i]);
	}
	if (before == changes)
		table->relid = relid;
}

/* The table, locked, with its names known to be right under that lock. */
static Relation
OpenTable(KeyedTable *table)
{
	if (table->places == NULL)
		RegisterTable(table);
	for (;;)
	{
		Relation rel;

		while (!OidIsValid(table->relid))
			FindTable(table);
		rel = table_open(table->relid, AccessShareLock);
		/* taking the lock took in what other sessions have changed */
		if (OidIsValid(table->relid))
			return rel;
		table_close(rel, AccessShareLock);
	}
}

/* ---- keys ---- */

RowKey
TextKey(int column, const char *text)
{
	return (RowKey){column, TEXTOID, CStringGetTextDatum(text)};
}

RowKey
Int32Key(int column, int32 value)
{
	return (RowKey){column, INT4OID, Int32GetDatum(value)};
}

RowKey
Int64Key(int column, int64 value)
{
	return (RowKey){column, INT8OID, Int64GetDatum(value)};
}

RowKey
BytesKey(int column, Datum value)
{
	return (RowKey){column, BYTEAOID, value};
}

/* The equality function of a key column's type. */
static RegProcedure
EqualityOf(Oid type)
{
	return type == INT4OID ? F_INT4EQ : type == INT8OID ? F_INT8EQ : type == TEXTOID ? F_TEXTEQ : F_BYTEAEQ;
}

/* By bytes, as the types themselves compare: texts under the index's collation, which is deterministic. */
static bool
SameValue(Oid type, Datum a, Datum b)
{
	struct varlena *x;
	struct varlena *y;

	if (type == INT4OID)
		return DatumGetInt32(a) == DatumGetInt32(b);
	if (type == INT8OID)
		return DatumGetInt64(a) == DatumGetInt64(b);
	x = PG_DETOAST_DATUM_PACKED(a);
	y = PG_DETOAST_DATUM_PACKED(b);
	return VARSIZE_ANY_EXHDR(x) == VARSIZE_ANY_EXHDR(y) &&
		   memcmp(VARDATA_ANY(x), VARDATA_ANY(y), VARSIZE_ANY_EXHDR(x)) == 0;
}

/* Does the row have these key values? A remembered place may hold another row by now. */
static bool
HasKey(const KeyedRow *row, const RowKey *keys, int count)
{
	for (int i = 0; i < count; i++)
	{
		bool isnull;
		Datum value = RowDatum(row, keys[i].column, &isnull);

		if (isnull || !SameValue(keys[i].type, value, keys[i].value))
			return false;
	}
	return true;
}

/* Where the place of the key's row is noted; rows that share one push each other out. */
static RowPlace *
PlaceOf(const KeyedTable *table, const RowKey *keys, int count)
{
	uint32 hash = 0;

	for (int i = 0; i < count; i++)
	{
		uint32 part;

		if (keys[i].type == INT4OID || keys[i].type == INT8OID)
			part = murmurhash32((uint32) (keys[i].type == INT4OID ? DatumGetInt32(keys[i].value)
																  : DatumGetInt64(keys[i].value)));
		else
		{
			struct varlena *bytes = PG_DETOAST_DATUM_PACKED(keys[i].value);

			part = hash_bytes((const unsigned char *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
		}
		hash = hash_combine(hash, part);
	}
	return &table->places[hash % PLACES];
}

/* ---- the row ---- */

/* Takes the wanted columns of a tuple over into the row. */
static void
TakeColumns(KeyedRow *row, HeapTuple tuple)
{
	TupleDesc desc = RelationGetDescr(row->rel);

	row->values = palloc(desc->natts * (sizeof(Datum) + sizeof(bool)));
	row->nulls = (bool *) (row->values + desc->natts);
	heap_deform_tuple(tuple, desc, row->values, row->nulls);
}

/* The row from its noted place, if the page is still in the same buffer and the snapshot sees a row with the
 * key there. */
static bool
FromPlace(KeyedRow *row, const RowPlace *place, const RowKey *keys, int count)
{
	ItemPointerData line = place->line;
	HeapTupleData tuple;
	bool seen;

	if (!BufferIsValid(place->buffer) || row->rel->rd_tableam != GetHeapamTableAmRoutine() ||
		!ReadRecentBuffer(RelationLocator(row->rel), MAIN_FORKNUM, ItemPointerGetBlockNumber(&line),
						  place->buffer))
		return false;
	row->buffer = place->buffer;
	LockBuffer(row->buffer, BUFFER_LOCK_SHARE);
	seen = heap_hot_search_buffer(&line, row->rel, row->buffer, GetActiveSnapshot(), &tuple, NULL, true);
	LockBuffer(row->buffer, BUFFER_LOCK_UNLOCK);
	if (seen)
	{
		TakeColumns(row, &tuple);
		if (HasKey(row, keys, count))
			return true;
	}
	ReleaseBuffer(row->buffer);
	row->buffer = InvalidBuffer;
	return false;
}

/* Takes what the index led to, and notes its place. */
static void
FromSlot(KeyedRow *row, TupleTableSlot *slot, const ItemPointerData *line, RowPlace *place)
{
	if (!TTS_IS_BUFFERTUPLE(slot))
	{
		TakeColumns(row, ExecCopySlotHeapTuple(slot));
		return;
	}
	row->buffer = ((BufferHeapTupleTableSlot *) slot)->buffer;
	IncrBufferRefCount(row->buffer);
	TakeColumns(row, ExecFetchSlotHeapTuple(slot, false, NULL));
	place->buffer = row->buffer;
	place->line = *line;
}

/* The row by the index. */
static bool
FromIndex(KeyedRow *row, RowPlace *place, const RowKey *keys, int count)
{
	Relation index = index_open(row->table->index_id, AccessShareLock);
	TupleTableSlot *slot = table_slot_create(row->rel, NULL);
	ScanKeyData scan_keys[KEYED_KEYS];
	IndexScanDesc scan;
	ItemPointer tid;
	bool found = false;

	Assert(count <= KEYED_KEYS);
	for (int i = 0; i < count; i++)
		ScanKeyEntryInitialize(&scan_keys[i], 0, i + 1, BTEqualStrategyNumber, InvalidOid,
							   index->rd_indcollation[i], EqualityOf(keys[i].type), keys[i].value);
	scan = BeginIndexScan(row->rel, index, GetActiveSnapshot(), count);
	index_rescan(scan, scan_keys, count, NULL, 0);
	while (!found && (tid = index_getnext_tid(scan, ForwardScanDirection)) != NULL)
	{
		ItemPointerData line = *tid; /* the next call moves it to the version that it takes */

		found = index_fetch_heap(scan, slot);
		if (found)
			FromSlot(row, slot, &line, place);
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, AccessShareLock);
	return found;
}

bool
RowOpen(KeyedRow *row, KeyedTable *table, const RowKey *keys, int count)
{
	RowPlace *place;

	row->table = table;
	row->rel = OpenTable(table);
	row->buffer = InvalidBuffer;
	place = PlaceOf(table, keys, count);
	return (CBD_ROW_PLACES && FromPlace(row, place, keys, count)) || FromIndex(row, place, keys, count);
}

void
RowClose(KeyedRow *row)
{
	if (BufferIsValid(row->buffer))
		ReleaseBuffer(row->buffer);
	table_close(row->rel, NoLock); /* the lock stays until the transaction ends, as the executor's would */
}

void
RowsLatestBegin(void)
{
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
}

void
RowsLatestEnd(void)
{
	PopActiveSnapshot();
}

/* ---- its columns ---- */

Datum
RowDatum(const KeyedRow *row, int column, bool *isnull)
{
	AttrNumber number = row->table->numbers[column];

	*isnull = row->nulls[number - 1];
	return *isnull ? (Datum) 0 : row->values[number - 1];
}

int32
RowInt32(const KeyedRow *row, int column)
{
	bool isnull;

	return DatumGetInt32(RowDatum(row, column, &isnull));
}

bool
RowBool(const KeyedRow *row, int column)
{
	bool isnull;

	return DatumGetBool(RowDatum(row, column, &isnull));
}

int64
RowInt64(const KeyedRow *row, int column)
{
	bool isnull;
	Datum value = RowDatum(row, column, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

double
RowFloat8(const KeyedRow *row, int column)
{
	bool isnull;
	Datum value = RowDatum(row, column, &isnull);

	return isnull ? 0 : DatumGetFloat8(value);
}

char *
RowText(const KeyedRow *row, int column)
{
	bool isnull;
	Datum value = RowDatum(row, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

bool
RowIs(const KeyedRow *row, int column, const char *expected)
{
	bool isnull;
	Datum value = RowDatum(row, column, &isnull);
	text *found;

	if (isnull)
		return false;
	found = DatumGetTextPP(value);
	return VARSIZE_ANY_EXHDR(found) == strlen(expected) &&
		   memcmp(VARDATA_ANY(found), expected, strlen(expected)) == 0;
}

bool
RowTime(const KeyedRow *row, int column, TimestampTz *time)
{
	bool isnull;
	Datum value = RowDatum(row, column, &isnull);

	*time = isnull ? 0 : DatumGetTimestampTz(value);
	return !isnull;
}

bool
ArrayHasText(Datum array, const char *wanted)
{
	Datum *elements;
	int count;
	size_t length = strlen(wanted);

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		text *element = DatumGetTextPP(elements[i]);

		if (VARSIZE_ANY_EXHDR(element) == length && memcmp(VARDATA_ANY(element), wanted, length) == 0)
			return true;
	}
	return false;
}
