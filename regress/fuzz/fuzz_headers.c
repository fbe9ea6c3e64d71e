/*
 * Header values and request targets: any bytes. What is accepted is what it claims: an address written again
 * is the same address, an element of a list lies in the list and has no comma, a range has its own address, a
 * redirect address has its host inside the text and fits itself, and negotiation ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/accept.h"
#include "base/multipart.h"
#include "base/target.h"
#include "text/address_list.h"
#include "text/csv_guard.h"
#include "text/web_address.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
Within(Span part, const char *text, size_t length)
{
	return part.text >= text && part.text + part.length <= text + length;
}

/* X-Forwarded-For, read from the right; each element as an address. */
static void
Forwarded(const char *text, size_t length)
{
	Span list = {text, length};
	uint8_t address[16], again[16];
	char written[ADDRESS_TEXT];

	while (list.text != NULL)
	{
		Span element = LastElement(&list);

		CHECK(element.length == 0 ||
			  (Within(element, text, length) && memchr(element.text, ',', element.length) == NULL));
		if (!ParseForwarded(element, address))
			continue;
		AddressText(address, written);
		CHECK(ParseAddress(written, strlen(written), again) && memcmp(address, again, 16) == 0);
	}
}

/* Ranges of settings and grants. */
static void
Ranges(const char *text, size_t length)
{
	AddressRange range;

	if (ParseRange(text, length, &range))
	{
		CHECK(range.bits >= 0 && range.bits <= 128);
		CHECK(InRange(&range, range.address));
	}
	if (AddressListValid(text))
		(void) AddressListed(text, (const unsigned char *) "\x7f\0\0\1", 4);
}

static void
Target(const char *text, size_t length)
{
	Span path, query, rest, name, value;

	if (!SplitTarget(text, length, &path, &query))
		return;
	CHECK(Within(path, text, length));
	if (query.text == NULL)
		return;
	CHECK(Within(query, text, length));
	rest = query;
	while (NextPair(&rest, &name, &value))
		CHECK(Within(name, text, length) && (value.length == 0 || Within(value, text, length)));
}

static void
Redirect(const char *text)
{
	WebAddress address;

	if (!WebAddressRead(text, &address))
		return;
	CHECK(Within(address.host, text, strlen(text)) && address.host.length > 0);
	CHECK(memchr(address.host.text, '@', address.host.length) == NULL && strchr(text, '#') == NULL);
	CHECK(address.port >= 0 && address.port <= 65535);
	CHECK(RedirectMatches(text, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	Span value;

	memcpy(text, data, size);
	text[size] = '\0';
	(void) AcceptFormat(text, true);
	(void) AcceptFormat(text, false);
	(void) AcceptsChinese(text);
	(void) AcceptsGb18030(text);
	(void) AcceptsGzip(text);
	(void) ValidHost(text, size);
	(void) ValidRequestId(text, size);
	(void) CsvNeedsGuard(text, size);
	(void) HeaderParameter((Span){text, size}, "boundary", &value);
	Forwarded(text, size);
	Ranges(text, size);
	Target(text, size);
	Redirect(text);
	free(text);
	return 0;
}
