/* A dataset of the data layer as C sees it: its table, and as whom that is written and read. */
#ifndef CBD_DATASET_H
#define CBD_DATASET_H

#include "postgres.h"

/* A dataset of ingest(): its table, and the key that records are matched by. */
typedef struct Dataset
{
	Oid role; /* the table's owner, who defined it */
	Oid relation;
	Datum schema;
	Datum name;
	Datum key;
	bool no_key;
} Dataset;

/*
 * Raises when it is not defined, or its table is gone, another one, or not wholly its owner's any more. The
 * table is locked for writing rows to the end of the transaction. Needs an SPI connection and the owner's
 * rights.
 */
extern void FindDataset(const char *code, Dataset *dataset);

#endif
