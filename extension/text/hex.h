/* Hexadecimal text in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL header. */
#ifndef CBD_HEX_H
#define CBD_HEX_H

#include <stdbool.h>
#include <stddef.h>

/* Room for the text of `length` bytes with the closing NUL. */
#define HEX_SIZE(length) (2 * (length) + 1)

/* The value of a digit in either case; -1: it is none. */
static inline int
HexDigit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number that `digits` (at most 7) digits stand for; -1: one of them is none. Nothing behind that one is
 * read. */
static inline int
HexNumber(const char *text, int digits)
{
	int number = 0;

	for (int i = 0; i < digits; i++)
	{
		int digit = HexDigit(text[i]);

		if (digit < 0)
			return -1;
		number = number << 4 | digit;
	}
	return number;
}

/* Writes bytes in lower case with a closing NUL: out[HEX_SIZE(length)]. */
extern void HexText(const void *bytes, size_t length, char *out);

/* Reads 2 * `length` digits into out[length]. False: one of them is none. */
extern bool HexBytes(const char *text, size_t length, unsigned char *out);

#endif
