/*
 * Endpoints of the algorithm service: /analysis, /analysis/{algorithm}, /jobs/{id} (interface: section 8).
 *
 *   GET, POST /analysis/{algorithm}
 *      CallAuthorise(): grant on the algorithm, its limit --> AlgorithmRead(): all errors at once
 *      --> a kept document that is fresh, or AlgorithmRun() for citybigdata.analysis_wait: the document
 *      --> it takes longer, or is always a job: HTTP 202, JobCreate()
 *
 * A job is its caller's: the application's, or of an operator by the operators' client. To others there is no
 * such job, whatever they are granted.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/endpoint.h"
#include "access/operator.h"
#include "access/sealed_url.h"
#include "analysis/job.h"
#include "core/guc_analysis.h"
#include "core/interval.h"
#include "core/spi.h"
#include "text/param_parse.h"
#include "wire/paths.h"

#define JOB_RETRY 5 /* seconds after which a job may be asked for again */

/* $1 application, $2 everything?, $3 digest of a narrowed token */
static SpiQuery list_algorithms = {
	"SELECT citybigdata.algorithm_list($1, $2, $3)::text", 3, {INT4OID, BOOLOID, BYTEAOID}};

/* rest_analysis(context): {items: [...]} */
static Datum
AnalysisList(Call *call)
{
	CbdStatus status = CallAuthorise(call, NULL);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	return AnswerRead(call, CallerMayUse(&call->caller, &list_algorithms));
}

ENDPOINT(cbd_rest_analysis, "analysis.list", AnalysisList);

/* Operators see by an algorithm what no post may limit: it is for those whose posts reach every case. */
static CbdStatus
AuthoriseAnalysis(Call *call, const char *code)
{
	const Caller *caller = &call->caller;
	CbdStatus status = CallAuthorise(call, code);

	if (status == CBD_OK && caller->operator_ && !PostsReachAll(caller->posts, caller->post_count))
		status = CBD_FORBIDDEN;
	return status;
}

/* A job, or a request that became one. */
static char *
JobData(const Call *call, const Job *job, const char *sealed)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "jobId", job->job_id);
	JsonField(&out, "algorithm", job->algorithm);
	JsonField(&out, "state", job->state);
	if (job->progress >= 0)
		appendStringInfo(&out, ",\"progress\":%.6g", job->progress);
	else
		appendStringInfoString(&out, ",\"progress\":null");
	JsonField(&out, "createdAt", job->created_at);
	JsonField(&out, "startedAt", job->started_at);
	JsonField(&out, "endedAt", job->ended_at);
	JsonField(&out, "keepUntil", job->keep_until);
	if (job->status_code != 0)
	{
		appendStringInfo(&out, ",\"error\":{\"statusCode\":%d", job->status_code);
		JsonField(&out, "message", SaidOf(SayChinese(), job->message));
		appendStringInfoChar(&out, '}');
	}
	JsonField(&out, "resultUrl", sealed);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* The reply to a request that became a job. */
static Datum
AnswerJob(Call *call, const char *job_id, const char *code)
{
	Job job = {.job_id = (char *) job_id, .algorithm = (char *) code, .state = "waiting", .progress = -1};
	char now[16];

	FormatTimePoint(GetCurrentTimestamp(), now);
	job.created_at = now;
	call->frame.http = 202;
	call->frame.location = FrameText(psprintf(API_PATH "/jobs/%s", job_id));
	call->frame.retry_after = JOB_RETRY;
	call->frame.wake = FrameText("analysis");
	call->detail = psprintf("job %s", job_id);
	return Answer(call, CBD_OK, JobData(call, &job, NULL));
}

/* A request for a result. */
typedef struct AnalysisRequest
{
	Algorithm *algorithm;
	AlgorithmValues *values;
	char *document; /* NULL: a job */
	char *job_id;
} AnalysisRequest;

/* Tries at once, when that may be; CBD_OK: there is a document, or it has to become a job. */
static CbdStatus
TryNow(Call *call, AnalysisRequest *request)
{
	const Algorithm *algorithm = request->algorithm;
	AlgorithmOutcome outcome;
	int wait = Min(guc_analysis_wait, algorithm->timeout);
	MemoryContext context = CurrentMemoryContext;
	Datum digest = AlgorithmDigest(algorithm, request->values);

	request->document = algorithm->cache_for > 0 ? KeptDocument(digest) : NULL;
	MemoryContextSwitchTo(context);
	if (request->document != NULL || algorithm->always_job)
		return CBD_OK;
	AlgorithmRun(algorithm, request->values, wait, &outcome);
	if (outcome.status == CBD_ALGORITHM_TIME && !outcome.interrupted && wait < algorithm->timeout)
		return CBD_OK;
	if (outcome.interrupted)
		return CBD_TIMEOUT;
	if (outcome.status != CBD_OK)
	{
		ErrorAdd(&call->errors, "", outcome.status, outcome.message);
		return outcome.status;
	}
	request->document = AlgorithmDocument(algorithm, request->values, &outcome);
	if (algorithm->cache_for > 0)
		(void) KeepDocument(algorithm, digest, request->document, &outcome);
	MemoryContextSwitchTo(context);
	return CBD_OK;
}

/* From the code and the parameters to a document or a job. SPI is connected. */
static CbdStatus
Serve(Call *call, const char *code, AnalysisRequest *request)
{
	ARGUMENTS(ARG_ALGORITHM, ARG_NAMES, ARG_VALS);
	int n, n_values;
	char **names = CallTexts(call, ARG_NAMES, &n);
	char **values = CallTexts(call, ARG_VALS, &n_values);
	MemoryContext context = CurrentMemoryContext;
	CbdStatus status;
	char *reason;

	if (n != n_values)
		elog(ERROR, "%d names, %d values", n, n_values);
	request->algorithm = AlgorithmFind(code, false, &status, &reason);
	if (request->algorithm == NULL)
	{
		if (status != CBD_NO_SUCH_RESOURCE)
			ereport(LOG, (errmsg("algorithm \"%s\" cannot be used: %s", code, SaidOf(false, reason))));
		return status;
	}
	if (request->algorithm->level > call->caller.level)
		return CBD_LEVEL_TOO_LOW;
	request->values = palloc(sizeof(AlgorithmValues));
	if (!AlgorithmRead(request->algorithm, n, names, values, request->values, &call->errors))
		return ErrorsParameterStatus(&call->errors);
	status = TryNow(call, request);
	if (status != CBD_OK || request->document != NULL)
		return status;
	if (call->context.scheme == SCHEME_SEALED)
		return CBD_FORBIDDEN; /* who has nothing but the address could not ask for the job */
	if (JobsOpen(&call->caller) >= guc_analysis_jobs_open)
	{
		call->retry_after = JOB_RETRY;
		return CBD_TOO_MANY_JOBS;
	}
	request->job_id = JobCreate(request->algorithm, request->values, &call->caller);
	MemoryContextSwitchTo(context);
	return CBD_OK;
}

/*
 * rest_analysis_run(context, algorithm, names, vals): the document, or HTTP 202 with the job. Parameters in
 * the order and as often as they were given.
 */
static Datum
AnalysisRun(Call *call)
{
	char *code = CallText(call, 0);
	MemoryContext context = CurrentMemoryContext;
	AnalysisRequest request = {NULL};
	CbdStatus status;

	call->object = code;
	if (code == NULL)
		return Answer(call, CBD_NO_SUCH_RESOURCE, NULL);
	status = AuthoriseAnalysis(call, code);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	ErrorsBegin(&call->errors);
	SpiBegin();
	MemoryContextSwitchTo(context);
	status = Serve(call, code, &request);
	SpiEnd();
	MemoryContextSwitchTo(context);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	return request.document != NULL ? AnswerRead(call, request.document)
									: AnswerJob(call, request.job_id, code);
}

ENDPOINT(cbd_rest_analysis_run, "analysis.run", AnalysisRun);

/* The caller's own job; CBD_OK, or the refusal: to others there is no such job. SPI is not connected. */
static CbdStatus
FindOwnJob(Call *call, bool document, Job *job)
{
	char *id = CallText(call, 0);
	bool found = false;
	CbdStatus status;

	call->object = id;
	if (id != NULL && uuid_check(id, strlen(id)))
	{
		SpiBegin();
		found = JobFind(id, document, job);
		SpiEnd();
	}
	status = AuthoriseAnalysis(call, found ? job->algorithm : NULL);
	if (found && (status == CBD_FORBIDDEN || status == CBD_INSUFFICIENT_SCOPE) &&
		!JobBelongsTo(job, &call->caller))
		return CBD_NO_SUCH_JOB;
	if (status != CBD_OK)
		return status;
	return found && JobBelongsTo(job, &call->caller) ? CBD_OK : CBD_NO_SUCH_JOB;
}

/* A sealed address of the result, good as long as it is kept and for no more than the caller's token; NULL:
 * it is no application's own, or there is no result. */
static char *
SealedResult(const Call *call, const Job *job)
{
	const Caller *caller = &call->caller;
	SealOrder order = {
		.resource = job->algorithm, .expires_in = job->keep_seconds, .level = caller->token_level};

	if (strcmp(job->state, "done") != 0 || caller->operator_ || caller->to_address ||
		call->context.scheme == SCHEME_SEALED)
		return NULL;
	order.params = psprintf("{\"jobId\":\"%s\"}", job->job_id);
	return SealUrl(caller->app_id, &caller->origin, &order);
}

/* rest_job(context, id): {jobId, algorithm, state, progress, ...} */
static Datum
JobGet(Call *call)
{
	Job job;
	CbdStatus status = FindOwnJob(call, false, &job);

	if (status != CBD_OK)
		return Answer(call, status, NULL);
	return AnswerRead(call, JobData(call, &job, SealedResult(call, &job)));
}

ENDPOINT(cbd_rest_job, "job.show", JobGet);

/* What is to be said of a job that has no document. */
static CbdStatus
WithoutDocument(Call *call, const Job *job)
{
	if (strcmp(job->state, "waiting") == 0 || strcmp(job->state, "running") == 0)
	{
		call->retry_after = JOB_RETRY;
		return CBD_JOB_NOT_DONE;
	}
	if (strcmp(job->state, "expired") == 0)
		return CBD_RESULT_EXPIRED;
	if (strcmp(job->state, "cancelled") == 0)
		return CBD_JOB_CANCELLED;
	ErrorAdd(&call->errors, "", (CbdStatus) job->status_code, job->message);
	return CBD_JOB_FAILED;
}

/* rest_job_result(context, id): the document. */
static Datum
JobResult(Call *call)
{
	Job job;
	CbdStatus status = FindOwnJob(call, true, &job);

	if (status == CBD_OK && job.level > call->caller.level)
		status = CBD_LEVEL_TOO_LOW;
	if (status == CBD_OK && strcmp(job.state, "done") != 0)
		status = WithoutDocument(call, &job);
	if (status != CBD_OK)
		return Answer(call, status, ErrorsData(&call->errors));
	return AnswerRead(call, job.document);
}

ENDPOINT(cbd_rest_job_result, "job.result", JobResult);

/* rest_job_cancel(context, id): the job as it is then. */
static Datum
CancelJob(Call *call)
{
	Job job;
	CbdStatus status = FindOwnJob(call, false, &job);

	if (status == CBD_OK && call->context.scheme == SCHEME_SEALED)
		status = CBD_FORBIDDEN;
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	SpiBegin();
	if (!JobCancel(job.job_no))
		status = CBD_JOB_ENDED;
	else
		(void) JobFind(job.job_id, false, &job);
	SpiEnd();
	return status == CBD_OK ? Answer(call, CBD_OK, JobData(call, &job, NULL)) : Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_job_cancel, "job.cancel", CancelJob);
