/*
 * Reading the block that the bridge makes of a signed request's headers; see signature_block.h. Plain C over
 * (buffer, length).
 */
#include <stddef.h>
#include <string.h>

#include "access/signature_block.h"

static const struct
{
	const char *key;
	size_t field;
} fields[] = {
	{"method", offsetof(SignatureBlock, method)},
	{"path", offsetof(SignatureBlock, path)},
	{"query", offsetof(SignatureBlock, query)},
	{"sha256", offsetof(SignatureBlock, sha256)},
	{"sm3", offsetof(SignatureBlock, sm3)},
	{"md5", offsetof(SignatureBlock, md5)},
	{"timestamp", offsetof(SignatureBlock, timestamp)},
	{"nonce", offsetof(SignatureBlock, nonce)},
	{"algorithm", offsetof(SignatureBlock, algorithm)},
	{"signature", offsetof(SignatureBlock, signature)},
	{"signed", offsetof(SignatureBlock, signed_headers)},
	{"form", offsetof(SignatureBlock, form)},
};

/* header.N: false when there are too many or the name was there before. */
static bool
read_header(SignatureBlock *block, Span name, Span value)
{
	ArtemisRequest so_far = {.headers = block->headers, .header_count = block->header_count};
	char copy[128];
	Span before;

	if (name.length == 0 || name.length >= sizeof(copy) || block->header_count == BLOCK_HEADERS_MAX)
		return false;
	memcpy(copy, name.text, name.length);
	copy[name.length] = '\0';
	if (strlen(copy) != name.length || ArtemisHeaderFind(&so_far, copy, &before))
		return false;
	block->headers[block->header_count++] = (ArtemisHeader){name, value};
	return true;
}

/* Takes one line over; false: its name is unknown or stood before. */
static bool
read_line(SignatureBlock *block, Span key, Span value)
{
	static const char header[] = "header.";
	const size_t prefix = sizeof(header) - 1;

	if (key.length > prefix && SpanStarts(key, header))
		return read_header(block, (Span){key.text + prefix, key.length - prefix}, value);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
	{
		Span *span = (Span *) ((char *) block + fields[i].field);

		if (!SpanIs(key, fields[i].key))
			continue;
		if (span->text != NULL)
			return false;
		*span = value;
		return true;
	}
	return false;
}

bool
SignatureBlockRead(const char *text, size_t length, SignatureBlock *block)
{
	size_t at = 0;

	memset(block, 0, sizeof(*block));
	while (at < length)
	{
		const char *end = memchr(text + at, '\n', length - at);
		const char *equals;

		if (end == NULL)
			return false;
		equals = memchr(text + at, '=', (size_t) (end - (text + at)));
		if (equals == NULL)
			return false;
		if (!read_line(block, (Span){text + at, (size_t) (equals - (text + at))},
					   (Span){equals + 1, (size_t) (end - equals - 1)}))
			return false;
		at = (size_t) (end - text) + 1;
	}
	return true;
}
