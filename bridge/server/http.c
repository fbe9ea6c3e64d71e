/* HTTP: from the request line to a complete request, and back. Nothing here knows what a request means. */
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
#include "text/utf8.h"
#include "wire/status_codes.h"

#define SMALL_BODY (64 * 1024) /* of a refused request: read and thrown away, to keep the connection */
#define LINGER     5000        /* ms that a client has to read why its body is refused while it sends */

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
	client->request = request;
	ClientEnter(client, CLIENT_HEADER, ConfigNow()->header_timeout);
	return request;
}

/* The client's address: through trusted proxies from right to left, as far as they vouch for each other. */
static void
ResolveAddress(Request *request, const char *forwarded)
{
	const Config *config = ConfigNow();
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	uint8_t address[16] = {0};
	size_t end = forwarded == NULL ? 0 : strlen(forwarded);
	bool peer_loopback;

	if (info != NULL && info->client_addr != NULL)
		SocketAddress(info->client_addr, address);
	peer_loopback = IsLoopback(address);
	while (end > 0)
	{
		uint8_t further[16];
		size_t start = end;
		bool trusted = false;

		for (int i = 0; i < config->proxy_count; i++)
			trusted = trusted || InRange(&config->proxies[i], address);
		if (!trusted)
			break;
		while (start > 0 && forwarded[start - 1] != ',')
			start--;
		while (forwarded[start] == ' ' && start < end)
			start++;
		while (end > start && forwarded[end - 1] == ' ')
			end--;
		if (!ParseAddress(forwarded + start, end - start, further))
			break;
		memcpy(address, further, sizeof(address));
		while (start > 0 && forwarded[start - 1] != ',')
			start--;
		end = start > 0 ? start - 1 : 0;
	}
	AddressText(address, request->address);
	request->loopback = peer_loopback && IsLoopback(address);
}

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
		wrong = "Transfer-Encoding must be chunked";
	}
	else if (coding != NULL && length != NULL)
		wrong = "Transfer-Encoding and Content-Length exclude each other";
	else if (headers->repeated)
		wrong = "a header that may stand once is repeated";
	else if (headers->malformed)
		wrong = "a header's name is malformed";
	else if (length != NULL && strspn(length, "0123456789") != strlen(length))
		wrong = "Content-Length must be a number";
	else if (host == NULL ? strcmp(version, "HTTP/1.1") == 0 : !ValidHost(host, strlen(host)))
		wrong = "Host is missing or malformed";
	if (wrong != NULL)
		Refuse(request, status, NULL, "%s", wrong);
	request->close = request->status != CBD_OK;
}

/* The route, or why there is none. */
static void
FindRoute(Request *request)
{
	const Config *config = ConfigNow();

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
			Refuse(request, error.status, NULL, "path, byte %zu: %s", error.offset, error.what);
		else
			Refuse(request, CBD_NO_SUCH_PATH, NULL, NULL);
	}
	else if (request->method == METHOD_OPTIONS && request->origin != NULL)
		request->allow =
			AllowedMethods(request->match.methods, NULL); /* CORS preflight: answered as it stands */
	else if (request->route == NULL || (request->head && (request->route->flags & ROUTE_ONCE)))
	{
		request->allow = AllowedMethods(request->match.methods, request->route);
		Refuse(request, CBD_METHOD_NOT_ALLOWED, NULL, NULL);
	}
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
	bool chunked = headers->values[HEADER_TRANSFER_ENCODING] != NULL;
	unsigned long long length = announced == NULL ? 0 : strtoull(announced, NULL, 10);
	bool expected = length > 0 || chunked;
	bool event = request->route != NULL && (request->route->flags & ROUTE_EVENT_BODY);
	Body *body = &request->body;

	body->limit = (size_t) (event ? config->max_event_body : config->max_body);
	if (request->status == CBD_OK && length > body->limit)
		Refuse(request, CBD_TOO_LARGE, NULL, "at most %zu bytes", body->limit);
	if (request->status == CBD_OK && expected)
		ReadBodyForm(request);
	body->discard = request->status != CBD_OK;
	if (body->discard &&
		(length > SMALL_BODY || chunked || (expected && headers->values[HEADER_EXPECT] != NULL)))
		request->close = true;
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

/* The header is complete. */
static void
TakeHeader(Request *request, const char *method, const char *version)
{
	const Config *config = ConfigNow();
	Headers headers;

	request->method_name = method;
	request->method = MethodOf(method);
	request->head = strcmp(method, "HEAD") == 0;
	HeadersRead(&headers, request->connection, &request->arena);
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
	if (request->query.text != NULL)
		Negotiate(request, &headers);
	KeepHeaders(request, &headers);
	ReadCaller(request, &headers);
	CheckValues(request);
	ExpectBody(request, &headers);
	ClientEnter(request->client, CLIENT_BODY, config->body_timeout);
	request->phase = PHASE_BODY;
}

static void
TakeBody(Request *request, const char *piece, size_t size)
{
	Body *body = &request->body;
	int status = body->discard ? CBD_OK : BodyAdd(body, piece, size);

	if (status == CBD_OK)
		return;
	/* told at once; the client has a moment to read it before the connection ends under its sending */
	if (status == CBD_TOO_LARGE)
		Refuse(request, status, NULL, "at most %zu bytes", body->limit);
	body->discard = true;
	BodyFree(body);
	RequestFinish(request, status);
	ReplyEarly(request);
	ClientEnter(request->client, CLIENT_BODY, LINGER);
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
			RequestFinish(request, CBD_BAD_REQUEST); /* now: the body would be thrown away */
			return ReplySend(request);
		case PHASE_BODY:
			if (*upload_size > 0)
			{
				TakeBody(request, upload, *upload_size);
				*upload_size = 0;
				return MHD_YES;
			}
			if (request->body.discard)
				request->body.length = 0;
			RequestRun(request);
			if (request->phase == PHASE_WAITING)
				return MHD_YES;
			return ReplySend(request);
		case PHASE_READY:
			return request->dropped ? MHD_NO : ReplySend(request);
		case PHASE_REPLYING: /* refused early: what still comes is thrown away */
			if (*upload_size == 0)
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
