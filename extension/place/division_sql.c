/* Divisions from SQL: division_find(). */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "place/division.h"

static Datum
TextOrNull(const char *text, bool *isnull)
{
	*isnull = text[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

/* division_find(code) returns record: nulls when there is none. */
PG_FUNCTION_INFO_V1(cbd_division_find);
extern Datum cbd_division_find(PG_FUNCTION_ARGS);

Datum
cbd_division_find(PG_FUNCTION_ARGS)
{
	TupleDesc row;
	Division division;
	Datum values[6] = {0};
	bool nulls[6] = {true, true, true, true, true, true};

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "division_find must return a record");
	if (DivisionFind(text_to_cstring(PG_GETARG_TEXT_PP(0)), &division))
	{
		values[0] = TextOrNull(division.code, &nulls[0]);
		values[1] = TextOrNull(division.name, &nulls[1]);
		values[2] = TextOrNull(division.parent, &nulls[2]);
		values[3] = Int32GetDatum(division.level);
		values[4] = BoolGetDatum(division.current);
		values[5] = TextOrNull(division.successor, &nulls[5]);
		nulls[3] = nulls[4] = false;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}
