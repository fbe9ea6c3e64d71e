/*
 * SMS (annex A.2): messages of applications, of the platform's rules and of administrators, handed over to
 * gateways.
 *
 *   POST /sms/messages  sms_rest.c    \
 *   send_sms()          sms_sql.c      --> sms.c: SmsSend()   one transaction: numbers are judged, rows
 *   rules, the clock    sms_notice.c  /                       written, batches put into the outbox
 *   bridge              sms_purpose.c     the request of a batch to its gateway (Kannel or a template),
 *                                         and what the answer means
 *   reports, replies    sms_report.h      calls of the gateway
 *
 * Words. A message is a text for at most 200 numbers; msgId is its application's own name of it. A batch is
 * the numbers of a message that go to a gateway in one call. Content is what the application wrote; the
 * signature stands in 【】 before it on the air. A policy is what an application may: signature, caps, quiet
 * hours.
 *
 * What may be sent twice. A batch is `sending` from before its call until the gateway's answer is recorded,
 * durably. One that is found there later (the bridge or the server died), or whose answer was lost on the
 * way, is `doubtful`: it is sent again only where the gateway says so (resend_doubtful). Whatever was
 * certainly not taken (no connection, a refusal) goes to another gateway or is tried again.
 */
#ifndef CBD_SMS_H
#define CBD_SMS_H

#include "postgres.h"

#include "access/endpoint.h"
#include "outbox/outbox.h"
#include "process/notice.h"
#include "sms/sms_number.h"

#define SMS_RESOURCE   "sms"
#define SMS_PURPOSE    "gateway" /* of the outbox, and in outbound_networks */
#define SMS_MSG_ID_MAX 50

/* What is asked for, checked. */
typedef struct SmsRequest
{
	int32 app_id;        /* 0: the platform itself */
	const char *source;  /* api, sql, rule */
	const char *subject; /* what it is about, for people; NULL */
	const char *msg_id;  /* NULL: one is made */
	char *content;       /* in NFC */
	bool need_reply;
	SmsNumbers numbers; /* their status and seq are filled */
} SmsRequest;

/* What became of it. */
typedef struct SmsAnswer
{
	int64 sms_id;
	char *msg_id;
	int parts;
	int accepted;
	SmsNumber *refused; /* in the order of the list */
	int refused_count;
	bool repeat; /* the same msgId was there already: this is its first answer */
} SmsAnswer;

/* Texts as they came; NULL: absent. */
typedef struct SmsForm
{
	const char *mobiles; /* mobileStr */
	const char *content;
	const char *msg_id;
	const char *need_reply; /* true, false, 1, 0 */
	const char *template_code;
	const char *parameters; /* JSON object */
} SmsForm;

/* Reads the form; adds errors, all of them. */
extern void SmsRead(const SmsForm *form, SmsRequest *request, ErrorList *errors);

/*
 * Accepts the message. CBD_OK, be it that no number was accepted; CBD_SMS_CONFLICT: the msgId is that of
 * another message; CBD_SMS_NO_GATEWAY. SPI is not connected.
 */
extern CbdStatus SmsSend(SmsRequest *request, SmsAnswer *answer);

/* The refused numbers: [{"mobile","statusCode","message"}]; the reply:
 * {"msgId","parts","accepted","rejected"}. */
extern char *SmsRejected(const SmsAnswer *answer);
extern char *SmsAnswerData(const SmsAnswer *answer);

/* The content of a template with its parameters ({name}); NULL with errors at /template, /parameters. */
extern char *SmsFillTemplate(const char *code, const char *parameters, ErrorList *errors);

/* ---- gateways (sms_gateway.c) ---- */

/* A gateway that may be given something. */
typedef struct SmsGateway
{
	int32 gateway_id;
	int64 destination_id;
	int batch_size;
	bool works; /* its breaker is closed, or may be tried */
} SmsGateway;

/*
 * Chooses one: of those that work the lowest rank, in it by weight; when none works, as if all did. `tried`:
 * numbers of gateways that are left out, NULL: none. False: there is none.
 */
extern bool SmsChooseGateway(const int32 *tried, int tried_count, SmsGateway *gateway);

/* ---- what others hang in ---- */

/*
 * A gateway has told its own numbers of what it took: of number `ordinal` of the message; -1: of the whole
 * batch, whose reports name the number. Called in the transaction that records the answer. NULL: nobody asks.
 */
extern void (*SmsSubmittedHook)(int32 gateway_id, int64 sms_id, int ordinal, const char *const *ids,
								int count);

extern const OutboxPurpose sms_purpose;
extern const NoticeChannel sms_notices;

/* Makes the purpose and the channel of notices known. */
extern void SmsInstall(void);

#endif
