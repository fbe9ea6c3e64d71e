/*
 * The clock job: what time alone does to cases. Called each 30 s by the bridge (rest_run_clocks()), or by
 * anybody who keeps house (run_clocks()).
 *
 *   suspension over    -> both clocks go on from its end, step "resume"
 *   point passed       -> warning time, deadline, each further limit: step "escalate" for who is to be told
 *   calendar loaded    -> deadlines by another version of their calendar are worked out again
 *
 * Every read is right without it (clock.h): it only tells people, and keeps work lists in order. One job
 * works at a time. A case whose row is locked, by a step that is under way, is left for the next time. An
 * error of one case undoes that case alone.
 */
#ifndef CBD_CLOCK_JOB_H
#define CBD_CLOCK_JOB_H

#include "postgres.h"

/* What a run did. */
typedef struct ClockRun
{
	bool busy; /* another one works: nothing was done */
	int escalated;
	int resumed;
	int recomputed;
	int failed;
	bool more; /* a portion was full: there may be more to do at once */
} ClockRun;

/* Works on at most `limit` cases of each sort, above 0. */
extern void RunClocks(int limit, ClockRun *run);

#endif
