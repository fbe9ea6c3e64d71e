/*
 * Downloads; see download.h.
 *
 * The parameters of the pages behind the first are those of the request with another cursor, made once as
 * array literals with room for the cursor at their end. The credential of a page is the page token that
 * the frame before it had as `more`: the client's own may have been good for one use.
 */
#include "kind/download.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "kind/data_call.h"
#include "request/run.h"
#include "text/array_literal.h"
#include "wire/status_codes.h"

#define CURSOR_ROOM 512 /* bytes; cursors have some dozens */

/* An array literal without its last brace of the elements whose names, side by side, are not `cursor`; with
 * room for one more. */
static char *
MakeArray(Request *request, const Element *names, const Element *elements, size_t *length, size_t *capacity)
{
	size_t size = ARRAY_ELEMENT_SIZE(CURSOR_ROOM) + 3;
	char *array, *out;

	for (const Element *element = elements; element != NULL; element = element->next)
		size += ARRAY_ELEMENT_SIZE(element->length);
	array = out = ArenaAlloc(&request->arena, size);
	*out++ = '{';
	for (; names != NULL; names = names->next, elements = elements->next)
		if (!SpanIs((Span){names->text, names->length}, "cursor"))
			out += ArrayElement(elements->text, elements->length, out);
	*length = (size_t) (out - array);
	*capacity = size;
	return array;
}

/* The array with one more element, and its last brace; room there is. Returns its length. */
static size_t
EndArray(char *array, size_t length, Span element)
{
	length += ArrayElement(element.text, element.length, array + length);
	array[length++] = '}';
	array[length] = '\0';
	return length;
}

/* The values of the next page's parameters. */
static void
SetCursor(Request *request, Span cursor)
{
	DataCall *call = request->own;
	size_t size = call->values_base + ARRAY_ELEMENT_SIZE(cursor.length) + 2;

	if (size > call->values_capacity)
	{
		char *larger = ArenaAlloc(&request->arena, 2 * size);

		memcpy(larger, call->values, call->values_base);
		call->values = larger;
		call->values_capacity = 2 * size;
	}
	call->values_length = EndArray(call->values, call->values_base, cursor);
}

void
DownloadBegin(Request *request)
{
	const Route *route = request->route;
	const Element *names = request->values[RouteParamOfType(route, PARAM_PAIR_NAMES)].first;
	const Element *values = request->values[RouteParamOfType(route, PARAM_PAIR_VALUES)].first;
	DataCall *call = DataCallOf(request);
	Caller *caller = &request->caller;
	size_t length, capacity;
	char *array = MakeArray(request, names, names, &length, &capacity);

	call->names = (Span){array, EndArray(array, length, (Span){"cursor", 6})};
	call->values = MakeArray(request, names, values, &call->values_base, &call->values_capacity);
	SetCursor(request, DataCursor(&request->frame));
	if (caller->app_code != NULL) /* it may be in the body */
		caller->app_code = ArenaCopy(&request->arena, caller->app_code, strlen(caller->app_code));
}

/* More.fill: the page's own cursor and credential. */
static int
FillPage(Request *request, Span more)
{
	const Route *route = request->route;
	DataCall *call = request->own;

	if (!AuditWorks(request->worker->audit))
		return CBD_UNAVAILABLE;
	request->values[RouteParamOfType(route, PARAM_PAIR_NAMES)] =
		(Value){.text = call->names.text, .length = call->names.length};
	request->values[RouteParamOfType(route, PARAM_PAIR_VALUES)] =
		(Value){.text = call->values, .length = call->values_length};
	request->values[RouteParamOfType(route, PARAM_TAGS)] = (Value){.text = NULL};
	request->caller.scheme = SCHEME_CONTINUED;
	request->caller.credential = more.text;
	request->caller.credential_length = more.length;
	RequestFillJob(request);
	request->job.lane = LANE_SLOW;
	return CBD_OK;
}

/* More.take: where the page behind this one begins. */
static int
TakePage(Request *request, const Frame *frame)
{
	Span cursor = DataCursor(frame);

	if (frame->more.length == 0)
		return CBD_OK;
	if (cursor.length == 0)
		return CBD_INTERNAL_ERROR;
	SetCursor(request, cursor);
	return CBD_OK;
}

/*
 * More.last_words: a last line that no row looks like. Of CSV it is one cell, which is no row of two columns
 * or more. GeoJSON gets none: without its end the text is no JSON, whoever reads it sees that.
 */
static void
TellWhy(Request *request, int status, Text *text)
{
	bool csv = request->wanted.format == FORMAT_CSV;
	Text line = {NULL, 0, 0};

	if (request->wanted.format == FORMAT_GEOJSON)
		return;
	TextPrint(&line, "{\"error\":{\"statusCode\":%d,\"message\":", status);
	TextAddJson(&line, StatusText(status, request->wanted.chinese));
	TextPrint(&line, ",\"requestId\":\"%s\"}}", request->id);
	TextAddString(text, csv ? "\"" : "");
	for (size_t i = 0; i < line.length; i++)
	{
		TextAdd(text, line.bytes + i, 1);
		if (csv && line.bytes[i] == '"')
			TextAdd(text, "\"", 1);
	}
	TextAddString(text, csv ? "\"\r\n" : "\n");
	free(line.bytes);
}

const More download_more = {FillPage, TakePage, TellWhy};
