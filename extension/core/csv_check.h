/*
 * How large a table in CSV of a request may be, so that the statements that read it end in the time of a
 * request. SQL functions that load a table take any size.
 */
#ifndef CBD_CSV_CHECK_H
#define CBD_CSV_CHECK_H

#include "core/error_list.h"

#define CSV_ROWS_MAX    5000  /* below the first line */
#define CSV_COLUMNS_MAX 16384 /* as many as a spreadsheet has */

/* Adds 42204 at /csv when there are more. What is wrong with the form is told by who reads it. */
extern void CheckCsvSize(ErrorList *errors, const char *csv);

#endif
