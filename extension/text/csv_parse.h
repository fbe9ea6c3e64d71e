/*
 * Tables as CSV (RFC 4180) in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL header.
 *
 * Cells are separated by a comma, a tab or a semicolon: whichever comes first in the first row. A cell in
 * quotes may hold separators, line breaks and doubled quotes. Lines end in LF, CRLF or CR; a byte order mark
 * in front and empty lines are left out. Blanks around a cell are kept.
 */
#ifndef CBD_CSV_PARSE_H
#define CBD_CSV_PARSE_H

#include <stdbool.h>
#include <stddef.h>

/* A reader of a table, one call per cell. */
typedef struct CsvReader
{
	const char *text;
	size_t length;
	size_t at;
	char separator;
	bool begins;       /* the next cell is the first one of its row */
	int line;          /* of `at`, from 1 */
	const char *error; /* a constant message (message.h), when CSV_ERROR */
} CsvReader;

/* What a call found: a cell, with the end of the row or not; the end of the table; or something wrong. */
typedef enum CsvStep
{
	CSV_CELL,
	CSV_LAST_CELL,
	CSV_END,
	CSV_ERROR
} CsvStep;

/* Begins to read a table; the text stays the caller's and must outlive the reader. */
extern void csv_open(CsvReader *reader, const char *text, size_t length);

/* The next cell into out (room for reader->length bytes), without its quotes. *line: where it begins. After
 * CSV_ERROR there is nothing more to read. */
extern CsvStep csv_next(CsvReader *reader, char *out, size_t *out_length, int *line);

#endif
