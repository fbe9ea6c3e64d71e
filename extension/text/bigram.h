/*
 * Pairs of adjacent characters, for searching texts without blanks between words, as Chinese is written.
 * Plain C over (buffer, length), UTF-8: no palloc, no ereport, no PostgreSQL header.
 *
 * A text is folded first: full-width forms as ASCII, small letters, no blanks. A text that has the folded
 * words has all their pairs; one that has the pairs need not have the words, so it is looked at again.
 */
#ifndef CBD_BIGRAM_H
#define CBD_BIGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Folds the text into out, which has room for `length` bytes. Returns the bytes written. */
extern size_t text_fold(const char *text, size_t length, char *out);

/*
 * The pairs of a folded text into out, which has room for one less than it has characters: numbers, in the
 * order of the text, repeated ones too. Returns how many.
 */
extern size_t text_bigrams(const char *folded, size_t length, int32_t *out);

/* Has the folded text the folded words? */
extern bool text_has(const char *folded, size_t length, const char *words, size_t words_length);

#endif
