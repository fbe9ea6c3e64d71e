/* Claiming and running jobs; see job.h. */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "analysis/job.h"
#include "analysis/job_inner.h"
#include "core/guarded.h"
#include "core/guc_analysis.h"
#include "core/json_tree.h"
#include "core/say.h"
#include "core/spi.h"

/* A run is not looked at before this: it may be between its claim and its lock. It only saves needless
 * claims. */
#define SETTLED "interval '2 seconds'"

/* Jobs that run, or lost their runner. */
static SpiQuery list_running = {"SELECT j.job_no, j.claim, j.tries FROM citybigdata.analysis_job j WHERE "
								"j.state = ANY (ARRAY['waiting', 'running'])"
								" AND j.state = 'running' AND j.started_at < clock_timestamp() - " SETTLED
								" ORDER BY j.job_no LIMIT 100",
								0,
								{0}};
/* $1 job, $2 claim that is lost: waits again. */
static SpiQuery release_job = {"UPDATE citybigdata.analysis_job j SET state = 'waiting' WHERE j.job_no = $1 "
							   "AND j.state = 'running' AND j.claim = $2",
							   2,
							   {INT8OID, INT4OID}};
/* The same of one that was interrupted on purpose: it was no try. */
static SpiQuery return_job = {
	"UPDATE citybigdata.analysis_job j SET state = 'waiting', tries = j.tries - 1 WHERE j.job_no = $1"
	" AND j.state = 'running' AND j.claim = $2",
	2,
	{INT8OID, INT4OID}};
static SpiQuery claim_next = {
	"UPDATE citybigdata.analysis_job j SET state = 'running', started_at = clock_timestamp(), tries = "
	"j.tries + 1, claim = j.claim + 1"
	" WHERE j.job_no = (SELECT w.job_no FROM citybigdata.analysis_job w WHERE w.state = ANY "
	"(ARRAY['waiting', 'running'])"
	" AND w.state = 'waiting' ORDER BY w.job_no LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING j.job_no, j.claim",
	0,
	{0}};
/* $1 job, $2 claim: what is to be run. */
static SpiQuery find_claimed = {"SELECT j.algorithm_code, j.parameters FROM citybigdata.analysis_job j WHERE "
								"j.job_no = $1 AND j.claim = $2"
								" AND j.state = 'running'",
								2,
								{INT8OID, INT4OID}};
/* $1 job, $2 claim: holds its row to the end, behind whoever cancels it. */
static SpiQuery hold_claimed = {"SELECT FROM citybigdata.analysis_job j WHERE j.job_no = $1 AND j.claim = $2 "
								"AND j.state = 'running' FOR UPDATE",
								2,
								{INT8OID, INT4OID}};
/* $1 job, $2 result */
static SpiQuery end_done = {"UPDATE citybigdata.analysis_job j SET state = 'done', ended_at = "
							"clock_timestamp(), result_id = r.result_id, keep_until = r.keep_until"
							" FROM citybigdata.analysis_result r WHERE j.job_no = $1 AND r.result_id = $2",
							2,
							{INT8OID, INT8OID}};
/* $1 job, $2 claim, $3 status, $4 and $5 its words */
static SpiQuery end_failed = {"UPDATE citybigdata.analysis_job j SET state = 'failed', ended_at = "
							  "clock_timestamp(), status_code = $3, message = $4, message_zh = $5"
							  " WHERE j.job_no = $1 AND j.claim = $2 AND j.state = 'running'",
							  5,
							  {INT8OID, INT4OID, INT4OID, TEXTOID, TEXTOID}};
/* One run of a job. */
typedef struct JobWork
{
	int64 job_no;
	int32 claim;
	MemoryContext context;
	const char *state; /* what came of it */
} JobWork;

/* SpiRun() that leaves the memory context as it is. */
static uint64
Rows(SpiQuery *query, const Datum *values, int expected, long limit)
{
	MemoryContext context = CurrentMemoryContext;
	uint64 rows = SpiRun(query, values, NULL, expected, limit);

	MemoryContextSwitchTo(context);
	return rows;
}

/* Ends a job as failed, if it is still the claim's. */
static bool
Fail(int64 job_no, int32 claim, CbdStatus status, const char *message)
{
	Datum values[5];

	if (message == NULL)
		message = StatusBoth(status);
	values[0] = Int64GetDatum(job_no);
	values[1] = Int32GetDatum(claim);
	values[2] = Int32GetDatum(status);
	values[3] = CStringGetTextDatum(SaidOf(false, message));
	values[4] = CStringGetTextDatum(SaidOf(true, message));
	return Rows(&end_failed, values, SPI_OK_UPDATE, 0) == 1;
}

/* A job that runs and that nobody holds: its runner is gone. */
static void
Recover(int64 job_no, int32 claim, int32 tries)
{
	Datum values[2] = {Int64GetDatum(job_no), Int32GetDatum(claim)};

	if (!JobHold(job_no))
		return;
	if (tries < guc_analysis_tries)
		(void) Rows(&release_job, values, SPI_OK_UPDATE, 0);
	else
		(void) Fail(job_no, claim, CBD_JOB_FAILED,
					SaidBoth("the server or the runner ended %d{tries} times before it was done", tries));
}

bool
JobClaim(int64 *job_no, int32 *claim)
{
	uint64 rows = Rows(&list_running, NULL, SPI_OK_SELECT, 0);
	int64 *seen = palloc(sizeof(int64) * 3 * (rows + 1));

	/* before the next query takes the result's place */
	for (uint64 row = 0; row < rows; row++)
		for (int i = 0; i < 3; i++)
			seen[row * 3 + i] = i == 0 ? SpiInt64(row, 1) : SpiInt32(row, i + 1);
	for (uint64 row = 0; row < rows; row++)
		Recover(seen[row * 3], (int32) seen[row * 3 + 1], (int32) seen[row * 3 + 2]);
	if (Rows(&claim_next, NULL, SPI_OK_UPDATE_RETURNING, 0) == 0)
		return false;
	*job_no = SpiInt64(0, 1);
	*claim = SpiInt32(0, 2);
	return true;
}

/* The canonical parameters of a job as names and texts. */
static int
ReadParameters(const char *json, char ***names, char ***texts)
{
	JsonRefusal refusal;
	JsonNode *root = JsonParse(json, strlen(json), &refusal);
	int n = 0;

	if (root == NULL)
		elog(ERROR, "the parameters of a job are no JSON");
	*names = palloc(sizeof(char *) * (root->count + 1));
	*texts = palloc(sizeof(char *) * (root->count + 1));
	for (JsonNode *member = root->first; member != NULL; member = member->next, n++)
	{
		StringInfoData text;

		initStringInfo(&text);
		JsonWrite(&text, member);
		(*names)[n] = member->key;
		(*texts)[n] = member->kind == JSON_STRING ? member->text : text.data;
	}
	return n;
}

/* Runs the algorithm of a job; not CBD_OK: *message, of both languages. */
static CbdStatus
RunRequest(const char *code, const char *parameters, Algorithm **algorithm, AlgorithmValues *values,
		   AlgorithmOutcome *outcome, const char **message)
{
	ErrorList errors = {0};
	CbdStatus status;
	char *reason;
	char **names, **texts;
	int n = ReadParameters(parameters, &names, &texts);

	*message = NULL;
	ErrorsBegin(&errors);
	outcome->interrupted = false;
	*algorithm = AlgorithmFind(code, false, &status, &reason);
	if (*algorithm == NULL)
	{
		ereport(LOG, (errmsg("algorithm \"%s\" cannot be used: %s", code, SaidOf(false, reason))));
		return status;
	}
	/* it may have been registered anew since it was asked for */
	if (!AlgorithmRead(*algorithm, n, names, texts, values, &errors))
	{
		*message = SaidBoth("%s{pointer}: %s{why*}", errors.entries[0].pointer,
							errors.entries[0].message != NULL ? errors.entries[0].message
															  : StatusMessage(errors.entries[0].status));
		return errors.entries[0].status;
	}
	AlgorithmRun(*algorithm, values, (*algorithm)->timeout, outcome);
	*message = outcome->message;
	return outcome->status;
}

/* GuardedWork: the run of a claimed job, and its end. */
static bool
Work(void *state)
{
	JobWork *work = state;
	Datum values[2] = {Int64GetDatum(work->job_no), Int32GetDatum(work->claim)};
	AlgorithmValues *request = palloc(sizeof(AlgorithmValues));
	AlgorithmOutcome outcome;
	Algorithm *algorithm;
	CbdStatus status;
	const char *message;

	if (Rows(&find_claimed, values, SPI_OK_SELECT, 1) == 0)
		return true;
	status = RunRequest(SpiText(0, 1), SpiText(0, 2), &algorithm, request, &outcome, &message);
	MemoryContextSwitchTo(work->context);
	if (status != CBD_OK && outcome.interrupted)
	{
		/* by who cancels the job: this waits for him and finds it cancelled; or by who ends the runner */
		work->state = Rows(&return_job, values, SPI_OK_UPDATE, 0) == 1 ? "waiting" : "cancelled";
		return true;
	}
	if (status != CBD_OK)
	{
		work->state = Fail(work->job_no, work->claim, status, message) ? "failed" : "cancelled";
		return true;
	}
	if (Rows(&hold_claimed, values, SPI_OK_SELECT, 1) == 0)
	{
		work->state = "cancelled";
		return true;
	}
	values[1] = Int64GetDatum(KeepDocument(algorithm, AlgorithmDigest(algorithm, request),
										   AlgorithmDocument(algorithm, request, &outcome), &outcome));
	MemoryContextSwitchTo(work->context);
	(void) Rows(&end_done, values, SPI_OK_UPDATE, 0);
	work->state = "done";
	return true;
}

/* GuardedPasses: all but a cancel, which came while the end of the run waited for who sent it. */
static bool
PassesAll(const ErrorData *error, void *unused)
{
	return error->sqlerrcode != ERRCODE_QUERY_CANCELED;
}

const char *
JobRun(int64 job_no, int32 claim)
{
	JobWork work = {job_no, claim, CurrentMemoryContext, "lost"};
	Datum values[2] = {Int64GetDatum(job_no), Int32GetDatum(claim)};
	ErrorData *error;

	/* to the end of the transaction */
	if (!JobHold(job_no))
		return "lost";
	PG_TRY();
	{
		JobShow(job_no);
		if (RunGuarded(Work, &work, PassesAll, &error) == GUARDED_FAILED)
			work.state = Rows(&return_job, values, SPI_OK_UPDATE, 0) == 1 ? "waiting" : "cancelled";
	}
	PG_FINALLY();
	{
		JobShow(0);
	}
	PG_END_TRY();
	return work.state;
}
