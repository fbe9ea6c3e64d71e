/* Small checks of text, for messages and fields. */
#ifndef CBD_EVENT_TEXT_H
#define CBD_EVENT_TEXT_H

#include "postgres.h"
#include "lib/stringinfo.h"

/* At most 40 characters of the text, with "…" where it was cut and control characters as "?". */
extern char *ShortText(const char *text, size_t length);

/* Appends the text as part of an address: what is not a letter, digit or one of -._~ as %XX. */
extern void AppendEncoded(StringInfo out, const char *text);

/* Nothing but blanks, tabs, line breaks and ideographic spaces? */
extern bool TextBlank(const char *text, size_t length);

/*
 * The offset of the first character that no reply could carry in XML: C0 controls other than tab, line feed
 * and carriage return, U+FFFE and U+FFFF. -1: there is none. *code_point is the character.
 */
extern int64 TextForbidden(const char *text, size_t length, unsigned int *code_point);

#endif
