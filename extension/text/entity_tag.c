/* Lists of entity tags; see entity_tag.h. */
#include "text/entity_tag.h"

/* Stands between two tags? */
static bool
Separates(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

/* Takes the next tag off the list, without W/ and quotes; "*" is one. False: there is none left. */
static bool
TakeTag(Span *list, Span *tag)
{
	const char *end = list->text + list->length;
	const char *at = list->text;

	while (at < end)
	{
		const char *start;

		while (at < end && Separates(*at))
			at++;
		if (end - at >= 3 && memcmp(at, "W/\"", 3) == 0)
			at += 2;
		start = at;
		if (at < end && *at == '"')
		{
			const char *close = memchr(at + 1, '"', (size_t) (end - at) - 1);

			/* without the closing quote nothing after it is a tag either */
			if (close == NULL)
				return false;
			*tag = (Span){start + 1, (size_t) (close - start) - 1};
			*list = (Span){close + 1, (size_t) (end - close) - 1};
			return true;
		}
		while (at < end && !Separates(*at))
			at++;
		if (at - start == 1 && *start == '*')
		{
			*tag = (Span){start, 1};
			*list = (Span){at, (size_t) (end - at)};
			return true;
		}
	}
	return false;
}

bool
EntityTagListed(Span header, Span tag)
{
	Span listed;

	while (TakeTag(&header, &listed))
		if (SpanEquals(listed, tag) || SpanIs(listed, "*"))
			return true;
	return false;
}

Span
EntityTagOpaque(Span etag)
{
	Span tag;

	return TakeTag(&etag, &tag) ? tag : (Span){NULL, 0};
}
