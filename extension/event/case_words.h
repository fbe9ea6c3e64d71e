/* The words of a case's texts, as table event_words has them (sql/tables/53-event-words.sql). */
#ifndef CBD_CASE_WORDS_H
#define CBD_CASE_WORDS_H

#include "postgres.h"

/* int[] of the pairs of adjacent characters (text/bigram.h) of both texts, each once, ascending; NULL: none.
 */
extern Datum WordPairs(const text *a, const text *b);

#endif
