/*
 * Counters, log line and audit record of a reply.
 *
 * The extension records every call that it answers. What never came so far (a wrong parameter, a queue
 * that is full, a function that failed and took its row with it) is recorded here, so that no call is
 * without a row but those that were told to come again.
 */
#include "reply/record.h"

#include <stdio.h>

#include "base/log.h"
#include "base/status.h"
#include "wire/paths.h"
#include "wire/status_codes.h"

/* A call that the extension has not recorded: one row each, allowed or refused (6.3). To be busy is no
 * decision about the call. */
static void
AuditReply(const Request *request)
{
	const Route *route = request->route;
	char object[128];

	if (request->answered || route == NULL || route->function == NULL || request->status == CBD_OK ||
		StatusHttp(request->status) == 503 || (route->flags & ROUTE_NO_CONTEXT))
		return;
	snprintf(object, sizeof(object), "%s %s", MethodName(route->method), route->path);
	AuditRefusal(request->worker->audit, request->id, request->address, request->caller.app_code,
				 SchemeName(request->caller.scheme), object, request->status);
}

#define SHOWN_PATH    200 /* bytes of an unknown path */
#define SHOWN_SEGMENT 40  /* bytes of one of its segments */

/* How much of an unknown path the log may show: a mistyped sealed address is as good as a token. */
static size_t
ShownLength(Span path)
{
	static const char *const sealed[] = {SEALED_PATH, MEDIA_PATH, OGC_SEALED_PATH};

	for (size_t i = 0; i < sizeof(sealed) / sizeof(sealed[0]); i++)
		if (SpanStarts(path, sealed[i]) && path.length > strlen(sealed[i]))
			return strlen(sealed[i]);
	for (size_t i = 0, start = 0; i < path.length && i < SHOWN_PATH; i++)
	{
		if (path.text[i] == '/')
			start = i + 1;
		if (i - start >= SHOWN_SEGMENT) /* as long as a token, whatever stands before it */
			return start;
	}
	return path.length < SHOWN_PATH ? path.length : SHOWN_PATH;
}

/* Level of the log line: what went wrong here is louder than what a client did. */
static LogLevel
LevelOf(int status)
{
	if (status == CBD_OK)
		return LOG_DEBUG;
	if (status == CBD_INTERNAL_ERROR)
		return LOG_ERROR;
	return StatusHttp(status) >= 500 ? LOG_WARNING : LOG_INFO; /* our trouble; a client's mistake */
}

void
RecordReply(const Request *request, unsigned http)
{
	uint64_t milliseconds = Milliseconds() - request->started;
	LogAccess access = {request->id,          request->address,
						request->method_name, request->match.methods != 0 ? request->match.path : NULL,
						(int) http,           request->status,
						(double) milliseconds};
	LogLevel level = LevelOf(request->status);
	char path[256];

	Count(&request->worker->metrics.requests[http / 100], 1);
	AuditReply(request);
	MetricsLatency(&request->worker->metrics, request->route == NULL ? LANE_NONE : request->route->lane,
				   milliseconds);
	if (!LogEnabled(level))
		return;
	if (access.path == NULL)
	{
		snprintf(path, sizeof(path), "%.*s", (int) ShownLength(request->path),
				 request->path.text == NULL ? "" : request->path.text);
		access.path = path;
	}
	LogRequest(level, &access);
}
