/*
 * Claiming: leases messages that may be sent now, destination by destination, and has their purposes make the
 * requests of them. See outbox.h.
 *
 *   destinations that rest          their purposes may take away what waits there: rests()
 *   destinations that are open      one after the other, each time another one first
 *     room                          so that slow ones leave slots to others (RoomOf())
 *     waiting ones that are due     by their time
 *     those that never failed       by their number, behind the floor; leased and read in one statement
 *   prepare() of the purpose        in a subtransaction: what cannot be made holds up nothing else
 *
 * The floor. While any old snapshot is kept (a dump, a long report), rows that are gone stay in the table and
 * in its index, in front of those that wait; going over them at each look makes a queue slower the longer it
 * runs. So a session remembers for each destination below which number it has found nothing but gone rows,
 * and begins there. A transaction that commits later than others may put a row below it: it is found by a
 * look from the beginning, which is made each second, or more seldom when it takes long.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/guarded.h"
#include "core/json_write.h"
#include "core/say.h"
#include "core/spi.h"
#include "outbox/outbox_inner.h"

#define FLOOR_STEP   (100 * INT64CONST(1000))  /* us until a floor counts */
#define WHOLE_PERIOD (INT64CONST(1000) * 1000) /* us between two looks from the beginning, at least */
#define WHOLE_SHARE  50                        /* and so many times as long as one takes */
#define FREE_SHARE   4 /* of the free slots one part in so many is for one destination */
#define CLAIM_MAX    500

/* What a session remembers of a destination. */
typedef struct Floor
{
	int64 destination_id; /* the key */
	int64 floor;          /* below and at it there is nothing, but for who came late */
	int64 next;           /* becomes the floor at next_at */
	TimestampTz next_at;
	TimestampTz whole_at; /* when to look from the beginning */
	int64 highest;        /* number that was claimed */
	TimestampTz rests_at; /* when its purpose may be told again that it rests */
} Floor;

/* A destination that is open, or rests. */
typedef struct Destination
{
	int64 id;
	char *purpose;
	char *key;
	int32 rate;  /* messages a minute; 0: any */
	bool probed; /* after failures: one at a time */
	bool rests;  /* its breaker is open: it gets none now */
} Destination;

/* A claim under way. */
typedef struct Claim
{
	const OutboxEngine *engine;
	TimestampTz now;
	int free;
	int64 token;
	OutboxLease *leases;
	int count;
	bool more; /* a destination got only its part of the free slots */
} Claim;

static HTAB *floors;

/* What is remembered of the destination, made at the first look. */
static Floor *
FloorOf(int64 destination_id)
{
	Floor *floor;
	bool found;

	if (floors == NULL)
	{
		HASHCTL control = {.keysize = sizeof(int64), .entrysize = sizeof(Floor), .hcxt = TopMemoryContext};

		floors = hash_create("outbox floors", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	floor = hash_search(floors, &destination_id, HASH_ENTER, &found);
	if (!found)
		*floor = (Floor){.destination_id = destination_id};
	return floor;
}

/* The destinations that are open now, and those that rest. */
static Destination *
ActiveDestinations(TimestampTz now, int *count)
{
	static SpiQuery query = {
		"SELECT destination_id, purpose, key, rate_per_minute, failures, not_before OPERATOR(pg_catalog.>) $1"
		" FROM citybigdata.outbox_destination WHERE state OPERATOR(pg_catalog.=) 'active'"
		" AND (not_before OPERATOR(pg_catalog.<=) $1 OR failures OPERATOR(pg_catalog.>=) $2)"
		" ORDER BY destination_id",
		2,
		{TIMESTAMPTZOID, INT4OID},
		NULL};
	Datum values[] = {TimestampTzGetDatum(now), Int32GetDatum(BREAKER_FAILURES)};
	Destination *found;

	SpiBegin();
	*count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	found = SPI_palloc(sizeof(Destination) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
		found[i] = (Destination){
			SpiInt64(i, 1), SpiText(i, 2), SpiText(i, 3), SpiInt32(i, 4), SpiInt32(i, 5) >= BREAKER_FAILURES,
			SpiBool(i, 6)};
	SpiEnd();
	return found;
}

/* Messages that the destination may get now; *parts: it would get more if there were more free slots. Only a
 * part of these is for one destination: of all that it has, so that however many are slow, there is a slot
 * for the next one; or, where the engine knows it to be quick, of what it gets now. */
static int
RoomOf(const Claim *claim, const Destination *destination, bool *parts)
{
	const OutboxEngine *engine = claim->engine;
	int limit = engine->per_destination;
	int part = Max(1, claim->free / FREE_SHARE);
	int busy = 0;
	int room;

	for (int i = 0; i < engine->busy_count; i++)
		if (engine->busy[i] == destination->id)
		{
			busy = engine->busy_messages[i];
			limit = engine->limits[i];
		}
	if (destination->probed || destination->rate > 0)
		limit = 1;
	room = limit > engine->per_destination ? Min(limit - busy, part) : Min(limit, part) - busy;
	*parts = limit - busy > room;
	return Min(Max(room, 0), Min(claim->free, CLAIM_MAX - claim->count));
}

/* clang-format off */
/* not under a lease of somebody who is alive, and nothing of the same order in front */
#define MAY_BE_SENT \
	" AND (q.lease_until IS NULL OR q.lease_until OPERATOR(pg_catalog.<) $3)" \
	" AND (SELECT e.message_id FROM citybigdata.outbox_queue e" \
	"  WHERE e.destination_id OPERATOR(pg_catalog.=) q.destination_id" \
	"  AND e.order_key OPERATOR(pg_catalog.=) q.order_key" \
	"  AND e.message_id OPERATOR(pg_catalog.<) q.message_id LIMIT 1) IS NULL"

/* Leases them, found again at their places, which the lock keeps, and reads their messages. A lease that ran out
 * was an attempt of which nobody knows the end. $5 until, $6 token */
#define LEASE(condition, order) \
	"WITH c AS MATERIALIZED (SELECT q.ctid AS place, q.message_id FROM citybigdata.outbox_queue q" \
	"  WHERE q.destination_id OPERATOR(pg_catalog.=) $1" condition MAY_BE_SENT \
	"  ORDER BY " order " LIMIT $4 FOR UPDATE OF q SKIP LOCKED)" \
	" UPDATE citybigdata.outbox_queue w SET attempts = CASE WHEN w.lease_token IS NULL THEN w.attempts" \
	" ELSE w.attempts OPERATOR(pg_catalog.+) 1 END, lease_until = $5, lease_token = $6" \
	" FROM c LEFT JOIN citybigdata.outbox_message m ON m.message_id OPERATOR(pg_catalog.=) c.message_id" \
	" WHERE w.ctid OPERATOR(pg_catalog.=) c.place" \
	" RETURNING w.message_id, w.attempts, m.kind, m.subject, m.payload"

/* The messages that never failed, above number $2. */
static SpiQuery fresh = {
	LEASE(" AND q.message_id OPERATOR(pg_catalog.>) $2 AND q.due_at IS NULL", "q.message_id"),
	6, {INT8OID, INT8OID, TIMESTAMPTZOID, INT8OID, TIMESTAMPTZOID, INT8OID}, NULL, true, true, true, .generic = true};

/* Those that failed, and are due; $2 is not used. */
static SpiQuery due = {
	LEASE(" AND $2 OPERATOR(pg_catalog.>=) 0 AND q.due_at OPERATOR(pg_catalog.<=) $3", "q.due_at"),
	6, {INT8OID, INT8OID, TIMESTAMPTZOID, INT8OID, TIMESTAMPTZOID, INT8OID}, NULL, true, true, true, .generic = true};

/* The first message of the destination above number $2 that never failed. */
static SpiQuery lowest = {
	"SELECT message_id FROM citybigdata.outbox_queue WHERE destination_id OPERATOR(pg_catalog.=) $1"
	" AND message_id OPERATOR(pg_catalog.>) $2 AND due_at IS NULL ORDER BY message_id LIMIT 1",
	2, {INT8OID, INT8OID}, NULL, true, true, .generic = true};
/* clang-format on */

static int
CompareLeases(const void *a, const void *b)
{
	int64 one = ((const OutboxLease *) a)->message_id, other = ((const OutboxLease *) b)->message_id;

	return one < other ? -1 : one > other;
}

/* Leases up to `room` messages of the destination; returns how many. SPI is connected. */
static int
Lease(SpiQuery *query, Claim *claim, const Destination *destination, int64 above, int room)
{
	Datum values[] = {Int64GetDatum(destination->id),
					  Int64GetDatum(above),
					  TimestampTzGetDatum(claim->now),
					  Int64GetDatum(room),
					  TimestampTzGetDatum(claim->now + claim->engine->lease * INT64CONST(1000)),
					  Int64GetDatum(claim->token)};
	OutboxLease *leases = &claim->leases[claim->count];
	int count = room > 0 ? (int) SpiRun(query, values, NULL, SPI_OK_UPDATE_RETURNING, 0) : 0;

	for (int i = 0; i < count; i++)
		leases[i] = (OutboxLease){.message_id = SpiInt64(i, 1),
								  .destination_id = destination->id,
								  .token = claim->token,
								  .attempts = SpiInt32(i, 2),
								  .purpose = destination->purpose,
								  .key = destination->key,
								  .kind = SpiText(i, 3),
								  .subject = SpiText(i, 4),
								  .payload = SpiText(i, 5)};
	qsort(leases, count, sizeof(OutboxLease), CompareLeases);
	claim->count += count;
	claim->free -= count;
	return count;
}

/* Raises the floor. SPI is connected. */
static void
RaiseFloor(Floor *floor, TimestampTz now)
{
	Datum values[] = {Int64GetDatum(floor->destination_id), Int64GetDatum(floor->floor)};
	int64 next;

	if (now < floor->next_at)
		return;
	floor->floor = Max(floor->floor, floor->next);
	values[1] = Int64GetDatum(floor->floor);
	next = SpiRun(&lowest, values, NULL, SPI_OK_SELECT, 1) > 0 ? SpiInt64(0, 1) - 1 : floor->highest;
	floor->next = Max(floor->floor, next);
	floor->next_at = now + FLOOR_STEP;
}

/* A destination that takes so many messages a minute has its turn again later. SPI is connected. */
static void
Pace(const Claim *claim, const Destination *destination)
{
	static SpiQuery query = {"UPDATE citybigdata.outbox_destination SET not_before = $2 WHERE destination_id"
							 " OPERATOR(pg_catalog.=) $1",
							 2,
							 {INT8OID, TIMESTAMPTZOID},
							 NULL,
							 true};
	Datum values[] = {Int64GetDatum(destination->id),
					  TimestampTzGetDatum(claim->now + USECS_PER_MINUTE / destination->rate)};

	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
}

/* What one destination gets. */
static void
ClaimOf(Claim *claim, const Destination *destination)
{
	Floor *floor = FloorOf(destination->id);
	bool whole = claim->now >= floor->whole_at;
	bool parts;
	int room = RoomOf(claim, destination, &parts);
	TimestampTz begin = GetCurrentTimestamp();
	int waiting, count;

	if (room == 0)
		return;
	SpiBegin();
	waiting = Lease(&due, claim, destination, 0, room);
	count = waiting + Lease(&fresh, claim, destination, whole ? 0 : floor->floor, room - waiting);
	if (whole)
		floor->whole_at = claim->now + Max(WHOLE_PERIOD, WHOLE_SHARE * (GetCurrentTimestamp() - begin));
	for (int i = waiting; i < count; i++)
	{
		int64 number = claim->leases[claim->count - count + i].message_id;

		/* one that came late: others of its transaction may follow */
		if (number <= floor->floor)
			floor->floor = floor->next = number - 1;
		floor->highest = Max(floor->highest, number);
	}
	claim->more = claim->more || (count == room && parts);
	if (count > 0 && destination->rate > 0)
		Pace(claim, destination);
	RaiseFloor(floor, claim->now);
	SpiEnd();
}

/* Tells the purpose that its destination rests, now and then. */
static void
TellRests(const Claim *claim, const Destination *destination)
{
	const OutboxPurpose *purpose = OutboxPurposeOf(destination->purpose);
	Floor *floor = FloorOf(destination->id);

	if (purpose == NULL || purpose->rests == NULL || claim->now < floor->rests_at)
		return;
	floor->rests_at = claim->now + FLOOR_STEP;
	purpose->rests(destination->id, destination->key);
}

/* ---- requests ---- */

/* One message as JSON. */
static void
WriteRequest(StringInfo out, const OutboxLease *one, const OutboxRequest *request)
{
	if (out->data[out->len - 1] == '}')
		appendStringInfoChar(out, ',');
	appendStringInfo(out,
					 "{\"messageId\":" INT64_FORMAT ",\"lease\":" INT64_FORMAT
					 ",\"destination\":" INT64_FORMAT ",\"timeout\":%d,\"plain\":%s",
					 one->message_id, one->token, one->destination_id, request->timeout,
					 request->plain ? "true" : "false");
	JsonField(out, "purpose", one->purpose);
	JsonField(out, "kind", one->kind);
	JsonField(out, "method", request->method);
	JsonField(out, "url", request->url);
	appendStringInfo(out, ",\"headers\":[%s]", request->headers.data);
	if (request->limit > 0)
		appendStringInfo(out, ",\"limit\":" INT64_FORMAT, request->limit);
	if (request->body != NULL)
		JsonField(out, "body", request->body);
	appendStringInfoChar(out, '}');
}

/* The request of one message, or its end. */
static void
Prepare(const Claim *claim, const OutboxLease *one, StringInfo out)
{
	const OutboxPurpose *purpose = OutboxPurposeOf(one->purpose);
	OutboxAttempt attempt = OutboxAttemptOf(one, claim->now);
	OutboxRequest request = {.method = "POST"};
	const char *why = MESSAGE("the message is gone");

	initStringInfo(&request.headers);
	if (purpose == NULL || one->payload == NULL)
		OutboxNotSent(one, true,
					  purpose == NULL ? MESSAGE("the platform does not send for the purpose") : why);
	else if (!purpose->prepare(&attempt, &request, &why))
		OutboxNotSent(one, true, why);
	else
		WriteRequest(out, one, &request);
}

/* Messages from..to of the claim. */
typedef struct PreparedPart
{
	const Claim *claim;
	int from, to;
	StringInfo out;
} PreparedPart;

/* GuardedWork */
static bool
PrepareSome(void *state)
{
	PreparedPart *part = state;

	for (int i = part->from; i < part->to; i++)
		Prepare(part->claim, &part->claim->leases[i], part->out);
	return true;
}

/*
 * The requests of messages from..to in a subtransaction. An error undoes it, and then each message has one of
 * its own; the one that cannot be made counts as a failure, and the server's log has the error.
 */
static void
PrepareGuarded(const Claim *claim, int from, int to, StringInfo out)
{
	PreparedPart part = {claim, from, to, out};
	int length = out->len;
	ErrorData *error;

	if (RunGuarded(PrepareSome, &part, EndsStatement, &error) != GUARDED_FAILED)
		return;
	out->len = length;
	out->data[length] = '\0';
	if (to - from == 1)
	{
		ereport(LOG, (errcode(error->sqlerrcode), errmsg("message " INT64_FORMAT " cannot be sent: %s",
														 claim->leases[from].message_id, error->message)));
		OutboxNotSent(&claim->leases[from], false,
					  MESSAGE("the message cannot be made; the log of the database says why"));
	}
	else
		for (int i = from; i < to; i++)
			PrepareGuarded(claim, i, i + 1, out);
	FreeErrorData(error);
}

/* What purposes have kept for the claim goes. */
static void
PreparedAll(const Claim *claim)
{
	for (int i = 0; i < claim->count; i++)
	{
		const OutboxPurpose *purpose = OutboxPurposeOf(claim->leases[i].purpose);

		if (purpose != NULL && purpose->prepared != NULL)
			purpose->prepared();
	}
}

void
OutboxClaim(const OutboxEngine *engine, StringInfo out)
{
	static uint32 turn;
	Claim claim = {engine, GetCurrentTimestamp(), Min(engine->free, CLAIM_MAX)};
	Destination *destinations;
	int count;

	/* nobody can guess it, and none comes twice */
	if (!pg_strong_random(&claim.token, sizeof(claim.token)))
		elog(ERROR, "no random numbers");
	claim.token &= PG_INT64_MAX;
	claim.leases = palloc(sizeof(OutboxLease) * CLAIM_MAX);
	destinations = ActiveDestinations(claim.now, &count);
	for (int i = 0; i < count; i++)
		if (destinations[i].rests)
			TellRests(&claim, &destinations[i]);
	for (int i = 0; i < count && claim.free > 0 && claim.count < CLAIM_MAX; i++)
	{
		const Destination *destination = &destinations[(turn + (uint32) i) % (uint32) count];

		if (!destination->rests)
			ClaimOf(&claim, destination);
	}
	turn++;
	appendStringInfoString(out, "{\"messages\":[");
	PG_TRY();
	{
		if (claim.count > 0)
			PrepareGuarded(&claim, 0, claim.count, out);
	}
	PG_FINALLY();
	{
		PreparedAll(&claim);
	}
	PG_END_TRY();
	appendStringInfo(out, "],\"full\":%s}",
					 claim.free == 0 || claim.count == CLAIM_MAX || claim.more ? "true" : "false");
}
