/*
 * Jobs: requests for a result that takes longer than a caller waits.
 *
 *   JobCreate() --> waiting --JobClaim(), committed--> running --JobRun()--> done, failed
 *                      \--JobCancel()--> cancelled <--JobCancel()--/     done --maintain()--> expired
 *
 * A claim. JobClaim() marks the job as running, with the number of the claim, and commits. JobRun() then
 * holds a lock of the job (core/own_lock.h) in its transaction: it ends with the session, however that ends.
 * A job that is running and whose lock is free has lost its runner, and is claimed again; a runner that lost
 * its claim meanwhile finds another number, and stops. No time is guessed. Result and state are written in
 * the transaction of the run: they are there together, once.
 *
 * Cancelling. The lock tells the process that runs the job. Whoever cancels updates the job's row first: the
 * run ends with an update of the same row, so that it is still the run, and waits, when the signal arrives.
 * It hits nothing else.
 *
 * Progress is kept where the server shows progress (st_progress_param of the session's entry in
 * pg_stat_activity): seen at once by everybody, without a transaction, and gone with the session.
 */
#ifndef CBD_JOB_H
#define CBD_JOB_H

#include "postgres.h"

#include "analysis/algorithm.h"
#include "core/caller.h"

/* A job as its caller knows it. */
typedef struct Job
{
	int64 job_no;
	char *job_id;
	char *algorithm;
	int level; /* of the algorithm */
	int32 app_id;
	int64 account_id; /* 0: of no operator */
	char *state;
	char *created_at, *started_at, *ended_at, *keep_until; /* yyyyMMddHHmmss; NULL: not yet */
	int64 keep_seconds;                                    /* until then; 0 or less: past */
	double progress;                                       /* 0 to 1; negative: nothing is known */
	int32 status_code;                                     /* why it failed; 0: it did not */
	char *message;                                         /* both languages */
	char *document;                                        /* only of JobResult() */
} Job;

/* The number of a caller's jobs that wait or run. SPI is connected for these. */
extern int64 JobsOpen(const Caller *caller);

/* Makes one that waits, or finds the caller's own that does for the same; its id. */
extern char *JobCreate(const Algorithm *algorithm, const AlgorithmValues *values, const Caller *caller);

/* The job of that id, whoever it belongs to; false: there is none. `document`: with its result, if it is
 * kept. */
extern bool JobFind(const char *job_id, bool document, Job *job);

/* Is it the caller's own? */
extern bool JobBelongsTo(const Job *job, const Caller *caller);

/* Cancels it; false: it has ended. */
extern bool JobCancel(int64 job_no);

/* Claims the next job; false: there is none. To be committed before it is run. */
extern bool JobClaim(int64 *job_no, int32 *claim);

/* Runs the claimed job; the state that it is in then, constant text, "lost": the claim is not in force any
 * more. */
extern const char *JobRun(int64 job_no, int32 claim);

/* Numbers of jobs: waiting, running, failed within a day. */
extern void JobFigures(int64 figures[3]);

/* How much of the job that runs in this session is done, 0 to 1; nothing where none runs. */
extern void JobTellProgress(double fraction);

/* The kept document that is still fresh for the request; NULL: none. */
extern char *KeptDocument(Datum digest);

/* Keeps a document; the number of the row. Seconds it serves others, days it is kept. */
extern int64 KeepDocument(const Algorithm *algorithm, Datum digest, const char *document,
						  const AlgorithmOutcome *outcome);

#endif
