/*
 * Cleaning: a record of an import, put right by the rules of its data set.
 *
 *   record (jsonb) --ReadRecord--> cells --one rule after another--> cells --> cleaned record
 *                                                        \--> errors: what no rule could put right
 */
#ifndef CBD_CLEAN_H
#define CBD_CLEAN_H

#include "postgres.h"
#include "utils/jsonb.h"

/*
 * The cleaned record. *errors: a JSON array of {column, rule, reason}, palloc'd; NULL: the record is good.
 * Raises what is wrong with the rules themselves, which a publisher wrote.
 */
extern Jsonb *CleanRow(Jsonb *row, Jsonb *rules, char **errors);

#endif
