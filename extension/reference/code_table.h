/*
 * Code tables 代码表 (clause 5.4.4-c): what a code means, and whether there is such a code.
 *
 *   citybigdata.code_table_row --code_table.c--> per-backend cache --> events, published data (expandCodes)
 *                              --code_table_rest.c--> GET /code-tables, GET /code-tables/{name}
 */
#ifndef CBD_CODE_TABLE_H
#define CBD_CODE_TABLE_H

#include "postgres.h"

/* Is the code known to a loaded code table; *table_empty tells an empty or missing table (accepts every
 * value). */
extern bool CodeTableHas(const char *table, const char *code, bool *table_empty);

/* What a code means, palloc'd; NULL when it is not in the table. */
extern char *CodeTableName(const char *table, const char *code);

#endif
