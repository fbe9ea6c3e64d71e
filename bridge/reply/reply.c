/* Envelope, headers, log line of a reply. */
#include "reply/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind/data.h"
#include "reply/encode.h"
#include "server/http.h"
#include "base/log.h"
#include "manual/manual.h"
#include "kind/oauth.h"
#include "kind/reference.h"
#include "wire/status_codes.h"
#include "reply/stream.h"
#include "reply/xml.h"
#include "wire/paths.h"

#define ONE_RECORD 8192 /* bytes: replies up to here go out with their header as one TLS record */

/* {"errors":[…]} of the errors found here, or null. */
static void
AddErrors(Text *text, const Error *error)
{
	TextAddString(text, "{\"errors\":[");
	for (; error != NULL; error = error->next)
	{
		TextAddString(text, "{\"pointer\":");
		TextAddJson(text, error->pointer);
		TextPrint(text, ",\"statusCode\":%d,\"message\":", error->status);
		TextAddJson(text, error->message);
		TextAddString(text, error->next != NULL ? "}," : "}");
	}
	TextAddString(text, "]}");
}

static void
AddEnvelope(Text *text, const Request *request)
{
	const StatusRow *row = StatusFind(request->status);
	bool success = request->status == CBD_OK;

	text->capacity = request->data_length + 256;
	text->bytes = Allocate(text->capacity);
	TextPrint(text, "{\"success\":%s,\"code\":%d,\"statusCode\":%d,\"message\":\"",
			  success ? "true" : "false", success ? 0 : -1, request->status);
	TextAddString(text, request->chinese ? row->chinese : row->english);
	TextPrint(text, "\",\"requestId\":\"%s\",\"data\":", request->id);
	if (request->data_length > 0)
		TextAdd(text, request->data, request->data_length);
	else if (request->errors != NULL)
		AddErrors(text, request->errors);
	else
		TextAddString(text, "null");
	TextAdd(text, "}", 1);
}

/* Deployed callers of the vendor paths read the body of a 200 only. */
static unsigned
HttpStatus(const Request *request)
{
	int http = request->status == CBD_OK ? 200 : StatusFind(request->status)->http;

	if (request->status == CBD_OK && request->method == METHOD_OPTIONS)
		return 204;
	if (request->http != 0)
		return request->http;
	if (request->route != NULL && (request->route->flags & ROUTE_VENDOR) && http < 500 && http != 401 &&
		http != 405 && http != 413 && http != 429)
		return 200;
	return (unsigned) http;
}

/* RFC 6750 3: what a caller without (good) authorisation is told to come with. */
static void
AddChallenge(struct MHD_Response *response, const Request *request, unsigned http)
{
	const char *challenge = "Bearer realm=\"citybigdata\"";

	if (request->route != NULL && (request->route->flags & ROUTE_OAUTH))
		return;
	if (request->status == CBD_INVALID_TOKEN)
		challenge = "Bearer realm=\"citybigdata\", error=\"invalid_token\"";
	else if (request->status == CBD_INSUFFICIENT_SCOPE)
		challenge = "Bearer realm=\"citybigdata\", error=\"insufficient_scope\"";
	else if (http != 401)
		return;
	MHD_add_response_header(response, "WWW-Authenticate", challenge);
}

static void
AddHeaders(struct MHD_Response *response, const Request *request, unsigned http)
{
	bool tagged = request->status == CBD_OK && (request->tag != NULL || request->etag != NULL);
	char number[16];

	MHD_add_response_header(response, "X-Request-Id", request->id);
	MHD_add_response_header(response, "Cache-Control", tagged ? "private, no-cache" : "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	AddChallenge(response, request, http);
	if (request->allow != NULL)
		MHD_add_response_header(response, "Allow", request->allow);
	if (request->retry_after > 0 && request->status != CBD_OK)
	{
		snprintf(number, sizeof(number), "%d", request->retry_after);
		MHD_add_response_header(response, "Retry-After", number);
	}
	if (request->rate != NULL)
	{
		MHD_add_response_header(response, "RateLimit-Policy", request->rate_policy);
		MHD_add_response_header(response, "RateLimit", request->rate);
	}
	if (request->vary)
		MHD_add_response_header(response, "Vary", "Accept, Accept-Charset, Accept-Encoding, Accept-Language");
	if (request->origin != NULL)
	{
		MHD_add_response_header(response, "Access-Control-Allow-Origin", request->origin);
		MHD_add_response_header(response, "Vary", "Origin");
		if (request->method == METHOD_OPTIONS)
		{
			MHD_add_response_header(response, "Access-Control-Allow-Methods", request->allow);
			MHD_add_response_header(response, "Access-Control-Allow-Headers",
									"Authorization, Content-Type, Idempotency-Key, X-Request-Id, X-App-Code, "
									"X-Timestamp, X-Nonce, "
									"X-Signature, X-Signature-Method, If-None-Match, Range, If-Range");
			MHD_add_response_header(response, "Access-Control-Max-Age", "600");
		}
		else
			MHD_add_response_header(response, "Access-Control-Expose-Headers",
									"X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Link, ETag, "
									"Content-Range, Accept-Ranges, Content-Disposition");
	}
	if (request->close || request->worker->draining)
		MHD_add_response_header(response, "Connection", "close");
}

/* The headers whose values the extension names. */
static void
AddNamed(struct MHD_Response *response, const Request *request)
{
	const char *const headers[][2] = {{"ETag", request->etag},
									  {"Last-Modified", request->last_modified},
									  {"Content-Range", request->content_range},
									  {"Content-Disposition", request->content_disposition}};

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (headers[i][1] != NULL)
			MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

/* A call that the extension has not recorded: one row each, allowed or refused (6.3). Being busy is no
 * answer. */
static void
RecordRefusal(const Request *request)
{
	char object[128];

	if (request->framed || request->route == NULL || request->route->function == NULL ||
		request->status == CBD_OK || request->status / 100 == 503 ||
		(request->route->flags & ROUTE_NO_CONTEXT))
		return;
	snprintf(object, sizeof(object), "%s %s", request->route->method == METHOD_POST ? "POST" : "GET",
			 request->route->path);
	AuditRefusal(request->worker->audit, request->id, request->address, request->app_code, request->scheme,
				 object, request->status);
}

/* How much of an unknown path the log may show: a mistyped sealed address is as good as a token. */
static size_t
ShownLength(Span path)
{
	static const char *const sealed[] = {SEALED_PATH, MEDIA_PATH};

	for (size_t i = 0; i < sizeof(sealed) / sizeof(sealed[0]); i++)
		if (path.length > strlen(sealed[i]) && memcmp(path.text, sealed[i], strlen(sealed[i])) == 0)
			return strlen(sealed[i]);
	return path.length < 200 ? path.length : 200;
}

static void
Record(const Request *request, unsigned http)
{
	uint64_t milliseconds = Milliseconds() - request->started;
	LogAccess access = {request->id,          request->address,
						request->method_name, request->match.methods != 0 ? request->match.path : NULL,
						(int) http,           request->status,
						(double) milliseconds};
	LogLevel level = request->status == CBD_OK               ? LOG_DEBUG
					 : request->status == CBD_INTERNAL_ERROR ? LOG_ERROR
					 : request->status >= 50000              ? LOG_WARNING
															 : LOG_INFO;
	char path[256];

	Count(&request->worker->metrics.requests[http / 100], 1);
	RecordRefusal(request);
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

Encoding
ReplyEncoding(const Request *request)
{
	bool secret = request->route != NULL && (request->route->flags & ROUTE_SECRET);

	return (Encoding){request->charset, request->gzip && !secret};
}

/* The envelope in the form, charset and coding that were asked for; returns its Content-Type. */
static const char *
MakeEnvelope(Text *text, Request *request)
{
	bool gb18030 = request->charset == CHARSET_GB18030;
	const char *type = "application/json";

	AddEnvelope(text, request);
	if (request->xml && XmlFromJson(text, gb18030 ? "GB18030" : "UTF-8"))
		type = "application/xml";
	request->vary = true;
	request->gzip = EncodeWhole(text, ReplyEncoding(request));
	return ArenaPrint(&request->arena, "%s; charset=%s", type, gb18030 ? "GB18030" : "utf-8");
}

/* Published or reference data that is not in the envelope. */
static void
EncodeData(Text *text, Request *request)
{
	request->vary = true;
	request->gzip = EncodeWhole(text, ReplyEncoding(request));
}

static ssize_t
NoBody(void *cls, uint64_t position, char *buffer, size_t room)
{
	return MHD_CONTENT_READER_END_OF_STREAM;
}

/* The text becomes the response's; of a stream, and of a HEAD of a medium, there is none. */
static struct MHD_Response *
MakeResponse(Request *request, Text *text, unsigned http)
{
	struct MHD_Response *response;

	if (request->media != NULL && http / 100 == 2 && (request->stream != NULL || request->head))
		return MediaResponse(request);
	if (request->stream != NULL)
		return StreamResponse(request, MHD_SIZE_UNKNOWN, ReplyEncoding(request));
	/* of a 304 a Content-Length would be that of the 200 (RFC 9110 8.6), which is not made: libmicrohttpd
	 * would say 0 */
	if (http == 304)
	{
		ClearAndFree(text->bytes);
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, NoBody, NULL, NULL);
	}
	response = MHD_create_response_from_buffer_with_free_callback(text->length, text->bytes, ClearAndFree);
	if (response == NULL)
		ClearAndFree(text->bytes);
	return response;
}

/* The reply's bytes but for those of streams; returns its Content-Type, and corrects *http. */
static const char *
MakeBody(Request *request, Text *text, unsigned *http)
{
	const char *type = request->content_type;
	int flags = request->route == NULL ? 0 : request->route->flags;
	bool good = request->status == CBD_OK;

	if (good && (flags & ROUTE_REFERENCE))
	{
		ReferenceTake(request);
		type = request->content_type;
	}
	if (good && request->unchanged)
		*http = 304;
	if (good && (flags & ROUTE_DOCUMENT) && *http != 204)
		ManualBody(request, text, &type, http);
	else if ((flags & ROUTE_OAUTH) && *http != 204)
		OauthBody(request, text, &type, http);
	else if (*http == 204 || *http == 304)
		TextAdd(text, "", 0);
	else if (request->stream != NULL)
		request->vary = request->media == NULL; /* its bytes come later */
	else if (good && request->media != NULL && request->head)
		return type; /* its length, no bytes */
	else if (good && type != NULL)
	{
		if (request->prefix != NULL)
			TextAddString(text, request->prefix);
		TextAdd(text, request->data, request->data_length);
		if (request->data_call != NULL || request->tag != NULL)
			EncodeData(text, request);
	}
	else
		return MakeEnvelope(text, request);
	return type;
}

enum MHD_Result
ReplySend(Request *request)
{
	unsigned http = HttpStatus(request);
	Text text = {NULL, 0, 0};
	const char *type = MakeBody(request, &text, &http);
	struct MHD_Response *response;
	enum MHD_Result result;

	Record(request, http); /* before the body goes, which parameters point into */
	BodyFree(request);
	response = MakeResponse(request, &text, http);
	if (response == NULL)
		return MHD_NO;
	if (http != 204 && http != 304)
		MHD_add_response_header(response, "Content-Type", type);
	if (request->gzip && request->vary && http != 304)
		MHD_add_response_header(response, "Content-Encoding", "gzip");
	AddHeaders(response, request, http);
	AddNamed(response, request);
	ManualHeaders(response, request);
	DataHeaders(response, request);
	ReferenceHeaders(response, request);
	MediaHeaders(response, request);
	if (request->route != NULL && (request->route->flags & ROUTE_OAUTH))
		OauthHeaders(response, request, http);
	request->phase = PHASE_REPLYING;
	/* a large reply may take its time, a byte now and then is not enough */
	ClientEnter(request->client, CLIENT_REPLY, ConfigNow()->reply_timeout);
	if (request->one_record && !request->close && !request->worker->draining && text.length < ONE_RECORD &&
		request->stream == NULL)
		ClientCork(request->client);
	result = MHD_queue_response(request->connection, http, response);
	MHD_destroy_response(response);
	ResultFree(request->frame);
	request->frame = NULL;
	request->data = NULL;
	return result;
}

void
ReplyEarly(Request *request)
{
	unsigned http = HttpStatus(request);
	Client *client = request->client;
	Text body = {NULL, 0, 0}, text = {NULL, 0, 0};

	AddEnvelope(&body, request);
	TextPrint(&text,
			  "HTTP/1.1 %u %s\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %zu\r\n",
			  http, MHD_get_reason_phrase_for(http), body.length);
	TextPrint(&text, "X-Request-Id: %s\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n",
			  request->id);
	if (request->retry_after > 0)
		TextPrint(&text, "Retry-After: %d\r\n", request->retry_after);
	TextAddString(&text, "Connection: close\r\n\r\n");
	TextAdd(&text, body.bytes, body.length);
	ClientSend(client, text.bytes, text.length);
	free(text.bytes);
	free(body.bytes);
	request->phase = PHASE_REPLYING;
	Record(request, http);
}
