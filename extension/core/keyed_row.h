/*
 * One row by its unique key, for tables that every request reads.
 *
 * Nothing of a row is kept between calls but its place (the page's buffer and the line in it): what was found
 * there last time is looked at again, and taken only when the running snapshot sees it and it has the key.
 * Since a key is unique, that is then the row that the index would have led to; whatever else lies there, the
 * index is asked. So a row's place can be wrong, old or somebody else's and costs time only: what a
 * transaction has committed is seen by the next statement.
 */
#ifndef CBD_KEYED_ROW_H
#define CBD_KEYED_ROW_H

#include "postgres.h"
#include "access/attnum.h"
#include "access/htup.h"
#include "datatype/timestamp.h"
#include "storage/buf.h"
#include "utils/relcache.h"

/* Most columns that a table's reader names. */
#define KEYED_COLUMNS 50
#define KEYED_KEYS    3

/* Where a row was found last time. */
typedef struct RowPlace RowPlace;

/* A table of schema citybigdata, a unique index of it, and the columns that are read. Static; found by name
 * once per backend. */
typedef struct KeyedTable
{
	const char *table;
	const char *index;
	const char
		*columns[KEYED_COLUMNS]; /* NULL-terminated unless full; the caller numbers them in this order */
	/* of keyed_row.c */
	Oid relid; /* InvalidOid: what follows is not known, or not any more */
	Oid index_id;
	AttrNumber numbers[KEYED_COLUMNS];
	RowPlace *places; /* NULL until the first look-up */
	struct KeyedTable *next;
} KeyedTable;

/* One column of the key, in the order of the index; `column` is its number in the table's list. */
typedef struct RowKey
{
	int column;
	Oid type; /* INT4OID, INT8OID, TEXTOID, BYTEAOID */
	Datum value;
} RowKey;

/* A row that was found: its columns by their number in the KeyedTable, until RowClose(). */
typedef struct KeyedRow
{
	const KeyedTable *table;
	Relation rel;
	Buffer buffer; /* pinned: the tuple lies in it */
	Datum *values;
	bool *nulls;
} KeyedRow;

extern RowKey TextKey(int column, const char *text);
extern RowKey Int32Key(int column, int32 value);
extern RowKey Int64Key(int column, int64 value);
extern RowKey BytesKey(int column, Datum value);

/* Finds the row as the active snapshot sees it. False: there is none; RowClose() is due in both cases. */
extern bool RowOpen(KeyedRow *row, KeyedTable *table, const RowKey *keys, int count);
extern void RowClose(KeyedRow *row);

/* Between the two RowOpen() finds what is committed by now, and what the transaction itself has done so far,
 * as SpiRun() does. */
extern void RowsLatestBegin(void);
extern void RowsLatestEnd(void);

/* A column of the open row. Null gives 0, NULL, false; a reference points into the row's page: good until
 * RowClose(). */
extern Datum RowDatum(const KeyedRow *row, int column, bool *isnull);
extern int32 RowInt32(const KeyedRow *row, int column);
extern int64 RowInt64(const KeyedRow *row, int column);
extern bool RowBool(const KeyedRow *row, int column);
extern double RowFloat8(const KeyedRow *row, int column);
extern char *RowText(const KeyedRow *row, int column);                    /* a copy */
extern bool RowIs(const KeyedRow *row, int column, const char *expected); /* is the text exactly this? */
extern bool RowTime(const KeyedRow *row, int column, TimestampTz *time);  /* false: null */

/* Is the text among the elements of the text[]? */
extern bool ArrayHasText(Datum array, const char *wanted);

#endif
