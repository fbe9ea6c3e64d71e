/*
 * The credential block of a signed request and what is signed of it: any bytes. A canonical query is its own
 * canonical form, both orders have the same length, and nothing is written beyond the announced room.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "access/signature_block.h"
#include "access/signature_canonical.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_query(Span query)
{
	size_t size = CANONICAL_QUERY_SIZE(query.length);
	char *encoded = malloc(size);
	char *decoded = malloc(size);
	size_t length;
	size_t other;

	if (CanonicalQuery(query, ORDER_ENCODED, encoded, size, &length))
	{
		Span canonical = {encoded, length};
		char *again = malloc(CANONICAL_QUERY_SIZE(length));
		size_t again_length;

		CHECK(encoded[length] == '\0' && strlen(encoded) == length);
		CHECK(CanonicalQuery(query, ORDER_DECODED, decoded, size, &other) && other == length);
		CHECK(CanonicalQuery(canonical, ORDER_ENCODED, again, CANONICAL_QUERY_SIZE(length), &again_length));
		CHECK(again_length == length && memcmp(again, encoded, length) == 0);
		free(again);
	}
	free(encoded);
	free(decoded);
}

static void
check_block(const char *text, size_t size)
{
	SignatureBlock block;
	SignedRequest request;
	ArtemisRequest artemis;
	char *out;
	size_t room;
	size_t length;

	if (!SignatureBlockRead(text, size, &block))
		return;
	request =
		(SignedRequest){block.method, block.path, block.query, block.sha256, block.timestamp, block.nonce};
	room = CanonicalRequestSize(&request);
	out = malloc(room);
	if (CanonicalRequest(&request, ORDER_ENCODED, out, room, &length))
		CHECK(length < room && out[length] == '\0');
	free(out);
	artemis = (ArtemisRequest){block.method,         block.path,    block.query,       block.form,
							   block.signed_headers, block.headers, block.header_count};
	room = ArtemisStringSize(&artemis);
	out = malloc(room);
	if (ArtemisString(&artemis, out, room, &length))
		CHECK(length < room && out[length] == '\0');
	free(out);
	(void) ArtemisHeaderSigned(&artemis, "x-ca-nonce");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = malloc(size + (size == 0)); /* so that a read beyond the end is seen */

	if (size > 0)
		memcpy(exact, data, size);
	check_query((Span){exact, size});
	check_block(exact, size);
	free(exact);
	return 0;
}
