/* Code tables from SQL: code_known(), code_name(); null for a table that is empty or not there. */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/call.h"
#include "reference/code_table.h"

/* code_known(table, code) returns boolean: null for an empty table. */
PG_FUNCTION_INFO_V1(cbd_code_known);
extern Datum cbd_code_known(PG_FUNCTION_ARGS);

Datum
cbd_code_known(PG_FUNCTION_ARGS)
{
	bool empty;
	bool known = CodeTableHas(ArgText(fcinfo, 0), ArgText(fcinfo, 1), &empty);

	if (empty)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(known);
}

/* code_name(table, code) returns text. */
PG_FUNCTION_INFO_V1(cbd_code_name);
extern Datum cbd_code_name(PG_FUNCTION_ARGS);

Datum
cbd_code_name(PG_FUNCTION_ARGS)
{
	char *name = CodeTableName(ArgText(fcinfo, 0), ArgText(fcinfo, 1));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}
