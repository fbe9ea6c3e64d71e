/*
 * The text of a message: normal form, characters, parts on the air.
 *
 * The limit of table A.1 (990) counts characters of the content alone, after NFC: a Latin letter is one, a
 * character outside the basic plane is one, what is composed is one. Parts count the text on the air, with
 * the signature: as GSM-7 (3GPP TS 23.038) where all of it is in that alphabet, 160 septets or 153 a part,
 * else in UTF-16 units, 70 or 67 a part.
 */
#ifndef CBD_SMS_CONTENT_H
#define CBD_SMS_CONTENT_H

#include "postgres.h"

#include "core/error_list.h"

#define SMS_CONTENT_MAX   990
#define SMS_RAW_MAX       (SMS_CONTENT_MAX * 4) /* four characters become one in NFC, at most */
#define SMS_SIGNATURE_MIN 2
#define SMS_SIGNATURE_MAX 20

/* How a text goes over the air. */
typedef struct SmsShape
{
	bool unicode; /* UCS-2; else GSM-7 */
	int units;    /* septets or UTF-16 units */
	int parts;
} SmsShape;

/* The text in NFC, palloc'd. */
extern char *SmsNormal(const char *text);

/* Checks the content; errors at `pointer`. Returns it in NFC; NULL: absent, or errors. */
extern char *SmsReadContent(const char *text, const char *pointer, ErrorList *errors);

/* What is sent: the content, behind its signature in 【】 (NULL: none). One that stands there already is not
 * put there twice. */
extern char *SmsOnAir(const char *content, const char *signature);

/* Does the content begin or end with another signature than the own one (NULL: it has none)? Receivers take
 * what stands in 【】 there for the sender. */
extern bool SmsForeignSignature(const char *content, const char *signature);

extern SmsShape SmsShapeOf(const char *text);

#endif
