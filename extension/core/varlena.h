/* The macros of varlena (VARDATA, VARSIZE and their kind), which postgres.h has before PostgreSQL 16. Comes
 * first behind postgres.h: some of its own headers use them. */
#ifndef CBD_VARLENA_H
#define CBD_VARLENA_H

#include "postgres.h"

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#endif
