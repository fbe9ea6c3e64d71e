/* A request's way from complete to decided. */
#include "request/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind/download.h"
#include "kind/local.h"
#include "server/http.h"
#include "base/log.h"
#include "kind/sealed.h"
#include "request/signed.h"
#include "reply/stream.h"
#include "wire/frame.h"
#include "wire/status_codes.h"

#define FREE_LIMIT  256 /* requests kept for reuse by a worker */
#define ERROR_LIMIT 100 /* errors of one reply */

Request *
RequestNew(Worker *worker, Client *client, struct MHD_Connection *connection)
{
	Request *request = worker->free_requests;
	Arena arena = {NULL};

	if (request != NULL)
	{
		worker->free_requests = request->next;
		worker->free_request_count--;
		arena = request->arena;
	}
	else
		request = Allocate(sizeof(*request));
	memset(request, 0, sizeof(*request));
	request->arena = arena;
	request->worker = worker;
	request->client = client;
	request->connection = connection;
	request->started = Milliseconds();
	request->scheme = "none";
	worker->open_requests++;
	return request;
}

void
RequestFree(Request *request)
{
	Worker *worker = request->worker;

	StreamFree(request);
	ResultFree(request->frame);
	BodyFree(request);
	ArenaEmpty(&request->arena);
	worker->open_requests--;
	if (worker->free_request_count >= FREE_LIMIT)
	{
		ArenaFree(&request->arena);
		free(request);
		return;
	}
	request->next = worker->free_requests;
	worker->free_requests = request;
	worker->free_request_count++;
}

void
Refuse(Request *request, int status, const char *pointer, const char *format, ...)
{
	va_list arguments;
	Error *error;
	int count = 0;

	if (request->status == CBD_OK)
		request->status = status;
	if (format == NULL)
		return;
	for (Error *at = request->errors; at != NULL; at = at->next)
		if (++count >= ERROR_LIMIT)
			return;
	error = ArenaAlloc(&request->arena, sizeof(*error));
	error->next = NULL;
	error->pointer = pointer == NULL ? "" : ArenaCopy(&request->arena, pointer, strlen(pointer));
	error->status = status;
	va_start(arguments, format);
	error->message = ArenaPrintV(&request->arena, format, arguments);
	va_end(arguments);
	if (request->last_error == NULL)
		request->errors = error;
	else
		request->last_error->next = error;
	request->last_error = error;
}

void
RequestFinish(Request *request, int status)
{
	if (request->status == CBD_OK)
		request->status = status;
	if (request->retry_after == 0 && request->status / 100 == 503)
		request->retry_after = request->status == CBD_OVERLOADED ? 1 : 2;
	if (request->status == CBD_OVERLOADED)
		Count(&request->worker->metrics.overloaded, 1);
	request->phase = PHASE_READY;
	if (!request->suspended)
		return;
	request->suspended = false;
	request->worker->run_http = true;
	MHD_resume_connection(request->connection);
}

/* A value of the frame into the request's memory; NULL: absent. */
static const char *
Keep(Request *request, Span value)
{
	return value.length == 0 ? NULL : ArenaCopy(&request->arena, value.text, value.length);
}

/* The content type of a body that is encoded in the reply's charset: "text/csv; header=present" becomes
 * "text/csv; charset=utf-8; header=present". */
static const char *
WithCharset(Request *request, Span type)
{
	const char *parameters = memchr(type.text, ';', type.length);
	size_t length = parameters == NULL ? type.length : (size_t) (parameters - type.text);

	return ArenaPrint(&request->arena, "%.*s; charset=%s%.*s", (int) length, type.text,
					  request->charset == CHARSET_GB18030 ? "GB18030" : "utf-8", (int) (type.length - length),
					  type.text + length);
}

/* What the extension names for the reply's head. */
static void
TakeHeaders(Request *request, const Frame *frame)
{
	if (frame->http != FRAME_NONE)
		request->http = (unsigned) frame->http;
	if (frame->retry_after != FRAME_NONE)
		request->retry_after = (int) frame->retry_after;
	request->rate_policy = Keep(request, frame->rate_policy);
	request->rate = Keep(request, frame->rate);
	request->etag = Keep(request, frame->etag);
	request->last_modified = Keep(request, frame->last_modified);
	request->content_range = Keep(request, frame->content_range);
	request->content_disposition = Keep(request, frame->content_disposition);
	if (frame->content_type.length > 0)
		request->content_type = request->route->flags & ROUTE_MEDIA
									? Keep(request, frame->content_type)
									: WithCharset(request, frame->content_type);
}

/* The reply frame of a function: its audit record is kept even if nobody waits for the reply any more. */
static void
TakeFrame(Request *request, PGresult *result)
{
	Frame frame;
	bool good = true;

	if (!FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame))
	{
		LogEvent(LOG_ERROR, request->id, "%s returned a malformed reply frame", request->job.statement->name);
		RequestFinish(request, CBD_INTERNAL_ERROR);
		return;
	}
	request->framed = true;
	if (frame.audit.length > 0 && !AuditAdd(request->worker->audit, frame.audit.text, frame.audit.length))
	{
		/* no record, no answer */
		RequestFinish(request, CBD_UNAVAILABLE);
		return;
	}
	TakeHeaders(request, &frame);
	if (frame.status == CBD_OK && (request->route->flags & ROUTE_DATA))
		DataTake(request, &frame);
	if (frame.status == CBD_OK && (request->route->flags & ROUTE_MEDIA))
		good = MediaTake(request, &frame);
	if (!good)
	{
		LogEvent(LOG_ERROR, request->id, "%s returned a reply frame that contradicts itself",
				 request->job.statement->name);
		RequestFinish(request, CBD_INTERNAL_ERROR);
		return;
	}
	request->data = frame.body.text;
	request->data_length = frame.body.length;
	if (request->route->local == LocalReady && frame.status == CBD_OK)
		LocalReadyDone(request);
	if (request->data_call != NULL && request->data_call->download && frame.more.length > 0 && !request->head)
	{
		request->frame = NULL;
		DownloadStart(request, result, frame.body, frame.more);
	}
	if (request->media != NULL && MediaContinues(request))
	{
		request->frame = NULL;
		MediaStart(request, result, frame.body);
	}
	RequestFinish(request, (int) frame.status);
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

static const char *
BoolText(bool value)
{
	return value ? "t" : "f";
}

void
RequestFillJob(Request *request)
{
	const Route *route = request->route;
	Job *job = &request->job;
	int number = 0;

	memset(job->formats, 0, sizeof(job->formats));
	memset(job->lengths, 0, sizeof(job->lengths));
	if (!(route->flags & ROUTE_NO_CONTEXT))
	{
		job->values[0] = request->id;
		job->values[1] = request->address;
		job->values[2] = request->app_code;
		job->values[3] = request->scheme;
		job->values[4] = request->credential;
		job->lengths[4] = (int) request->credential_length;
		job->formats[4] = 1;
		number = CONTEXT_PARAMS;
	}
	for (int i = 0; i < RouteParamCount(route); i++, number++)
	{
		ParamKind kind = route->params[i].kind;

		if (kind == KIND_LOCAL)
			break;
		job->values[number] = request->values[i].text;
		job->lengths[number] = (int) request->values[i].length;
		job->formats[number] = kind == KIND_DIGEST || kind == KIND_BODY_DIGEST;
		if (kind == KIND_RESERVED)
			job->values[number] = BoolText(request->reserve_user != NULL);
		else if (kind == KIND_HEAD)
			job->values[number] = BoolText(request->head);
	}
	job->statement = RouteStatement(route);
}

static void JobDone(Job *job);
static void Ask(Request *request);

/* First step of a log-in: the attempt is counted, and committed, before the password is looked at. */
static void
FillReserve(Request *request)
{
	Job *job = &request->job;

	RequestFillJob(request);
	job->values[CONTEXT_PARAMS] =
		ArenaCopy(&request->arena, request->reserve_user, request->reserve_user_length);
	job->lengths[CONTEXT_PARAMS] = (int) request->reserve_user_length;
	job->formats[CONTEXT_PARAMS] = 0;
	job->statement = ReserveStatement();
}

/* A sealed address was opened: its record is kept, and what is inside it asked for. */
static void
Opened(Request *request, const Frame *frame)
{
	if (frame->audit.length > 0 && !AuditAdd(request->worker->audit, frame->audit.text, frame->audit.length))
		RequestFinish(request, CBD_UNAVAILABLE);
	else if (!SealedEnter(request, frame))
		RequestFinish(request, CBD_BAD_REQUEST);
	else
	{
		request->job.next_step = true;
		Ask(request);
	}
}

void
KeepRecord(Request *request, const PGresult *result)
{
	Frame frame;

	if (FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame) &&
		frame.audit.length > 0)
		AuditAdd(request->worker->audit, frame.audit.text, frame.audit.length);
}

void
ResultFree(PGresult *result)
{
	if (result == NULL)
		return;
	if (PQntuples(result) == 1)
		explicit_bzero(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0));
	PQclear(result);
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
	if (request->data_call != NULL)
		DataTook(request, job->took);
	if (request->reserving && job->status == CBD_OK && request->phase == PHASE_WAITING && !request->dropped &&
		FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame) &&
		frame.status == CBD_OK)
	{
		PQclear(result);
		request->reserving = false;
		RequestFillJob(request);
		job->next_step = true;
		SendJob(request);
		return;
	}
	if (request->opening && job->status == CBD_OK && request->phase == PHASE_WAITING && !request->dropped &&
		FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame) &&
		frame.status == CBD_OK)
	{
		request->opening = false;
		Opened(request, &frame);
		PQclear(result);
		return;
	}
	if (request->phase == PHASE_WAITING)
	{
		request->frame = result;
		if (job->status == CBD_OK)
			TakeFrame(request, result);
		else
			RequestFinish(request, job->status);
		return;
	}
	/* answered or left already */
	if (job->status == CBD_OK)
		KeepRecord(request, result);
	PQclear(result);
	if (request->connection == NULL)
		RequestFree(request);
}

/* Which lane, and must the attempt be reserved first? */
static Lane
ChooseLane(Request *request)
{
	const Route *route = request->route;

	if (strcmp(request->scheme, "basic") == 0 && !(route->flags & ROUTE_OAUTH))
	{
		const char *colon = memchr(request->credential, ':', request->credential_length);

		request->reserve_user = request->credential;
		request->reserve_user_length = (size_t) (colon - request->credential);
		return LANE_LOGIN;
	}
	if (route->flags & ROUTE_PASSWORD)
	{
		const Value *user = NULL, *password = NULL;

		for (int i = 0; i < RouteParamCount(route); i++)
			if (strcmp(route->params[i].name, "userName") == 0)
				user = &request->values[i];
			else if (strcmp(route->params[i].name, "password") == 0)
				password = &request->values[i];
		if (user->text != NULL && password->text != NULL)
		{
			request->reserve_user = user->text;
			request->reserve_user_length = user->length;
			return LANE_LOGIN;
		}
	}
	/* what is used up by the request is written, and a commit must not hold up reads */
	if (route->lane == LANE_FAST &&
		(strcmp(request->scheme, "signature") == 0 || strcmp(request->scheme, "artemis") == 0))
		return LANE_WRITE;
	return route->flags & ROUTE_DATA ? DataLane(request) : route->lane;
}

/* Sends the bound request to the database; the outcome is decided where that cannot be. */
static void
Ask(Request *request)
{
	const Route *route = request->route;

	request->job.lane = ChooseLane(request);
	if ((route->lane == LANE_FAST || route->lane == LANE_DATA) && !(route->flags & ROUTE_ALWAYS) &&
		!AuditWorks(request->worker->audit))
	{
		RequestFinish(request, CBD_UNAVAILABLE);
		return;
	}
	if (request->data_call != NULL && request->data_call->download &&
		BytesInFlight() >= ConfigNow()->max_bytes_in_flight)
	{
		RequestFinish(request, CBD_OVERLOADED); /* those that stall hold enough */
		return;
	}
	if (request->job.lane == LANE_SLOW && request->client->left)
		request->dropped = true;
	request->job.done = JobDone;
	request->job.request_id = request->id;
	request->reserving = request->reserve_user != NULL;
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
RequestRun(Request *request)
{
	const Route *route = request->route;

	if (request->status == CBD_OK)
		SignedBody(request);
	if (request->status != CBD_OK || !BindParameters(request))
	{
		RequestFinish(request, CBD_BAD_REQUEST);
		return;
	}
	if (route->local != NULL)
		route->local(request);
	if (route->function == NULL || request->decided || request->status != CBD_OK)
	{
		RequestFinish(request, CBD_OK);
		return;
	}
	Ask(request);
	if (request->phase != PHASE_WAITING)
		return;
	request->suspended = true;
	MHD_suspend_connection(request->connection);
}

void
RequestTimeout(Request *request)
{
	bool unsent;

	if (request->phase == PHASE_REPLYING && request->stream != NULL)
	{
		StreamTimeout(request);
		return;
	}
	unsent = request->job_busy && DbAbandon(request->worker->db, &request->job);
	if (unsent)
		request->job_busy = false;
	/* not sent means not done: the client may simply repeat */
	RequestFinish(request, unsent ? CBD_OVERLOADED : CBD_TIMEOUT);
}

void
RequestClientLeft(Request *request)
{
	if (request->phase == PHASE_REPLYING && request->stream != NULL)
		StreamClientLeft(request);
	if (request->phase != PHASE_WAITING)
		return;
	Count(&request->worker->metrics.clients_left, 1);
	LogEvent(LOG_DEBUG, request->id, "the client left");
	if (request->job_busy && DbAbandon(request->worker->db, &request->job))
		request->job_busy = false;
	request->dropped = true;
	RequestFinish(request, CBD_OK);
}
