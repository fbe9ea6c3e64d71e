/* From an opened sealed address to the request inside it; see sealed.h. */
#include "kind/sealed.h"

#include <stdlib.h>
#include <string.h>

#include "server/http.h"
#include "base/json_text.h"
#include "reply/reply.h"
#include "wire/status_codes.h"
#include "wire/paths.h"

bool
SealedAlone(Request *request)
{
	if (strcmp(request->scheme, "none") != 0)
		Refuse(request, CBD_CONFLICTING_CREDENTIALS, NULL, NULL);
	else
		request->scheme = "sealed";
	return request->status == CBD_OK;
}

void
SealedBegin(Request *request)
{
	const Value *sealed = &request->values[0];

	if (!SealedAlone(request))
		return;
	request->credential = sealed->text;
	request->credential_length = sealed->length;
	request->opening = true;
}

/* A JSON value as parameters read it: a string's characters, else the text as it stands. Decodes in place. */
static Span
Plain(Span value)
{
	if (value.text[0] == '"')
		value.length = JsonUnescape(value.text, value.length, (char *) value.text);
	return value;
}

static void
AddPair(Text *query, Span name, Span value)
{
	value = Plain(value);
	if (SpanIs(value, "null"))
		return;
	if (query->length > 0)
		TextAdd(query, "&", 1);
	TextAddEncoded(query, name.text, name.length, "");
	TextAdd(query, "=", 1);
	TextAddEncoded(query, value.text, value.length, "");
}

/* The members of the sealed parameters as pairs, a list's elements under the same name; one member may be the
 * path's. */
static void
AddPairs(Text *query, Span params, const char *in_path, Span *path_value)
{
	size_t at = 1;
	Span name, value, none, element;

	while (JsonNext(params.text, params.length, &at, true, &name, &value))
	{
		name.length = JsonUnescape(name.text, name.length, (char *) name.text);
		if (in_path != NULL && SpanIs(name, in_path) && value.text[0] != '[' && value.text[0] != '{' &&
			value.text[0] != 'n')
			*path_value = Plain(value);
		else if (value.text[0] == '[')
			for (size_t inner = 1; JsonNext(value.text, value.length, &inner, false, &none, &element);)
				AddPair(query, name, element);
		else
			AddPair(query, name, value);
	}
}

/* A text into the request's memory. */
static Span
Keep(Request *request, Text *text)
{
	Span kept = {ArenaCopy(&request->arena, text->bytes == NULL ? "" : text->bytes, text->length),
				 text->length};

	free(text->bytes);
	return kept;
}

/* Path and query of the resource: cases have their own, published data is under /data. */
static void
Target(Request *request, Span resource, Span params, Span *path, Span *query)
{
	bool events = SpanIs(resource, "events");
	Span number = {NULL, 0};
	Text path_text = {NULL, 0, 0}, query_text = {NULL, 0, 0};

	AddPairs(&query_text, params, events ? "taskNum" : NULL, &number);
	TextAddString(&path_text, API_PATH "/");
	if (!events)
		TextAddString(&path_text, "data/");
	TextAddEncoded(&path_text, resource.text, resource.length, "");
	if (number.length > 0)
	{
		TextAdd(&path_text, "/", 1);
		TextAddEncoded(&path_text, number.text, number.length, "");
	}
	*path = Keep(request, &path_text);
	*query = Keep(request, &query_text);
}

bool
SealedEnter(Request *request, const Frame *frame)
{
	/* decoded in place: a copy */
	const char *data = ArenaCopy(&request->arena, frame->body.text, frame->body.length);
	Span name, value, path, query, app_code = {NULL, 0}, resource = {NULL, 0}, params = {NULL, 0};
	RouteMatch match;
	size_t at = 1;

	while (JsonNext(data, frame->body.length, &at, true, &name, &value))
	{
		name.length = JsonUnescape(name.text, name.length, (char *) name.text);
		if (SpanIs(name, "appCode"))
			app_code = Plain(value);
		else if (SpanIs(name, "resource"))
			resource = Plain(value);
		else if (SpanIs(name, "params"))
			params = value;
	}
	if (app_code.text == NULL || resource.text == NULL || params.text == NULL)
	{
		Refuse(request, CBD_INTERNAL_ERROR, NULL, NULL);
		return false;
	}
	Target(request, resource, params, &path, &query);
	RouteFind(path, METHOD_GET, &match);
	if (match.route == NULL)
	{
		Refuse(request, CBD_NO_SUCH_RESOURCE, NULL, NULL);
		return false;
	}
	request->route = match.route;
	request->match = match;
	request->path = path;
	request->query = query;
	request->app_code = ArenaCopy(&request->arena, app_code.text, app_code.length);
	memset(request->values, 0, sizeof(request->values));
	BodyFree(request);
	request->body_length = 0;
	return BindParameters(request);
}
