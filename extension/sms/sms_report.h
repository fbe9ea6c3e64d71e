/*
 * What gateways tell by calling the platform (annex A.2): reports of delivery, and replies of handsets.
 *
 *   /gateway/sms/report/{token}  --SmsCaller-->  which gateway, from an address that is listed
 *   /gateway/sms/reply/{token}   --SmsItems-->   what it says, whatever it calls its fields
 *                                --SmsReport-->  state of a number: forwards only, by one statement
 *                                --SmsReply-->   to the message that asked for it; opt-out: no more messages
 *                                --SmsTell-->    call-backs sms.report and sms.reply of the application
 *
 * Words. A report says what became of a message at a number, or of one part of it; a receipt is what it is
 * made of in the message centre. A reference is the platform's own number of the message, which Kannel hands
 * back (its sendsms gives none). An orphan is a report of a number that is not known, or not yet: the gateway
 * may report before its answer to the sending was recorded. Orphans are kept, and taken when the number is.
 *
 * States come in any order and more than once. Each has a rank, and a number takes only a higher one:
 * sent < unknown < expired < failed < delivered. So the end is the same in whatever order they came.
 */
#ifndef CBD_SMS_REPORT_H
#define CBD_SMS_REPORT_H

#include "postgres.h"

#include "access/endpoint.h"
#include "core/json_tree.h"
#include "sms/sms.h"

/* Most reports or replies of one call. */
#define SMS_ITEMS_MAX 1000

/* What a field of a gateway's call is for. */
typedef enum SmsField
{
	SMS_FIELD_ID,        /* the gateway's number of the message, part or reply */
	SMS_FIELD_REFERENCE, /* the platform's number of the message */
	SMS_FIELD_MOBILE,    /* the handset: who was written to, or who writes */
	SMS_FIELD_STATE,
	SMS_FIELD_REASON,
	SMS_FIELD_TIME,
	SMS_FIELD_CONTENT,
	SMS_FIELD_RECEIVER, /* of a reply */
	SMS_FIELD_ITEMS,    /* array of several of them */
	SMS_FIELDS
} SmsField;

/* The gateway that calls. */
typedef struct SmsCallerGateway
{
	int32 gateway_id;
	char *code;
	JsonNode *names; /* its names of fields where they are not the usual ones; NULL */
	JsonNode *words; /* its words for states, the same */
} SmsCallerGateway;

/* One report or reply; texts as they came, NULL: absent. */
typedef struct SmsItem
{
	char *fields[SMS_FIELDS];
	const char *pointer; /* to it: "" or "/items/3" */
} SmsItem;

/* What a report says. */
typedef struct SmsReportSaid
{
	const char *id; /* key (sms_id.h); NULL */
	int64 sms_id;   /* the reference; 0: none */
	int64 mobile;   /* 0: not told */
	const char *state;
	int rank;
	const char *reason; /* NULL */
	TimestampTz time;   /* of now where it has none */
} SmsReportSaid;

typedef enum SmsTaken
{
	SMS_TAKEN,
	SMS_REPEATED, /* the number is that far, or further */
	SMS_ORPHAN
} SmsTaken;

/* ---- the gateway's call (sms_report_call.c) ---- */

/* The gateway of the token whose digest is argument 0, called from a listed address: CBD_OK,
 * CBD_NO_SUCH_GATEWAY_ADDRESS, CBD_NOT_THE_GATEWAY. */
extern CbdStatus SmsCaller(Call *call, SmsCallerGateway *gateway);

/* What it says: the pairs of arguments 1 and 2, or the elements of an array among them; `reply`: of replies.
 * Adds errors. Returns how many there are. */
extern int SmsItems(Call *call, const SmsCallerGateway *gateway, bool reply, SmsItem **items);

/* The mobile number that a gateway writes, 0: it is none. Some put a plus before what has no 86. */
extern int64 SmsHandset(const char *text);

/* The time of an item: false: it has none, or (an error is added) a wrong one. */
extern bool SmsItemTime(ErrorList *errors, const SmsItem *item, TimestampTz *time);

/* A pointer to a field of an item. */
extern char *SmsPointer(const SmsItem *item, const char *field);

/* ---- reports (sms_report_state.c, sms_report.c) ---- */

/* Rank of a state, from 1; 0: it is none that is reported. */
extern int SmsRank(const char *state);

/* Reads a report; false: errors were added. */
extern bool SmsReportRead(ErrorList *errors, const SmsCallerGateway *gateway, const SmsItem *item,
						  SmsReportSaid *said);

/* Takes it. */
extern SmsTaken SmsReport(int32 gateway_id, const SmsReportSaid *said);

/* Keeps the gateway's numbers of a message that it took, and takes the reports that came before; see
 * SmsSubmittedHook (sms.h). */
extern void SmsReportsFor(int32 gateway_id, int64 sms_id, int ordinal, const char *const *ids, int count);

/* ---- call-backs (sms_report_tell.c) ---- */

/* What an application is told of: nothing but what leads it to the rest. */
typedef struct SmsEvent
{
	int32 app_id;
	const char *msg_id; /* NULL: of no message */
	int ordinal;        /* of the number */
	int64 mobile;       /* told with its middle masked; 0: none */
	const char *state;  /* of a report */
	const char *reason; /* NULL */
	int64 reply_id;     /* of a reply; 0: it is a report */
	bool opt_out;
	TimestampTz time;
} SmsEvent;

/* Tells the call-backs of the application that want sms.report or sms.reply. */
extern void SmsTell(const SmsEvent *event);

/* Installs what the chapter of sending calls. */
extern void SmsReportsInstall(void);

#endif
