/*
 * Handing batches over: the purpose `gateway` of the outbox. See sms.h for what may be sent twice.
 *
 *   prepare    queued --> sending, durably, with the claim; found sending: nobody knows the end of that call
 *   judge      taken --> sent
 *              certainly not taken --> to another gateway; none left: again later, or failed when all refused
 *              the answer was lost --> doubtful, or once more (resend_doubtful)
 *   released   sending --> queued: it was not sent
 *
 * What says that it was certainly not taken: no request went out (OutboxReply.began), or an answer that says
 * so. 502 and 504 come from something in front of the gateway that has lost its answer, and a reply 2xx in
 * which neither pattern is found says nothing.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/say.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "sms/sms_batch.h"

#define KANNEL_SUCCESS "^[03]: " /* 3: queued, the SMSC is down: Kannel has it on its disk */
#define KANNEL_REFUSAL "^[0-9]+: "
#define MOVED_AT_ONCE  1000 /* of what waits at a gateway that does not work */
#define FAILURES_OPEN  4    /* failures of a destination with which the next one opens its breaker */
#define HOUR           3600

/* Seconds before the next attempt, where no gateway took it; then it has failed. A message expires before
 * (citybigdata.sms_validity_hours). */
static const int delays[] = {5,    15,   60,   300,  600,  1800, HOUR, HOUR, HOUR, HOUR, HOUR,
							 HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR,
							 HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR};

#define BLOCKED     MESSAGE("not sent: the number has opted out, or is blocked")
#define LOST_ANSWER MESSAGE("the gateway's answer was lost: it may have sent the message")

/* ---- the request ---- */

/* What is kept of the gateway of the last message, while one claim is prepared. */
static struct
{
	char key[64]; /* of the destination; empty: nothing is kept */
	TimestampTz now;
	SmsSender sender;
	MemoryContext context;
} kept;

/* OutboxPurpose.prepared */
static void
ForgetKept(void)
{
	SmsForgetSender(&kept.sender);
	if (kept.context != NULL)
		MemoryContextDelete(kept.context);
	memset(&kept, 0, sizeof(kept));
}

/* Keeps the gateway of the attempt; false: there is none. */
static bool
KeepSender(const OutboxAttempt *attempt)
{
	MemoryContext before;
	bool found;

	if (kept.now == attempt->now && strcmp(kept.key, attempt->key) == 0)
		return true;
	ForgetKept();
	kept.context = AllocSetContextCreate(TopTransactionContext, "sms gateway", ALLOCSET_SMALL_SIZES);
	before = MemoryContextSwitchTo(kept.context);
	found = SmsReadSender(attempt->key, true, &kept.sender);
	MemoryContextSwitchTo(before);
	if (!found)
		return false;
	strlcpy(kept.key, attempt->key, sizeof(kept.key));
	kept.now = attempt->now;
	return true;
}

/* A gateway that takes so many numbers a minute has its next turn when these are over; the outbox waits for
 * one of them by itself. */
static void
Pace(const SmsSender *sender, const SmsBatch *batch, TimestampTz now)
{
	static SpiQuery query = {"UPDATE citybigdata.outbox_destination SET not_before = greatest(not_before, $2)"
							 " WHERE destination_id = $1",
							 2,
							 {INT8OID, TIMESTAMPTZOID},
							 NULL,
							 true};
	int64 count = batch->last - batch->first + 1;
	Datum values[2] = {Int64GetDatum(sender->destination_id)};

	if (sender->rate == 0 || count == 1)
		return;
	values[1] = TimestampTzGetDatum(now + count * USECS_PER_MINUTE / sender->rate);
	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_UPDATE, 0);
	SpiEnd();
}

/* Does any of the numbers stand there still? */
static bool
HasNumbers(const SmsBatch *batch)
{
	for (int i = 0; i <= batch->last - batch->first; i++)
		if (batch->mobiles[i] != 0)
			return true;
	return false;
}

/* Why the batch is not sent, its row changed accordingly; NULL: it is. */
static const char *
NotToSend(const SmsBatch *batch, const OutboxAttempt *attempt)
{
	if (batch->state == SMS_BATCH_SENT)
		return MESSAGE("the gateway has it already");
	if (batch->state == SMS_BATCH_SENDING && !kept.sender.resend_doubtful)
	{
		SmsSetBatch(batch, SMS_BATCH_DOUBTFUL, LOST_ANSWER, 0, 0);
		return LOST_ANSWER;
	}
	if (batch->state == SMS_BATCH_DOUBTFUL && !kept.sender.resend_doubtful)
		return LOST_ANSWER; /* be it that an administrator has the outbox try again */
	if (!HasNumbers(batch))
	{
		SmsSetBatch(batch, SMS_BATCH_FAILED, MESSAGE("its numbers were erased"), 0, 0);
		return MESSAGE("its numbers were erased");
	}
	if (batch->valid_until <= attempt->now)
	{
		SmsSetBatch(batch, SMS_BATCH_EXPIRED, MESSAGE("no gateway has taken the message in time"), 0, 0);
		return MESSAGE("no gateway has taken the message in time");
	}
	return NULL;
}

/* OutboxPurpose.prepare */
static bool
PrepareBatch(const OutboxAttempt *attempt, OutboxRequest *request, const char **why)
{
	SmsBatch batch;

	*why = MESSAGE("the message is gone");
	if (!KeepSender(attempt) || !SmsReadBatch(attempt->payload, &batch))
		return false;
	*why = NotToSend(&batch, attempt);
	if (*why != NULL)
		return false;
	SmsDropBlocked(&batch, BLOCKED);
	if (!HasNumbers(&batch))
	{
		SmsSetBatch(&batch, SMS_BATCH_FAILED, BLOCKED, 0, 0);
		*why = BLOCKED;
		return false;
	}
	SmsSetBatch(&batch, SMS_BATCH_SENDING,
				batch.state == SMS_BATCH_SENDING ? MESSAGE("sent once more: an answer was lost") : NULL, 0,
				0);
	Pace(&kept.sender, &batch, attempt->now);
	SmsMakeRequest(&batch, &kept.sender, request);
	return true;
}

/* ---- the answer ---- */

typedef enum Outcome
{
	TAKEN,
	NOT_TAKEN, /* for now */
	REFUSED,   /* it would be again */
	LOST
} Outcome;

/* Is the pattern found in the text? Both may be NULL. */
static bool
Matches(const char *text, const char *pattern)
{
	static SpiQuery query = {"SELECT $1 ~ $2", 2, {TEXTOID, TEXTOID}, NULL};
	Datum values[2];
	bool found;

	if (text == NULL || pattern == NULL)
		return false;
	values[0] = CStringGetTextDatum(text);
	values[1] = CStringGetTextDatum(pattern);
	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_SELECT, 1);
	found = SpiBool(0, 1);
	SpiEnd();
	return found;
}

static Outcome
OutcomeOf(const SmsSender *sender, const OutboxReply *reply)
{
	const char *success = sender->kannel ? KANNEL_SUCCESS : sender->success;
	const char *refusal = sender->kannel ? KANNEL_REFUSAL : sender->refusal;

	if (reply->http == 0)
		return reply->began ? LOST : NOT_TAKEN;
	if (reply->http / 100 == 2)
	{
		if ((success == NULL && !Matches(reply->body, refusal)) || Matches(reply->body, success))
			return TAKEN;
		return Matches(reply->body, refusal) ? REFUSED : LOST;
	}
	if (reply->http == 502 || reply->http == 504)
		return LOST;
	if (reply->http / 100 == 4 && reply->http != 401 && reply->http != 403 && reply->http != 404 &&
		reply->http != 405 && reply->http != 407 && reply->http != 408 && reply->http != 429)
		return REFUSED;
	return NOT_TAKEN;
}

/* The gateway's own numbers in its reply go to whoever matches reports. */
static void
TellIds(const SmsSender *sender, const SmsBatch *batch, const char *body)
{
	static SpiQuery query = {
		"SELECT coalesce(m[1], '') FROM regexp_matches($1, $2, 'g') WITH ORDINALITY r (m, n)"
		" ORDER BY n LIMIT 1000",
		2,
		{TEXTOID, TEXTOID},
		NULL};
	int numbers = batch->last - batch->first + 1;
	Datum values[2];
	const char **ids;
	int count;

	if (SmsSubmittedHook == NULL || sender->id_pattern == NULL || body == NULL)
		return;
	values[0] = CStringGetTextDatum(body);
	values[1] = CStringGetTextDatum(sender->id_pattern);
	SpiBegin();
	count = (int) SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	ids = SPI_palloc(sizeof(char *) * Max(count, 1));
	for (int i = 0; i < count; i++)
		ids[i] = SpiText(i, 1);
	SpiEnd();
	/* one for each number, or the parts of a single one; else one for all */
	if (numbers == 1 && count > 0)
		SmsSubmittedHook(sender->gateway_id, batch->sms_id, batch->first, ids, count);
	else if (count == numbers)
		for (int i = 0; i < count; i++)
			SmsSubmittedHook(sender->gateway_id, batch->sms_id, batch->first + i, &ids[i], 1);
	else if (count > 0)
		SmsSubmittedHook(sender->gateway_id, batch->sms_id, -1, ids, 1);
}

/* The gateway that MoveOne() takes batches away from. */
static int32 leaving;

/* Where a batch goes that waits at a gateway that does not work: 0: it stays. */
static int64
MoveOne(int64 message_id, const char *payload)
{
	SmsGateway other;
	SmsBatch batch;

	if (!SmsReadBatch(payload, &batch) || batch.state != SMS_BATCH_QUEUED ||
		!SmsChooseGateway(&leaving, 1, &other) || !other.works)
		return 0;
	SmsSetBatch(&batch, SMS_BATCH_QUEUED, NULL, other.gateway_id, leaving);
	return other.destination_id;
}

int
SmsLeaveGateway(int32 gateway_id, int64 destination_id)
{
	SmsGateway other;

	if (!SmsChooseGateway(&gateway_id, 1, &other) || !other.works)
		return 0;
	leaving = gateway_id;
	return OutboxMoveWaiting(destination_id, MOVED_AT_ONCE, MoveOne);
}

/* When the breaker of the gateway opens with this failure, what waits there goes to others. */
static void
LeaveBroken(const SmsSender *sender)
{
	static SpiQuery query = {
		"SELECT failures >= $2 FROM citybigdata.outbox_destination WHERE destination_id = $1",
		2,
		{INT8OID, INT4OID},
		NULL,
		true};
	Datum values[] = {Int64GetDatum(sender->destination_id), Int32GetDatum(FAILURES_OPEN)};
	bool opens;

	SpiBegin();
	opens = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0 && SpiBool(0, 1);
	SpiEnd();
	if (opens)
		(void) SmsLeaveGateway(sender->gateway_id, sender->destination_id);
}

/* OutboxPurpose.rests: also a batch that was accepted while the breaker opened goes to another gateway. */
static void
GatewayRests(int64 destination_id, const char *key)
{
	SmsSender sender;

	if (SmsReadSender(key, false, &sender))
		(void) SmsLeaveGateway(sender.gateway_id, destination_id);
}

/* The reason in the gateway's words, where there are any. */
static const char *
Words(const OutboxReply *reply)
{
	if (reply->http != 0 && reply->body != NULL && !TextBlank(reply->body, strlen(reply->body)))
		return ShortText(reply->body, strlen(reply->body));
	return reply->error != NULL ? reply->error : MESSAGE("the gateway refused the message");
}

/* The gateway has not taken the batch. */
static OutboxVerdict
GoOn(const OutboxAttempt *attempt, const SmsBatch *batch, const OutboxReply *reply, bool refused)
{
	int32 own = kept.sender.gateway_id;
	int32 *tried = palloc(sizeof(int32) * (batch->tried_count + 1));
	SmsGateway other;

	memcpy(tried, batch->tried, sizeof(int32) * batch->tried_count);
	tried[batch->tried_count] = own;
	if (SmsChooseGateway(tried, batch->tried_count + 1, &other) && other.works &&
		OutboxMove(attempt->message_id, attempt->destination_id, other.destination_id))
	{
		SmsSetBatch(batch, SMS_BATCH_QUEUED, NULL, other.gateway_id, own);
		LeaveBroken(&kept.sender);
		return OUTBOX_MOVED;
	}
	if (refused || attempt->attempts >= (int) lengthof(delays))
	{
		SmsSetBatch(batch, SMS_BATCH_FAILED, Words(reply), 0, own);
		return OUTBOX_DEAD;
	}
	/* from the beginning, later */
	SmsSetBatch(batch, SMS_BATCH_QUEUED, Words(reply), 0, -1);
	return OUTBOX_FAILED;
}

/* OutboxPurpose.judge */
static OutboxVerdict
JudgeBatch(const OutboxAttempt *attempt, const OutboxReply *reply, const char **error)
{
	OutboxVerdict verdict = OUTBOX_DEAD;
	SmsBatch batch;
	Outcome outcome;

	if (!SmsReadBatch(attempt->payload, &batch))
		return OUTBOX_DEAD;
	ForgetKept();
	if (!SmsReadSender(attempt->key, false, &kept.sender))
		return OUTBOX_DEAD;
	outcome = OutcomeOf(&kept.sender, reply);
	if (outcome == TAKEN)
	{
		SmsSetBatch(&batch, SMS_BATCH_SENT, NULL, 0, 0);
		TellIds(&kept.sender, &batch, reply->body);
		verdict = OUTBOX_DELIVERED;
	}
	else if (outcome == LOST && kept.sender.resend_doubtful)
	{
		*error = LOST_ANSWER;
		SmsSetBatch(&batch, SMS_BATCH_QUEUED, MESSAGE("sent once more: an answer was lost"), 0, 0);
		verdict = OUTBOX_FAILED;
	}
	else if (outcome == LOST)
	{
		*error = LOST_ANSWER;
		SmsSetBatch(&batch, SMS_BATCH_DOUBTFUL, LOST_ANSWER, 0, 0);
	}
	else
		verdict = GoOn(attempt, &batch, reply, outcome == REFUSED);
	ForgetKept();
	return verdict;
}

/* OutboxPurpose.released */
static void
ReleaseBatch(const OutboxAttempt *attempt)
{
	SmsBatch batch;

	if (SmsReadBatch(attempt->payload, &batch) && batch.state == SMS_BATCH_SENDING)
		SmsSetBatch(&batch, SMS_BATCH_QUEUED, NULL, 0, 0);
}

const OutboxPurpose sms_purpose = {.name = SMS_PURPOSE,
								   .delays = delays,
								   .delay_count = lengthof(delays),
								   .prepare = PrepareBatch,
								   .prepared = ForgetKept,
								   .judge = JudgeBatch,
								   .released = ReleaseBatch,
								   .rests = GatewayRests};
