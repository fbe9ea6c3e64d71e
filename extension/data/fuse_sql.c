/*
 * fuse_records(): what fuse() compares of a dataset's records, read as the owner of its table. Casts, row
 * security and whatever else the table runs is his code, not the caller's; out come texts and numbers.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/spi.h"
#include "data/as_publisher.h"
#include "data/catalogue.h"
#include "core/owner_rights.h"
#include "core/say.h"
#include "data/dataset.h"

/* $1 dataset, $2 columns: the text of the query. */
static SpiQuery make_query = {"SELECT citybigdata.fuse_query($1, $2)", 2, {TEXTOID, JSONBOID}};

/* Runs the query of fuse_query() into the store: key, code, name as text, x and y as numbers. */
static void
ReadRecords(const char *sql, Tuplestorestate *store, MemoryContext context)
{
	SPIExecuteOptions options = {.read_only = false, .must_return_tuples = true};
	int result;

	options.dest = CreateDestReceiver(DestTuplestore);
	SetTuplestoreDestReceiverParams(options.dest, store, context, true, NULL, NULL);
	result = SPI_execute_extended(sql, &options);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "\"%s\" returned %s", sql, SPI_result_code_string(result));
}

/* fuse_records(dataset text, columns jsonb {code, name, place}) returns setof (key, code, name, x, y). */
PG_FUNCTION_INFO_V1(cbd_fuse_records);
Datum
cbd_fuse_records(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	char *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Datum values[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	MemoryContext per_query = result->econtext->ecxt_per_query_memory;
	MemoryContext caller;
	OwnerRights rights;
	PublisherRights publisher;
	Dataset dataset;
	char *sql;

	InitMaterializedSRF(fcinfo, 0);
	caller = CurrentMemoryContext;
	TakeOwnerRights(&rights);
	SpiBegin();
	FindDataset(code, &dataset);
	MemoryContextSwitchTo(caller);
	if (!ReadsWholeTable(dataset.relation, rights.role))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						saymsg("permission denied for the table of dataset \"%s{dataset}\"", code),
						sayhint("Its owner can GRANT SELECT on it.")));
	(void) SpiRun(&make_query, values, NULL, SPI_OK_SELECT, 1);
	sql = SpiText(0, 1);
	TakePublisherRights(&publisher, dataset.role, true);
	ReadRecords(sql, result->setResult, per_query);
	DropPublisherRights(&publisher);
	SpiEnd();
	DropOwnerRights(&rights);
	return (Datum) 0;
}
