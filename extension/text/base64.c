/* Base64; see base64.h. */
#include <string.h>

#include <openssl/evp.h>

#include "text/base64.h"

size_t
Base64Text(const void *bytes, size_t length, Base64Form form, char *out)
{
	size_t size = (size_t) EVP_EncodeBlock((unsigned char *) out, bytes, (int) length);

	if (form != BASE64_URL)
		return size;
	while (size > 0 && out[size - 1] == '=')
		out[--size] = '\0';
	for (size_t i = 0; i < size; i++)
		if (out[i] == '+')
			out[i] = '-';
		else if (out[i] == '/')
			out[i] = '_';
	return size;
}

/* The six bits of a letter, -1 when it is none. */
static int
LetterValue(unsigned char c, Base64Form form)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (form == BASE64_URL ? '-' : '+'))
		return 62;
	return c == (form == BASE64_URL ? '_' : '/') ? 63 : -1;
}

/* The last group of 2 or 3 letters: its bytes, or -1 when it is not complete or has unused bits. */
static int
LastGroup(unsigned group, int letters, int padding, Base64Form form, unsigned char *out)
{
	if (letters == 1 || (form == BASE64_URL ? padding != 0 : letters + padding != 4) ||
		(group & (letters == 2 ? 0xFU : 0x3U)) != 0)
		return -1;
	out[0] = (unsigned char) (letters == 2 ? group >> 4 : group >> 10);
	if (letters == 3)
		out[1] = (unsigned char) (group >> 2);
	return letters - 1;
}

ptrdiff_t
Base64Bytes(const char *text, size_t length, Base64Form form, unsigned char *out, size_t *offset)
{
	unsigned group = 0;
	int letters = 0, padding = 0, last;
	ptrdiff_t bytes = 0;

	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];
		int value = LetterValue(c, form);

		if (form == BASE64_BLANKS && c != '\0' && strchr(" \t\r\n", c) != NULL)
			continue;
		if (c == '=' && form != BASE64_URL && letters >= 2 && letters + padding < 4)
		{
			padding++;
			continue;
		}
		if (value < 0 || padding > 0)
		{
			if (offset != NULL)
				*offset = i;
			return -1;
		}
		group = group << 6 | (unsigned) value;
		if (++letters < 4)
			continue;
		out[bytes] = (unsigned char) (group >> 16);
		out[bytes + 1] = (unsigned char) (group >> 8);
		out[bytes + 2] = (unsigned char) group;
		bytes += 3;
		group = 0;
		letters = 0;
	}
	if (letters == 0)
		return bytes;
	last = LastGroup(group, letters, padding, form, out + bytes);
	if (last < 0 && offset != NULL)
		*offset = length;
	return last < 0 ? -1 : bytes + last;
}
