/* Request target, UTF-8, host and address texts. No state, no allocation. */
#include "base/target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "text/hex.h"
#include "text/percent.h"
#include "text/utf8.h"
#include "wire/status_codes.h"
#include "text/decimal.h"
#include "text/message.h"

/* Offset in the encoded text of decoded byte `decoded`; the text has no bad escape before it. */
static size_t
EncodedOffset(const char *in, size_t length, size_t decoded)
{
	size_t i = 0;

	while (decoded-- > 0 && i < length)
		i += in[i] == '%' ? 3 : 1;
	return i;
}

/*
 * Offset in the encoded text of the first decoded byte that is not UTF-8; length when all is well. Looks at
 * the text before it is decoded in place, since afterwards the position could not be told any more.
 */
static size_t
FirstInvalidDecoded(const char *in, size_t length)
{
	size_t i = 0;

	while (i < length)
	{
		char window[4];
		size_t next = i;
		size_t filled = 0;
		uint32_t c;
		int step;

		if (in[i] != '%' && in[i] > 0) /* plain ASCII, by far the most */
		{
			i++;
			continue;
		}
		while (filled < 4 && next < length)
		{
			bool escape = in[next] == '%';

			window[filled++] = escape ? (char) HexNumber(in + next + 1, 2) : in[next];
			next += escape ? 3 : 1;
		}
		step = Utf8Get(window, filled, &c);
		if (step <= 0 || c == 0)
			return i;
		i += EncodedOffset(in + i, length - i, (size_t) step);
	}
	return length;
}

static const char bad_escape[] = MESSAGE("% must be followed by two hexadecimal digits");

/* The byte that the escape at `at` stands for, and whether it has a meaning in a form when it is not escaped.
 */
static inline bool
IsFormSign(const char *at, char *byte)
{
	*byte = (char) HexNumber(at + 1, 2);
	return *byte == '%' || *byte == '&' || *byte == '+' || *byte == '=';
}

ptrdiff_t
FormLetters(const char *in, size_t length, char *out, TextError *error)
{
	size_t bad = PercentFirstBad(in, length);
	size_t used = 0;
	char byte;

	if (bad < length)
	{
		*error = (TextError){bad, CBD_INVALID_ENCODING, bad_escape};
		return -1;
	}
	for (size_t i = 0; i < length; i++)
		if (in[i] != '%' || IsFormSign(in + i, &byte))
			out[used++] = in[i];
		else
		{
			out[used++] = byte;
			i += 2;
		}
	return (ptrdiff_t) used;
}

size_t
FormOffset(const char *in, size_t length, size_t letter)
{
	size_t i = 0;
	char byte;

	while (letter-- > 0 && i < length)
		i += in[i] != '%' || IsFormSign(in + i, &byte) ? 1 : 3;
	return i;
}

ptrdiff_t
PercentDecode(const char *in, size_t length, char *out, bool plus, TextError *error)
{
	size_t bad = PercentFirstBad(in, length);
	size_t decoded;

	if (bad < length)
	{
		*error = (TextError){bad, CBD_INVALID_ENCODING, bad_escape};
		return -1;
	}
	/* the slow way, position by position, only where the fast one cannot be undone or has found an error */
	if (out != in)
	{
		decoded = PercentBytes(in, length, plus, out);
		bad = Utf8FirstInvalid(out, decoded);
		if (bad == decoded)
			return (ptrdiff_t) decoded;
		bad = EncodedOffset(in, length, bad);
	}
	else
	{
		bad = FirstInvalidDecoded(in, length);
		if (bad == length)
			return (ptrdiff_t) PercentBytes(in, length, plus, out);
	}
	*error = (TextError){bad, CBD_INVALID_CHARACTER, MESSAGE("not valid UTF-8, or U+0000")};
	return -1;
}

bool
SplitTarget(const char *target, size_t length, Span *path, Span *query)
{
	const char *question;
	const char *hash = memchr(target, '#', length);
	size_t scheme = length > 8 && strncasecmp(target, "https://", 8) == 0  ? 8
					: length > 7 && strncasecmp(target, "http://", 7) == 0 ? 7
																		   : 0;

	if (hash != NULL) /* a fragment never belongs into a request */
		return false;
	if (scheme > 0)
	{
		const char *slash = memchr(target + scheme, '/', length - scheme);

		if (slash == NULL)
			return false;
		length -= (size_t) (slash - target);
		target = slash;
	}
	if (length == 0 || (target[0] != '/' && !(length == 1 && target[0] == '*')))
		return false;
	question = memchr(target, '?', length);
	path->text = target;
	path->length = question == NULL ? length : (size_t) (question - target);
	query->text = question == NULL ? target + length : question + 1;
	query->length = question == NULL ? 0 : length - path->length - 1;
	return true;
}

bool
NextPair(Span *rest, Span *name, Span *value)
{
	while (rest->length > 0)
	{
		const char *end = memchr(rest->text, '&', rest->length);
		size_t length = end == NULL ? rest->length : (size_t) (end - rest->text);
		const char *equals = memchr(rest->text, '=', length);

		name->text = rest->text;
		name->length = equals == NULL ? length : (size_t) (equals - rest->text);
		value->text = equals == NULL ? rest->text + length : equals + 1;
		value->length = equals == NULL ? 0 : length - name->length - 1;
		rest->text += end == NULL ? length : length + 1;
		rest->length -= end == NULL ? length : length + 1;
		if (length > 0)
			return true;
	}
	return false;
}

static bool
ValidPort(const char *text, size_t length)
{
	int64_t port;

	return length == 0 || (DecimalRead((Span){text, length}, 5, &port) && port <= 65535);
}

bool
ValidHost(const char *text, size_t length)
{
	size_t end = 0;

	if (length == 0 || length > 262)
		return false;
	if (text[0] == '[')
	{
		const char *close = memchr(text, ']', length);
		uint8_t address[16];

		if (close == NULL || !ParseAddress(text + 1, (size_t) (close - text) - 1, address))
			return false;
		end = (size_t) (close - text) + 1;
	}
	else
		while (end < length && text[end] != ':')
		{
			unsigned char c = (unsigned char) text[end++];

			if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' ||
				  c == '-' || c == '_'))
				return false;
		}
	if (end == 0)
		return false;
	return end == length || (text[end] == ':' && ValidPort(text + end + 1, length - end - 1));
}

bool
ValidRequestId(const char *text, size_t length)
{
	if (length == 0 || length > 64)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' || c == '-' ||
			  c == '_'))
			return false;
	}
	return true;
}

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool
ParseAddress(const char *text, size_t length, uint8_t address[16])
{
	char copy[ADDRESS_TEXT];

	if (length == 0 || length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET, copy, address + 12) == 1)
	{
		memcpy(address, mapped_prefix, 12);
		return true;
	}
	return inet_pton(AF_INET6, copy, address) == 1;
}

Span
SpanTrim(Span span)
{
	while (span.length > 0 && (*span.text == ' ' || *span.text == '\t'))
		span.text++, span.length--;
	while (span.length > 0 && (span.text[span.length - 1] == ' ' || span.text[span.length - 1] == '\t'))
		span.length--;
	return span;
}

Span
LastElement(Span *list)
{
	size_t start = list->length;
	Span element;

	while (start > 0 && list->text[start - 1] != ',')
		start--;
	element = (Span){list->text + start, list->length - start};
	*list = start == 0 ? (Span){NULL, 0} : (Span){list->text, start - 1};
	return SpanTrim(element);
}

bool
ParseForwarded(Span text, uint8_t address[16])
{
	const char *end = text.text + text.length;
	const char *host_end;

	if (text.length > 0 && *text.text == '[')
	{
		host_end = memchr(text.text, ']', text.length);
		if (host_end == NULL || (host_end + 1 < end && (host_end[1] != ':' || host_end + 2 == end)) ||
			!ValidPort(host_end + 2, host_end + 2 < end ? (size_t) (end - host_end) - 2 : 0))
			return false;
		text.text++;
		return memchr(text.text, ':', (size_t) (host_end - text.text)) != NULL &&
			   ParseAddress(text.text, (size_t) (host_end - text.text), address);
	}
	host_end = memchr(text.text, ':', text.length);
	if (host_end == NULL || memchr(host_end + 1, ':', (size_t) (end - host_end) - 1) != NULL)
		return ParseAddress(text.text, text.length, address); /* IPv4, or IPv6 without a port */
	return host_end + 1 < end && ValidPort(host_end + 1, (size_t) (end - host_end) - 1) &&
		   ParseAddress(text.text, (size_t) (host_end - text.text), address);
}

bool
ParseRange(const char *text, size_t length, AddressRange *range)
{
	const char *slash = memchr(text, '/', length);
	size_t address_length = slash == NULL ? length : (size_t) (slash - text);
	bool v4 = memchr(text, ':', address_length) == NULL;
	int64_t bits;

	if (!ParseAddress(text, address_length, range->address))
		return false;
	range->bits = 128;
	if (slash == NULL)
		return true;
	if (!DecimalRead((Span){slash + 1, length - address_length - 1}, 3, &bits) || bits > (v4 ? 32 : 128))
		return false;
	range->bits = (int) (v4 ? 96 + bits : bits);
	/* of an IPv4 address written as IPv6 the mask must be too: /8 would be every IPv4 address there is */
	return range->bits >= 96 || memcmp(range->address, mapped_prefix, sizeof(mapped_prefix)) != 0;
}

bool
InRange(const AddressRange *range, const uint8_t address[16])
{
	int whole = range->bits / 8;
	int rest = range->bits % 8;

	if (range->bits < 96 && memcmp(address, mapped_prefix, sizeof(mapped_prefix)) == 0)
		return false; /* ::/0 is every IPv6 address, and no IPv4 one */
	if (memcmp(range->address, address, (size_t) whole) != 0)
		return false;
	return rest == 0 || ((range->address[whole] ^ address[whole]) & (0xFF << (8 - rest) & 0xFF)) == 0;
}

bool
IsLoopback(const uint8_t address[16])
{
	static const uint8_t v6[16] = {[15] = 1};

	return memcmp(address, v6, 16) == 0 || (memcmp(address, mapped_prefix, 12) == 0 && address[12] == 127);
}

bool
SocketAddress(const struct sockaddr *socket_address, uint8_t address[16])
{
	if (socket_address->sa_family == AF_INET)
	{
		memcpy(address, mapped_prefix, 12);
		memcpy(address + 12, &((const struct sockaddr_in *) socket_address)->sin_addr, 4);
		return true;
	}
	if (socket_address->sa_family != AF_INET6)
		return false;
	memcpy(address, &((const struct sockaddr_in6 *) socket_address)->sin6_addr, 16);
	return true;
}

void
AddressText(const uint8_t address[16], char text[ADDRESS_TEXT])
{
	if (memcmp(address, mapped_prefix, 12) == 0)
		inet_ntop(AF_INET, address + 12, text, ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, address, text, ADDRESS_TEXT);
}
