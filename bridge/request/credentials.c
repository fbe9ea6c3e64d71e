/*
 * Credentials of headers and fields.
 *
 * What comes is a secret: it is digested at once (codes, tokens) or kept in the arena, which is
 * overwritten (Basic). Malformed credentials are refused like wrong ones, without saying what is
 * malformed. Whether a credential is good is the extension's question; here it is only which one it is.
 */
#include "request/credentials.h"

#include <string.h>

#include "base/digest.h"
#include "text/base64.h"
#include "text/utf8.h"
#include "wire/status_codes.h"

bool
UseScheme(Request *request, AuthScheme scheme, const char *credential, size_t length)
{
	Caller *caller = &request->caller;

	/* more than one credential in a request is a mistake, or an attempt to confuse two readers of it */
	if (caller->scheme != SCHEME_NONE)
	{
		Refuse(request, CBD_CONFLICTING_CREDENTIALS, NULL, NULL);
		return false;
	}
	caller->scheme = scheme;
	caller->credential = credential;
	caller->credential_length = length;
	return true;
}

void
UseAuthCode(Request *request, const char *code, size_t length)
{
	UseScheme(request, SCHEME_CODE, Digest(&request->arena, code, length), DIGEST_LENGTH);
}

void
UseToken(Request *request, const char *token, size_t length)
{
	UseScheme(request, SCHEME_BEARER, Digest(&request->arena, token, length), DIGEST_LENGTH);
}

/* base64 of "user:password"; what is not that is an invalid credential. */
static void
ReadBasic(Request *request, const char *text)
{
	size_t length = strlen(text);
	char *decoded;
	ptrdiff_t size;

	while (length > 0 && text[length - 1] == ' ')
		length--;
	decoded = ArenaAlloc(&request->arena, BASE64_BYTES(length));
	size = length <= 2048 ? Base64Bytes(text, length, BASE64, (unsigned char *) decoded, NULL) : -1;
	if (size < 1 || memchr(decoded, ':', (size_t) size) == NULL ||
		Utf8FirstInvalid(decoded, (size_t) size) != (size_t) size)
	{
		Refuse(request, CBD_INVALID_CREDENTIALS, NULL, NULL);
		return;
	}
	UseScheme(request, SCHEME_BASIC, decoded, (size_t) size);
}

void
ReadAuthorization(Request *request, const char *header)
{
	const char *space = strchr(header, ' ');
	Span scheme = {header, space == NULL ? strlen(header) : (size_t) (space - header)};
	const char *value = space == NULL ? "" : space + strspn(space, " ");

	if (SpanIsAnyCase(scheme, "Bearer"))
	{
		size_t length = strlen(value);

		while (length > 0 && value[length - 1] == ' ')
			length--;
		if (length == 0 || memchr(value, ' ', length) != NULL)
		{
			Refuse(request, CBD_INVALID_TOKEN, NULL, NULL);
			return;
		}
		UseToken(request, value, length);
	}
	else if (SpanIsAnyCase(scheme, "Basic"))
	{
		if (request->route->flags & (ROUTE_BASIC | ROUTE_CLIENT_BASIC))
			ReadBasic(request, value);
		else if (!(request->route->flags & ROUTE_OPEN))
			Refuse(request, CBD_UNAUTHORIZED, NULL, NULL);
	}
	else if (!(request->route->flags & ROUTE_OPEN))
		Refuse(request, CBD_UNAUTHORIZED, NULL, NULL);
}
