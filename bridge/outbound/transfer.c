/* One message on its way; see transfer.h. */
#include "outbound/transfer.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "db/watch.h"
#include "text/message.h"
#include "text/utf8.h"
#include "text/web_address.h"

#define CONNECT_TIMEOUT 5000 /* ms to a connection, TLS with it */
#define STALL_SPEED     1    /* bytes a second ... */
#define STALL_TIME      15   /* ... for so many seconds: it has stopped */
#define HEADER_LIMIT    (32 * 1024)
#define KNOWN_PORTS     1024 /* below them only those of the web */
#define IDLE_LIMIT      5    /* seconds after which a kept connection is no good for what is sent once */

/* ---- where to ---- */

/* May the address be reached for the purpose? http:// only inside the listed networks. What is refused is
 * said, for who looks why nothing arrives. */
static bool
MayReach(Transfer *transfer, const uint8_t address[16])
{
	char text[ADDRESS_TEXT];

	if (NetworksHave(&ConfigNow()->networks, transfer->purpose->name, address) ||
		(!transfer->plain && IsPublic(address)))
		return true;
	transfer->refused = true;
	AddressText(address, text);
	LogEvent(LOG_INFO, NULL, "outbound: message %lld: %s is no address that may be reached",
			 (long long) transfer->message_id, text);
	return false;
}

/* CURLOPT_OPENSOCKETFUNCTION: the address is the one that is connected to, whatever the name says next time.
 */
static curl_socket_t
OpenSocket(void *data, curlsocktype type, struct curl_sockaddr *to)
{
	Transfer *transfer = data;
	uint8_t address[16];
	int port = to->family == AF_INET ? ntohs(((const struct sockaddr_in *) &to->addr)->sin_port)
									 : ntohs(((const struct sockaddr_in6 *) &to->addr)->sin6_port);

	if (type != CURLSOCKTYPE_IPCXN || !SocketAddress(&to->addr, address) || !MayReach(transfer, address))
		return CURL_SOCKET_BAD;
	/* where a redirect leads has not been looked at before */
	if (transfer->purpose->redirects > 0 && port < KNOWN_PORTS && port != 443 && port != 80)
	{
		transfer->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* CURLOPT_PREREQFUNCTION: before the request goes out, on a connection that another purpose may have made, or
 * that was made by settings of before. libcurl sends it again by itself when a kept connection ends without
 * an answer; what is sent once is not. */
static int
BeforeRequest(void *data, char *address, char *own, int port, int own_port)
{
	Transfer *transfer = data;
	uint8_t bytes[16];

	(void) own;
	(void) port;
	(void) own_port;
	if ((transfer->began && transfer->purpose->once) || !ParseAddress(address, strlen(address), bytes) ||
		!MayReach(transfer, bytes))
		return CURL_PREREQFUNC_ABORT;
	transfer->began = true;
	return CURL_PREREQFUNC_OK;
}

/* The address in words: what may be called at all. */
static const char *
UrlProblem(const char *url, bool plain)
{
	WebAddress address;

	if (!WebAddressRead(url, &address))
		return MESSAGE("refused: no address that may be called");
	if (!address.secure && !plain)
		return MESSAGE("refused: https:// only");
	if (address.port != 0 && address.port < KNOWN_PORTS && address.port != (address.secure ? 443 : 80))
		return MESSAGE("refused: a port of another service");
	return NULL;
}

/* ---- what comes back ---- */

/* CURLOPT_WRITEFUNCTION: the begin is kept, the rest read up to the limit. */
static size_t
TakeReply(char *bytes, size_t size, size_t count, void *data)
{
	Transfer *transfer = data;
	const Purpose *purpose = transfer->purpose;
	size_t length = size * count;

	transfer->reply_read += length;
	transfer->cut = transfer->reply_read > transfer->limit;
	if (purpose->take != NULL)
		return purpose->take(transfer, bytes, length) ? length : 0;
	if (transfer->reply.length < purpose->reply_told)
	{
		size_t room = purpose->reply_told - transfer->reply.length;

		TextAdd(&transfer->reply, bytes, length < room ? length : room);
	}
	return transfer->cut ? 0 : length;
}

/* A header that the extension is told, as a member of a JSON object. */
static void
TellHeader(Transfer *transfer, const char *name, const char *bytes, size_t length)
{
	char *value;

	while (length > 0 && (*bytes == ' ' || *bytes == '\t'))
		bytes++, length--;
	while (length > 0 && strchr(" \t\r\n", bytes[length - 1]) != NULL)
		length--;
	if (length > 200 || Utf8FirstInvalid(bytes, length) < length)
		return;
	value = strndup(bytes, length);
	if (value == NULL)
		return;
	TextAddString(&transfer->told, transfer->told.length == 0 ? "" : ",");
	TextAddJson(&transfer->told, name);
	TextAddString(&transfer->told, ":");
	TextAddJson(&transfer->told, value);
	free(value);
}

/* CURLOPT_HEADERFUNCTION; also of replies 1xx, so they are counted. */
static size_t
TakeHeader(char *bytes, size_t size, size_t count, void *data)
{
	Transfer *transfer = data;
	size_t length = size * count;
	const char *colon = memchr(bytes, ':', length);

	transfer->header_read += length;
	if (transfer->header_read > HEADER_LIMIT)
		return 0;
	for (const char *const *name = transfer->purpose->reply_headers; colon != NULL && *name != NULL; name++)
		if ((size_t) (colon - bytes) == strlen(*name) && strncasecmp(bytes, *name, strlen(*name)) == 0)
			TellHeader(transfer, *name, colon + 1, length - (size_t) (colon - bytes) - 1);
	return length;
}

/* ---- beginning ---- */

static const char *
Member(const json_t *message, const char *name)
{
	return json_string_value(json_object_get(message, name));
}

static int64_t
Number(const json_t *message, const char *name)
{
	return json_integer_value(json_object_get(message, name));
}

/* What is the same for every message. */
static void
SetLimits(Transfer *transfer, const TransferLimits *limits, long timeout)
{
	CURL *easy = transfer->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, transfer->plain ? "http,https" : "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, transfer->purpose->redirects > 0 ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, transfer->purpose->redirects);
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, transfer->plain ? "http,https" : "https");
	if (transfer->purpose->take != NULL)
		curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t) transfer->limit);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (limits->ca[0] != '\0')
		curl_easy_setopt(easy, CURLOPT_CAINFO, limits->ca);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
					 timeout < CONNECT_TIMEOUT ? timeout : (long) CONNECT_TIMEOUT);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long) STALL_SPEED);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long) STALL_TIME);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, OpenSocket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, BeforeRequest);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
	if (transfer->purpose->once)
		curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long) IDLE_LIMIT);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, TakeReply);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, TakeHeader);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "citybigdata/" CBD_VERSION);
}

/* Method, headers, body. */
static void
SetRequest(Transfer *transfer, const json_t *message)
{
	CURL *easy = transfer->easy;
	const json_t *headers = json_object_get(message, "headers");
	const char *method = Member(message, "method");
	const json_t *header;
	size_t i;

	json_array_foreach(headers, i, header) if (json_is_string(header) &&
											   strpbrk(json_string_value(header), "\r\n") == NULL)
		transfer->headers = curl_slist_append(transfer->headers, json_string_value(header));
	/* no waiting for 100 Continue */
	transfer->headers = curl_slist_append(transfer->headers, "Expect:");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
	if (transfer->body != NULL)
	{
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) strlen(transfer->body));
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body);
	}
	if (method != NULL && strcmp(method, "POST") != 0 && strcmp(method, "GET") != 0)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

bool
TransferBegin(Transfer *transfer, const json_t *message, const TransferLimits *limits)
{
	const char *purpose = Member(message, "purpose");
	const char *url = Member(message, "url");
	const char *body = Member(message, "body");
	long timeout = (long) Number(message, "timeout") * 1000;

	transfer->message_id = Number(message, "messageId");
	transfer->destination = Number(message, "destination");
	transfer->lease = Number(message, "lease");
	if (purpose == NULL || url == NULL || transfer->message_id == 0)
		return false;
	transfer->purpose = PurposeOf(purpose);
	transfer->plain = json_is_true(json_object_get(message, "plain"));
	transfer->problem = transfer->purpose == NULL ? MESSAGE("this bridge does not send for the purpose")
												  : UrlProblem(url, transfer->plain);
	transfer->refused = transfer->problem != NULL;
	if (transfer->easy == NULL)
		transfer->easy = curl_easy_init();
	if (transfer->easy == NULL)
		transfer->problem = MESSAGE("no memory");
	if (transfer->problem != NULL)
		return true;
	transfer->body = body == NULL ? NULL : CopyString(body);
	transfer->begun = Milliseconds();
	transfer->limit = transfer->purpose->reply_limit;
	if (Number(message, "limit") > 0 && (size_t) Number(message, "limit") < transfer->limit)
		transfer->limit = (size_t) Number(message, "limit");
	SetLimits(transfer, limits, timeout > 0 && timeout < limits->timeout ? timeout : limits->timeout);
	curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
	SetRequest(transfer, message);
	return true;
}

/* ---- the end ---- */

/* A word for what went wrong, and a sentence. */
static const char *
ErrorWord(const Transfer *transfer, CURLcode code)
{
	if (transfer->problem != NULL)
		return transfer->problem;
	if (transfer->refused)
		return MESSAGE("refused: the address is not public, and not in outbound_networks");
	switch (code)
	{
		case CURLE_OPERATION_TIMEDOUT:
			return MESSAGE("timeout: no answer in time");
		case CURLE_COULDNT_RESOLVE_HOST:
			return MESSAGE("dns: the name has no address");
		case CURLE_COULDNT_CONNECT:
			return MESSAGE("connect: nobody answers there");
		case CURLE_PEER_FAILED_VERIFICATION:
		case CURLE_SSL_CACERT_BADFILE:
		case CURLE_SSL_ISSUER_ERROR:
			return MESSAGE("tls: the certificate is not trusted, or of another name");
		case CURLE_SSL_CONNECT_ERROR:
			return MESSAGE("tls: no agreement on a connection");
		case CURLE_FILESIZE_EXCEEDED:
			return MESSAGE("large: more bytes than are taken");
		case CURLE_TOO_MANY_REDIRECTS:
			return MESSAGE("redirects: one after the other");
		case CURLE_SEND_ERROR:
		case CURLE_RECV_ERROR:
		case CURLE_GOT_NOTHING:
		case CURLE_PARTIAL_FILE:
		case CURLE_ABORTED_BY_CALLBACK: /* BeforeRequest() does not send it again */
			return MESSAGE("closed: the receiver closed the connection");
		default:
			return MESSAGE("protocol: the answer is not HTTP, or beyond a limit");
	}
}

static void
OutcomeBegin(const Transfer *transfer, Text *text)
{
	TextPrint(text, "{\"messageId\":%lld,\"destination\":%lld,\"lease\":%lld",
			  (long long) transfer->message_id, (long long) transfer->destination,
			  (long long) transfer->lease);
}

void
TransferReleased(Transfer *transfer, Text *text)
{
	if (transfer->began && transfer->purpose->once)
	{
		transfer->problem = MESSAGE("stopped: the bridge ended before an answer came");
		TransferOutcome(transfer, CURLE_ABORTED_BY_CALLBACK, text);
		return;
	}
	OutcomeBegin(transfer, text);
	TextAddString(text, ",\"released\":true}");
}

/* The begin of the reply, where it is text. */
static void
AddReply(Transfer *transfer, Text *text)
{
	size_t length = transfer->reply.length;

	if (length == 0)
		return;
	transfer->reply.bytes[Utf8FirstInvalid(transfer->reply.bytes, length)] = '\0';
	TextAddString(text, ",\"reply\":");
	TextAddJson(text, transfer->reply.bytes);
}

bool
TransferTaken(Transfer *transfer, CURLcode code)
{
	long http = 0;

	if (code != CURLE_OK || transfer->problem != NULL || transfer->purpose->arrived == NULL)
		return false;
	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &http);
	return transfer->purpose->arrived(transfer, http);
}

void
TransferOutcome(Transfer *transfer, CURLcode code, Text *text)
{
	/* a reply that was cut has its status: what it would have said beside that is of no interest */
	bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && transfer->cut);
	long http = 0;
	curl_off_t retry_after = 0;

	if (transfer->easy != NULL && transfer->problem == NULL)
	{
		curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &http);
		curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after);
	}
	OutcomeBegin(transfer, text);
	if (answered && transfer->problem == NULL)
		TextPrint(text, ",\"http\":%ld", http);
	else
	{
		TextAddString(text, ",\"error\":");
		TextAddJson(text, ErrorWord(transfer, code));
	}
	if (transfer->refused)
		TextAddString(text, ",\"refused\":true");
	if (!answered && transfer->began)
		TextAddString(text, ",\"began\":true");
	if (answered && retry_after > 0)
		TextPrint(text, ",\"retryAfter\":%d", retry_after > INT32_MAX ? INT32_MAX : (int) retry_after);
	if (answered && transfer->told.length > 0)
		TextPrint(text, ",\"headers\":{%s}", transfer->told.bytes);
	if (answered)
		AddReply(transfer, text);
	TextAddString(text, "}");
}

void
TransferEnd(Transfer *transfer)
{
	CURL *easy = transfer->easy;
	Text reply = transfer->reply;
	Text told = transfer->told;

	if (transfer->own != NULL)
		transfer->purpose->end(transfer);
	if (easy != NULL)
		curl_easy_reset(easy);
	curl_slist_free_all(transfer->headers);
	ClearAndFree(transfer->body);
	TextClear(&reply);
	TextClear(&told);
	memset(transfer, 0, sizeof(*transfer));
	transfer->easy = easy;
}

void
TransferFree(Transfer *transfer)
{
	TransferEnd(transfer);
	if (transfer->easy != NULL)
		curl_easy_cleanup(transfer->easy);
	free(transfer);
}
