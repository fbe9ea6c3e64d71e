/* Pairs of adjacent characters; see bigram.h. */
#include <string.h>

#include "text/bigram.h"
#include "text/utf8.h"

/* Full-width forms of ASCII, and how far they are from it. */
#define WIDE_FIRST  0xFF01
#define WIDE_LAST   0xFF5E
#define WIDE_OFFSET 0xFEE0

/* Blanks that are no part of a word. */
static bool
IsBlank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || c == 0xFEFF || c == 0x200B;
}

size_t
text_fold(const char *text, size_t length, char *out)
{
	size_t written = 0;
	size_t at = 0;

	while (at < length)
	{
		uint32_t c;
		int size = Utf8Get(text + at, length - at, &c);

		if (size <= 0)
		{
			at++;
			continue;
		}
		at += (size_t) size;
		if (IsBlank(c))
			continue;
		if (c >= WIDE_FIRST && c <= WIDE_LAST)
			c -= WIDE_OFFSET;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		written += Utf8Put(c, out + written);
	}
	return written;
}

/* Two characters as a number: exact in the basic plane, mixed beyond. */
static int32_t
Pair(uint32_t first, uint32_t second)
{
	uint32_t high = first ^ (first >> 16) * 0x9E37;
	uint32_t low = second ^ (second >> 16) * 0x9E37;

	return (int32_t) (high << 16 | (low & 0xFFFF));
}

size_t
text_bigrams(const char *folded, size_t length, int32_t *out)
{
	uint32_t before = 0;
	size_t count = 0;
	size_t at = 0;

	while (at < length)
	{
		uint32_t c;
		int size = Utf8Get(folded + at, length - at, &c);

		if (size <= 0)
			break;
		if (at > 0)
			out[count++] = Pair(before, c);
		before = c;
		at += (size_t) size;
	}
	return count;
}

bool
text_has(const char *folded, size_t length, const char *words, size_t words_length)
{
	return memmem(folded, length, words, words_length) != NULL;
}
