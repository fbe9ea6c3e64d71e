/*
 * Cleaning of texts in plain C over (buffer, length), UTF-8: no palloc, no ereport, no PostgreSQL header. No
 * result is longer than its input unless said.
 */
#ifndef CBD_CLEAN_TEXT_H
#define CBD_CLEAN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Without blanks at both ends: space, tab, line ends, U+00A0, U+3000, U+FEFF, U+200B. Returns the length,
 * *start where it begins. */
extern size_t text_trim(const char *text, size_t length, size_t *start);

/* Full-width forms (U+FF01-U+FF5E, U+3000) as ASCII. Returns the bytes written. */
extern size_t text_half_width(const char *text, size_t length, char *out);

/*
 * A phone number in one form: 11 digits for a mobile (13800138000), area code, hyphen, 7 or 8 digits for a
 * fixed line (010-62345678), with -extension (010-62345678-801) where there is one. Blanks, hyphens,
 * brackets, +86 and full-width digits are understood. 400-810-1234, and numbers of services (12345, 95598,
 * 110) as they are. out has room for PHONE_SIZE bytes with the terminator. False: no phone number.
 */
#define PHONE_SIZE 32
extern bool text_phone(const char *text, size_t length, char *out);

/* How alike two texts are, 0 to 1: Dice coefficient of their pairs of characters (one-character texts: equal
 * or not). */
extern double text_similarity(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
