/*
 * Notices: somebody is told of a case by a rule (action notify) or by the clock (escalation of a process).
 *
 *   {"callback": "OA-APP", "template": "{taskNum} {typeName} is late, {stage} since {createTime}"}
 *
 *   saving   NoticeRead()   one member that is a channel, and the template; all errors
 *   acting   NoticeSend()   the template filled by the case; the channel puts its message in the transaction
 *
 * A channel is a way of telling, a constant struct registered by its chapter when the library is loaded: a
 * new one is a new file (callback/callback_notice.c). What a template may name is the table in notice.c:
 * nothing personal, whatever the channel is.
 */
#ifndef CBD_NOTICE_H
#define CBD_NOTICE_H

#include "postgres.h"

#include "core/error_list.h"
#include "core/json_tree.h"
#include "process/step.h"

#define NOTICE_TEMPLATE 500 /* characters */
#define NOTICES_MAX     5   /* of one rung of escalation */

/* What is told. */
typedef struct Told
{
	const Case *c;    /* its row is locked */
	const char *by;   /* "rule R1, version 2", "clock, red" */
	const char *text; /* the template, filled; UTF-8 */
	const char *template;
} Told;

typedef struct NoticeChannel
{
	const char *name; /* the member */
	/* The receiver as send() takes it, palloc'd; NULL: it is none, with errors. `check`: an error too when it
	 * is not known now. */
	char *(*read)(const JsonNode *value, bool check, ErrorList *errors);
	/* Puts the messages; returns how many there are. SPI is not connected. */
	int (*send)(const char *receiver, const Told *told);
} NoticeChannel;

/* Makes a channel known; it lasts as long as the library. */
extern void NoticeRegister(const NoticeChannel *channel);

/* One notice as a definition has it. */
typedef struct Notice
{
	const NoticeChannel *channel;
	char *receiver;
	char *template;
} Notice;

/* Reads {channel: receiver, "template": text} into the current memory context, with errors. False: it cannot
 * be sent. */
extern bool NoticeRead(const JsonNode *node, bool check, Notice *notice, ErrorList *errors);

/* Tells; returns how many receivers there were. */
extern int NoticeSend(const Notice *notice, const Case *c, const char *by);

#endif
