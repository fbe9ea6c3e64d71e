/*
 * A batch as it is handed over: its row, its gateway, and the request that is made of both.
 *
 *   sms_batch.c     the row of the batch
 *   sms_request.c   the request: of Kannel, or by the gateway's templates
 *   sms_purpose.c   when it is sent, and what the answer means
 */
#ifndef CBD_SMS_BATCH_H
#define CBD_SMS_BATCH_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "outbox/outbox.h"
#include "sms/sms.h"

#define SMS_TOKEN_SIZE 44 /* characters of a token of reports, with its NUL */

typedef enum SmsBatchState
{
	SMS_BATCH_QUEUED,
	SMS_BATCH_SENDING,
	SMS_BATCH_SENT,
	SMS_BATCH_DOUBTFUL,
	SMS_BATCH_FAILED,
	SMS_BATCH_EXPIRED
} SmsBatchState;

/* A batch, its row locked, with what its message says. */
typedef struct SmsBatch
{
	int64 sms_id;
	int first; /* ordinals */
	int last;
	SmsBatchState state;
	TimestampTz valid_until;
	char *msg_id;
	char *on_air; /* content with signature */
	bool unicode;
	int64 *mobiles; /* last - first + 1; 0: erased, blocked */
	int32 *tried;   /* gateways */
	int tried_count;
} SmsBatch;

/* A gateway as its row has it, the secrets decrypted: keep it no longer than needed. */
typedef struct SmsSender
{
	int32 gateway_id;
	int64 destination_id;
	bool kannel;
	int rate; /* numbers a minute; 0: any */
	int timeout;
	bool resend_doubtful;
	char *method;
	char *url;
	char **headers;
	int header_count;
	char *body; /* NULL: none */
	char *separator;
	char *success; /* patterns; NULL: none */
	char *refusal;
	char *id_pattern;
	char *user_name; /* NULL: none */
	char *password;
	char *sender;
	char *report_base;
	char *token;
} SmsSender;

/* The batch that a payload of the outbox names; false: it is gone. */
extern bool SmsReadBatch(const char *payload, SmsBatch *batch);

/* Numbers that have opted out, or were blocked, since the message was accepted: `failed` with that reason,
 * and 0 in `mobiles`. */
extern void SmsDropBlocked(SmsBatch *batch, const char *reason);

/* Its new state. `gateway`: 0: as it is; `tried`: gateway that is added to those tried, 0: none, -1: none is
 * any longer; reason may be NULL. */
extern void SmsSetBatch(const SmsBatch *batch, SmsBatchState state, const char *reason, int32 gateway,
						int32 tried);

/* The gateway of that code; `secrets`: with its password and token. False: there is none. */
extern bool SmsReadSender(const char *code, bool secrets, SmsSender *sender);
extern void SmsForgetSender(SmsSender *sender);

/* What its password and its token are bound to in their encrypted forms. */
extern char *SmsPasswordPurpose(int32 gateway_id);
extern char *SmsTokenPurpose(int32 gateway_id);

/* The address of reports or of replies: "report", "reply". */
extern char *SmsGatewayAddress(const char *base, const char *what, const char *token);

/* What waits at the gateway goes to others that work; returns how many batches. */
extern int SmsLeaveGateway(int32 gateway_id, int64 destination_id);

/* The request of a batch. */
extern void SmsMakeRequest(const SmsBatch *batch, const SmsSender *sender, OutboxRequest *request);

/* The names that a gateway's template may have; NULL-terminated. */
extern const char *const sms_placeholders[];

#endif
