/* What the files of jobs share among themselves: the runner's process. */
#ifndef CBD_JOB_INNER_H
#define CBD_JOB_INNER_H

#include "postgres.h"

/* How much of the job is done, 0 to 1, as its runner tells; negative: nothing is known. */
extern double JobProgress(int64 job_no);

/* Takes the lock of the job to the end of the transaction; false: another transaction holds it. */
extern bool JobHold(int64 job_no);

/* The session's entry shows this job, or (0) none. */
extern void JobShow(int64 job_no);

/* Stops the process that runs the job, if one does. The caller has updated the job's row, not yet committed.
 */
extern void SignalRunner(int64 job_no);

#endif
