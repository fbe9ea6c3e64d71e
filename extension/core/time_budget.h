/*
 * A limit for the time of work within a statement: what runs beyond it is interrupted as a cancel request
 * would do it (ERRCODE_QUERY_CANCELED). One at a time: whoever begins ends it, in any case; a second one
 * within the first is an internal error.
 *
 *   TimeBudgetBegin(250); PG_TRY: work; PG_CATCH: was it us? TimeBudgetSpent(); finally TimeBudgetEnd()
 */
#ifndef CBD_TIME_BUDGET_H
#define CBD_TIME_BUDGET_H

#include "postgres.h"

/* Milliseconds from now. */
extern void TimeBudgetBegin(int milliseconds);

/* A timer that fired too late to interrupt anything is forgotten. */
extern void TimeBudgetEnd(void);

/* Does one run? */
extern bool TimeBudgetRuns(void);

/* Was the one that runs, or ran last, spent? */
extern bool TimeBudgetSpent(void);

#endif
