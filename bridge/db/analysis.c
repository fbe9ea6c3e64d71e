/* The runners of the algorithm service's jobs; see analysis.h. */
#include "db/analysis.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/json_text.h"
#include "base/log.h"
#include "db/watch.h"
#include "wire/frame.h"

#define RETRY_PAUSE  2000 /* ms after a failure */
#define STOP_PAUSE   20   /* ms between two looks whether a runner has ended */
#define STOP_LIMIT   3000 /* ms that a runner has for its end */
#define SHUT_LIMIT   500  /* ms for the same when its connection was shut */
#define CANCEL_PAUSE 1000 /* ms between two cancels */
#define NUMBER       32   /* characters of one */

/* A session of a runner. How long a job may take is the algorithm's own; the server looks every second
 * whether the runner is still there. */
static const char session[] =
	"SET statement_timeout = 0; SET lock_timeout = 10000; SET idle_in_transaction_session_timeout = 30000;"
	" SET search_path = pg_catalog, pg_temp;"
	" PREPARE job_claim AS SELECT citybigdata.rest_job_claim();"
	" PREPARE job_run (bigint, integer) AS SELECT citybigdata.rest_job_run($1, $2)";
/* Not every system can; then a run goes on until it sends its result. */
static const char watch_client[] = "SET client_connection_check_interval = 1000";

/* One runner. */
typedef struct Runner
{
	pthread_t thread;
	PGconn *pg;
	char *database; /* the connection string that it was made by */
	PGcancel *cancel;
	pthread_mutex_t lock; /* of cancel, which another thread uses when the bridge stops */
	atomic_int socket;    /* of the connection; -1: there is none */
	atomic_bool ended;
	bool failing;
} Runner;

/* What all have done, and what the database told last. */
static struct
{
	_Atomic uint64_t done, failed, cancelled, milliseconds;
	_Atomic int64_t waiting, running, failed_lately;
} counters;

static Runner *runners;
static int count;
static atomic_bool stopping;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake; /* of a clock that never jumps */
static unsigned wakes;

/* Waits so long, for a wake or for the end. */
static void
Pause(int milliseconds, unsigned *seen)
{
	struct timespec until;

	(void) clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += (long) (milliseconds % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000)
	{
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	(void) pthread_mutex_lock(&lock);
	while (*seen == wakes && !atomic_load(&stopping))
		if (pthread_cond_timedwait(&wake, &lock, &until) != 0)
			break;
	*seen = wakes;
	(void) pthread_mutex_unlock(&lock);
}

/* Server notices are rare, and of use to who looks after the database. */
static void
Notice(void *unused, const char *message)
{
	(void) unused;
	LogEvent(LOG_INFO, NULL, "analysis database: %s", message);
}

static void
Disconnect(Runner *runner)
{
	(void) pthread_mutex_lock(&runner->lock);
	PQfreeCancel(runner->cancel);
	runner->cancel = NULL;
	(void) pthread_mutex_unlock(&runner->lock);
	atomic_store(&runner->socket, -1);
	PQfinish(runner->pg);
	free(runner->database);
	runner->pg = NULL;
	runner->database = NULL;
}

/* The session is over; said once. */
static void
Lost(Runner *runner)
{
	const char *why = PQerrorMessage(runner->pg);

	if (!runner->failing)
		LogEvent(LOG_WARNING, NULL, "analysis: the database cannot be used for jobs: %.*s",
				 (int) strcspn(why, "\n"), why);
	runner->failing = true;
	Disconnect(runner);
}

/* A session that can be written in, of the settings as they are now. */
static bool
Connect(Runner *runner)
{
	static const char *const names[] = {
		"connect_timeout", "keepalives_idle", "tcp_user_timeout",          "target_session_attrs",
		"dbname",          "client_encoding", "fallback_application_name", NULL};
	const char *const values[] = {
		"5", "30", "30000", "read-write", ConfigNow()->database, "UTF8", "citybigdata-bridge jobs", NULL};
	PGresult *result;
	bool good;

	if (runner->pg != NULL && strcmp(runner->database, ConfigNow()->database) == 0)
		return true;
	if (runner->pg != NULL)
		Disconnect(runner);
	runner->database = CopyString(ConfigNow()->database);
	runner->pg = PQconnectdbParams(names, values, 1);
	if (PQstatus(runner->pg) != CONNECTION_OK)
		return Lost(runner), false;
	atomic_store(&runner->socket, PQsocket(runner->pg));
	PQsetNoticeProcessor(runner->pg, Notice, NULL);
	result = PQexec(runner->pg, session);
	good = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	if (!good)
		return Lost(runner), false;
	PQclear(PQexec(runner->pg, watch_client));
	(void) pthread_mutex_lock(&runner->lock);
	runner->cancel = PQgetCancel(runner->pg);
	(void) pthread_mutex_unlock(&runner->lock);
	if (runner->failing)
		LogEvent(LOG_INFO, NULL, "analysis: connected to the database for jobs again");
	runner->failing = false;
	return true;
}

/* The body of the frame that a statement returned, into `body` (room for `size`); false: it failed, said
 * once. */
static bool
Ask(Runner *runner, const char *statement, int n, const char *const *values, char *body, size_t size)
{
	PGresult *result = PQexecPrepared(runner->pg, statement, n, values, NULL, NULL, 1);
	bool good = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
	Frame frame;

	good = good && FrameRead(PQgetvalue(result, 0, 0), (size_t) PQgetlength(result, 0, 0), &frame) &&
		   frame.status == 0 && frame.body.length < size;
	if (good)
	{
		memcpy(body, frame.body.text, frame.body.length);
		body[frame.body.length] = '\0';
	}
	PQclear(result);
	if (!good)
		Lost(runner);
	return good;
}

/* A whole number among the members of an object; -1: it is null, or not there. */
static int64_t
NumberOf(const char *json, const char *wanted)
{
	size_t at = 1;
	Span name, value;

	while (JsonNext(json, strlen(json), &at, true, &name, &value))
		if (name.length == strlen(wanted) + 2 && memcmp(name.text + 1, wanted, name.length - 2) == 0)
			return value.text[0] == 'n' ? -1 : strtoll(value.text, NULL, 10);
	return -1;
}

/* Runs a claimed job. */
static bool
RunJob(Runner *runner, int64_t job, int64_t claim)
{
	char numbers[2][NUMBER];
	const char *values[2] = {numbers[0], numbers[1]};
	char body[256];
	uint64_t begun = Milliseconds();

	(void) snprintf(numbers[0], NUMBER, "%lld", (long long) job);
	(void) snprintf(numbers[1], NUMBER, "%lld", (long long) claim);
	if (!Ask(runner, "job_run", 2, values, body, sizeof(body)))
		return false;
	atomic_fetch_add(&counters.milliseconds, Milliseconds() - begun);
	if (strstr(body, "\"done\"") != NULL)
		atomic_fetch_add(&counters.done, 1);
	else if (strstr(body, "\"failed\"") != NULL)
		atomic_fetch_add(&counters.failed, 1);
	else if (strstr(body, "\"cancelled\"") != NULL)
		atomic_fetch_add(&counters.cancelled, 1);
	return true;
}

/* Claims a job and runs it; *none: there was none. False: the session is lost. */
static bool
Step(Runner *runner, bool *none)
{
	char body[512];
	int64_t job;

	*none = true;
	if (!Ask(runner, "job_claim", 0, NULL, body, sizeof(body)))
		return false;
	atomic_store(&counters.waiting, NumberOf(body, "waiting"));
	atomic_store(&counters.running, NumberOf(body, "running"));
	atomic_store(&counters.failed_lately, NumberOf(body, "failed"));
	job = NumberOf(body, "jobNo");
	if (job < 0)
		return true;
	*none = false;
	return RunJob(runner, job, NumberOf(body, "claim"));
}

static void *
Run(void *argument)
{
	Runner *runner = argument;
	unsigned seen = 0;

	while (!atomic_load(&stopping))
	{
		bool none = true;

		if (!Connect(runner) || !Step(runner, &none))
			Pause(RETRY_PAUSE, &seen);
		else if (none)
			Pause(ConfigNow()->analysis_interval, &seen);
	}
	if (runner->pg != NULL)
		Disconnect(runner);
	atomic_store(&runner->ended, true);
	return NULL;
}

bool
AnalysisStart(void)
{
	pthread_condattr_t attributes;

	count = ConfigNow()->analysis_jobs;
	runners = Allocate(sizeof(Runner) * (size_t) (count + 1));
	memset(runners, 0, sizeof(Runner) * (size_t) (count + 1));
	(void) pthread_condattr_init(&attributes);
	(void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void) pthread_cond_init(&wake, &attributes);
	(void) pthread_condattr_destroy(&attributes);
	for (int i = 0; i < count; i++)
	{
		(void) pthread_mutex_init(&runners[i].lock, NULL);
		atomic_store(&runners[i].socket, -1);
		if (pthread_create(&runners[i].thread, NULL, Run, &runners[i]) != 0)
		{
			LogEvent(LOG_ERROR, NULL, "no thread for jobs can be made");
			count = i;
			return false;
		}
	}
	return true;
}

/* Thread: cancels what the runner's session does until it has ended: a cancel that comes between two
 * statements hits nothing, and one to a server that does not answer comes back late or never. */
static void *
CancelRun(void *argument)
{
	Runner *runner = argument;
	char why[256];

	while (!atomic_load(&runner->ended))
	{
		(void) pthread_mutex_lock(&runner->lock);
		if (runner->cancel != NULL)
			(void) PQcancel(runner->cancel, why, sizeof(why));
		(void) pthread_mutex_unlock(&runner->lock);
		(void) usleep(CANCEL_PAUSE * 1000);
	}
	return NULL;
}

/* Waits for the ends of all runners, at most so many milliseconds. Did they end? */
static bool
AllEnded(int limit)
{
	for (int waited = 0;; waited += STOP_PAUSE)
	{
		int left = 0;

		for (int i = 0; i < count; i++)
			left += !atomic_load(&runners[i].ended);
		if (left == 0 || waited >= limit)
			return left == 0;
		(void) usleep(STOP_PAUSE * 1000);
	}
}

/* What a runner waits for at a server that does not answer is given up: the server sees that the client is
 * gone. One that looks up a name cannot be reached; it ends with the process, and so what is its own stays.
 */
static void
GiveUp(void)
{
	for (int i = 0; i < count; i++)
	{
		int socket = atomic_load(&runners[i].socket);

		if (!atomic_load(&runners[i].ended) && socket >= 0)
			(void) shutdown(socket, SHUT_RDWR);
	}
	(void) AllEnded(SHUT_LIMIT);
	for (int i = 0; i < count; i++)
		(void) pthread_detach(runners[i].thread);
}

void
AnalysisStop(void)
{
	pthread_t canceller;

	(void) pthread_mutex_lock(&lock);
	atomic_store(&stopping, true);
	(void) pthread_cond_broadcast(&wake);
	(void) pthread_mutex_unlock(&lock);
	/* the cancellers look at the runners for some time yet: these stay, with what little is theirs */
	if (!AllEnded(STOP_PAUSE))
	{
		for (int i = 0; i < count; i++)
			if (pthread_create(&canceller, NULL, CancelRun, &runners[i]) == 0)
				(void) pthread_detach(canceller);
		if (!AllEnded(STOP_LIMIT))
		{
			GiveUp();
			return;
		}
	}
	for (int i = 0; i < count; i++)
		(void) pthread_join(runners[i].thread, NULL);
}

void
AnalysisWake(void)
{
	(void) pthread_mutex_lock(&lock);
	wakes++;
	(void) pthread_cond_broadcast(&wake);
	(void) pthread_mutex_unlock(&lock);
}

void
AnalysisMetrics(Text *text)
{
	TextAddString(text, "# HELP citybigdata_analysis_jobs Jobs of the algorithm service, as the database "
						"told last; failed: of a day\n"
						"# TYPE citybigdata_analysis_jobs gauge\n");
	TextPrint(text, "citybigdata_analysis_jobs{state=\"waiting\"} %lld\n",
			  (long long) atomic_load(&counters.waiting));
	TextPrint(text, "citybigdata_analysis_jobs{state=\"running\"} %lld\n",
			  (long long) atomic_load(&counters.running));
	TextPrint(text, "citybigdata_analysis_jobs{state=\"failed\"} %lld\n",
			  (long long) atomic_load(&counters.failed_lately));
	TextAddString(text, "# HELP citybigdata_analysis_jobs_total Jobs that this bridge has run\n"
						"# TYPE citybigdata_analysis_jobs_total counter\n");
	TextPrint(text, "citybigdata_analysis_jobs_total{state=\"done\"} %llu\n",
			  (unsigned long long) atomic_load(&counters.done));
	TextPrint(text, "citybigdata_analysis_jobs_total{state=\"failed\"} %llu\n",
			  (unsigned long long) atomic_load(&counters.failed));
	TextPrint(text, "citybigdata_analysis_jobs_total{state=\"cancelled\"} %llu\n",
			  (unsigned long long) atomic_load(&counters.cancelled));
	TextAddString(text, "# HELP citybigdata_analysis_job_seconds_total How long it ran them\n"
						"# TYPE citybigdata_analysis_job_seconds_total counter\n");
	TextPrint(text, "citybigdata_analysis_job_seconds_total %.3f\n",
			  (double) atomic_load(&counters.milliseconds) / 1000.0);
}
