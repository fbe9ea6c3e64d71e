/* Parameters, lanes and reply heads of the open data interface. */
#include "kind/data.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kind/download.h"
#include "reply/reply.h"
#include "request/request.h"
#include "wire/status_codes.h"
#include "wire/paths.h"

#define HEAT_ROWS  1024 /* resources that share a row count as one */
#define HEAT_LIMIT 200  /* ms: from here on a resource's pages are long queries */

/* Smoothed milliseconds of a resource's pages, by a hash of its code; of all workers. */
static _Atomic uint32_t heat[HEAT_ROWS];

static DataCall *
Call(Request *request)
{
	if (request->data_call == NULL)
	{
		request->data_call = ArenaAlloc(&request->arena, sizeof(DataCall));
		memset(request->data_call, 0, sizeof(DataCall));
	}
	return request->data_call;
}

static void
AddPair(Request *request, Span name, const char *text, size_t length)
{
	ListAdd(request, &request->values[DATA_NAMES], name.text, name.length, "");
	ListAdd(request, &request->values[DATA_VALUES], text, length, "");
}

static void
ReadFormat(DataCall *call, Span value)
{
	call->format_given = true;
	call->format = FORMAT_JSON;
	for (int i = 0; i < FORMATS; i++)
		if (SpanIs(value, format_names[i]))
			call->format = (ReplyFormat) i;
}

/* As in the query, where it was read with the header, so in a body. */
static void
ReadCharset(Request *request, Span value)
{
	Charset charset = CharsetNamed(value.text, value.length);

	if (charset == CHARSET_OTHER ||
		(charset == CHARSET_GB18030 && (value.length != 7 || strncasecmp(value.text, "gb18030", 7) != 0)))
		Refuse(request, CBD_INVALID_PARAMETER, "/charset", "must be UTF-8 or GB18030");
	else
		request->charset = charset;
}

void
DataParameter(Request *request, Span name, const char *text, size_t length)
{
	DataCall *call = Call(request);
	Span value = {text, length};

	if (SpanIs(name, "format"))
		ReadFormat(call, value);
	else if (SpanIs(name, "pageSize"))
		call->has_size = true;
	else if (SpanIs(name, "cursor"))
		call->has_cursor = true;
	else if (SpanIs(name, "bom"))
	{
		call->bom = SpanIs(value, "true") || SpanIs(value, "1");
		if (!call->bom && !SpanIs(value, "false") && !SpanIs(value, "0"))
			Refuse(request, CBD_INVALID_PARAMETER, "/bom", "true or false; for example bom=true");
	}
	else if (SpanIs(name, "charset"))
		ReadCharset(request, value);
	AddPair(request, name, text, length);
}

void
DataParametersEnd(Request *request)
{
	DataCall *call = Call(request);

	if (!call->format_given && request->accepted != FORMAT_JSON)
	{
		const char *name = format_names[request->accepted];

		call->format = request->accepted;
		AddPair(request, (Span){"format", 6}, name, strlen(name));
	}
	request->xml = call->format == FORMAT_XML;
	call->download = call->format == FORMAT_NDJSON && !call->has_size;
	if (call->download)
		AddPair(request, (Span){"pageSize", 8}, DOWNLOAD_ROWS, strlen(DOWNLOAD_ROWS));
}

const char *
DataTags(Request *request, const char *header)
{
	char *tags = ArenaAlloc(&request->arena, strlen(header) + 1);
	char *out = tags;

	while (*header != '\0')
	{
		size_t length;

		header += strspn(header, " \t,\"");
		if (strncmp(header, "W/\"", 3) == 0)
			header += 3;
		length = strcspn(header, " \t,\"");
		if (out > tags && length > 0)
			*out++ = ' ';
		memcpy(out, header, length);
		out += length;
		header += length;
	}
	*out = '\0';
	return tags;
}

/* The row of the called resource (FNV-1a). */
static _Atomic uint32_t *
Heat(const Request *request)
{
	const Value *code = &request->values[DATA_RESOURCE];
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < code->length; i++)
		hash = (hash ^ (unsigned char) code->text[i]) * 16777619u;
	return &heat[hash % HEAT_ROWS];
}

Lane
DataLane(const Request *request)
{
	return request->data_call->download ||
				   atomic_load_explicit(Heat(request), memory_order_relaxed) >= HEAT_LIMIT
			   ? LANE_SLOW
			   : LANE_DATA;
}

void
DataTook(const Request *request, uint64_t milliseconds)
{
	_Atomic uint32_t *row = Heat(request);
	uint32_t took = milliseconds > 60000 ? 60000 : (uint32_t) milliseconds;

	if (request->data_call->download) /* a thousand rows tell nothing of ten */
		return;
	/* two workers at once may lose one of their figures: it is an estimate */
	atomic_store_explicit(row, (atomic_load_explicit(row, memory_order_relaxed) * 3 + took) / 4,
						  memory_order_relaxed);
}

Span
DataCursor(const Frame *frame)
{
	static const char name[] = "cursor=";
	size_t length = sizeof(name) - 1;

	if (frame->link.length <= length || memcmp(frame->link.text, name, length) != 0)
		return (Span){NULL, 0};
	return (Span){frame->link.text + length, frame->link.length - length};
}

void
DataTake(Request *request, const Frame *frame)
{
	DataCall *call = Call(request);
	Span cursor = DataCursor(frame);

	call->cursor = cursor.length == 0 ? NULL : ArenaCopy(&request->arena, cursor.text, cursor.length);
	/* GB 18030 has no byte order mark; pages of one download join to one file, whose first has it */
	if (call->format == FORMAT_CSV && call->bom && !call->has_cursor && request->charset == CHARSET_UTF8)
		request->prefix = "\xEF\xBB\xBF";
}

/* Is the raw name of a pair one that the address of the next page must not have? */
static bool
LeftOut(Span raw)
{
	static const char *const names[] = {"cursor", "authCode", "accessToken"};
	char name[64];
	TextError error;
	ptrdiff_t length =
		raw.length > sizeof(name) ? -1 : PercentDecode(raw.text, raw.length, name, true, &error);

	for (size_t i = 0; length > 0 && i < sizeof(names) / sizeof(names[0]); i++)
		if (SpanIs((Span){name, (size_t) length}, names[i]))
			return true;
	return false;
}

/* What a piece of the request's target keeps: all that may stand inside <…>. */
#define LINK_KEPT "!#$%&'()*+,/:;=?@[\\]^`{|}"

/* The address of the next page: this one with another cursor. Behind a sealed address there is none. */
static void
AddLink(struct MHD_Response *response, Request *request)
{
	const char *url = Issuer(&request->arena);
	Span rest = request->query, name, value;
	Text link = {NULL, 0, 0};

	if (strcmp(request->scheme, "sealed") == 0)
		return;
	TextAdd(&link, "<", 1);
	TextAddString(&link, url == NULL ? "" : url);
	TextAddEncoded(&link, request->path.text, request->path.length, LINK_KEPT);
	TextAdd(&link, "?", 1);
	while (NextPair(&rest, &name, &value))
	{
		if (LeftOut(name))
			continue;
		TextAddEncoded(&link, name.text, name.length, LINK_KEPT);
		TextAdd(&link, "=", 1);
		TextAddEncoded(&link, value.text, value.length, LINK_KEPT);
		TextAdd(&link, "&", 1);
	}
	TextAddString(&link, "cursor="); /* its characters stand for themselves in an address */
	TextAddString(&link, request->data_call->cursor);
	TextAddString(&link, ">; rel=\"next\"");
	MHD_add_response_header(response, "Link", link.bytes);
	free(link.bytes);
}

/* Rows without anything around them cannot say where their code tables are (clause 5.4.4-c): the resource's
 * manual does. */
static void
AddManual(struct MHD_Response *response, const Request *request)
{
	Text address = {NULL, 0, 0};

	TextAddString(&address, API_PATH "/resources/");
	TextAddEncoded(&address, request->values[DATA_RESOURCE].text, request->values[DATA_RESOURCE].length,
				   LINK_KEPT);
	MHD_add_response_header(response, "X-Code-Tables", address.bytes);
	free(address.bytes);
}

void
DataHeaders(struct MHD_Response *response, Request *request)
{
	const DataCall *call = request->data_call;

	if (call == NULL || request->status != CBD_OK)
		return;
	if (request->etag != NULL)
		MHD_add_response_header(response, "Vary", "Authorization");
	if (call->cursor != NULL && request->stream == NULL)
		AddLink(response, request);
	if (call->format == FORMAT_CSV || call->format == FORMAT_NDJSON)
		AddManual(response, request);
}
