/*
 * The kind of published data: GET and POST /data/{resource}. Its parts: data_call.h.
 *
 * A page is in the envelope (JSON, XML), or the whole body (CSV, GeoJSON, NDJSON) where the frame names a
 * content type. NDJSON without pageSize, and CSV, GeoJSON and NDJSON with download=true, are a download: the
 * reply goes on while the frame has a `more`.
 * Tags are weak in the envelope, which names the request; another caller may see another page, so
 * Authorization is in Vary.
 */
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "kind/data_call.h"
#include "kind/download.h"
#include "kind/heat.h"
#include "kind/kinds.h"
#include "reply/encode.h"
#include "reply/envelope.h"
#include "reply/link.h"
#include "reply/stream.h"
#include "request/negotiate.h"
#include "request/params.h"
#include "wire/paths.h"
#include "wire/status_codes.h"

/* Kind.lane */
static Lane
DataLane(const Request *request)
{
	const DataCall *call = request->own;

	return call->download || HeatHigh(request, "resource") ? LANE_SLOW : LANE_DATA;
}

/* Kind.took */
static void
DataTook(Request *request, uint64_t milliseconds)
{
	if (!DataCallOf(request)->download) /* a thousand rows tell nothing of ten */
		HeatTook(request, "resource", milliseconds);
}

/* The content type of a body that is encoded in the reply's charset: "text/csv; header=present" becomes
 * "text/csv; charset=utf-8; header=present". */
static const char *
WithCharset(Request *request, Span type)
{
	const char *parameters = memchr(type.text, ';', type.length);
	size_t length = parameters == NULL ? type.length : (size_t) (parameters - type.text);

	return ArenaPrint(&request->arena, "%.*s; charset=%s%.*s", (int) length, type.text, CharsetLabel(request),
					  (int) (type.length - length), type.text + length);
}

/* Kind.make: in the envelope where the extension names no type. */
static void
DataMake(Request *request, Reply *reply)
{
	static const char BOM[] = "\xEF\xBB\xBF";
	const DataCall *call = request->own;
	bool bom;

	if (request->status != CBD_OK || request->frame.content_type.length == 0)
	{
		EnvelopeMake(request, reply);
		return;
	}
	/* GB 18030 has no byte order mark; pages of one download join to one file, whose first has it */
	bom = request->wanted.format == FORMAT_CSV && call->bom && !call->has_cursor &&
		  request->wanted.charset == CHARSET_UTF8;
	reply->type = WithCharset(request, request->frame.content_type);
	if (call->download && StreamStart(request))
	{
		DownloadBegin(request);
		if (bom)
			StreamLead(request, (Span){BOM, sizeof(BOM) - 1});
		reply->vary = true;
		reply->gzip = EncodingOf(request).gzip;
		return;
	}
	if (bom)
		TextAddString(&reply->text, BOM);
	TextAdd(&reply->text, request->data.text, request->data.length);
	ReplyEncode(request, reply);
}

/* Kind.headers. Rows without anything around them cannot say where their code tables are (clause 5.4.4-c):
 * the resource's manual does. */
static void
DataHeaders(Request *request, Reply *reply)
{
	const Value *code = &request->values[RouteParam(request->route, "resource")];
	ReplyFormat format = request->wanted.format;
	Text address = {NULL, 0, 0};

	if (request->own == NULL || request->status != CBD_OK)
		return;
	if (request->frame.etag.length > 0)
		ReplyHeader(reply, "Vary", "Authorization");
	if (request->frame.content_crs.length > 0)
		ReplyHeader(reply, "Content-Crs", KeepSpan(request, request->frame.content_crs));
	if (request->stream == NULL)
		ReplyHeader(reply, "Link", LinkNext(request));
	if (format != FORMAT_CSV && format != FORMAT_NDJSON)
		return;
	TextAddString(&address, API_PATH "/resources/");
	TextAddEncoded(&address, code->text, code->length, LINK_KEPT);
	ReplyHeader(reply, "X-Code-Tables", address.bytes);
	free(address.bytes);
}

static const char *const parameters[] = {"resource", "If-None-Match", NULL};

const Kind kind_data = {.name = "data",
						.parameters = parameters,
						.formats = FORMATS_ENVELOPE | FORMAT_BIT(FORMAT_CSV) | FORMAT_BIT(FORMAT_GEOJSON) |
								   FORMAT_BIT(FORMAT_NDJSON) | FORMATS_OTHER,
						.envelope = true,
						.tagged = true,
						.other = DataField,
						.begin = DataBegin,
						.lane = DataLane,
						.took = DataTook,
						.make = DataMake,
						.headers = DataHeaders,
						.more = &download_more};
