/*
 * One new row into a table of ours, for tables that every report writes to.
 *
 * A statement's plan is kept, but the executor is set up for it anew each time: all indexes are described
 * again, CHECK constraints and conditions of partial indexes are read from their stored text and compiled.
 * For a small row that costs several times what writing it does. Here this is done once per backend, until
 * the table changes:
 *
 *   RowInsert --the table has only what is known here?--> NOT NULL, CHECK --> the row --> its index entries
 *             \--no: false--> the caller runs its statement
 *
 * What the statement would check is checked. What only the executor can do (triggers, row security,
 * partitions, generated columns, deferrable keys, defaults that are not constant) makes RowInsert() return
 * false before anything is written.
 *
 * With an arbiter the row is written as ON CONFLICT writes it: speculatively, and taken back when that index
 * has an entry of the same key, or may soon have one. Then, too, the caller runs its statement, which waits
 * for the other session and decides.
 *
 * Ownership: the description of a table lives in a context of its own as long as the backend, or until the
 * table changes. Errors: those that the statement would raise (23502, 23505, 23514).
 */
#ifndef CBD_ROW_INSERT_H
#define CBD_ROW_INSERT_H

#include "postgres.h"

/* How rows are written into one table; of row_insert.c. */
typedef struct InsertPlan InsertPlan;

/* A table of schema citybigdata, and the columns that the caller gives; those that it does not name get their
 * default. Static; found by name once per backend. */
typedef struct InsertTable
{
	const char *table;
	const char *columns; /* names between commas, as in a statement */
	const char *arbiter; /* index of a unique key whose conflict is the caller's; NULL: none, a conflict is an
							error */
	/* of row_insert.c */
	InsertPlan *plan; /* NULL: not made yet */
	bool stale;       /* the table has changed since */
	struct InsertTable *next;
} InsertTable;

/* Writes a row; values[] and nulls[] (true: null) in the order of the columns. False: no row is there, a
 * statement must do it. Later commands of the transaction see the row. */
extern bool RowInsert(InsertTable *table, const Datum *values, const bool *nulls);

#endif
