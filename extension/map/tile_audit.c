/*
 * The audit of tiles: a map asks for dozens at a time, so the first tile of a token, a layer and a minute is
 * recorded, and the others are not. Refusals are all written (access/endpoint.h).
 *
 * A session remembers what was recorded; when it does not know, table map_seen does, for all sessions. On a
 * server that only reads, each session records its own first one.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"

#include "core/digest.h"
#include "core/spi.h"
#include "map/tile.h"

#define SEEN_LIMIT 4096 /* pairs that a session remembers */

/* A token and a layer, and the minute that is recorded. */
typedef struct Seen
{
	uint8 key[DIGEST_SIZE]; /* hash key */
	int64 minute;
} Seen;

static HTAB *seen;

/* $1 key, $2 minute: a row, when nobody was before. */
static SpiQuery note = {
	"INSERT INTO citybigdata.map_seen AS s (key, minute) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET "
	"minute = excluded.minute WHERE s.minute OPERATOR(pg_catalog.<) excluded.minute",
	2,
	{BYTEAOID, INT8OID},
	.lazy = true};

/* A digest of who asks for what. */
static void
SeenKey(const Call *call, uint8 key[DIGEST_SIZE])
{
	const Caller *caller = &call->caller;
	StringInfoData parts;

	initStringInfo(&parts);
	appendStringInfo(&parts, "%d/" INT64_FORMAT "/%s/", caller->app_id, caller->account_id,
					 call->object == NULL ? "" : call->object);
	if (caller->origin.by_token)
		appendBinaryStringInfo(&parts, (const char *) caller->origin.token_digest,
							   sizeof(caller->origin.token_digest));
	Sha256(parts.data, parts.len, key);
	pfree(parts.data);
}

/* Is it the first one of this minute? */
static bool
FirstOfMinute(const Call *call)
{
	int64 minute = GetCurrentTimestamp() / USECS_PER_MINUTE;
	uint8 key[DIGEST_SIZE];
	Datum values[2];
	Seen *entry;
	bool found, first;

	if (seen == NULL || hash_get_num_entries(seen) >= SEEN_LIMIT)
	{
		HASHCTL control = {.keysize = DIGEST_SIZE, .entrysize = sizeof(Seen)};

		if (seen != NULL)
			hash_destroy(seen);
		seen = hash_create("citybigdata tiles seen", 64, &control, HASH_ELEM | HASH_BLOBS);
	}
	SeenKey(call, key);
	entry = hash_search(seen, key, HASH_FIND, NULL);
	if (entry != NULL && entry->minute == minute)
		return false;
	first = true;
	if (!RecoveryInProgress())
	{
		SpiBegin();
		values[0] = DigestDatum(key);
		values[1] = Int64GetDatum(minute);
		first = SpiRun(&note, values, NULL, SPI_OK_INSERT, 0) > 0;
		SpiEnd();
	}
	/* remembered when it is stored: an error leaves none behind */
	entry = hash_search(seen, key, HASH_ENTER, &found);
	entry->minute = minute;
	return first;
}

Datum
AnswerTile(Call *call)
{
	return FirstOfMinute(call) ? AnswerRead(call, NULL) : AnswerUnaudited(call, NULL);
}
