/*
 * Charsets: any bytes read as GB 18030, as UTF-8 and as a form. What is good comes back as it was, what is
 * not is refused at a place from which on nothing is good, and never more is written than there is said to be
 * room for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"
#include "base/target.h"
#include "text/utf8.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	CHECK(CharsetStart() == NULL);
	return 0;
}

/* One direction and back again. */
static void
ThereAndBack(const char *in, size_t size, Conversion (*there)(const char *, size_t, char *), size_t room,
			 Conversion (*back)(const char *, size_t, char *), size_t back_room)
{
	char *out = malloc(room + 1);
	Conversion made = there(in, size, out);
	char *again;
	Conversion returned;

	CHECK(made.made <= room && made.taken <= size && (made.taken == size) == (made.error == NULL));
	CHECK(!made.cut || (made.error != NULL && size - made.taken < 4));
	again = malloc(back_room + 1);
	returned = back(out, made.made, again);
	CHECK(returned.error == NULL && returned.made == made.taken && memcmp(again, in, made.taken) == 0);
	free(out);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size > 0 ? size : 1); /* exactly as long: reading past the end is seen */
	char *letters = malloc(size > 0 ? size : 1);
	char *utf8 = malloc(UTF8_ROOM(size) + 1);
	TextError error;
	ptrdiff_t length;

	if (size > 0)
		memcpy(text, data, size);
	ThereAndBack(text, size, Gb18030ToUtf8, UTF8_ROOM(size), Utf8ToGb18030, GB18030_ROOM(UTF8_ROOM(size)));
	ThereAndBack(text, size, Utf8ToGb18030, GB18030_ROOM(size), Gb18030ToUtf8, UTF8_ROOM(GB18030_ROOM(size)));
	CHECK((Utf8ToGb18030(text, size, utf8 = realloc(utf8, GB18030_ROOM(size) + 1)).error == NULL) ==
		  (Utf8FirstInvalid(text, size) == size));
	length = FormLetters(text, size, letters, &error);
	CHECK(length >= 0 ? (size_t) length <= size : error.offset < size && text[error.offset] == '%');
	for (ptrdiff_t i = 0; i < length; i += 1 + length / 16)
		CHECK(FormOffset(text, size, (size_t) i) < size);
	(void) CharsetNamed(text, size);
	free(text);
	free(letters);
	free(utf8);
	return 0;
}
