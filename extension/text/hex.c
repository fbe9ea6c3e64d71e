/* Hexadecimal text; see hex.h. */
#include "text/hex.h"

void
HexText(const void *bytes, size_t length, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *in = bytes;

	for (size_t i = 0; i < length; i++)
	{
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 0x0F];
	}
	out[2 * length] = '\0';
}

bool
HexBytes(const char *text, size_t length, unsigned char *out)
{
	for (size_t i = 0; i < length; i++)
	{
		int byte = HexNumber(text + 2 * i, 2);

		if (byte < 0)
			return false;
		out[i] = (unsigned char) byte;
	}
	return true;
}
