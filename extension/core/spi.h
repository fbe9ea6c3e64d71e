/*
 * The one way to run SQL from C.
 *
 * A query is a static SpiQuery: constant text with $1..$n and the argument types. It is prepared on
 * first use and kept for the life of the backend. No value is ever formatted into the text. The word
 * @postgis@ (@pgcrypto@) in the text becomes the quoted schema that PostGIS (pgcrypto) lives in.
 *
 * Callers: SpiBegin(); SpiRun(...); SpiText(...)...; SpiEnd(). Every SQL function that gets here has
 * "SET search_path = pg_catalog, pg_temp", so that unqualified operators are PostgreSQL's own.
 * Values handed out are allocated in the memory context that was current at SpiBegin.
 */
#ifndef CBD_SPI_H
#define CBD_SPI_H

#include "postgres.h"
#include "executor/spi.h"

/* Most parameters of a kept statement. */
#define SPI_QUERY_ARGS 42

/* A statement with its kept plan; static where it is used. */
typedef struct SpiQuery
{
	const char *sql;
	int nargs;
	Oid types[SPI_QUERY_ARGS];
	SPIPlanPtr plan; /* kept; NULL until first use */
	bool by_index; /* planned without sequential scans: a plan made while the table was small must not stay */
	bool ordered; /* with by_index: planned without sorting too: rows come in the order of an index, so that a
					 LIMIT reads no more than it gives, however many there are */
	bool lazy;    /* what it writes may be lost in a crash: commit.h */
	bool generic; /* one plan for all values: where a planner that knows them finds no better one, and
					 planning at each run would cost more than the rest */
} SpiQuery;

extern void SpiBegin(void);
extern void SpiEnd(void);

/*
 * Runs a query with values[] and nulls[] (true = SQL null; may be NULL for none). `expected` is the SPI_OK_*
 * code that must come back (SPI_OK_SELECT, SPI_OK_INSERT, SPI_OK_UPDATE_RETURNING ...); anything else is an
 * internal error. `limit` 0 means all rows. Returns the number of rows processed. Sees the effects of earlier
 * commands.
 */
extern uint64 SpiRun(SpiQuery *query, const Datum *values, const bool *nulls, int expected, long limit);

/* The same for a query that only reads: uses the caller's snapshot, cheaper, sees no newer commits. */
extern uint64 SpiRead(SpiQuery *query, const Datum *values, const bool *nulls, long limit);

/* The same for a text that is made for this once, of constant words: planned with the values at hand. */
extern uint64 SpiReadOnce(const char *sql, int nargs, const Oid *types, const Datum *values, long limit);

/* A statement was run by SPI itself, beside the functions here: its result is the one that is read next. */
extern void SpiRan(void);

/* A copy of a text that was made between SpiBegin() and SpiEnd(), and must outlive SpiEnd(). */
extern char *SpiKeep(const char *text);

/* Column `col` (from 1) of row `row` (from 0) of the last result. Null gives NULL, 0, false. */
extern bool SpiIsNull(uint64 row, int col);
extern char *SpiText(uint64 row, int col); /* any type, by its output function */
extern int32 SpiInt32(uint64 row, int col);
extern int64 SpiInt64(uint64 row, int col);
extern bool SpiBool(uint64 row, int col);
extern double SpiDouble(uint64 row, int col);
extern Datum SpiDatum(uint64 row, int col, bool *isnull);    /* copied out */
extern char **SpiTextArray(uint64 row, int col, int *count); /* of a text[]; null gives no element */

/* The schema of an extension, NULL when it is not installed. */
extern char *ExtensionSchema(const char *name);

#endif
