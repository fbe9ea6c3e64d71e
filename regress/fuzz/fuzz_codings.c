/*
 * Hexadecimal, percent encoding, base64 and UTF-8: any bytes written are read again as they were; any text
 * that is read as base64 is the one text of its bytes, in place or not; a place that is told lies in the
 * text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/base64.h"
#include "text/hex.h"
#include "text/percent.h"
#include "text/utf8.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
CheckHex(const char *text, size_t size)
{
	char *hex = malloc(HEX_SIZE(size));
	unsigned char *again = malloc(size + 1);

	HexText(text, size, hex);
	CHECK(strlen(hex) == 2 * size && HexBytes(hex, size, again) && memcmp(again, text, size) == 0);
	if (HexBytes(text, size / 2, again))
		for (size_t i = 0; i < size / 2; i++)
			CHECK(HexNumber(text + 2 * i, 2) == again[i]);
	free(again);
	free(hex);
}

static void
CheckPercent(const char *text, size_t size)
{
	char *encoded = malloc(PERCENT_SIZE(size) + 1);
	char *again = malloc(PERCENT_SIZE(size) + 1);
	size_t length = PercentText(text, size, "/", encoded);

	CHECK(PercentFirstBad(encoded, length) == length);
	CHECK(PercentBytes(encoded, length, false, again) == size && memcmp(again, text, size) == 0);
	CHECK(PercentBytes(encoded, length, true, encoded) == size && memcmp(encoded, text, size) == 0);
	CHECK(PercentFirstBad(text, size) <= size);
	if (PercentFirstBad(text, size) == size)
		CHECK(PercentBytes(text, size, true, again) <= size);
	free(again);
	free(encoded);
}

static void
CheckBase64(const char *text, size_t size, Base64Form form)
{
	char *encoded = malloc(BASE64_SIZE(size));
	size_t length = Base64Text(text, size, form, encoded);
	unsigned char *bytes = malloc(BASE64_BYTES(length) + BASE64_BYTES(size) + 1);
	size_t offset = 0;
	ptrdiff_t made;

	CHECK(Base64Bytes(encoded, length, form, bytes, NULL) == (ptrdiff_t) size &&
		  memcmp(bytes, text, size) == 0);
	made = Base64Bytes(text, size, form, bytes, &offset);
	CHECK(made >= 0 || offset <= size);
	if (made >= 0 && form != BASE64_BLANKS)
	{
		char *again = malloc(BASE64_SIZE((size_t) made));

		CHECK(Base64Text(bytes, (size_t) made, form, again) == size && memcmp(again, text, size) == 0);
		CHECK(Base64Bytes(again, size, form, (unsigned char *) again, NULL) == made &&
			  memcmp(again, bytes, (size_t) made) == 0);
		free(again);
	}
	free(bytes);
	free(encoded);
}

static void
CheckUtf8(const char *text, size_t size)
{
	size_t valid = Utf8FirstInvalid(text, size), at = 0, characters = 0;

	CHECK(valid <= size && Utf8Characters(text, valid) <= valid);
	for (; at < valid; characters++)
	{
		uint32_t c;
		char again[4];
		int length = Utf8Get(text + at, valid - at, &c);

		CHECK(length > 0 && Utf8Put(c, again) == (size_t) length &&
			  memcmp(again, text + at, (size_t) length) == 0);
		at += (size_t) length;
		CHECK(Utf8Cut(text, valid, at) == at && Utf8Cut(text, valid, at - 1) == at - (size_t) length);
	}
	CHECK(at == valid && characters == Utf8Characters(text, valid));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = malloc(size + (size == 0)); /* so that a read beyond the end is seen */

	if (size > 0)
		memcpy(exact, data, size);
	CheckHex(exact, size);
	CheckPercent(exact, size);
	CheckBase64(exact, size, BASE64);
	CheckBase64(exact, size, BASE64_BLANKS);
	CheckBase64(exact, size, BASE64_URL);
	CheckUtf8(exact, size);
	free(exact);
	return 0;
}
