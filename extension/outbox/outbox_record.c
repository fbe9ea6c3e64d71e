/*
 * Recording what became of messages that were claimed, and what that says of their destinations. See
 * outbox.h.
 *
 *   outcomes (JSON), by number
 *     plain successes            at once: claim rows go, results come
 *     everything else            one by one: judge() of the purpose, then delivered, later or dead
 *   destinations                 failures counted, breaker opened or closed, those that only fail given up
 *
 * Every change asks for the lease's token: whoever lost his lease is told that he is late, and changes
 * nothing. Rows are locked in one order, claim rows by number before destinations by number, so that nobody
 * waits in a circle.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/say.h"
#include "core/spi.h"
#include "outbox/outbox_inner.h"

#define OPEN_FIRST   30                     /* seconds that a breaker stays open; doubled each time */
#define OPEN_LAST    600                    /* at most */
#define BUSY_PAUSE   5                      /* seconds for a busy receiver that names none */
#define PAUSE_LAST   (24 * 3600)            /* seconds that Retry-After may ask for */
#define FAILING_TIME (120 * USECS_PER_HOUR) /* of nothing but failures */
#define ERROR_LENGTH 300                    /* bytes of an error that are kept */

/* One outcome, as the bridge tells it. */
typedef struct Outcome
{
	int64 message_id;
	int64 destination_id;
	int64 token;
	OutboxReply reply;
	bool released; /* it was not sent: no attempt */
	bool done;     /* recorded */
} Outcome;

/* One call. */
typedef struct Recording
{
	Outcome *outcomes;
	int count;
	int recorded;
	int64 *destinations; /* that a message was delivered to */
	int destination_count;
	TimestampTz now;
} Recording;

/* ---- time ---- */

/* So many seconds, up to a fifth more or less, so that those who failed together do not come together. */
static int64
Jittered(int seconds)
{
	uint32 random = 0;

	if (!pg_strong_random(&random, sizeof(random)))
		random = PG_UINT32_MAX / 2;
	return (int64) (seconds * (0.8 + 0.4 * random / PG_UINT32_MAX) * USECS_PER_SEC);
}

/* What is kept of an error: valid text of a bounded length. */
static Datum
ErrorDatum(const char *error)
{
	return CStringGetTextDatum(pnstrdup(error, pg_mbcliplen(error, (int) strlen(error), ERROR_LENGTH)));
}

/* ---- claim rows ---- */

/* The message is finished; the lease is the own. SPI is connected. */
static void
Finish(const OutboxLease *lease, const char *state, int http, const char *error)
{
	static SpiQuery query = {
		"WITH gone AS (DELETE FROM citybigdata.outbox_queue q WHERE q.destination_id OPERATOR(pg_catalog.=) "
		"$1"
		" AND q.message_id OPERATOR(pg_catalog.=) $2 RETURNING q.attempts)"
		" INSERT INTO citybigdata.outbox_result (message_id, destination_id, state, attempts, http_status,"
		" error, finished_at) SELECT $2, $1, $3, g.attempts OPERATOR(pg_catalog.+) 1, $4, $5,"
		" pg_catalog.clock_timestamp() FROM gone g",
		5,
		{INT8OID, INT8OID, TEXTOID, INT4OID, TEXTOID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(lease->destination_id), Int64GetDatum(lease->message_id),
					  CStringGetTextDatum(state), Int32GetDatum(http),
					  error == NULL ? (Datum) 0 : ErrorDatum(error)};
	bool nulls[5] = {[3] = http == 0, [4] = error == NULL};

	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
}

/* The message is tried again then; the lease, which is the own, ends. SPI is connected. */
static void
Later(const OutboxLease *lease, TimestampTz due, int http, const char *error)
{
	static SpiQuery query = {
		"UPDATE citybigdata.outbox_queue SET attempts = attempts OPERATOR(pg_catalog.+) 1, due_at = $3,"
		" lease_until = NULL, lease_token = NULL, http_status = $4, error = $5"
		" WHERE destination_id OPERATOR(pg_catalog.=) $1 AND message_id OPERATOR(pg_catalog.=) $2",
		5,
		{INT8OID, INT8OID, TIMESTAMPTZOID, INT4OID, TEXTOID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(lease->destination_id), Int64GetDatum(lease->message_id),
					  TimestampTzGetDatum(due), Int32GetDatum(http),
					  error == NULL ? (Datum) 0 : ErrorDatum(error)};
	bool nulls[5] = {[3] = http == 0, [4] = error == NULL};

	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
}

/* The message waits as before, or for the purpose's pause. SPI is connected. */
static void
Release(const OutboxLease *lease, TimestampTz now)
{
	static SpiQuery query = {
		"UPDATE citybigdata.outbox_queue SET lease_until = NULL, lease_token = NULL, due_at = coalesce($3, "
		"due_at)"
		" WHERE destination_id OPERATOR(pg_catalog.=) $1 AND message_id OPERATOR(pg_catalog.=) $2",
		3,
		{INT8OID, INT8OID, TIMESTAMPTZOID},
		NULL,
		true};
	const OutboxPurpose *purpose = OutboxPurposeOf(lease->purpose);
	int pause = purpose == NULL ? 0 : purpose->pause;
	Datum values[] = {Int64GetDatum(lease->destination_id), Int64GetDatum(lease->message_id),
					  TimestampTzGetDatum(now + Jittered(pause))};
	bool nulls[3] = {[2] = pause == 0};

	SpiRun(&query, values, nulls, SPI_OK_UPDATE, 0);
}

/* One more failure: later, or dead when it was the last one. SPI is connected. */
static void
Fail(const OutboxLease *lease, const OutboxReply *reply, const char *error, TimestampTz now)
{
	const OutboxPurpose *purpose = OutboxPurposeOf(lease->purpose);
	int64 wait;

	if (purpose == NULL || lease->attempts >= purpose->delay_count)
	{
		Finish(lease, "dead", reply->http, error);
		return;
	}
	wait = Jittered(purpose->delays[lease->attempts]);
	Later(lease, now + Max(wait, Min(reply->retry_after, PAUSE_LAST) * USECS_PER_SEC), reply->http, error);
}

void
OutboxNotSent(const OutboxLease *lease, bool dead, const char *why)
{
	OutboxReply none = {0};

	SpiBegin();
	if (dead)
		Finish(lease, "dead", 0, why);
	else
		Fail(lease, &none, why, GetCurrentTimestamp());
	SpiEnd();
}

/* ---- destinations ---- */

/* Locks the destinations that will be changed, and says whether there are any: those of outcomes that are not
 * plain successes, and those that had failures before. SPI is connected. */
static bool
LockDestinations(const Recording *recording)
{
	static SpiQuery query = {
		"SELECT FROM citybigdata.outbox_destination WHERE destination_id OPERATOR(pg_catalog.=) ANY ($1)"
		" OR (failures OPERATOR(pg_catalog.>) 0 AND destination_id OPERATOR(pg_catalog.=) ANY ($2))"
		" ORDER BY destination_id FOR NO KEY UPDATE",
		2,
		{INT8ARRAYOID, INT8ARRAYOID},
		NULL};
	int64 *others = palloc(sizeof(int64) * Max(recording->count, 1));
	int count = 0;
	Datum values[2];

	for (int i = 0; i < recording->count; i++)
		if (!recording->outcomes[i].done)
			others[count++] = recording->outcomes[i].destination_id;
	values[0] = NumbersDatum(others, count);
	values[1] = NumbersDatum(recording->destinations, recording->destination_count);
	return SpiRun(&query, values, NULL, SPI_OK_SELECT, 0) > 0;
}

/* The destinations that took a message are well. SPI is connected. */
static void
DestinationsWell(const Recording *recording)
{
	static SpiQuery query = {
		"UPDATE citybigdata.outbox_destination SET failures = 0, openings = 0, failing_since = NULL,"
		" last_error = NULL, changed_at = pg_catalog.now(),"
		" not_before = CASE WHEN openings OPERATOR(pg_catalog.>) 0 THEN '-infinity' ELSE not_before END"
		" WHERE destination_id OPERATOR(pg_catalog.=) ANY ($1) AND failures OPERATOR(pg_catalog.>) 0",
		1,
		{INT8ARRAYOID},
		NULL};
	Datum values[] = {NumbersDatum(recording->destinations, recording->destination_count)};

	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
}

/* Seconds that the receiver asks for, in one way or another; 0: none. */
static int
AskedPause(const OutboxReply *reply)
{
	if (reply->retry_after > 0)
		return Min(reply->retry_after, PAUSE_LAST);
	return reply->http == 429 || (reply->http >= 502 && reply->http <= 504) ? BUSY_PAUSE : 0;
}

/*
 * The destination failed once more. The breaker opens with the failure that makes BREAKER_FAILURES of them,
 * and again with each one that comes when it was closed for a try; those that were under way meanwhile do not
 * count. Returns since when there were only failures. SPI is connected.
 */
static TimestampTz
DestinationFailed(int64 destination_id, const OutboxReply *reply, const char *error, TimestampTz now)
{
	/* clang-format off */
	static SpiQuery query = {
		"UPDATE citybigdata.outbox_destination d SET failures = d.failures OPERATOR(pg_catalog.+) 1,"
		" failing_since = coalesce(d.failing_since, $2), last_error = $3, changed_at = $2,"
		" openings = d.openings OPERATOR(pg_catalog.+) o.opens,"
		" not_before = greatest(d.not_before, $4, CASE WHEN o.opens OPERATOR(pg_catalog.>) 0 THEN"
		"  $2 OPERATOR(pg_catalog.+) (pg_catalog.interval_mul('1 second'::interval,"
		"   least($6, $5 OPERATOR(pg_catalog.*) (1 OPERATOR(pg_catalog.<<) least(d.openings, 10))) OPERATOR(pg_catalog.*) $7)) END)"
		" FROM (SELECT CASE WHEN x.failures OPERATOR(pg_catalog.>=) $8 AND x.not_before OPERATOR(pg_catalog.<=) $2"
		"  THEN 1 ELSE 0 END AS opens FROM citybigdata.outbox_destination x"
		"  WHERE x.destination_id OPERATOR(pg_catalog.=) $1) o"
		" WHERE d.destination_id OPERATOR(pg_catalog.=) $1 RETURNING d.failing_since",
		8, {INT8OID, TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID, INT4OID, INT4OID, FLOAT8OID, INT4OID}, NULL, true};
	/* clang-format on */
	int pause = AskedPause(reply);
	Datum values[] = {Int64GetDatum(destination_id),
					  TimestampTzGetDatum(now),
					  ErrorDatum(error),
					  TimestampTzGetDatum(now + pause * USECS_PER_SEC),
					  Int32GetDatum(OPEN_FIRST),
					  Int32GetDatum(OPEN_LAST),
					  Float8GetDatum((double) Jittered(1) / USECS_PER_SEC),
					  Int32GetDatum(BREAKER_FAILURES - 1)};
	bool nulls[8] = {[3] = pause == 0};

	return SpiRun(&query, values, nulls, SPI_OK_UPDATE_RETURNING, 0) > 0 ? SpiInt64(0, 1) : now;
}

/* ---- outcomes ---- */

/* The outcomes of the JSON array, by number. */
static void
ReadOutcomes(const char *json, Recording *recording)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT o.\"messageId\", o.destination, o.lease, o.http, o.\"retryAfter\", o.headers::text, o.reply,"
		" o.error, o.refused, o.began, o.released"
		" FROM pg_catalog.jsonb_to_recordset($1::jsonb) o (\"messageId\" bigint, destination bigint, lease bigint,"
		" http integer, \"retryAfter\" integer, headers jsonb, reply text, error text, refused boolean,"
		" began boolean, released boolean) ORDER BY o.\"messageId\"",
		1, {TEXTOID}, NULL};
	/* clang-format on */
	Datum values[] = {CStringGetTextDatum(json)};

	recording->count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	/* they outlive SPI */
	recording->outcomes = SPI_palloc(sizeof(Outcome) * Max(recording->count, 1));
	recording->destinations = SPI_palloc(sizeof(int64) * Max(recording->count, 1));
	memset(recording->outcomes, 0, sizeof(Outcome) * Max(recording->count, 1));
	for (int i = 0; i < recording->count; i++)
	{
		Outcome *outcome = &recording->outcomes[i];

		outcome->message_id = SpiInt64(i, 1);
		outcome->destination_id = SpiInt64(i, 2);
		outcome->token = SpiInt64(i, 3);
		outcome->reply = (OutboxReply){SpiInt32(i, 4), Max(SpiInt32(i, 5), 0), SpiText(i, 6), SpiText(i, 7),
									   SpiText(i, 8),  SpiBool(i, 9),          SpiBool(i, 10)};
		outcome->released = SpiBool(i, 11);
	}
}

static bool
PlainSuccess(const Outcome *outcome)
{
	return !outcome->released && outcome->reply.error == NULL && outcome->reply.http / 100 == 2;
}

/* A destination took a message. */
static void
Delivered(Recording *recording, int64 destination_id)
{
	recording->destinations[recording->destination_count++] = destination_id;
	recording->recorded++;
}

/* All plain successes at once, but for those that are judged. The commit need not wait for the disk: what a
 * crash takes back is sent again, with its number. SPI is connected. */
static void
RecordSuccesses(Recording *recording)
{
	/* clang-format off */
	static SpiQuery query = {
		"WITH gone AS (DELETE FROM citybigdata.outbox_queue q"
		"  USING ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3),"
		"   pg_catalog.unnest($4)) u (destination_id, message_id, token, http)"
		"  WHERE q.destination_id OPERATOR(pg_catalog.=) u.destination_id AND q.message_id OPERATOR(pg_catalog.=) u.message_id"
		"  AND q.lease_token OPERATOR(pg_catalog.=) u.token AND NOT q.judged"
		"  RETURNING q.message_id, q.destination_id, q.attempts, u.http), done AS ("
		" INSERT INTO citybigdata.outbox_result (message_id, destination_id, state, attempts, http_status, finished_at)"
		"  SELECT g.message_id, g.destination_id, 'delivered', g.attempts OPERATOR(pg_catalog.+) 1, g.http::integer,"
		"  pg_catalog.clock_timestamp() FROM gone g)"
		" SELECT g.message_id, g.destination_id FROM gone g ORDER BY g.message_id",
	4, {INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID}, NULL, true, false, true, .generic = true};
	/* clang-format on */
	int64 *columns[4];
	Datum values[4];
	int count = 0;
	int rows;

	for (int i = 0; i < 4; i++)
		columns[i] = palloc(sizeof(int64) * Max(recording->count, 1));
	for (int i = 0; i < recording->count; i++)
	{
		const Outcome *outcome = &recording->outcomes[i];

		if (!PlainSuccess(outcome))
			continue;
		columns[0][count] = outcome->destination_id;
		columns[1][count] = outcome->message_id;
		columns[2][count] = outcome->token;
		columns[3][count++] = outcome->reply.http;
	}
	if (count == 0)
		return;
	for (int i = 0; i < 4; i++)
		values[i] = NumbersDatum(columns[i], count);
	rows = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	for (int i = 0, at = 0; i < rows; i++)
	{
		/* both are in order of their numbers */
		while (recording->outcomes[at].message_id != SpiInt64(i, 1) ||
			   !PlainSuccess(&recording->outcomes[at]))
			at++;
		recording->outcomes[at++].done = true;
		Delivered(recording, SpiInt64(i, 2));
	}
}

/* The message of an outcome, its claim row locked; false: the lease is another's by now, or it is finished.
 */
static bool
ReadLease(const Outcome *outcome, OutboxLease *lease)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT q.attempts, d.purpose, d.key, m.kind, m.subject, m.payload FROM citybigdata.outbox_queue q"
		" JOIN citybigdata.outbox_destination d ON d.destination_id OPERATOR(pg_catalog.=) q.destination_id"
		" JOIN citybigdata.outbox_message m ON m.message_id OPERATOR(pg_catalog.=) q.message_id"
		" WHERE q.destination_id OPERATOR(pg_catalog.=) $1 AND q.message_id OPERATOR(pg_catalog.=) $2"
		" AND q.lease_token OPERATOR(pg_catalog.=) $3 FOR UPDATE OF q",
		3, {INT8OID, INT8OID, INT8OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int64GetDatum(outcome->destination_id), Int64GetDatum(outcome->message_id),
					  Int64GetDatum(outcome->token)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
		*lease = (OutboxLease){outcome->message_id, outcome->destination_id, outcome->token,
							   SpiInt32(0, 1),      SpiText(0, 2),           SpiText(0, 3),
							   SpiText(0, 4),       SpiText(0, 5),           SpiText(0, 6)};
	SpiEnd();
	return found;
}

/* What people read of a failure. */
static const char *
ErrorOf(const OutboxReply *reply, const char *judged)
{
	if (judged != NULL)
		return judged;
	return reply->error != NULL ? reply->error : MESSAGE("the answer was not 2xx");
}

/* One failure, of the message and of its destination. */
static void
RecordFailure(const OutboxLease *lease, const OutboxReply *reply, const char *error, OutboxVerdict verdict,
			  TimestampTz now)
{
	const OutboxPurpose *purpose = OutboxPurposeOf(lease->purpose);
	bool shared = purpose != NULL && purpose->shared;
	TimestampTz since = now;

	SpiBegin();
	if (verdict == OUTBOX_DEAD)
		Finish(lease, "dead", reply->http, error);
	else if (verdict == OUTBOX_FAILED)
		Fail(lease, reply, error, now);
	if (!shared)
		since = DestinationFailed(lease->destination_id, reply, error, now);
	SpiEnd();
	if (now - since >= FAILING_TIME && purpose != NULL && purpose->failing != NULL)
		purpose->failing(lease->destination_id, lease->key, since);
}

/* An outcome that is no plain success, or is judged. */
static void
RecordOne(Recording *recording, const Outcome *outcome)
{
	const OutboxPurpose *purpose;
	OutboxVerdict verdict = PlainSuccess(outcome) ? OUTBOX_DELIVERED : OUTBOX_FAILED;
	const char *judged = NULL;
	OutboxAttempt attempt;
	OutboxLease lease;

	if (!ReadLease(outcome, &lease))
		return;
	purpose = OutboxPurposeOf(lease.purpose);
	attempt = OutboxAttemptOf(&lease, recording->now);
	if (!outcome->released && purpose != NULL && purpose->judge != NULL)
		verdict = purpose->judge(&attempt, &outcome->reply, &judged);
	if (outcome->released && purpose != NULL && purpose->released != NULL)
		purpose->released(&attempt);
	if (outcome->released || verdict == OUTBOX_DELIVERED)
	{
		SpiBegin();
		if (outcome->released)
			Release(&lease, recording->now);
		else
			Finish(&lease, "delivered", outcome->reply.http, judged);
		SpiEnd();
		if (outcome->released)
			recording->recorded++;
		else
			Delivered(recording, lease.destination_id);
		return;
	}
	RecordFailure(&lease, &outcome->reply, ErrorOf(&outcome->reply, judged), verdict, recording->now);
	recording->recorded++;
}

void
OutboxRecord(const char *outcomes, StringInfo out)
{
	Recording recording = {.now = GetCurrentTimestamp()};
	bool changes;

	SpiBegin();
	ReadOutcomes(outcomes, &recording);
	RecordSuccesses(&recording);
	changes = LockDestinations(&recording);
	SpiEnd();
	for (int i = 0; i < recording.count; i++)
		if (!recording.outcomes[i].done)
			RecordOne(&recording, &recording.outcomes[i]);
	if (changes && recording.destination_count > 0)
	{
		SpiBegin();
		DestinationsWell(&recording);
		SpiEnd();
	}
	appendStringInfo(out, "{\"recorded\":%d,\"late\":%d}", recording.recorded,
					 recording.count - recording.recorded);
}
