/* One value of the Cookie header; see cookie.h. */
#include "request/cookie.h"

#include <string.h>

#define BASE64URL_SET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

const char *
CookieValue(Request *request, const char *name)
{
	const char *at = request->headers[HEADER_COOKIE];
	size_t length = strlen(name);

	while (at != NULL && *at != '\0')
	{
		at += strspn(at, "; ");
		if (strncmp(at, name, length) == 0 && at[length] == '=' &&
			strspn(at + length + 1, BASE64URL_SET) == COOKIE_LENGTH)
			return ArenaCopy(&request->arena, at + length + 1, COOKIE_LENGTH);
		at = strchr(at, ';');
	}
	return NULL;
}
