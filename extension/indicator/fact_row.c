/* Rows of case_fact; see fact_row.h. The three arrays of a row travel as arrays. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/keyed_row.h"
#include "core/spi.h"
#include "indicator/fact_row.h"

/* Columns after others, the value of each from an array that is parameter 2, 3, 4, and the same from a row.
 */
#define NAME(name, number)     ", \"" #name "\""
#define COUNTER(name, number)  ", ($2)[" #number "]"
#define PERSON(name, number)   ", ($3)[" #number "]"
#define TIME(name, number)     ", ($4)[" #number "]"
#define EXCLUDED(name, number) ", excluded.\"" #name "\""
#define ALL(X, Y, Z)           FACT_COUNTERS(X) FACT_PERSONS(Y) FACT_TIMES(Z)

/* clang-format off */
/* What the case is grouped by, as its row has it: it outlives the row. */
#define KEYS \
	", report_time, bundle_deadline, district_code, street_code, community_code, unit_code, event_src_id," \
	" event_type_code, main_type_code, sub_type_code"
#define KEY_VALUES \
	", e.create_time, (SELECT c.deadline FROM citybigdata.case_clock c" \
	" WHERE c.rec_id OPERATOR(pg_catalog.=) e.rec_id AND c.kind OPERATOR(pg_catalog.=) 'chain')," \
	" e.district_code, e.street_code, e.community_code, e.unit_code, e.event_src_id, e.event_type_code," \
	" e.main_type_code, e.sub_type_code"
#define KEYS_EXCLUDED \
	", excluded.report_time, excluded.bundle_deadline, excluded.district_code, excluded.street_code," \
	" excluded.community_code, excluded.unit_code, excluded.event_src_id, excluded.event_type_code," \
	" excluded.main_type_code, excluded.sub_type_code"

/* $1 case, $2 counters, $3 persons, $4 times */
static SpiQuery store_row = {
	"INSERT INTO citybigdata.case_fact (rec_id, public_report" KEYS ALL(NAME, NAME, NAME) ")"
	" SELECT e.rec_id, EXISTS (SELECT FROM citybigdata.public_source p"
	"  WHERE p.event_src_id OPERATOR(pg_catalog.=) e.event_src_id)::int4::int2" KEY_VALUES
	ALL(COUNTER, PERSON, TIME)
	" FROM citybigdata.event e WHERE e.rec_id OPERATOR(pg_catalog.=) $1"
	" ON CONFLICT ON CONSTRAINT case_fact_pkey DO UPDATE SET (public_report" KEYS ALL(NAME, NAME, NAME) ")"
	" = ROW(excluded.public_report" KEYS_EXCLUDED ALL(EXCLUDED, EXCLUDED, EXCLUDED) ")",
	4, {INT4OID, INT2ARRAYOID, INT8ARRAYOID, TIMESTAMPTZARRAYOID}, NULL, true};
/* clang-format on */

#define QUOTED(name, number) #name,

bool
FactRowRead(int32 rec_id, CaseFacts *facts)
{
	static KeyedTable table = {"case_fact",
							   "case_fact_pkey",
							   {FACT_COUNTERS(QUOTED) FACT_PERSONS(QUOTED) FACT_TIMES(QUOTED) "rec_id"}};
	RowKey key = Int32Key(FACT_COUNTER_COUNT + FACT_PERSON_COUNT + FACT_TIME_COUNT, rec_id);
	KeyedRow row;
	bool found;
	int column = 0;

	RowsLatestBegin();
	found = RowOpen(&row, &table, &key, 1);
	for (int i = 0; found && i < FACT_COUNTER_COUNT; i++)
		facts->counter[i] = DatumGetInt16(RowDatum(&row, column++, &(bool){false}));
	for (int i = 0; found && i < FACT_PERSON_COUNT; i++)
		facts->person[i] = RowInt64(&row, column++);
	for (int i = 0; found && i < FACT_TIME_COUNT; i++)
		if (!RowTime(&row, column++, &facts->time[i]))
			facts->time[i] = FACT_NEVER;
	RowClose(&row);
	RowsLatestEnd();
	return found;
}

/* An array of `count` values, null where it is `absent`. */
static Datum
MakeArray(Oid type, int length, char align, int count, int64 absent, const int64 *places)
{
	Datum values[FACT_COUNTER_COUNT];
	bool nulls[FACT_COUNTER_COUNT];
	int bound = 1;

	for (int i = 0; i < count; i++)
	{
		nulls[i] = length == 8 && places[i] == absent;
		values[i] = length == 2 ? Int16GetDatum((int16) places[i]) : Int64GetDatum(places[i]);
	}
	return PointerGetDatum(construct_md_array(values, nulls, 1, &count, &bound, type, length,
											  length == 8 ? FLOAT8PASSBYVAL : true, align));
}

void
FactRowStore(int32 rec_id, const CaseFacts *facts)
{
	int64 counters[FACT_COUNTER_COUNT];
	Datum values[4];

	for (int i = 0; i < FACT_COUNTER_COUNT; i++)
		counters[i] = facts->counter[i];
	values[0] = Int32GetDatum(rec_id);
	values[1] = MakeArray(INT2OID, 2, TYPALIGN_SHORT, FACT_COUNTER_COUNT, 0, counters);
	values[2] = MakeArray(INT8OID, 8, TYPALIGN_DOUBLE, FACT_PERSON_COUNT, 0, facts->person);
	values[3] = MakeArray(TIMESTAMPTZOID, 8, TYPALIGN_DOUBLE, FACT_TIME_COUNT, FACT_NEVER, facts->time);
	SpiRun(&store_row, values, NULL, SPI_OK_INSERT, 0);
}
