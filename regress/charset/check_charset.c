/*
 * check_charset DIRECTORY: the vectors of the directory, the round trip of every character and of every byte
 * sequence, and what must be refused. Prints what is wrong; exit code 0 when nothing is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"

#define CHARACTERS (0x110000 - 0x800 - 1) /* of UCS, without surrogates and U+0000 */

static int errors;

#define WRONG(...) (errors++ < 20 ? (void) (printf(__VA_ARGS__), putchar('\n')) : (void) 0)

/* UTF-8 by arithmetic of its own; returns the length. */
static size_t
Utf8(uint32_t c, unsigned char *out)
{
	static const struct
	{
		uint32_t below;
		unsigned char lead;
	} forms[] = {{0x80, 0}, {0x800, 0xC0}, {0x10000, 0xE0}, {0x110000, 0xF0}};
	size_t size = 1;

	while (c >= forms[size - 1].below)
		size++;
	for (size_t i = size; i > 1; i--, c >>= 6)
		out[i - 1] = (unsigned char) (0x80 | (c & 0x3F));
	out[0] = (unsigned char) (forms[size - 1].lead | c);
	return size;
}

/* Both directions of one character. */
static void
CheckPair(const char *what, const unsigned char *gb, size_t gb_size, const unsigned char *utf8,
		  size_t utf8_size)
{
	char out[64];
	Conversion there = Gb18030ToUtf8((const char *) gb, gb_size, out);

	if (there.error != NULL || there.made != utf8_size || memcmp(out, utf8, utf8_size) != 0)
		WRONG("%s: bytes %02X%02X… do not become the character", what, gb[0], gb_size > 1 ? gb[1] : 0);
	there = Utf8ToGb18030((const char *) utf8, utf8_size, out);
	if (there.error != NULL || there.made != gb_size || memcmp(out, gb, gb_size) != 0)
		WRONG("%s: the character does not become bytes %02X%02X…", what, gb[0], gb_size > 1 ? gb[1] : 0);
}

static void
EveryCharacter(void)
{
	unsigned char utf8[4];
	char gb[8], back[16];

	for (uint32_t c = 1; c < 0x110000; c++)
	{
		size_t size = Utf8(c, utf8);
		Conversion there = Utf8ToGb18030((const char *) utf8, size, gb), again;

		if (c >= 0xD800 && c < 0xE000)
		{
			if (there.error == NULL || there.taken != 0)
				WRONG("surrogate %04X is taken", (unsigned) c);
			continue;
		}
		again = Gb18030ToUtf8(gb, there.made, back);
		if (there.error != NULL || there.made > GB18030_ROOM(size) || again.error != NULL ||
			again.made != size || again.made > UTF8_ROOM(there.made) || memcmp(back, utf8, size) != 0)
			WRONG("U+%04X does not come back", (unsigned) c);
	}
}

/* One sequence that has the form of a character: it is one and comes back (1), or is refused (0). */
static unsigned long
Sequence(unsigned first, unsigned second, unsigned third, unsigned fourth, size_t size)
{
	const char gb[4] = {(char) first, (char) second, (char) third, (char) fourth};
	char utf8[8], back[8];
	Conversion there = Gb18030ToUtf8(gb, size, utf8), again;

	if (there.error != NULL)
		return 0;
	again = Utf8ToGb18030(utf8, there.made, back);
	if (again.error != NULL || again.made != size || memcmp(back, gb, size) != 0)
		WRONG("bytes %02X%02X%02X%02X (%zu) do not come back", first, second, third, fourth, size);
	return 1;
}

static void
EverySequence(void)
{
	unsigned long good = 0;

	for (unsigned a = 0; a < 0x100; a++)
		good += Sequence(a, 0, 0, 0, 1);
	for (unsigned a = 0x81; a < 0xFF; a++)
		for (unsigned b = 0x40; b < 0x100; b++)
			good += Sequence(a, b, 0, 0, 2);
	for (unsigned a = 0x81; a < 0xFF; a++)
		for (unsigned b = 0x30; b < 0x3A; b++)
			for (unsigned c = 0x81; c < 0xFF; c++)
				for (unsigned d = 0x30; d < 0x3A; d++)
					good += Sequence(a, b, c, d, 4);
	if (good != CHARACTERS)
		WRONG("%lu sequences are characters, not %d", good, CHARACTERS);
}

static size_t
FromHex(const char *text, unsigned char *out)
{
	size_t size = 0;
	unsigned byte;

	while (size < 64 && sscanf(text + 2 * size, "%2x", &byte) == 1)
		out[size++] = (unsigned char) byte;
	return size;
}

#define COLUMNS 16

/* Calls `row` with the columns of each row that is no comment, the heading left out. */
static void
EachRow(const char *directory, const char *name, int least, void (*row)(char **columns, int count))
{
	char path[512], line[1024];
	int rows = -1;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
	{
		char *columns[COLUMNS] = {NULL}, *at = line;
		int count = 0;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' && line[1] == ' ')
			continue;
		while (count < COLUMNS && at != NULL)
			columns[count++] = strsep(&at, "\t");
		if (rows++ >= 0)
			row(columns, count);
	}
	if (file != NULL)
		fclose(file);
	if (rows < least)
		WRONG("%s: %d rows, %d expected", name, rows, least);
}

/* gb_bytes class gb2000 gb2005 gb2022 …: "-" is refused */
static void
DecodeRow(char **columns, int count)
{
	unsigned char gb[64], utf8[4];
	char out[64];
	size_t size = FromHex(columns[0], gb);
	Conversion there = Gb18030ToUtf8((const char *) gb, size, out);

	if (columns[4][0] == '-')
	{
		if (there.error == NULL)
			WRONG("%s is taken", columns[0]);
		return;
	}
	size = Utf8((uint32_t) strtoul(columns[4], NULL, 16), utf8);
	if (there.error != NULL || there.made != size || memcmp(out, utf8, size) != 0)
		WRONG("%s does not become U+%s", columns[0], columns[4]);
}

/* codepoint name gb2000 gb2005 gb2022 … */
static void
EncodeRow(char **columns, int count)
{
	unsigned char gb[64], utf8[4];
	size_t size = Utf8((uint32_t) strtoul(columns[0] + 2, NULL, 16), utf8);

	CheckPair(columns[0], gb, FromHex(columns[4], gb), utf8, size);
}

/* two_byte four_byte pua bmp name */
static void
PairRow(char **columns, int count)
{
	unsigned char gb[64], utf8[4];

	CheckPair(columns[4], gb, FromHex(columns[0], gb), utf8,
			  Utf8((uint32_t) strtoul(columns[3], NULL, 16), utf8));
	CheckPair(columns[2], gb, FromHex(columns[1], gb), utf8,
			  Utf8((uint32_t) strtoul(columns[2], NULL, 16), utf8));
}

/* group gb_bytes mapping_all_editions preferred_char preferred_gb */
static void
GroupRow(char **columns, int count)
{
	unsigned char gb[64], utf8[4];

	CheckPair(columns[2], gb, FromHex(columns[1], gb), utf8,
			  Utf8((uint32_t) strtoul(columns[2] + 2, NULL, 16), utf8));
	CheckPair(columns[3], gb, FromHex(columns[4], gb), utf8,
			  Utf8((uint32_t) strtoul(columns[3] + 2, NULL, 16), utf8));
}

/* char codepoint utf8 gb18030, where char may be empty */
static void
StableRow(char **columns, int count)
{
	unsigned char gb[64], utf8[64];
	size_t size = FromHex(columns[2], utf8);

	CheckPair(columns[1], gb, FromHex(columns[3], gb), utf8, size);
}

/* code name char codepoint utf8 gb18030 note */
static void
PlaceRow(char **columns, int count)
{
	unsigned char gb[64], utf8[64];
	size_t size = FromHex(columns[4], utf8);

	CheckPair(columns[1], gb, FromHex(columns[5], gb), utf8, size);
}

/* What is not well formed: refused at its first byte, and `cut` only where more bytes could make it good. */
static void
Refusals(void)
{
	static const struct
	{
		const char *bytes;
		size_t length, offset;
		bool gb18030, cut;
	} rows[] = {
		{"ab\x80", 3, 2, true, false},
		{"\xFF\x41", 2, 0, true, false},
		{"a\x81", 2, 1, true, true},
		{"\xB3\xC7\x81\x7F", 4, 2, true, false},
		{"\x81\x3A", 2, 0, true, false},
		{"\x81\xFF", 2, 0, true, false},
		{"\x81\x30", 2, 0, true, true},
		{"\x81\x30\x81", 3, 0, true, true},
		{"\x81\x30\x81\x41", 4, 0, true, false},
		{"\x81\x30\x30\x30", 4, 0, true, false},
		{"\x84\x31\xA5\x30", 4, 0, true, false},
		{"\x8F\x39\xFE\x39", 4, 0, true, false},
		{"\xE3\x32\x9A\x36", 4, 0, true, false},
		{"\xFE\x39\xFE\x39", 4, 0, true, false},
		{"12345678\0", 9, 8, true, false},
		{"\xB3\xC7\0", 3, 2, true, false},
		{"\xCA\x20", 2, 0, true, false},
		{"0123456789ABCDEF\xA0", 17, 16, true, true},
		{"ab\x80", 3, 2, false, false},
		{"\xC0\x80", 2, 0, false, false},
		{"\xC1\xBF", 2, 0, false, false},
		{"\xE0\x9F\xBF", 3, 0, false, false},
		{"\xED\xA0\x80", 3, 0, false, false},
		{"\xED\xBF\xBF", 3, 0, false, false},
		{"\xF0\x8F\xBF\xBF", 4, 0, false, false},
		{"\xF4\x90\x80\x80", 4, 0, false, false},
		{"\xF5\x80\x80\x80", 4, 0, false, false},
		{"\xE5\x9F", 2, 0, false, true},
		{"\xE5\x9F\x41", 3, 0, false, false},
		{"a\0", 2, 1, false, false},
		{"\xE5\x9F\x8E\xF0\xA0\x80", 6, 3, false, true},
		{"\xFE", 1, 0, false, false},
	};
	char out[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		Conversion there = rows[i].gb18030 ? Gb18030ToUtf8(rows[i].bytes, rows[i].length, out)
										   : Utf8ToGb18030(rows[i].bytes, rows[i].length, out);

		if (there.error == NULL || there.taken != rows[i].offset || there.cut != rows[i].cut)
			WRONG("refusal %zu: taken %zu, cut %d, %s", i, there.taken, there.cut,
				  there.error == NULL ? "no fault" : there.error);
	}
}

static void
Names(void)
{
	static const char *const gb[] = {"GB18030", "gbk", "Gb2312"};
	static const char *const others[] = {"latin1", "iso-8859-1", "big5", "gb", "utf-16", "utf-8x", ""};

	for (size_t i = 0; i < sizeof(gb) / sizeof(gb[0]); i++)
		if (CharsetNamed(gb[i], strlen(gb[i])) != CHARSET_GB18030)
			WRONG("%s is not known", gb[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (CharsetNamed(others[i], strlen(others[i])) != CHARSET_OTHER)
			WRONG("\"%s\" is known", others[i]);
	if (CharsetNamed("UTF-8", 5) != CHARSET_UTF8)
		WRONG("UTF-8 is not known");
}

int
main(int argc, char **argv)
{
	const char *directory = argc > 1 ? argv[1] : ".";
	const char *error = CharsetStart();

	if (error != NULL)
		return puts(error), 1;
	EveryCharacter();
	EverySequence();
	EachRow(directory, "gb18030_decode_vectors.tsv", 40, DecodeRow);
	EachRow(directory, "gb18030_encode_vectors.tsv", 40, EncodeRow);
	EachRow(directory, "gb18030_2005_to_2022_pairs.tsv", 18, PairRow);
	EachRow(directory, "gb18030_six_and_nine.tsv", 15, GroupRow);
	EachRow(directory, "gb18030_stable_vectors.tsv", 50, StableRow);
	EachRow(directory, "gb18030_placenames.tsv", 30, PlaceRow);
	Refusals();
	Names();
	return errors > 0;
}
