/* The outbox for the bridge that sends, and for SQL; see outbox.h. The bridge's calls are its housekeeping:
 * they have no call context, and are not audited one by one. */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/call.h"
#include "core/reply.h"
#include "outbox/outbox.h"

/* Limits of what a bridge may ask for: messages at a time, milliseconds of a lease. */
#define FREE_MAX  10000
#define LEASE_MIN 1000
#define LEASE_MAX (3600 * 1000)

extern Datum cbd_rest_outbox_claim(PG_FUNCTION_ARGS);
extern Datum cbd_rest_outbox_record(PG_FUNCTION_ARGS);
extern Datum cbd_outbox_requeue(PG_FUNCTION_ARGS);

/* Elements of an array without nulls; *count of them. NULL: it has a null. */
static Datum *
Elements(Datum array, Oid type, int size, char align, int *count)
{
	Datum *elements;
	bool *nulls;

	deconstruct_array(DatumGetArrayTypeP(array), type, size, true, align, &elements, &nulls, count);
	for (int i = 0; i < *count; i++)
		if (nulls[i])
			return NULL;
	return elements;
}

/* rest_outbox_claim(free, per_destination, lease, busy, busy_messages, limits). */
PG_FUNCTION_INFO_V1(cbd_rest_outbox_claim);
Datum
cbd_rest_outbox_claim(PG_FUNCTION_ARGS)
{
	OutboxEngine engine = {PG_GETARG_INT32(0), PG_GETARG_INT32(1), PG_GETARG_INT32(2)};
	int messages, limits;
	Datum *busy = Elements(PG_GETARG_DATUM(3), INT8OID, sizeof(int64), TYPALIGN_DOUBLE, &engine.busy_count);
	Datum *busy_messages = Elements(PG_GETARG_DATUM(4), INT4OID, sizeof(int32), TYPALIGN_INT, &messages);
	Datum *most = Elements(PG_GETARG_DATUM(5), INT4OID, sizeof(int32), TYPALIGN_INT, &limits);
	int64 *numbers;
	int32 *counts;
	int32 *each;
	StringInfoData data;

	if (engine.free < 0 || engine.free > FREE_MAX || engine.per_destination < 1 || engine.lease < LEASE_MIN ||
		engine.lease > LEASE_MAX || busy == NULL || busy_messages == NULL || messages != engine.busy_count ||
		most == NULL || (limits != 0 && limits != messages))
		return ReplyFrame(CBD_INVALID_PARAMETER, 0, NULL);
	numbers = palloc(sizeof(int64) * Max(messages, 1));
	counts = palloc(sizeof(int32) * Max(messages, 1));
	each = palloc(sizeof(int32) * Max(messages, 1));
	for (int i = 0; i < messages; i++)
	{
		numbers[i] = DatumGetInt64(busy[i]);
		counts[i] = DatumGetInt32(busy_messages[i]);
		each[i] = limits == 0 ? engine.per_destination : DatumGetInt32(most[i]);
	}
	engine.busy = numbers;
	engine.busy_messages = counts;
	engine.limits = each;
	initStringInfo(&data);
	OutboxClaim(&engine, &data);
	return ReplyFrame(CBD_OK, 0, data.data);
}

/* rest_outbox_record(outcomes): outcomes is a JSON array, made by the bridge. */
PG_FUNCTION_INFO_V1(cbd_rest_outbox_record);
Datum
cbd_rest_outbox_record(PG_FUNCTION_ARGS)
{
	StringInfoData data;

	initStringInfo(&data);
	OutboxRecord(ArgText(fcinfo, 0), &data);
	return ReplyFrame(CBD_OK, 0, data.data);
}

/* outbox_requeue(message_id, destination_id). */
PG_FUNCTION_INFO_V1(cbd_outbox_requeue);
Datum
cbd_outbox_requeue(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(OutboxRetry(PG_GETARG_INT64(0), PG_GETARG_INT64(1)));
}
