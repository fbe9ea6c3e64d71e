/*
 * The outbox (clause 4): whatever leaves the platform is a row here, made in the transaction of what it tells
 * of, and sent by the bridge.
 *
 *   chapter    OutboxPut()            outbox.c         message and claim row, in the chapter's transaction
 *   reply      "wake" of the frame    core/reply.h     the bridge that carried the request looks at once
 *   bridge     rest_outbox_claim()    outbox_claim.c   leases what may be sent now; Purpose.prepare makes
 *                                                      the request of the message
 *   bridge     (sends)                bridge/outbound
 *   bridge     rest_outbox_record()   outbox_record.c  Purpose.judge says what the answer means: delivered,
 *                                                      once more later, or dead
 *
 * Words. A purpose is what a chapter sends for (call-backs, messages to a gateway ...). A destination is one
 * receiver of a purpose; failures of one hold up no other. A message is immutable; its claim row
 * (outbox_queue) is there until it is finished, its result (outbox_result) from then on. A lease is the right
 * to send a message for a time: it has a token, and only who has the token records what became of it, so
 * whoever comes late changes nothing. A destination is open while its breaker lets messages through.
 *
 * Order: messages of one destination with the same order key are sent one after the other; later ones wait
 * behind the first that is not finished. Whoever puts them holds a lock by which they come one after the
 * other (of a case: its row). Without a key there is no order.
 *
 * At least once: a message may be sent twice (a bridge that dies, an answer that is lost), always with the
 * same number, by which receivers know it.
 */
#ifndef CBD_OUTBOX_H
#define CBD_OUTBOX_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

/* Bytes of a payload. */
#define OUTBOX_PAYLOAD_LIMIT (1024 * 1024)

/* ---- putting ---- */

typedef struct OutboxMessage
{
	int64 message_id;      /* of OutboxNumber(), for a payload that has it inside; 0: a new one */
	int64 destination_id;  /* of OutboxDestination() */
	const char *order_key; /* messages of one key come in order; NULL: as it happens */
	const char *kind;      /* what it tells: case.step ... */
	const char *subject;   /* what it is about, for people: a taskNum; NULL */
	const char *payload;   /* for the purpose's prepare(); UTF-8, never a secret */
	bool judged;           /* judge() is asked about success too */
} OutboxMessage;

/* The number that a message will have. */
extern int64 OutboxNumber(void);

/* Puts the message; returns its number. SPI is not needed; it is sent when the transaction commits. */
extern int64 OutboxPut(const OutboxMessage *message);

/* The destination of that purpose and key, made if it is not there. `key` names the receiver within the
 * purpose: the number of a call-back, the code of a gateway, a host. */
extern int64 OutboxDestination(const char *purpose, const char *key);

/* No message of a disabled destination is sent; they wait, and go on when it is enabled. */
extern void OutboxDisable(int64 destination_id);

/* From now on, with a new count of failures; rate_per_minute 0: no limit, -1: as it is. */
extern void OutboxEnable(int64 destination_id, int rate_per_minute);

/* Sends a message that is not under way as soon as possible: a dead or delivered one once more (with its
 * number), a waiting one at once. False: there is none of that number at the destination (0: at any). */
extern bool OutboxRetry(int64 message_id, int64 destination_id);

/* Gives a message to another destination of its purpose, as a new one, be it under the caller's own lease.
 * False: it does not wait at the first one. */
extern bool OutboxMove(int64 message_id, int64 from, int64 to);

/* Gives what waits at a destination, and is not under way, to others: at most `limit` messages, of which
 * `choose` says where each goes (0: it stays). Returns how many went. */
extern int OutboxMoveWaiting(int64 from, int limit, int64 (*choose)(int64 message_id, const char *payload));

/* ---- purposes ---- */

/* The request that a message becomes. Texts are palloc'd; url has no secret that may not be logged. */
typedef struct OutboxRequest
{
	const char *method;
	char *url;
	StringInfoData headers; /* JSON strings "Name: value" with commas between */
	const char *body;       /* UTF-8; NULL: none */
	size_t body_length;
	int timeout; /* seconds in all; 0: the bridge's own */
	int64 limit; /* bytes of the answer that are taken; 0: the bridge's own */
	bool plain;  /* http:// is meant */
} OutboxRequest;

/* One attempt, as prepare() sees it. */
typedef struct OutboxAttempt
{
	int64 message_id;
	int64 destination_id;
	const char *key; /* of the destination */
	const char *kind;
	const char *subject;
	const char *payload;
	int attempts;    /* before this one */
	TimestampTz now; /* when it is sent, or its outcome recorded */
} OutboxAttempt;

/* What came of it. */
typedef struct OutboxReply
{
	int http;            /* status; 0: there was no answer */
	int retry_after;     /* seconds; 0: nothing was said */
	const char *headers; /* JSON object of those that the bridge keeps for the purpose, names in small
						  * letters; NULL */
	const char *body;    /* begin of the body; NULL */
	const char *error;   /* what went wrong, one of the bridge's words and a sentence; NULL */
	bool refused;        /* the bridge does not send there: no address that may be reached */
	bool began;          /* there was no answer, but the request may have been received */
} OutboxReply;

typedef enum OutboxVerdict
{
	OUTBOX_DELIVERED,
	OUTBOX_FAILED, /* once more, by the purpose's delays */
	OUTBOX_DEAD,   /* not again */
	OUTBOX_MOVED   /* judge() has given it to another destination: OutboxMove() */
} OutboxVerdict;

/* What a chapter sends for; constant, for the life of the library. */
typedef struct OutboxPurpose
{
	const char *name;  /* of the destination's rows, and of the bridge's file */
	const int *delays; /* seconds before the second attempt, the third ...; then it is dead */
	int delay_count;
	int pause;   /* seconds that one waits which the bridge gave back; 0: none */
	bool shared; /* a destination stands for many receivers: what one of them does not take holds up no other
				  */

	/* Makes the request. False: the message shall not be sent at all, *why says it: dead. */
	bool (*prepare)(const OutboxAttempt *attempt, OutboxRequest *request, const char **why);

	/* All messages of a claim are prepared: what was kept for them (keys) goes. NULL: nothing is kept. */
	void (*prepared)(void);

	/* What an answer means; NULL: 2xx is success. Asked about failures, and about successes of messages that
	 * are `judged`. May change rows of its chapter, and call OutboxDisable(). *error: a better word for
	 * people; it may be left. */
	OutboxVerdict (*judge)(const OutboxAttempt *attempt, const OutboxReply *reply, const char **error);

	/* The message was claimed and not sent: it waits as before. NULL: nothing is done about it. */
	void (*released)(const OutboxAttempt *attempt);

	/* The breaker of a destination is open: what waits there may go to others (OutboxMoveWaiting()). Asked by
	 * claims, so that also a message which was written while the breaker opened is seen. NULL: it waits. */
	void (*rests)(int64 destination_id, const char *key);

	/* A destination had nothing but failures since then; NULL: nothing is done about it. */
	void (*failing)(int64 destination_id, const char *key, TimestampTz since);
} OutboxPurpose;

/* Makes the purpose known; when the library is loaded. */
extern void OutboxRegister(const OutboxPurpose *purpose);
extern const OutboxPurpose *OutboxPurposeOf(const char *name); /* NULL: there is none */

/* ---- the bridge's side ---- */

/* What an engine can take. */
typedef struct OutboxEngine
{
	int free;            /* messages that it has room for */
	int per_destination; /* most of one destination at a time */
	int lease;           /* milliseconds */
	int busy_count;      /* destinations that it has messages of under way, and how many */
	const int64 *busy;
	const int32 *busy_messages;
	const int32 *limits; /* and how many it may have of each in all; NULL: per_destination */
} OutboxEngine;

/* Leases what may be sent now, and appends {"messages":[...]}. SPI is not connected. */
extern void OutboxClaim(const OutboxEngine *engine, StringInfo out);

/* Records outcomes, a JSON array; appends {"recorded":n,"late":n}. */
extern void OutboxRecord(const char *outcomes, StringInfo out);

#endif
