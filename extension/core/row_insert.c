/* Rows written without a statement; see row_insert.h. */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "storage/lmgr.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "core/row_insert.h"

/* One index of the table. */
typedef struct InsertIndex
{
	Oid id;
	IndexInfo *info; /* with its condition and expressions compiled */
	IndexUniqueCheck unique;
} InsertIndex;

/* One CHECK constraint. */
typedef struct InsertCheck
{
	char *name;
	ExprState *state;
} InsertCheck;

struct InsertPlan
{
	MemoryContext context; /* all of this */
	Oid relid;
	bool plain; /* false: the executor is needed; what follows is not filled in */
	EState *estate;
	int natts;
	int16 *source; /* of each attribute: the number of the caller's value, -1: the default */
	Datum *defaults;
	bool *default_nulls;
	InsertIndex *indexes; /* the arbiter's first */
	int index_count;
	bool arbitrated;
	InsertCheck *checks;
	int check_count;
};

static InsertTable *tables; /* those that rows were written to */

/* ---- what changes ---- */

/* Relcache callback: a table or an index of it was altered, renamed, dropped. The plan may be in use: it is
 * only marked. */
static void
MarkStale(Datum arg, Oid relid)
{
	for (InsertTable *table = tables; table != NULL; table = table->next)
	{
		const InsertPlan *plan = table->plan;

		if (plan == NULL)
			continue;
		if (!OidIsValid(relid) || relid == plan->relid)
			table->stale = true;
		for (int i = 0; plan->plain && i < plan->index_count; i++)
			if (plan->indexes[i].id == relid)
				table->stale = true;
	}
}

/* Syscache callback: a schema was renamed or dropped, or a function that an index or a CHECK calls was
 * replaced. */
static void
MarkAllStale(Datum arg, int cacheid, uint32 hashvalue)
{
	MarkStale(arg, InvalidOid);
}

/* Has the table been written to before? Else it is told of changes from now on. */
static void
Register(InsertTable *table)
{
	for (const InsertTable *known = tables; known != NULL; known = known->next)
		if (known == table)
			return;
	if (tables == NULL)
	{
		CacheRegisterRelcacheCallback(MarkStale, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, MarkAllStale, (Datum) 0);
		CacheRegisterSyscacheCallback(PROCOID, MarkAllStale, (Datum) 0);
	}
	table->next = tables;
	tables = table;
}

/* ---- the plan of a table ---- */

/* Is there a trigger that an INSERT of one row would fire? */
static bool
InsertFires(const TriggerDesc *triggers)
{
	return triggers != NULL && (triggers->trig_insert_before_row || triggers->trig_insert_after_row ||
								triggers->trig_insert_instead_row || triggers->trig_insert_before_statement ||
								triggers->trig_insert_after_statement || triggers->trig_insert_new_table);
}

/* Only what is known here? */
static bool
IsPlain(Relation rel)
{
	const TupleConstr *constr = RelationGetDescr(rel)->constr;

	return rel->rd_rel->relkind == RELKIND_RELATION && rel->rd_tableam == GetHeapamTableAmRoutine() &&
		   !rel->rd_rel->relispartition && !rel->rd_rel->relrowsecurity && !rel->rd_rel->relhasrules &&
		   !InsertFires(rel->trigdesc) && (constr == NULL || !constr->has_generated_stored);
}

/* The default of an attribute; false: it is not constant. */
static bool
TakeDefault(InsertPlan *plan, Relation rel, AttrNumber number)
{
	Node *expr = build_column_default(rel, number);

	plan->default_nulls[number - 1] = true;
	if (expr == NULL)
		return true;
	expr = eval_const_expressions(NULL, expr);
	if (!IsA(expr, Const))
		return false;
	plan->default_nulls[number - 1] = ((Const *) expr)->constisnull;
	plan->defaults[number - 1] = ((Const *) expr)->constvalue;
	return true;
}

/* The number of each named column of the caller, in source[]. */
static void
TakeNames(InsertPlan *plan, const InsertTable *table)
{
	char *names = pstrdup(table->columns);
	List *columns;
	int16 i = 0;
	ListCell *cell;

	if (!SplitIdentifierString(names, ',', &columns))
		elog(ERROR, "columns of citybigdata.%s: \"%s\"", table->table, table->columns);
	foreach (cell, columns)
	{
		const char *name = lfirst(cell);
		AttrNumber number = get_attnum(plan->relid, name);

		if (number == InvalidAttrNumber)
			elog(ERROR, "citybigdata.%s has no column %s: library and tables are of different versions",
				 table->table, name);
		plan->source[number - 1] = i++;
	}
}

/* Where the value of each attribute comes from. False: from a default that is not constant. */
static bool
TakeColumns(InsertPlan *plan, const InsertTable *table, Relation rel)
{
	TupleDesc desc = RelationGetDescr(rel);

	plan->natts = desc->natts;
	plan->source = palloc(desc->natts * sizeof(int16));
	plan->defaults = palloc0(desc->natts * sizeof(Datum));
	plan->default_nulls = palloc(desc->natts * sizeof(bool));
	memset(plan->source, -1, desc->natts * sizeof(int16));
	TakeNames(plan, table);
	for (AttrNumber number = 1; number <= desc->natts; number++)
	{
		plan->default_nulls[number - 1] = true;
		if (plan->source[number - 1] < 0 && !TupleDescAttr(desc, number - 1)->attisdropped &&
			!TakeDefault(plan, rel, number))
			return false;
	}
	return true;
}

/* One index, its condition and expressions compiled. False: it is deferrable or an exclusion. */
static bool
TakeIndex(InsertPlan *plan, Oid id, InsertIndex *entry)
{
	Relation index = index_open(id, RowExclusiveLock);
	bool known = index->rd_index->indimmediate;

	entry->id = id;
	entry->info = BuildIndexInfo(index);
	entry->unique = index->rd_index->indisunique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO;
	known = known && entry->info->ii_ExclusionOps == NULL;
	index_close(index, NoLock);
	if (!known)
		return false;
	if (entry->info->ii_Predicate != NIL)
		entry->info->ii_PredicateState = ExecPrepareQual(entry->info->ii_Predicate, plan->estate);
	if (entry->info->ii_Expressions != NIL)
		entry->info->ii_ExpressionsState = ExecPrepareExprList(entry->info->ii_Expressions, plan->estate);
	return true;
}

/* The entry of the arbiter comes first: a row that must go has no others. False: there is no such index. */
static bool
PutArbiterFirst(InsertPlan *plan, const char *arbiter)
{
	Oid id = get_relname_relid(arbiter, get_rel_namespace(plan->relid));

	for (int i = 0; i < plan->index_count; i++)
		if (plan->indexes[i].id == id)
		{
			InsertIndex first = plan->indexes[i];

			first.unique = UNIQUE_CHECK_PARTIAL;
			plan->indexes[i] = plan->indexes[0];
			plan->indexes[0] = first;
			plan->arbitrated = true;
			return first.info->ii_ReadyForInserts && first.info->ii_Predicate == NIL;
		}
	return false;
}

/* The indexes. False: one needs the executor. */
static bool
TakeIndexes(InsertPlan *plan, const InsertTable *table, Relation rel)
{
	List *ids = RelationGetIndexList(rel);
	ListCell *cell;

	plan->indexes = palloc(list_length(ids) * sizeof(InsertIndex));
	foreach (cell, ids)
		if (!TakeIndex(plan, lfirst_oid(cell), &plan->indexes[plan->index_count++]))
			return false;
	return table->arbiter == NULL || PutArbiterFirst(plan, table->arbiter);
}

/* The CHECK constraints, compiled. */
static void
TakeChecks(InsertPlan *plan, Relation rel)
{
	const TupleConstr *constr = RelationGetDescr(rel)->constr;

	if (constr == NULL)
		return;
	plan->checks = palloc(constr->num_check * sizeof(InsertCheck));
	for (; plan->check_count < constr->num_check; plan->check_count++)
	{
		const ConstrCheck *check = &constr->check[plan->check_count];

		plan->checks[plan->check_count].name = pstrdup(check->ccname);
		plan->checks[plan->check_count].state = ExecPrepareExpr(stringToNode(check->ccbin), plan->estate);
	}
}

/* The plan of a table that is open. An error on the way leaves nothing behind but what the transaction frees.
 */
static InsertPlan *
MakePlan(const InsertTable *table, Relation rel)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "row insert", ALLOCSET_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	InsertPlan *plan = palloc0(sizeof(InsertPlan));

	plan->context = context;
	plan->relid = RelationGetRelid(rel);
	plan->estate = CreateExecutorState();
	plan->plain = IsPlain(rel) && TakeColumns(plan, table, rel) && TakeIndexes(plan, table, rel);
	if (plan->plain)
		TakeChecks(plan, rel);
	MemoryContextSwitchTo(before);
	MemoryContextSetParent(context, CacheMemoryContext);
	return plan;
}

/* The table, locked, with a plan that is right under that lock. */
static Relation
OpenPlanned(InsertTable *table)
{
	Register(table);
	for (;;)
	{
		Relation rel;

		if (table->plan != NULL && table->stale)
		{
			MemoryContext old = table->plan->context;

			table->plan = NULL;
			MemoryContextDelete(old);
		}
		if (table->plan == NULL)
		{
			Oid relid = get_relname_relid(table->table, get_namespace_oid("citybigdata", false));

			if (!OidIsValid(relid))
				elog(ERROR, "citybigdata.%s does not exist", table->table);
			rel = table_open(relid, RowExclusiveLock);
			table->stale = false;
			table->plan = MakePlan(table, rel);
		}
		else
			rel = table_open(table->plan->relid, RowExclusiveLock);
		/* taking locks took in what other sessions have changed */
		if (!table->stale)
			return rel;
		table_close(rel, NoLock);
	}
}

/* ---- the row ---- */

/* The attributes of the row, in a slot. */
static TupleTableSlot *
FillSlot(const InsertPlan *plan, Relation rel, const Datum *values, const bool *nulls)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel), &TTSOpsVirtual);

	for (int i = 0; i < plan->natts; i++)
	{
		int source = plan->source[i];

		slot->tts_values[i] = source < 0 ? plan->defaults[i] : values[source];
		slot->tts_isnull[i] = source < 0 ? plan->default_nulls[i] : nulls[source];
	}
	slot->tts_tableOid = plan->relid;
	return ExecStoreVirtualTuple(slot);
}

/* Raises what the row must not be. */
static void
CheckRow(const InsertPlan *plan, Relation rel, ExprContext *econtext)
{
	TupleDesc desc = RelationGetDescr(rel);
	const TupleTableSlot *slot = econtext->ecxt_scantuple;

	for (int i = 0; i < plan->natts; i++)
		if (slot->tts_isnull[i] && TupleDescAttr(desc, i)->attnotnull)
			ereport(ERROR, (errcode(ERRCODE_NOT_NULL_VIOLATION),
							errmsg_internal(
								"null value in column \"%s\" of relation \"%s\" violates not-null constraint",
								NameStr(TupleDescAttr(desc, i)->attname), RelationGetRelationName(rel)),
							errtablecol(rel, i + 1)));
	for (int i = 0; i < plan->check_count; i++)
		if (!ExecCheck(plan->checks[i].state, econtext))
			ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
							errmsg_internal("new row for relation \"%s\" violates check constraint \"%s\"",
											RelationGetRelationName(rel), plan->checks[i].name),
							errtableconstraint(rel, plan->checks[i].name)));
}

/* The entries that lead to the row. False: the arbiter has, or may have, its key already; no other entry is
 * made. */
static bool
EnterIndexes(const InsertPlan *plan, Relation rel, ExprContext *econtext, ItemPointer tid)
{
	for (int i = 0; i < plan->index_count; i++)
	{
		IndexInfo *info = plan->indexes[i].info;
		Datum values[INDEX_MAX_KEYS];
		bool nulls[INDEX_MAX_KEYS];
		Relation index;
		bool alone;

		if (!info->ii_ReadyForInserts || !ExecQual(info->ii_PredicateState, econtext))
			continue;
		index = index_open(plan->indexes[i].id, RowExclusiveLock);
		FormIndexDatum(info, econtext->ecxt_scantuple, plan->estate, values, nulls);
		alone = index_insert(index, values, nulls, tid, rel, plan->indexes[i].unique, false, info);
		index_close(index, NoLock);
		if (plan->indexes[i].unique == UNIQUE_CHECK_PARTIAL && !alone)
			return false;
	}
	return true;
}

/* The row and its entries, unless the arbiter has its key. */
static bool
WriteArbitrated(const InsertPlan *plan, Relation rel, ExprContext *econtext, HeapTuple tuple)
{
	uint32 token = SpeculativeInsertionLockAcquire(GetCurrentTransactionId());
	bool alone;

	HeapTupleHeaderSetSpeculativeToken(tuple->t_data, token);
	heap_insert(rel, tuple, GetCurrentCommandId(true), HEAP_INSERT_SPECULATIVE, NULL);
	alone = EnterIndexes(plan, rel, econtext, &tuple->t_self);
	if (alone)
		heap_finish_speculative(rel, &tuple->t_self);
	else
		heap_abort_speculative(rel, &tuple->t_self);
	SpeculativeInsertionLockRelease(GetCurrentTransactionId());
	return alone;
}

/* The row and its entries; a key that is taken is an error. */
static bool
Write(const InsertPlan *plan, Relation rel, ExprContext *econtext, HeapTuple tuple)
{
	heap_insert(rel, tuple, GetCurrentCommandId(true), 0, NULL);
	return EnterIndexes(plan, rel, econtext, &tuple->t_self);
}

bool
RowInsert(InsertTable *table, const Datum *values, const bool *nulls)
{
	Relation rel = OpenPlanned(table);
	InsertPlan *plan = table->plan;
	bool written = false;

	if (plan->plain)
	{
		TupleTableSlot *slot = FillSlot(plan, rel, values, nulls);
		ExprContext *econtext = GetPerTupleExprContext(plan->estate);
		HeapTuple tuple;

		econtext->ecxt_scantuple = slot;
		CheckRow(plan, rel, econtext);
		tuple = heap_form_tuple(RelationGetDescr(rel), slot->tts_values, slot->tts_isnull);
		written = (plan->arbitrated ? WriteArbitrated : Write)(plan, rel, econtext, tuple);
		econtext->ecxt_scantuple = NULL;
		ResetExprContext(econtext);
		heap_freetuple(tuple);
		ExecDropSingleTupleTableSlot(slot);
		CommandCounterIncrement();
	}
	table_close(rel, NoLock);
	return written;
}
