/* The code of a refused request; see refused.h. What refused it may be the very text around the code, so it
 * is looked for without reading the whole. */
#include "request/refused.h"

#include "base/digest.h"
#include "request/negotiate.h"
#include "request/upload.h"

/* Bytes of what may be a code, percent-encoded or not. */
#define CODE_SHORTEST 16
#define CODE_LONGEST  192

/* The value of authCode in the query, decoded. */
static bool
QueryCode(Request *request, Span *code)
{
	TextError error;
	Span raw;
	char *text;
	ptrdiff_t length;

	if (request->query.text == NULL || !QueryValue(request, "authCode", &raw) || raw.length > CODE_LONGEST)
		return false;
	text = ArenaAlloc(&request->arena, raw.length + 1);
	length = PercentDecode(raw.text, raw.length, text, true, &error);
	*code = (Span){text, length < 0 ? 0 : (size_t) length};
	return true;
}

bool
RefusedCode(Request *request, Caller *caller)
{
	const Route *route = request->route;
	Span code;

	/* an address that nobody need be known at reads no code, unless as a parameter of its own */
	if (route != NULL && (route->flags & ROUTE_OPEN) && RouteParam(route, "authCode") < 0)
		return false;
	if (!QueryCode(request, &code) &&
		(request->body.length == 0 || !BodyValue(request, "authCode", true, &code)))
		return false;
	if (code.length < CODE_SHORTEST || code.length > CODE_LONGEST)
		return false;
	*caller = (Caller){.scheme = SCHEME_CODE,
					   .credential = Digest(&request->arena, code.text, code.length),
					   .credential_length = DIGEST_LENGTH};
	return true;
}
