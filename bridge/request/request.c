/*
 * Memory of requests, refusals, results.
 *
 * Requests are kept for reuse with their first block of memory, per worker: a worker under load allocates
 * nothing for a small request.
 */
#include "request/request.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "request/kind.h"
#include "wire/status_codes.h"

#define FREE_LIMIT  256 /* requests kept for reuse by a worker */
#define ERROR_LIMIT 100 /* errors of one reply */

Request *
RequestNew(Worker *worker, Client *client, struct MHD_Connection *connection, const Kind *kind)
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
	request->kind = kind;
	request->started = Milliseconds();
	worker->open_requests++;
	return request;
}

void
RequestFree(Request *request)
{
	Worker *worker = request->worker;

	if (request->kind->end != NULL)
		request->kind->end(request);
	if (request->ask != NULL)
		AskForget(request->ask);
	ResultFree(request->result);
	BodyFree(&request->body);
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

/* A message into the request's memory. */
static const char *
KeepMessage(Request *request, bool chinese, const char *format, va_list arguments)
{
	size_t length = MessageWrite(NULL, 0, chinese, format, arguments);
	char *text = ArenaAlloc(&request->arena, length + 1);

	MessageWrite(text, length + 1, chinese, format, arguments);
	return text;
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
	error->message = KeepMessage(request, false, format, arguments);
	error->chinese = KeepMessage(request, true, format, arguments);
	va_end(arguments);
	if (request->last_error == NULL)
		request->errors = error;
	else
		request->last_error->next = error;
	request->last_error = error;
}

const char *
IssuerOrRefuse(Request *request)
{
	const char *issuer = Issuer(&request->arena);

	if (issuer == NULL)
		Refuse(request, CBD_NOT_SET_UP, NULL, "public_url is not configured");
	return issuer;
}

const char *
KeepSpan(Request *request, Span span)
{
	return span.length == 0 ? NULL : ArenaCopy(&request->arena, span.text, span.length);
}

void
KeepData(Request *request, Text *text)
{
	request->data = (Span){ArenaCopy(&request->arena, text->bytes == NULL ? "" : text->bytes, text->length),
						   text->length};
	TextClear(text);
}

bool
ResultFrame(const PGresult *result, Frame *frame)
{
	return FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), frame);
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

bool
RecordFrame(Request *request, const Frame *frame)
{
	return frame->audit.length == 0 ||
		   AuditAdd(request->worker->audit, frame->audit.text, frame->audit.length);
}
