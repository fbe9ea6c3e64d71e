/* Requests that the bridge answers itself. */
#include "kind/local.h"

#include <stdlib.h>
#include <string.h>

#include "db/ready.h"
#include "kind/reference.h"
#include "reply/reply.h"
#include "request/request.h"
#include "wire/status_codes.h"
#include "text/crypto.h"

/* Moves the text into the request's arena as its data. */
static void
TakeText(Request *request, Text *text)
{
	request->data = ArenaCopy(&request->arena, text->bytes, text->length);
	request->data_length = text->length;
	free(text->bytes);
}

void
LocalStatusCodes(Request *request)
{
	Text text = {NULL, 0, 0};

	ReferenceCheck(request);
	if (request->status != CBD_OK)
		return;
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
	TakeText(request, &text);
}

void
LocalHealth(Request *request)
{
	Text text = {NULL, 0, 0};

	TextAddString(&text, "{\"version\":\"" CBD_VERSION "\"}");
	TakeText(request, &text);
}

/* From loopback, or with the configured token: figures of a system are of use to those who attack it. */
static bool
MayReadMetrics(const Request *request)
{
	const char *token = ConfigNow()->metrics_token;
	Arena arena = {NULL};
	bool same;

	if (request->loopback)
		return true;
	if (token[0] == '\0' || strcmp(request->scheme, "bearer") != 0)
		return false;
	same = EqualBytes(request->credential, Digest(&arena, token, strlen(token)), DIGEST_LENGTH);
	ArenaFree(&arena);
	return same;
}

void
LocalReady(Request *request)
{
	if (request->worker->draining)
		Refuse(request, CBD_UNAVAILABLE, NULL, NULL);
	else if (DbConnected(request->worker->db, LANE_FAST) == 0)
		LocalReadyDone(request); /* nobody to ask */
}

void
LocalReadyDone(Request *request)
{
	Text text = {NULL, 0, 0};
	int status = ReadyStatus(request->worker->db, request->worker->audit);

	TextAddString(&text, "{");
	if (request->data_length > 2) /* the versions, as an object */
	{
		TextAdd(&text, request->data + 1, request->data_length - 2);
		TextAddString(&text, ",");
	}
	ReadyText(&text, request->worker->db, request->worker->audit, MayReadMetrics(request), request->chinese);
	TextAddString(&text, "}");
	TakeText(request, &text);
	if (status != CBD_OK)
		Refuse(request, status, NULL, NULL);
}

void
LocalMetrics(Request *request)
{
	char *figures;

	if (!MayReadMetrics(request))
	{
		Refuse(request, CBD_UNAUTHORIZED, NULL, NULL);
		return;
	}
	figures = MetricsText();
	request->data = ArenaCopy(&request->arena, figures, strlen(figures));
	request->data_length = strlen(figures);
	request->content_type = "text/plain; version=0.0.4; charset=utf-8";
	free(figures);
}
