/* When housekeeping is due, and what becomes of it. */
#include "db/maintain.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "wire/frame.h"
#include "base/log.h"
#include "base/status.h"
#include "db/sealing.h"
#include "wire/status_codes.h"

#define FIRST_DELAY 2000  /* ms after the start, until the connections are there */
#define RETRY_DELAY 60000 /* ms at the most after a failure */

static const Statement maintain = {STATEMENT_MAINTAIN, "maintain", "SELECT citybigdata.rest_maintain()", 0};

struct Maintenance
{
	Job job;
	Database *db;
	bool under_way;
	bool failing;
	uint64_t due; /* ms */
};

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
MaintainOpen(Database *db)
{
	Maintenance *maintenance = Allocate(sizeof(*maintenance));

	memset(maintenance, 0, sizeof(*maintenance));
	maintenance->db = db;
	maintenance->due = In(FIRST_DELAY);
	return maintenance;
}

/* Said once, not every minute of an outage. */
static void
Failed(Maintenance *maintenance, const char *why)
{
	int interval = ConfigNow()->maintain_interval;

	if (!maintenance->failing)
		LogEvent(LOG_WARNING, NULL, "housekeeping failed: %s", why);
	maintenance->failing = true;
	maintenance->due = In(interval > 0 && interval < RETRY_DELAY ? interval : RETRY_DELAY);
}

static void
Done(Job *job)
{
	Maintenance *maintenance = (Maintenance *) ((char *) job - offsetof(Maintenance, job));
	Frame frame;

	maintenance->under_way = false;
	if (job->status != CBD_OK)
		Failed(maintenance, job->error[0] != '\0' ? job->error : StatusFind(job->status)->english);
	else if (!FrameRead(PQgetvalue(job->result, 0, 0), (size_t) PQgetlength(job->result, 0, 0), &frame) ||
			 frame.status != CBD_OK)
		Failed(maintenance, "rest_maintain returned no such reply frame");
	else
	{
		LogEvent(maintenance->failing ? LOG_WARNING : LOG_DEBUG, NULL, "housekeeping done: %.*s",
				 (int) frame.body.length, frame.body.text);
		maintenance->failing = false;
		SealingTold(frame.body.text, frame.body.length);
		/* it works in portions: there may be more to do */
		maintenance->due = In(frame.retry_after == FRAME_NONE ? ConfigNow()->maintain_interval
															  : (int) frame.retry_after * 1000);
	}
	PQclear(job->result);
	job->result = NULL;
}

void
MaintainTick(Maintenance *maintenance)
{
	Job *job;
	int status;

	if (maintenance == NULL || maintenance->under_way || Milliseconds() < maintenance->due ||
		ConfigNow()->maintain_interval == 0)
		return;
	job = &maintenance->job;
	memset(job, 0, sizeof(*job));
	job->lane = LANE_SLOW;
	job->statement = &maintain;
	job->done = Done;
	status = DbSubmit(maintenance->db, job);
	maintenance->under_way = status == CBD_OK;
	if (!maintenance->under_way)
		Failed(maintenance, StatusFind(status)->english);
}

void
MaintainClose(Maintenance *maintenance)
{
	free(maintenance);
}
