/*
 * Batch history: load_events() stores reports of past years, with what became of them.
 *
 *   relation --load_source.c--> HistoryRow --load_check.c--> HistoryCase, each with its errors
 *            --load_store.c--> event, event_media, event_step, case_fact; event_load_reject
 *   load_sql.c: the function, one batch after the other
 *
 * Words. A line is a row of the source: a report (table A.4) as JSON, and beside it what a report does not
 * have: state, receiveTime, closedTime, steps. A line is loaded, repeated (stored before with this content)
 * or rejected. The relation is read with the rights of who calls, all else is the owner's; in between
 * nothing of the relation's code runs.
 */
#ifndef CBD_LOAD_H
#define CBD_LOAD_H

#include "postgres.h"
#include "core/digest.h"
#include "event/event.h"
#include "utils/portal.h"

/* Lines of a batch, and bytes after which the next one is smaller. */
#define LOAD_LINES 1000
#define LOAD_BYTES (8 * 1024 * 1024)

/* A line as it came. NULL, or has_... false: the relation has no such column, or null. */
typedef struct HistoryRow
{
	int64 line;
	char *data;
	char *sender;
	char *steps; /* JSON text */
	bool has_state;
	int32 state;
	bool has_receive_time;
	TimestampTz receive_time;
	bool has_closed_time;
	TimestampTz closed_time;
} HistoryRow;

/* A step of a past case; texts NULL when absent. */
typedef struct HistoryStep
{
	TimestampTz time;
	char *action;
	int32 from_state;
	int32 to_state;
	char *by;
	char *note;
	char *result; /* pass or fail */
	char *from_stage;
	char *to_stage;
	char *by_role;
	char *by_unit;
	char *reason;
} HistoryStep;

/* A line that was read: a report, its fate, and what was found about both (report.errors). */
typedef struct HistoryCase
{
	const HistoryRow *row;
	const char *sender;
	EventReport report;
	int32 state;
	bool closed;
	TimestampTz closed_time;
	HistoryStep *steps;
	int step_count;
	uint8 digest[DIGEST_SIZE];
	StoredEvent stored;
} HistoryCase;

/* ---- reading (load_source.c): with the caller's rights ---- */

/* A relation being read. */
typedef struct LoadSource
{
	Oid relation;
	char *name;   /* qualified and quoted */
	bool staging; /* citybigdata.event_staging: the caller's own lines of it */
	int64 after;
	int64 portion; /* 0: all */
	bool has_line;
	Portal portal;
	int64 count; /* lines read */
	int next;    /* lines of the next batch */
} LoadSource;

/* Names it, from line `after` on, `portion` lines (0: all); raises what is wrong with it. */
extern void SourceName(LoadSource *source, Oid relation, int64 after, int64 portion);

/* Opens it; the lines that `caller` staged. SPI is connected, and stays so until the end. */
extern void SourceOpen(LoadSource *source, Oid caller);

/* The next lines, at most LOAD_LINES, allocated in `context`; 0: no more. */
extern int SourceNext(LoadSource *source, MemoryContext context, HistoryRow *rows);

/* ---- checking (load_check.c) ---- */

/* Reads and checks a line; what is wrong is in past->report.errors. `sender`: of lines that have none. */
extern void CheckHistory(const HistoryRow *row, const char *sender, bool egova, HistoryCase *past);

/* ---- storing (load_store.c) ---- */

/* One call of load_events(). */
typedef struct Load
{
	int64 load_id;
	int64 loaded;
	int64 repeated;
	int64 rejected;
	TimestampTz update_time; /* of the case stored last */
} Load;

/* Stores what is good of a batch, keeps the rest as rejected, and counts. Memory is the caller's to reset. */
extern void StoreHistory(Load *load, HistoryCase *cases, int count);

#endif
