/* Rows of case_clock, and the arithmetic of clocks; see clock_row.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "core/keyed_row.h"
#include "core/row_insert.h"
#include "core/spi.h"
#include "deadline/clock_row.h"

/* clang-format off */
#define CLOCK_COLUMNS \
	"calendar, running, limit_amount, limit_unit, limit_time, budget, warning, consumed, started_at," \
	" running_since, resumes_at, stopped_at, deadline, warning_time, extensions, calendar_version, guessed," \
	" next_due, escalations"

/* $1 case, $2 kind */
static SpiQuery lock_row = {
	"SELECT FROM citybigdata.case_clock"
	" WHERE rec_id OPERATOR(pg_catalog.=) $1 AND kind OPERATOR(pg_catalog.=) $2 FOR UPDATE",
	2, {INT4OID, TEXTOID}, NULL, true};

static SpiQuery store_row = {
	"INSERT INTO citybigdata.case_clock (rec_id, kind, " CLOCK_COLUMNS ")"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
	" ON CONFLICT ON CONSTRAINT case_clock_pkey DO UPDATE SET (" CLOCK_COLUMNS ") = ROW(excluded.calendar,"
	" excluded.running, excluded.limit_amount, excluded.limit_unit, excluded.limit_time, excluded.budget,"
	" excluded.warning, excluded.consumed, excluded.started_at, excluded.running_since, excluded.resumes_at,"
	" excluded.stopped_at, excluded.deadline, excluded.warning_time, excluded.extensions,"
	" excluded.calendar_version, excluded.guessed, excluded.next_due, excluded.escalations)",
	21, {INT4OID, TEXTOID, TEXTOID, BOOLOID, NUMERICOID, INT4OID, INT8OID, INT8OID, INT8OID, INT8OID,
		 TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID,
		 INT4OID, INT8OID, BOOLOID, TIMESTAMPTZOID, INT4OID}, NULL};
/* clang-format on */

const char *
ClockKindName(ClockKind kind)
{
	return kind == CLOCK_STAGE ? "stage" : "chain";
}

/* What is read of a row, after its key. */
enum
{
	COL_REC_ID,
	COL_KIND,
	COL_CALENDAR,
	COL_RUNNING,
	COL_LIMIT_AMOUNT,
	COL_LIMIT_UNIT,
	COL_LIMIT_TIME,
	COL_BUDGET,
	COL_WARNING,
	COL_CONSUMED,
	COL_STARTED_AT,
	COL_RUNNING_SINCE,
	COL_RESUMES_AT,
	COL_STOPPED_AT,
	COL_DEADLINE,
	COL_WARNING_TIME,
	COL_EXTENSIONS,
	COL_CALENDAR_VERSION,
	COL_GUESSED,
	COL_NEXT_DUE,
	COL_ESCALATIONS
};

/* An instant of a row; CLOCK_NEVER: null. */
static TimestampTz
RowInstant(const KeyedRow *row, int column)
{
	TimestampTz instant;

	return RowTime(row, column, &instant) ? instant : CLOCK_NEVER;
}

/* The columns of a row that was found. */
static void
TakeClock(const KeyedRow *found, ClockRow *row)
{
	bool isnull;

	row->calendar = RowText(found, COL_CALENDAR);
	row->running = RowBool(found, COL_RUNNING);
	row->limit_amount = DatumGetNumericCopy(RowDatum(found, COL_LIMIT_AMOUNT, &isnull));
	row->limit_unit = RowInt32(found, COL_LIMIT_UNIT);
	row->limit_time = RowInt64(found, COL_LIMIT_TIME);
	row->budget = RowInt64(found, COL_BUDGET);
	row->warning = RowInt64(found, COL_WARNING);
	row->consumed = RowInt64(found, COL_CONSUMED);
	row->started_at = RowInstant(found, COL_STARTED_AT);
	row->running_since = RowInstant(found, COL_RUNNING_SINCE);
	row->resumes_at = RowInstant(found, COL_RESUMES_AT);
	row->stopped_at = RowInstant(found, COL_STOPPED_AT);
	row->deadline = RowInstant(found, COL_DEADLINE);
	row->warning_time = RowInstant(found, COL_WARNING_TIME);
	row->extensions = RowInt32(found, COL_EXTENSIONS);
	row->calendar_version = RowInt64(found, COL_CALENDAR_VERSION);
	row->guessed = RowBool(found, COL_GUESSED);
	row->next_due = RowInstant(found, COL_NEXT_DUE);
	row->escalations = RowInt32(found, COL_ESCALATIONS);
}

/* The row in a table of clocks, as it is now, own changes included. */
static bool
ReadFrom(KeyedTable *table, int32 rec_id, ClockKind kind, ClockRow *row)
{
	RowKey keys[] = {Int32Key(COL_REC_ID, rec_id), TextKey(COL_KIND, ClockKindName(kind))};
	KeyedRow found;
	bool exists;

	memset(row, 0, sizeof(*row));
	row->rec_id = rec_id;
	row->kind = kind;
	RowsLatestBegin();
	exists = RowOpen(&found, table, keys, 2);
	if (exists)
		TakeClock(&found, row);
	RowClose(&found);
	RowsLatestEnd();
	return exists;
}

/* clang-format off */
#define CLOCK_NAMES \
	{"rec_id", "kind", "calendar", "running", "limit_amount", "limit_unit", "limit_time", "budget", "warning", \
	 "consumed", "started_at", "running_since", "resumes_at", "stopped_at", "deadline", "warning_time", \
	 "extensions", "calendar_version", "guessed", "next_due", "escalations"}
/* clang-format on */

bool
ClockRowRead(int32 rec_id, ClockKind kind, bool lock, ClockRow *row)
{
	static KeyedTable table = {"case_clock", "case_clock_pkey", CLOCK_NAMES};

	if (lock)
	{
		SpiBegin();
		SpiRun(&lock_row, (Datum[]){Int32GetDatum(rec_id), CStringGetTextDatum(ClockKindName(kind))}, NULL,
			   SPI_OK_SELECT, 1);
		SpiEnd();
	}
	return ReadFrom(&table, rec_id, kind, row);
}

bool
ClockRowReadArchived(int32 rec_id, ClockKind kind, ClockRow *row)
{
	static KeyedTable table = {"case_clock_archive", "case_clock_archive_pkey", CLOCK_NAMES};

	return ReadFrom(&table, rec_id, kind, row);
}

/* An instant as a column has it: CLOCK_NEVER is null. */
static Datum
InstantDatum(TimestampTz instant, bool *isnull)
{
	*isnull = instant == CLOCK_NEVER;
	return TimestampTzGetDatum(instant);
}

#define CLOCK_VALUES 21

/* The columns of the row, in the order of store_row. */
static void
FillColumns(const ClockRow *row, Datum *values, bool *nulls)
{
	memset(nulls, 0, CLOCK_VALUES * sizeof(bool));
	values[0] = Int32GetDatum(row->rec_id);
	values[1] = CStringGetTextDatum(ClockKindName(row->kind));
	values[2] = CStringGetTextDatum(row->calendar);
	values[3] = BoolGetDatum(row->running);
	values[4] = NumericGetDatum(row->limit_amount);
	values[5] = Int32GetDatum(row->limit_unit);
	values[6] = Int64GetDatum(row->limit_time);
	values[7] = Int64GetDatum(row->budget);
	values[8] = Int64GetDatum(row->warning);
	values[9] = Int64GetDatum(row->consumed);
	values[10] = TimestampTzGetDatum(row->started_at);
	values[11] = InstantDatum(row->running_since, &nulls[11]);
	values[12] = InstantDatum(row->resumes_at, &nulls[12]);
	values[13] = InstantDatum(row->stopped_at, &nulls[13]);
	values[14] = InstantDatum(row->deadline, &nulls[14]);
	values[15] = InstantDatum(row->warning_time, &nulls[15]);
	values[16] = Int32GetDatum(row->extensions);
	values[17] = Int64GetDatum(row->calendar_version);
	values[18] = BoolGetDatum(row->guessed);
	values[19] = InstantDatum(row->next_due, &nulls[19]);
	values[20] = Int32GetDatum(row->escalations);
}

void
ClockRowStore(const ClockRow *row)
{
	Datum values[CLOCK_VALUES];
	bool nulls[CLOCK_VALUES];

	FillColumns(row, values, nulls);
	SpiBegin();
	SpiRun(&store_row, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

void
ClockRowStoreNew(const ClockRow *row)
{
	static InsertTable table = {.table = "case_clock", .columns = "rec_id, kind, " CLOCK_COLUMNS};
	Datum values[CLOCK_VALUES];
	bool nulls[CLOCK_VALUES];

	FillColumns(row, values, nulls);
	if (!RowInsert(&table, values, nulls))
		ClockRowStore(row);
}

int64
ClockRowElapsed(const ClockRow *row, TimestampTz from, TimestampTz to)
{
	Calendar *calendar;
	int64 elapsed;

	if (row->running)
		return to - from;
	calendar = CalendarFind(row->calendar, strlen(row->calendar));
	if (calendar == NULL || CalendarWorkBetween(calendar, from, to, &elapsed) != CBD_OK)
		elog(ERROR, "the clock of case %d runs by a calendar that is gone, or outside its years",
			 row->rec_id);
	return elapsed;
}

/* from + microseconds of the clock's measure. */
static CbdStatus
AddTime(const ClockRow *row, Calendar *calendar, TimestampTz from, int64 microseconds, TimestampTz *result)
{
	if (!row->running)
		return CalendarAddWork(calendar, from, microseconds, result);
	/* an amount is small beside the room that a timestamp leaves */
	*result = from + microseconds;
	return IS_VALID_TIMESTAMP(*result) ? CBD_OK : CBD_FIELD_OUT_OF_RANGE;
}

/* When the job has something to do: the suspension's end, or the point that is passed next. */
static TimestampTz
NextDue(const ClockRow *row, Calendar *calendar)
{
	int further = row->escalations - CLOCK_POINT_AGAIN + 1;
	TimestampTz point;

	if (row->stopped_at != CLOCK_NEVER || row->running_since == CLOCK_NEVER)
		return row->resumes_at;
	if (row->escalations == CLOCK_POINT_YELLOW)
		return row->warning_time;
	if (row->escalations == CLOCK_POINT_RED)
		return row->deadline;
	if (further > CLOCK_FURTHER_LIMITS || row->deadline == CLOCK_NEVER ||
		AddTime(row, calendar, row->deadline, further * row->limit_time, &point) != CBD_OK)
		return CLOCK_NEVER;
	return point;
}

CbdStatus
ClockRowDerive(ClockRow *row)
{
	TimestampTz base = row->running_since != CLOCK_NEVER ? row->running_since : row->resumes_at;
	Calendar *calendar = CalendarFind(row->calendar, strlen(row->calendar));
	TimestampTz deadline = row->deadline;
	TimestampTz warning_time = row->warning_time;
	CbdStatus status = CBD_OK;

	if (calendar == NULL)
		return CBD_NO_SUCH_CALENDAR;
	if (row->consumed < row->budget && base == CLOCK_NEVER && row->stopped_at == CLOCK_NEVER)
		deadline = CLOCK_NEVER;
	else if (row->consumed < row->budget && base != CLOCK_NEVER)
		status = AddTime(row, calendar, base, row->budget - row->consumed, &deadline);
	if (status == CBD_OK && row->consumed < row->warning && base == CLOCK_NEVER &&
		row->stopped_at == CLOCK_NEVER)
		warning_time = CLOCK_NEVER;
	else if (status == CBD_OK && row->consumed < row->warning && base != CLOCK_NEVER)
		status = AddTime(row, calendar, base, row->warning - row->consumed, &warning_time);
	if (status != CBD_OK)
		return status;
	row->deadline = deadline;
	row->warning_time = warning_time;
	row->guessed = !row->running && deadline != CLOCK_NEVER && !CalendarKnows(calendar, deadline);
	row->calendar_version = CalendarVersion(calendar);
	row->next_due = NextDue(row, calendar);
	return CBD_OK;
}

bool
ClockRowStopped(const ClockRow *row)
{
	return row->stopped_at != CLOCK_NEVER;
}

bool
ClockRowOverslept(const ClockRow *row, TimestampTz now)
{
	return row->resumes_at != CLOCK_NEVER && row->resumes_at <= now;
}

bool
ClockRowStands(const ClockRow *row, TimestampTz now)
{
	return !ClockRowStopped(row) && row->running_since == CLOCK_NEVER && !ClockRowOverslept(row, now);
}

TimestampTz
ClockRowRunsSince(const ClockRow *row, TimestampTz now)
{
	return ClockRowOverslept(row, now) ? row->resumes_at : row->running_since;
}

bool
ClockRowLate(const ClockRow *row, TimestampTz now)
{
	TimestampTz at = ClockRowStopped(row) ? row->stopped_at : now;

	return row->deadline != CLOCK_NEVER && at > row->deadline;
}

void
ClockRowState(const ClockRow *row, TimestampTz now, ClockState *out)
{
	TimestampTz since = ClockRowRunsSince(row, now);

	memset(out, 0, sizeof(*out));
	out->exists = true;
	out->standing = ClockRowStands(row, now);
	out->stopped = ClockRowStopped(row);
	out->running_time = row->running;
	out->late = ClockRowLate(row, now);
	out->guessed = row->guessed;
	out->extensions = row->extensions;
	out->deadline = row->deadline;
	out->warning_time = row->warning_time;
	out->resumes_at = out->standing ? row->resumes_at : CLOCK_NEVER;
	out->stopped_at = row->stopped_at;
	out->budget = row->budget;
	out->consumed = row->consumed;
	if (since != CLOCK_NEVER && since < now)
		out->consumed += ClockRowElapsed(row, since, now);
	out->remaining = out->budget - out->consumed;
}
