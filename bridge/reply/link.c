/*
 * Addresses of next pages.
 *
 * The address is made of what the client has called, not of what was understood of it: unknown parameters,
 * their order and their spelling stay. Credentials are left out, since addresses are written down in many
 * places.
 */
#include "reply/link.h"

#include "base/config.h"
#include "base/text.h"

/* Is the raw name of a pair one that the address of the next page must not have? */
static bool
LeftOut(Span raw, Span changed)
{
	char decoded[64];
	TextError error;
	ptrdiff_t length =
		raw.length > sizeof(decoded) ? -1 : PercentDecode(raw.text, raw.length, decoded, true, &error);
	Span name = {decoded, length < 0 ? 0 : (size_t) length};

	return length > 0 &&
		   (SpanEquals(name, changed) || SpanIs(name, "authCode") || SpanIs(name, "accessToken"));
}

const char *
LinkNext(Request *request)
{
	Span link = request->frame.link, rest = request->query, name, value;
	const char *equals = link.length == 0 ? NULL : memchr(link.text, '=', link.length);
	const char *url, *kept;
	Text text = {NULL, 0, 0};

	/* a sealed address stands for one page, and what is inside it is not the client's to know */
	if (equals == NULL || request->caller.scheme == SCHEME_SEALED)
		return NULL;
	url = Issuer(&request->arena);
	TextPrint(&text, "<%s", url == NULL ? "" : url);
	TextAddEncoded(&text, request->path.text, request->path.length, LINK_KEPT);
	TextAdd(&text, "?", 1);
	while (NextPair(&rest, &name, &value))
	{
		if (LeftOut(name, (Span){link.text, (size_t) (equals - link.text)}))
			continue;
		TextAddEncoded(&text, name.text, name.length, LINK_KEPT);
		TextAdd(&text, "=", 1);
		TextAddEncoded(&text, value.text, value.length, LINK_KEPT);
		TextAdd(&text, "&", 1);
	}
	TextAdd(&text, link.text, link.length); /* its characters stand for themselves in an address */
	TextAddString(&text, ">; rel=\"next\"");
	kept = ArenaCopy(&request->arena, text.bytes, text.length);
	TextClear(&text);
	return kept;
}
