/*
 * Runs the jobs of the algorithm service (extension/analysis/job.h): analysis_jobs threads, each with a
 * database connection of its own, so that a job of an hour holds nobody up.
 *
 *   rest_job_claim() --a job--> rest_job_run() --its state--> the next one
 *                    --none--> analysis_interval, or a wake
 *
 * A runner that is killed leaves nothing to be cleared up: its session ends when the server sees that the
 * client is gone (client_connection_check_interval), and with it the claim. Stopping the bridge cancels what
 * runs, and the job waits for another runner.
 */
#ifndef BRIDGE_ANALYSIS_H
#define BRIDGE_ANALYSIS_H

#include <stdbool.h>

#include "base/text.h"

/* Before any worker, and after all of them. */
extern bool AnalysisStart(void);
extern void AnalysisStop(void);

/* A job was made. Any thread, cheap. */
extern void AnalysisWake(void);

/* Appends the metrics. */
extern void AnalysisMetrics(Text *text);

#endif
