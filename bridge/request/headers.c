/*
 * The table of headers, and the pass over those of a request.
 *
 * Names are compared without case (RFC 9110 5.1). What is not in the table is counted and otherwise
 * ignored; that it is well formed matters all the same, since a proxy in front may have read it in another
 * way.
 */
#include "request/headers.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "text/control.h"

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

/* A value of a header that is known, by what its repetition means. */
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

/*
 * Is there nothing but blanks and so many line ends? Each is two NULs by now, or still CR and LF: one byte
 * more is a NUL of the value's, one less a bare LF.
 */
static bool
Separator(const char *from, const char *to, int lines)
{
	int ends = 0;

	while (from < to && memchr("\0\r\n \t", *from, 5) != NULL)
		ends += *from != ' ' && *from != '\t', from++;
	return from == to && ends == 2 * lines;
}

/* No control characters but tabs, and the buffer goes on with the next header where the value ends. */
static bool
ValidValue(Headers *headers, const char *name, const char *value, size_t length)
{
	/* a folded line (RFC 9112 5.2: refused) lies elsewhere */
	bool in_order = name >= headers->end && value > name && value + length <= headers->block_end;

	if (!in_order || !Separator(headers->end, name, 1))
		return false;
	headers->end = value + length;
	return BeforeControl(value, length) == length && memchr(value, 0x7f, length) == NULL;
}

/* One header of libmicrohttpd's list: counted, its name looked at, its value taken when it is known. */
static enum MHD_Result
OneHeader(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
		  size_t value_length)
{
	Headers *headers = cls;

	headers->size += name_length + value_length + 4;
	if (!ValidName(name) ||
		!ValidValue(headers, name, value == NULL ? name + name_length + 1 : value, value_length))
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
HeadersRead(Headers *headers, struct MHD_Connection *connection, const char *start, const char *version,
			Arena *arena)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	memset(headers, 0, sizeof(*headers));
	headers->arena = arena;
	headers->end = version + strlen(version);
	headers->block_end = start + (info == NULL ? 0 : info->header_size);
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, OneHeader, headers);
	if (!headers->malformed && !Separator(headers->end, headers->block_end, 2))
		headers->malformed = true;
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
