/* Who calls: Authorization header, authCode, and the digests that go to the database in their place. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "request/request.h"
#include "request/signed.h"
#include "text/base64.h"
#include "text/utf8.h"
#include "wire/status_codes.h"
#include "text/crypto.h"

bool
DigestStart(void)
{
	return DigestAvailable(DIGEST_SHA256) && SignedStart();
}

char *
Digest(Arena *arena, const char *text, size_t length)
{
	unsigned char *digest = ArenaAlloc(arena, DIGEST_LENGTH);

	if (!DigestBytes(DIGEST_SHA256, text, length, digest))
		abort(); /* SHA-256 of memory cannot fail */
	return (char *) digest;
}

/* More than one credential in a request is a mistake, or an attempt to confuse two readers of it. */
static bool
OnlyCredential(Request *request)
{
	if (strcmp(request->scheme, "none") == 0)
		return true;
	Refuse(request, CBD_CONFLICTING_CREDENTIALS, NULL, NULL);
	return false;
}

void
UseAuthCode(Request *request, const char *code, size_t length)
{
	if (!OnlyCredential(request))
		return;
	request->scheme = "code";
	request->credential = Digest(&request->arena, code, length);
	request->credential_length = DIGEST_LENGTH;
}

void
UseToken(Request *request, const char *token, size_t length)
{
	if (!OnlyCredential(request))
		return;
	request->scheme = "bearer";
	request->credential = Digest(&request->arena, token, length);
	request->credential_length = DIGEST_LENGTH;
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
	request->scheme = "basic";
	request->credential = decoded;
	request->credential_length = (size_t) size;
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
		if (request->route->flags & (ROUTE_BASIC | ROUTE_OAUTH))
			ReadBasic(request, value);
		else if (!(request->route->flags & ROUTE_OPEN))
			Refuse(request, CBD_UNAUTHORIZED, NULL, NULL);
	}
	else if (!(request->route->flags & ROUTE_OPEN))
		Refuse(request, CBD_UNAUTHORIZED, NULL, NULL);
}
