/* What the bridge answers by itself. */
#include <stdlib.h>
#include <string.h>

#include "kind/inside.h"
#include "kind/kinds.h"
#include "reply/envelope.h"
#include "wire/status_codes.h"

void
LocalStatusCodes(Request *request)
{
	Text text = {NULL, 0, 0};

	TextAddString(&text, "{\"items\":[");
	for (int i = 0; i < status_row_count; i++)
	{
		TextPrint(&text,
				  "%s{\"statusCode\":%d,\"httpStatus\":%d,\"name\":\"%s\",\"message\":", i > 0 ? "," : "",
				  status_rows[i].number, status_rows[i].http, status_rows[i].name);
		TextAddJson(&text, status_rows[i].english);
		TextAddString(&text, ",\"messageZh\":");
		TextAddJson(&text, status_rows[i].chinese);
		TextAddString(&text, "}");
	}
	TextAddString(&text, "]}");
	KeepData(request, &text);
}

void
LocalHealth(Request *request)
{
	Text text = {NULL, 0, 0};

	TextAddString(&text, "{\"version\":\"" CBD_VERSION "\"}");
	KeepData(request, &text);
}

void
LocalMetrics(Request *request)
{
	Text text = {NULL, 0, 0};

	if (!CallerInside(request))
	{
		Refuse(request, CBD_UNAUTHORIZED, NULL, NULL);
		return;
	}
	MetricsWrite(&text);
	KeepData(request, &text);
	request->own = "text/plain; version=0.0.4; charset=utf-8";
}

/* Kind.make: request->own is the content type of what is not in the envelope. */
static void
LocalMake(Request *request, Reply *reply)
{
	if (request->own == NULL || request->status != CBD_OK)
	{
		EnvelopeMake(request, reply);
		return;
	}
	TextAdd(&reply->text, request->data.text, request->data.length);
	reply->type = request->own;
}

const Kind kind_local = {.name = "local", .formats = FORMATS_ENVELOPE, .envelope = true, .make = LocalMake};
