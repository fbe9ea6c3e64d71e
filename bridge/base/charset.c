/*
 * GB 18030:2022 from ICU's table of the 2005 edition.
 *
 *   two bytes   81..FE, then 40..7E or 80..FE: 23940 places, every one a character of the first plane
 *   four bytes  81..FE, 30..39, 81..FE, 30..39, counted as one number (rank): the first 39420 are the rest of
 * the first plane in some order, from rank 189000 on come the other planes in theirs
 *
 * ICU gives the first plane once, at start; the loops below work on tables of their own. So the 2022 edition
 * is 36 places of a table instead of a second pass, an error has its byte offset, and sanitizers see every
 * access. The counts above are checked: 23940 + 39420 + 128 characters are all that the first plane has
 * without surrogates, so full tables are a bijection.
 *
 * glibc's iconv was the other choice: its tables of Debian 12 can not encode 24 characters of the private use
 * area.
 */
#include "base/charset.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unicode/ucnv.h>

#include "text/utf8.h"
#include "text/span.h"
#include "text/message.h"

#define PLANE            0x10000
#define FIRST_SURROGATE  0xD800
#define AFTER_SURROGATES 0xE000
#define TWO_BYTES        (126 * 190)
#define FOUR_BYTES       39420  /* ranks of the first plane */
#define OTHER_PLANES     189000 /* rank of U+10000 */
#define LAST_CHARACTER   0x10FFFF

static uint32_t encoded[PLANE];      /* the bytes of a character as one number, first byte highest */
static uint16_t of_two[TWO_BYTES];   /* characters by place */
static uint16_t of_four[FOUR_BYTES]; /* characters by rank */

/* The characters that the 2022 edition moved: a private one and a public one changed their places. */
static const struct
{
	uint32_t two, four;
	uint16_t of_two, of_four;
} moved[] = {
	{0xA6D9, 0x84318236, 0xFE10, 0xE78D}, {0xA6DA, 0x84318238, 0xFE12, 0xE78E},
	{0xA6DB, 0x84318237, 0xFE11, 0xE78F}, {0xA6DC, 0x84318239, 0xFE13, 0xE790},
	{0xA6DD, 0x84318330, 0xFE14, 0xE791}, {0xA6DE, 0x84318331, 0xFE15, 0xE792},
	{0xA6DF, 0x84318332, 0xFE16, 0xE793}, {0xA6EC, 0x84318333, 0xFE17, 0xE794},
	{0xA6ED, 0x84318334, 0xFE18, 0xE795}, {0xA6F3, 0x84318335, 0xFE19, 0xE796},
	{0xFE59, 0x82359037, 0x9FB4, 0xE81E}, {0xFE61, 0x82359038, 0x9FB5, 0xE826},
	{0xFE66, 0x82359039, 0x9FB6, 0xE82B}, {0xFE67, 0x82359130, 0x9FB7, 0xE82C},
	{0xFE6D, 0x82359131, 0x9FB8, 0xE832}, {0xFE7E, 0x82359132, 0x9FB9, 0xE843},
	{0xFE90, 0x82359133, 0x9FBA, 0xE854}, {0xFEA0, 0x82359134, 0x9FBB, 0xE864},
};

/* Place of a two-byte character; TWO_BYTES: the second byte is not one. */
static unsigned
Place(unsigned first, unsigned second)
{
	if (second < 0x40 || second == 0x7F || second == 0xFF)
		return TWO_BYTES;
	return (first - 0x81) * 190 + second - (second < 0x7F ? 0x40 : 0x41);
}

static unsigned
Rank(unsigned first, unsigned second, unsigned third, unsigned fourth)
{
	return (((first - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30;
}

/* ICU's bytes of a character, which start at *at; 0: not of a known length. */
static uint32_t
TakeBytes(const unsigned char **at, const unsigned char *end)
{
	const unsigned char *byte = *at;

	if (end - byte >= 1 && byte[0] < 0x80)
		return *at += 1, byte[0];
	if (end - byte >= 2 && byte[0] >= 0x81 && byte[1] >= 0x40)
		return *at += 2, (uint32_t) byte[0] << 8 | byte[1];
	if (end - byte >= 4 && byte[0] >= 0x81)
		return *at += 4,
			   (uint32_t) byte[0] << 24 | (uint32_t) byte[1] << 16 | (uint32_t) byte[2] << 8 | byte[3];
	return 0;
}

/* encoded[] by ICU; false: it does not know all characters. */
static bool
ReadIcu(void)
{
	static UChar text[PLANE];
	static char bytes[4 * PLANE];
	const unsigned char *at = (const unsigned char *) bytes;
	UErrorCode error = U_ZERO_ERROR;
	UConverter *converter = ucnv_open("GB18030", &error);
	int32_t count = 0, length;

	for (unsigned c = 1; c < PLANE; c++)
		if (c < FIRST_SURROGATE || c >= AFTER_SURROGATES)
			text[count++] = (UChar) c;
	ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
	length = ucnv_fromUChars(converter, bytes, sizeof(bytes), text, count, &error);
	ucnv_close(converter);
	if (U_FAILURE(error))
		return false;
	for (int32_t i = 0; i < count; i++)
		encoded[text[i]] = TakeBytes(&at, (const unsigned char *) bytes + length);
	return at == (const unsigned char *) bytes + length;
}

const char *
CharsetStart(void)
{
	unsigned twos = 0, fours = 0;

	if (!ReadIcu())
		return "the GB18030 converter of ICU is missing or incomplete";
	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++)
	{
		encoded[moved[i].of_two] = moved[i].two;
		encoded[moved[i].of_four] = moved[i].four;
	}
	memset(of_two, 0, sizeof(of_two));
	memset(of_four, 0, sizeof(of_four));
	for (unsigned c = 0x80; c < PLANE; c++)
	{
		uint32_t bytes = encoded[c];
		unsigned place = bytes > 0xFFFF ? TWO_BYTES : Place(bytes >> 8, bytes & 0xFF);
		unsigned rank = bytes > 0xFFFF
							? Rank(bytes >> 24, bytes >> 16 & 0xFF, bytes >> 8 & 0xFF, bytes & 0xFF)
							: FOUR_BYTES;

		if (bytes >= 0x8100 && place < TWO_BYTES && of_two[place] == 0)
			of_two[place] = (uint16_t) c, twos++;
		else if (rank < FOUR_BYTES && of_four[rank] == 0)
			of_four[rank] = (uint16_t) c, fours++;
	}
	return twos == TWO_BYTES && fours == FOUR_BYTES ? NULL : "the GB18030 table of ICU is not a bijection";
}

Charset
CharsetNamed(const char *name, size_t length)
{
	static const struct
	{
		const char *name;
		Charset charset;
	} names[] = {{"utf-8", CHARSET_UTF8},      {"utf8", CHARSET_UTF8},     {"us-ascii", CHARSET_UTF8},
				 {"gb18030", CHARSET_GB18030}, {"gbk", CHARSET_GB18030},   {"gb2312", CHARSET_GB18030},
				 {"cp936", CHARSET_GB18030},   {"ms936", CHARSET_GB18030}, {"windows-936", CHARSET_GB18030}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (SpanIsAnyCase((Span){name, length}, names[i].name))
			return names[i].charset;
	return CHARSET_OTHER;
}

/* Writes a character as GB 18030; returns the bytes. */
static size_t
PutGb18030(uint32_t c, char *out)
{
	uint32_t bytes;

	if (c < PLANE)
		bytes = encoded[c];
	else
	{
		unsigned rank = c - PLANE + OTHER_PLANES;

		bytes = (rank / 12600 + 0x81) << 24 | (rank / 1260 % 10 + 0x30) << 16 |
				(rank / 10 % 126 + 0x81) << 8 | (rank % 10 + 0x30);
	}
	if (bytes <= 0xFFFF)
	{
		out[0] = (char) (bytes >> 8);
		out[1] = (char) bytes;
		return 2;
	}
	out[0] = (char) (bytes >> 24);
	out[1] = (char) (bytes >> 16);
	out[2] = (char) (bytes >> 8);
	out[3] = (char) bytes;
	return 4;
}

/* A character of two or four bytes: its length with *c set, 0: not one, -1: cut off. */
static int
TakeGb18030(const char *text, size_t length, uint32_t *c)
{
	const unsigned char *in = (const unsigned char *) text;
	unsigned rank;

	if (in[0] < 0x81 || in[0] == 0xFF)
		return 0;
	if (length < 2)
		return -1;
	if (in[1] < 0x30 || in[1] > 0x39)
	{
		unsigned place = Place(in[0], in[1]);

		*c = place < TWO_BYTES ? of_two[place] : 0;
		return place < TWO_BYTES ? 2 : 0;
	}
	if ((length >= 3 && (in[2] < 0x81 || in[2] == 0xFF)) || (length >= 4 && (in[3] < 0x30 || in[3] > 0x39)))
		return 0;
	if (length < 4)
		return -1;
	rank = Rank(in[0], in[1], in[2], in[3]);
	if (rank < FOUR_BYTES)
		*c = of_four[rank];
	else if (rank >= OTHER_PLANES && rank - OTHER_PLANES <= LAST_CHARACTER - PLANE)
		*c = rank - OTHER_PLANES + PLANE;
	else
		return 0;
	return 4;
}

/* The loop of both directions, made twice by the compiler. */
static inline __attribute__((always_inline)) Conversion
Convert(const char *in, size_t length, char *out, int (*take)(const char *, size_t, uint32_t *),
		size_t (*put)(uint32_t, char *), const char *what)
{
	Conversion result = {0, 0, NULL, false};

	while (result.taken < length)
	{
		size_t plain = Utf8Ascii(in + result.taken, length - result.taken);
		uint32_t c;
		int size = 0;

		memcpy(out + result.made, in + result.taken, plain);
		result.taken += plain;
		result.made += plain;
		while (result.taken < length && (unsigned char) in[result.taken] >= 0x80)
		{
			size = take(in + result.taken, length - result.taken, &c);
			if (size <= 0)
				break;
			result.taken += (size_t) size;
			result.made += put(c, out + result.made);
		}
		if (result.taken < length &&
			(size < 0 || in[result.taken] == '\0' || (unsigned char) in[result.taken] >= 0x80))
		{
			result.cut = size < 0;
			result.error = in[result.taken] == '\0' ? MESSAGE("U+0000") : what;
			break;
		}
	}
	return result;
}

Conversion
Gb18030ToUtf8(const char *in, size_t length, char *out)
{
	return Convert(in, length, out, TakeGb18030, Utf8Put, MESSAGE("not valid GB18030"));
}

Conversion
Utf8ToGb18030(const char *in, size_t length, char *out)
{
	return Convert(in, length, out, Utf8Get, PutGb18030, MESSAGE("not valid UTF-8"));
}
