/* The table of headers, and the pass over those of a request. */
#include "request/headers.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct
{
	const char *name;
	size_t length; /* looked at first: most names differ in it */
	Repeat repeat;
} known[HEADER_COUNT] = {
#define HEADER_ROW(member, name, repeat) [member] = {name, sizeof(name) - 1, repeat},
	HEADERS(HEADER_ROW)
#undef HEADER_ROW
};

static void
TakeValue(Headers *headers, HeaderName name, const char *value)
{
	const char **place = &headers->values[name];

	if (*place == NULL || known[name].repeat == REPEAT_LAST)
		*place = value;
	else if (known[name].repeat == REPEAT_LIST)
		*place = ArenaPrint(headers->arena, "%s,%s", *place, value);
	else if (known[name].repeat == REPEAT_REFUSED)
		headers->repeated = true;
}

/* RFC 9110 token characters: a name with a blank before the colon is an attempt to smuggle. */
static bool
ValidName(const char *name)
{
	const char *c = name;

	while (isalnum((unsigned char) *c) || (*c != '\0' && strchr("!#$%&'*+-.^_`|~", *c) != NULL))
		c++;
	return *c == '\0' && c > name;
}

static enum MHD_Result
OneHeader(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
		  size_t value_length)
{
	Headers *headers = cls;

	headers->size += name_length + value_length + 4;
	if (!ValidName(name))
		headers->malformed = true;
	for (int i = 0; i < HEADER_COUNT; i++)
		if (name_length == known[i].length && strcasecmp(name, known[i].name) == 0)
		{
			TakeValue(headers, (HeaderName) i, value == NULL ? "" : value);
			break;
		}
	return MHD_YES;
}

void
HeadersRead(Headers *headers, struct MHD_Connection *connection, Arena *arena)
{
	memset(headers, 0, sizeof(*headers));
	headers->arena = arena;
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, OneHeader, headers);
}

int
HeaderKept(const char *name)
{
	for (int i = 0; i < KEPT_HEADERS; i++)
		if (strcmp(name, known[i].name) == 0)
			return i;
	return -1;
}

bool
HeaderPrintable(const char *value)
{
	while ((unsigned char) *value >= 0x20 && (unsigned char) *value < 0x7f)
		value++;
	return *value == '\0';
}
