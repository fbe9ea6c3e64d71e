/*
 * The engine: one thread that claims messages, sends them and records what came of them; see outbound.h.
 *
 *   turn of the loop
 *     OutboxDbStep()      connection, results
 *     NextStatements()    outcomes and, right behind them, the next claim: one round trip; else figures. What
 *                         comes while they are under way goes together with the next ones
 *     SocketsTurn()       every transfer that can go on
 *     Collect()           those that are over become outcomes
 *     SocketsWait()       until something happens, at most a second
 *
 * What a turn costs follows what has happened, not how many transfers are under way or destinations there
 * are.
 *
 * Outcomes that cannot be recorded wait for the database. One that it refuses is taken out after the others
 * have been tried alone: its message is claimed again when its lease ends.
 */
#include <curl/curl.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "db/watch.h"
#include "outbound/engine.h"
#include "outbound/lanes.h"
#include "outbound/media.h"
#include "outbound/outbound.h"
#include "outbound/outbox_db.h"
#include "outbound/sockets.h"
#include "outbound/transfer.h"
#include "text/message.h"

#define POLL_INTERVAL    1000  /* ms between two looks without a wake */
#define STATE_INTERVAL   10000 /* ms between two looks at the figures, at least */
#define STATE_SHARE      50    /* and so many times as long as one takes */
#define WAKE_PAUSE       50    /* ms between two wakes that are passed on */
#define LEASE_REST       15000 /* ms of a lease beyond the time that sending may take */
#define OUTCOME_PAUSE    10    /* ms that outcomes wait for others */
#define RECORD_MAX       500   /* outcomes at a time */
#define LAST_TURNS       2000  /* ms for the last outcomes when the engine stops */
#define KEPT_CONNECTIONS 1024  /* to receivers, idle ones with them */

/* An outcome that waits to be recorded. */
typedef struct Outcome
{
	struct Outcome *next;
	Text json;
} Outcome;

typedef struct Engine
{
	OutboxDb *db;
	CURLM *multi;
	Sockets *sockets;
	Lanes *lanes;
	Transfer *running; /* list, linked both ways */
	Transfer *spare;   /* list */
	int running_count;
	Outcome *outcomes, *last; /* list, oldest first */
	int outcome_count;
	uint64_t outcome_at; /* when the list got its first one */
	int recording;       /* of them, the first ones, under way to the database */
	bool alone;          /* outcomes one by one: one of them was refused */
	uint64_t claim_at, state_at, wake_at, sent_at;
	bool woken;
	bool stopping;
} Engine;

static pthread_t thread;
static int wake_fd = -1;
static atomic_bool started, stop, reload;
static _Atomic uint64_t stop_deadline;

/* ---- outcomes ---- */

static Outcome *
AddOutcome(Engine *engine)
{
	Outcome *outcome = Allocate(sizeof(*outcome));

	memset(outcome, 0, sizeof(*outcome));
	if (engine->last == NULL)
	{
		engine->outcomes = outcome;
		engine->outcome_at = Milliseconds();
	}
	else
		engine->last->next = outcome;
	engine->last = outcome;
	engine->outcome_count++;
	return outcome;
}

/* The first ones are recorded, or given up. */
static void
DropOutcomes(Engine *engine, int count)
{
	while (count-- > 0 && engine->outcomes != NULL)
	{
		Outcome *outcome = engine->outcomes;

		engine->outcomes = outcome->next;
		if (engine->outcomes == NULL)
			engine->last = NULL;
		engine->outcome_count--;
		TextClear(&outcome->json);
		free(outcome);
	}
}

static void
SendOutcomes(Engine *engine)
{
	Text json = {NULL, 0, 0};
	const char *values[1];

	engine->recording = 0;
	TextAddString(&json, "[");
	for (Outcome *outcome = engine->outcomes;
		 outcome != NULL && engine->recording < (engine->alone ? 1 : RECORD_MAX); outcome = outcome->next)
	{
		TextAddString(&json, engine->recording++ > 0 ? "," : "");
		TextAdd(&json, outcome->json.bytes, outcome->json.length);
	}
	TextAddString(&json, "]");
	values[0] = json.bytes;
	OutboxDbSend(engine->db, OUTBOX_RECORD, values);
	TextClear(&json);
}

static void
OutcomesRecorded(Engine *engine, const Frame *frame, bool refused)
{
	json_t *told = frame == NULL ? NULL : json_loadb(frame->body.text, frame->body.length, 0, NULL);

	if (frame == NULL && !refused)
		return; /* the same again, once there is a database */
	if (frame == NULL && !engine->alone && engine->recording > 1)
	{
		engine->alone = true;
		return;
	}
	if (frame == NULL)
		LogEvent(LOG_ERROR, NULL, "outbound: an outcome was refused by the database");
	atomic_fetch_add(&engine_counters.late, (uint64_t) json_integer_value(json_object_get(told, "late")));
	json_decref(told);
	DropOutcomes(engine, engine->recording);
	engine->recording = 0;
	engine->alone = engine->alone && engine->outcome_count > 0;
	/* what waited behind them may be sent now */
	engine->claim_at = 0;
}

/* ---- transfers ---- */

static Transfer *
NewTransfer(Engine *engine)
{
	Transfer *transfer = engine->spare;

	if (transfer != NULL)
		engine->spare = transfer->next;
	else
	{
		transfer = Allocate(sizeof(*transfer));
		memset(transfer, 0, sizeof(*transfer));
	}
	transfer->next = NULL;
	return transfer;
}

/* Kept for the next message. */
static void
Spare(Engine *engine, Transfer *transfer)
{
	TransferEnd(transfer);
	transfer->next = engine->spare;
	engine->spare = transfer;
}

/* One that waited for its turn goes back into the queue. */
static void
Return(Engine *engine, Transfer *transfer)
{
	TransferReleased(transfer, &AddOutcome(engine)->json);
	Spare(engine, transfer);
}

/* Does its purpose take the transfer from here? Else its outcome waits to be recorded. *good: it was answered
 * with 2xx. */
static bool
Taken(Engine *engine, Transfer *transfer, CURLcode code, bool *good)
{
	Outcome *outcome;

	*good = TransferTaken(transfer, code);
	if (*good)
		return true;
	outcome = AddOutcome(engine);
	TransferOutcome(transfer, code, &outcome->json);
	*good = strstr(outcome->json.bytes, "\"http\":2") != NULL;
	return false;
}

/* The transfer is over. Returns the one that goes out instead; NULL: none. */
static Transfer *
Over(Engine *engine, Transfer *transfer, CURLcode code)
{
	bool good;
	Transfer *next, *other;

	if (Taken(engine, transfer, code, &good))
		engine->claim_at = 0; /* no outcome of it will ask for the next one */
	atomic_fetch_add(good ? &engine_counters.delivered : &engine_counters.failed, 1);
	next = LaneNext(engine->lanes, transfer, good, ConfigNow()->outbound_per_destination, Milliseconds());
	while (!good && (other = LaneGiveUp(engine->lanes, transfer->destination)) != NULL)
		Return(engine, other);
	Spare(engine, transfer);
	return next;
}

/* Sends what may go out; what cannot is over at once, and the next of its lane has its turn. */
static void
Start(Engine *engine, Transfer *transfer)
{
	while (transfer != NULL)
	{
		if (transfer->problem == NULL && curl_multi_add_handle(engine->multi, transfer->easy) != CURLM_OK)
			transfer->problem = MESSAGE("no memory");
		if (transfer->problem == NULL)
		{
			transfer->next = engine->running;
			if (engine->running != NULL)
				engine->running->before = transfer;
			engine->running = transfer;
			engine->running_count++;
			return;
		}
		transfer = Over(engine, transfer, CURLE_OK);
	}
}

static void
Begin(Engine *engine, const json_t *message)
{
	const Config *config = ConfigNow();
	TransferLimits limits = {&config->networks, config->outbound_ca, config->outbound_timeout};
	Transfer *transfer = NewTransfer(engine);

	if (!TransferBegin(transfer, message, &limits))
	{
		LogEvent(LOG_ERROR, NULL, "outbound: a message is not understood");
		Spare(engine, transfer);
	}
	else if (transfer->problem == NULL && transfer->purpose->begin != NULL &&
			 !transfer->purpose->begin(transfer))
		Return(engine, transfer);
	else if (LaneTakes(engine->lanes, transfer, config->outbound_per_destination, Milliseconds()))
		Start(engine, transfer);
}

/* Takes it out of the list of those that run. */
static void
Unlink(Engine *engine, Transfer *transfer)
{
	if (transfer->before == NULL)
		engine->running = transfer->next;
	else
		transfer->before->next = transfer->next;
	if (transfer->next != NULL)
		transfer->next->before = transfer->before;
	transfer->next = transfer->before = NULL;
	engine->running_count--;
	curl_multi_remove_handle(engine->multi, transfer->easy);
}

static void
Collect(Engine *engine)
{
	CURLMsg *message;
	int more;

	while ((message = curl_multi_info_read(engine->multi, &more)) != NULL)
	{
		CURLcode code = message->data.result;
		Transfer *transfer;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		Unlink(engine, transfer);
		Start(engine, Over(engine, transfer, code));
	}
}

/* What has waited too long for its turn (or all that waits) goes back into the queue. */
static void
GiveBack(Engine *engine, bool all)
{
	Transfer *transfer;

	while ((transfer = LanesStale(engine->lanes, Milliseconds(), all)) != NULL)
		Return(engine, transfer);
}

/* Messages that there is room for. */
static int
Room(const Engine *engine)
{
	return ConfigNow()->outbound_connections - engine->running_count - LanesWaiting(engine->lanes);
}

/* Nobody waits any longer: what is under way goes back into the queue. It may have been received, which the
 * receiver knows by its number. */
static void
Release(Engine *engine)
{
	while (engine->running != NULL)
	{
		Transfer *transfer = engine->running;

		Unlink(engine, transfer);
		TransferReleased(transfer, &AddOutcome(engine)->json);
		TransferFree(transfer);
	}
}

/* ---- claims ---- */

static void
SendClaim(Engine *engine)
{
	const Config *config = ConfigNow();
	Text destinations = {NULL, 0, 0}, counts = {NULL, 0, 0}, limits = {NULL, 0, 0};
	char free_slots[16], each[16], lease[16];
	const char *values[6] = {free_slots, each, lease};

	LanesTell(engine->lanes, config->outbound_per_destination, Milliseconds(), &destinations, &counts,
			  &limits);
	snprintf(free_slots, sizeof(free_slots), "%d", Room(engine));
	snprintf(each, sizeof(each), "%d", config->outbound_per_destination);
	snprintf(lease, sizeof(lease), "%d", config->outbound_timeout + LEASE_REST);
	values[3] = destinations.bytes;
	values[4] = counts.bytes;
	values[5] = limits.bytes;
	OutboxDbSend(engine->db, OUTBOX_CLAIM, values);
	TextClear(&destinations);
	TextClear(&counts);
	TextClear(&limits);
}

static void
Claimed(Engine *engine, const Frame *frame)
{
	json_t *reply = frame == NULL ? NULL : json_loadb(frame->body.text, frame->body.length, 0, NULL);
	const json_t *messages = json_object_get(reply, "messages");
	const json_t *message;
	size_t i;

	json_array_foreach(messages, i, message) Begin(engine, message);
	/* there may be more at once; else outcomes, a wake or the next look will tell */
	engine->claim_at = json_is_true(json_object_get(reply, "full")) ? 0 : Milliseconds() + POLL_INTERVAL;
	json_decref(reply);
}

/* ---- the loop ---- */

/* OutboxDone */
static void
StatementDone(void *state, OutboxStatement statement, const Frame *frame, bool refused)
{
	Engine *engine = state;
	uint64_t now = Milliseconds();

	switch (statement)
	{
		case OUTBOX_CLAIM:
			Claimed(engine, frame);
			break;
		case OUTBOX_RECORD:
			OutcomesRecorded(engine, frame, refused);
			break;
		case OUTBOX_STATE:
			if (frame != NULL)
				CountersTake(frame->body);
			engine->state_at = now + (now - engine->sent_at) * STATE_SHARE;
			if (engine->state_at < now + STATE_INTERVAL)
				engine->state_at = now + STATE_INTERVAL;
			break;
		case OUTBOX_WAKE:
			engine->wake_at = now + WAKE_PAUSE;
			break;
	}
}

/* Are the outcomes to be recorded now? Not each for itself: with those that half of what was claimed comes
 * to, or that some milliseconds bring. A look at the queue goes with them, and costs much the same for one or
 * many. */
static bool
OutcomesDue(const Engine *engine, uint64_t now)
{
	int others = engine->running_count + LanesWaiting(engine->lanes);

	return engine->outcome_count > 0 &&
		   (engine->woken || engine->stopping || engine->outcome_count >= others ||
			engine->outcome_count >= RECORD_MAX || now - engine->outcome_at >= OUTCOME_PAUSE);
}

/* What is to be asked of the database next. A claim goes right behind outcomes: it sees what they leave. */
static void
NextStatements(Engine *engine)
{
	const Config *config = ConfigNow();
	uint64_t now = Milliseconds();
	bool outcomes = OutcomesDue(engine, now);

	if (!OutboxDbIdle(engine->db))
		return;
	engine->sent_at = now;
	if (outcomes)
		SendOutcomes(engine);
	if (outcomes && !OutboxDbUp(engine->db))
		return;
	if (!engine->stopping && Room(engine) > 0 && (outcomes || engine->woken || now >= engine->claim_at))
	{
		engine->woken = false;
		SendClaim(engine);
	}
	else if (!engine->stopping && config->outbound_connections == 0 && engine->woken &&
			 now >= engine->wake_at)
	{
		engine->woken = false;
		OutboxDbSend(engine->db, OUTBOX_WAKE, NULL);
	}
	else if (!engine->stopping && !outcomes && now >= engine->state_at)
		OutboxDbSend(engine->db, OUTBOX_STATE, NULL);
}

/* Until something happens. */
static void
Wait(Engine *engine)
{
	struct pollfd others[2] = {{.fd = wake_fd, .events = POLLIN}};
	uint64_t now = Milliseconds();
	uint64_t until = now + POLL_INTERVAL;
	int count = 1;
	uint64_t counter;
	ssize_t got;

	if (OutboxDbPoll(engine->db, &others[1]))
		count++;
	else
		until = now + WAKE_PAUSE;
	if (OutboxDbIdle(engine->db) && !engine->stopping)
	{
		if (engine->outcome_count > 0 && engine->outcome_at + OUTCOME_PAUSE < until)
			until = engine->outcome_at + OUTCOME_PAUSE;
		if (Room(engine) > 0 && engine->claim_at < until)
			until = engine->claim_at;
		if (ConfigNow()->outbound_connections == 0 && engine->woken && engine->wake_at < until)
			until = engine->wake_at;
	}
	SocketsWait(engine->sockets, others, count, until);
	got = read(wake_fd, &counter, sizeof(counter));
	if (got == sizeof(counter) && !atomic_load(&stop))
	{
		engine->woken = true;
		atomic_fetch_add(&engine_counters.wakes, 1);
	}
}

/* Gauges for others to read. */
static void
Gauges(const Engine *engine)
{
	atomic_store_explicit(&engine_counters.under_way, engine->running_count, memory_order_relaxed);
	atomic_store_explicit(&engine_counters.unrecorded, engine->outcome_count, memory_order_relaxed);
	atomic_store_explicit(&engine_counters.up, OutboxDbUp(engine->db), memory_order_relaxed);
}

/* Is there nothing left to be done? At the deadline what is under way is given back. */
static bool
Stopped(Engine *engine)
{
	uint64_t deadline = atomic_load(&stop_deadline);

	if (!atomic_load(&stop))
		return false;
	engine->stopping = true;
	if (Milliseconds() >= deadline)
		Release(engine);
	return (engine->running_count == 0 && engine->outcome_count == 0 &&
			(OutboxDbIdle(engine->db) || !OutboxDbUp(engine->db))) ||
		   Milliseconds() >= deadline + LAST_TURNS;
}

static void
TakeTurns(Engine *engine)
{
	while (!Stopped(engine))
	{
		if (atomic_exchange(&reload, false))
			OutboxDbRecycle(engine->db);
		OutboxDbStep(engine->db);
		engine->woken = OutboxDbNotified(engine->db) || engine->woken;
		NextStatements(engine);
		SocketsTurn(engine->sockets);
		Collect(engine);
		GiveBack(engine, engine->stopping);
		NextStatements(engine);
		Gauges(engine);
		Wait(engine);
	}
}

static void *
Run(void *state)
{
	Engine *engine = state;

	engine->db = OutboxDbOpen(StatementDone, engine);
	TakeTurns(engine);
	Release(engine);
	GiveBack(engine, true);
	DropOutcomes(engine, engine->outcome_count);
	while (engine->spare != NULL)
	{
		Transfer *transfer = engine->spare;

		engine->spare = transfer->next;
		TransferFree(transfer);
	}
	OutboxDbClose(engine->db);
	LanesClose(engine->lanes);
	SocketsClose(engine->sockets);
	curl_multi_cleanup(engine->multi);
	free(engine);
	return NULL;
}

bool
OutboundStart(void)
{
	Engine *engine = Allocate(sizeof(*engine));

	memset(engine, 0, sizeof(*engine));
	engine->lanes = LanesOpen();
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (engine->multi = curl_multi_init()) == NULL ||
		(engine->sockets = SocketsOpen(engine->multi)) == NULL)
		return false;
	curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS, (long) KEPT_CONNECTIONS);
	wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (wake_fd < 0 || pthread_create(&thread, NULL, Run, engine) != 0)
		return false;
	atomic_store(&started, true);
	return MediaStart();
}

void
OutboundWake(void)
{
	uint64_t one = 1;
	ssize_t written = write(wake_fd, &one, sizeof(one));

	(void) written;
}

void
OutboundReload(void)
{
	atomic_store(&reload, true);
	OutboundWake();
}

void
OutboundStop(uint64_t deadline)
{
	if (!atomic_load(&started))
		return;
	atomic_store(&stop_deadline, deadline);
	atomic_store(&stop, true);
	OutboundWake();
	pthread_join(thread, NULL);
	MediaStop(deadline);
	close(wake_fd);
	curl_global_cleanup();
}
