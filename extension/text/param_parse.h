/*
 * Values of query parameters in plain C over (buffer, length): no palloc, no ereport, no PostgreSQL header.
 *
 * A list is a JSON array of strings and numbers, ["110101","110102"], or values joined by commas,
 * 110101,110102 (clause 5.3.4-b). One value is a list of one.
 */
#ifndef CBD_PARAM_PARSE_H
#define CBD_PARAM_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A reader of a list of values, one call per value. */
typedef struct ListReader
{
	const char *text;
	size_t length;
	size_t at;
	bool array;        /* JSON array, else joined by commas */
	int items;         /* read so far */
	const char *error; /* constant text, when LIST_ERROR */
} ListReader;

/* What a call found: a value, the end, or something wrong (ListReader.error). */
typedef enum ListStep
{
	LIST_ITEM,
	LIST_END,
	LIST_ERROR
} ListStep;

/* Begins to read a list; the text stays the caller's and must outlive the reader. */
extern void list_open(ListReader *reader, const char *text, size_t length);

/* The next item into out (room for reader->length bytes), unescaped, without outer blanks. Errors carry
 * reader->at. */
extern ListStep list_next(ListReader *reader, char *out, size_t *out_length);

/* A decimal integer; false: not one, or beyond 64 bits. */
extern bool integer_parse(const char *text, size_t length, int64_t *out);

/* -12.5e3 and the like: is it a number that every numeric type can read? Not NaN, infinity, hexadecimal. At
 * most 400 characters. */
extern bool number_check(const char *text, size_t length);
extern bool double_parse(const char *text, size_t length, double *out); /* finite */

/* true, false, 1, 0 */
extern bool boolean_parse(const char *text, size_t length, bool *out);

/* 8-4-4-4-12 hexadecimal digits */
extern bool uuid_check(const char *text, size_t length);

/* minX,minY,maxX,maxY with minX <= maxX, minY <= maxY; *error tells what is wrong. */
extern bool bbox_parse(const char *text, size_t length, double out[4], const char **error);

/* Is it latitude, longitude, as far as that can be told: latitudes end at 90 degrees? Of a box in degrees. */
extern bool bbox_swapped(const double box[4]);

/* "name.op": the length of name, and the op (after the last dot) or NULL. */
extern size_t filter_name_split(const char *text, size_t length, const char **op, size_t *op_length);

#endif
