/* Functions of jobs for SQL and for the bridge's runner: claim_job(), run_job(), job_progress() and their
 * frames. */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "analysis/job.h"
#include "core/json_write.h"
#include "core/reply.h"
#include "core/spi.h"

/* claim_job(): (job_no, claim), both null when there is none. */
PG_FUNCTION_INFO_V1(cbd_claim_job);
extern Datum cbd_claim_job(PG_FUNCTION_ARGS);
Datum
cbd_claim_job(PG_FUNCTION_ARGS)
{
	TupleDesc shape;
	Datum values[2] = {0};
	bool nulls[2] = {true, true};
	int64 job_no;
	int32 claim;
	bool claimed;

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "claim_job() returns a row");
	SpiBegin();
	claimed = JobClaim(&job_no, &claim);
	SpiEnd();
	if (claimed)
	{
		values[0] = Int64GetDatum(job_no);
		values[1] = Int32GetDatum(claim);
		nulls[0] = nulls[1] = false;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls)));
}

/* Runs a claimed job in an SPI connection of its own. */
static const char *
Run(FunctionCallInfo fcinfo)
{
	MemoryContext context = CurrentMemoryContext;
	const char *state;

	SpiBegin();
	MemoryContextSwitchTo(context);
	state = JobRun(PG_GETARG_INT64(0), PG_GETARG_INT32(1));
	SpiEnd();
	return state;
}

/* run_job(job_no bigint, claim integer): its state then. */
PG_FUNCTION_INFO_V1(cbd_run_job);
extern Datum cbd_run_job(PG_FUNCTION_ARGS);
Datum
cbd_run_job(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(Run(fcinfo)));
}

/* job_progress(fraction double precision) */
PG_FUNCTION_INFO_V1(cbd_job_progress);
extern Datum cbd_job_progress(PG_FUNCTION_ARGS);
Datum
cbd_job_progress(PG_FUNCTION_ARGS)
{
	JobTellProgress(PG_GETARG_FLOAT8(0));
	PG_RETURN_VOID();
}

/* rest_job_claim(): {jobNo, claim, waiting, running, failed}. */
PG_FUNCTION_INFO_V1(cbd_rest_job_claim);
extern Datum cbd_rest_job_claim(PG_FUNCTION_ARGS);
Datum
cbd_rest_job_claim(PG_FUNCTION_ARGS)
{
	StringInfoData data;
	int64 job_no;
	int64 figures[3];
	int32 claim;
	bool claimed;

	initStringInfo(&data);
	SpiBegin();
	claimed = JobClaim(&job_no, &claim);
	JobFigures(figures);
	SpiEnd();
	if (claimed)
		appendStringInfo(&data, "{\"jobNo\":" INT64_FORMAT ",\"claim\":%d", job_no, claim);
	else
		appendStringInfoString(&data, "{\"jobNo\":null,\"claim\":null");
	appendStringInfo(
		&data, ",\"waiting\":" INT64_FORMAT ",\"running\":" INT64_FORMAT ",\"failed\":" INT64_FORMAT "}",
		figures[0], figures[1], figures[2]);
	return ReplyFrame(CBD_OK, 0, data.data);
}

/* rest_job_run(job_no bigint, claim integer): {state}. */
PG_FUNCTION_INFO_V1(cbd_rest_job_run);
extern Datum cbd_rest_job_run(PG_FUNCTION_ARGS);
Datum
cbd_rest_job_run(PG_FUNCTION_ARGS)
{
	return ReplyFrame(CBD_OK, 0, psprintf("{\"state\":\"%s\"}", Run(fcinfo)));
}
