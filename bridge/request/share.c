/* What one client address holds; see share.h. */
#include "request/share.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>

#include "base/config.h"

#define SHARES 16384 /* rows: a power of two */

struct Share
{
	_Atomic int64_t bytes;
	_Atomic int connections;
};

static Share shares[SHARES];
static uint64_t seed[2];

bool
SharesStart(void)
{
	return getrandom(seed, sizeof(seed), 0) == sizeof(seed);
}

/* Of an IPv6 address its network /64, of an IPv4 address all of it. */
Share *
ShareOf(const uint8_t address[16])
{
	uint64_t network, host, hash;

	if (IsTrustedProxy(address))
		return NULL;
	memcpy(&network, address, sizeof(network));
	memcpy(&host, address + 8, sizeof(host));
	/* IPv4 addresses are all in one network (::ffff:0:0/96), whose first half is 0 */
	hash = (network ^ seed[0]) * 0x9E3779B97F4A7C15u;
	if (network == 0)
		hash ^= host * 0xC2B2AE3D27D4EB4Fu;
	hash = (hash ^ hash >> 29 ^ seed[1]) * 0x9E3779B97F4A7C15u;
	return &shares[hash >> 50 & (SHARES - 1)];
}

bool
ShareHasRoom(const Share *share)
{
	return share == NULL || atomic_load(&share->connections) < ConfigNow()->max_client_connections;
}

void
ShareConnect(Share *share)
{
	if (share != NULL)
		atomic_fetch_add(&share->connections, 1);
}

void
ShareDisconnect(Share *share)
{
	if (share != NULL)
		atomic_fetch_sub(&share->connections, 1);
}

bool
ShareTake(Share *share, size_t bytes)
{
	const Config *config = ConfigNow();
	int64_t most = config->max_bytes_in_flight / 100 * config->client_share;

	if (share == NULL || atomic_fetch_add(&share->bytes, (int64_t) bytes) + (int64_t) bytes <= most)
		return true;
	ShareGive(share, bytes);
	return false;
}

void
ShareGive(Share *share, size_t bytes)
{
	if (share != NULL)
		atomic_fetch_sub(&share->bytes, (int64_t) bytes);
}
