/*
 * UTF-8 one character at a time, in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL
 * header. Both programs take every look at UTF-8 through here, so that they agree on what is valid (RFC 3629:
 * no form longer than needed, no surrogate, nothing above U+10FFFF).
 *
 * Words: a character is one code point; a continuation byte is one of 10xxxxxx, that is inside a character.
 */
#ifndef CBD_UTF8_H
#define CBD_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Writes a character of UCS, at most 4 bytes; returns how many. */
static inline size_t
Utf8Put(uint32_t c, char *out)
{
	if (c < 0x80)
	{
		out[0] = (char) c;
		return 1;
	}
	if (c < 0x800)
	{
		out[0] = (char) (0xC0 | c >> 6);
		out[1] = (char) (0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000)
	{
		out[0] = (char) (0xE0 | c >> 12);
		out[1] = (char) (0x80 | (c >> 6 & 0x3F));
		out[2] = (char) (0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | c >> 18);
	out[1] = (char) (0x80 | (c >> 12 & 0x3F));
	out[2] = (char) (0x80 | (c >> 6 & 0x3F));
	out[3] = (char) (0x80 | (c & 0x3F));
	return 4;
}

/* The character at text[0..left), left > 0, into *c; returns its bytes. 0: it is not valid; -1: valid so far,
 * but the text ends inside it. */
static inline int
Utf8Get(const char *text, size_t left, uint32_t *c)
{
	const unsigned char *in = (const unsigned char *) text;
	int size = in[0] < 0x80   ? 1
			   : in[0] < 0xC2 ? 0
			   : in[0] < 0xE0 ? 2
			   : in[0] < 0xF0 ? 3
			   : in[0] < 0xF5 ? 4
							  : 0;
	unsigned least = in[0] == 0xE0 ? 0xA0 : in[0] == 0xF0 ? 0x90 : 0x80; /* of the second byte */
	unsigned most = in[0] == 0xED ? 0x9F : in[0] == 0xF4 ? 0x8F : 0xBF;

	if (size == 0)
		return 0;
	*c = size == 1 ? in[0] : in[0] & (0x7FU >> size);
	for (int i = 1; i < size; i++)
	{
		if ((size_t) i == left)
			return -1;
		if (in[i] < least || in[i] > most)
			return 0;
		*c = *c << 6 | (in[i] & 0x3F);
		least = 0x80;
		most = 0xBF;
	}
	return size;
}

/* Bytes of the character at text[0..left), left > 0; what is not valid counts byte by byte. */
static inline size_t
Utf8Step(const char *text, size_t left)
{
	uint32_t c;
	int size = Utf8Get(text, left, &c);

	return size > 0 ? (size_t) size : 1;
}

/* Is it a continuation byte? */
static inline bool
Utf8Continues(char byte)
{
	return ((unsigned char) byte & 0xC0) == 0x80;
}

/* The largest length up to `most` (and `length`) that does not cut a character of the valid text in two. */
static inline size_t
Utf8Cut(const char *text, size_t length, size_t most)
{
	if (most >= length)
		return length;
	while (most > 0 && Utf8Continues(text[most]))
		most--;
	return most;
}

/* Length of the ASCII text without NUL at the start: looked at eight bytes at a time. */
static inline size_t
Utf8Ascii(const char *text, size_t length)
{
	size_t at = 0;

	for (; at + 8 <= length; at += 8)
	{
		uint64_t word;

		memcpy(&word, text + at, sizeof(word));
		if (((word | (word - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080)) != 0)
			break; /* a byte from 0x80 on, or one that is zero */
	}
	while (at < length && (unsigned char) text[at] - 1U < 0x7F)
		at++;
	return at;
}

/* Offset of the first byte that is not valid UTF-8, or is NUL; length = there is none. */
extern size_t Utf8FirstInvalid(const char *text, size_t length);

/* Characters of valid text. */
extern size_t Utf8Characters(const char *text, size_t length);

#endif
