/*
 * Which numbers of a message are accepted: signature, quiet hours, block list, caps. Each refusal is of a
 * number and has its code; the call itself is never refused for them (table A.1: no interval between calls).
 *
 * Caps count what the application has sent to the number within the last minute, hour, 24 hours: any text,
 * and this text.
 */
#ifndef CBD_SMS_JUDGE_H
#define CBD_SMS_JUDGE_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "sms/sms.h"

/* Caps: of any text, then of the same text; within a minute, an hour, a day. 0: any number. */
#define SMS_CAPS 6

/* What an application may. */
typedef struct SmsPolicy
{
	char *signature; /* NULL: none */
	int caps[SMS_CAPS];
	bool quiet; /* its quiet hours are now */
} SmsPolicy;

extern void SmsReadPolicy(int32 app_id, SmsPolicy *policy);

/* Sets status and seq of each number. SPI is not connected. */
extern void SmsJudge(SmsRequest *request, const SmsPolicy *policy, int64 text_key, TimestampTz now);

#endif
