/*
 * The asking thread; see ask.h.
 *
 * Two lists have locks of their own: what is to be sent (all workers put, the thread takes), and what has
 * come for a worker (the thread puts, the worker takes). An ask that nobody waits for has no owner; the flag
 * is the worker's, which alone looks at it. So the thread never touches a request.
 */
#include "outbound/ask.h"

#include <curl/curl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "outbound/transfer.h"
#include "text/message.h"

#define POLL_INTERVAL 1000 /* ms without a wake */

struct AskJob
{
	AskJob *next;
	AskBox *box;
	AskDone done;
	void *owner; /* NULL: nobody waits */
	json_t *request;
	Transfer transfer;
	Text outcome;
};

struct AskBox
{
	AskBox *next; /* of all boxes */
	int wake_fd;
	pthread_mutex_t lock;
	AskJob *first, **last; /* what has come, oldest first */
};

static pthread_t thread;
static CURLM *multi;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of `waiting` and `boxes` */
static AskJob *waiting;
static AskBox *boxes;
static atomic_bool started, stop;
static _Atomic int64_t under_way;
static _Atomic uint64_t answered, failed, refused;

/* ---- the worker's side ---- */

AskBox *
AskBoxOpen(int wake_fd)
{
	AskBox *box = Allocate(sizeof(*box));

	memset(box, 0, sizeof(*box));
	box->wake_fd = wake_fd;
	box->last = &box->first;
	pthread_mutex_init(&box->lock, NULL);
	pthread_mutex_lock(&lock);
	box->next = boxes;
	boxes = box;
	pthread_mutex_unlock(&lock);
	return box;
}

void
AskBoxClose(AskBox *box)
{
	pthread_mutex_lock(&box->lock);
	box->wake_fd = -1;
	pthread_mutex_unlock(&box->lock);
}

static void
FreeAsk(AskJob *ask)
{
	json_decref(ask->request);
	TextClear(&ask->outcome);
	free(ask);
}

AskJob *
AskSend(AskBox *box, Span request, AskDone done, void *owner)
{
	json_t *json = json_loadb(request.text, request.length, 0, NULL);
	AskJob *ask;

	if (json == NULL || !atomic_load(&started) || atomic_load(&under_way) >= ASKS_MAX)
	{
		json_decref(json);
		atomic_fetch_add(&refused, 1);
		return NULL;
	}
	ask = Allocate(sizeof(*ask));
	memset(ask, 0, sizeof(*ask));
	ask->box = box;
	ask->done = done;
	ask->owner = owner;
	ask->request = json;
	atomic_fetch_add(&under_way, 1);
	pthread_mutex_lock(&lock);
	ask->next = waiting;
	waiting = ask;
	pthread_mutex_unlock(&lock);
	curl_multi_wakeup(multi);
	return ask;
}

void
AskForget(AskJob *ask)
{
	ask->owner = NULL;
}

void
AskDeliver(AskBox *box)
{
	AskJob *ask;

	pthread_mutex_lock(&box->lock);
	ask = box->first;
	box->first = NULL;
	box->last = &box->first;
	pthread_mutex_unlock(&box->lock);
	while (ask != NULL)
	{
		AskJob *next = ask->next;

		if (ask->owner != NULL)
			ask->done(ask->owner, (Span){ask->outcome.bytes, ask->outcome.length});
		FreeAsk(ask);
		ask = next;
	}
}

/* ---- the thread ---- */

/* It is over: its outcome goes to its worker. */
static void
Over(AskJob *ask, CURLcode code)
{
	AskBox *box = ask->box;
	json_t *order = json_object_get(ask->request, "order");
	char *text = order == NULL ? NULL : json_dumps(order, JSON_COMPACT | JSON_ENCODE_ANY);
	uint64_t one = 1;

	TransferOutcome(&ask->transfer, code, &ask->outcome);
	if (text != NULL)
	{
		ask->outcome.length--; /* the bracket that closes the object */
		TextPrint(&ask->outcome, ",\"order\":%s}", text);
	}
	free(text);
	atomic_fetch_add(strstr(ask->outcome.bytes, "\"http\":2") != NULL ? &answered : &failed, 1);
	TransferEnd(&ask->transfer);
	curl_easy_cleanup(ask->transfer.easy);
	ask->transfer.easy = NULL;
	atomic_fetch_sub(&under_way, 1);
	ask->next = NULL;
	pthread_mutex_lock(&box->lock);
	*box->last = ask;
	box->last = &ask->next;
	if (box->wake_fd >= 0)
	{
		ssize_t written = write(box->wake_fd, &one, sizeof(one));

		(void) written;
	}
	pthread_mutex_unlock(&box->lock);
}

static void
Begin(AskJob *ask)
{
	const Config *config = ConfigNow();
	TransferLimits limits = {&config->networks, config->outbound_ca, config->outbound_timeout};

	if (!TransferBegin(&ask->transfer, ask->request, &limits))
		ask->transfer.problem = MESSAGE("the request is not understood");
	if (ask->transfer.problem == NULL)
	{
		curl_easy_setopt(ask->transfer.easy, CURLOPT_PRIVATE, ask);
		if (curl_multi_add_handle(multi, ask->transfer.easy) != CURLM_OK)
			ask->transfer.problem = MESSAGE("no memory");
	}
	if (ask->transfer.problem != NULL)
		Over(ask, CURLE_OK);
}

/* Begins what workers have put, in their order. */
static void
Take(void)
{
	AskJob *taken, *ordered = NULL;

	pthread_mutex_lock(&lock);
	taken = waiting;
	waiting = NULL;
	pthread_mutex_unlock(&lock);
	while (taken != NULL)
	{
		AskJob *next = taken->next;

		taken->next = ordered;
		ordered = taken;
		taken = next;
	}
	while (ordered != NULL)
	{
		AskJob *next = ordered->next;

		Begin(ordered);
		ordered = next;
	}
}

static void
Collect(void)
{
	CURLMsg *message;
	int more;

	while ((message = curl_multi_info_read(multi, &more)) != NULL)
	{
		CURLcode code = message->data.result;
		CURL *easy = message->easy_handle;
		AskJob *ask;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ask);
		curl_multi_remove_handle(multi, easy);
		Over(ask, code);
	}
}

static void *
Run(void *unused)
{
	int running = 0;

	(void) unused;
	/* what is under way ends within its time limit */
	while (!atomic_load(&stop) || running > 0)
	{
		Take();
		curl_multi_perform(multi, &running);
		Collect();
		curl_multi_poll(multi, NULL, 0, POLL_INTERVAL, NULL);
	}
	return NULL;
}

bool
AskStart(void)
{
	multi = curl_multi_init();
	if (multi == NULL || pthread_create(&thread, NULL, Run, NULL) != 0)
		return false;
	atomic_store(&started, true);
	return true;
}

void
AskStop(void)
{
	if (!atomic_load(&started))
		return;
	atomic_store(&stop, true);
	curl_multi_wakeup(multi);
	pthread_join(thread, NULL);
	while (waiting != NULL)
	{
		AskJob *next = waiting->next;

		FreeAsk(waiting);
		waiting = next;
	}
	while (boxes != NULL)
	{
		AskBox *next = boxes->next;

		for (AskJob *ask = boxes->first; ask != NULL; ask = boxes->first)
		{
			boxes->first = ask->next;
			FreeAsk(ask);
		}
		pthread_mutex_destroy(&boxes->lock);
		free(boxes);
		boxes = next;
	}
	curl_multi_cleanup(multi);
}

void
AskMetrics(Text *text)
{
	TextPrint(
		text,
		"# HELP citybigdata_asks_total Requests to other systems that a client waited for\n"
		"# TYPE citybigdata_asks_total counter\n"
		"citybigdata_asks_total{outcome=\"answered\"} %llu\ncitybigdata_asks_total{outcome=\"failed\"} %llu\n"
		"citybigdata_asks_total{outcome=\"refused\"} %llu\n"
		"# HELP citybigdata_asks_under_way Such requests that wait for an answer\n"
		"# TYPE citybigdata_asks_under_way gauge\ncitybigdata_asks_under_way %lld\n",
		(unsigned long long) atomic_load(&answered), (unsigned long long) atomic_load(&failed),
		(unsigned long long) atomic_load(&refused), (long long) atomic_load(&under_way));
}
