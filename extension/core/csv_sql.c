/* Tables as CSV in SQL: csv_rows(). The chapters say what the columns mean. */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/say.h"
#include "text/csv_parse.h"

/*
 * csv_rows(csv text) returns setof (line integer, cells text[], problem text): a row of the table each, with
 * the line that it begins in; where the text is no CSV, a last row with the problem.
 */
PG_FUNCTION_INFO_V1(cbd_csv_rows);
extern Datum cbd_csv_rows(PG_FUNCTION_ARGS);

Datum
cbd_csv_rows(PG_FUNCTION_ARGS)
{
	text *table = PG_GETARG_TEXT_PP(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayBuildState *cells = NULL;
	CsvReader reader;
	CsvStep step;
	int row_line = 0;
	char *cell;

	InitMaterializedSRF(fcinfo, 0);
	csv_open(&reader, VARDATA_ANY(table), VARSIZE_ANY_EXHDR(table));
	cell = palloc(reader.length + 1);
	do
	{
		size_t length;
		int line;
		Datum values[3] = {0};
		bool nulls[3] = {false, false, true};

		step = csv_next(&reader, cell, &length, &line);
		if (step == CSV_END)
			break;
		if (cells == NULL)
			row_line = line;
		if (step == CSV_ERROR)
		{
			values[0] = Int32GetDatum(line);
			values[2] = CStringGetTextDatum(SaidText(reader.error));
			nulls[1] = true;
			nulls[2] = false;
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			break;
		}
		cells = accumArrayResult(cells, PointerGetDatum(cstring_to_text_with_len(cell, (int) length)), false,
								 TEXTOID, CurrentMemoryContext);
		if (step == CSV_LAST_CELL)
		{
			values[0] = Int32GetDatum(row_line);
			values[1] = makeArrayResult(cells, CurrentMemoryContext);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			cells = NULL;
		}
		CHECK_FOR_INTERRUPTS();
	} while (true);
	return (Datum) 0;
}
