/*
 * Facts of cases worked out again from history and clocks, for who doubts them and for cases that were there
 * before the facts were kept: recount_case_facts(), case_fact_differences().
 *
 * Whether a step was late is what its clock said when it was stopped (case_clock_stop, of the step's
 * instant); whether an answer was, its request (case_request).
 */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/spi.h"
#include "indicator/fact_row.h"

/* clang-format off */
/* $1 case */
static SpiQuery history = {
	"SELECT s.action, s.result, s.by_role, s.by_account, s.evaluation, s.step_time, t.late, c.late,"
	" EXISTS (SELECT FROM citybigdata.case_request r WHERE r.rec_id OPERATOR(pg_catalog.=) s.rec_id"
	"  AND r.kind OPERATOR(pg_catalog.=) s.action AND r.decided_at OPERATOR(pg_catalog.=) s.step_time"
	"  AND r.decided_at OPERATOR(pg_catalog.>) r.due), s.from_state"
	" FROM citybigdata.event_step s"
	" LEFT JOIN citybigdata.case_clock_stop t ON t.rec_id OPERATOR(pg_catalog.=) s.rec_id"
	"  AND t.kind OPERATOR(pg_catalog.=) 'stage' AND t.stopped_at OPERATOR(pg_catalog.=) s.step_time"
	" LEFT JOIN citybigdata.case_clock_stop c ON c.rec_id OPERATOR(pg_catalog.=) s.rec_id"
	"  AND c.kind OPERATOR(pg_catalog.=) 'chain' AND c.stopped_at OPERATOR(pg_catalog.=) s.step_time"
	" WHERE s.rec_id OPERATOR(pg_catalog.=) $1 ORDER BY s.step_no",
	1, {INT4OID}, NULL, true};
/* $1 case: its state, if it is in no process */
static SpiQuery plain_state = {
	"SELECT state FROM citybigdata.event WHERE rec_id OPERATOR(pg_catalog.=) $1 AND process_code IS NULL",
	1, {INT4OID}, NULL, true};
static SpiQuery lock_case = {
	"SELECT FROM citybigdata.event WHERE rec_id OPERATOR(pg_catalog.=) $1 FOR NO KEY UPDATE",
	1, {INT4OID}, NULL, true};
/* clang-format on */

/* The facts by the history; `stored`: those that there are, or NULL. Who reported stands in them alone. SPI
 * is connected. */
static void
Recount(int32 rec_id, const CaseFacts *stored, CaseFacts *facts)
{
	Datum values[] = {Int32GetDatum(rec_id)};
	uint64 count = SpiRun(&history, values, NULL, SPI_OK_SELECT, 0);

	FactsBegin(facts);
	for (uint64 i = 0; i < count; i++)
	{
		bool isnull;
		FactStep step = {.rec_id = rec_id, .action = SpiText(i, 1)};

		step.result = SpiText(i, 2);
		step.by_role = SpiText(i, 3);
		step.by_account = SpiInt64(i, 4);
		step.evaluation = SpiInt32(i, 5);
		step.time = DatumGetTimestampTz(SpiDatum(i, 6, &isnull));
		step.stage_late = SpiBool(i, 7);
		step.chain_late = SpiBool(i, 8);
		step.request_late = SpiBool(i, 9);
		step.from_state = SpiInt32(i, 10);
		(void) FactsApply(facts, &step);
	}
	if (SpiRun(&plain_state, values, NULL, SPI_OK_SELECT, 1) > 0)
		FactsComplete(facts, SpiInt32(0, 1));
	if (stored != NULL)
		facts->reporter = stored->reporter;
}

/* The same, member by member? */
static bool
SameFacts(const CaseFacts *one, const CaseFacts *other)
{
	return memcmp(one->counter, other->counter, sizeof(one->counter)) == 0 &&
		   memcmp(one->person, other->person, sizeof(one->person)) == 0 &&
		   memcmp(one->time, other->time, sizeof(one->time)) == 0;
}

/* recount_case_fact(rec_id) returns boolean: was the row another one, or missing? null: no such case. */
PG_FUNCTION_INFO_V1(cbd_recount_case_fact);
extern Datum cbd_recount_case_fact(PG_FUNCTION_ARGS);

Datum
cbd_recount_case_fact(PG_FUNCTION_ARGS)
{
	int32 rec_id = PG_GETARG_INT32(0);
	Datum values[] = {Int32GetDatum(rec_id)};
	CaseFacts stored, recounted;
	bool found, known, differs = false;

	SpiBegin();
	/* no step may come between reading and writing */
	found = SpiRun(&lock_case, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		known = FactRowRead(rec_id, &stored);
		Recount(rec_id, known ? &stored : NULL, &recounted);
		differs = !known || !SameFacts(&stored, &recounted);
		if (differs)
			FactRowStore(rec_id, &recounted);
	}
	SpiEnd();
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(differs);
}

/* One difference as a row: name, stored, recounted. */
static void
PutDifference(ReturnSetInfo *result, const char *name, const char *stored, const char *recounted)
{
	Datum values[3] = {CStringGetTextDatum(name)};
	bool nulls[3] = {false, stored == NULL, recounted == NULL};

	if (stored != NULL)
		values[1] = CStringGetTextDatum(stored);
	if (recounted != NULL)
		values[2] = CStringGetTextDatum(recounted);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* NULL for none. */
static char *
ShownTime(TimestampTz time)
{
	return time == FACT_NEVER ? NULL : pstrdup(timestamptz_to_str(time));
}

#define QUOTED(name, number) #name,

/* case_fact_difference(rec_id) returns setof (member, stored, recounted) */
PG_FUNCTION_INFO_V1(cbd_case_fact_difference);
extern Datum cbd_case_fact_difference(PG_FUNCTION_ARGS);

Datum
cbd_case_fact_difference(PG_FUNCTION_ARGS)
{
	static const char *const counters[] = {FACT_COUNTERS(QUOTED)};
	static const char *const persons[] = {FACT_PERSONS(QUOTED)};
	static const char *const times[] = {FACT_TIMES(QUOTED)};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int32 rec_id = PG_GETARG_INT32(0);
	CaseFacts stored, recounted;
	bool found;

	InitMaterializedSRF(fcinfo, 0);
	SpiBegin();
	found = FactRowRead(rec_id, &stored);
	Recount(rec_id, found ? &stored : NULL, &recounted);
	SpiEnd();
	if (!found)
	{
		PutDifference(result, "row", NULL, "missing");
		return (Datum) 0;
	}
	for (int i = 0; i < FACT_COUNTER_COUNT; i++)
		if (stored.counter[i] != recounted.counter[i])
			PutDifference(result, counters[i], psprintf("%d", stored.counter[i]),
						  psprintf("%d", recounted.counter[i]));
	for (int i = 0; i < FACT_PERSON_COUNT; i++)
		if (stored.person[i] != recounted.person[i])
			PutDifference(result, persons[i], psprintf(INT64_FORMAT, stored.person[i]),
						  psprintf(INT64_FORMAT, recounted.person[i]));
	for (int i = 0; i < FACT_TIME_COUNT; i++)
		if (stored.time[i] != recounted.time[i])
			PutDifference(result, times[i], ShownTime(stored.time[i]), ShownTime(recounted.time[i]));
	return (Datum) 0;
}
