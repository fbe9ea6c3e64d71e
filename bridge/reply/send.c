/* Replies on their way; see send.h. */
#include "reply/send.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/config.h"
#include "base/status.h"
#include "reply/encode.h"
#include "reply/envelope.h"
#include "reply/record.h"
#include "reply/stream.h"
#include "wire/status_codes.h"

#define ONE_RECORD 8192 /* bytes: replies up to here go out with their header as one TLS record */

/* Is the outcome the extension's, so that what it names goes with it? */
static bool
OutcomeOfFrame(const Request *request)
{
	return request->answered && request->status == (int) request->frame.status;
}

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

static void
AddCors(Request *request, Reply *reply)
{
	if (request->origin == NULL)
		return;
	ReplyHeader(reply, "Access-Control-Allow-Origin", request->origin);
	ReplyHeader(reply, "Vary", "Origin");
	if (request->method != METHOD_OPTIONS)
	{
		ReplyHeader(reply, "Access-Control-Expose-Headers",
					"X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Link, ETag, "
					"Content-Range, Accept-Ranges, Content-Disposition");
		return;
	}
	ReplyHeader(reply, "Access-Control-Allow-Methods", request->allow);
	ReplyHeader(reply, "Access-Control-Allow-Headers",
				"Authorization, Content-Type, Idempotency-Key, X-Request-Id, X-App-Code, X-Timestamp, "
				"X-Nonce, X-TOTP, "
				"X-Signature, X-Signature-Method, If-None-Match, Range, If-Range");
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
	if (request->retry_after > 0 && request->status != CBD_OK)
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

enum MHD_Result
ReplySend(Request *request)
{
	Reply reply = {.length = -1};
	enum MHD_Result result;

	MakeReply(request, &reply);
	RecordReply(request, reply.http);
	BodyFree(&request->body);
	reply.response = MakeResponse(request, &reply);
	if (reply.response == NULL)
		return MHD_NO;
	if (reply.http != 204 && reply.http != 304)
		ReplyHeader(&reply, "Content-Type", reply.type);
	if (reply.gzip)
		ReplyHeader(&reply, "Content-Encoding", "gzip");
	AddHeaders(request, &reply);
	if (request->kind->headers != NULL)
		request->kind->headers(request, &reply);
	ReplyHeader(&reply, "ETag", reply.tag);
	request->phase = PHASE_REPLYING;
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

void
ReplyEarly(Request *request)
{
	unsigned http = HttpStatus(request);
	Text body = {NULL, 0, 0}, text = {NULL, 0, 0};

	EnvelopeText(request, &body);
	TextPrint(&text,
			  "HTTP/1.1 %u %s\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %zu\r\n",
			  http, MHD_get_reason_phrase_for(http), body.length);
	TextPrint(&text, "X-Request-Id: %s\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n",
			  request->id);
	if (request->retry_after > 0)
		TextPrint(&text, "Retry-After: %d\r\n", request->retry_after);
	TextAddString(&text, "Connection: close\r\n\r\n");
	TextAdd(&text, body.bytes, body.length);
	ClientSend(request->client, text.bytes, text.length);
	TextClear(&text);
	TextClear(&body);
	request->phase = PHASE_REPLYING;
	RecordReply(request, http);
}
