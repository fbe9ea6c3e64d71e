/*
 * Parameters of the open data interface.
 *
 * Of the parameters only those are understood here that decide the form of the reply or its way through
 * the bridge; they are handed on like the others, and the extension refuses what is wrong with them.
 */
#include "kind/data_call.h"

#include <string.h>

#include "base/config.h"
#include "request/negotiate.h"
#include "request/params.h"
#include "wire/status_codes.h"

DataCall *
DataCallOf(Request *request)
{
	if (request->own == NULL)
	{
		request->own = ArenaAlloc(&request->arena, sizeof(DataCall));
		memset(request->own, 0, sizeof(DataCall));
	}
	return request->own;
}

/* Is the value true? */
static bool
IsTrue(Span value)
{
	return SpanIs(value, "true") || SpanIs(value, "1");
}

/* `bom`: does the text begin with a byte order mark? */
static void
ReadBom(Request *request, Span value)
{
	DataCallOf(request)->bom = IsTrue(value);
	if (!IsTrue(value) && !SpanIs(value, "false") && !SpanIs(value, "0"))
		Refuse(request, CBD_INVALID_PARAMETER, "/bom", "true or false; for example bom=true");
}

void
DataField(Request *request, Field *field)
{
	DataCall *call = DataCallOf(request);
	Span value = {field->text, field->length};

	if (field->json == '{')
	{
		Refuse(request, CBD_INVALID_PARAMETER, FieldPointer(request, field),
			   "a text, a number or an array, not an object");
		return;
	}
	if (SpanIs(field->name, "format"))
	{
		call->format_given = true;
		WantFormat(request, value);
	}
	else if (SpanIs(field->name, "charset"))
		WantCharset(request, value);
	else if (SpanIs(field->name, "pageSize"))
		call->has_size = true;
	else if (SpanIs(field->name, "cursor"))
		call->has_cursor = true;
	else if (SpanIs(field->name, "bom"))
		ReadBom(request, value);
	else if (SpanIs(field->name, "download"))
		call->whole = IsTrue(value);
	else if (SpanIs(field->name, "lang"))
		call->has_lang = true;
	call->worded = call->worded || SpanIs(field->name, "headings") || SpanIs(field->name, "download");
	PairAdd(request, field->name, value);
}

void
DataBegin(Request *request)
{
	DataCall *call = DataCallOf(request);
	ReplyFormat format = request->wanted.format;

	if (!call->format_given && format != FORMAT_JSON)
		PairAdd(request, (Span){"format", 6}, (Span){format_names[format], strlen(format_names[format])});
	/* the extension does not see the headers */
	if (call->worded && !call->has_lang && request->wanted.chinese)
		PairAdd(request, (Span){"lang", 4}, (Span){"zh", 2});
	request->wanted.xml = format == FORMAT_XML;
	call->download = call->whole || (format == FORMAT_NDJSON && !call->has_size);
	if (!call->download)
		return;
	if (call->has_size)
	{
		Refuse(request, CBD_INVALID_PARAMETER, "/pageSize",
			   "a download is all rows; leave pageSize or download out");
		return;
	}
	PairAdd(request, (Span){"pageSize", 8}, (Span){DOWNLOAD_ROWS, strlen(DOWNLOAD_ROWS)});
	if (BytesInFlight() >= ConfigNow()->max_bytes_in_flight)
		Refuse(request, CBD_OVERLOADED, NULL, NULL); /* those that stall hold enough */
}

Span
DataCursor(const Frame *frame)
{
	static const char name[] = "cursor=";
	size_t length = sizeof(name) - 1;

	if (frame->link.length <= length || !SpanStarts(frame->link, name))
		return (Span){NULL, 0};
	return (Span){frame->link.text + length, frame->link.length - length};
}
