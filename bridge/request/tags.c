/* Lists of entity tags. */
#include "request/tags.h"

#include <string.h>

bool
TagNext(const char **header, Span *tag)
{
	const char *at = *header + strspn(*header, " \t,");
	const char *end;

	if (*at == '\0')
		return false;
	if (strncmp(at, "W/\"", 3) == 0)
		at += 2;
	if (*at == '"')
	{
		at++;
		end = at + strcspn(at, "\"");
		*header = *end == '"' ? end + 1 : end;
	}
	else
		*header = end = at + strcspn(at, " \t,\"");
	*tag = (Span){at, (size_t) (end - at)};
	return true;
}

bool
TagListed(const char *header, const char *tag)
{
	Span own, given;

	if (header == NULL || !TagNext(&tag, &own))
		return false;
	while (TagNext(&header, &given))
		if (SpanEquals(given, own) || SpanIs(given, "*"))
			return true;
	return false;
}

const char *
TagsPlain(Arena *arena, const char *header)
{
	char *tags = ArenaAlloc(arena, strlen(header) + 1);
	char *out = tags;
	Span tag;

	while (TagNext(&header, &tag))
	{
		if (tag.length == 0)
			continue;
		if (out > tags)
			*out++ = ' ';
		memcpy(out, tag.text, tag.length);
		out += tag.length;
	}
	*out = '\0';
	return tags;
}
