/* Checks of media as they come: addresses, base64, the bytes of ranges; see media_check.h. Plain C. */
#include <string.h>
#include <strings.h>

#include "media/media_check.h"
#include "text/decimal.h"
#include "text/message.h"

/* Bytes by which files of a format begin, at an offset. */
typedef struct Signature
{
	size_t offset;
	const char *bytes;
	size_t length;
	int kinds;
	const char *format;
} Signature;

#define BYTES(s) s, sizeof(s) - 1

/* Leading bytes that need no second look. Order matters where one starts like another. */
static const Signature signatures[] = {
	{0, BYTES("\xFF\xD8\xFF"), MEDIA_IS_IMAGE, "JPEG"},
	{0, BYTES("\x89PNG\r\n\x1A\n"), MEDIA_IS_IMAGE, "PNG"},
	{0, BYTES("GIF87a"), MEDIA_IS_IMAGE, "GIF"},
	{0, BYTES("GIF89a"), MEDIA_IS_IMAGE, "GIF"},
	{0, BYTES("BM"), MEDIA_IS_IMAGE, "BMP"},
	{0, BYTES("II*\0"), MEDIA_IS_IMAGE, "TIFF"},
	{0, BYTES("MM\0*"), MEDIA_IS_IMAGE, "TIFF"},
	{8, BYTES("WEBP"), MEDIA_IS_IMAGE, "WEBP"},
	{8, BYTES("AVI "), MEDIA_IS_VIDEO, "AVI"},
	{8, BYTES("WAVE"), MEDIA_IS_VOICE, "WAV"},
	{4, BYTES("ftypM4A"), MEDIA_IS_VOICE, "M4A"},
	{4, BYTES("ftyphei"), MEDIA_IS_IMAGE, "HEIC"},
	{4, BYTES("ftyphev"), MEDIA_IS_IMAGE, "HEIC"},
	{4, BYTES("ftypmif1"), MEDIA_IS_IMAGE, "HEIF"},
	{4, BYTES("ftypavi"), MEDIA_IS_IMAGE, "AVIF"},
	{4, BYTES("ftyp3g"), MEDIA_IS_VIDEO | MEDIA_IS_VOICE, "3GP"},
	{4, BYTES("ftyp"), MEDIA_IS_VIDEO | MEDIA_IS_VOICE, "MP4"},
	{4, BYTES("moov"), MEDIA_IS_VIDEO, "QuickTime"},
	{4, BYTES("mdat"), MEDIA_IS_VIDEO, "QuickTime"},
	{0, BYTES("FLV\x01"), MEDIA_IS_VIDEO, "FLV"},
	{0, BYTES("\x1A\x45\xDF\xA3"), MEDIA_IS_VIDEO | MEDIA_IS_VOICE, "Matroska"},
	{0, BYTES("\x00\x00\x01\xBA"), MEDIA_IS_VIDEO, "MPEG"},
	{0, BYTES("\x00\x00\x01\xB3"), MEDIA_IS_VIDEO, "MPEG"},
	{0, BYTES("\x30\x26\xB2\x75\x8E\x66\xCF\x11"), MEDIA_IS_VIDEO | MEDIA_IS_VOICE, "ASF"},
	{0, BYTES("ID3"), MEDIA_IS_VOICE, "MP3"},
	{0, BYTES("#!AMR"), MEDIA_IS_VOICE, "AMR"},
	{0, BYTES("#!SILK"), MEDIA_IS_VOICE, "SILK"},
	{0, BYTES("\x02#!SILK"), MEDIA_IS_VOICE, "SILK"},
	{0, BYTES("OggS"), MEDIA_IS_VOICE | MEDIA_IS_VIDEO, "OGG"},
	{0, BYTES("fLaC"), MEDIA_IS_VOICE, "FLAC"},
	{0, BYTES("%PDF"), 0, "PDF"},
	{0, BYTES("PK\x03\x04"), 0, "ZIP"},
};

int
media_sniff(const unsigned char *bytes, size_t length, const char **format)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++)
	{
		const Signature *s = &signatures[i];

		if (length < s->offset + s->length || memcmp(bytes + s->offset, s->bytes, s->length) != 0)
			continue;
		/* what stands at 8 counts only inside a RIFF container */
		if (s->offset == 8 && memcmp(bytes, "RIFF", 4) != 0)
			continue;
		*format = s->format;
		return s->kinds;
	}
	/* ADTS has layer bits 00, MPEG audio any other */
	if (length >= 2 && bytes[0] == 0xFF && (bytes[1] & 0xE0) == 0xE0)
	{
		*format = (bytes[1] & 0x06) == 0 ? "AAC" : "MP3";
		return MEDIA_IS_VOICE;
	}
	/* transport stream: packets of 188 bytes */
	if (length >= 189 && bytes[0] == 0x47 && bytes[188] == 0x47)
	{
		*format = "MPEG-TS";
		return MEDIA_IS_VIDEO;
	}
	*format = "unknown";
	return 0;
}

size_t
media_data_prefix(const char *text, size_t length)
{
	static const char ending[] = ";base64,";

	if (length < 5 || strncasecmp(text, "data:", 5) != 0)
		return 0;
	for (size_t i = 5; i + sizeof(ending) - 1 <= length && i < 200 && text[i] != ','; i++)
		if (strncasecmp(text + i, ending, sizeof(ending) - 1) == 0)
			return i + sizeof(ending) - 1;
	return 0;
}

/* NULL when the port (digits after the colon) is right. */
static const char *
port_error(const char *text, size_t length)
{
	int64_t port;

	if (length == 0 || (DecimalRead((Span){text, length}, 5, &port) && port > 0 && port <= 65535))
		return NULL;
	return MESSAGE("the port is not a number from 1 to 65535");
}

/* Checks host[:port], after any user information. */
static const char *
host_error(const char *text, size_t length)
{
	size_t host = 0;

	if (length > 0 && text[0] == '[')
	{
		while (host < length && text[host] != ']')
			host++;
		if (host == length || host < 3)
			return MESSAGE("the host's address in brackets is not complete");
		host++;
	}
	else
		while (host < length && text[host] != ':')
		{
			/* letters of any script, digits, "-", "." and "_" (seen in intranets) */
			unsigned char c = (unsigned char) text[host];

			if (c < 0x80 && !(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
				c != '-' && c != '.' && c != '_')
				return MESSAGE("the host contains a character that is not allowed");
			host++;
		}
	if (host == 0)
		return MESSAGE("the host is missing");
	if (host == length)
		return NULL;
	return text[host] == ':' ? port_error(text + host + 1, length - host - 1)
							 : MESSAGE("the host contains a character that is not allowed");
}

const char *
media_url_error(const char *text, size_t length, bool *lenient)
{
	static const char *const schemes[] = {"http://", "https://", "ftp://"};
	const char *why = NULL;
	const char *wrong_host;
	size_t start = 0;
	size_t end;

	*lenient = false;
	for (size_t i = 0; i < length; i++)
		if (text[i] == ' ' || text[i] == '\\')
			why = MESSAGE("it contains a character that is not allowed in a URL");
		else if ((unsigned char) text[i] < 0x20 || text[i] == 0x7F || strchr("<>\"", text[i]) != NULL)
			return MESSAGE("it contains a character that is not allowed in a URL");
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]) && start == 0; i++)
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0)
			start = strlen(schemes[i]);
	if (start == 0)
		return MESSAGE("it does not start with http://, https:// or ftp://");
	for (end = start; end < length && strchr("/?#\\", text[end]) == NULL; end++)
		;
	for (size_t i = end; i > start; i--)
		if (text[i - 1] == '@')
		{
			why = MESSAGE("it contains a user name or password");
			start = i;
			break;
		}
	wrong_host = host_error(text + start, end - start);
	if (wrong_host != NULL)
		return wrong_host;
	*lenient = why != NULL;
	return why;
}

bool
mobile_number_valid(const char *text, size_t length)
{
	static const char *const prefixes[] = {"+86", "0086", "86"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
	{
		size_t n = strlen(prefixes[i]);

		if (length > n && strncmp(text, prefixes[i], n) == 0)
		{
			text += n;
			length -= n;
			if (*text == ' ' || *text == '-')
			{
				text++;
				length--;
			}
			break;
		}
	}
	if (length != 11 || text[0] != '1' || text[1] < '3' || text[1] > '9')
		return false;
	for (size_t i = 2; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}
