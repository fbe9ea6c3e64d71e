/*
 * Pictures without what they tell beside the picture: EXIF, XMP, IPTC, comments, texts, and whatever stands
 * behind their end (a second picture, a film). Only pieces that are known to be needed are taken over. See
 * picture.h.
 */
#include <string.h>

#include "picture.h"

/* ---- bytes ---- */

static uint32_t
Big16(const uint8_t *at)
{
	return (uint32_t) at[0] << 8 | at[1];
}

static uint32_t
Big32(const uint8_t *at)
{
	return Big16(at) << 16 | Big16(at + 2);
}

static uint32_t
Little16(const uint8_t *at)
{
	return (uint32_t) at[1] << 8 | at[0];
}

static uint32_t
Little24(const uint8_t *at)
{
	return Little16(at) | (uint32_t) at[2] << 16;
}

static uint32_t
Little32(const uint8_t *at)
{
	return Little16(at) | Little16(at + 2) << 16;
}

/* Takes over so many bytes from `from` on; the caller knows that they are there. */
static void
Keep(Picture *picture, size_t from, size_t length)
{
	memcpy(picture->kept + picture->kept_length, picture->bytes + from, length);
	picture->kept_length += length;
}

static bool
Begins(const uint8_t *at, size_t length, const char *with, size_t with_length)
{
	return length >= with_length && memcmp(at, with, with_length) == 0;
}

/* ---- JPEG (ITU-T T.81) ---- */

#define JFIF_SIZE 14 /* bytes of JFIF's segment without its small picture */

/* Is the segment needed to show the picture? `body` is behind the length. */
static bool
JpegNeeds(int marker, const uint8_t *body, size_t length)
{
	switch (marker)
	{
		case 0xE0: /* JFIF; its extension may have a small picture of before */
			return length >= JFIF_SIZE && Begins(body, length, "JFIF\0", 5);
		case 0xE2: /* colours */
			return Begins(body, length, "ICC_PROFILE\0", 12);
		case 0xEE: /* which colours the components are */
			return Begins(body, length, "Adobe", 5);
		default:
			return marker < 0xE0 || marker == 0xF0 /* no APPn, COM, JPGn */;
	}
}

/* JFIF's segment without the small picture in it, which may be of before, and whatever stands behind that. */
static void
KeepJfif(Picture *picture, size_t from)
{
	uint8_t *segment = picture->kept + picture->kept_length;

	Keep(picture, from, 4 + JFIF_SIZE);
	segment[2] = 0;
	segment[3] = 2 + JFIF_SIZE;
	segment[2 + JFIF_SIZE] = segment[3 + JFIF_SIZE] = 0; /* its sides */
}

/* The frame header: sides. */
static void
JpegFrame(Picture *picture, int marker, const uint8_t *body, size_t length)
{
	if (marker < 0xC0 || marker > 0xCF || marker == 0xC4 || marker == 0xC8 || marker == 0xCC || length < 6)
		return;
	picture->height = Big16(body + 1);
	picture->width = Big16(body + 3);
}

/* Behind the compressed data that begins at `at`: the next marker that is no restart, or the end. */
static size_t
JpegScanEnd(const Picture *picture, size_t at)
{
	while (at + 1 < picture->length)
	{
		const uint8_t *found = memchr(picture->bytes + at, 0xFF, picture->length - 1 - at);

		if (found == NULL)
			break;
		at = (size_t) (found - picture->bytes);
		if (found[1] != 0 && found[1] != 0xFF && (found[1] < 0xD0 || found[1] > 0xD7))
			return at;
		at += found[1] == 0xFF ? 1 : 2;
	}
	return picture->length;
}

bool
StripJpeg(Picture *picture)
{
	size_t at = 2;
	bool scanned = false;

	if (!Begins(picture->bytes, picture->length, "\xFF\xD8", 2))
		return false;
	Keep(picture, 0, 2);
	while (at + 1 < picture->length && picture->bytes[at] == 0xFF)
	{
		int marker = picture->bytes[at + 1];
		const uint8_t *body = picture->bytes + at + 4;
		size_t length;

		if (marker == 0xFF) /* filling */
		{
			at++;
			continue;
		}
		if (marker == 0xD9)
			break;
		if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD8) || at + 4 > picture->length)
			return false;
		length = Big16(picture->bytes + at + 2);
		if (length < 2 || at + 2 + length > picture->length)
			return false;
		JpegFrame(picture, marker, body, length - 2);
		if (marker == 0xE1 && picture->exif == NULL && Begins(body, length - 2, "Exif\0\0", 6))
		{
			picture->exif = body + 6;
			picture->exif_length = length - 8;
		}
		if (JpegNeeds(marker, body, length - 2))
		{
			if (marker == 0xE0)
				KeepJfif(picture, at);
			else
				Keep(picture, at, 2 + length);
		}
		at += 2 + length;
		if (marker == 0xDA)
		{
			size_t end = JpegScanEnd(picture, at);

			Keep(picture, at, end - at);
			at = end;
			scanned = true;
		}
	}
	/* one that was cut ends here; the decoder says whether it is still a picture */
	memcpy(picture->kept + picture->kept_length, "\xFF\xD9", 2);
	picture->kept_length += 2;
	return scanned && picture->width > 0 && picture->height > 0;
}

void
OrientJpeg(Picture *picture)
{
	uint8_t block[] = {0xFF, 0xE1, 0, 34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
					   0,    1,    1, 0x12, 0,   3,   0,   0,   0, 1, 0,   0,   0, 0,  0, 0, 0, 0};

	if (picture->orientation < 2 || picture->orientation > 8)
		return;
	block[29] = (uint8_t) picture->orientation;
	memmove(picture->kept + 2 + sizeof(block), picture->kept + 2, picture->kept_length - 2);
	memcpy(picture->kept + 2, block, sizeof(block));
	picture->kept_length += sizeof(block);
}

/* ---- PNG (RFC 2083, PNG 3) ---- */

bool
StripPng(Picture *picture)
{
	static const char kept[] =
		"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT ";
	size_t at = 8;

	if (!Begins(picture->bytes, picture->length, "\x89PNG\r\n\x1A\n", 8) || picture->length < 33 ||
		memcmp(picture->bytes + 12, "IHDR", 4) != 0)
		return false;
	Keep(picture, 0, 8);
	picture->width = Big32(picture->bytes + 16);
	picture->height = Big32(picture->bytes + 20);
	while (picture->length - at >= 12)
	{
		size_t length = Big32(picture->bytes + at);
		char name[6] = {0};

		if (length > picture->length - at - 12)
			return false;
		memcpy(name, picture->bytes + at + 4, 4);
		name[4] = ' ';
		if (memcmp(name, "eXIf", 4) == 0 && picture->exif == NULL)
		{
			picture->exif = picture->bytes + at + 8;
			picture->exif_length = length;
		}
		if (strlen(name) == 5 && strstr(kept, name) != NULL && memchr(name, ' ', 4) == NULL)
			Keep(picture, at, length + 12);
		at += length + 12;
		if (memcmp(name, "IEND", 4) == 0)
			return picture->width > 0 && picture->height > 0;
	}
	return false;
}

/* ---- WebP (RFC 9649) ---- */

/* The sides that a piece tells. */
static void
WebpSides(Picture *picture, const char *name, const uint8_t *body, size_t length)
{
	if (memcmp(name, "VP8X", 4) == 0 && length >= 10)
	{
		picture->width = Little24(body + 4) + 1;
		picture->height = Little24(body + 7) + 1;
		picture->animated = (body[0] & 0x02) != 0;
	}
	else if (memcmp(name, "VP8L", 4) == 0 && length >= 5 && picture->width == 0)
	{
		picture->width = (Little16(body + 1) & 0x3FFF) + 1;
		picture->height = (Little32(body + 1) >> 14 & 0x3FFF) + 1;
	}
	else if (memcmp(name, "VP8 ", 4) == 0 && length >= 10 && picture->width == 0)
	{
		picture->width = Little16(body + 6) & 0x3FFF;
		picture->height = Little16(body + 8) & 0x3FFF;
	}
}

bool
StripWebp(Picture *picture)
{
	static const char *const kept[] = {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"};
	size_t at = 12, end;
	uint32_t size;

	if (!Begins(picture->bytes, picture->length, "RIFF", 4) || picture->length < 20 ||
		memcmp(picture->bytes + 8, "WEBP", 4) != 0)
		return false;
	end = (size_t) Little32(picture->bytes + 4) + 8;
	if (end < 20 || end > picture->length)
		return false;
	Keep(picture, 0, 12);
	while (end - at >= 8)
	{
		const char *name = (const char *) picture->bytes + at;
		size_t length = Little32(picture->bytes + at + 4);
		size_t padded = length + (length & 1);

		/* the last filling may be missing */
		if (length > end - at - 8)
			return false;
		if (padded > end - at - 8)
			padded = length;
		WebpSides(picture, name, picture->bytes + at + 8, length);
		if (memcmp(name, "EXIF", 4) == 0 && picture->exif == NULL)
		{
			picture->exif = picture->bytes + at + 8;
			picture->exif_length = length;
		}
		for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
			if (memcmp(name, kept[i], 4) == 0)
			{
				size_t place = picture->kept_length;

				Keep(picture, at, padded + 8);
				/* no EXIF and no XMP any more */
				if (i == 2 && length > 0)
					picture->kept[place + 8] &= (uint8_t) ~0x0C;
			}
		at += padded + 8;
	}
	size = (uint32_t) (picture->kept_length - 8);
	for (int i = 0; i < 4; i++)
		picture->kept[4 + i] = (uint8_t) (size >> 8 * i);
	return picture->width > 0 && picture->height > 0;
}

/* ---- GIF (89a) ---- */

/* Behind a row of sub-blocks; 0: it does not end. */
static size_t
GifBlocksEnd(const Picture *picture, size_t at)
{
	while (at < picture->length)
	{
		if (picture->bytes[at] == 0)
			return at + 1;
		at += 1 + picture->bytes[at];
	}
	return 0;
}

/* Bytes of the table of colours that the flags announce. */
static size_t
GifColours(int flags)
{
	return flags & 0x80 ? (size_t) 3 << ((flags & 7) + 1) : 0;
}

/* Behind the extension or picture at `at`; 0: malformed. *needed: it is part of what is shown. */
static size_t
GifPiece(const Picture *picture, size_t at, bool *needed)
{
	const uint8_t *piece = picture->bytes + at;
	size_t left = picture->length - at;

	*needed = true;
	if (piece[0] == 0x2C)
		return left < 11 ? 0 : GifBlocksEnd(picture, at + 10 + GifColours(piece[9]) + 1);
	if (piece[0] != 0x21 || left < 3)
		return 0;
	*needed = piece[1] == 0xF9 ||
			  (piece[1] == 0xFF && left > 14 && piece[2] == 11 &&
			   (memcmp(piece + 3, "NETSCAPE2.0", 11) == 0 || memcmp(piece + 3, "ANIMEXTS1.0", 11) == 0));
	return GifBlocksEnd(picture, at + 2);
}

bool
StripGif(Picture *picture)
{
	size_t at;
	bool shown = false;

	if (picture->length < 13 || memcmp(picture->bytes, "GIF8", 4) != 0)
		return false;
	picture->width = Little16(picture->bytes + 6);
	picture->height = Little16(picture->bytes + 8);
	at = 13 + GifColours(picture->bytes[10]);
	if (at > picture->length)
		return false;
	Keep(picture, 0, at);
	while (at < picture->length && picture->bytes[at] != 0x3B)
	{
		bool needed;
		size_t end = GifPiece(picture, at, &needed);

		if (end == 0 || end > picture->length)
			return false;
		if (needed)
			Keep(picture, at, end - at);
		shown = shown || picture->bytes[at] == 0x2C;
		at = end;
	}
	picture->kept[picture->kept_length++] = 0x3B;
	return shown && picture->width > 0 && picture->height > 0;
}
