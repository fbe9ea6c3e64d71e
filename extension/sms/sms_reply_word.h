/* Opting out by a reply. Plain C over (text, length): no palloc, no ereport, no PostgreSQL header. */
#ifndef CBD_SMS_REPLY_WORD_H
#define CBD_SMS_REPLY_WORD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Does the text (UTF-8) ask for no more messages: T, TD, 退订 and the like, in letters of either case and
 * width, with a mark behind or 回复 before, and nothing else?
 */
extern bool SmsOptOut(const char *text, size_t length);

#endif
