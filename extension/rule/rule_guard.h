/*
 * Work that may fail without the report: in a subtransaction of its own. What ends the statement (a
 * cancellation, a time-out, no memory) still ends it.
 */
#ifndef CBD_RULE_GUARD_H
#define CBD_RULE_GUARD_H

#include "postgres.h"

#include "core/status.h"

/* The work; not CBD_OK: what it wrote is undone. *message: more than the status says, or NULL. */
typedef CbdStatus (*RuleWork)(void *state, char **message);

/* Runs it. An error of the database is CBD_RULE_ERROR with its message, the end of a time budget that runs
 * (core/time_budget.h) is CBD_RULE_TIME. */
extern CbdStatus RuleGuarded(RuleWork work, void *state, char **message);

#endif
