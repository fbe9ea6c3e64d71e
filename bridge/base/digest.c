/* SHA-256 into an arena. */
#include "base/digest.h"

#include <stdlib.h>

#include "text/crypto.h"

bool
DigestStart(void)
{
	return DigestAvailable(DIGEST_SHA256);
}

char *
Digest(Arena *arena, const char *text, size_t length)
{
	unsigned char *digest = ArenaAlloc(arena, DIGEST_LENGTH);

	if (!DigestBytes(DIGEST_SHA256, text, length, digest))
		abort(); /* SHA-256 of memory cannot fail */
	return (char *) digest;
}
