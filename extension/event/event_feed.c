/*
 * GET /events?since=: events written at that time or later, none skipped, each at least once.
 *
 * A transaction that is still open may commit a row whose update_time lies before that of rows already handed
 * out. So only rows older than every open writing transaction are shown (the horizon): update_time is the
 * clock read after the transaction got its number (xid), hence not before the transaction's start. Who has no
 * number yet will read the clock later than we do. Times are told in whole seconds, so a page ends with a
 * whole second; where more than PAGE_ROWS_MAX were written in one, it ends within it, and nextSince is a
 * place (time_microseconds_recID) instead of a time.
 *
 * Archiving a case does not change it: it keeps its update_time and its place in the feed.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/interval.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "event/event_case.h"
#include "text/decimal.h"

/* Cases of a page. */
#define PAGE_ROWS     200
#define PAGE_GROWTH   5
#define PAGE_ROWS_MAX (PAGE_ROWS * PAGE_GROWTH * PAGE_GROWTH * PAGE_GROWTH) /* of one second */

/* Between the parts of a place. */
#define PLACE_MARK '_'

#if PG_VERSION_NUM >= 160000
#define LocalEntry(i) pgstat_get_local_beentry_by_index(i)
#else
#define LocalEntry(i) pgstat_fetch_stat_local_beentry(i)
#endif

/* The start of the oldest open transaction of a client that has written, else now. */
static TimestampTz
Horizon(void)
{
	TimestampTz horizon = GetCurrentTimestamp();
	int count = pgstat_fetch_stat_numbackends();

	for (int i = 1; i <= count; i++)
	{
		LocalPgBackendStatus *entry = LocalEntry(i);
		PgBackendStatus *status;

		if (entry == NULL || !TransactionIdIsValid(entry->backend_xid))
			continue;
		status = &entry->backendStatus;
		/* vacuum and the like write no events, and take long */
		if (status->st_databaseid != MyDatabaseId || status->st_procpid == MyProcPid ||
			(status->st_backendType != B_BACKEND && status->st_backendType != B_BG_WORKER))
			continue;
		if (status->st_xact_start_timestamp != 0 && status->st_xact_start_timestamp < horizon)
			horizon = status->st_xact_start_timestamp;
	}
	return horizon;
}

/* Rounded down, before 2000 too. */
static TimestampTz
WholeSecond(TimestampTz value)
{
	TimestampTz rest = value % USECS_PER_SEC;

	return rest < 0 ? value - rest - USECS_PER_SEC : value - rest;
}

/* The part of a place that begins at *text, a number below `limit`, and what follows it; false: it is none.
 */
static bool
PlacePart(const char **text, char end, int64_t limit, int64_t *value)
{
	const char *mark = strchr(*text, end);

	if (mark == NULL || mark == *text || !DecimalRead((Span){*text, (size_t) (mark - *text)}, 10, value) ||
		*value >= limit)
		return false;
	*text = mark + (end != '\0');
	return true;
}

void
ReadFeedPlace(const char *text, FeedPlace *place, ErrorList *errors)
{
	const char *mark = strchr(text, PLACE_MARK);
	size_t length = mark != NULL ? (size_t) (mark - text) : strlen(text);
	const char *rest = mark != NULL ? mark + 1 : NULL;
	int64_t microseconds = 0;
	int64_t rec_id = 0;
	TimePointText point;
	ParseError error;

	if (!time_point_parse(text, length, &point, &error) || !TimePointValue(&point, &place->time, &error))
		ErrorPrint(errors, false, "/since", CBD_INVALID_TIME,
				   "\"%s{value}\" is not a time: %s{why*} (character %zu{position}). %s{hint*}",
				   ShortText(text, strlen(text)), error.message, error.position, error.hint);
	else if (rest != NULL && (!PlacePart(&rest, PLACE_MARK, USECS_PER_SEC, &microseconds) ||
							  !PlacePart(&rest, '\0', (int64_t) PG_INT32_MAX + 1, &rec_id)))
		ErrorPrint(errors, false, "/since", CBD_INVALID_TIME,
				   "\"%s{value}\" is not a place of the feed; pass nextSince of the page before as it is",
				   ShortText(text, strlen(text)));
	else
		*place = (FeedPlace){place->time + microseconds, (int32) rec_id};
}

/*
 * The rows from `since` until before `until` in order of time, at most `limit`: of one sender, of the
 * application's senders, or of every sender for a caller with a grant that has none. Each sender's rows come
 * from the index in order, so that a sender who is silent costs nothing.
 */
static uint64
FeedRows(const CaseReader *reader, const FeedPlace *since, TimestampTz until, const char *sender, int limit)
{
	static SpiQuery query = {
		"SELECT " CASE_COLUMNS ", e.update_time FROM "
		"(SELECT s.sender_code FROM citybigdata.sender s WHERE $1 IS NULL AND (s.app_id "
		"OPERATOR(pg_catalog.=) $2 OR "
		"$3 AND NOT EXISTS (SELECT FROM citybigdata.sender o WHERE o.app_id OPERATOR(pg_catalog.=) $2)) "
		"UNION ALL SELECT $1 WHERE $1 IS NOT NULL) s CROSS JOIN LATERAL "
		"(SELECT r.* FROM " ALL_EVENTS " r WHERE r.sender_code OPERATOR(pg_catalog.=) s.sender_code "
		"AND r.update_time OPERATOR(pg_catalog.>=) $4 AND r.update_time OPERATOR(pg_catalog.<) $5 "
		"AND (r.update_time OPERATOR(pg_catalog.>) $4 OR r.rec_id OPERATOR(pg_catalog.>) $7) "
		"ORDER BY r.update_time, r.rec_id LIMIT $6) e ORDER BY e.update_time, e.rec_id LIMIT $6",
		7,
		{TEXTOID, INT4OID, BOOLOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID, INT4OID},
		NULL,
		true};
	Datum values[7] = {sender == NULL ? (Datum) 0 : CStringGetTextDatum(sender),
					   Int32GetDatum(reader->call->caller.app_id),
					   BoolGetDatum(reader->granted),
					   TimestampTzGetDatum(since->time),
					   TimestampTzGetDatum(until),
					   Int32GetDatum(limit),
					   Int32GetDatum(since->rec_id)};
	bool nulls[7] = {sender == NULL};

	/* not the statement's snapshot: that may be older than the horizon */
	return SpiRun(&query, values, nulls, SPI_OK_SELECT, 0);
}

/* The page in the last result; *next is where the following one starts. Returns the number of rows that
 * belong to it. */
static uint64
PageRows(uint64 count, int limit, TimestampTz until, TimestampTz *next)
{
	TimestampTz last;
	uint64 rows = count;

	*next = WholeSecond(until);
	if (count < limit)
		return count;
	/* cut: what was written in the second of the last row may not be complete */
	last = WholeSecond(SpiInt64(count - 1, CASE_EXTRA_COLUMN));
	while (rows > 0 && SpiInt64(rows - 1, CASE_EXTRA_COLUMN) >= last)
		rows--;
	*next = last;
	return rows;
}

/* The page: its rows are in the last result, and *next is where the following one starts. Returns the number
 * of rows. */
static uint64
ReadFeed(const CaseReader *reader, const FeedPlace *since, TimestampTz until, const char *sender,
		 FeedPlace *next)
{
	uint64 count = 0;
	uint64 rows = 0;
	int limit = PAGE_ROWS;

	for (;;)
	{
		count = FeedRows(reader, since, until, sender, limit);
		next->rec_id = 0;
		rows = PageRows(count, limit, until, &next->time);
		if (rows > 0 || count < limit)
			return rows;
		if (limit == PAGE_ROWS_MAX)
			break;
		limit *= PAGE_GROWTH;
	}
	/* a second with more than the largest page: the page ends within it */
	*next = (FeedPlace){SpiInt64(count - 1, CASE_EXTRA_COLUMN), SpiInt32(count - 1, 1)};
	return count;
}

/* nextSince: a time, or a place as text. */
static void
WriteNext(StringInfo out, const FeedPlace *next, const CaseFormat *format)
{
	TimestampTz second = WholeSecond(next->time);
	StringInfoData time;

	if (next->rec_id == 0)
	{
		WriteCaseTime(out, second, format);
		return;
	}
	initStringInfo(&time);
	WriteCaseTime(&time, second, format);
	if (time.data[0] == '"')
	{
		time.data[time.len - 1] = '\0';
		time.data++;
	}
	appendStringInfo(out, "\"%s%c%d%c%d\"", time.data, PLACE_MARK, (int) (next->time - second), PLACE_MARK,
					 next->rec_id);
}

char *
FeedData(const CaseReader *reader, const FeedPlace *since, const char *sender)
{
	TimestampTz until = Horizon();
	FeedPlace next = *since;
	StringInfoData out;
	CaseRow *cases;
	uint64 rows = 0;
	uint64 shown = 0;
	bool projected = true;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"items\":[");
	SpiBegin();
	if (since->time < until && (sender == NULL || MaySee(reader, sender)))
		rows = ReadFeed(reader, since, until, sender, &next);
	/* a page without end never goes back within its second */
	if (next.rec_id == 0 && next.time < since->time)
		next = *since;
	cases = palloc0(sizeof(CaseRow) * (rows + 1));
	for (uint64 i = 0; i < rows && projected; i++)
		if (MaySeeCase(reader, i))
			projected = ReadCase(i, reader, &cases[shown++]);
	for (uint64 i = 0; i < shown && projected; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		WriteCase(&out, &cases[i], &reader->format);
	}
	SpiEnd();
	appendStringInfoString(&out, "],\"nextSince\":");
	WriteNext(&out, &next, &reader->format);
	if (shown > 0)
		WriteCaseTables(&out);
	appendStringInfoChar(&out, '}');
	return projected ? out.data : NULL;
}
