/*
 * Cells of CSV that a spreadsheet would take for a formula: texts of third parties that begin with = + - @, a
 * tab or a line end, or with the full-width forms that East Asian spreadsheets read alike. CSV for
 * spreadsheets (bom=true) puts an apostrophe before them, and before a text that begins with one: so whoever
 * takes one leading apostrophe away has the text as it was. Numbers are no texts and stay. Plain C.
 */
#ifndef CBD_CSV_GUARD_H
#define CBD_CSV_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* Does the text, in UTF-8, need the apostrophe? */
extern bool CsvNeedsGuard(const char *text, size_t length);

#endif
