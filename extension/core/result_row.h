/*
 * Rows that an SQL-callable function returns. The row type of each function is worked out once per backend:
 * that takes longer than most of what such functions do.
 */
#ifndef CBD_RESULT_ROW_H
#define CBD_RESULT_ROW_H

#include "postgres.h"
#include "fmgr.h"

/* The row of the function's result type. */
extern Datum ResultRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

#endif
