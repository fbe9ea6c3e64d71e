/*
 * Reads reply frames; see frame.h. Nothing of the bytes is trusted: a bridge of one version meets an
 * extension of another.
 */
#include "wire/frame.h"

#include <string.h>

#include "text/control.h"
#include "text/decimal.h"

#define FIRST "citybigdata/"

/* A decimal number without sign, leading zeros or blanks, up to 18 digits; false: it is none. */
static bool
ReadNumber(Span text, int64_t *number)
{
	return (text.length < 2 || text.text[0] != '0') && DecimalRead(text, DECIMAL_DIGITS, number);
}

/* May it stand in a name? */
static bool
IsNameCharacter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* "citybigdata/1 40300": advances *at behind its line feed. */
static bool
ReadFirst(const char *bytes, size_t length, size_t *at, Frame *frame)
{
	const char *start = bytes + strlen(FIRST);
	const char *end = memchr(bytes, '\n', length);
	const char *blank;

	if (end == NULL || (size_t) (end - bytes) < strlen(FIRST) || memcmp(bytes, FIRST, strlen(FIRST)) != 0 ||
		(blank = memchr(start, ' ', (size_t) (end - start))) == NULL)
		return false;
	if (!ReadNumber((Span){start, (size_t) (blank - start)}, &frame->version))
	{
		frame->version = 0;
		return false;
	}
	if (frame->version != CONTRACT_VERSION)
		return false;
	*at = (size_t) (end - bytes) + 1;
	return ReadNumber((Span){blank + 1, (size_t) (end - blank) - 1}, &frame->status) &&
		   frame->status <= INT32_MAX;
}

bool
FrameLine(const char *bytes, size_t length, size_t *at, Span *name, Span *value)
{
	size_t i = *at;

	while (i < length && IsNameCharacter(bytes[i]))
		i++;
	*name = (Span){bytes + *at, i - *at};
	if (name->length == 0 || length - i < 2 || bytes[i] != ':' || bytes[i + 1] != ' ')
		return false;
	i += 2;
	*value = (Span){bytes + i, 0};
	i += BeforeControl(bytes + i, length - i);
	if (i == length || bytes[i] != '\n')
		return false;
	value->length = (size_t) (bytes + i - value->text);
	*at = i + 1;
	return true;
}

/* Is the name this one? */
static bool
IsName(Span name, const char *wanted, size_t length)
{
	return name.length == length && memcmp(name.text, wanted, length) == 0;
}

/* The value to its member; false: it is not in the form of its name, or the name stands twice. Unknown names
 * are ignored. */
static bool
TakeValue(Frame *frame, Span name, Span value)
{
#define TAKE_TEXT(member, text)                                                                              \
	if (IsName(name, text, sizeof(text) - 1))                                                                \
	{                                                                                                        \
		bool first = frame->member.length == 0;                                                              \
                                                                                                             \
		frame->member = value;                                                                               \
		return first;                                                                                        \
	}
#define TAKE_NUMBER(member, text, least, greatest)                                                           \
	if (IsName(name, text, sizeof(text) - 1))                                                                \
		return frame->member == FRAME_NONE && ReadNumber(value, &frame->member) &&                           \
			   frame->member >= (least) && frame->member <= (greatest);
	FRAME_TEXTS(TAKE_TEXT)
	FRAME_NUMBERS(TAKE_NUMBER)
#undef TAKE_TEXT
#undef TAKE_NUMBER
	return true;
}

bool
FrameRead(const char *bytes, size_t length, Frame *frame)
{
	size_t at = 0;
	Span name, value;

	FrameBegin(frame, 0);
	if (!ReadFirst(bytes, length, &at, frame))
		return false;
	while (FrameLine(bytes, length, &at, &name, &value))
		if (!TakeValue(frame, name, value))
			return false;
	if (at == length || bytes[at] != '\n')
		return false;
	frame->body = (Span){bytes + at + 1, length - at - 1};
	return true;
}
