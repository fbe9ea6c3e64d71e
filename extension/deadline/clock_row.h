/*
 * A row of table case_clock in memory, and the arithmetic of clocks on it.
 *
 *   ClockRowRead() --change running_since, consumed, budget ...--> ClockRowDerive() --> ClockRowStore()
 *
 * Instants that the row has not are CLOCK_NEVER. A row lives in the memory context of who read it.
 */
#ifndef CBD_CLOCK_ROW_H
#define CBD_CLOCK_ROW_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "utils/numeric.h"

#include "core/status.h"
#include "deadline/clock.h"

/* Further limits after the deadline at which a process may have a rung, at most. */
#define CLOCK_FURTHER_LIMITS 99

/* Points that a clock passes, as column escalations counts them. */
#define CLOCK_POINT_YELLOW 0
#define CLOCK_POINT_RED    1
#define CLOCK_POINT_AGAIN  2 /* and following */

typedef struct ClockRow
{
	int32 rec_id;
	ClockKind kind;
	char *calendar;
	bool running; /* 紧急 */
	Numeric limit_amount;
	int limit_unit;
	int64 limit_time;
	int64 budget;
	int64 warning; /* of the budget, after which the light is yellow */
	int64 consumed;
	TimestampTz started_at;
	TimestampTz running_since;
	TimestampTz resumes_at;
	TimestampTz stopped_at;
	TimestampTz deadline;
	TimestampTz warning_time;
	int extensions;
	int64 calendar_version;
	bool guessed;
	TimestampTz next_due;
	int escalations; /* points passed */
} ClockRow;

/* "stage", "chain". */
extern const char *ClockKindName(ClockKind kind);

/* A clock that begins to run at `now`, derived and not stored; statuses as ClockStart(). */
extern CbdStatus ClockRowBegin(int32 rec_id, ClockKind kind, const ClockLimit *limit, TimestampTz now,
							   ClockRow *row);

/* Stores a clock that ClockRowBegin() made, in place of one that there was, which is stopped. */
extern void ClockRowStart(const ClockRow *row, ClockState *out);

/* The row; `lock`: for update, as it is now. False: there is none. */
extern bool ClockRowRead(int32 rec_id, ClockKind kind, bool lock, ClockRow *row);

/* The row of an archived case, of which nothing changes any more. */
extern bool ClockRowReadArchived(int32 rec_id, ClockKind kind, ClockRow *row);

/* Writes the row, in place of one of its key. */
extern void ClockRowStore(const ClockRow *row);

/* The same for the first clock of a new case: there is none that it could replace. */
extern void ClockRowStoreNew(const ClockRow *row);

/*
 * Works deadline, warning time and next_due out again, from the instant at which the clock runs or goes on.
 * What is over already stays as it was: a clock that was late stays late. CBD_OK; 40409, 42204: nothing is
 * changed.
 */
extern CbdStatus ClockRowDerive(ClockRow *row);

/* Time of the clock's measure between two instants. */
extern int64 ClockRowElapsed(const ClockRow *row, TimestampTz from, TimestampTz to);

/* Is it stopped? Does it stand at `now`? Has it gone on by itself meanwhile, though the row does not say so?
 */
extern bool ClockRowStopped(const ClockRow *row);
extern bool ClockRowStands(const ClockRow *row, TimestampTz now);
extern bool ClockRowOverslept(const ClockRow *row, TimestampTz now);

/* Since when it runs, as of `now`; CLOCK_NEVER: it does not. */
extern TimestampTz ClockRowRunsSince(const ClockRow *row, TimestampTz now);

/* Is the deadline over at `now`, or was it at the stop? */
extern bool ClockRowLate(const ClockRow *row, TimestampTz now);

/* The state of a row at an instant. */
extern void ClockRowState(const ClockRow *row, TimestampTz now, ClockState *out);

#endif
