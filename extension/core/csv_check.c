/* The size of a table in CSV; see csv_check.h. */
#include "postgres.h"

#include "core/csv_check.h"
#include "text/csv_parse.h"

void
CheckCsvSize(ErrorList *errors, const char *csv)
{
	size_t length = strlen(csv);
	char *cell = palloc(length + 1);
	int cells = 0, columns = 0, rows = 0;
	CsvReader reader;
	CsvStep step;

	csv_open(&reader, csv, length);
	do
	{
		int line;

		step = csv_next(&reader, cell, &length, &line);
		cells += step == CSV_CELL || step == CSV_LAST_CELL;
		if (step == CSV_LAST_CELL)
		{
			columns = Max(columns, cells);
			cells = 0;
			rows++;
		}
	} while (step == CSV_CELL || step == CSV_LAST_CELL);
	pfree(cell);
	if (rows > CSV_ROWS_MAX + 1)
		ErrorPrint(errors, false, "/csv", CBD_FIELD_OUT_OF_RANGE,
				   "csv has %d{rows} rows below the first line; %d{limit} are taken at once", rows - 1,
				   CSV_ROWS_MAX);
	if (columns > CSV_COLUMNS_MAX)
		ErrorPrint(errors, false, "/csv", CBD_FIELD_OUT_OF_RANGE,
				   "csv has %d{columns} columns; %d{limit} are taken", columns, CSV_COLUMNS_MAX);
}
