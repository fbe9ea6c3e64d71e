/*
 * Charset and gzip of replies.
 *
 * What is deflated is overwritten when it is given back, like the replies themselves. Replies that carry a
 * credential are never compressed (ROUTE_SECRET): their length would tell a listener how much of a text that
 * he had put into the request is like the secret beside it (BREACH).
 */
#include "reply/encode.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/arena.h"

#define WORTH_GZIP 1024 /* bytes: below that one packet goes out either way */
#define LEVEL                                                                                                \
	3 /* regress/bench/encode.c: level 6 saves another 15 % of the bytes in more than twice the time */
#define GZIP          16 /* of windowBits: with gzip's header and trailer */
#define WHOLE_WINDOW  15
#define STREAM_WINDOW 14 /* a stream holds its memory while its reader stalls: 128 KiB instead of 256 */
#define WHOLE_MEMORY  8
#define STREAM_MEMORY 7

struct Encoder
{
	Encoding encoding;
	z_stream deflate;
	char cut[4]; /* start of a character whose end is in the next piece */
	size_t cut_length;
};

/* zlib's memory: the process ends when there is none. */
static void *
ZlibAllocate(void *opaque, unsigned count, unsigned size)
{
	return Allocate((size_t) count * size);
}

/* What was deflated is overwritten. */
static void
ZlibFree(void *opaque, void *memory)
{
	ClearAndFree(memory);
}

/* A gzip stream with that window (bits) and memory level. */
static void
StartDeflate(z_stream *deflate, int window, int memory)
{
	memset(deflate, 0, sizeof(*deflate));
	deflate->zalloc = ZlibAllocate;
	deflate->zfree = ZlibFree;
	if (deflateInit2(deflate, LEVEL, Z_DEFLATED, window + GZIP, memory, Z_DEFAULT_STRATEGY) != Z_OK)
		abort(); /* our own parameters */
}

/* Appends text as GB 18030; what is not UTF-8 becomes "?". Returns the bytes at the end that wait for more.
 */
static size_t
AddGb18030(Text *out, const char *bytes, size_t length, bool last)
{
	TextRoom(out, GB18030_ROOM(length));
	for (;;)
	{
		Conversion part = Utf8ToGb18030(bytes, length, out->bytes + out->length);

		out->length += part.made;
		bytes += part.taken;
		length -= part.taken;
		if (length == 0 || (part.cut && !last))
			break;
		out->bytes[out->length++] = '?';
		bytes++;
		length--;
	}
	out->bytes[out->length] = '\0';
	return length;
}

/* Deflates the bytes and appends what can be sent of them, all of it after a flush. */
static void
AddDeflated(z_stream *deflater, const char *bytes, size_t length, int flush, Text *out)
{
	deflater->next_in = (Bytef *) bytes;
	deflater->avail_in = (uInt) length;
	do
	{
		TextRoom(out, deflateBound(deflater, deflater->avail_in) + 64); /* 64: a flush with nothing to say */
		deflater->next_out = (Bytef *) out->bytes + out->length;
		deflater->avail_out = (uInt) (out->capacity - out->length - 1);
		if (deflate(deflater, flush) == Z_STREAM_ERROR)
			abort(); /* cannot be by zlib.h */
		out->length = (size_t) ((char *) deflater->next_out - out->bytes);
	} while (deflater->avail_out == 0);
	out->bytes[out->length] = '\0';
}

Encoding
EncodingOf(const Request *request)
{
	bool secret = request->route != NULL && (request->route->flags & ROUTE_SECRET);

	return (Encoding){request->wanted.charset, request->wanted.gzip && !secret};
}

bool
EncodeWhole(Text *text, Encoding encoding)
{
	Text out = {NULL, 0, 0};
	z_stream deflater;

	if (encoding.charset == CHARSET_GB18030)
	{
		AddGb18030(&out, text->bytes, text->length, true);
		TextClear(text);
		*text = out;
	}
	if (!encoding.gzip || text->length < WORTH_GZIP || text->length > UINT32_MAX)
		return false;
	out = (Text){NULL, 0, 0};
	StartDeflate(&deflater, WHOLE_WINDOW, WHOLE_MEMORY);
	AddDeflated(&deflater, text->bytes, text->length, Z_FINISH, &out);
	deflateEnd(&deflater);
	TextClear(text);
	*text = out;
	return true;
}

void
InflateWhole(Span bytes, Text *text)
{
	z_stream inflater;
	int result;

	memset(&inflater, 0, sizeof(inflater));
	inflater.zalloc = ZlibAllocate;
	inflater.zfree = ZlibFree;
	if (inflateInit2(&inflater, WHOLE_WINDOW + GZIP) != Z_OK)
		abort(); /* our own parameters */
	inflater.next_in = (Bytef *) bytes.text;
	inflater.avail_in = (uInt) bytes.length;
	do
	{
		TextRoom(text, 4 * bytes.length);
		inflater.next_out = (Bytef *) text->bytes + text->length;
		inflater.avail_out = (uInt) (text->capacity - text->length - 1);
		result = inflate(&inflater, Z_NO_FLUSH);
		if (result != Z_OK && result != Z_STREAM_END)
			abort(); /* our own bytes */
		text->length = (size_t) ((char *) inflater.next_out - text->bytes);
	} while (result != Z_STREAM_END);
	inflateEnd(&inflater);
	text->bytes[text->length] = '\0';
}

Encoder *
EncoderNew(Encoding encoding)
{
	Encoder *encoder = Allocate(sizeof(*encoder));

	memset(encoder, 0, sizeof(*encoder));
	encoder->encoding = encoding;
	if (encoding.gzip)
		StartDeflate(&encoder->deflate, STREAM_WINDOW, STREAM_MEMORY);
	return encoder;
}

void
EncoderPut(Encoder *encoder, const char *bytes, size_t length, bool last, Text *out)
{
	Text joined = {NULL, 0, 0}, converted = {NULL, 0, 0};

	if (encoder->encoding.charset == CHARSET_GB18030)
	{
		size_t rest;

		if (encoder->cut_length > 0)
		{
			TextAdd(&joined, encoder->cut, encoder->cut_length);
			TextAdd(&joined, bytes, length);
			bytes = joined.bytes;
			length = joined.length;
		}
		rest = AddGb18030(&converted, bytes, length, last);
		if (rest > 0)
			memcpy(encoder->cut, bytes + length - rest, rest);
		encoder->cut_length = rest;
		bytes = converted.bytes;
		length = converted.length;
	}
	if (encoder->encoding.gzip && (length > 0 || last))
		AddDeflated(&encoder->deflate, bytes, length, last ? Z_FINISH : Z_SYNC_FLUSH, out);
	else if (!encoder->encoding.gzip)
		TextAdd(out, bytes, length);
	TextClear(&joined);
	TextClear(&converted);
}

void
EncoderFree(Encoder *encoder)
{
	if (encoder == NULL)
		return;
	if (encoder->encoding.gzip)
		deflateEnd(&encoder->deflate);
	ClearAndFree(encoder);
}
