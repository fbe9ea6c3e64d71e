/* Putting messages, destinations, purposes; see outbox.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/reply.h"
#include "core/spi.h"
#include "outbox/outbox_inner.h"

/* Purposes of all chapters. */
#define PURPOSES_MAX 16

static const OutboxPurpose *purposes[PURPOSES_MAX];
static int purpose_count;

void
OutboxRegister(const OutboxPurpose *purpose)
{
	if (purpose_count == PURPOSES_MAX)
		elog(ERROR, "too many purposes of the outbox");
	purposes[purpose_count++] = purpose;
}

const OutboxPurpose *
OutboxPurposeOf(const char *name)
{
	for (int i = 0; i < purpose_count; i++)
		if (strcmp(purposes[i]->name, name) == 0)
			return purposes[i];
	return NULL;
}

/* ---- what the other files share ---- */

Datum
NumbersDatum(const int64 *numbers, int count)
{
	Datum *values = palloc(sizeof(Datum) * Max(count, 1));

	for (int i = 0; i < count; i++)
		values[i] = Int64GetDatum(numbers[i]);
	return PointerGetDatum(
		construct_array(values, count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

OutboxAttempt
OutboxAttemptOf(const OutboxLease *lease, TimestampTz now)
{
	return (OutboxAttempt){lease->message_id, lease->destination_id, lease->key,      lease->kind,
						   lease->subject,    lease->payload,        lease->attempts, now};
}

/* ---- destinations ---- */

/* The number of a destination; 0: there is none. SPI is connected. */
static int64
FindDestination(const Datum *values)
{
	static SpiQuery query = {
		"SELECT destination_id FROM citybigdata.outbox_destination WHERE purpose OPERATOR(pg_catalog.=) $1"
		" AND key OPERATOR(pg_catalog.=) $2",
		2,
		{TEXTOID, TEXTOID},
		NULL,
		true};

	return SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0 ? SpiInt64(0, 1) : 0;
}

int64
OutboxDestination(const char *purpose, const char *key)
{
	/* whoever makes the same one at the same time waits here, and finds it then */
	static SpiQuery insert = {"INSERT INTO citybigdata.outbox_destination (purpose, key) VALUES ($1, $2)"
							  " ON CONFLICT ON CONSTRAINT outbox_destination_purpose_key DO NOTHING",
							  2,
							  {TEXTOID, TEXTOID},
							  NULL};
	Datum values[] = {CStringGetTextDatum(purpose), CStringGetTextDatum(key)};
	int64 number;

	SpiBegin();
	number = FindDestination(values);
	if (number == 0)
	{
		SpiRun(&insert, values, NULL, SPI_OK_INSERT, 0);
		number = FindDestination(values);
	}
	SpiEnd();
	return number;
}

void
OutboxDisable(int64 destination_id)
{
	static SpiQuery query = {
		"UPDATE citybigdata.outbox_destination SET state = 'disabled', changed_at = pg_catalog.now()"
		" WHERE destination_id OPERATOR(pg_catalog.=) $1 AND state OPERATOR(pg_catalog.<>) 'disabled'",
		1,
		{INT8OID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(destination_id)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

void
OutboxEnable(int64 destination_id, int rate_per_minute)
{
	static SpiQuery query = {
		"UPDATE citybigdata.outbox_destination SET state = 'active', failures = 0, openings = 0,"
		" failing_since = NULL, last_error = NULL, not_before = '-infinity', changed_at = pg_catalog.now(),"
		" rate_per_minute = CASE WHEN $2 OPERATOR(pg_catalog.<) 0 THEN rate_per_minute"
		" ELSE nullif($2, 0) END WHERE destination_id OPERATOR(pg_catalog.=) $1",
		2,
		{INT8OID, INT4OID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(destination_id), Int32GetDatum(rate_per_minute)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
	ReplyWake();
}

/* ---- messages ---- */

int64
OutboxNumber(void)
{
	static SpiQuery query = {
		"SELECT pg_catalog.nextval('citybigdata.outbox_message_id_seq'::pg_catalog.regclass)", 0, {0}, NULL};
	int64 number;

	SpiBegin();
	SpiRun(&query, NULL, NULL, SPI_OK_SELECT, 1);
	number = SpiInt64(0, 1);
	SpiEnd();
	return number;
}

int64
OutboxPut(const OutboxMessage *message)
{
	static SpiQuery query = {
		"WITH message AS (INSERT INTO citybigdata.outbox_message (message_id, destination_id, kind, subject,"
		" payload) VALUES ($1, $2, $4, $5, $6)) INSERT INTO citybigdata.outbox_queue (message_id,"
		" destination_id, order_key, judged) VALUES ($1, $2, $3, $7)",
		7,
		{INT8OID, INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, BOOLOID},
		NULL};
	int64 number = message->message_id != 0 ? message->message_id : OutboxNumber();
	Datum values[7] = {Int64GetDatum(number), Int64GetDatum(message->destination_id)};
	bool nulls[7] = {[2] = message->order_key == NULL, [4] = message->subject == NULL};

	if (strlen(message->payload) > OUTBOX_PAYLOAD_LIMIT)
		elog(ERROR, "a message of the outbox is too large");
	if (message->order_key != NULL)
		values[2] = CStringGetTextDatum(message->order_key);
	values[3] = CStringGetTextDatum(message->kind);
	if (message->subject != NULL)
		values[4] = CStringGetTextDatum(message->subject);
	values[5] = CStringGetTextDatum(message->payload);
	values[6] = BoolGetDatum(message->judged);
	SpiBegin();
	SpiRun(&query, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
	ReplyWake();
	return number;
}

bool
OutboxRetry(int64 message_id, int64 destination_id)
{
	/* one that waits: due now, unless it is under way */
	static SpiQuery waiting = {
		"UPDATE citybigdata.outbox_queue SET due_at = CASE WHEN due_at IS NOT NULL THEN pg_catalog.now() END"
		" WHERE message_id OPERATOR(pg_catalog.=) $1"
		" AND ($2 OPERATOR(pg_catalog.=) 0 OR destination_id OPERATOR(pg_catalog.=) $2)",
		2,
		{INT8OID, INT8OID},
		NULL,
		true};
	/* one that is finished: its result goes, and a claim row stands again; without an order, since what came
	 * behind it has been sent */
	static SpiQuery finished = {
		"WITH gone AS (DELETE FROM citybigdata.outbox_result r WHERE r.message_id OPERATOR(pg_catalog.=) $1"
		" AND ($2 OPERATOR(pg_catalog.=) 0 OR r.destination_id OPERATOR(pg_catalog.=) $2)"
		" RETURNING r.message_id, r.destination_id)"
		" INSERT INTO citybigdata.outbox_queue (message_id, destination_id, judged, due_at)"
		" SELECT g.message_id, g.destination_id, true, pg_catalog.now() FROM gone g",
		2,
		{INT8OID, INT8OID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(message_id), Int64GetDatum(destination_id)};
	bool found;

	SpiBegin();
	found = SpiRun(&waiting, values, NULL, SPI_OK_UPDATE, 0) > 0 ||
			SpiRun(&finished, values, NULL, SPI_OK_INSERT, 0) > 0;
	SpiEnd();
	if (found)
		ReplyWake();
	return found;
}

/* ---- other destinations ---- */

/* clang-format off */
static SpiQuery move_query = {
	"WITH gone AS (DELETE FROM citybigdata.outbox_queue q WHERE q.destination_id OPERATOR(pg_catalog.=) $2"
	" AND q.message_id OPERATOR(pg_catalog.=) $1 RETURNING q.message_id, q.order_key, q.judged), moved AS ("
	" UPDATE citybigdata.outbox_message m SET destination_id = $3 FROM gone g WHERE m.message_id OPERATOR(pg_catalog.=) g.message_id)"
	" INSERT INTO citybigdata.outbox_queue (destination_id, message_id, order_key, judged)"
	" SELECT $3, g.message_id, g.order_key, g.judged FROM gone g",
	3, {INT8OID, INT8OID, INT8OID}, NULL, true};
/* clang-format on */

bool
OutboxMove(int64 message_id, int64 from, int64 to)
{
	Datum values[] = {Int64GetDatum(message_id), Int64GetDatum(from), Int64GetDatum(to)};
	bool found;

	SpiBegin();
	found = SpiRun(&move_query, values, NULL, SPI_OK_INSERT, 0) > 0;
	SpiEnd();
	if (found)
		ReplyWake();
	return found;
}

int
OutboxMoveWaiting(int64 from, int limit, int64 (*choose)(int64 message_id, const char *payload))
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT q.message_id, m.payload FROM citybigdata.outbox_queue q"
		" JOIN citybigdata.outbox_message m ON m.message_id OPERATOR(pg_catalog.=) q.message_id"
		" WHERE q.destination_id OPERATOR(pg_catalog.=) $1 AND q.lease_token IS NULL"
		" ORDER BY q.message_id LIMIT $2 FOR UPDATE OF q SKIP LOCKED",
		2, {INT8OID, INT8OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int64GetDatum(from), Int64GetDatum(limit)};
	int64 *messages;
	char **payloads;
	int moved = 0;
	int count;

	SpiBegin();
	count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	messages = SPI_palloc(sizeof(int64) * Max(count, 1));
	payloads = SPI_palloc(sizeof(char *) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		messages[i] = SpiInt64(i, 1);
		payloads[i] = SpiText(i, 2);
	}
	SpiEnd();
	for (int i = 0; i < count; i++)
	{
		int64 to = choose(messages[i], payloads[i]);

		moved += to != 0 && to != from && OutboxMove(messages[i], from, to);
	}
	return moved;
}
