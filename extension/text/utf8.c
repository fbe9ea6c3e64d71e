/* Whole texts of UTF-8; see utf8.h. */
#include "text/utf8.h"

size_t
Utf8FirstInvalid(const char *text, size_t length)
{
	size_t at = Utf8Ascii(text, length);

	while (at < length)
	{
		uint32_t c;
		int size = Utf8Get(text + at, length - at, &c);

		if (size <= 0 || c == 0)
			return at;
		at += (size_t) size;
		if (size == 1)
			at += Utf8Ascii(text + at, length - at);
	}
	return length;
}

size_t
Utf8Characters(const char *text, size_t length)
{
	size_t characters = 0;

	for (size_t i = 0; i < length; i++)
		characters += !Utf8Continues(text[i]);
	return characters;
}
