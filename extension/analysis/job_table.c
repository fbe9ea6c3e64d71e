/* Rows of jobs and of kept results; see job.h. Running them: job_run.c. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "analysis/job.h"
#include "analysis/job_inner.h"
#include "core/digest.h"
#include "core/guc_analysis.h"
#include "core/say.h"
#include "core/spi.h"

/* A time as it is shown. */
#define SHOWN(column)                                                                                        \
	"to_char(" column " AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS')"
/* Is a row the caller's ($1 application, $2 operator or null)? */
#define OWN "j.app_id = $1 AND j.account_id IS NOT DISTINCT FROM $2"
/* Jobs that have not ended; the words of the partial index. */
#define OPEN "j.state = ANY (ARRAY['waiting', 'running'])"

static SpiQuery count_open = {
	"SELECT count(*) FROM citybigdata.analysis_job j WHERE " OWN " AND " OPEN, 2, {INT4OID, INT8OID}};
/* $3 digest of the request: the caller's own job for the same. */
static SpiQuery find_open = {"SELECT j.job_id::text FROM citybigdata.analysis_job j WHERE " OWN " AND " OPEN
							 " AND j.request_digest = $3 ORDER BY j.job_no LIMIT 1",
							 3,
							 {INT4OID, INT8OID, BYTEAOID}};
/* $3 digest, $4 algorithm, $5 parameters, $6 id */
static SpiQuery make_job = {"INSERT INTO citybigdata.analysis_job (app_id, account_id, request_digest, "
							"algorithm_code, parameters, job_id)"
							" VALUES ($1, $2, $3, $4, $5, $6::uuid)",
							6,
							{INT4OID, INT8OID, BYTEAOID, TEXTOID, TEXTOID, TEXTOID}};
/* clang-format off */
/* $1 id, $2 with the document? */
static SpiQuery find_job = {
	"SELECT j.job_no, j.algorithm_code, j.app_id, j.account_id, j.state, " SHOWN("j.created_at") ", " SHOWN("j.started_at") ", "
	SHOWN("j.ended_at") ", " SHOWN("j.keep_until") ", extract(epoch FROM j.keep_until - clock_timestamp())::bigint,"
	" j.status_code, j.message, j.message_zh, CASE WHEN $2 THEN r.document END, r.result_id IS NULL, j.job_id::text, coalesce(a.level, 1)"
	" FROM citybigdata.analysis_job j LEFT JOIN citybigdata.analysis_result r ON r.result_id = j.result_id"
	" LEFT JOIN citybigdata.algorithm a ON a.algorithm_code = j.algorithm_code WHERE j.job_id = $1",
	2,
	{UUIDOID, BOOLOID}};
/* clang-format on */
static SpiQuery cancel_job = {"UPDATE citybigdata.analysis_job j SET state = 'cancelled', ended_at = "
							  "clock_timestamp() WHERE j.job_no = $1 AND " OPEN
							  " RETURNING j.started_at IS NOT NULL",
							  1,
							  {INT8OID}};
static SpiQuery find_kept = {"SELECT r.document FROM citybigdata.analysis_result r WHERE r.request_digest = "
							 "$1 AND r.fresh_until > clock_timestamp()"
							 " ORDER BY r.fresh_until DESC LIMIT 1",
							 1,
							 {BYTEAOID}};
/* $1 algorithm, $2 digest, $3 document, $4 seconds, $5 computed, $6 fresh for (s), $7 kept for (days) */
static SpiQuery keep_document = {"INSERT INTO citybigdata.analysis_result AS r (algorithm_code, "
								 "request_digest, document, seconds, computed_at, fresh_until, keep_until)"
								 " VALUES ($1, $2, $3, $4, $5, $5 + make_interval(secs => $6), greatest($5 + "
								 "make_interval(secs => $6), clock_timestamp() + make_interval(days => $7)))"
								 " RETURNING r.result_id",
								 7,
								 {TEXTOID, BYTEAOID, TEXTOID, FLOAT8OID, TIMESTAMPTZOID, INT4OID, INT4OID}};
static SpiQuery count_figures = {
	"SELECT (SELECT count(*) FROM citybigdata.analysis_job j WHERE " OPEN " AND j.state = 'waiting'),"
	" (SELECT count(*) FROM citybigdata.analysis_job j WHERE " OPEN " AND j.state = 'running'),"
	" (SELECT count(*) FROM citybigdata.analysis_job j WHERE j.ended_at > clock_timestamp() - interval '1 "
	"day'"
	"  AND j.ended_at IS NOT NULL AND j.state = 'failed')",
	0,
	{0}};

/* Who calls, as $1 and $2. */
static void
OwnerValues(const Caller *caller, Datum *values, bool *nulls)
{
	values[0] = Int32GetDatum(caller->app_id);
	values[1] = Int64GetDatum(caller->account_id);
	nulls[1] = !caller->operator_;
}

int64
JobsOpen(const Caller *caller)
{
	Datum values[2];
	bool nulls[2] = {false};

	OwnerValues(caller, values, nulls);
	(void) SpiRun(&count_open, values, nulls, SPI_OK_SELECT, 1);
	return SpiInt64(0, 1);
}

char *
JobCreate(const Algorithm *algorithm, const AlgorithmValues *request, const Caller *caller)
{
	Datum values[6];
	bool nulls[6] = {false};
	char *id = SpiKeep(RandomUuid());

	OwnerValues(caller, values, nulls);
	values[2] = AlgorithmDigest(algorithm, request);
	values[3] = CStringGetTextDatum(algorithm->code);
	values[4] = CStringGetTextDatum(request->canonical);
	values[5] = CStringGetTextDatum(id);
	if (SpiRun(&find_open, values, nulls, SPI_OK_SELECT, 1) > 0)
		return SpiText(0, 1);
	(void) SpiRun(&make_job, values, nulls, SPI_OK_INSERT, 0);
	return id;
}

bool
JobFind(const char *job_id, bool document, Job *job)
{
	Datum values[2];
	bool gone;

	memset(job, 0, sizeof(*job));
	values[0] = DirectFunctionCall1(uuid_in, CStringGetDatum(job_id));
	values[1] = BoolGetDatum(document);
	if (SpiRun(&find_job, values, NULL, SPI_OK_SELECT, 1) == 0)
		return false;
	job->job_no = SpiInt64(0, 1);
	job->algorithm = SpiText(0, 2);
	job->app_id = SpiInt32(0, 3);
	job->account_id = SpiIsNull(0, 4) ? 0 : SpiInt64(0, 4);
	job->state = SpiText(0, 5);
	job->created_at = SpiText(0, 6);
	job->started_at = SpiText(0, 7);
	job->ended_at = SpiText(0, 8);
	job->keep_until = SpiText(0, 9);
	job->keep_seconds = SpiInt64(0, 10);
	job->status_code = SpiInt32(0, 11);
	job->message = SpiIsNull(0, 12) ? NULL : SpiKeep(SaidPair(SpiText(0, 12), SpiText(0, 13)));
	job->document = SpiText(0, 14);
	gone = SpiBool(0, 15);
	job->job_id = SpiText(0, 16);
	job->level = SpiInt32(0, 17);
	job->progress = -1;
	/* past its time, removed or not yet */
	if (strcmp(job->state, "done") == 0 && (gone || job->keep_seconds <= 0))
		job->state = "expired";
	else if (strcmp(job->state, "running") == 0)
		job->progress = JobProgress(job->job_no);
	return true;
}

bool
JobBelongsTo(const Job *job, const Caller *caller)
{
	return caller->known && caller->app_id != 0 && job->app_id == caller->app_id &&
		   job->account_id == (caller->operator_ ? caller->account_id : 0);
}

bool
JobCancel(int64 job_no)
{
	Datum values[1] = {Int64GetDatum(job_no)};

	if (SpiRun(&cancel_job, values, NULL, SPI_OK_UPDATE_RETURNING, 0) == 0)
		return false;
	if (SpiBool(0, 1))
		SignalRunner(job_no);
	return true;
}

char *
KeptDocument(Datum digest)
{
	return SpiRun(&find_kept, &digest, NULL, SPI_OK_SELECT, 1) == 0 ? NULL : SpiText(0, 1);
}

int64
KeepDocument(const Algorithm *algorithm, Datum digest, const char *document, const AlgorithmOutcome *outcome)
{
	Datum values[7];

	values[0] = CStringGetTextDatum(algorithm->code);
	values[1] = digest;
	values[2] = CStringGetTextDatum(document);
	values[3] = Float8GetDatum(outcome->seconds);
	values[4] = TimestampTzGetDatum(outcome->computed_at);
	values[5] = Int32GetDatum(algorithm->cache_for);
	values[6] = Int32GetDatum(algorithm->keep_days);
	(void) SpiRun(&keep_document, values, NULL, SPI_OK_INSERT_RETURNING, 0);
	return SpiInt64(0, 1);
}

void
JobFigures(int64 figures[3])
{
	(void) SpiRun(&count_figures, NULL, NULL, SPI_OK_SELECT, 1);
	for (int i = 0; i < 3; i++)
		figures[i] = SpiInt64(0, i + 1);
}
