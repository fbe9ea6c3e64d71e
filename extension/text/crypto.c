/* Digests and message authentication codes; see crypto.h. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "text/crypto.h"

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
DigestAvailable(DigestKind kind)
{
	return digest_of(kind) != NULL;
}

bool
DigestBytes(DigestKind kind, const void *data, size_t length, unsigned char *out)
{
	unsigned int size = 0;

	return EVP_Digest(data, length, out, &size, digest_of(kind), NULL) == 1 && size == DigestSize(kind);
}

DigestState *
DigestBegin(DigestKind kind)
{
	DigestState *state = EVP_MD_CTX_new();

	if (state != NULL && EVP_DigestInit_ex(state, digest_of(kind), NULL) == 1)
		return state;
	EVP_MD_CTX_free(state);
	return NULL;
}

bool
DigestAdd(DigestState *state, const void *data, size_t length)
{
	return EVP_DigestUpdate(state, data, length) == 1;
}

bool
DigestEnd(DigestState *state, unsigned char *out)
{
	bool good = EVP_DigestFinal_ex(state, out, NULL) == 1;

	EVP_MD_CTX_free(state);
	return good;
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
