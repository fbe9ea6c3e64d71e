/* Cuts a reply frame into its parts. */
#include "reply/frame.h"

#include <string.h>

/* A decimal number of at most nine digits; advances *at. */
static bool
TakeNumber(const char **at, const char *end, int *number)
{
	const char *start = *at;

	*number = 0;
	while (*at < end && **at >= '0' && **at <= '9' && *at - start < 9)
		*number = *number * 10 + (*(*at)++ - '0');
	return *at > start;
}

/* The value behind a tab, up to the next tab or the line's end; empty when there is none. False: the line has
 * no end. */
static bool
TakeField(const char **at, const char *end, Span *field)
{
	const char *start = *at;

	*field = (Span){NULL, 0};
	if (start == end || *start != '\t')
		return true;
	do
		(*at)++;
	while (*at < end && **at != '\t' && **at != '\n');
	*field = (Span){start + 1, (size_t) (*at - start) - 1};
	return *at < end;
}

bool
FrameParse(const char *text, size_t length, Frame *frame)
{
	const char *end = text + length;
	const char *at = text;
	const char *line;

	if (!TakeNumber(&at, end, &frame->status) || at == end || *at++ != ' ' ||
		!TakeNumber(&at, end, &frame->retry_after) || !TakeField(&at, end, &frame->rate_policy) ||
		!TakeField(&at, end, &frame->rate) || at == end || *at++ != '\n')
		return false;
	line = memchr(at, '\n', (size_t) (end - at));
	if (line == NULL)
		return false;
	frame->audit = (Span){at, (size_t) (line - at)};
	frame->data = (Span){line + 1, (size_t) (end - line) - 1};
	return true;
}
