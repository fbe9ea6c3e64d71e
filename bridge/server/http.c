/* HTTP: from the request line to a complete request, and back. Nothing here knows what a request means. */
#include "server/http.h"

#include <ctype.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/accept.h"
#include "base/log.h"
#include "kind/reference.h"
#include "reply/reply.h"
#include "request/fields.h"
#include "request/signed.h"
#include "reply/stream.h"
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
	Request *request = RequestNew(worker, client, connection);

	request->target_length = strlen(target);
	request->target = ArenaCopy(&request->arena, target, request->target_length);
	client->request = request;
	ClientEnter(client, CLIENT_HEADER, ConfigNow()->header_timeout);
	return request;
}

/* The headers that matter, found in one pass. */
typedef struct Headers
{
	Request *request;
	const char *host, *content_length, *transfer_encoding, *authorization, *accept, *accept_charset,
		*accept_encoding, *accept_language, *request_id, *forwarded_for, *origin, *app_code, *connection,
		*expect, *signature, *ca_signature, *ca_key;
	bool repeated; /* one that may stand only once stands twice */
	bool malformed;
	size_t size;
} Headers;

/* What a header that stands more than once means. */
typedef enum Repeat
{
	REPEAT_LAST,    /* the last one counts */
	REPEAT_FIRST,   /* the first one */
	REPEAT_LIST,    /* all of them are one list, the last one at its end */
	REPEAT_REFUSED, /* could be read in two ways */
} Repeat;

#define OF_HEADERS(field) false, offsetof(Headers, field)
#define OF_REQUEST(field) true, offsetof(Request, field)
#define NAME(text)        text, sizeof(text) - 1

static const struct
{
	const char *name;
	size_t length; /* looked at first: most names differ in it */
	Repeat repeat;
	bool of_request; /* the text's place is there, else in Headers */
	size_t offset;
} known_headers[] = {
	{NAME("Host"), REPEAT_REFUSED, OF_HEADERS(host)},
	{NAME("Range"), REPEAT_REFUSED, OF_REQUEST(range)},
	{NAME("Accept"), REPEAT_LAST, OF_HEADERS(accept)},
	{NAME("Expect"), REPEAT_LAST, OF_HEADERS(expect)},
	{NAME("Origin"), REPEAT_REFUSED, OF_HEADERS(origin)},
	{NAME("Cookie"), REPEAT_FIRST, OF_REQUEST(cookie)},
	{NAME("X-Ca-Key"), REPEAT_REFUSED, OF_HEADERS(ca_key)},
	{NAME("If-Range"), REPEAT_REFUSED, OF_REQUEST(if_range)},
	{NAME("X-App-Code"), REPEAT_REFUSED, OF_HEADERS(app_code)},
	{NAME("Connection"), REPEAT_LAST, OF_HEADERS(connection)},
	{NAME("X-Signature"), REPEAT_REFUSED, OF_HEADERS(signature)},
	{NAME("Content-Type"), REPEAT_REFUSED, OF_REQUEST(media_type)},
	{NAME("X-Request-Id"), REPEAT_LAST, OF_HEADERS(request_id)},
	{NAME("Authorization"), REPEAT_REFUSED, OF_HEADERS(authorization)},
	{NAME("If-None-Match"), REPEAT_LIST, OF_REQUEST(if_none_match)},
	{NAME("Content-Length"), REPEAT_REFUSED, OF_HEADERS(content_length)},
	{NAME("Accept-Charset"), REPEAT_LAST, OF_HEADERS(accept_charset)},
	{NAME("X-Ca-Signature"), REPEAT_REFUSED, OF_HEADERS(ca_signature)},
	{NAME("Accept-Language"), REPEAT_LAST, OF_HEADERS(accept_language)},
	{NAME("Accept-Encoding"), REPEAT_LAST, OF_HEADERS(accept_encoding)},
	{NAME("X-Forwarded-For"), REPEAT_LIST, OF_HEADERS(forwarded_for)},
	{NAME("Idempotency-Key"), REPEAT_REFUSED, OF_REQUEST(idempotency_key)},
	{NAME("Transfer-Encoding"), REPEAT_REFUSED, OF_HEADERS(transfer_encoding)},
};
#define KNOWN_HEADERS (sizeof(known_headers) / sizeof(known_headers[0]))

static void
TakeValue(Headers *headers, const char **field, Repeat repeat, const char *value)
{
	if (*field == NULL || repeat == REPEAT_LAST)
		*field = value;
	else if (repeat == REPEAT_LIST)
		*field = ArenaPrint(&headers->request->arena, "%s,%s", *field, value);
	else if (repeat == REPEAT_REFUSED)
		headers->repeated = true;
}

/* RFC 9110 token characters: a name with a blank before the colon is an attempt to smuggle. */
static bool
ValidName(const char *name)
{
	const char *c = name;

	while (isalnum((unsigned char) *c) || (*c != '\0' && strchr("!#$%&'*+-.^_`|~", *c) != NULL))
		c++;
	return *c == '\0' && c > name;
}

static enum MHD_Result
OneHeader(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
		  size_t value_length)
{
	Headers *headers = cls;

	headers->size += name_length + value_length + 4;
	if (!ValidName(name))
		headers->malformed = true;
	for (size_t i = 0; i < KNOWN_HEADERS; i++)
		if (name_length == known_headers[i].length && strcasecmp(name, known_headers[i].name) == 0)
		{
			char *base = known_headers[i].of_request ? (char *) headers->request : (char *) headers;

			TakeValue(headers, (const char **) (base + known_headers[i].offset), known_headers[i].repeat,
					  value == NULL ? "" : value);
			break;
		}
	return MHD_YES;
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
CheckFraming(Request *request, Headers *headers, const char *version)
{
	if (headers->transfer_encoding != NULL && strcasecmp(headers->transfer_encoding, "chunked") != 0)
		Refuse(request, CBD_INVALID_ENCODING, NULL, "Transfer-Encoding must be chunked");
	else if (headers->transfer_encoding != NULL && headers->content_length != NULL)
		Refuse(request, CBD_INVALID_HEADER, NULL, "Transfer-Encoding and Content-Length exclude each other");
	else if (headers->repeated)
		Refuse(request, CBD_INVALID_HEADER, NULL, "a header that may stand once is repeated");
	else if (headers->malformed)
		Refuse(request, CBD_INVALID_HEADER, NULL, "a header's name is malformed");
	else if (headers->content_length != NULL &&
			 strspn(headers->content_length, "0123456789") != strlen(headers->content_length))
		Refuse(request, CBD_INVALID_HEADER, NULL, "Content-Length must be a number");
	else if (headers->host == NULL ? strcmp(version, "HTTP/1.1") == 0
								   : !ValidHost(headers->host, strlen(headers->host)))
		Refuse(request, CBD_INVALID_HEADER, NULL, "Host is missing or malformed");
	request->close = request->status != CBD_OK;
}

/* The value of the first pair of that name in the query, whether or not the rest is well formed. */
static bool
QueryValue(const Request *request, const char *wanted, Span *value)
{
	Span rest = request->query, name;

	while (NextPair(&rest, &name, value))
		if (SpanIs(name, wanted))
			return true;
	return false;
}

/* Form, charset, coding and language of the reply. `format` and `charset` of the query go before the headers.
 */
static void
ChooseFormat(Request *request, const Headers *headers)
{
	bool plain = request->route != NULL && (request->route->flags & (ROUTE_VENDOR | ROUTE_OAUTH));
	bool data = request->route != NULL &&
				(request->route->flags & ROUTE_DATA); /* more formats, the extension knows which */
	Span value;

	request->chinese = headers->accept_language != NULL && AcceptsChinese(headers->accept_language);
	request->gzip = headers->accept_encoding != NULL && AcceptsGzip(headers->accept_encoding);
	if (headers->accept_charset != NULL && AcceptsGb18030(headers->accept_charset))
		request->charset = CHARSET_GB18030;
	if (plain)
		return;
	if (QueryValue(request, "charset", &value))
	{
		request->charset = SpanIsAnyCase(value, "gb18030") ? CHARSET_GB18030 : CHARSET_UTF8;
		if (request->charset == CHARSET_UTF8 && CharsetNamed(value.text, value.length) != CHARSET_UTF8)
			Refuse(request, CBD_INVALID_PARAMETER, "/charset", "must be UTF-8 or GB18030");
	}
	if (headers->accept != NULL)
	{
		request->accepted = AcceptFormat(headers->accept, true);
		request->xml = request->accepted != FORMAT_JSON && AcceptFormat(headers->accept, false) == FORMAT_XML;
	}
	if (ReferenceTable(request) && (request->accepted == FORMAT_CSV || request->accepted == FORMAT_NDJSON))
		request->listing = request->accepted;
	if (QueryValue(request, "format", &value))
	{
		request->xml = SpanIsAnyCase(value, "xml");
		request->listing = !ReferenceTable(request)         ? FORMAT_JSON
						   : SpanIsAnyCase(value, "csv")    ? FORMAT_CSV
						   : SpanIsAnyCase(value, "ndjson") ? FORMAT_NDJSON
															: FORMAT_JSON;
		if (!request->xml && !data && request->listing == FORMAT_JSON && !SpanIsAnyCase(value, "json"))
			Refuse(request, CBD_INVALID_PARAMETER, "/format",
				   ReferenceTable(request) ? "must be json, xml, csv or ndjson" : "must be json or xml");
	}
}

/* The route, or why there is none. */
static void
FindRoute(Request *request)
{
	const Config *config = ConfigNow();

	if (!SplitTarget(request->target, request->target_length, &request->path, &request->query))
	{
		Refuse(request, CBD_BAD_REQUEST, NULL, "the request target is malformed");
		return;
	}
	RouteFind(request->path, request->method, &request->match);
	request->route = request->match.route;
	if (request->target_length > (size_t) config->max_target)
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

/* What is known of the body before it comes. */
static void
ExpectBody(Request *request, const Headers *headers)
{
	const Config *config = ConfigNow();
	unsigned long long length =
		headers->content_length == NULL ? 0 : strtoull(headers->content_length, NULL, 10);
	bool expected = length > 0 || headers->transfer_encoding != NULL;

	request->body_limit = request->route != NULL && (request->route->flags & ROUTE_EVENT_BODY)
							  ? (size_t) config->max_event_body
							  : (size_t) config->max_body;
	if (request->status == CBD_OK && length > request->body_limit)
		Refuse(request, CBD_TOO_LARGE, NULL, "at most %zu bytes", request->body_limit);
	if (request->status == CBD_OK && expected && request->media_type != NULL)
	{
		request->body_kind = BodyKindOf(request->media_type, &request->body_charset);
		if (request->body_kind == BODY_UNKNOWN || request->body_charset == CHARSET_OTHER)
			Refuse(request, CBD_UNSUPPORTED_MEDIA_TYPE, NULL,
				   request->body_kind == BODY_UNKNOWN ? NULL : "the charset must be " CHARSETS_READ);
	}
	else if (request->status == CBD_OK && expected)
		request->body_kind = BODY_UNKNOWN;
	if (request->body_kind == BODY_MULTIPART) /* used later, when libmicrohttpd's buffer is other things */
		request->media_type = ArenaCopy(&request->arena, request->media_type, strlen(request->media_type));
	request->discard_body = request->status != CBD_OK;
	if (request->discard_body &&
		(length > SMALL_BODY || headers->transfer_encoding != NULL || (expected && headers->expect != NULL)))
		request->close = true;
	if (!expected || request->discard_body || length == 0)
		return;
	request->body_announced = (size_t) length;
}

/* A header that is used later, when libmicrohttpd's buffer is other things. */
static void
KeepHeader(Request *request, const char **value)
{
	if (*value != NULL)
		*value = ArenaCopy(&request->arena, *value, strlen(*value));
}

/* The header is complete. */
static void
TakeHeader(Request *request, const char *method, const char *version)
{
	Headers headers = {.request = request, .size = request->target_length};
	const Config *config = ConfigNow();

	request->method_name = method;
	request->method = MethodOf(method);
	request->head = strcmp(method, "HEAD") == 0;
	MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, OneHeader, &headers);
	ChooseId(request, headers.request_id);
	ResolveAddress(request, headers.forwarded_for);
	request->origin = AllowedOrigin(request, headers.origin);
	/* a connection that ends with the reply would lose what is gathered */
	request->one_record = headers.connection == NULL && strcmp(version, "HTTP/1.1") == 0;
	if (headers.size > (size_t) config->max_header)
		Refuse(request, CBD_HEADER_TOO_LARGE, NULL, NULL);
	CheckFraming(request, &headers, version);
	if (request->status == CBD_OK)
		FindRoute(request);
	if (request->query.text != NULL)
		ChooseFormat(request, &headers);
	if (headers.app_code != NULL)
		request->app_code = ArenaCopy(&request->arena, headers.app_code, strlen(headers.app_code));
	KeepHeader(request, &request->idempotency_key);
	KeepHeader(request, &request->cookie);
	KeepHeader(request, &request->if_none_match);
	KeepHeader(request, &request->range);
	KeepHeader(request, &request->if_range);
	if (request->status == CBD_OK && headers.authorization != NULL && request->route != NULL)
		ReadAuthorization(request, headers.authorization);
	if (request->status == CBD_OK && headers.signature != NULL)
		SignedHeader(request);
	if (request->status == CBD_OK && headers.ca_signature != NULL)
		ArtemisHeader(request, headers.ca_key);
	for (const char *text = request->idempotency_key != NULL ? request->idempotency_key : ""; *text != '\0';
		 text++)
		if ((unsigned char) *text < 0x20 || (unsigned char) *text > 0x7e)
		{
			Refuse(request, CBD_INVALID_HEADER, "/Idempotency-Key", "printable ASCII characters only");
			break;
		}
	if (request->app_code != NULL &&
		Utf8FirstInvalid(request->app_code, strlen(request->app_code)) < strlen(request->app_code))
		Refuse(request, CBD_INVALID_APP_CODE, NULL, NULL);
	ExpectBody(request, &headers);
	ClientEnter(request->client, CLIENT_BODY, config->body_timeout);
	request->phase = PHASE_BODY;
}

static void
TakeBody(Request *request, const char *piece, size_t size)
{
	if (!request->discard_body && BodyGrow(request, size))
	{
		memcpy(request->body + request->body_length, piece, size);
		request->body_length += size;
		request->body[request->body_length] = '\0';
	}
	else if (!request->discard_body)
	{
		/* told at once; the client has a moment to read it before the connection ends under its sending */
		request->discard_body = true;
		BodyFree(request);
		RequestFinish(request, CBD_BAD_REQUEST);
		ReplyEarly(request);
		ClientEnter(request->client, CLIENT_BODY, LINGER);
	}
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
			if (request->discard_body)
				request->body_length = 0;
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
	if (request->stream != NULL)
		StreamLetGo(request);
	if (!request->job_busy)
		RequestFree(request);
}
