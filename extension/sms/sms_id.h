/*
 * Numbers that gateways give to messages, in plain C over (buffer, length): no palloc, no ereport, no
 * PostgreSQL header.
 *
 * A gateway may say 1A2B when it takes a message and 00001a2b, or 6699, when it reports on it: the centre
 * behind it writes one in hexadecimal and the other in decimal digits. A key is the number as it is stored:
 * in small letters, without blanks around it and zeros in front.
 */
#ifndef CBD_SMS_ID_H
#define CBD_SMS_ID_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a key with its NUL; keys that a number may be stored under. */
#define SMS_ID_SIZE 129
#define SMS_ID_KEYS 3

/* The key of a number. False: it is empty, longer than a key, or not printable ASCII without blanks inside.
 */
extern bool SmsIdKey(const char *text, size_t length, char out[SMS_ID_SIZE]);

/*
 * What a key may have been stored as, the likeliest first: itself, as a decimal number in hexadecimal digits,
 * as a hexadecimal one in decimal digits (numbers below 2^64). Returns how many.
 */
extern int SmsIdKeys(const char *key, char keys[SMS_ID_KEYS][SMS_ID_SIZE]);

#endif
