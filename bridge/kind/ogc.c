/*
 * The kinds of OGC API Features (parts 1, 2 and 3): GET /ogc/..., the same behind a sealed base. No envelope,
 * JSON or HTML, exceptions as part 1 has them.
 *
 *   ogc_document.c   landing page, conformance classes, description of the interface: made here
 *   ogc_page.c       a document, whoever made it, as HTML
 *
 * Collections and features are documents of the extension (rest_ogc_...), which the JSON reply is as they
 * stand.
 *
 *   f=json|html, else Accept   chooses the form (negotiate.c); an unknown `f` is refused
 *   any other parameter        goes to the function, which knows those of the collection; where there is none
 *                              it is refused
 *   /ogc/s/{sealed}/...        the sealed base is the credential; what is asked for below it is judged by the
 *                              function each time
 *
 * A refusal is {"code": "40008", "description": "..."}: the number of the status code table, and what is
 * wrong with which parameter. Landing page, conformance classes and, for a caller without a credential, the
 * description of the interface tell nothing of the data, and are for everybody.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "kind/document.h"
#include "kind/heat.h"
#include "kind/kinds.h"
#include "kind/ogc_document.h"
#include "kind/ogc_page.h"
#include "reply/encode.h"
#include "reply/reply.h"
#include "request/credentials.h"
#include "request/params.h"
#include "wire/paths.h"
#include "wire/status_codes.h"

#define TYPE_JSON    "application/json"
#define TYPE_HTML    "text/html; charset=utf-8"
#define TYPE_OPENAPI "application/vnd.oai.openapi+json;version=3.0"

#define PAGE_FEATURES "1000" /* of a page of HTML: a worker makes it, whom others wait for */

/* The language of what is told. */
static Language
LanguageOf(const Request *request)
{
	return request->wanted.chinese ? CHINESE : ENGLISH;
}

/* The value of a parameter of the route; NULL: it has no such parameter, or there is no route. */
static const Value *
ValueIn(const Request *request, const char *name)
{
	int number = request->route == NULL ? -1 : RouteParam(request->route, name);

	return number < 0 || request->values[number].text == NULL ? NULL : &request->values[number];
}

/* Where the addresses of the reply begin, in the request's memory; NULL: public_url is not configured. */
static const char *
BaseOf(Request *request)
{
	const char *issuer = Issuer(&request->arena);
	const Value *sealed = ValueIn(request, "sealed");
	const char *base;
	Text text = {NULL, 0, 0};

	if (issuer == NULL)
		return NULL;
	TextAddString(&text, issuer);
	TextAddString(&text, sealed == NULL ? OGC_PATH : OGC_SEALED_PATH);
	if (sealed != NULL)
		TextAddEncoded(&text, sealed->text, sealed->length, "");
	base = ArenaCopy(&request->arena, text.bytes, text.length);
	TextClear(&text); /* it may be a credential */
	return base;
}

/* `f` was read with the header; here it is what it may be, and the same wherever it stands. */
static void
CheckForm(Request *request, const Field *field)
{
	Span value = {field->text, field->length};

	if (!SpanIs(value, "json") && !SpanIs(value, "html"))
		Refuse(request, CBD_INVALID_PARAMETER, "/f", "must be json or html");
	else if (SpanIs(value, "html") != request->wanted.html)
		Refuse(request, CBD_REPEATED_PARAMETER, "/f", "given more than once, with different values");
}

/* Kind.other of documents that are made here: they have no parameters but `f`. */
static void
DocumentField(Request *request, Field *field)
{
	if (SpanIs(field->name, "f"))
		CheckForm(request, field);
	else if (field->source == IN_QUERY)
		Refuse(request, CBD_UNKNOWN_PARAMETER, FieldPointer(request, field),
			   "this address takes no such parameter");
}

/* Is it a whole number that is more than a page of HTML has? */
static bool
MoreThanPage(Span value)
{
	size_t digits = strlen(PAGE_FEATURES), zeros = strspn(value.text, "0");

	if (value.length == 0 || strspn(value.text, "0123456789") != value.length)
		return false;
	return value.length - zeros > digits ||
		   (value.length - zeros == digits && memcmp(value.text + zeros, PAGE_FEATURES, digits) > 0);
}

/* Kind.other: a parameter of the function's. A limit above what there may be is what there may be (17-069r4
 * 7.15.2), and a page of HTML has less of that. */
static void
OgcField(Request *request, Field *field)
{
	const Route *route = request->route;
	Span value = {field->text, field->length};

	if (request->wanted.html && SpanIs(field->name, "limit") && MoreThanPage(value))
		value = (Span){PAGE_FEATURES, strlen(PAGE_FEATURES)};
	if (SpanIs(field->name, "f"))
		CheckForm(request, field);
	else if (field->source == IN_QUERY)
	{
		ListAdd(request, &request->values[RouteParamOfType(route, PARAM_PAIR_NAMES)], field->name, "");
		ListAdd(request, &request->values[RouteParamOfType(route, PARAM_PAIR_VALUES)], value, "");
	}
}

/* Kind.begin */
static void
OgcBegin(Request *request)
{
	const Value *sealed = ValueIn(request, "sealed");
	const char *base = BaseOf(request);
	int number = RouteParamOfType(request->route, PARAM_BASE);
	int tags = RouteParamOfType(request->route, PARAM_TAGS);

	if (base == NULL)
		IssuerOrRefuse(request);
	if (sealed != NULL)
		UseScheme(request, SCHEME_BASE, sealed->text, sealed->length);
	if (number >= 0 && base != NULL)
		request->values[number] = (Value){.text = base, .length = strlen(base)};
	/* the tag is that of the JSON */
	if (tags >= 0 && request->wanted.html)
		request->values[tags].text = NULL;
}

/* Kind.begin of the description of the interface: without a credential it tells of no collection. */
static void
ApiBegin(Request *request)
{
	OgcBegin(request);
	request->decided = request->caller.scheme == SCHEME_NONE && request->caller.app_code == NULL;
}

/* Kind.lane: features of slow collections wait where the slow pages of data do. */
static Lane
OgcLane(const Request *request)
{
	return ValueIn(request, "collection") != NULL && HeatHigh(request, "collection") ? LANE_SLOW : LANE_DATA;
}

/* Kind.took */
static void
OgcTook(Request *request, uint64_t milliseconds)
{
	if (ValueIn(request, "collection") != NULL)
		HeatTook(request, "collection", milliseconds);
}

/* Kind.http: what is wrong with a parameter is 400 in every conformance class. */
static unsigned
OgcHttp(int status)
{
	unsigned http = StatusHttp(status);

	return http == 422 ? 400 : http;
}

/* ---- refusals ---- */

/* One more error: the parameter and what is wrong with it. */
static void
AddError(Text *text, const char *pointer, const char *message)
{
	bool named = pointer != NULL && pointer[0] == '/' && pointer[1] != '\0';

	TextPrint(text, "%s%s%s", text->length > 0 ? "; " : "", named ? pointer + 1 : "", named ? ": " : "");
	TextAddString(text, message == NULL ? "" : message);
}

/* What is wrong, as a sentence: all that the extension or the bridge has listed, else the status in words. */
static const char *
Describe(Request *request)
{
	bool chinese = request->wanted.chinese;
	json_t *data =
		request->data.length == 0 ? NULL : json_loadb(request->data.text, request->data.length, 0, NULL);
	const char *description;
	Text text = {NULL, 0, 0};
	json_t *error;
	size_t i;

	json_array_foreach(json_object_get(data, "errors"), i, error)
		AddError(&text, json_string_value(json_object_get(error, "pointer")),
				 json_string_value(json_object_get(error, "message")));
	json_decref(data);
	if (text.length == 0)
		for (const Error *own = request->errors; own != NULL; own = own->next)
			AddError(&text, own->pointer, chinese ? own->chinese : own->message);
	if (text.length == 0)
		TextAddString(&text, StatusText(request->status, chinese));
	description = ArenaCopy(&request->arena, text.bytes, text.length);
	TextClear(&text);
	return description;
}

/* The exception of a refusal. */
static void
MakeException(Request *request, Reply *reply)
{
	const char *code = ArenaPrint(&request->arena, "%d", request->status);
	const char *description = Describe(request);

	if (request->wanted.html)
		OgcErrorPage(request, reply->http, code, description, &reply->text);
	else
	{
		TextPrint(&reply->text, "{\"code\":\"%s\",\"description\":", code);
		TextAddJson(&reply->text, description);
		TextAdd(&reply->text, "}", 1);
	}
	reply->type = request->wanted.html ? TYPE_HTML : TYPE_JSON;
	ReplyEncode(request, reply);
}

/* ---- documents ---- */

/* A document that was made here, which is taken. */
static void
MakeDocument(Request *request, Reply *reply, json_t *document, const char *type)
{
	char *bytes;

	if (request->wanted.html)
		OgcPage(request, BaseOf(request), document, &reply->text);
	else
	{
		bytes = json_dumps(document, JSON_COMPACT);
		TextAddString(&reply->text, bytes);
		free(bytes);
	}
	json_decref(document);
	reply->type = request->wanted.html ? TYPE_HTML : type;
	ReplyEncode(request, reply);
}

/* Kind.make of the landing page */
static void
LandingMake(Request *request, Reply *reply)
{
	if (request->status != CBD_OK)
		MakeException(request, reply);
	else
		MakeDocument(request, reply, OgcLanding(BaseOf(request), LanguageOf(request)), TYPE_JSON);
}

/* Kind.make of the conformance classes */
static void
ConformanceMake(Request *request, Reply *reply)
{
	if (request->status != CBD_OK)
		MakeException(request, reply);
	else
		MakeDocument(request, reply, OgcConformance(), TYPE_JSON);
}

/* The description of the interface; the collections are the caller's. */
static json_t *
ApiDocument(Request *request)
{
	json_t *told =
		request->data.length == 0 ? NULL : json_loadb(request->data.text, request->data.length, 0, NULL);
	json_t *document = OgcApi(BaseOf(request), ValueIn(request, "sealed") != NULL, LanguageOf(request),
							  json_object_get(told, "collections"));

	json_decref(told);
	return document;
}

/* DocumentReplyMade: its JSON. */
static void
WriteApi(Request *request, Text *text)
{
	json_t *document = ApiDocument(request);
	char *bytes = json_dumps(document, JSON_COMPACT);

	TextAddString(text, bytes);
	free(bytes);
	json_decref(document);
}

/* Kind.make of the description of the interface. It has a parameter for every queryable of every collection,
 * so it is kept for whoever asks again. */
static void
ApiMake(Request *request, Reply *reply)
{
	if (request->status != CBD_OK)
		MakeException(request, reply);
	else if (request->wanted.html)
		MakeDocument(request, reply, ApiDocument(request), TYPE_OPENAPI);
	else
		DocumentReplyMade(request, reply, TYPE_OPENAPI,
						  ArenaPrint(&request->arena, "ogc %d %s", LanguageOf(request), BaseOf(request)),
						  WriteApi);
}

/* Numbers that JSON can hold and we cannot are read as what is nearest. NULL: not at all. */
static json_t *
ReadDocument(Span data)
{
	json_t *document = json_loadb(data.text, data.length, 0, NULL);

	return document != NULL ? document : json_loadb(data.text, data.length, JSON_DECODE_INT_AS_REAL, NULL);
}

/* Kind.make: the extension's document. */
static void
OgcMake(Request *request, Reply *reply)
{
	const char *type = KeepSpan(request, request->frame.content_type);
	json_t *document = NULL;

	if (request->status != CBD_OK)
	{
		MakeException(request, reply);
		return;
	}
	if (request->wanted.html)
		document = ReadDocument(request->data);
	reply->type = type == NULL ? TYPE_JSON : type;
	if (document != NULL)
	{
		OgcPage(request, BaseOf(request), document, &reply->text);
		reply->type = TYPE_HTML;
		request->frame.etag = (Span){NULL, 0}; /* that of the JSON */
	}
	else
		TextAdd(&reply->text, request->data.text, request->data.length);
	json_decref(document);
	ReplyEncode(request, reply);
}

/* Kind.headers */
static void
OgcHeaders(Request *request, Reply *reply)
{
	if (request->route != NULL && request->route->function != NULL)
		ReplyHeader(reply, "Vary", "Authorization");
	if (request->status == CBD_OK && request->answered)
		ReplyHeader(reply, "Content-Crs", KeepSpan(request, request->frame.content_crs));
	if (!request->wanted.html)
		return;
	ReplyHeader(reply, "Content-Security-Policy", OgcPolicy(request));
	ReplyHeader(reply, "X-Frame-Options", "DENY");
	/* the address may be a credential */
	ReplyHeader(reply, "Referrer-Policy", "no-referrer");
	ReplyHeader(reply, "Cross-Origin-Opener-Policy", "same-origin");
}

#define OGC_KIND                                                                                             \
	.name = "ogc", .formats = FORMATS_PAGE, .refusals = "OgcException", .exceptions = true, .http = OgcHttp, \
	.headers = OgcHeaders

const Kind kind_ogc = {OGC_KIND, .under = OGC_PATH, .other = OgcField, .begin = OgcBegin, .make = OgcMake};

const Kind kind_ogc_features = {OGC_KIND,        .tagged = true,  .other = OgcField, .begin = OgcBegin,
								.lane = OgcLane, .took = OgcTook, .make = OgcMake};

const Kind kind_ogc_landing = {OGC_KIND, .other = DocumentField, .begin = OgcBegin, .make = LandingMake};

const Kind kind_ogc_conformance = {OGC_KIND, .other = DocumentField, .begin = OgcBegin,
								   .make = ConformanceMake};

const Kind kind_ogc_api = {OGC_KIND,          .tagged = true, .document = true, .other = DocumentField,
						   .begin = ApiBegin, .make = ApiMake};
