/* Rows of results; see result_row.h. A change of any function empties the cache. */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "core/result_row.h"

/* By the function's OID; two functions of one place push each other out. */
#define ROW_TYPES 32
static struct
{
	Oid function;
	TupleDesc desc;
} row_types[ROW_TYPES];

/* Syscache callback: some function was made, dropped or changed. */
static void
ForgetRowTypes(Datum arg, int cacheid, uint32 hashvalue)
{
	for (int i = 0; i < ROW_TYPES; i++)
		row_types[i].function = InvalidOid;
}

/* The row type that the function was declared with, from the cache or worked out. */
static TupleDesc
RowType(FunctionCallInfo fcinfo)
{
	static bool registered;
	Oid function = fcinfo->flinfo->fn_oid;
	int at = function % ROW_TYPES;
	TupleDesc desc;
	MemoryContext caller;

	if (OidIsValid(function) && row_types[at].function == function)
		return row_types[at].desc;
	if (!registered)
		CacheRegisterSyscacheCallback(PROCOID, ForgetRowTypes, (Datum) 0);
	registered = true;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "a row type is expected");
	row_types[at].function = InvalidOid;
	if (row_types[at].desc != NULL)
		FreeTupleDesc(row_types[at].desc);
	row_types[at].desc = NULL;
	caller = MemoryContextSwitchTo(TopMemoryContext);
	row_types[at].desc = BlessTupleDesc(CreateTupleDescCopy(desc));
	MemoryContextSwitchTo(caller);
	row_types[at].function = function;
	return row_types[at].desc;
}

Datum
ResultRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	return HeapTupleGetDatum(heap_form_tuple(RowType(fcinfo), values, nulls));
}
