/*
 * Tables whose rows are kept: the history of cases, cases themselves, saved processes.
 *
 *   UPDATE, DELETE, TRUNCATE --trigger kept_rows()--> error 40931, whoever it is
 *   KeptRun(a statement of this extension) --------> done: erasing a person, archiving, purging
 *
 * The permission is a variable of this library that is set for exactly one statement: nothing that a session
 * can set gives it. A superuser who means it disables the trigger.
 */
#ifndef CBD_KEPT_ROWS_H
#define CBD_KEPT_ROWS_H

#include "postgres.h"

#include "core/spi.h"

/* SpiRun() of a statement that may change kept rows, with all that it calls. */
extern uint64 KeptRun(SpiQuery *query, const Datum *values, const bool *nulls, int expected, long limit);

#endif
