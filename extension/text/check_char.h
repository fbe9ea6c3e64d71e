/*
 * The check character of application codes and task numbers: ISO 7064 MOD 37,36 over digits and
 * capital letters. It catches every single wrong character and every swap of neighbours. Plain C over
 * (buffer, length): no palloc, no ereport, no PostgreSQL header.
 */
#ifndef CBD_CHECK_CHAR_H
#define CBD_CHECK_CHAR_H

#include <stdbool.h>
#include <stddef.h>

/* The check character of `text`; '\0' when it is empty or has a character other than 0-9 and A-Z. */
extern char CheckCharacter(const char *text, size_t length);

/* Is the last character of `text` the check character of those before it? */
extern bool CheckCharacterValid(const char *text, size_t length);

#endif
