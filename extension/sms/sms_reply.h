/* Replies of handsets (annex A.2); the gateway's call: sms_report.h. */
#ifndef CBD_SMS_REPLY_H
#define CBD_SMS_REPLY_H

#include "postgres.h"

#include "sms/sms_report.h"
#include "sms/sms_reply_word.h"

/* Characters of a reply, and of the numbers that a gateway writes. */
#define SMS_REPLY_MAX   2000
#define SMS_ADDRESS_MAX 32

/* A reply as it came, checked. */
typedef struct SmsReplySaid
{
	int64 mobile;         /* 0: no mobile number: see sender */
	const char *sender;   /* NULL: see mobile */
	const char *receiver; /* NULL */
	const char *content;
	bool opt_out;
	bool timed;
	TimestampTz time;
	Datum digest; /* of the gateway's number of it, or of sender, text and time */
} SmsReplySaid;

/* Reads a reply; false: errors were added. */
extern bool SmsReplyRead(ErrorList *errors, const SmsCallerGateway *gateway, const SmsItem *item,
						 SmsReplySaid *said);

/*
 * Takes it: stored for the application whose message asked for a reply, or which it opts out of; who opts out
 * is on the block list from now on. CBD_OK; CBD_SMS_REPLY_CONFLICT: the gateway's number is that of another
 * text. *repeated: it was there.
 */
extern CbdStatus SmsReplyTake(int32 gateway_id, const SmsReplySaid *said, bool *repeated);

#endif
