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

/* What is granted. */
#define SMS_RESOURCE "sms"

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
	bool kannel;
	JsonNode *map; /* its names and words where they are not the usual ones; NULL */
} SmsCallerGateway;

/* One report or reply; texts as they came, NULL: absent. */
typedef struct SmsItem
{
	char *fields[SMS_FIELDS];
	const char *pointer; /* to it: "" or "/items/3" */
} SmsItem;

/* Is the report right, and what does it say? */
typedef struct SmsReportSaid
{
	const char *id; /* key (sms_id.h); NULL */
	int64 reference;
	int64 mobile; /* 0: not told */
	const char *state;
	int rank;
	const char *reason; /* NULL */
	bool timed;
	TimestampTz time;
	const char *content; /* as it came, for an orphan */
} SmsReportSaid;

typedef enum SmsTaken
{
	SMS_TAKEN,
	SMS_REPEATED, /* the number is that far, or further */
	SMS_ORPHAN
} SmsTaken;

/* ---- the gateway's call (sms_report_call.c) ---- */

/* The gateway of a token's digest, called from a listed address: CBD_OK, CBD_NO_SUCH_GATEWAY_ADDRESS,
 * CBD_NOT_THE_GATEWAY. `reply`: the map of replies instead of reports. */
extern CbdStatus SmsCaller(Call *call, Datum digest, bool reply, SmsCallerGateway *gateway);

/* What it says: pairs of the call, or the elements of an array. Adds errors. Returns how many. */
extern int SmsItems(Call *call, const SmsCallerGateway *gateway, bool reply, SmsItem **items);

/* A mobile number of the mainland: 11 digits, with +86, 0086 or 86 in front, blanks and hyphens. */
extern bool SmsMobileRead(const char *text, int64 *mobile);

/* The time of an item, if it has one: within a week. Adds errors. */
extern bool SmsItemTime(ErrorList *errors, const SmsItem *item, TimestampTz *time);

/* A pointer to a field of an item. */
extern char *SmsPointer(const SmsItem *item, const char *field);

/* ---- reports (sms_report.c, sms_report_state.c) ---- */

/* Reads a report; adds errors. */
extern bool SmsReportRead(ErrorList *errors, const SmsCallerGateway *gateway, const SmsItem *item,
						  SmsReportSaid *said);

extern SmsTaken SmsReport(int32 gateway_id, const SmsReportSaid *said);

/* The gateway's numbers of a message are stored now: reports that came before are taken. SPI is not
 * connected. */
extern void SmsReportsFor(int32 gateway_id, int64 sms_id);

/* ---- call-backs ---- */

/* Tells the application's call-backs what became of a number of its message. */
extern void SmsTellReport(int32 app_id, const char *msg_id, int ordinal, int64 mobile, const char *state,
						  const char *reason);

#endif
