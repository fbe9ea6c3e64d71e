/*
 * check_encode: whole replies and streams in every charset and coding; what a client gets is the text,
 * however it was cut into pieces. Prints what is wrong; exit code 0 when nothing is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "reply/encode.h"

static int errors;

#define WRONG(...) (errors++, printf(__VA_ARGS__), putchar('\n'))

/* Gunzips all that is there so far into out; returns the length. */
static size_t
Gunzip(const Text *from, char *out, size_t room, int *end)
{
	z_stream inflater = {.next_in = (Bytef *) from->bytes,
						 .avail_in = (uInt) from->length,
						 .next_out = (Bytef *) out,
						 .avail_out = (uInt) room};

	inflateInit2(&inflater, 15 + 16);
	*end = inflate(&inflater, Z_SYNC_FLUSH) == Z_STREAM_END;
	inflateEnd(&inflater);
	return room - inflater.avail_out;
}

/* What a client reads of the bytes. */
static void
Expect(const char *what, const Text *sent, Encoding encoding, const char *text, size_t length, bool whole)
{
	static char plain[1 << 20], utf8[1 << 21];
	const char *got = sent->bytes;
	size_t size = sent->length;
	int end = whole;

	if (encoding.gzip)
	{
		size = Gunzip(sent, plain, sizeof(plain), &end);
		got = plain;
	}
	if (encoding.charset == CHARSET_GB18030)
	{
		Conversion back = Gb18030ToUtf8(got, size, utf8);

		if (back.error != NULL)
			WRONG("%s: byte %zu: %s", what, back.taken, back.error);
		got = utf8;
		size = back.made;
	}
	if (size != length || memcmp(got, text, length) != 0 || end != whole)
		WRONG("%s: %zu bytes instead of %zu, end %d", what, size, length, end);
}

/* The text in pieces of `step` bytes: after each one all of it but a character that is cut. */
static void
InPieces(const char *text, size_t length, size_t step, Encoding encoding)
{
	Encoder *encoder = EncoderNew(encoding);
	Text sent = {NULL, 0, 0};

	for (size_t at = 0; at < length;)
	{
		size_t size = step < length - at ? step : length - at, shown;

		EncoderPut(encoder, text + at, size, false, &sent);
		at += size;
		for (shown = at;
			 encoding.charset == CHARSET_GB18030 && shown < length && (text[shown] & 0xC0) == 0x80;)
			shown--;
		if (step > 1000 || at == length || (at < 100 && shown > 0))
			Expect("piece", &sent, encoding, text, shown, false);
	}
	EncoderPut(encoder, NULL, 0, true, &sent);
	Expect("stream", &sent, encoding, text, length, encoding.gzip);
	EncoderFree(encoder);
	free(sent.bytes);
}

int
main(void)
{
	static const char line[] = "{\"name\":\"湖㳇镇\",\"ext\":\"莫𡐓村€\",\"n\":12345}\n";
	static const size_t steps[] = {1, 2, 3, 5, 7, 1021, 4096, 65536};
	Text text = {NULL, 0, 0}, noise = {NULL, 0, 0};
	unsigned seed = 1;

	if (CharsetStart() != NULL)
		return puts("no tables"), 1;
	for (int i = 0; i < 3000; i++)
		TextAddString(&text, line);
	for (int i = 0; i < 20000; i++)
		TextPrint(&noise, "%c", 33 + (int) ((seed = seed * 1103515245 + 12345) >> 16) % 94);
	for (int charset = CHARSET_UTF8; charset <= CHARSET_GB18030; charset++)
		for (int gzip = 0; gzip < 2; gzip++)
		{
			Encoding encoding = {(Charset) charset, gzip};
			static const char small[] = "{\"a\":\"城\"}", bad[] = "a\xE5\x9F"
																  "b\xFF";
			Text copy = {NULL, 0, 0};

			for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
				InPieces(text.bytes, steps[i] < 10 ? 60 * strlen(line) : text.length, steps[i], encoding);
			InPieces(noise.bytes, noise.length, 5000, encoding);
			TextAdd(&copy, text.bytes, text.length);
			if (EncodeWhole(&copy, encoding) != gzip)
				WRONG("a large reply is not compressed as asked");
			if (gzip && copy.length * 10 > text.length)
				WRONG("%zu bytes became %zu", text.length, copy.length);
			Expect("whole", &copy, encoding, text.bytes, text.length, true);
			copy.length = 0;
			TextAddString(&copy, small);
			if (EncodeWhole(&copy, encoding))
				WRONG("a small reply is compressed");
			Expect("small", &copy, (Encoding){encoding.charset, false}, small, strlen(small), true);
			copy.length = 0;
			TextAddString(&copy, bad);
			EncodeWhole(&copy, encoding);
			if (charset == CHARSET_GB18030 && strcmp(copy.bytes, "a??b?") != 0)
				WRONG("what is not UTF-8 became %s", copy.bytes);
			free(copy.bytes);
		}
	free(text.bytes);
	free(noise.bytes);
	return errors > 0;
}
