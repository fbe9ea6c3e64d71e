/*
 * Replies on their way; see send.h.
 *
 * Order of the headers: those of every reply, those that the frame names, those of the kind. A header
 * whose value the extension names is copied only when the outcome is still the extension's: a reply that
 * the bridge refuses afterwards (memory, audit) must not carry the tag or range of what is not sent.
 */
#include "reply/send.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/config.h"
#include "base/status.h"
#include "reply/encode.h"
#include "reply/record.h"
#include "reply/reply.h"
#include "reply/stream.h"
#include "wire/status_codes.h"

#define ONE_RECORD 8192 /* bytes: replies up to here go out with their header as one TLS record */

/* Is the outcome the extension's, so that what it names goes with it? */
static bool
OutcomeOfFrame(const Request *request)
{
	return request->answered && request->status == (int) request->frame.status;
}

/* HTTP status of the outcome: as the extension names it, else the kind's. */
static unsigned
HttpStatus(const Request *request)
{
	if (OutcomeOfFrame(request) && request->frame.http != FRAME_NONE)
		return (unsigned) request->frame.http;
	return KindHttp(request->kind, request->status);
}

/* A CORS preflight is answered as it stands. */
static bool
Preflight(const Request *request)
{
	return request->status == CBD_OK && request->method == METHOD_OPTIONS;
}

/* RFC 6750 3: what a caller without (good) authorisation is told to come with. */
static const char *
Challenge(const Request *request, unsigned http)
{
	if (request->kind->own_challenge)
		return NULL;
	if (request->status == CBD_INVALID_TOKEN)
		return "Bearer realm=\"citybigdata\", error=\"invalid_token\"";
	if (request->status == CBD_INSUFFICIENT_SCOPE)
		return "Bearer realm=\"citybigdata\", error=\"insufficient_scope\"";
	return http == 401 ? "Bearer realm=\"citybigdata\"" : NULL;
}

#define EXPOSED_HEADERS                                                                                      \
	"X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Link, ETag, Last-Modified, Content-Range, "     \
	"Accept-Ranges, Content-Disposition, WWW-Authenticate, X-Code-Tables, Content-Crs"

/* What a request may carry: "*" would not cover Authorization, so that every name is told (Fetch 4.9). */
#define ALLOWED_HEADERS                                                                                      \
	"Authorization, Content-Type, Idempotency-Key, X-Request-Id, X-App-Code, X-Timestamp, X-Nonce, X-TOTP, " \
	"X-Signature, X-Signature-Method, X-Requested-With, X-Ca-Key, X-Ca-Signature, X-Ca-Signature-Headers, "  \
	"X-Ca-Signature-Method, X-Ca-Timestamp, X-Ca-Nonce, X-Ca-Stage, Content-MD5, If-None-Match, Range, "     \
	"If-Range"

/* What a browser asks for when a page of another origin calls (Fetch standard): allowed origins only. */
static void
AddCors(Request *request, Reply *reply)
{
	if (request->origin == NULL)
		return;
	ReplyHeader(reply, "Access-Control-Allow-Origin", request->origin);
	ReplyHeader(reply, "Vary", "Origin");
	if (request->method != METHOD_OPTIONS)
	{
		ReplyHeader(reply, "Access-Control-Expose-Headers", EXPOSED_HEADERS);
		return;
	}
	ReplyHeader(reply, "Access-Control-Allow-Methods", request->allow);
	ReplyHeader(reply, "Access-Control-Allow-Headers", ALLOWED_HEADERS);
	ReplyHeader(reply, "Access-Control-Max-Age", "600");
}

/* Headers whose values the extension names, as they are. */
static void
AddNamed(Request *request, Reply *reply)
{
	const Frame *frame = &request->frame;

	if (!OutcomeOfFrame(request))
		return;
	ReplyHeader(reply, "ETag", KeepSpan(request, frame->etag));
	ReplyHeader(reply, "Last-Modified", KeepSpan(request, frame->last_modified));
	if (request->kind->ranges && request->status == CBD_OK)
		ReplyHeader(reply, "Accept-Ranges", "bytes");
	ReplyHeader(reply, "Location", KeepSpan(request, frame->location));
	ReplyHeader(reply, "Content-Range", KeepSpan(request, frame->content_range));
	ReplyHeader(reply, "Content-Disposition", KeepSpan(request, frame->content_disposition));
}

/* A caller with a limit is told of it, whatever the outcome. */
static void
AddRate(Request *request, Reply *reply)
{
	if (!request->answered)
		return;
	ReplyHeader(reply, "RateLimit-Policy", KeepSpan(request, request->frame.rate_policy));
	ReplyHeader(reply, "RateLimit", KeepSpan(request, request->frame.rate));
}

/* Headers of every reply. */
static void
AddHeaders(Request *request, Reply *reply)
{
	bool tagged = request->status == CBD_OK &&
				  (reply->tag != NULL || (OutcomeOfFrame(request) && request->frame.etag.length > 0));
	char number[16];

	ReplyHeader(reply, "X-Request-Id", request->id);
	ReplyHeader(reply, "Cache-Control", tagged ? "private, no-cache" : "no-store");
	ReplyHeader(reply, "X-Content-Type-Options", "nosniff");
	ReplyHeader(reply, "WWW-Authenticate", Challenge(request, reply->http));
	ReplyHeader(reply, "Allow", request->allow);
	ReplyHeader(reply, "Accept-Encoding", request->encoded ? "identity" : NULL); /* RFC 9110 12.5.3 */
	if (request->retry_after > 0 && (request->status != CBD_OK || reply->http == 202))
	{
		snprintf(number, sizeof(number), "%d", request->retry_after);
		ReplyHeader(reply, "Retry-After", number);
	}
	AddRate(request, reply);
	if (reply->vary)
		ReplyHeader(reply, "Vary", "Accept, Accept-Charset, Accept-Encoding, Accept-Language");
	AddCors(request, reply);
	if (request->close || request->worker->draining)
		ReplyHeader(reply, "Connection", "close");
	AddNamed(request, reply);
}

/* The reader of replies that have no bytes. */
static ssize_t
NoBytes(void *cls, uint64_t position, char *buffer, size_t room)
{
	return MHD_CONTENT_READER_END_OF_STREAM;
}

/* The text becomes the response's. NULL: no memory. */
static struct MHD_Response *
MakeResponse(Request *request, Reply *reply)
{
	uint64_t length = reply->length < 0 ? MHD_SIZE_UNKNOWN : (uint64_t) reply->length;
	struct MHD_Response *response;

	if (request->stream != NULL)
		return StreamResponse(request, length,
							  reply->raw ? (Encoding){CHARSET_UTF8, false} : EncodingOf(request));
	/* of a 304 a Content-Length would be that of the 200 (RFC 9110 8.6), which is not made: libmicrohttpd
	 * would say 0 */
	if (reply->http == 304 || reply->length >= 0)
	{
		TextClear(&reply->text);
		return MHD_create_response_from_callback(length, 1, NoBytes, NULL, NULL);
	}
	TextAdd(&reply->text, "", 0); /* no bytes are a text too */
	response = MHD_create_response_from_buffer_with_free_callback(reply->text.length, reply->text.bytes,
																  ClearAndFree);
	if (response == NULL)
		ClearAndFree(reply->text.bytes);
	return response;
}

/* The reply's bytes, but for those of a stream. */
static void
MakeReply(Request *request, Reply *reply)
{
	if (Preflight(request))
	{
		reply->http = 204;
		return;
	}
	reply->http = HttpStatus(request);
	if (reply->http != 304)
		request->kind->make(request, reply);
}

/* Makes the reply, but for a stream's bytes, and records it; reply->response NULL: no memory. */
static void
BuildReply(Request *request, Reply *reply)
{
	MakeReply(request, reply);
	RecordReply(request, reply->http);
	BodyFree(&request->body);
	reply->response = MakeResponse(request, reply);
	if (reply->response == NULL)
		return;
	if (reply->http != 204 && reply->http != 304)
		ReplyHeader(reply, "Content-Type", reply->type);
	if (reply->gzip)
		ReplyHeader(reply, "Content-Encoding", "gzip");
	AddHeaders(request, reply);
	if (request->kind->headers != NULL)
		request->kind->headers(request, reply);
	ReplyHeader(reply, "ETag", reply->tag);
	request->phase = PHASE_REPLYING;
}

enum MHD_Result
ReplySend(Request *request)
{
	Reply reply = {.length = -1};
	enum MHD_Result result;

	BuildReply(request, &reply);
	if (reply.response == NULL)
		return MHD_NO;
	/* a large reply may take its time, a byte now and then is not enough */
	ClientEnter(request->client, CLIENT_REPLY, ConfigNow()->reply_timeout);
	if (request->one_record && !request->close && !request->worker->draining &&
		reply.text.length < ONE_RECORD && request->stream == NULL)
		ClientCork(request->client);
	result = MHD_queue_response(request->connection, reply.http, reply.response);
	MHD_destroy_response(reply.response);
	ResultFree(request->result);
	request->result = NULL;
	return result;
}

static enum MHD_Result
WriteHeader(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	TextPrint(cls, "%s: %s\r\n", name, value);
	return MHD_YES;
}

void
ReplyEarly(Request *request)
{
	Reply reply = {.length = -1};
	Text text = {NULL, 0, 0};

	request->close = true;
	BuildReply(request, &reply);
	request->phase = PHASE_REPLYING;
	if (reply.response != NULL)
	{
		TextPrint(&text, "HTTP/1.1 %u %s\r\nContent-Length: %zu\r\n", reply.http,
				  MHD_get_reason_phrase_for(reply.http), reply.text.length);
		MHD_get_response_headers(reply.response, WriteHeader, &text);
		TextAddString(&text, "\r\n");
		if (!request->head)
			TextAdd(&text, reply.text.bytes, reply.text.length);
		ClientSend(request->client, text.bytes, text.length);
		MHD_destroy_response(reply.response);
	}
	ClientEnd(request->client);
	TextClear(&text);
	ResultFree(request->result);
	request->result = NULL;
}
