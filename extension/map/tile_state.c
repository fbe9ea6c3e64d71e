/*
 * The state of a layer's data, and the entity tag of a tile.
 *
 * The tag is a digest of everything that decides the bytes, so whoever has bytes of this tag has the tile,
 * and no row of the layer is read to know it. What tells the state, the first that there is:
 *
 *   the tables of the boundaries       divisions
 *   the resource's version column      relations of up to 100,000 rows; asked for once a second per session
 *   a slice of citybigdata.tile_age    all others; it begins at another moment for each tile, so that not all
 *                                      tiles of a map are old at once
 *
 * tile_age = 0: no slice: the tag is of this moment, and no tile is taken again.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "common/hashfn.h"
#include "utils/acl.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"

#include "core/guc.h"
#include "core/digest.h"
#include "core/reply.h"
#include "map/tile.h"
#include "text/entity_tag.h"
#include "text/hex.h"

#define TAG_BYTES  16            /* of the digest */
#define STATE_SIZE 160           /* of a state's text: a number, a count, a digest */
#define STATE_AGE  USECS_PER_SEC /* of a state that is known to the session */

/* The state of a resource by its version column, as this session saw it last. */
typedef struct KnownState
{
	char code[RESOURCE_CODE_SIZE]; /* hash key */
	int version;
	TimestampTz seen;
	bool large; /* too many rows to be asked */
	char text[STATE_SIZE];
} KnownState;

static HTAB *states;

bool
IsShippedLayer(const Resource *resource, const char *view)
{
	return resource->publisher == get_role_oid("citybigdata_publisher", true) &&
		   strcmp(resource->source, psprintf("citybigdata.%s", view)) == 0;
}

/* What asks a resource for its state, and its answer. */
typedef struct StateWork
{
	DataQuery *query;
	char *state; /* NULL: too many rows */
} StateWork;

/* Work of RunAsPublisher() */
static void
AskState(void *argument)
{
	StateWork *work = argument;

	work->state = QueryState(work->query);
}

/* The state by the version column; NULL: there are too many rows. */
static const char *
VersionState(DataQuery *query)
{
	const Resource *resource = query->resource;
	KnownState *known;
	TimestampTz now = GetCurrentTimestamp();
	StateWork work = {query};
	bool found;

	if (states == NULL)
	{
		HASHCTL control = {.keysize = RESOURCE_CODE_SIZE, .entrysize = sizeof(KnownState)};

		states = hash_create("citybigdata layer states", 16, &control, HASH_ELEM | HASH_STRINGS);
	}
	known = hash_search(states, resource->code, HASH_FIND, NULL);
	if (known != NULL && known->version == resource->version && guc_tile_age > 0 && now >= known->seen &&
		now - known->seen < STATE_AGE)
		return known->large ? NULL : known->text;
	RunAsPublisher(query->resource, 0, AskState, &work);
	MemoryContextSwitchTo(query->context);
	/* entered when it is known: an error leaves none behind */
	known = hash_search(states, resource->code, HASH_ENTER, &found);
	known->version = resource->version;
	known->seen = now;
	known->large = work.state == NULL || strlen(work.state) >= STATE_SIZE;
	strlcpy(known->text, work.state == NULL ? "" : work.state, STATE_SIZE);
	return known->large ? NULL : known->text;
}

/* The number of the slice of time that this moment is in. */
static int64
TimeSlice(uint32 place)
{
	int64 age = guc_tile_age * USECS_PER_SEC;

	if (age == 0)
		return GetCurrentTimestamp();
	return (GetCurrentTimestamp() + hash_bytes_uint32(place) % age) / age;
}

char *
LayerState(DataQuery *query, uint32 place)
{
	const Resource *resource = query->resource;
	const char *state = NULL;

	if (IsShippedLayer(resource, "published_division"))
		return pstrdup(DivisionState());
	if (resource->version_field != NULL && !resource->is_function)
		state = VersionState(query);
	return state != NULL ? pstrdup(state) : psprintf("t%d/" INT64_FORMAT, guc_tile_age, TimeSlice(place));
}

void
TagTile(TileQuery *tile, const char *tags)
{
	DataQuery *query = tile->query;
	const TilePlace *place = &tile->place;
	uint32 number = hash_combine(hash_combine(place->x, place->y), (uint32) place->z);
	char *state = LayerState(query, number);
	StringInfoData parts;
	uint8 digest[DIGEST_SIZE];
	char hex[HEX_SIZE(TAG_BYTES)];

	MemoryContextSwitchTo(query->context);
	initStringInfo(&parts);
	appendStringInfo(&parts, "%s/%s/%d/%d/%s;%d/%u/%u/%d;%s;%zu:%s;", CBD_VERSION, query->resource->code,
					 query->resource->version, query->level, guc_time_zone, place->z, place->x, place->y,
					 tile->shifted, state, tile->reach == NULL ? 0 : strlen(tile->reach),
					 tile->reach == NULL ? "-" : tile->reach);
	appendBinaryStringInfo(&parts, query->whole.data, query->whole.len);
	Sha256(parts.data, parts.len, digest);
	HexText(digest, TAG_BYTES, hex);
	tile->tag = pstrdup(hex);
	tile->unchanged = tags != NULL && EntityTagListed(FrameText(tags), FrameText(hex));
}
