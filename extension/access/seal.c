/* Sealed bytes with the database's keys, and sealed addresses; see seal.h. */
#include "postgres.h"

#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "core/guc.h"
#include "access/seal.h"
#include "core/secret.h"
#include "core/spi.h"
#include "text/base64.h"
#include "wire/paths.h"

#define PURPOSE_URL "url"

static SpiQuery active_key = {
	"SELECT k.key_id, k.secret FROM citybigdata.sealing_key k WHERE k.state = 'active'", 0, {0}, NULL};
static SpiQuery opening_key = {
	"SELECT k.secret FROM citybigdata.sealing_key k WHERE k.key_id = $1 AND k.state <> 'revoked'",
	1,
	{INT4OID},
	NULL};
static SpiQuery next_key_id = {
	"SELECT pg_catalog.nextval('citybigdata.sealing_key_key_id_seq')::int4", 0, {0}, NULL};
static SpiQuery insert_key = {
	"INSERT INTO citybigdata.sealing_key (key_id, secret) OVERRIDING SYSTEM VALUE VALUES ($1, $2)"
	" ON CONFLICT (state) WHERE state = 'active' DO NOTHING",
	2,
	{INT4OID, BYTEAOID},
	NULL};
static SpiQuery count_from_zero = {
	"INSERT INTO citybigdata.sealed_use (seal_id, app_id, max_uses, expires_at) VALUES ($1, $2, $3, $4)",
	4,
	{UUIDOID, INT4OID, INT4OID, TIMESTAMPTZOID},
	NULL};

/* The one conditional UPDATE: of two concurrent last uses one gets the row. */
static SpiQuery count_use = {"UPDATE citybigdata.sealed_use SET uses = uses + 1 WHERE seal_id = $1 AND uses "
							 "< max_uses RETURNING max_uses - uses",
							 1,
							 {UUIDOID},
							 NULL};
static SpiQuery uses_left = {
	"SELECT max_uses - uses FROM citybigdata.sealed_use WHERE seal_id = $1 AND uses <= max_uses",
	1,
	{UUIDOID},
	NULL};

/* $1 what was sealed (our own writing, authenticated), $2 the client's address */
static SpiQuery read_contents = {"SELECT (p->>'a')::int4, p->>'r', (p->'p')::text, (p->>'e')::int8, p ? 'c',"
								 " coalesce($2 <<= (p->>'c')::cidr, false), (p->>'i')::uuid, (p->>'l')::int4"
								 " FROM (SELECT $1::jsonb) AS t(p)",
								 2,
								 {TEXTOID, INETOID},
								 NULL};

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
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("there is no sealing key"),
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

int64
UnixSeconds(TimestampTz at)
{
	return at / USECS_PER_SEC + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

/* Starts to count the uses of a new address; returns its number as text. */
static char *
StartCounting(int32 app_id, const SealOrder *order, int64 expires_at)
{
	pg_uuid_t *seal_id = palloc(sizeof(pg_uuid_t));
	Datum values[4];

	if (!pg_strong_random(seal_id->data, UUID_LEN))
		elog(ERROR, "no random bytes");
	values[0] = UUIDPGetDatum(seal_id);
	values[1] = Int32GetDatum(app_id);
	values[2] = Int32GetDatum(order->max_uses);
	values[3] = TimestampTzGetDatum(time_t_to_timestamptz((pg_time_t) expires_at));
	SpiBegin();
	SpiRun(&count_from_zero, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
	return DatumGetCString(DirectFunctionCall1(uuid_out, values[0]));
}

/* What is sealed: {"a":app_id,"e":end,"l":level,"r":resource,"c":cidr,"i":number of a counted
 * address,"p":params} */
char *
SealUrl(int32 app_id, const SealOrder *order)
{
	int64 expires_at = UnixSeconds(GetCurrentTimestamp()) + order->expires_in;
	StringInfoData contents;
	char *token;

	initStringInfo(&contents);
	appendStringInfo(&contents, "{\"a\":%d,\"e\":" INT64_FORMAT, app_id, expires_at);
	if (order->level > 0)
		appendStringInfo(&contents, ",\"l\":%d", order->level);
	JsonField(&contents, "r", order->resource);
	if (order->cidr != NULL)
		JsonField(&contents, "c", order->cidr);
	if (order->max_uses > 0)
		JsonField(&contents, "i", StartCounting(app_id, order, expires_at));
	appendStringInfo(&contents, ",\"p\":%s}", order->params);
	token = SealBytes(PURPOSE_URL, contents.data, contents.len);
	return psprintf("%s" SEALED_PATH "%s", guc_public_url, token);
}

/* Counts the use of a counted address, or looks how many are left; false: used up. */
static bool
CountUse(Datum seal_id, bool use, int *left)
{
	uint64 rows = use ? SpiRun(&count_use, &seal_id, NULL, SPI_OK_UPDATE_RETURNING, 0)
					  : SpiRun(&uses_left, &seal_id, NULL, SPI_OK_SELECT, 1);

	*left = rows == 1 ? SpiInt32(0, 1) : 0;
	return rows == 1;
}

/* Where the token of an address starts: behind the last /s/, or the whole text. */
static const char *
TokenStart(const char *text, size_t *length)
{
	for (size_t at = *length; at >= 3; at--)
		if (memcmp(text + at - 3, "/s/", 3) == 0)
		{
			*length -= at;
			return text + at;
		}
	return text;
}

CbdStatus
OpenUrl(const CallContext *context, const char *text, size_t length, bool use, Caller *caller, SealedUrl *url)
{
	const char *token = TokenStart(text, &length);
	char *contents = OpenBytes(PURPOSE_URL, token, length, &length);
	Datum values[2] = {(Datum) 0, context->client_addr};
	bool nulls[2] = {false, !context->has_client_addr};
	int32 app_id;
	bool bound;
	bool in_range;
	bool uncounted;
	Datum seal_id;
	int level;

	memset(caller, 0, sizeof(*caller));
	memset(url, 0, sizeof(*url));
	url->uses_left = -1;
	url->detail = "not sealed here, or tampered with";
	if (contents == NULL)
		return CBD_INVALID_CREDENTIALS;
	values[0] = PointerGetDatum(cstring_to_text_with_len(contents, (int) length));
	SpiBegin();
	SpiRun(&read_contents, values, nulls, SPI_OK_SELECT, 1);
	app_id = SpiInt32(0, 1);
	url->resource = SpiText(0, 2);
	url->params = SpiText(0, 3);
	url->expires_at = SpiInt64(0, 4);
	bound = SpiBool(0, 5);
	in_range = SpiBool(0, 6);
	seal_id = SpiDatum(0, 7, &uncounted);
	level = SpiInt32(0, 8);
	SpiEnd();
	/* the application first, so that the audit row names it */
	url->detail = "the application, its account or its grant is no longer valid";
	if (AuthoriseApplication(context, app_id, url->resource, caller) != CBD_OK)
		return CBD_INVALID_CREDENTIALS;
	if (level > 0)
		caller->level = Min(caller->level, caller->token_level = level);
	url->detail = "expired";
	if (url->expires_at <= UnixSeconds(GetCurrentTimestamp()))
		return CBD_INVALID_CREDENTIALS;
	url->detail = "opened from an address outside its range";
	if (bound && !in_range)
		return CBD_INVALID_CREDENTIALS;
	caller->to_address = bound; /* so are addresses of media in its reply */
	url->detail = "used up";
	if (!uncounted)
	{
		bool counted;

		SpiBegin();
		counted = CountUse(seal_id, use, &url->uses_left);
		SpiEnd();
		if (!counted)
			return CBD_INVALID_CREDENTIALS;
	}
	url->detail = NULL;
	return CBD_OK;
}
