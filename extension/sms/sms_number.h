/*
 * Numbers of the mainland, as table A.1 gives them: mobileStr, comma-separated.
 *
 * Accepted are 11 digits 1[3-9]..., +86, 0086 or 86 before them, blanks and hyphens between. A number that
 * stands twice in the list, however it is written, gets the message once.
 */
#ifndef CBD_SMS_NUMBER_H
#define CBD_SMS_NUMBER_H

#include "postgres.h"

#include "core/error_list.h"

#define SMS_NUMBERS_MAX 200

/* One number of a list. */
typedef struct SmsNumber
{
	int64 mobile;     /* 0: none */
	char *text;       /* as it was given (ShortText()); of a good one its 11 digits */
	int place;        /* in the list, from 0 */
	CbdStatus status; /* why it is refused; CBD_OK: it is not */
	int32 seq;        /* the how-manieth message of the application to it (sms_number.seq) */
} SmsNumber;

/* A list: each number once, in the order given. */
typedef struct SmsNumbers
{
	SmsNumber *items;
	int count;
	int given; /* elements of the list */
	int wrong; /* of the items: no numbers of the mainland */
} SmsNumbers;

/* The number that the text is; 0: none. */
extern int64 SmsMobile(const char *text, size_t length);

/* Reads mobileStr (NULL: absent). Errors at `pointer`: none, too many, an empty element, or not one of them a
 * number; single wrong ones among good ones are items with a status. */
extern void SmsReadNumbers(const char *list, const char *pointer, SmsNumbers *numbers, ErrorList *errors);

#endif
