/* Lists of addresses and ranges; see address_list.h. */
#include "text/address_list.h"
#include "text/decimal.h"

#include <arpa/inet.h>
#include <string.h>

/* One entry of a list: a network. */
typedef struct AddressRange
{
	unsigned char bytes[16];
	size_t length; /* 4 or 16 */
	int bits;      /* of the prefix */
} AddressRange;

/* Between entries; longest entry, in characters. */
#define SEPARATORS ", \t\r\n"
#define ENTRY_MAX  49 /* 8 groups of 4, colons, /128 */

/* The prefix length behind an address; -1: not one. */
static int
PrefixBits(const char *text, int max)
{
	int64_t bits;

	return DecimalRead((Span){text, strlen(text)}, 3, &bits) && bits <= max ? (int) bits : -1;
}

/* An IPv4 range in IPv6 notation becomes one of IPv4, which clients have. False: it is wider than those. */
static bool
Unmapped(AddressRange *range)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (range->length == 4 || memcmp(range->bytes, mapped, sizeof(mapped)) != 0)
		return true;
	memmove(range->bytes, range->bytes + sizeof(mapped), 4);
	range->length = 4;
	range->bits -= 96;
	return range->bits >= 0;
}

/* The entry at *at, which is moved behind it. 1: found, 0: the list has ended, -1: it is no range. */
static int
NextRange(const char **at, AddressRange *range)
{
	char entry[ENTRY_MAX + 1];
	char *slash;
	size_t length;
	int max;

	*at += strspn(*at, SEPARATORS);
	length = strcspn(*at, SEPARATORS);
	if (length == 0)
		return 0;
	if (length > ENTRY_MAX)
		return -1;
	memcpy(entry, *at, length);
	entry[length] = '\0';
	*at += length;
	slash = strchr(entry, '/');
	if (slash != NULL)
		*slash = '\0';
	if (inet_pton(AF_INET, entry, range->bytes) == 1)
		range->length = 4;
	else if (inet_pton(AF_INET6, entry, range->bytes) == 1)
		range->length = 16;
	else
		return -1;
	max = (int) range->length * 8;
	range->bits = slash == NULL ? max : PrefixBits(slash + 1, max);
	return range->bits < 0 || !Unmapped(range) ? -1 : 1;
}

bool
AddressListValid(const char *list)
{
	AddressRange range;
	int found;

	while ((found = NextRange(&list, &range)) == 1)
		;
	return found == 0;
}

/* Do the first bits agree? */
static bool
SamePrefix(const unsigned char *a, const unsigned char *b, int bits)
{
	int whole = bits / 8;
	unsigned char rest = (unsigned char) (0xff00 >> (bits % 8));

	return memcmp(a, b, whole) == 0 && (bits % 8 == 0 || ((a[whole] ^ b[whole]) & rest) == 0);
}

bool
AddressListed(const char *list, const unsigned char *address, size_t length)
{
	AddressRange range;

	while (NextRange(&list, &range) == 1)
		if (range.length == length && SamePrefix(range.bytes, address, range.bits))
			return true;
	return false;
}
