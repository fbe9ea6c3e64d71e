/* When housekeeping is due, and what becomes of it. */
#include "db/maintain.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "wire/frame.h"
#include "base/log.h"
#include "base/status.h"
#include "db/master_key.h"
#include "db/sealing.h"
#include "wire/status_codes.h"

#define FIRST_DELAY 2000  /* ms after the start, until the connections are there */
#define RETRY_DELAY 60000 /* ms at the most after a failure */

/* One of the two chores, and its name in the log. */
typedef struct Chore
{
	Job job;
	const Statement *statement;
	const char *name;
	int (*interval)(void); /* ms; 0: not by this bridge */
	void (*wake)(void);
	bool under_way;
	bool failing;
	uint64_t due; /* ms */
} Chore;

struct Maintenance
{
	Database *db;
	Chore housekeeping;
	Chore clocks;
};

static const Statement maintain = {STATEMENT_MAINTAIN, "maintain", "SELECT citybigdata.rest_maintain()", 0};
static const Statement clocks = {STATEMENT_CLOCKS, "clocks", "SELECT citybigdata.rest_run_clocks()", 0};

static int
MaintainInterval(void)
{
	return ConfigNow()->maintain_interval;
}

static int
ClockInterval(void)
{
	return ConfigNow()->clock_interval;
}

/* Up to a tenth later than asked, so that several bridges do not stay in step. */
static uint64_t
In(int milliseconds)
{
	unsigned random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		random = 0;
	return Milliseconds() + (uint64_t) milliseconds + random % ((unsigned) milliseconds / 10 + 1);
}

Maintenance *
MaintainOpen(Database *db, void (*wake)(void))
{
	Maintenance *maintenance = Allocate(sizeof(*maintenance));

	memset(maintenance, 0, sizeof(*maintenance));
	maintenance->db = db;
	maintenance->housekeeping = (Chore){.statement = &maintain,
										.name = "housekeeping",
										.interval = MaintainInterval,
										.wake = wake,
										.due = In(FIRST_DELAY)};
	maintenance->clocks = (Chore){.statement = &clocks,
								  .name = "clock job",
								  .interval = ClockInterval,
								  .wake = wake,
								  .due = In(FIRST_DELAY)};
	return maintenance;
}

/* Said once, not every minute of an outage. */
static void
Failed(Chore *chore, const char *why)
{
	int interval = chore->interval();

	if (!chore->failing)
		LogEvent(LOG_WARNING, NULL, "%s failed: %s", chore->name, why);
	chore->failing = true;
	chore->due = In(interval > 0 && interval < RETRY_DELAY ? interval : RETRY_DELAY);
}

/* What housekeeping tells for /metrics; a master key that cannot be used is for the operator, hour by hour.
 */
static void
TakeFigures(Span done)
{
	const MasterKeyFault *fault = MasterKeyTold(done.text, done.length);

	SealingTold(done.text, done.length);
	if (fault != NULL)
		LogEvent(fault->usable ? LOG_WARNING : LOG_ERROR, NULL, "%s", fault->sentences[0]);
}

static void
Done(Job *job)
{
	Chore *chore = (Chore *) ((char *) job - offsetof(Chore, job));
	Frame frame;

	chore->under_way = false;
	if (job->status != CBD_OK)
		Failed(chore, job->error[0] != '\0' ? job->error : StatusFind(job->status)->english);
	else if (!FrameRead(PQgetvalue(job->result, 0, 0), (size_t) PQgetlength(job->result, 0, 0), &frame) ||
			 frame.status != CBD_OK)
		Failed(chore, "the database returned no such reply frame");
	else
	{
		LogEvent(chore->failing ? LOG_WARNING : LOG_DEBUG, NULL, "%s done: %.*s", chore->name,
				 (int) frame.body.length, frame.body.text);
		chore->failing = false;
		if (frame.wake.length > 0)
			chore->wake();
		if (chore->statement == &maintain)
			TakeFigures(frame.body);
		/* it works in portions: there may be more to do */
		chore->due = In(frame.retry_after == FRAME_NONE ? chore->interval() : (int) frame.retry_after * 1000);
	}
	PQclear(job->result);
	job->result = NULL;
}

/* Begins a chore that is due. */
static void
Tick(Database *db, Chore *chore)
{
	Job *job = &chore->job;
	int status;

	if (chore->under_way || Milliseconds() < chore->due || chore->interval() == 0)
		return;
	memset(job, 0, sizeof(*job));
	job->lane = LANE_SLOW;
	job->statement = chore->statement;
	job->done = Done;
	status = DbSubmit(db, job);
	chore->under_way = status == CBD_OK;
	if (!chore->under_way)
		Failed(chore, StatusFind(status)->english);
}

void
MaintainTick(Maintenance *maintenance)
{
	if (maintenance == NULL)
		return;
	Tick(maintenance->db, &maintenance->housekeeping);
	Tick(maintenance->db, &maintenance->clocks);
}

void
MaintainClose(Maintenance *maintenance)
{
	free(maintenance);
}
