/* Writes reply frames, in two passes: the size first, so that the caller makes room once and the body, which
 * may be a page of megabytes, is copied once. See frame.h. */
#include "wire/frame.h"

#include <string.h>

#include "text/control.h"

#define FIRST  "citybigdata/"
#define DIGITS 20 /* of an int64 with its sign */

static const struct
{
	Span name;
	size_t offset;
} texts[] = {
#define TEXT_ROW(member, name) {{name, sizeof(name) - 1}, offsetof(Frame, member)},
	FRAME_TEXTS(TEXT_ROW)
#undef TEXT_ROW
};

static const struct
{
	Span name;
	size_t offset;
	int64_t least, greatest;
} numbers[] = {
#define NUMBER_ROW(member, name, least, greatest)                                                            \
	{{name, sizeof(name) - 1}, offsetof(Frame, member), least, greatest},
	FRAME_NUMBERS(NUMBER_ROW)
#undef NUMBER_ROW
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The member of a row of `texts`. */
static const Span *
TextOf(const Frame *frame, size_t row)
{
	return (const Span *) ((const char *) frame + texts[row].offset);
}

/* The member of a row of `numbers`. */
static int64_t
NumberOf(const Frame *frame, size_t row)
{
	return *(const int64_t *) ((const char *) frame + numbers[row].offset);
}

/* Decimal digits of a number that is not negative, at the end of out[DIGITS]; returns how many. */
static size_t
Digits(int64_t number, char *out)
{
	size_t length = 0;

	do
		out[DIGITS - ++length] = (char) ('0' + number % 10);
	while ((number /= 10) > 0);
	return length;
}

/* Writes bytes; returns the position behind them. So do the others. */
static char *
PutBytes(char *out, const char *bytes, size_t length)
{
	if (length > 0)
		memcpy(out, bytes, length);
	return out + length;
}

/* Writes a number that is not negative. */
static char *
PutNumber(char *out, int64_t number)
{
	char digits[DIGITS];
	size_t length = Digits(number, digits);

	return PutBytes(out, digits + DIGITS - length, length);
}

/* Writes "name: ". */
static char *
PutName(char *out, Span name)
{
	return PutBytes(PutBytes(out, name.text, name.length), ": ", 2);
}

/* Digits that a number has. */
static size_t
NumberLength(int64_t number)
{
	char digits[DIGITS];

	return Digits(number, digits);
}

void
FrameBegin(Frame *frame, int status)
{
	memset(frame, 0, sizeof(*frame));
	frame->status = status;
	for (size_t i = 0; i < COUNT(numbers); i++)
		*(int64_t *) ((char *) frame + numbers[i].offset) = FRAME_NONE;
}

size_t
FrameSize(const Frame *frame)
{
	size_t size = strlen(FIRST) + NumberLength(CONTRACT_VERSION) + strlen(" \n\n") + frame->body.length;

	if (frame->status < 0)
		return 0;
	size += NumberLength(frame->status);
	for (size_t i = 0; i < COUNT(numbers); i++)
	{
		int64_t number = NumberOf(frame, i);

		if (number == FRAME_NONE)
			continue;
		if (number < numbers[i].least || number > numbers[i].greatest)
			return 0;
		size += numbers[i].name.length + strlen(": \n") + NumberLength(number);
	}
	for (size_t i = 0; i < COUNT(texts); i++)
	{
		const Span *value = TextOf(frame, i);

		if (value->length == 0)
			continue;
		if (BeforeControl(value->text, value->length) < value->length) /* it cannot stand in a line */
			return 0;
		size += texts[i].name.length + strlen(": \n") + value->length;
	}
	return size;
}

char *
FrameWrite(const Frame *frame, char *out)
{
	out = PutBytes(out, FIRST, strlen(FIRST));
	out = PutNumber(out, CONTRACT_VERSION);
	*out++ = ' ';
	out = PutNumber(out, frame->status);
	*out++ = '\n';
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (NumberOf(frame, i) != FRAME_NONE)
		{
			out = PutNumber(PutName(out, numbers[i].name), NumberOf(frame, i));
			*out++ = '\n';
		}
	for (size_t i = 0; i < COUNT(texts); i++)
	{
		const Span *value = TextOf(frame, i);

		if (value->length == 0)
			continue;
		out = PutBytes(PutName(out, texts[i].name), value->text, value->length);
		*out++ = '\n';
	}
	*out++ = '\n';
	return PutBytes(out, frame->body.text, frame->body.length);
}
