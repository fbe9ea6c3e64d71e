/* The log-in lane's limiter; see limiter.h. */
#include "db/limiter.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

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

void
LimiterStop(void)
{
	free(limiter.waiters);
	limiter.waiters = NULL;
}
