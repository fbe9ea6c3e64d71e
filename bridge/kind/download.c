/* Downloads: see download.h. */
#include "kind/download.h"

#include <stdlib.h>
#include <string.h>

#include "kind/data.h"
#include "wire/frame.h"
#include "base/log.h"
#include "reply/reply.h"
#include "wire/status_codes.h"
#include "reply/stream.h"

typedef struct Download
{
	Text names, values; /* array literals of the next page's parameters */
	size_t values_base; /* bytes of it that are the same for every page */
	Text page_token;
} Download;

/* Parameters of all pages: those of the request but the cursor. */
static void
KeepParameters(Download *download, const Request *request)
{
	const Element *name = request->values[DATA_NAMES].first;
	const Element *value = request->values[DATA_VALUES].first;

	TextAdd(&download->names, "{", 1);
	TextAdd(&download->values, "{", 1);
	for (; name != NULL; name = name->next, value = value->next)
		if (name->length != 6 || memcmp(name->text, "cursor", 6) != 0)
		{
			TextAddElement(&download->names, name->text, name->length);
			TextAddElement(&download->values, value->text, value->length);
		}
	TextAddElement(&download->names, "cursor", 6);
	TextAdd(&download->names, "}", 1);
	download->values_base = download->values.length;
}

static void
SetCursor(Download *download, Span cursor, Span page_token)
{
	download->values.length = download->values_base;
	TextAddElement(&download->values, cursor.text, cursor.length);
	TextAdd(&download->values, "}", 1);
	download->page_token.length = 0;
	TextAdd(&download->page_token, page_token.text, page_token.length);
}

static void
SetValue(Value *value, const Text *text)
{
	value->text = text->bytes;
	value->length = text->length;
}

static int
AskPage(Request *request, void *state)
{
	Download *download = state;

	if (!AuditWorks(request->worker->audit))
		return CBD_UNAVAILABLE;
	SetValue(&request->values[DATA_NAMES], &download->names);
	SetValue(&request->values[DATA_VALUES], &download->values);
	request->values[DATA_TAGS] = (Value){.text = NULL};
	request->scheme = "continued";
	request->credential = download->page_token.bytes;
	request->credential_length = download->page_token.length;
	RequestFillJob(request);
	request->job.lane = LANE_SLOW;
	return CBD_OK;
}

static int
TakePage(Request *request, void *state, const PGresult *result, Span *piece, bool *more)
{
	Frame frame;
	Span cursor;

	if (!FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame))
		return CBD_INTERNAL_ERROR;
	if (frame.audit.length > 0 && !AuditAdd(request->worker->audit, frame.audit.text, frame.audit.length))
		return CBD_UNAVAILABLE; /* no record, no rows */
	if (frame.status != CBD_OK)
		return (int) frame.status;
	cursor = DataCursor(&frame);
	*more = frame.more.length > 0 && cursor.length > 0;
	if (*more)
		SetCursor(state, cursor, frame.more);
	*piece = frame.body;
	return CBD_OK;
}

/* A last line that no row looks like. */
static void
TellWhy(Request *request, void *state, int status, Text *text)
{
	const StatusRow *row = StatusFind(status);

	TextPrint(text, "{\"error\":{\"statusCode\":%d,\"message\":", status);
	TextAddJson(text, request->chinese ? row->chinese : row->english);
	TextPrint(text, ",\"requestId\":\"%s\"}}\n", request->id);
}

static void
DownloadEnd(void *state)
{
	Download *download = state;

	TextClear(&download->names);
	TextClear(&download->values);
	TextClear(&download->page_token);
	free(download);
}

void
DownloadStart(Request *request, PGresult *result, Span page, Span page_token)
{
	static const StreamSource source = {AskPage, TakePage, TellWhy, DownloadEnd};
	Download *download = Allocate(sizeof(*download));
	const char *cursor = request->data_call->cursor;

	memset(download, 0, sizeof(*download));
	KeepParameters(download, request);
	SetCursor(download, (Span){cursor, strlen(cursor)}, page_token);
	if (request->app_code != NULL) /* it may be in the body, which goes now */
		request->app_code = ArenaCopy(&request->arena, request->app_code, strlen(request->app_code));
	StreamStart(request, &source, download, result, page);
}
