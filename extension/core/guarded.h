/*
 * Work in a subtransaction: an error undoes it, and is told to the caller instead of ending the statement.
 *
 *   RunGuarded() --work--> true: kept
 *                      \-> false: undone, as it asked for
 *                      \-> an error: undone; told, or, where `passes` says so, raised again
 *
 * Each costs a subtransaction, so work that mostly goes well is done together, and one by one only after an
 * error. Memory of the work and the error are of the context that was current; the error is freed by
 * FreeErrorData(), or with the context.
 */
#ifndef CBD_GUARDED_H
#define CBD_GUARDED_H

#include "postgres.h"

/* The work; false: what it wrote is undone. */
typedef bool (*GuardedWork)(void *state);

/* Is the error raised again? What was written is undone by then. */
typedef bool (*GuardedPasses)(const ErrorData *error, void *state);

typedef enum GuardedEnd
{
	GUARDED_KEPT,
	GUARDED_UNDONE,
	GUARDED_FAILED
} GuardedEnd;

/* Errors that end a statement, whoever could catch them: the client or the server wants its end, there is no
 * room, or its snapshot is of no use any more. */
extern bool EndsStatement(const ErrorData *error, void *unused);

/* Runs work(state). *error: what was raised (GUARDED_FAILED), else NULL. */
extern GuardedEnd RunGuarded(GuardedWork work, void *state, GuardedPasses passes, ErrorData **error);

#endif
