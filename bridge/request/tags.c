/*
 * Lists of entity tags.
 *
 * Only quotes delimit a tag: it may have commas inside. The reader never goes back, so a header of any
 * length costs one pass.
 */
#include "request/tags.h"

#include <string.h>

bool
TagNext(const char **header, Span *tag)
{
	for (const char *at = *header; *at != '\0';)
	{
		const char *end;

		at += strspn(at, " \t,");
		if (strncmp(at, "W/\"", 3) == 0)
			at += 2;
		end = *at == '"' ? at + 1 + strcspn(at + 1, "\"") : at + strcspn(at, " \t,");
		if (*at == '"' && *end == '"')
		{
			*tag = (Span){at + 1, (size_t) (end - at) - 1};
			*header = end + 1;
			return true;
		}
		if (*at == '*' && end == at + 1)
		{
			*tag = (Span){at, 1};
			*header = end;
			return true;
		}
		at = end;
	}
	return false;
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
