/* Rows of case_clock, and the arithmetic of clocks; see clock_row.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "core/spi.h"
#include "deadline/clock_row.h"

/* clang-format off */
#define CLOCK_COLUMNS \
	"calendar, running, limit_amount, limit_unit, limit_time, budget, warning, consumed, started_at," \
	" running_since, resumes_at, stopped_at, deadline, warning_time, extensions, calendar_version, guessed," \
	" next_due, escalations"

/* $1 case, $2 kind */
static SpiQuery read_row = {
	"SELECT " CLOCK_COLUMNS " FROM citybigdata.case_clock"
	" WHERE rec_id OPERATOR(pg_catalog.=) $1 AND kind OPERATOR(pg_catalog.=) $2",
	2, {INT4OID, TEXTOID}, NULL, true};
static SpiQuery lock_row = {
	"SELECT " CLOCK_COLUMNS " FROM citybigdata.case_clock"
	" WHERE rec_id OPERATOR(pg_catalog.=) $1 AND kind OPERATOR(pg_catalog.=) $2 FOR UPDATE",
	2, {INT4OID, TEXTOID}, NULL, true};

static SpiQuery archived_row = {
	"SELECT " CLOCK_COLUMNS " FROM citybigdata.case_clock_archive"
	" WHERE rec_id OPERATOR(pg_catalog.=) $1 AND kind OPERATOR(pg_catalog.=) $2",
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

/* An instant of the last result; CLOCK_NEVER: null. */
static TimestampTz
RowInstant(int col)
{
	bool isnull;
	Datum value = SpiDatum(0, col, &isnull);

	return isnull ? CLOCK_NEVER : DatumGetTimestampTz(value);
}

/* The row that the query finds. */
static bool
ReadBy(SpiQuery *query, int32 rec_id, ClockKind kind, ClockRow *row)
{
	Datum values[] = {Int32GetDatum(rec_id), CStringGetTextDatum(ClockKindName(kind))};
	Datum amount = 0;
	bool isnull;
	bool found;

	memset(row, 0, sizeof(*row));
	row->rec_id = rec_id;
	row->kind = kind;
	SpiBegin();
	found = SpiRun(query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
	{
		row->calendar = SpiText(0, 1);
		row->running = SpiBool(0, 2);
		amount = SpiDatum(0, 3, &isnull);
		row->limit_unit = SpiInt32(0, 4);
		row->limit_time = SpiInt64(0, 5);
		row->budget = SpiInt64(0, 6);
		row->warning = SpiInt64(0, 7);
		row->consumed = SpiInt64(0, 8);
		row->started_at = RowInstant(9);
		row->running_since = RowInstant(10);
		row->resumes_at = RowInstant(11);
		row->stopped_at = RowInstant(12);
		row->deadline = RowInstant(13);
		row->warning_time = RowInstant(14);
		row->extensions = SpiInt32(0, 15);
		row->calendar_version = SpiInt64(0, 16);
		row->guessed = SpiBool(0, 17);
		row->next_due = RowInstant(18);
		row->escalations = SpiInt32(0, 19);
	}
	SpiEnd();
	/* made of full size here: inside, it would go with SPI's memory */
	if (found)
		row->limit_amount = DatumGetNumeric(amount);
	return found;
}

bool
ClockRowRead(int32 rec_id, ClockKind kind, bool lock, ClockRow *row)
{
	return ReadBy(lock ? &lock_row : &read_row, rec_id, kind, row);
}

bool
ClockRowReadArchived(int32 rec_id, ClockKind kind, ClockRow *row)
{
	return ReadBy(&archived_row, rec_id, kind, row);
}

/* An instant as a column has it: CLOCK_NEVER is null. */
static Datum
InstantDatum(TimestampTz instant, bool *isnull)
{
	*isnull = instant == CLOCK_NEVER;
	return TimestampTzGetDatum(instant);
}

void
ClockRowStore(const ClockRow *row)
{
	bool nulls[21] = {false};
	Datum values[] = {Int32GetDatum(row->rec_id),
					  CStringGetTextDatum(ClockKindName(row->kind)),
					  CStringGetTextDatum(row->calendar),
					  BoolGetDatum(row->running),
					  NumericGetDatum(row->limit_amount),
					  Int32GetDatum(row->limit_unit),
					  Int64GetDatum(row->limit_time),
					  Int64GetDatum(row->budget),
					  Int64GetDatum(row->warning),
					  Int64GetDatum(row->consumed),
					  TimestampTzGetDatum(row->started_at),
					  InstantDatum(row->running_since, &nulls[11]),
					  InstantDatum(row->resumes_at, &nulls[12]),
					  InstantDatum(row->stopped_at, &nulls[13]),
					  InstantDatum(row->deadline, &nulls[14]),
					  InstantDatum(row->warning_time, &nulls[15]),
					  Int32GetDatum(row->extensions),
					  Int64GetDatum(row->calendar_version),
					  BoolGetDatum(row->guessed),
					  InstantDatum(row->next_due, &nulls[19]),
					  Int32GetDatum(row->escalations)};

	SpiBegin();
	SpiRun(&store_row, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
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
