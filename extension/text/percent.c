/* Percent encoding; see percent.h. */
#include <string.h>

#include "text/hex.h"
#include "text/percent.h"

size_t
PercentText(const char *bytes, size_t length, const char *kept, char *out)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t used = 0;

	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (PercentUnreserved(bytes[i]) || (c != '\0' && strchr(kept, c) != NULL))
			out[used++] = bytes[i];
		else
		{
			out[used++] = '%';
			out[used++] = digits[c >> 4];
			out[used++] = digits[c & 0x0F];
		}
	}
	return used;
}

size_t
PercentFirstBad(const char *text, size_t length)
{
	const char *at = text;

	while (length > 0 && (at = memchr(at, '%', length - (size_t) (at - text))) != NULL)
	{
		size_t offset = (size_t) (at - text);

		if (length - offset < 3 || HexNumber(at + 1, 2) < 0)
			return offset;
		at += 3;
	}
	return length;
}

size_t
PercentBytes(const char *text, size_t length, bool plus, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++)
	{
		char c = text[i];

		if (c == '%')
		{
			c = (char) HexNumber(text + i + 1, 2);
			i += 2;
		}
		else if (c == '+' && plus)
			c = ' ';
		out[used++] = c;
	}
	return used;
}
