/* Escapes in JSON strings (RFC 8259, section 7), in plain C over (buffer, length): no palloc, no ereport, no
 * PostgreSQL header. */
#ifndef CBD_JSON_ESCAPE_H
#define CBD_JSON_ESCAPE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "text/hex.h"

/* The character of the escape whose backslash is at text[0..left): \n and its like, \u0041, or two \u that
 * are the halves of a surrogate pair. Returns the bytes that it takes; 0: it is none, or half a pair. */
static inline size_t
JsonEscape(const char *text, size_t left, uint32_t *c)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *simple;
	int unit, low;

	if (left < 2)
		return 0;
	if (text[1] != 'u')
	{
		simple = memchr(names, text[1], sizeof(names) - 1);
		if (simple == NULL)
			return 0;
		*c = (unsigned char) values[simple - names];
		return 2;
	}
	unit = left < 6 ? -1 : HexNumber(text + 2, 4);
	if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
		return 0;
	*c = (uint32_t) unit;
	if (unit < 0xD800 || unit > 0xDFFF)
		return 6;
	low = left < 12 || text[6] != '\\' || text[7] != 'u' ? -1 : HexNumber(text + 8, 4);
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	*c = 0x10000 + ((uint32_t) (unit - 0xD800) << 10) + (uint32_t) (low - 0xDC00);
	return 12;
}

#endif
