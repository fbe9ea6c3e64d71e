/* The log-in lane's limiter, and the thread that sends cancels. */
#include "db/limiter.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

typedef struct Waiter
{
	int wake_fd;
	bool waiting;
	bool granted; /* a place was handed over and not yet taken up */
} Waiter;

static struct
{
	pthread_mutex_t lock;
	int places;
	int workers;
	Waiter *waiters;
} limiter = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
Wake(int fd)
{
	uint64_t one = 1;
	ssize_t written = write(fd, &one, sizeof(one));

	(void) written; /* only fails when the counter is full: awake anyway */
}

bool
LimiterStart(int places, int workers)
{
	limiter.places = places;
	limiter.workers = workers;
	limiter.waiters = Allocate(sizeof(Waiter) * (size_t) workers);
	memset(limiter.waiters, 0, sizeof(Waiter) * (size_t) workers);
	return true;
}

void
LimiterRegister(int worker, int wake_fd)
{
	limiter.waiters[worker].wake_fd = wake_fd;
}

bool
LimiterTake(int worker)
{
	Waiter *waiter = &limiter.waiters[worker];
	bool taken = true;

	pthread_mutex_lock(&limiter.lock);
	if (waiter->granted)
		waiter->granted = false;
	else if (limiter.places > 0)
		limiter.places--;
	else
	{
		waiter->waiting = true;
		taken = false;
	}
	pthread_mutex_unlock(&limiter.lock);
	return taken;
}

/* Hands a place to the next worker in turn, or puts it back. Called with the lock held. */
static void
HandOver(int worker)
{
	for (int i = 1; i <= limiter.workers; i++)
	{
		Waiter *next = &limiter.waiters[(worker + i) % limiter.workers];

		if (!next->waiting)
			continue;
		next->waiting = false;
		next->granted = true;
		Wake(next->wake_fd);
		return;
	}
	limiter.places++;
}

void
LimiterGiveBack(int worker)
{
	pthread_mutex_lock(&limiter.lock);
	HandOver(worker);
	pthread_mutex_unlock(&limiter.lock);
}

void
LimiterForgo(int worker)
{
	Waiter *waiter = &limiter.waiters[worker];

	pthread_mutex_lock(&limiter.lock);
	waiter->waiting = false;
	if (waiter->granted)
	{
		waiter->granted = false;
		HandOver(worker);
	}
	pthread_mutex_unlock(&limiter.lock);
}

typedef struct Order
{
	struct Order *next;
	PGcancel *cancel;
	_Atomic int *pending;
	int wake_fd;
} Order;

static struct
{
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_t thread;
	Order *first, *last;
	bool stop;
	bool running;
} canceller = {.lock = PTHREAD_MUTEX_INITIALIZER, .filled = PTHREAD_COND_INITIALIZER};

static void *
SendCancels(void *unused)
{
	pthread_mutex_lock(&canceller.lock);
	for (;;)
	{
		Order *order = canceller.first;
		char error[256];

		if (order == NULL)
		{
			if (canceller.stop)
				break;
			pthread_cond_wait(&canceller.filled, &canceller.lock);
			continue;
		}
		canceller.first = order->next;
		if (canceller.first == NULL)
			canceller.last = NULL;
		pthread_mutex_unlock(&canceller.lock);
		if (!PQcancel(order->cancel, error, sizeof(error)))
			LogEvent(LOG_WARNING, NULL, "cancel: %s", error);
		PQfreeCancel(order->cancel);
		atomic_store(order->pending, 0);
		Wake(order->wake_fd);
		free(order);
		pthread_mutex_lock(&canceller.lock);
	}
	pthread_mutex_unlock(&canceller.lock);
	return NULL;
}

bool
CancellerStart(void)
{
	canceller.running = pthread_create(&canceller.thread, NULL, SendCancels, NULL) == 0;
	return canceller.running;
}

void
CancellerSend(PGcancel *cancel, _Atomic int *pending, int wake_fd)
{
	Order *order = Allocate(sizeof(Order));

	*order = (Order){NULL, cancel, pending, wake_fd};
	pthread_mutex_lock(&canceller.lock);
	if (canceller.last == NULL)
		canceller.first = order;
	else
		canceller.last->next = order;
	canceller.last = order;
	pthread_cond_signal(&canceller.filled);
	pthread_mutex_unlock(&canceller.lock);
}

void
CancellerStop(void)
{
	if (canceller.running)
	{
		pthread_mutex_lock(&canceller.lock);
		canceller.stop = true;
		pthread_cond_signal(&canceller.filled);
		pthread_mutex_unlock(&canceller.lock);
		pthread_join(canceller.thread, NULL);
	}
	free(limiter.waiters);
	limiter.waiters = NULL;
}
