/*
 * Sealed service addresses (5.2-c, d): GET /s/{sealed}. rest_open_url opens the address and counts its use;
 * then the resource's own route is called with the parameters that were sealed, as if the client had asked
 * there, and the reply is of that route's kind. GET /s/{sealed}/{z}/{x}/{y}.mvt: its route of tiles, for maps
 * that can send no header.
 */
#include "kind/kinds.h"

#include <string.h>

#include "base/json_text.h"
#include "reply/envelope.h"
#include "request/credentials.h"
#include "request/params.h"
#include "request/run.h"
#include "wire/paths.h"
#include "wire/status_codes.h"

/* What is inside an address. */
typedef struct Inside
{
	Span app_code, resource, service, params; /* service: which has the resource; empty: not told */
} Inside;

/* Kind.begin: the address is the credential, and the only one. */
static void
SealedBegin(Request *request)
{
	const Value *sealed = ValueOf(request, "sealed");

	UseScheme(request, SCHEME_SEALED, sealed->text, sealed->length);
}

/* A JSON value as parameters read it: a string's characters, else the text as it stands. Decodes in place. */
static Span
Plain(Span value)
{
	if (value.text[0] == '"')
		value.length = JsonUnescape(value.text, value.length, (char *) value.text);
	return value;
}

/* A pair of the query, encoded; null is absent. */
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

/* What the text holds, into the request's memory. */
static Span
KeepText(Request *request, Text *text)
{
	Span kept = {ArenaCopy(&request->arena, text->bytes == NULL ? "" : text->bytes, text->length),
				 text->length};

	TextClear(text);
	return kept;
}

/* A service that sealed addresses lead to: where its resources are, and the parameter that stands in the
 * path. */
static const struct Service
{
	const char *name;
	const char *path;    /* of the resource, whose code follows */
	const char *in_path; /* NULL: none */
	bool code;           /* the resource's code is part of the path */
} services[] = {
	{"data", API_PATH "/data/", NULL, true},         {"events", API_PATH "/events", "taskNum", false},
	{"analysis", API_PATH "/analysis/", NULL, true}, {"job", API_PATH "/jobs", "jobId", false},
	{"tiles", API_PATH "/tiles/", NULL, true},
};

/* The service of that name; of an extension that names none: by the resource. */
static const struct Service *
FindService(Span name, Span resource)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (SpanIs(name, services[i].name))
			return &services[i];
	return SpanIs(resource, "events") ? &services[1] : &services[0];
}

/* Does the object have a member of that name? */
static bool
HasMember(Span object, const char *wanted)
{
	size_t at = 1;
	Span name, value;

	while (JsonNext(object.text, object.length, &at, true, &name, &value))
		if (name.length == strlen(wanted) + 2 && memcmp(name.text + 1, wanted, name.length - 2) == 0)
			return true;
	return false;
}

/* Behind the resource: where the tile is. */
static void
AddPlace(const Request *request, Text *path)
{
	static const char *const names[] = {"z", "x", "y"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		const Value *value = &request->values[RouteParam(request->route, names[i])];

		TextAdd(path, "/", 1);
		TextAddEncoded(path, value->text, value->length, "");
	}
	TextAddString(path, ".mvt");
}

/* Path and query of what is inside. */
static void
Target(Request *request, const Inside *inside, Span *path, Span *query)
{
	const struct Service *service = FindService(inside->service, inside->resource);
	bool tile = RouteParam(request->route, "z") >= 0;
	Span value = {NULL, 0};
	Text path_text = {NULL, 0, 0}, query_text = {NULL, 0, 0};

	if (tile)
		service = FindService((Span){"tiles", 5}, inside->resource);
	/* a kept result of an algorithm */
	else if (SpanIs(inside->service, "analysis") && HasMember(inside->params, "jobId"))
		service = FindService((Span){"job", 3}, inside->resource);
	AddPairs(&query_text, inside->params, service->in_path, &value);
	TextAddString(&path_text, service->path);
	if (service->code)
		TextAddEncoded(&path_text, inside->resource.text, inside->resource.length, "");
	if (tile)
		AddPlace(request, &path_text);
	if (value.length > 0)
	{
		TextAdd(&path_text, "/", 1);
		TextAddEncoded(&path_text, value.text, value.length, "");
	}
	if (SpanIs(inside->service, "analysis") && !service->code)
		TextAddString(&path_text, "/result");
	*path = KeepText(request, &path_text);
	*query = KeepText(request, &query_text);
}

/* What is inside the address; false: it is none that rest_open_url makes. */
static bool
ReadInside(Request *request, Inside *inside)
{
	/* decoded in place: a copy */
	const char *data = ArenaCopy(&request->arena, request->data.text, request->data.length);
	Span name, value;
	size_t at = 1;

	memset(inside, 0, sizeof(*inside));
	while (JsonNext(data, request->data.length, &at, true, &name, &value))
	{
		name.length = JsonUnescape(name.text, name.length, (char *) name.text);
		if (SpanIs(name, "appCode"))
			inside->app_code = Plain(value);
		else if (SpanIs(name, "resource"))
			inside->resource = Plain(value);
		else if (SpanIs(name, "service"))
			inside->service = Plain(value);
		else if (SpanIs(name, "params"))
			inside->params = value;
	}
	return inside->app_code.text != NULL && inside->resource.text != NULL && inside->params.text != NULL;
}

/* The request becomes the one inside, as if the client had asked there. False after Refuse. */
static bool
Enter(Request *request, const Inside *inside)
{
	Span path, query;
	RouteMatch match;

	Target(request, inside, &path, &query);
	RouteFind(path, METHOD_GET, &match);
	if (match.route == NULL)
	{
		Refuse(request, CBD_NO_SUCH_RESOURCE, NULL, NULL);
		return false;
	}
	request->route = match.route;
	request->kind = match.route->kind;
	request->match = match;
	request->path = path;
	request->query = query;
	request->caller.app_code = KeepSpan(request, inside->app_code);
	memset(request->values, 0, sizeof(request->values));
	BodyFree(&request->body);
	request->body.length = 0;
	return BindParameters(request);
}

/* Kind.take: the address was opened, and its use is counted and recorded. */
static int
SealedTake(Request *request)
{
	Inside inside;
	bool good;

	if (request->frame.status != CBD_OK)
		return CBD_OK;
	good = ReadInside(request, &inside);
	ResultFree(request->result);
	request->result = NULL;
	request->answered = false; /* what is inside has not been */
	request->data = (Span){NULL, 0};
	if (!good)
		return CBD_INTERNAL_ERROR;
	if (!Enter(request, &inside))
		return request->status;
	request->job.next_step = true;
	RequestAsk(request);
	return TAKE_ASKED;
}

static const char *const parameters[] = {"sealed", NULL};

const Kind kind_sealed = {.name = "sealed",
						  .parameters = parameters,
						  .formats = FORMATS_ENVELOPE,
						  .envelope = true,
						  .begin = SealedBegin,
						  .take = SealedTake,
						  .make = EnvelopeMake};
