/* First replies by Idempotency-Key; see idempotency.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"

#include "core/own_lock.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "event/idempotency.h"
#include "text/utf8.h"

void
IdempotencyCheck(const IdempotencyKey *key, ErrorList *errors)
{
	if (key->key != NULL && (key->key[0] == '\0' ||
							 (int) Utf8Characters(key->key, strlen(key->key)) > IDEMPOTENCY_KEY_CHARACTERS))
		ErrorPrint(errors, false, "/Idempotency-Key", CBD_INVALID_HEADER,
				   "Idempotency-Key has 1 to %d{limit} characters", IDEMPOTENCY_KEY_CHARACTERS);
}

/* Two requests with one key wait for each other. */
static void
LockKey(const IdempotencyKey *key)
{
	uint64 whose = hash_bytes_extended((const unsigned char *) &key->account_id, sizeof(key->account_id),
									   0x6B65790000000000 + (uint64) key->app_id);

	OwnLock((int64) hash_bytes_extended((const unsigned char *) key->key, (int) strlen(key->key), whose));
}

CbdStatus
IdempotencyFind(const IdempotencyKey *key, char **data, ErrorList *errors)
{
	static SpiQuery query = {
		"SELECT data, body_digest OPERATOR(pg_catalog.=) $4 FROM citybigdata.event_idempotency "
		"WHERE app_id OPERATOR(pg_catalog.=) $1 AND account_id OPERATOR(pg_catalog.=) $2 AND key "
		"OPERATOR(pg_catalog.=) $3",
		4,
		{INT4OID, INT8OID, TEXTOID, BYTEAOID},
		NULL,
		true};
	Datum values[4] = {Int32GetDatum(key->app_id), Int64GetDatum(key->account_id),
					   CStringGetTextDatum(key->key), key->digest};
	bool same = false;

	*data = NULL;
	LockKey(key);
	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
	{
		*data = SpiText(0, 1);
		same = SpiBool(0, 2);
	}
	SpiEnd();
	if (*data == NULL || same)
		return CBD_OK;
	*data = NULL;
	ErrorPrint(errors, false, "/Idempotency-Key", CBD_IDEMPOTENCY_MISMATCH,
			   "the key \"%s{key}\" was used with another body", ShortText(key->key, strlen(key->key)));
	return CBD_IDEMPOTENCY_MISMATCH;
}

void
IdempotencyRemember(const IdempotencyKey *key, const char *data)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event_idempotency (app_id, account_id, key, body_digest, data) "
		"VALUES ($1, $2, $3, $4, $5)",
		5,
		{INT4OID, INT8OID, TEXTOID, BYTEAOID, TEXTOID}};
	Datum values[5] = {Int32GetDatum(key->app_id), Int64GetDatum(key->account_id),
					   CStringGetTextDatum(key->key), key->digest, CStringGetTextDatum(data)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}
