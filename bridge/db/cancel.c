/* Threads that send cancels; see cancel.h. */
#include "db/cancel.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

#define THREAD_LIMIT 4 /* cancels sent at a time; more wait in the queue */

struct Cancel
{
	Cancel *next;
	PGcancel *cancel;
	int wake_fd;
	bool through;
	bool forgotten;
};

/* Everything behind the lock, the members of a Cancel too. */
static struct
{
	pthread_mutex_t lock;
	pthread_cond_t filled;
	Cancel *first, *last;
	int waiting, threads, idle;
	bool stop;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .filled = PTHREAD_COND_INITIALIZER};

static Cancel *
TakeFirst(void)
{
	Cancel *cancel = queue.first;

	if (cancel != NULL && (queue.first = cancel->next) == NULL)
		queue.last = NULL;
	queue.waiting -= cancel != NULL;
	return cancel;
}

/* The order is done with, by the thread. */
static void
Through(Cancel *cancel)
{
	uint64_t one = 1;
	ssize_t written;

	PQfreeCancel(cancel->cancel);
	cancel->through = true;
	if (cancel->forgotten)
		free(cancel);
	else
	{
		written = write(cancel->wake_fd, &one, sizeof(one));
		(void) written; /* only fails when the counter is full: awake anyway */
	}
}

static void *
SendCancels(void *unused)
{
	pthread_mutex_lock(&queue.lock);
	while (!queue.stop)
	{
		Cancel *cancel = TakeFirst();
		char error[256];

		if (cancel == NULL)
		{
			queue.idle++;
			pthread_cond_wait(&queue.filled, &queue.lock);
			queue.idle--;
			continue;
		}
		if (!cancel->forgotten)
		{
			pthread_mutex_unlock(&queue.lock);
			if (!PQcancel(cancel->cancel, error, sizeof(error)))
				LogEvent(LOG_WARNING, NULL, "cancel: %s", error);
			pthread_mutex_lock(&queue.lock);
		}
		Through(cancel);
	}
	pthread_mutex_unlock(&queue.lock);
	return NULL;
}

/* One more thread where all are busy. Called with the lock held. */
static void
StartThread(void)
{
	pthread_attr_t detached;
	pthread_t thread;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	queue.threads += pthread_create(&thread, &detached, SendCancels, NULL) == 0;
	pthread_attr_destroy(&detached);
}

Cancel *
CancelOrder(PGconn *pg, int wake_fd)
{
	PGcancel *session = PQgetCancel(pg);
	Cancel *cancel;

	if (session == NULL)
		return NULL;
	cancel = Allocate(sizeof(*cancel));
	*cancel = (Cancel){NULL, session, wake_fd, false, false};
	pthread_mutex_lock(&queue.lock);
	if (queue.last == NULL)
		queue.first = cancel;
	else
		queue.last->next = cancel;
	queue.last = cancel;
	if (++queue.waiting > queue.idle && queue.threads < THREAD_LIMIT)
		StartThread();
	pthread_cond_signal(&queue.filled);
	pthread_mutex_unlock(&queue.lock);
	return cancel;
}

bool
CancelThrough(const Cancel *cancel)
{
	bool through;

	pthread_mutex_lock(&queue.lock);
	through = cancel->through;
	pthread_mutex_unlock(&queue.lock);
	return through;
}

void
CancelForget(Cancel *cancel)
{
	bool through;

	if (cancel == NULL)
		return;
	pthread_mutex_lock(&queue.lock);
	through = cancel->through;
	cancel->forgotten = true;
	pthread_mutex_unlock(&queue.lock);
	if (through)
		free(cancel);
}

void
CancelStop(void)
{
	Cancel *cancel;

	pthread_mutex_lock(&queue.lock);
	queue.stop = true;
	while ((cancel = TakeFirst()) != NULL)
		Through(cancel);
	pthread_cond_broadcast(&queue.filled);
	pthread_mutex_unlock(&queue.lock);
}
