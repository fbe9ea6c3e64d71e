/* The clock job; see clock_job.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "calendar/calendar.h"
#include "core/guarded.h"
#include "core/own_lock.h"
#include "core/spi.h"
#include "deadline/clock_job.h"
#include "deadline/clock_row.h"

#define JOB_LOCK    "clocks"
#define RETRY_AFTER (10 * USECS_PER_MINUTE) /* a case that failed is tried again */

/* A clock that the job has to look at, and since when. */
typedef struct DueClock
{
	int32 rec_id;
	ClockKind kind;
	TimestampTz since;
} DueClock;

/* What is done with it; in a subtransaction of its own. */
typedef void (*ClockWork)(const DueClock *due, TimestampTz now, ClockRun *run);

/* Clocks of the last result: rec_id, kind, instant. */
static DueClock *
TakeDue(uint64 count)
{
	DueClock *due = SPI_palloc((count + 1) * sizeof(DueClock));

	for (uint64 i = 0; i < count; i++)
	{
		due[i].rec_id = SpiInt32(i, 1);
		due[i].kind = strcmp(SpiText(i, 2), "stage") == 0 ? CLOCK_STAGE : CLOCK_CHAIN;
		due[i].since = SpiInt64(i, 3);
	}
	return due;
}

/* Clocks with something to do at `now`, the oldest first, with the rows of their cases locked. */
static DueClock *
FindDue(TimestampTz now, int limit, uint64 *count)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT c.rec_id, c.kind, c.next_due FROM citybigdata.case_clock c JOIN citybigdata.event e"
		" ON e.rec_id OPERATOR(pg_catalog.=) c.rec_id WHERE c.next_due OPERATOR(pg_catalog.<) $1"
		" ORDER BY c.next_due LIMIT $2 FOR NO KEY UPDATE OF e SKIP LOCKED",
		2, {TIMESTAMPTZOID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {TimestampTzGetDatum(now), Int32GetDatum(limit)};
	DueClock *due;

	SpiBegin();
	*count = SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	due = TakeDue(*count);
	SpiEnd();
	return due;
}

/* Clocks whose deadline was worked out by another version of the calendar, locked in the same way. */
static DueClock *
FindOutdated(const char *calendar, int64 version, int limit, uint64 *count)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT c.rec_id, c.kind, c.started_at FROM citybigdata.case_clock c JOIN citybigdata.event e"
		" ON e.rec_id OPERATOR(pg_catalog.=) c.rec_id"
		" WHERE c.stopped_at IS NULL AND NOT c.running AND c.calendar OPERATOR(pg_catalog.=) $1"
		" AND (c.calendar_version OPERATOR(pg_catalog.<) $2 OR c.calendar_version OPERATOR(pg_catalog.>) $2)"
		" LIMIT $3 FOR NO KEY UPDATE OF e SKIP LOCKED",
		3, {TEXTOID, INT8OID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {CStringGetTextDatum(calendar), Int64GetDatum(version), Int32GetDatum(limit)};
	DueClock *due;

	SpiBegin();
	*count = SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	due = TakeDue(*count);
	SpiEnd();
	return due;
}

/* Cases without a clock whose suspension is over. */
static DueClock *
FindOver(TimestampTz now, int limit, uint64 *count)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT e.rec_id, 'chain'::text, e.suspended_until FROM citybigdata.event e"
		" WHERE e.suspended_until OPERATOR(pg_catalog.<=) $1 AND NOT EXISTS (SELECT FROM citybigdata.case_clock c"
		"  WHERE c.rec_id OPERATOR(pg_catalog.=) e.rec_id AND c.resumes_at IS NOT NULL)"
		" ORDER BY e.suspended_until LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED",
		2, {TIMESTAMPTZOID, INT4OID}, NULL, true};
	/* clang-format on */
	Datum values[] = {TimestampTzGetDatum(now), Int32GetDatum(limit)};
	DueClock *due;

	SpiBegin();
	*count = SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	due = TakeDue(*count);
	SpiEnd();
	return due;
}

/* Who is to be told at a point, by the case's process; NULL: nobody. `times`: of further limits. */
static char *
RungRoles(const ClockRow *row, const char *at, int times)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT pg_catalog.string_agg(r.roles, ', ') FROM citybigdata.event e"
		" CROSS JOIN LATERAL citybigdata.escalation_rungs(e.process_code, e.process_version) r"
		" WHERE e.rec_id OPERATOR(pg_catalog.=) $1 AND r.at OPERATOR(pg_catalog.=) $2"
		" AND r.times OPERATOR(pg_catalog.=) $3",
		3, {INT4OID, TEXTOID, INT4OID}, NULL};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(row->rec_id), CStringGetTextDatum(at), Int32GetDatum(times)};
	char *roles = NULL;

	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
		roles = SpiText(0, 1);
	SpiEnd();
	return roles;
}

/* Writes an escalation down; false: it was taken before in this run of the clock. */
static bool
KeepEscalation(const ClockRow *row, const ClockEvent *event)
{
	/* clang-format off */
	static SpiQuery query = {
		"INSERT INTO citybigdata.case_escalation (rec_id, kind, started_at, rung, at, roles, due, escalated_at)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT ON CONSTRAINT case_escalation_pkey DO NOTHING",
		8, {INT4OID, TEXTOID, TIMESTAMPTZOID, INT4OID, TEXTOID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
		NULL};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(row->rec_id),           CStringGetTextDatum(ClockKindName(row->kind)),
					  TimestampTzGetDatum(row->started_at), Int32GetDatum(event->rung),
					  CStringGetTextDatum(event->at),       CStringGetTextDatum(event->role),
					  TimestampTzGetDatum(event->due),      TimestampTzGetDatum(event->now)};
	bool kept;

	SpiBegin();
	kept = SpiRun(&query, values, NULL, SPI_OK_INSERT, 0) > 0;
	SpiEnd();
	return kept;
}

/* Passes one point of a clock that runs: the next one becomes due. */
static void
PassPoint(ClockRow *row, TimestampTz now, ClockRun *run)
{
	static const char *const points[] = {"yellow", "red", "again"};
	ClockEvent event = {.rec_id = row->rec_id, .action = "escalate", .kind = row->kind, .now = now};

	event.at = points[Min(row->escalations, CLOCK_POINT_AGAIN)];
	event.rung = row->escalations + 1;
	event.due = row->next_due;
	row->escalations++;
	/* a calendar that is gone leaves the deadline as it is; nothing more is due then */
	if (ClockRowDerive(row) != CBD_OK)
		row->next_due = CLOCK_NEVER;
	ClockRowStore(row);
	if (ClockPassedHook != NULL)
		ClockPassedHook(&event);
	event.role = RungRoles(row, event.at, Max(event.rung - CLOCK_POINT_AGAIN, 0));
	if (event.role == NULL || !KeepEscalation(row, &event))
		return;
	if (ClockStepHook != NULL)
		ClockStepHook(&event);
	run->escalated++;
}

/* What is due of one clock; nothing when a step has changed it since it was looked for. */
static void
WorkDue(const DueClock *due, TimestampTz now, ClockRun *run)
{
	ClockRow row;

	if (!ClockRowRead(due->rec_id, due->kind, true, &row))
		return;
	if (ClockRowOverslept(&row, now))
	{
		ClockEvent event = {.rec_id = row.rec_id, .action = "resume", .kind = row.kind, .now = now};

		event.due = row.resumes_at;
		ClockResume(row.rec_id, now);
		if (ClockStepHook != NULL)
			ClockStepHook(&event);
		run->resumed++;
		if (!ClockRowRead(due->rec_id, due->kind, true, &row))
			return;
	}
	while (row.next_due != CLOCK_NEVER && row.next_due < now)
		PassPoint(&row, now, run);
}

/* Ends the suspension of a case that has no clock, unless its process leaves that to people. */
static void
WorkOver(const DueClock *due, TimestampTz now, ClockRun *run)
{
	/* clang-format off */
	static SpiQuery query = {
		"SELECT FROM citybigdata.event WHERE rec_id OPERATOR(pg_catalog.=) $1 AND suspended_until IS NULL",
		1, {INT4OID}, NULL, true};
	/* clang-format on */
	ClockEvent event = {.rec_id = due->rec_id, .action = "resume", .kind = due->kind, .now = now};
	Datum values[] = {Int32GetDatum(due->rec_id)};

	if (ClockStepHook == NULL)
		return;
	event.due = due->since;
	ClockStepHook(&event);
	SpiBegin();
	run->resumed += SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	SpiEnd();
}

/* The deadline in the work list, when it was this clock's, and the case is one that changed. */
static void
ShowDeadline(const ClockRow *row, TimestampTz before)
{
	/* clang-format off */
	static SpiQuery task = {
		"UPDATE citybigdata.case_task SET deadline = $3, warning_time = $4"
		" WHERE rec_id OPERATOR(pg_catalog.=) $1 AND deadline OPERATOR(pg_catalog.=) $2",
		4, {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID}, NULL, true};
	/* the row is locked, so the transaction has its number: the feed misses nothing */
	static SpiQuery event = {
		"UPDATE citybigdata.event SET update_time = pg_catalog.clock_timestamp()"
		" WHERE rec_id OPERATOR(pg_catalog.=) $1",
		1, {INT4OID}, NULL, true};
	/* clang-format on */
	/* CLOCK_NEVER is infinity, as the work list has it */
	Datum values[] = {Int32GetDatum(row->rec_id), TimestampTzGetDatum(before),
					  TimestampTzGetDatum(row->deadline), TimestampTzGetDatum(row->warning_time)};

	SpiBegin();
	SpiRun(&task, values, NULL, SPI_OK_UPDATE, 0);
	SpiRun(&event, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* Works a deadline out again by the calendar as it is now. */
static void
WorkOutdated(const DueClock *due, TimestampTz now, ClockRun *run)
{
	ClockRow row;
	TimestampTz before;
	TimestampTz warned;

	if (!ClockRowRead(due->rec_id, due->kind, true, &row) || ClockRowStopped(&row))
		return;
	before = row.deadline;
	warned = row.warning_time;
	/* one that lies beyond the calendar's years stays as it was */
	if (ClockRowDerive(&row) != CBD_OK)
		row.calendar_version = CalendarVersion(CalendarFind(row.calendar, strlen(row.calendar)));
	ClockRowStore(&row);
	if (row.deadline != before || row.warning_time != warned)
		ShowDeadline(&row, before);
	run->recomputed++;
}

/* A clock that failed is looked at later, so that it does not keep others from their turn. */
static void
PutOff(const DueClock *due, TimestampTz now)
{
	/* clang-format off */
	static SpiQuery query = {
		"UPDATE citybigdata.case_clock SET next_due = $3 WHERE rec_id OPERATOR(pg_catalog.=) $1"
		" AND kind OPERATOR(pg_catalog.=) $2 AND next_due OPERATOR(pg_catalog.<) $3",
		3, {INT4OID, TEXTOID, TIMESTAMPTZOID}, NULL, true};
	/* clang-format on */
	Datum values[] = {Int32GetDatum(due->rec_id), CStringGetTextDatum(ClockKindName(due->kind)),
					  TimestampTzGetDatum(now + RETRY_AFTER)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* The work of one clock. */
typedef struct ClockTask
{
	ClockWork work;
	const DueClock *due;
	TimestampTz now;
	ClockRun *run;
} ClockTask;

/* GuardedWork */
static bool
Work(void *state)
{
	ClockTask *task = state;

	task->work(task->due, task->now, task->run);
	return true;
}

/* Does the work in a subtransaction: an error undoes it, and is told in the server's log. */
static void
Guarded(ClockWork work, const DueClock *due, TimestampTz now, ClockRun *run)
{
	ClockTask task = {work, due, now, run};
	ClockRun before = *run;
	ErrorData *error;

	if (RunGuarded(Work, &task, EndsStatement, &error) != GUARDED_FAILED)
		return;
	ereport(LOG, (errcode(error->sqlerrcode),
				  errmsg("the clock of case %d cannot be served: %s", due->rec_id, error->message)));
	*run = before;
	run->failed++;
	PutOff(due, now);
}

/* Each of them, with the memory of one at a time. */
static void
WorkAll(ClockWork work, const DueClock *due, uint64 count, TimestampTz now, ClockRun *run)
{
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "clock job", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(one);

	for (uint64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		Guarded(work, &due[i], now, run);
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(one);
}

/* Codes of the calendars. */
static char **
Calendars(uint64 *count)
{
	static SpiQuery query = {"SELECT code FROM citybigdata.calendar ORDER BY code", 0, {0}, NULL};
	char **codes;

	SpiBegin();
	*count = SpiRun(&query, NULL, NULL, SPI_OK_SELECT, 0);
	codes = SPI_palloc((*count + 1) * sizeof(char *));
	for (uint64 i = 0; i < *count; i++)
		codes[i] = SpiText(i, 1);
	SpiEnd();
	return codes;
}

/* Deadlines that a loaded calendar changes. */
static void
Recompute(int limit, TimestampTz now, ClockRun *run)
{
	uint64 calendars;
	char **codes = Calendars(&calendars);

	for (uint64 i = 0; i < calendars; i++)
	{
		Calendar *calendar = CalendarFind(codes[i], strlen(codes[i]));
		DueClock *due;
		uint64 count;

		if (calendar == NULL)
			continue;
		due = FindOutdated(codes[i], CalendarVersion(calendar), limit, &count);
		WorkAll(WorkOutdated, due, count, now, run);
		if (count == limit)
			run->more = true;
	}
}

void
RunClocks(int limit, ClockRun *run)
{
	TimestampTz now = GetCurrentTimestamp();
	DueClock *due;
	uint64 count;

	memset(run, 0, sizeof(*run));
	run->busy = !TryOwnLock(OwnLockKey(JOB_LOCK));
	if (run->busy)
		return;
	/* deadlines first, so that nobody is told of one that a holiday has put off */
	Recompute(limit, now, run);
	due = FindDue(now, limit, &count);
	WorkAll(WorkDue, due, count, now, run);
	run->more = run->more || count == limit;
	due = FindOver(now, limit, &count);
	WorkAll(WorkOver, due, count, now, run);
}
