/*
 * The words of a case's texts, as table event_words has them (sql/tables/53-event-words.sql), and its marks:
 * numbers among them that stand for its type, for the month of its createTime, and for both. With them a list
 * of a word, a type and a time is one look-up of the inverted index, however many cases have each of the
 * three alone. A mark may stand for something else too (it is a hash): what is found is looked at again.
 *
 * A month is a number: twelve times the year and the month from 0, of UTC.
 */
#ifndef CBD_CASE_WORDS_H
#define CBD_CASE_WORDS_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* int[] of the pairs of adjacent characters (text/bigram.h) of both texts, each once, ascending; NULL: none.
 */
extern Datum WordPairs(const text *a, const text *b);

/* The month that the time is in. */
extern int CaseMonth(TimestampTz time);

/* The marks of a month, of a type, of a type in a month; the type as text. */
extern int32 MonthMark(int month);
extern int32 TypeMark(const text *type);
extern int32 TypeMonthMark(const text *type, int month);

/* int[] of these marks. */
extern Datum MarkArray(const int32 *marks, int count);

#endif
