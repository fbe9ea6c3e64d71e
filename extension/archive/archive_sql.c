/*
 * archive_events() and purge_archive() from SQL. The work is in sql/code/84-archive.sql; here it is allowed
 * to move and remove rows that are kept otherwise (core/kept_rows.h).
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type_d.h"
#include "utils/timestamp.h"

#include "core/kept_rows.h"
#include "core/spi.h"

/* Runs the function behind; its two arguments may be null. Returns how many cases. */
static int64
RunKept(FunctionCallInfo fcinfo, SpiQuery *query)
{
	Datum values[2];
	bool nulls[2];
	int64 count;

	for (int i = 0; i < 2; i++)
	{
		nulls[i] = PG_ARGISNULL(i);
		values[i] = nulls[i] ? (Datum) 0 : PG_GETARG_DATUM(i);
	}
	SpiBegin();
	KeptRun(query, values, nulls, SPI_OK_SELECT, 1);
	count = SpiInt64(0, 1);
	SpiEnd();
	return count;
}

PG_FUNCTION_INFO_V1(cbd_archive_events);
extern Datum cbd_archive_events(PG_FUNCTION_ARGS);

/* archive_events(before, portion): how many cases were moved. Error 42204 */
Datum
cbd_archive_events(PG_FUNCTION_ARGS)
{
	static SpiQuery query = {"SELECT citybigdata.archive_events_as($1, $2)", 2, {TIMESTAMPTZOID, INT4OID}};

	PG_RETURN_INT64(RunKept(fcinfo, &query));
}

PG_FUNCTION_INFO_V1(cbd_purge_archive);
extern Datum cbd_purge_archive(PG_FUNCTION_ARGS);

/* purge_archive(before, portion): how many archived cases were removed. Error 42204 */
Datum
cbd_purge_archive(PG_FUNCTION_ARGS)
{
	static SpiQuery query = {"SELECT citybigdata.purge_archive_as($1, $2)", 2, {TIMESTAMPTZOID, INT4OID}};

	PG_RETURN_INT64(RunKept(fcinfo, &query));
}
