/* Control characters in texts that become lines: of reply frames, of headers. Plain C over (buffer, length).
 */
#ifndef CBD_CONTROL_H
#define CBD_CONTROL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes before the first control character (below 0x20) that is no tab; length: there is none. Looked at
 * eight at a time. */
static inline size_t
BeforeControl(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length)
	{
		uint64_t word;

		if (at + sizeof(word) <= length)
		{
			memcpy(&word, text + at, sizeof(word));
			if (((word - UINT64_C(0x2020202020202020)) & ~word & UINT64_C(0x8080808080808080)) == 0)
			{
				at += sizeof(word);
				continue;
			}
		}
		if ((unsigned char) text[at] < 0x20 && text[at] != '\t')
			return at;
		at++;
	}
	return length;
}

#endif
