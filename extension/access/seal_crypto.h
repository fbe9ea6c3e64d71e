/*
 * Sealed bytes: authenticated encryption with one key of 32 bytes. Plain C: no palloc, no ereport, no
 * PostgreSQL header.
 *
 *   version (1) | suite (1) | key id (4, big-endian) | nonce | ciphertext | tag
 *
 * suite 1: AES-256-GCM, nonce 12, tag 16 bytes.
 * suite 2: SM4-CTR (GB/T 32907), nonce 16, then HMAC-SM3 (GB/T 32905) over all before it, tag 32 bytes:
 * encrypt, then authenticate. Each suite derives keys of its own from the sealing key. The tag covers the
 * header and the purpose ("url", "media" …) besides the ciphertext: what was sealed for one purpose opens for
 * no other.
 */
#ifndef CBD_SEAL_CRYPTO_H
#define CBD_SEAL_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes: of a key; of what a seal adds to its content at most (header, nonce, tag). */
#define SEAL_KEY_SIZE     32
#define SEAL_OVERHEAD_MAX (6 + 16 + 32)

/* Suites by their number in the sealed text: numbers stay as they are. */
typedef enum SealSuite
{
	SEAL_AES256_GCM = 1,
	SEAL_SM4_HMAC_SM3 = 2
} SealSuite;

/* Seals plain[length] into out[length + SEAL_OVERHEAD_MAX] with a fresh random nonce. False: the library
 * failed. */
extern bool SealPlain(SealSuite suite, uint32_t key_id, const unsigned char *key, const char *purpose,
					  const unsigned char *plain, size_t length, unsigned char *out, size_t *out_length);

/* Suite and key of sealed bytes, not yet to be trusted. False: not sealed bytes. */
extern bool SealHeader(const unsigned char *sealed, size_t length, SealSuite *suite, uint32_t *key_id);

/* Opens sealed bytes into out[length]. False: tampered with, another key or another purpose. */
extern bool SealOpen(const unsigned char *key, const char *purpose, const unsigned char *sealed,
					 size_t length, unsigned char *out, size_t *out_length);

#endif
