/*
 * One row by a unique index, without the planner.
 *
 * For look-ups on which the speed of every request depends: a plan made while a table was small, or had no
 * statistics, may scan the table or another index, and stays. Sees what is committed now, and the
 * transaction's own rows.
 */
#ifndef CBD_INDEX_LOOKUP_H
#define CBD_INDEX_LOOKUP_H

#include "postgres.h"
#include "executor/tuptable.h"

/* Most columns of a key. */
#define LOOKUP_KEYS 4

/*
 * Finds the row of citybigdata.<table> whose columns of citybigdata.<index> equal the texts keys[], and gives
 * it to `read`; the slot is gone afterwards. False: there is none.
 */
extern bool IndexLookup(const char *table, const char *index, const char *const *keys, int count,
						void (*read)(TupleTableSlot *slot, void *state), void *state);

/* False: citybigdata.<table> has never had a row since it was made or truncated. */
extern bool TableHasPages(const char *table);

/* A column of the row by name; null gives 0. */
extern Datum LookupColumn(TupleTableSlot *slot, const char *column, bool *isnull);

#endif
