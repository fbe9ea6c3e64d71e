/* Reply frames: any bytes; the parts lie inside the frame, and what is read and written again reads the same.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/frame.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
CheckText(Span text, const char *bytes, size_t size)
{
	CHECK(text.length == 0 || (text.text >= bytes && text.text + text.length <= bytes + size));
	for (size_t i = 0; i < text.length; i++)
		CHECK((unsigned char) text.text[i] >= 0x20 || text.text[i] == '\t');
}

static void
CheckSame(Span a, Span b)
{
	CHECK(a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0));
}

/* All that a frame says, from its bytes and written anew. */
static void
CheckFrame(const Frame *frame, const char *bytes, size_t size)
{
	size_t length = FrameSize(frame);
	char *written = malloc(length);
	Frame again;

	CHECK(length > 0 && FrameWrite(frame, written) == written + length);
	CHECK(FrameRead(written, length, &again));
	CHECK(frame->version == CONTRACT_VERSION && frame->status >= 0 && again.status == frame->status);
#define CHECK_TEXT(member, name)                                                                             \
	CheckText(frame->member, bytes, size);                                                                   \
	CheckSame(frame->member, again.member);
#define CHECK_NUMBER(member, name, least, greatest)                                                          \
	CHECK(frame->member == again.member);                                                                    \
	CHECK(frame->member == FRAME_NONE || (frame->member >= (least) && frame->member <= (greatest)));
	FRAME_TEXTS(CHECK_TEXT)
	FRAME_NUMBERS(CHECK_NUMBER)
	CheckSame(frame->body, again.body);
	free(written);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size > 0 ? size : 1); /* exactly as long: reading past the end is seen */
	Frame frame;

	if (size > 0)
		memcpy(bytes, data, size);
	if (FrameRead(bytes, size, &frame))
		CheckFrame(&frame, bytes, size);
	free(bytes);
	return 0;
}
