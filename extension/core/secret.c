/*
 * Secrets under the master key; see secret.h. Keys are overwritten in memory after use.
 */
#include "postgres.h"
#include "core/varlena.h"

#include <openssl/evp.h>

#include "fmgr.h"

#include "core/digest.h"
#include "core/guc.h"
#include "core/key_file.h"
#include "core/say.h"
#include "core/secret.h"
#include "core/status.h"
#include "text/crypto.h"

/* Bytes. */
#define NONCE_SIZE  12
#define TAG_SIZE    16
#define HEADER_SIZE (1 + KEY_ID_SIZE + NONCE_SIZE)

/* One AES-256-GCM operation; in and out have `length` bytes. False: the tag does not fit, or OpenSSL failed.
 */
static bool
Gcm(bool encrypt, const uint8 *key, const uint8 *nonce, const char *purpose, const uint8 *in, size_t length,
	uint8 *out, uint8 *tag)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;
	bool good;

	good = ctx != NULL && EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce, encrypt) == 1 &&
		   EVP_CipherUpdate(ctx, NULL, &n, (const uint8 *) purpose, strlen(purpose)) == 1 &&
		   EVP_CipherUpdate(ctx, out, &n, in, length) == 1 &&
		   (encrypt || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1) &&
		   EVP_CipherFinal_ex(ctx, out + length, &n) == 1 &&
		   (!encrypt || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, tag) == 1);
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

Datum
EncryptSecret(const char *purpose, const void *plain, size_t length)
{
	MasterKeys keys;
	bytea *result = palloc(VARHDRSZ + HEADER_SIZE + length + TAG_SIZE);
	uint8 *bytes = (uint8 *) VARDATA(result);
	bool good;

	ReadMasterKeys(&keys);
	SET_VARSIZE(result, VARHDRSZ + HEADER_SIZE + length + TAG_SIZE);
	bytes[0] = 1;
	KeyId(keys.key[0], bytes + 1);
	good = pg_strong_random(bytes + 1 + KEY_ID_SIZE, NONCE_SIZE) &&
		   Gcm(true, keys.key[0], bytes + 1 + KEY_ID_SIZE, purpose, plain, length, bytes + HEADER_SIZE,
			   bytes + HEADER_SIZE + length);
	explicit_bzero(&keys, sizeof(keys));
	if (!good)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), saymsg("a secret could not be encrypted")));
	return PointerGetDatum(result);
}

/* Tries each key of the file whose id fits; *known: there was one. */
static bool
TryKeys(const char *purpose, const uint8 *bytes, size_t length, uint8 *plain, bool *known)
{
	MasterKeys keys;
	uint8 id[KEY_ID_SIZE];
	uint8 tag[TAG_SIZE];
	bool good = false;

	ReadMasterKeys(&keys);
	memcpy(tag, bytes + HEADER_SIZE + length, TAG_SIZE);
	*known = false;
	for (int i = 0; i < keys.count && !good; i++)
	{
		KeyId(keys.key[i], id);
		if (memcmp(id, bytes + 1, KEY_ID_SIZE) != 0)
			continue;
		*known = true;
		good = Gcm(false, keys.key[i], bytes + 1 + KEY_ID_SIZE, purpose, bytes + HEADER_SIZE, length, plain,
				   tag);
	}
	explicit_bzero(&keys, sizeof(keys));
	return good;
}

char *
DecryptSecret(const char *purpose, Datum encrypted, size_t *length)
{
	bytea *value = DatumGetByteaPP(encrypted);
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(value);
	size_t size = VARSIZE_ANY_EXHDR(value);
	size_t plain_length;
	uint8 *plain;
	bool known;

	if (size < HEADER_SIZE + TAG_SIZE || bytes[0] != 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), saymsg("an encrypted secret is malformed")));
	plain_length = size - HEADER_SIZE - TAG_SIZE;
	plain = palloc(plain_length + 1);
	if (!TryKeys(purpose, bytes, plain_length, plain, &known))
	{
		explicit_bzero(plain, plain_length);
		ereport(ERROR, (errcode(known ? ERRCODE_DATA_CORRUPTED : StatusSqlstate(CBD_MASTER_KEY)),
						saymsg("a secret cannot be decrypted"),
						errdetail_log(known ? "The value was changed, or belongs elsewhere."
											: "No key of citybigdata.key_file fits."),
						sayhint("Put back the key file that the secret was encrypted with.")));
	}
	plain[plain_length] = '\0';
	*length = plain_length;
	return (char *) plain;
}

/* First byte of a code. */
#define CODE_SM3   1
#define CODE_KEYED 2

/* The code of that form, under `key` unless NULL; the key id is written before. */
static void
FillCode(uint8 form, const uint8 *key, const char *purpose, const void *data, size_t length, uint8 *code)
{
	DigestKind kind = form & CODE_SM3 ? DIGEST_SM3 : DIGEST_SHA256;
	uint8 derived[DIGEST_SIZE];
	bool good;

	code[0] = form;
	if (key == NULL)
	{
		memset(code + 1, 0, KEY_ID_SIZE);
		good = DigestBytes(kind, data, length, code + 1 + KEY_ID_SIZE);
	}
	else
	{
		KeyId(key, code + 1);
		good = HmacBytes(kind, key, KEY_SIZE, purpose, strlen(purpose), derived) &&
			   HmacBytes(kind, derived, sizeof(derived), data, length, code + 1 + KEY_ID_SIZE);
		explicit_bzero(derived, sizeof(derived));
	}
	if (!good)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), saymsg("the code of a row failed")));
}

void
SecretCode(const char *purpose, const void *data, size_t length, uint8 *code)
{
	uint8 form = guc_crypto_suite == CRYPTO_SM ? CODE_SM3 : 0;
	MasterKeys keys;

	if (!HasKeyFile())
	{
		FillCode(form, NULL, purpose, data, length, code);
		return;
	}
	ReadMasterKeys(&keys);
	FillCode(form | CODE_KEYED, keys.key[0], purpose, data, length, code);
	explicit_bzero(&keys, sizeof(keys));
}

bool
SecretCodeFits(const char *purpose, const void *data, size_t length, const uint8 *code)
{
	uint8 expected[SECRET_CODE_SIZE];
	uint8 form = code[0];
	MasterKeys keys;
	bool fits = false;

	if (form & ~(CODE_SM3 | CODE_KEYED))
		return false;
	if (!HasKeyFile())
	{
		FillCode(form & CODE_SM3, NULL, purpose, data, length, expected);
		return EqualBytes(expected, code, SECRET_CODE_SIZE);
	}
	if (!(form & CODE_KEYED))
		return false;
	ReadMasterKeys(&keys);
	for (int i = 0; i < keys.count && !fits; i++)
	{
		FillCode(form, keys.key[i], purpose, data, length, expected);
		fits = EqualBytes(expected, code, SECRET_CODE_SIZE);
	}
	explicit_bzero(&keys, sizeof(keys));
	return fits;
}
