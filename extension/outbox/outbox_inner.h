/* What the files of the outbox share. */
#ifndef CBD_OUTBOX_INNER_H
#define CBD_OUTBOX_INNER_H

#include "outbox/outbox.h"

/* Failures one after the other that open the breaker of a destination; from then on it gets one message at a
 * time, until one is delivered. */
#define BREAKER_FAILURES 5

/* A message under a lease. */
typedef struct OutboxLease
{
	int64 message_id;
	int64 destination_id;
	int64 token;
	int32 attempts; /* finished ones */
	char *purpose;
	char *key;
	char *kind;
	char *subject;
	char *payload;
} OutboxLease;

/* The attempt as the purpose sees it. */
extern OutboxAttempt OutboxAttemptOf(const OutboxLease *lease, TimestampTz now);

/* A message that prepare() does not send: dead with its reason, or one more failure. The lease is the own. */
extern void OutboxNotSent(const OutboxLease *lease, bool dead, const char *why);

/* An int8[] of numbers. */
extern Datum NumbersDatum(const int64 *numbers, int count);

#endif
