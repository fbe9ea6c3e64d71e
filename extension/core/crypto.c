/* Digests, message authentication codes and their texts; see crypto.h. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/crypto.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Fetched once per process: that costs more than the digest of a short text. */
static const EVP_MD *
digest_of(DigestKind kind)
{
	static const char *const names[] = {"SHA1", "SHA256", "SM3", "MD5"};
	static EVP_MD *fetched[sizeof(names) / sizeof(*names)];

	if (fetched[kind] == NULL)
		fetched[kind] = EVP_MD_fetch(NULL, names[kind], NULL);
	return fetched[kind];
}

size_t
DigestSize(DigestKind kind)
{
	return kind == DIGEST_SHA1 ? 20 : kind == DIGEST_MD5 ? 16 : 32;
}

bool
DigestBytes(DigestKind kind, const void *data, size_t length, unsigned char *out)
{
	unsigned int size = 0;

	return EVP_Digest(data, length, out, &size, digest_of(kind), NULL) == 1 && size == DigestSize(kind);
}

bool
HmacBytes(DigestKind kind, const void *key, size_t key_length, const void *data, size_t length,
		  unsigned char *out)
{
	unsigned int size = 0;

	/* a null key means "keep the last one" to OpenSSL */
	return HMAC(digest_of(kind), key == NULL ? "" : key, (int) key_length, data, length, out, &size) !=
			   NULL &&
		   size == DigestSize(kind);
}

bool
EqualBytes(const void *a, const void *b, size_t length)
{
	return CRYPTO_memcmp(a, b, length) == 0;
}

size_t
Base64Text(const unsigned char *data, size_t length, bool url, char *out)
{
	const char *letters = url ? url_alphabet : alphabet;
	size_t at = 0;

	for (size_t i = 0; i < length; i += 3)
	{
		size_t left = length - i;
		unsigned group = (unsigned) data[i] << 16;

		if (left > 1)
			group |= (unsigned) data[i + 1] << 8;
		if (left > 2)
			group |= data[i + 2];
		out[at++] = letters[group >> 18];
		out[at++] = letters[group >> 12 & 63];
		if (left > 1)
			out[at++] = letters[group >> 6 & 63];
		else if (!url)
			out[at++] = '=';
		if (left > 2)
			out[at++] = letters[group & 63];
		else if (!url)
			out[at++] = '=';
	}
	out[at] = '\0';
	return at;
}

/* The six bits of a letter, -1 when it is none. */
static int
letter_value(unsigned char c, bool url)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (url ? '-' : '+'))
		return 62;
	if (c == (url ? '_' : '/'))
		return 63;
	return -1;
}

bool
Base64Bytes(const char *text, size_t length, bool url, unsigned char *out, size_t *out_length)
{
	size_t letters = length;
	unsigned group = 0;
	int bits = 0;

	*out_length = 0;
	if (!url)
	{
		if (length % 4 != 0)
			return false;
		for (int i = 0; i < 2 && letters > 0 && text[letters - 1] == '='; i++)
			letters--;
	}
	if (letters % 4 == 1)
		return false;
	for (size_t i = 0; i < letters; i++)
	{
		int value = letter_value((unsigned char) text[i], url);

		if (value < 0)
			return false;
		group = group << 6 | (unsigned) value;
		bits += 6;
		if (bits >= 8)
		{
			bits -= 8;
			out[(*out_length)++] = (unsigned char) (group >> bits);
			group &= (1u << bits) - 1;
		}
	}
	return group == 0;
}
