/* Names of the authentication schemes; see call_context.h. */
#include "wire/call_context.h"

#include <string.h>

static const char *const names[SCHEMES] = {
#define SCHEME_NAME(member, name) [member] = name,
	AUTH_SCHEMES(SCHEME_NAME)
#undef SCHEME_NAME
};

const char *
SchemeName(AuthScheme scheme)
{
	return names[scheme];
}

bool
SchemeInChinese(const char *text, size_t *length)
{
	size_t size = strlen(SCHEME_CHINESE);
	bool there = *length >= size && memcmp(text + *length - size, SCHEME_CHINESE, size) == 0;

	if (there)
		*length -= size;
	return there;
}

bool
SchemeNamed(const char *name, size_t length, AuthScheme *scheme)
{
	for (int i = 0; i < SCHEMES; i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
		{
			*scheme = (AuthScheme) i;
			return true;
		}
	return false;
}
