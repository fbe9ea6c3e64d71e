/*
 * Rows of table case_fact. Callers have SPI connected.
 */
#ifndef CBD_FACT_ROW_H
#define CBD_FACT_ROW_H

#include "indicator/fact_fold.h"

/* The row of a case; false: there is none. */
extern bool FactRowRead(int32 rec_id, CaseFacts *facts);

/* Writes the row, or makes it; of a case that there is, else nothing. */
extern void FactRowStore(int32 rec_id, const CaseFacts *facts);

#endif
