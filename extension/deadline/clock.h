/*
 * Clocks of cases (clause 4): how much of its time a case has used, and when that is over.
 *
 *   step      --ClockStart, ClockPause, ClockResume, ClockExtend, ClockStop, ClockRestart-->  table
 * case_clock reader    --ClockRead, ClockLight-->  deadline and light, right at `now` without any
 * housekeeping clock job --RunClocks(), each 30 s-->  ends suspensions that are over, escalates;
 * ClockStepHook tells steps
 *
 * Words. The stage clock is of the stage that a case is in, the chain clock (捆绑) of the whole way since it
 * was filed. The budget is the time that it may use, consumed what it had used when it began to run the last
 * time (running_since). A clock runs, stands (a suspension 挂账, until an instant at which it goes on by
 * itself), or is stopped. It is late from its deadline on, and then stays late. A rung is a step of
 * escalation.
 *
 * Times used are microseconds: of working time by the clock's calendar, or of time that passes (紧急).
 * Deadline and warning time are stored, and derived anew by whatever changes the clock. While it stands they
 * are those that it has when it goes on at the suspension's end, so that a reader needs only compare.
 *
 * Who calls has locked the case's row (table event, FOR UPDATE) before: rows of clocks are locked after it,
 * in the order stage, chain. All open SPI by themselves and run as the extension's owner. `now` and `at` are
 * the time of the step: the same instant as its step_time in the history, by which facts are recounted.
 */
#ifndef CBD_CLOCK_H
#define CBD_CLOCK_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "utils/numeric.h"

#include "core/status.h"

/* Extensions 延期 of a clock that may be granted. */
#define CLOCK_EXTENSIONS 2

/* No instant: a deadline that there is none of. */
#define CLOCK_NEVER DT_NOEND

typedef enum ClockKind
{
	CLOCK_STAGE,
	CLOCK_CHAIN
} ClockKind;

/* What a case shows; NONE: it has no clock, or that is stopped. */
typedef enum Light
{
	LIGHT_NONE,
	LIGHT_GREEN,
	LIGHT_YELLOW, /* after the warning time */
	LIGHT_RED,    /* after the deadline */
	LIGHT_PAUSED
} Light;

/* How long a clock may run. */
typedef struct ClockLimit
{
	const char *calendar; /* NULL: the default one */
	Numeric amount;       /* above 0 */
	int unit;             /* LimitUnit (calendar/calendar.h) */
	double warning_share; /* above 0, to 1; 0: CLOCK_WARNING_SHARE */
} ClockLimit;

#define CLOCK_WARNING_SHARE 0.75

/* A clock at an instant. */
typedef struct ClockState
{
	bool exists; /* else all is zero */
	bool standing;
	bool stopped;
	bool running_time;    /* its times are not of working time */
	bool late;            /* the deadline has passed, or had when it was stopped */
	bool guessed;         /* the deadline lies in a year whose holidays are not known: warn with 42232 */
	int extensions;       /* that were granted */
	TimestampTz deadline; /* CLOCK_NEVER: none */
	TimestampTz warning_time;
	TimestampTz resumes_at; /* when it goes on by itself; CLOCK_NEVER: it does not stand, or without an end */
	TimestampTz stopped_at; /* CLOCK_NEVER: it is not stopped */
	int64 budget;           /* microseconds */
	int64 consumed;         /* microseconds, until the instant */
	int64 remaining;        /* microseconds, below zero when late in working time */
} ClockState;

/*
 * Starts a clock of that kind, in place of one that there was. CBD_OK; 40409 no such calendar; 42205 unit;
 * 42204 an amount not above zero, a warning share that is none, or a deadline beyond the calendar's years:
 * nothing is changed then.
 */
extern CbdStatus ClockStart(int32 rec_id, ClockKind kind, const ClockLimit *limit, TimestampTz now,
							ClockState *out);

/*
 * Both clocks stand until an instant, at which they go on by themselves; a new end replaces the one before.
 * CBD_OK, also when there is no clock; 42261: the end does not lie after `now` and within a year.
 */
extern CbdStatus ClockPause(int32 rec_id, TimestampTz now, TimestampTz until);

/* Both clocks stand without an end, until ClockResume(). */
extern void ClockHold(int32 rec_id, TimestampTz now);

/* May a suspension end then? CBD_OK or 42261, as ClockPause() judges, for those who only ask for one. */
extern CbdStatus ClockSuspensionEnd(TimestampTz now, TimestampTz until);

/* Both clocks go on now, or did when their suspension had ended before. */
extern void ClockResume(int32 rec_id, TimestampTz now);

/* Stops a clock; out->late: it was over its deadline. False: there is none, or it was stopped before. */
extern bool ClockStop(int32 rec_id, ClockKind kind, TimestampTz at, ClockState *out);

/* A stopped clock goes on with what is left, after a case was reopened. False: there is none that is stopped.
 */
extern bool ClockRestart(int32 rec_id, ClockKind kind, TimestampTz at);

/*
 * One more original limit for the stage clock, and as much for the chain clock; for the chain clock alone
 * when no stage clock runs. CBD_OK; 40960 late already; 40961 two were granted; 40962 no clock runs.
 */
extern CbdStatus ClockExtend(int32 rec_id, TimestampTz now, ClockState *out);

/* The clock as it is now, be the case archived; false: there is none. */
extern bool ClockRead(int32 rec_id, ClockKind kind, TimestampTz now, ClockState *out);

/* The light of a clock at an instant. */
extern Light ClockLight(const ClockState *state, TimestampTz now);

/* The light of a case: of its stage clock, or of its chain clock when no stage clock runs or stands. */
extern Light CaseLight(const ClockState *stage, const ClockState *chain, TimestampTz now);

/* "green", "yellow", "red", "paused"; NULL for LIGHT_NONE. */
extern const char *LightName(Light light);

/* What the clock job found, for the step that it writes. */
typedef struct ClockEvent
{
	int32 rec_id;
	const char *action; /* "escalate"; "resume": a suspension is over, the clocks go on already */
	ClockKind kind;
	const char *at;   /* "yellow", "red", "again"; NULL for resume */
	int rung;         /* from 1; of "again": 3 and more, one for each further limit; 0 for resume */
	const char *role; /* roles that are to be told, "unit, handler"; NULL for resume */
	TimestampTz due;  /* when it should have happened */
	TimestampTz now;
} ClockEvent;

/*
 * Set by the chapter of steps: writes the step into the history and changes the case's row (suspended_until,
 * work list). Called in the job's transaction, after the clock was changed, with the case's row locked. An
 * error that it raises undoes this case alone, which is tried again ten minutes later.
 */
typedef void (*ClockStepHookType)(const ClockEvent *event);
extern ClockStepHookType ClockStepHook;

/* Called before it for each point that a clock passes, whether or not anybody is told by a step; role is
 * NULL. For chapters above (callback/); NULL: none. */
extern ClockStepHookType ClockPassedHook;

/* Set by the chapter of facts: a clock was started or goes on by start_clock() or restart_clock(), outside of
 * a step. Called in that transaction, with the case's row locked. */
extern void (*ClockStartedHook)(int32 rec_id);

#endif
