/*
 * From complete to decided; see run.h.
 *
 * A request has one job at a time; some need two. A password is checked only after its attempt was counted
 * and committed (rest_login_reserve), so that a client that hangs up does not try for nothing. What is inside
 * a sealed address is asked for after it was opened. These second jobs go to the front of their queue: their
 * requests have waited already. And a body of a stranger is let in only when rest_may_upload says so
 * (upload.h): that job comes before all others. Where the bridge refuses by itself, the one job is to spend
 * the code that the request brought (refused.h).
 */
#include "request/run.h"

#include <string.h>

#include "base/log.h"
#include "db/analysis.h"
#include "outbound/outbound.h"
#include "request/kind.h"
#include "request/params.h"
#include "request/refused.h"
#include "request/signed.h"
#include "wire/status_codes.h"

static void JobDone(Job *job);

bool
RequestResume(Request *request)
{
	if (!request->suspended)
		return false;
	request->suspended = false;
	request->worker->run_http = true;
	MHD_resume_connection(request->connection);
	return true;
}

void
RequestFinish(Request *request, int status)
{
	if (request->status == CBD_OK)
		request->status = status;
	if (request->retry_after == 0 && StatusHttp(request->status) == 503)
		request->retry_after = request->status == CBD_OVERLOADED ? 1 : 2;
	if (request->status == CBD_OVERLOADED)
		Count(&request->worker->metrics.overloaded, 1);
	request->phase = PHASE_READY;
	RequestResume(request);
}

/* Sends the job; when that is not possible the outcome is decided. */
static void
SendJob(Request *request)
{
	int status = DbSubmit(request->worker->db, &request->job);

	request->job_busy = status == CBD_OK;
	if (status != CBD_OK)
		RequestFinish(request, status);
}

/* One argument of the job; `text` stays until the job is done, NULL is null. */
static void
SetArgument(Job *job, int number, const char *text, size_t length, bool binary)
{
	job->values[number] = text;
	job->lengths[number] = (int) length;
	job->formats[number] = binary;
}

/* Who calls. Returns how many arguments there are. */
static int
FillContext(Request *request, const Caller *caller)
{
	Job *job = &request->job;

	if (request->route != NULL && (request->route->flags & ROUTE_NO_CONTEXT))
		return 0;
	SetArgument(job, CONTEXT_REQUEST_ID, request->id, 0, false);
	SetArgument(job, CONTEXT_CLIENT_ADDR, request->address[0] == '\0' ? NULL : request->address, 0, false);
	SetArgument(job, CONTEXT_APP_CODE, caller->app_code, 0, false);
	SetArgument(job, CONTEXT_SCHEME,
				request->wanted.chinese
					? ArenaPrint(&request->arena, "%s" SCHEME_CHINESE, SchemeName(caller->scheme))
					: SchemeName(caller->scheme),
				0, false);
	SetArgument(job, CONTEXT_CREDENTIAL, caller->credential, caller->credential_length, true);
	return CONTEXT_ARGUMENTS;
}

void
RequestFillJob(Request *request)
{
	const Route *route = request->route;
	Job *job = &request->job;
	int number = FillContext(request, &request->caller);

	for (int i = 0; i < RouteParamCount(route) && route->params[i].type != PARAM_LOCAL; i++)
	{
		const Value *value = &request->values[i];
		ParamType type = route->params[i].type;
		const char *text = type == PARAM_RESERVED ? (request->reserve.text != NULL ? "t" : "f")
						   : type == PARAM_HEAD   ? (request->head ? "t" : "f")
												  : value->text;

		SetArgument(job, number++, text, value->length,
					type == PARAM_DIGEST || type == PARAM_BODY_DIGEST || type == PARAM_SESSION);
	}
	job->statement = RouteStatement(route);
}

/* First step of a log-in: the attempt is counted, and committed, before the password is looked at. */
static void
FillReserve(Request *request)
{
	Span user = request->reserve;

	FillContext(request, &request->caller);
	SetArgument(&request->job, CONTEXT_ARGUMENTS, ArenaCopy(&request->arena, user.text, user.length),
				user.length, false);
	request->job.statement = ReserveStatement();
}

/* The attempt is reserved: now the function itself. */
static void
Reserved(Request *request, PGresult *result)
{
	PQclear(result);
	request->reserving = false;
	RequestFillJob(request);
	request->job.next_step = true;
	SendJob(request);
}

/* The transaction has put something for a thread beside the workers: a job, or something to be sent. */
static void
Wake(Span wake)
{
	if (SpanIs(wake, "analysis"))
		AnalysisWake();
	else if (wake.length > 0)
		OutboundWake();
}

/* The reply frame of the function. */
static void
TakeFrame(Request *request)
{
	const Kind *kind = request->kind;
	int status;

	request->answered = true;
	Wake(request->frame.wake);
	if (!RecordFrame(request, &request->frame)) /* no record, no answer */
	{
		RequestFinish(request, CBD_UNAVAILABLE);
		return;
	}
	if (request->frame.retry_after != FRAME_NONE)
		request->retry_after = (int) request->frame.retry_after;
	request->data = request->frame.body;
	status = kind->take == NULL ? CBD_OK : kind->take(request);
	if (status == CBD_INTERNAL_ERROR)
		LogEvent(LOG_ERROR, request->id, "%s returned a reply frame that contradicts itself",
				 request->job.statement->name);
	if (status != TAKE_ASKED)
		RequestFinish(request, status == CBD_OK ? (int) request->frame.status : status);
}

/* A job has its result, and the request waits for it. */
static void
TakeResult(Request *request, PGresult *result)
{
	if (request->job.status != CBD_OK)
	{
		RequestFinish(request, request->job.status);
		return;
	}
	if (!ResultFrame(result, &request->frame))
	{
		LogEvent(LOG_ERROR, request->id, "%s returned a malformed reply frame", request->job.statement->name);
		ResultFree(result);
		RequestFinish(request, CBD_INTERNAL_ERROR);
		return;
	}
	if (request->reserving && request->frame.status == CBD_OK)
	{
		Reserved(request, result);
		return;
	}
	request->result = result;
	TakeFrame(request);
}

/* The job of a request is over. */
static void
JobDone(Job *job)
{
	Request *request = (Request *) ((char *) job - offsetof(Request, job));
	PGresult *result = job->result;
	Frame frame;

	job->result = NULL;
	request->job_busy = false;
	if (request->kind->took != NULL)
		request->kind->took(request, job->took);
	if (request->phase == PHASE_WAITING)
	{
		TakeResult(request, result);
		return;
	}
	/* answered or left already: the audit record is kept even if nobody waits for the reply any more */
	if (job->status == CBD_OK && ResultFrame(result, &frame))
	{
		Wake(frame.wake);
		RecordFrame(request, &frame);
	}
	ResultFree(result);
	if (request->connection == NULL)
		RequestFree(request);
}

/* rest_may_upload has answered: the body goes on, or the outcome is decided. */
static void
UploadChecked(Job *job)
{
	Request *request = (Request *) ((char *) job - offsetof(Request, job));
	PGresult *result = job->result;
	Frame frame;

	job->result = NULL;
	request->job_busy = false;
	if (job->status != CBD_OK || !ResultFrame(result, &frame) || !RecordFrame(request, &frame))
	{
		ResultFree(result);
		if (request->phase == PHASE_WAITING)
			RequestFinish(request, job->status != CBD_OK ? job->status : CBD_UNAVAILABLE);
	}
	else if (request->phase == PHASE_WAITING && frame.status == CBD_OK)
	{
		ResultFree(result);
		request->body.allowed = true;
		request->phase = PHASE_BODY;
		RequestResume(request);
	}
	else if (request->phase == PHASE_WAITING)
	{
		request->frame = frame;
		request->result = result;
		request->answered = true;
		if (frame.retry_after != FRAME_NONE)
			request->retry_after = (int) frame.retry_after;
		RequestFinish(request, (int) frame.status);
	}
	else
		ResultFree(result);
	if (request->connection == NULL)
		RequestFree(request);
}

void
RequestCheckUpload(Request *request, const Caller *caller)
{
	Job *job = &request->job;

	FillContext(request, caller);
	job->statement = UploadStatement();
	job->lane = LANE_FAST;
	job->done = UploadChecked;
	job->request_id = request->id;
	request->phase = PHASE_WAITING;
	SendJob(request);
	if (request->phase != PHASE_WAITING)
		return;
	ClientEnter(request->client, CLIENT_WAITING, ConfigNow()->queue_timeout + DbJobTimeout(job));
	request->suspended = true;
	ClientSuspend(request->client);
}

/* The user whose password is to be checked, where there is one: its attempt is reserved. */
static void
FindReserve(Request *request)
{
	const Route *route = request->route;
	const Caller *caller = &request->caller;
	int user, password;

	request->reserve = (Span){NULL, 0};
	if (caller->scheme == SCHEME_BASIC && (route->flags & ROUTE_BASIC))
	{
		const char *colon = memchr(caller->credential, ':', caller->credential_length);

		request->reserve = (Span){caller->credential, (size_t) (colon - caller->credential)};
	}
	else if (route->flags & ROUTE_PASSWORD)
	{
		user = RouteParam(route, "userName"); /* there, or the program had not started */
		password = RouteParam(route, "password");
		if (request->values[user].text != NULL && request->values[password].text != NULL)
			request->reserve = (Span){request->values[user].text, request->values[user].length};
	}
}

/* The lane of a bound request: its row's, unless it checks a password, spends something, or its kind knows
 * better. */
static Lane
ChooseLane(const Request *request)
{
	const Route *route = request->route;
	AuthScheme scheme = request->caller.scheme;

	if (request->reserve.text != NULL)
		return LANE_LOGIN;
	/* what is used up by the request is written, and a commit must not hold up reads */
	if (route->lane == LANE_FAST && (scheme == SCHEME_SIGNATURE || scheme == SCHEME_ARTEMIS))
		return LANE_WRITE;
	return request->kind->lane == NULL ? route->lane : request->kind->lane(request);
}

void
RequestAsk(Request *request)
{
	const Route *route = request->route;

	FindReserve(request);
	request->job.lane = ChooseLane(request);
	if ((route->lane == LANE_FAST || route->lane == LANE_DATA || route->lane == LANE_TILE) &&
		!(route->flags & ROUTE_ALWAYS) && !AuditWorks(request->worker->audit))
	{
		RequestFinish(request, CBD_UNAVAILABLE);
		return;
	}
	if (request->job.lane == LANE_SLOW && request->client->left)
		request->dropped = true;
	request->job.done = JobDone;
	request->job.request_id = request->id;
	request->reserving = request->reserve.text != NULL;
	if (request->reserving)
		FillReserve(request);
	else
		RequestFillJob(request);
	request->phase = PHASE_WAITING;
	SendJob(request);
	if (request->phase == PHASE_WAITING)
		ClientEnter(request->client, CLIENT_WAITING,
					ConfigNow()->queue_timeout + DbJobTimeout(&request->job));
}

void
RequestContinue(Request *request, Span outcome)
{
	Job *job = &request->job;
	int number = FillContext(request, &request->caller);

	SetArgument(job, number, request->values[0].text, request->values[0].length, false);
	SetArgument(job, number + 1, outcome.text, outcome.length, false);
	job->statement = RouteMoreStatement(request->route);
	job->next_step = true;
	SendJob(request);
	if (request->phase == PHASE_WAITING)
		ClientEnter(request->client, CLIENT_WAITING, ConfigNow()->queue_timeout + DbJobTimeout(job));
}

/* The code of a refused request was spent, or could not be: the refusal is told. */
static void
CodeSpent(Job *job)
{
	Request *request = (Request *) ((char *) job - offsetof(Request, job));

	request->job_busy = false;
	ResultFree(job->result);
	job->result = NULL;
	if (request->phase == PHASE_WAITING)
		RequestFinish(request, CBD_BAD_REQUEST);
	if (request->connection == NULL)
		RequestFree(request);
}

bool
RequestSpendCode(Request *request)
{
	Job *job = &request->job;
	Caller caller;

	if (request->job_busy || request->answered || !RefusedCode(request, &caller))
		return false;
	FillContext(request, &caller);
	job->statement = SpendStatement();
	job->lane = LANE_WRITE;
	job->done = CodeSpent;
	job->request_id = request->id;
	request->job_busy = DbSubmit(request->worker->db, job) == CBD_OK;
	return request->job_busy;
}

/* Refused by the bridge: told when the code is spent. */
static void
RequestRefuse(Request *request)
{
	if (!RequestSpendCode(request))
	{
		RequestFinish(request, CBD_BAD_REQUEST);
		return;
	}
	request->phase = PHASE_WAITING;
	ClientEnter(request->client, CLIENT_WAITING, ConfigNow()->queue_timeout + DbJobTimeout(&request->job));
	request->suspended = true;
	ClientSuspend(request->client);
}

void
RequestRun(Request *request)
{
	const Route *route = request->route;

	if (request->decided) /* a preflight, which has no route */
	{
		RequestFinish(request, CBD_OK);
		return;
	}
	if (request->status == CBD_OK)
		SignedBody(request);
	if (request->status != CBD_OK || !BindParameters(request))
	{
		RequestRefuse(request);
		return;
	}
	if (route->local != NULL)
		route->local(request);
	if (route->function == NULL || request->decided || request->status != CBD_OK)
	{
		RequestFinish(request, CBD_OK);
		return;
	}
	RequestAsk(request);
	if (request->phase != PHASE_WAITING)
		return;
	request->suspended = true;
	ClientSuspend(request->client);
}

bool
RequestAbandon(Request *request)
{
	if (!request->job_busy || !DbAbandon(request->worker->db, &request->job))
		return false;
	request->job_busy = false;
	return true;
}

void
RequestTimeout(Request *request)
{
	/* not sent means not done: the client may simply repeat */
	RequestFinish(request, RequestAbandon(request) ? CBD_OVERLOADED : CBD_TIMEOUT);
}

void
RequestClientLeft(Request *request)
{
	if (request->phase != PHASE_WAITING)
		return;
	Count(&request->worker->metrics.clients_left, 1);
	LogEvent(LOG_DEBUG, request->id, "the client left");
	RequestAbandon(request);
	request->dropped = true;
	RequestFinish(request, CBD_OK);
}

void
RequestStop(Request *request)
{
	if (request->phase != PHASE_WAITING)
		return;
	RequestAbandon(request);
	RequestFinish(request, CBD_UNAVAILABLE);
}
