/*
 * Sealed bytes with the database's keys; see seal.h.
 *
 * One key is active and seals; retired ones still open, revoked ones do not. Keys are kept encrypted under
 * the master key (core/secret.h) and overwritten in memory after use.
 */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "access/seal.h"
#include "core/say.h"
#include "core/secret.h"
#include "core/spi.h"
#include "text/base64.h"

/* The key that seals. */
static SpiQuery active_key = {
	"SELECT k.key_id, k.secret FROM citybigdata.sealing_key k WHERE k.state = 'active'", 0, {0}, NULL};
/* $1 key: for opening; no row: unknown or revoked. */
static SpiQuery opening_key = {
	"SELECT k.secret FROM citybigdata.sealing_key k WHERE k.key_id = $1 AND k.state <> 'revoked'",
	1,
	{INT4OID},
	NULL};
/* The number of a new key. */
static SpiQuery next_key_id = {
	"SELECT pg_catalog.nextval('citybigdata.sealing_key_key_id_seq')::int4", 0, {0}, NULL};
/* $1 number, $2 encrypted key; no row inserted: another session has made one. */
static SpiQuery insert_key = {
	"INSERT INTO citybigdata.sealing_key (key_id, secret) OVERRIDING SYSTEM VALUE VALUES ($1, $2)"
	" ON CONFLICT (state) WHERE state = 'active' DO NOTHING",
	2,
	{INT4OID, BYTEAOID},
	NULL};
/* What ties an encrypted sealing key to its number, so that rows cannot be swapped. */
static char *
KeyPurpose(int32 key_id)
{
	return psprintf("sealing-key %d", key_id);
}

/* Another session may make one at the same time: then this one is not kept. */
int32
MakeSealingKey(void)
{
	unsigned char key[SEAL_KEY_SIZE];
	Datum values[2];
	int32 key_id;

	if (!pg_strong_random(key, sizeof(key)))
		elog(ERROR, "no random bytes");
	SpiRun(&next_key_id, NULL, NULL, SPI_OK_SELECT, 1);
	key_id = SpiInt32(0, 1);
	values[0] = Int32GetDatum(key_id);
	values[1] = EncryptSecret(KeyPurpose(key_id), key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	SpiRun(&insert_key, values, NULL, SPI_OK_INSERT, 0);
	return key_id;
}

/* The key that seals; SPI is connected. */
static unsigned char *
ActiveKey(int32 *key_id)
{
	size_t length;
	bool isnull;
	unsigned char *key;

	if (SpiRun(&active_key, NULL, NULL, SPI_OK_SELECT, 1) == 0)
	{
		(void) MakeSealingKey();
		if (SpiRun(&active_key, NULL, NULL, SPI_OK_SELECT, 1) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), saymsg("there is no sealing key"),
					 errhint("SELECT citybigdata.rotate_sealing_key();")));
	}
	*key_id = SpiInt32(0, 1);
	key = (unsigned char *) DecryptSecret(KeyPurpose(*key_id), SpiDatum(0, 2, &isnull), &length);
	if (length != SEAL_KEY_SIZE)
		elog(ERROR, "sealing key %d has %d bytes", *key_id, (int) length);
	return key;
}

void
SealerOpen(Sealer *sealer)
{
	unsigned char *key;

	sealer->suite = guc_crypto_suite == CRYPTO_SM ? SEAL_SM4_HMAC_SM3 : SEAL_AES256_GCM;
	SpiBegin();
	key = ActiveKey(&sealer->key_id);
	memcpy(sealer->key, key, SEAL_KEY_SIZE);
	explicit_bzero(key, SEAL_KEY_SIZE);
	SpiEnd();
}

void
SealerClose(Sealer *sealer)
{
	explicit_bzero(sealer->key, SEAL_KEY_SIZE);
}

char *
SealerSeal(const Sealer *sealer, const char *purpose, const void *plain, size_t length)
{
	unsigned char *sealed = palloc(length + SEAL_OVERHEAD_MAX);
	size_t sealed_length;
	char *token;

	if (!SealPlain(sealer->suite, (uint32) sealer->key_id, sealer->key, purpose, plain, length, sealed,
				   &sealed_length))
		elog(ERROR, "sealing failed");
	token = palloc(BASE64_SIZE(sealed_length));
	(void) Base64Text(sealed, sealed_length, BASE64_URL, token);
	pfree(sealed);
	return token;
}

char *
SealBytes(const char *purpose, const void *plain, size_t length)
{
	Sealer sealer;
	char *token;

	SealerOpen(&sealer);
	token = SealerSeal(&sealer, purpose, plain, length);
	SealerClose(&sealer);
	return token;
}

char *
OpenBytes(const char *purpose, const char *token, size_t token_length, size_t *length)
{
	unsigned char *sealed;
	unsigned char *plain;
	ptrdiff_t sealed_length;
	SealSuite suite;
	uint32 key_id;
	Datum value;
	bool opened = false;

	if (token_length > SEALED_TOKEN_MAX)
		return NULL;
	sealed = palloc(BASE64_BYTES(token_length) + 1);
	plain = palloc(BASE64_BYTES(token_length) + 1);
	sealed_length = Base64Bytes(token, token_length, BASE64_URL, sealed, NULL);
	if (sealed_length < 0 || !SealHeader(sealed, sealed_length, &suite, &key_id) || key_id > PG_INT32_MAX)
		return NULL;
	value = Int32GetDatum((int32) key_id);
	SpiBegin();
	if (SpiRun(&opening_key, &value, NULL, SPI_OK_SELECT, 1) == 1)
	{
		size_t key_length;
		bool isnull;
		char *key = DecryptSecret(KeyPurpose((int32) key_id), SpiDatum(0, 1, &isnull), &key_length);

		opened = key_length == SEAL_KEY_SIZE &&
				 SealOpen((unsigned char *) key, purpose, sealed, sealed_length, plain, length);
		explicit_bzero(key, key_length);
	}
	SpiEnd();
	if (!opened)
		return NULL;
	plain[*length] = '\0';
	return (char *) plain;
}
