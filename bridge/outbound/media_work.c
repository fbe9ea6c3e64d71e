/* Workers: look at media that came, and have them stored; see media.h. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "db/watch.h"
#include "outbound/media.h"

#define RETRY_PAUSE 500000000 /* ns between two tries of a database that is away */
#define LAST_TURNS  3000      /* ms for the last statements when the bridge stops */

static pthread_t threads[32];
static int thread_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static MediaJob *first, *last; /* list, oldest first */

void
MediaPut(MediaJob *job)
{
	pthread_mutex_lock(&lock);
	job->next = NULL;
	if (last == NULL)
		first = job;
	else
		last->next = job;
	last = job;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
}

/* The next job; NULL: there will be none. */
static MediaJob *
NextJob(void)
{
	MediaJob *job;

	pthread_mutex_lock(&lock);
	while (first == NULL && !MediaEnding())
		pthread_cond_wait(&more, &lock);
	job = MediaEnding() ? NULL : first;
	if (job != NULL)
	{
		first = job->next;
		if (first == NULL)
			last = NULL;
	}
	pthread_mutex_unlock(&lock);
	return job;
}

static void
JobFree(MediaJob *job)
{
	SpoolFree(job->spool);
	free(job);
}

/* Counts what was found, and says what its operator must see. */
static void
Count(const MediaJob *job, const MediaLook *look)
{
	if (look->problem == NULL)
		return;
	if (strcmp(look->problem, "program") == 0)
	{
		atomic_fetch_add(&media_counters.program, 1);
		return;
	}
	atomic_fetch_add(&media_counters.unreadable, 1);
	LogEvent(LOG_INFO, NULL, "outbound: message %lld: the picture cannot be read, or is too large (%s)",
			 (long long) job->message_id, look->problem);
}

/* Has it stored while its lease lasts. One that the database will not have counts as a failure of its own:
 * it must not come again and again. */
static void
Store(MediaDb *db, const MediaJob *job, MediaLook *look)
{
	const struct timespec pause = {0, RETRY_PAUSE};

	for (;;)
	{
		switch (MediaDbStore(db, job, look))
		{
			case MEDIA_STORED:
				atomic_fetch_add(&media_counters.stored, 1);
				return;
			case MEDIA_REFUSED:
				if (look->problem != NULL)
					return;
				look->problem = "program";
				continue;
			case MEDIA_LATE:
				atomic_fetch_add(&media_counters.late, 1);
				return;
			case MEDIA_NO_DATABASE:
				break;
		}
		if (Milliseconds() >= job->until || MediaEnding())
		{
			atomic_fetch_add(&media_counters.late, 1);
			return;
		}
		nanosleep(&pause, NULL);
	}
}

static void *
Run(void *unused)
{
	MediaDb *db = MediaDbOpen();
	MediaJob *job;

	(void) unused;
	while ((job = NextJob()) != NULL)
	{
		MediaLook look;

		/* another bridge fetches it by now */
		if (Milliseconds() >= job->until)
			atomic_fetch_add(&media_counters.late, 1);
		else
		{
			LookAt(job->spool, &look);
			Count(job, &look);
			if (!MediaEnded())
				Store(db, job, &look);
			LookFree(&look);
		}
		JobFree(job);
	}
	MediaDbClose(db);
	return NULL;
}

bool
MediaStart(void)
{
	int wanted = ConfigNow()->media_workers;

	while (thread_count < wanted && pthread_create(&threads[thread_count], NULL, Run, NULL) == 0)
		thread_count++;
	return thread_count == wanted;
}

void
MediaStop(uint64_t deadline)
{
	struct timespec until;

	pthread_mutex_lock(&lock);
	MediaEndAt(deadline);
	pthread_cond_broadcast(&more);
	pthread_mutex_unlock(&lock);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec +=
		(time_t) ((deadline > Milliseconds() ? deadline - Milliseconds() : 0) + LAST_TURNS) / 1000;
	/* one that still waits for its database ends with the process */
	while (thread_count > 0)
		(void) pthread_clockjoin_np(threads[--thread_count], NULL, CLOCK_MONOTONIC, &until);
	while (first != NULL)
	{
		MediaJob *job = first;

		first = job->next;
		JobFree(job);
	}
	last = NULL;
}
