/*
 * A limit for the memory that work within a statement may take beyond what the session has when it begins:
 * an allocation beyond it fails as it does on a machine that has no more (ERRCODE_OUT_OF_MEMORY), so the
 * session goes on. PostgreSQL has no such limit of its own.
 *
 *   MemoryBudgetBegin(512); PG_TRY: work; finally MemoryBudgetEnd()
 *
 * It is the limit of the process for private data (RLIMIT_DATA): shared buffers and files in memory do not
 * count, workers of parallel plans have limits of their own, so that whoever sets one plans without them. On
 * systems that do not tell how much a process has (no /proc) there is no limit.
 */
#ifndef CBD_MEMORY_BUDGET_H
#define CBD_MEMORY_BUDGET_H

#include "postgres.h"

/* Megabytes from now. One at a time. */
extern void MemoryBudgetBegin(int megabytes);
extern void MemoryBudgetEnd(void);

#endif
