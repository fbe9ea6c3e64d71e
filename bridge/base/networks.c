/* Addresses that may be sent to; see networks.h. */
#include "base/networks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* The blocks of IPv4 that are not public. */
static const char *const closed_v4[] = {
	"0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10",   "127.0.0.0/8",     "169.254.0.0/16",
	"172.16.0.0/12",  "192.0.0.0/24",   "192.0.2.0/24",    "192.31.196.0/24", "192.52.193.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",   "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4"};

/* Those inside 2000::/3, outside of which nothing is public. */
static const char *const closed_v6[] = {"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
										"3fff::/20"};

static bool
InAny(const char *const *ranges, size_t count, const uint8_t address[16])
{
	for (size_t i = 0; i < count; i++)
	{
		AddressRange range;

		if (!ParseRange(ranges[i], strlen(ranges[i]), &range) || InRange(&range, address))
			return true;
	}
	return false;
}

bool
IsPublic(const uint8_t address[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (memcmp(address, mapped, sizeof(mapped)) == 0)
		return !InAny(closed_v4, sizeof(closed_v4) / sizeof(closed_v4[0]), address);
	return (address[0] & 0xe0) == 0x20 &&
		   !InAny(closed_v6, sizeof(closed_v6) / sizeof(closed_v6[0]), address);
}

/* One "purpose:range". */
static bool
ParseNetwork(const char *text, size_t length, Network *network)
{
	const char *colon = memchr(text, ':', length);
	size_t name = colon == NULL ? 0 : (size_t) (colon - text);

	if (name == 0 || name >= NETWORK_PURPOSE || strspn(text, "abcdefghijklmnopqrstuvwxyz-") < name ||
		!ParseRange(colon + 1, length - name - 1, &network->range))
		return false;
	memcpy(network->purpose, text, name);
	network->purpose[name] = '\0';
	return true;
}

bool
NetworksParse(const char *text, Networks *networks, char *wrong, size_t size)
{
	size_t limit = 1;

	for (const char *c = text; *c != '\0'; c++)
		limit += *c == ',' || *c == ' ';
	networks->count = 0;
	networks->list = Allocate(sizeof(Network) * limit);
	while (*text != '\0')
	{
		size_t length = strcspn(text, ", ");

		if (length > 0 && !ParseNetwork(text, length, &networks->list[networks->count++]))
		{
			snprintf(wrong, size,
					 "outbound_networks: \"%.*s\" is not a purpose and a range; an example is "
					 "callback:10.20.0.0/16",
					 (int) length, text);
			return false;
		}
		text += length;
		text += strspn(text, ", ");
	}
	return true;
}

bool
NetworksHave(const Networks *networks, const char *purpose, const uint8_t address[16])
{
	for (int i = 0; i < networks->count; i++)
		if (strcmp(networks->list[i].purpose, purpose) == 0 && InRange(&networks->list[i].range, address))
			return true;
	return false;
}
