/*
 * Running SQL from C; see spi.h.
 *
 * The last result stays SPI's; values are copied out one by one, and the last row that was asked for is kept
 * taken apart. Errors of a query raise: expected outcomes are rows.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "jit/jit.h"
#include "lib/stringinfo.h"
#include "optimizer/cost.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "catalog/pg_extension.h"
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "utils/fmgroids.h"

#include "core/commit.h"
#include "core/field.h"
#include "core/say.h"
#include "core/spi.h"

/* The row that was read last, taken apart: a column at a time, each would be counted out from the row's
 * beginning. */
static struct
{
	bool valid; /* false as soon as another result may be the current one */
	uint64 row;
	int room; /* columns that there is memory for */
	Datum *values;
	bool *nulls;
} last_row;

void
SpiBegin(void)
{
	last_row.valid = false;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
}

void
SpiRan(void)
{
	last_row.valid = false;
}

void
SpiEnd(void)
{
	last_row.valid = false;
	if (SPI_finish() != SPI_OK_FINISH)
		elog(ERROR, "SPI_finish failed");
}

char *
ExtensionSchema(const char *name)
{
	Relation rel;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	char *schema = NULL;

	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ, CStringGetDatum(name));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		schema = get_namespace_name(((Form_pg_extension) GETSTRUCT(tuple))->extnamespace);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return schema;
}

/* The query's text with each `@name@` of one extension replaced by its quoted schema. */
static char *
ExpandExtension(const char *sql, const char *name)
{
	char *mark = psprintf("@%s@", name);
	StringInfoData out;
	const char *quoted = NULL;
	const char *at;

	if (strstr(sql, mark) == NULL)
		return pstrdup(sql);
	initStringInfo(&out);
	while ((at = strstr(sql, mark)) != NULL)
	{
		if (quoted == NULL)
		{
			char *schema = ExtensionSchema(name);

			if (schema == NULL)
				ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
								saymsg("extension %s{name} is not installed", name),
								errhint("CREATE EXTENSION %s;", name)));
			quoted = quote_identifier(schema);
		}
		appendBinaryStringInfo(&out, sql, at - sql);
		appendStringInfoString(&out, quoted);
		sql = at + strlen(mark);
	}
	appendStringInfoString(&out, sql);
	return out.data;
}

/* Prepares the query at its first run and keeps the plan for the session; @postgis@ becomes the schema
 * of PostGIS. */
static void
PrepareQuery(SpiQuery *query)
{
	SPIPlanPtr plan;

	if (query->plan != NULL)
		return;
	plan = SPI_prepare_cursor(ExpandExtension(ExpandExtension(query->sql, "postgis"), "pgcrypto"),
							  query->nargs, query->types, query->generic ? CURSOR_OPT_GENERIC_PLAN : 0);
	if (plan == NULL)
		elog(ERROR, "cannot prepare \"%s\": %s", query->sql, SPI_result_code_string(SPI_result));
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "cannot keep a plan");
	query->plan = plan;
}

/* The plan runs, and is made if need be, as if sequential scans were switched off. */
static int
ExecuteByIndex(SpiQuery *query, const Datum *values, const char *nulls, bool read_only, long limit)
{
	bool seqscan_before = enable_seqscan;
	bool sort_before = enable_sort;
	bool bitmap_before = enable_bitmapscan;
	bool jit_before = jit_enabled;
	int result;

	PG_TRY();
	{
		/* a scan that cannot be helped looks dear enough to be compiled */
		enable_seqscan = false;
		enable_sort = enable_sort && !query->ordered;
		enable_bitmapscan = enable_bitmapscan && !query->ordered;
		jit_enabled = false;
		result = SPI_execute_plan(query->plan, (Datum *) values, nulls, read_only, limit);
	}
	PG_FINALLY();
	{
		enable_seqscan = seqscan_before;
		enable_sort = sort_before;
		enable_bitmapscan = bitmap_before;
		jit_enabled = jit_before;
	}
	PG_END_TRY();
	return result;
}

/* Runs a kept plan; raises when the outcome is not the expected one. */
static uint64
Execute(SpiQuery *query, const Datum *values, const bool *isnull, bool read_only, int expected, long limit)
{
	char nulls[SPI_QUERY_ARGS];
	int result;

	last_row.valid = false;
	PrepareQuery(query);
	if (query->lazy)
		CommitLazily();
	else if (expected != SPI_OK_SELECT)
		CommitDurably();
	for (int i = 0; i < query->nargs; i++)
		nulls[i] = isnull != NULL && isnull[i] ? 'n' : ' ';
	result = query->by_index ? ExecuteByIndex(query, values, nulls, read_only, limit)
							 : SPI_execute_plan(query->plan, (Datum *) values, nulls, read_only, limit);
	last_row.valid = false; /* a function in the query may have read rows of its own */
	if (result != expected)
		elog(ERROR, "\"%s\" returned %s", query->sql, SPI_result_code_string(result));
	return SPI_processed;
}

uint64
SpiRun(SpiQuery *query, const Datum *values, const bool *nulls, int expected, long limit)
{
	return Execute(query, values, nulls, false, expected, limit);
}

uint64
SpiRead(SpiQuery *query, const Datum *values, const bool *nulls, long limit)
{
	return Execute(query, values, nulls, true, SPI_OK_SELECT, limit);
}

uint64
SpiReadOnce(const char *sql, int nargs, const Oid *types, const Datum *values, long limit)
{
	bool jit_before = jit_enabled;
	int workers_before = max_parallel_workers_per_gather;
	char *expanded = ExpandExtension(ExpandExtension(sql, "postgis"), "pgcrypto");
	volatile int result = 0;

	last_row.valid = false;
	PG_TRY();
	{
		/* a page is quicker than workers are to start */
		max_parallel_workers_per_gather = 0;
		jit_enabled = false;
		result = SPI_execute_with_args(expanded, nargs, (Oid *) types, (Datum *) values, NULL, true, limit);
	}
	PG_FINALLY();
	{
		max_parallel_workers_per_gather = workers_before;
		jit_enabled = jit_before;
	}
	PG_END_TRY();
	last_row.valid = false;
	if (result != SPI_OK_SELECT)
		elog(ERROR, "\"%s\" returned %s", sql, SPI_result_code_string(result));
	return SPI_processed;
}

/* Deforms a row of the last result once, for all columns that are asked for. */
static void
TakeApart(uint64 row)
{
	TupleDesc desc = SPI_tuptable->tupdesc;

	if (desc->natts > last_row.room)
	{
		last_row.room = 0;
		if (last_row.values != NULL)
			pfree(last_row.values);
		last_row.values = NULL;
		last_row.values = MemoryContextAlloc(TopMemoryContext, desc->natts * (sizeof(Datum) + sizeof(bool)));
		last_row.nulls = (bool *) (last_row.values + desc->natts);
		last_row.room = desc->natts;
	}
	heap_deform_tuple(SPI_tuptable->vals[row], desc, last_row.values, last_row.nulls);
	last_row.row = row;
	last_row.valid = true;
}

/* A value of the last result, by row from 0 and column from 1. */
static Datum
RawDatum(uint64 row, int col, bool *isnull)
{
	if (SPI_tuptable == NULL || row >= SPI_tuptable->numvals || col > SPI_tuptable->tupdesc->natts)
		elog(ERROR, "no row " UINT64_FORMAT " column %d in the result", row, col);
	if (!last_row.valid || last_row.row != row)
		TakeApart(row);
	*isnull = last_row.nulls[col - 1];
	return *isnull ? (Datum) 0 : last_row.values[col - 1];
}

bool
SpiIsNull(uint64 row, int col)
{
	bool isnull;

	(void) RawDatum(row, col, &isnull);
	return isnull;
}

char *
SpiKeep(const char *text)
{
	Size size = strlen(text) + 1;
	char *copy = SPI_palloc(size);

	memcpy(copy, text, size);
	return copy;
}

char *
SpiText(uint64 row, int col)
{
	bool isnull;
	Datum value = RawDatum(row, col, &isnull);
	char *string;
	char *copy;

	if (isnull)
		return NULL;
	if (TupleDescAttr(SPI_tuptable->tupdesc, col - 1)->atttypid == TEXTOID)
		string = TextDatumGetCString(value);
	else
		string = SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, col);
	copy = SpiKeep(string);
	pfree(string);
	return copy;
}

int32
SpiInt32(uint64 row, int col)
{
	bool isnull;
	Datum value = RawDatum(row, col, &isnull);

	return isnull ? 0 : DatumGetInt32(value);
}

int64
SpiInt64(uint64 row, int col)
{
	bool isnull;
	Datum value = RawDatum(row, col, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

bool
SpiBool(uint64 row, int col)
{
	bool isnull;
	Datum value = RawDatum(row, col, &isnull);

	return isnull ? false : DatumGetBool(value);
}

double
SpiDouble(uint64 row, int col)
{
	bool isnull;
	Datum value = RawDatum(row, col, &isnull);

	return isnull ? 0 : DatumGetFloat8(value);
}

Datum
SpiDatum(uint64 row, int col, bool *isnull)
{
	Datum value = RawDatum(row, col, isnull);
	Form_pg_attribute att = TupleDescAttr(SPI_tuptable->tupdesc, col - 1);

	return *isnull ? (Datum) 0 : SPI_datumTransfer(value, att->attbyval, att->attlen);
}

char **
SpiTextArray(uint64 row, int col, int *count)
{
	bool isnull;
	Datum value = RawDatum(row, col, &isnull);
	char **texts = TextArray(value, isnull, count);
	char **copies = SPI_palloc((*count + 1) * sizeof(char *));

	for (int i = 0; i < *count; i++)
	{
		Size size = strlen(texts[i]) + 1;

		copies[i] = SPI_palloc(size);
		memcpy(copies[i], texts[i], size);
	}
	return copies;
}
