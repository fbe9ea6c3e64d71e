/*
 * Authenticated encryption of sealed bytes by OpenSSL; see seal_crypto.h. AES-256-GCM, or SM4 in counter mode
 * with HMAC-SM3, encrypt-then-MAC, for platforms that must use the national algorithms.
 */
#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "text/crypto.h"
#include "access/seal_crypto.h"

/* Layout: version, suite, key number (4), then nonce, ciphertext and tag of the suite. Sizes in bytes. */
#define VERSION     1
#define HEADER_SIZE 6
#define GCM_NONCE   12
#define GCM_TAG     16
#define SM4_NONCE   16
#define SM3_TAG     32

/* Bytes of the nonce of a suite. */
static size_t
nonce_size(SealSuite suite)
{
	return suite == SEAL_AES256_GCM ? GCM_NONCE : SM4_NONCE;
}

/* Bytes of the authentication tag of a suite. */
static size_t
tag_size(SealSuite suite)
{
	return suite == SEAL_AES256_GCM ? GCM_TAG : SM3_TAG;
}

/* A key for one use out of the sealing key. */
static bool
derive(DigestKind kind, const unsigned char *key, const char *label, unsigned char *out)
{
	return HmacBytes(kind, key, SEAL_KEY_SIZE, label, strlen(label), out);
}

/* AES-256-GCM in either direction; the associated data are the purpose, a NUL and the header. */
static bool
gcm(bool seal, const unsigned char *key, const char *purpose, const unsigned char *header,
	const unsigned char *nonce, const unsigned char *in, size_t length, unsigned char *out,
	unsigned char *tag)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char derived[DIGEST_MAX];
	int n;
	bool ok;

	ok = ctx != NULL && derive(DIGEST_SHA256, key, "citybigdata seal AES-256-GCM", derived) &&
		 EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, derived, nonce, seal) == 1 &&
		 EVP_CipherUpdate(ctx, NULL, &n, (const unsigned char *) purpose, (int) strlen(purpose) + 1) == 1 &&
		 EVP_CipherUpdate(ctx, NULL, &n, header, HEADER_SIZE) == 1 &&
		 (length == 0 || EVP_CipherUpdate(ctx, out, &n, in, (int) length) == 1) &&
		 (seal || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, GCM_TAG, tag) == 1) &&
		 EVP_CipherFinal_ex(ctx, out + length, &n) == 1 &&
		 (!seal || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, GCM_TAG, tag) == 1);
	EVP_CIPHER_CTX_free(ctx);
	explicit_bzero(derived, sizeof(derived));
	return ok;
}

/* SM4 in counter mode; the same call encrypts and decrypts. */
static bool
sm4_ctr(const unsigned char *key, const unsigned char *nonce, const unsigned char *in, size_t length,
		unsigned char *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char derived[DIGEST_MAX];
	int n;
	bool ok;

	ok = ctx != NULL && derive(DIGEST_SM3, key, "citybigdata seal SM4-CTR", derived) &&
		 EVP_EncryptInit_ex(ctx, EVP_sm4_ctr(), NULL, derived, nonce) == 1 &&
		 (length == 0 || EVP_EncryptUpdate(ctx, out, &n, in, (int) length) == 1);
	EVP_CIPHER_CTX_free(ctx);
	explicit_bzero(derived, sizeof(derived));
	return ok;
}

/* HMAC-SM3 over sealed[length] (header, nonce, ciphertext) with a key of the purpose. */
static bool
sm3_tag(const unsigned char *key, const char *purpose, const unsigned char *sealed, size_t length,
		unsigned char *tag)
{
	unsigned char derived[DIGEST_MAX];
	unsigned char inner[DIGEST_MAX];
	bool ok;

	/* the purpose goes into the key, so that one pass over the text is enough */
	ok = derive(DIGEST_SM3, key, "citybigdata seal HMAC-SM3", inner) &&
		 HmacBytes(DIGEST_SM3, inner, sizeof(inner), purpose, strlen(purpose), derived) &&
		 HmacBytes(DIGEST_SM3, derived, sizeof(derived), sealed, length, tag);
	explicit_bzero(derived, sizeof(derived));
	explicit_bzero(inner, sizeof(inner));
	return ok;
}

bool
SealPlain(SealSuite suite, uint32_t key_id, const unsigned char *key, const char *purpose,
		  const unsigned char *plain, size_t length, unsigned char *out, size_t *out_length)
{
	unsigned char *nonce = out + HEADER_SIZE;
	unsigned char *text = nonce + nonce_size(suite);

	*out_length = 0;
	if (length > INT_MAX - SEAL_OVERHEAD_MAX)
		return false;
	out[0] = VERSION;
	out[1] = (unsigned char) suite;
	for (int i = 0; i < 4; i++)
		out[2 + i] = (unsigned char) (key_id >> (24 - 8 * i));
	if (RAND_bytes(nonce, (int) nonce_size(suite)) != 1)
		return false;
	if (suite == SEAL_AES256_GCM)
	{
		if (!gcm(true, key, purpose, out, nonce, plain, length, text, text + length))
			return false;
	}
	else if (!sm4_ctr(key, nonce, plain, length, text) ||
			 !sm3_tag(key, purpose, out, (size_t) (text - out) + length, text + length))
		return false;
	*out_length = (size_t) (text - out) + length + tag_size(suite);
	return true;
}

bool
SealHeader(const unsigned char *sealed, size_t length, SealSuite *suite, uint32_t *key_id)
{
	if (length < HEADER_SIZE || length > INT_MAX || sealed[0] != VERSION ||
		(sealed[1] != SEAL_AES256_GCM && sealed[1] != SEAL_SM4_HMAC_SM3))
		return false;
	*suite = (SealSuite) sealed[1];
	*key_id = 0;
	for (int i = 0; i < 4; i++)
		*key_id = *key_id << 8 | sealed[2 + i];
	return length >= HEADER_SIZE + nonce_size(*suite) + tag_size(*suite);
}

bool
SealOpen(const unsigned char *key, const char *purpose, const unsigned char *sealed, size_t length,
		 unsigned char *out, size_t *out_length)
{
	SealSuite suite;
	uint32_t key_id;
	const unsigned char *nonce = sealed + HEADER_SIZE;
	const unsigned char *text;
	unsigned char tag[SM3_TAG];

	*out_length = 0;
	if (!SealHeader(sealed, length, &suite, &key_id))
		return false;
	text = nonce + nonce_size(suite);
	length -= HEADER_SIZE + nonce_size(suite) + tag_size(suite);
	if (suite == SEAL_AES256_GCM)
	{
		memcpy(tag, text + length, GCM_TAG);
		if (!gcm(false, key, purpose, sealed, nonce, text, length, out, tag))
			return false;
	}
	else if (!sm3_tag(key, purpose, sealed, (size_t) (text - sealed) + length, tag) ||
			 !EqualBytes(tag, text + length, SM3_TAG) || !sm4_ctr(key, nonce, text, length, out))
		return false;
	*out_length = length;
	return true;
}
