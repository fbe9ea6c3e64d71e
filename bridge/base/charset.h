/*
 * Charsets of requests and replies: UTF-8, and GB 18030 of the 2022 edition, which holds every character of
 * UCS. GBK and GB 2312 are parts of GB 18030 and are read as such. Plain C over (buffer, length), no
 * allocation; what is not well formed, U+0000 and surrogates are refused with the byte where they start.
 */
#ifndef BRIDGE_CHARSET_H
#define BRIDGE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

typedef enum Charset
{
	CHARSET_UTF8,
	CHARSET_GB18030,
	CHARSET_OTHER /* none that is known here */
} Charset;

#define CHARSETS_READ "UTF-8, GB18030, GBK or GB2312" /* of a request, for errors */

/* Makes the tables from ICU's, before the first conversion. NULL, or what is wrong with ICU's. */
extern const char *CharsetStart(void);

/* The charset of a name in a Content-Type. US-ASCII is UTF-8. */
extern Charset CharsetNamed(const char *name, size_t length);

/* How far a conversion came. */
typedef struct Conversion
{
	size_t taken;      /* bytes read; the offset of what is wrong when less than all */
	size_t made;       /* bytes written */
	const char *error; /* what is wrong at `taken`; NULL: nothing */
	bool cut;          /* with error: the input ends inside a character that is good so far */
} Conversion;

/* Bytes that the result may have. */
#define UTF8_ROOM(length)    ((length) + (length) / 2)
#define GB18030_ROOM(length) ((length) *2)

extern Conversion Gb18030ToUtf8(const char *in, size_t length, char *out);
extern Conversion Utf8ToGb18030(const char *in, size_t length, char *out);

#endif
