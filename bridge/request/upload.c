/* The sender of a body of which only the beginning is there; see upload.h. */
#include "request/upload.h"

#include <string.h>

#include "base/digest.h"
#include "request/credentials.h"
#include "request/negotiate.h"
#include "wire/status_codes.h"

/* A field of a form; the last one is whole only where the body is. */
static bool
FormValue(Request *request, const char *wanted, bool complete, Span *value)
{
	const Body *body = &request->body;
	const char *last = complete ? body->bytes + body->length : memrchr(body->bytes, '&', body->length);
	Span rest = {body->bytes, last == NULL ? 0 : (size_t) (last - body->bytes)}, name, raw;

	while (NextPair(&rest, &name, &raw))
		if (SpanIs(name, wanted))
		{
			TextError error;
			char *text = ArenaAlloc(&request->arena, raw.length + 1);
			ptrdiff_t length = PercentDecode(raw.text, raw.length, text, true, &error);

			*value = (Span){text, length < 0 ? 0 : (size_t) length};
			return length > 0;
		}
	return false;
}

/*
 * What stands between `open` and `close` behind `mark`: a member of an object, wherever it is, or a part of
 * multipart. Whether that is what the request will be read as does not matter.
 */
static bool
MarkedValue(const Body *body, const char *mark, const char *between, char close, Span *value)
{
	const char *end = body->bytes + body->length;
	const char *at = memmem(body->bytes, body->length, mark, strlen(mark));
	const char *last;

	if (at == NULL)
		return false;
	for (at += strlen(mark); at < end && strchr(between, *at) != NULL && *at != '\0'; at++)
		;
	last = at < end ? memchr(at, close, (size_t) (end - at)) : NULL;
	*value = (Span){at, last == NULL ? 0 : (size_t) (last - at)};
	return value->length > 0;
}

bool
BodyValue(Request *request, const char *name, bool complete, Span *value)
{
	const Body *body = &request->body;

	switch (body->form)
	{
		case BODY_FORM:
			return FormValue(request, name, complete, value);
		case BODY_JSON:
			return MarkedValue(body, ArenaPrint(&request->arena, "\"%s\"", name), " \t\r\n:\"", '"', value);
		case BODY_MULTIPART:
			return MarkedValue(body, ArenaPrint(&request->arena, "name=\"%s\"", name), "\r\n", '\r', value) ||
				   MarkedValue(body, ArenaPrint(&request->arena, "name=%s", name), "\r\n", '\r', value);
		default:
			return false;
	}
}

static bool
Take(Request *request, Caller *caller, AuthScheme scheme, Span value)
{
	caller->scheme = scheme;
	caller->credential = Digest(&request->arena, value.text, value.length);
	caller->credential_length = DIGEST_LENGTH;
	return true;
}

bool
UploadCaller(Request *request, Caller *caller)
{
	Span value;

	*caller = request->caller;
	if (caller->scheme != SCHEME_NONE)
		return true;
	if (QueryValue(request, "authCode", &value) || BodyValue(request, "authCode", false, &value))
		return Take(request, caller, SCHEME_CODE, value);
	if ((request->route->flags & ROUTE_BODY_TOKEN) && BodyValue(request, "accessToken", false, &value))
		return Take(request, caller, SCHEME_BEARER, value);
	if ((request->route->flags & ROUTE_KEY) &&
		(QueryValue(request, "api_key", &value) || BodyValue(request, "api_key", false, &value)))
		return Take(request, caller, SCHEME_KEY, value);
	if (request->route->flags & ROUTE_ADDRESS)
		return true;
	Refuse(request, CBD_UNAUTHORIZED, NULL, "a body above %zu{limit} bytes needs a credential in the header",
		   UNKNOWN_BODY);
	return false;
}
