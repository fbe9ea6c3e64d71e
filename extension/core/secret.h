/*
 * Secrets that must be recovered (signing secrets, sealing keys, gateway passwords), encrypted under the
 * master key in the file citybigdata.key_file: a dump of the database alone opens nothing.
 *
 * The first key of the file encrypts, all of them decrypt: to change the key, put a new line above the old
 * one (key_file.h). Encrypted form: version (1 byte, 1), key id (4 bytes: the first
 * of the SHA-256 of the key), nonce (12 bytes), ciphertext, tag (16 bytes); AES-256-GCM with the purpose as
 * additional data.
 */
#ifndef CBD_SECRET_H
#define CBD_SECRET_H

#include "postgres.h"

/*
 * The encrypted form as a bytea datum. `purpose` binds it to its place ("signing-secret 11000000000001R"):
 * decrypting it for another one fails. Raises CBD_MASTER_KEY when the key file is missing, unsafe or
 * malformed.
 */
extern Datum EncryptSecret(const char *purpose, const void *plain, size_t length);

/*
 * The secret, palloc'd with a closing NUL; clear it after use (explicit_bzero, ForgetText). Raises
 * CBD_MASTER_KEY as above and when no key of the file fits, ERRCODE_DATA_CORRUPTED when the bytes were
 * changed.
 */
extern char *DecryptSecret(const char *purpose, Datum encrypted, size_t *length);

/* Bytes of a code: kind (1), key id (4), message authentication code (32). */
#define SECRET_CODE_SIZE 37

/*
 * A code over data[length]: HMAC-SHA-256 (with citybigdata.crypto_suite = sm: HMAC-SM3) under a key that is
 * made of the newest master key for this purpose; without a key file the plain digest, so that it tells of
 * accidents only. Raises CBD_MASTER_KEY when there is a key file that is unsafe or malformed.
 */
extern void SecretCode(const char *purpose, const void *data, size_t length, uint8 *code);

/* Is the code that of the data, by any key of the file? A plain digest is, only while there is no file.
 * Raises as above. */
extern bool SecretCodeFits(const char *purpose, const void *data, size_t length, const uint8 *code);

#endif
