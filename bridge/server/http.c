/*
 * HTTP: from the request line to a complete request, and back. Nothing here knows what a request means.
 *
 * libmicrohttpd calls HttpTarget with the request line, HttpRequest when the header is complete, with each
 * piece of the body, at its end and after a suspension, and HttpCompleted when it lets go. A request that
 * is refused before its body has come is answered at its end, or at once where that would be too long to
 * wait; what two readers could frame differently ends the connection.
 */
#include "server/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/config.h"
#include "kind/kinds.h"
#include "reply/send.h"
#include "reply/stream.h"
#include "request/credentials.h"
#include "request/negotiate.h"
#include "request/run.h"
#include "request/signed.h"
#include "request/upload.h"
#include "text/utf8.h"
#include "wire/status_codes.h"

#define SMALL_BODY   (64 * 1024) /* of a refused request: read and thrown away, to keep the connection */
#define RATE_GRACE   10000       /* ms of a body without a least rate */
#define LINGER_BYTES ((size_t) 128 * 1024 * 1024)
#define LINGER       5000 /* ms that a client has to read why its body is refused while it sends */

/*
 * The query is read by us, from our copy. libmicrohttpd would make a list of its parameters too, each of some
 * 80 bytes of the connection's pool: a few hundred fill it, and then it ends the connection without a reply.
 * So its own copy, a line of that pool that it has not read further, ends behind the question mark.
 */
static void
HideQuery(const char *target)
{
	char *mark = strchr(target, '?');

	if (mark != NULL)
		mark[1] = '\0';
}

void *
HttpTarget(void *cls, const char *target, struct MHD_Connection *connection)
{
	Worker *worker = cls;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	Client *client = info->socket_context;
	Request *request = RequestNew(worker, client, connection, &kind_envelope);
	size_t length = strlen(target);

	request->target = (Span){ArenaCopy(&request->arena, target, length), length};
	HideQuery(target);
	client->request = request;
	ClientEnter(client, CLIENT_HEADER, ConfigNow()->header_timeout);
	return request;
}

/*
 * The client's address: through trusted proxies from right to left, as far as they vouch for each other. What
 * a trusted proxy says and cannot be read is nobody, never the proxy: no address grant, not from inside.
 */
static void
ResolveAddress(Request *request, const char *forwarded)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	uint8_t address[16] = {0};
	Span rest = {forwarded, forwarded == NULL ? 0 : strlen(forwarded)}, element;
	bool known = true, peer_loopback;

	if (info != NULL && info->client_addr != NULL)
		SocketAddress(info->client_addr, address);
	peer_loopback = IsLoopback(address);
	while (known && rest.text != NULL && IsTrustedProxy(address))
	{
		element = LastElement(&rest);
		known = ParseForwarded(element, address);
	}
	if (known)
	{
		AddressText(address, request->address);
		request->body.share = ShareOf(address);
	}
	else
	{
		static const uint8_t nobody[16];

		request->address[0] = '\0';
		request->body.share = ShareOf(nobody);
	}
	request->loopback = known && peer_loopback && IsLoopback(address);
}

/* The request's id: the client's X-Request-Id when it is well formed, else a new one. */
static void
ChooseId(Request *request, const char *given)
{
	Worker *worker = request->worker;

	if (given != NULL && ValidRequestId(given, strlen(given)))
		strcpy(request->id, given);
	else
		snprintf(request->id, sizeof(request->id), "%s%08llx", worker->id_prefix,
				 (unsigned long long) ++worker->id_counter);
}

/* HEAD is a GET whose bytes are not sent (Request.head). */
static Method
MethodOf(const char *name)
{
	if (strcmp(name, "GET") == 0 || strcmp(name, "HEAD") == 0)
		return METHOD_GET;
	if (strcmp(name, "POST") == 0)
		return METHOD_POST;
	return strcmp(name, "OPTIONS") == 0 ? METHOD_OPTIONS : METHOD_OTHER;
}

/* An origin that the configuration allows, or NULL. */
static const char *
AllowedOrigin(Request *request, const char *origin)
{
	const char *list = ConfigNow()->cors_origins;
	size_t wanted = origin == NULL ? 0 : strlen(origin);

	while (wanted > 0 && *list != '\0')
	{
		size_t length = strcspn(list, ", ");

		if ((length == 1 && *list == '*') || (length == wanted && strncmp(list, origin, length) == 0))
			return ArenaCopy(&request->arena, origin, wanted);
		list += length;
		list += strspn(list, ", ");
	}
	return NULL;
}

/* Framing that two readers could understand differently is refused, and the connection closed. */
static void
CheckFraming(Request *request, const Headers *headers, const char *version)
{
	const char *host = headers->values[HEADER_HOST];
	const char *length = headers->values[HEADER_CONTENT_LENGTH];
	const char *coding = headers->values[HEADER_TRANSFER_ENCODING];
	const char *wrong = NULL;
	int status = CBD_INVALID_HEADER;

	if (coding != NULL && strcasecmp(coding, "chunked") != 0)
	{
		status = CBD_INVALID_ENCODING;
		wrong = MESSAGE("Transfer-Encoding must be chunked");
	}
	else if (coding != NULL && strcmp(version, "HTTP/1.1") != 0)
		wrong = MESSAGE("Transfer-Encoding is of HTTP/1.1");
	else if (coding != NULL && length != NULL)
		wrong = MESSAGE("Transfer-Encoding and Content-Length exclude each other");
	else if (headers->repeated)
		wrong = MESSAGE("a header that may stand once is repeated");
	else if (headers->malformed)
		wrong = MESSAGE("a header is malformed");
	else if (length != NULL && strspn(length, "0123456789") != strlen(length))
		wrong = MESSAGE("Content-Length must be a number");
	else if (host == NULL ? strcmp(version, "HTTP/1.1") == 0 : !ValidHost(host, strlen(host)))
		wrong = MESSAGE("Host is missing or malformed");
	if (wrong != NULL)
		Refuse(request, status, NULL, "%s{why*}", wrong);
	request->close = request->status != CBD_OK;
}

/* The route, or why there is none. */
static void
FindRoute(Request *request)
{
	const Config *config = ConfigNow();
	const Kind *kind;

	if (!SplitTarget(request->target.text, request->target.length, &request->path, &request->query))
	{
		Refuse(request, CBD_BAD_REQUEST, NULL, "the request target is malformed");
		return;
	}
	RouteFind(request->path, request->method, &request->match);
	request->route = request->match.route;
	if (request->route != NULL)
		request->kind = request->route->kind;
	if (request->target.length > (size_t) config->max_target)
		Refuse(request, CBD_URI_TOO_LONG, NULL, NULL);
	else if (request->match.methods == 0)
	{
		TextError error;
		char *copy = ArenaAlloc(&request->arena, request->path.length + 1);

		if (PercentDecode(request->path.text, request->path.length, copy, false, &error) < 0)
			Refuse(request, error.status, NULL, "%s{part*}, byte %zu{position}: %s{why*}", MESSAGE("path"),
				   error.offset, error.what);
		else
			Refuse(request, CBD_NO_SUCH_PATH, NULL, NULL);
	}
	else if (request->method == METHOD_OPTIONS && request->origin != NULL)
	{
		/* CORS preflight: answered as it stands, and without a route */
		request->allow = AllowedMethods(request->match.methods, NULL);
		request->decided = true;
	}
	else if (request->route == NULL || (request->head && (request->route->flags & ROUTE_ONCE)))
	{
		request->allow = AllowedMethods(request->match.methods, request->route);
		Refuse(request, CBD_METHOD_NOT_ALLOWED, NULL, NULL);
	}
	kind = request->route == NULL && !request->decided ? RouteKindUnder(request->path) : NULL;
	if (kind != NULL)
		request->kind = kind;
}

/* The form of a body that is expected. */
static void
ReadBodyForm(Request *request)
{
	const char *type = request->headers[HEADER_CONTENT_TYPE];
	Body *body = &request->body;

	body->form = BODY_UNKNOWN;
	if (type == NULL)
		return; /* refused when it has bytes */
	body->form = BodyFormOf(type, &body->charset);
	if (body->form == BODY_UNKNOWN || body->charset == CHARSET_OTHER)
		Refuse(request, CBD_UNSUPPORTED_MEDIA_TYPE, NULL,
			   body->form == BODY_UNKNOWN ? NULL : "the charset must be " CHARSETS_READ);
}

/* What is known of the body before it comes. */
static void
ExpectBody(Request *request, const Headers *headers)
{
	const Config *config = ConfigNow();
	const char *announced = headers->values[HEADER_CONTENT_LENGTH];
	const char *encoding = headers->values[HEADER_CONTENT_ENCODING];
	bool chunked = headers->values[HEADER_TRANSFER_ENCODING] != NULL;
	unsigned long long length = announced == NULL ? 0 : strtoull(announced, NULL, 10);
	bool expected = length > 0 || chunked;
	bool event = request->route != NULL && (request->route->flags & ROUTE_EVENT_BODY);
	Body *body = &request->body;

	body->limit = (size_t) (event ? config->max_event_body : config->max_body);
	/* who is nobody yet, or known by a password, has nothing large to say */
	if (request->route != NULL && (request->route->flags & (ROUTE_OPEN | ROUTE_BASIC)) &&
		body->limit > UNKNOWN_BODY)
		body->limit = UNKNOWN_BODY;
	if (request->status == CBD_OK && length > body->limit)
		Refuse(request, CBD_TOO_LARGE, NULL, "at most %zu{limit} bytes", body->limit);
	if (request->status == CBD_OK && expected && encoding != NULL && encoding[0] != '\0' &&
		strcasecmp(encoding, "identity") != 0)
	{
		request->encoded = true;
		Refuse(request, CBD_UNSUPPORTED_MEDIA_TYPE, NULL, "the body must not be compressed");
	}
	if (request->status == CBD_OK && expected && !request->decided)
		ReadBodyForm(request);
	body->discard = request->status != CBD_OK || request->decided;
	if (body->discard &&
		(length > SMALL_BODY || chunked || (expected && headers->values[HEADER_EXPECT] != NULL)))
	{
		/* one that waits to be told sends nothing; framing that cannot be trusted is not followed */
		body->lingers = !request->close && headers->values[HEADER_EXPECT] == NULL;
		request->close = true;
	}
	if (!body->discard)
		body->announced = (size_t) length;
}

/* Headers that are used later, when libmicrohttpd's buffer is other things. */
static void
KeepHeaders(Request *request, const Headers *headers)
{
	for (int i = 0; i < KEPT_HEADERS; i++)
		if (headers->values[i] != NULL)
			request->headers[i] = ArenaCopy(&request->arena, headers->values[i], strlen(headers->values[i]));
}

/* Who calls, as far as the header says. */
static void
ReadCaller(Request *request, const Headers *headers)
{
	const char *const *values = headers->values;
	const char *app_code = values[HEADER_APP_CODE];

	if (app_code != NULL)
		request->caller.app_code = ArenaCopy(&request->arena, app_code, strlen(app_code));
	if (request->status == CBD_OK && values[HEADER_AUTHORIZATION] != NULL && request->route != NULL)
		ReadAuthorization(request, values[HEADER_AUTHORIZATION]);
	if (request->status == CBD_OK && values[HEADER_ACCESS_TOKEN] != NULL && request->route != NULL &&
		(request->route->flags & ROUTE_TOKEN_HEADER))
		UseToken(request, values[HEADER_ACCESS_TOKEN], strlen(values[HEADER_ACCESS_TOKEN]));
	if (request->status == CBD_OK && values[HEADER_SIGNATURE] != NULL)
		SignedHeader(request);
	if (request->status == CBD_OK && values[HEADER_CA_SIGNATURE] != NULL)
		ArtemisHeader(request, values[HEADER_CA_KEY]);
}

/* Headers that go on as they are, and are not good for that. */
static void
CheckValues(Request *request)
{
	const char *key = request->headers[HEADER_IDEMPOTENCY_KEY];
	const char *app_code = request->caller.app_code;

	if (key != NULL && !HeaderPrintable(key))
		Refuse(request, CBD_INVALID_HEADER, "/Idempotency-Key", "printable ASCII characters only");
	if (app_code != NULL && Utf8FirstInvalid(app_code, strlen(app_code)) < strlen(app_code))
		Refuse(request, CBD_INVALID_APP_CODE, NULL, NULL);
}

/* Until when the body must have come so far: all of it has its time, and its rate has a least one. */
static void
SetBodyDeadline(Request *request)
{
	const Config *config = ConfigNow();
	const Body *body = &request->body;
	uint64_t now = MillisecondsAbout();
	uint64_t end = body->since + (uint64_t) config->body_timeout;
	uint64_t slowest = end;

	if (config->min_body_rate > 0)
		slowest = body->since + RATE_GRACE + body->length * 1000 / (uint64_t) config->min_body_rate;
	if (slowest < end)
		end = slowest;
	ClientEnter(request->client, CLIENT_BODY, end > now ? (int) (end - now) : 0);
}

/* The header is complete. */
static void
TakeHeader(Request *request, const char *method, const char *version)
{
	const Config *config = ConfigNow();
	Headers headers;

	request->method_name = method;
	request->method = MethodOf(method);
	request->head = strcmp(method, "HEAD") == 0;
	HeadersRead(&headers, request->connection, method, version, &request->arena);
	ChooseId(request, headers.values[HEADER_REQUEST_ID]);
	ResolveAddress(request, headers.values[HEADER_FORWARDED_FOR]);
	request->origin = AllowedOrigin(request, headers.values[HEADER_ORIGIN]);
	/* a connection that ends with the reply would lose what is gathered */
	request->one_record = headers.values[HEADER_CONNECTION] == NULL && strcmp(version, "HTTP/1.1") == 0;
	if (headers.size + request->target.length > (size_t) config->max_header)
		Refuse(request, CBD_HEADER_TOO_LARGE, NULL, NULL);
	CheckFraming(request, &headers, version);
	if (request->status == CBD_OK)
		FindRoute(request);
	if (request->query.text != NULL && !request->decided)
		Negotiate(request, &headers);
	KeepHeaders(request, &headers);
	if (!request->decided)
		ReadCaller(request, &headers);
	CheckValues(request);
	ExpectBody(request, &headers);
	request->body.since = MillisecondsAbout();
	SetBodyDeadline(request);
	request->phase = PHASE_BODY;
}

/*
 * The reply is told at once, while the body comes; a client that only reads when it has sent all has a moment
 * for that, and so many bytes, before the connection ends under its sending.
 */
static void
Linger(Request *request)
{
	request->body.discard = true;
	ReplyEarly(request);
	request->body.length = 0;
	ClientEnter(request->client, CLIENT_BODY, LINGER);
}

static void
RefuseBody(Request *request, int status)
{
	if (status == CBD_TOO_LARGE)
		Refuse(request, status, NULL, "at most %zu{limit} bytes", request->body.limit);
	RequestFinish(request, status);
	RequestSpendCode(request);
	Linger(request);
}

/* Takes in what has come of the body. Returns the bytes that are left: whoever sends them is asked about. */
static size_t
TakeBody(Request *request, const char *piece, size_t size)
{
	Body *body = &request->body;
	size_t room = body->discard || body->allowed || request->route == NULL ? size
				  : body->length < UNKNOWN_BODY                            ? UNKNOWN_BODY - body->length
																		   : 0;
	Caller caller;
	int status;

	if (room == 0 && body->length < body->limit)
	{
		if (UploadCaller(request, &caller))
			RequestCheckUpload(request, &caller);
		if (request->phase == PHASE_WAITING)
			return size;
		RefuseBody(request, request->status);
		return 0;
	}
	if (room > size || room == 0)
		room = size;
	status = body->discard ? CBD_OK : BodyAdd(body, piece, room);
	if (status == CBD_OK)
	{
		SetBodyDeadline(request);
		return size - room;
	}
	RefuseBody(request, status);
	return 0;
}

enum MHD_Result
HttpRequest(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
			const char *version, const char *upload, size_t *upload_size, void **pointer)
{
	Request *request = *pointer;

	if (request == NULL)
		return MHD_NO;
	switch (request->phase)
	{
		case PHASE_HEADER:
			TakeHeader(request, method, version);
			if (!request->close)
				return MHD_YES;
			/* now: the body would be thrown away */
			RequestFinish(request, request->decided ? CBD_OK : CBD_BAD_REQUEST);
			RequestSpendCode(request);
			if (!request->body.lingers)
				return ReplySend(request);
			Linger(request);
			return MHD_YES;
		case PHASE_BODY:
			if (*upload_size > 0)
			{
				*upload_size = TakeBody(request, upload, *upload_size);
				return MHD_YES;
			}
			if (request->body.discard)
				request->body.length = 0;
			RequestRun(request);
			if (request->phase == PHASE_WAITING)
				return MHD_YES;
			return ReplySend(request);
		case PHASE_READY:
			if (request->dropped)
				return MHD_NO;
			if (*upload_size == 0)
				return ReplySend(request);
			RefuseBody(request, request->status); /* it was asked whether more may come */
			*upload_size = 0;
			return MHD_YES;
		case PHASE_REPLYING: /* refused early: what still comes is thrown away */
			request->body.length += *upload_size;
			if (*upload_size == 0 || request->body.length > LINGER_BYTES)
				return MHD_NO;
			*upload_size = 0;
			return MHD_YES;
		default:
			return MHD_YES;
	}
}

void
HttpCompleted(void *cls, struct MHD_Connection *connection, void **pointer,
			  enum MHD_RequestTerminationCode code)
{
	Request *request = *pointer;

	if (request == NULL)
		return;
	*pointer = NULL;
	if (request->client != NULL)
	{
		request->client->request = NULL;
		ClientUncork(request->client);
		ClientEnter(request->client, CLIENT_IDLE, ConfigNow()->idle_timeout);
	}
	request->client = NULL;
	request->connection = NULL;
	StreamLetGo(request);
	if (request->job_busy)
		return; /* whoever takes its result frees the request */
	StreamFree(request);
	RequestFree(request);
}
