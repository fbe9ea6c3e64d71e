/* Lists of entity tags; see entity_tag.h. */
#include "text/entity_tag.h"

/* Stands between two tags? */
static bool
Separates(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

/* The next tag of the list, without W/ and quotes; takes it off. False: there is none. */
static bool
TakeTag(Span *list, Span *tag)
{
	const char *end = list->text + list->length;
	const char *at = list->text;
	const char *start;

	while (at < end && Separates(*at))
		at++;
	if (at == end)
		return false;
	if (end - at >= 3 && memcmp(at, "W/\"", 3) == 0)
		at += 2;
	if (*at == '"')
	{
		start = ++at;
		while (at < end && *at != '"')
			at++;
	}
	else
	{
		start = at;
		while (at < end && !Separates(*at))
			at++;
	}
	*tag = (Span){start, (size_t) (at - start)};
	if (at < end && *at == '"')
		at++;
	*list = (Span){at, (size_t) (end - at)};
	return true;
}

bool
EntityTagListed(Span list, Span tag)
{
	Span listed;

	while (TakeTag(&list, &listed))
		if (SpanEquals(listed, tag) || SpanIs(listed, "*"))
			return true;
	return false;
}
