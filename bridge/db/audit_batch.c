/* Batches of audit records. */
#include "db/audit_batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "wire/frame.h"
#include "base/log.h"
#include "base/text.h"
#include "text/hex.h"
#include "text/utf8.h"
#include "wire/status_codes.h"
#include "text/hex.h"

#define BATCH_ROWS  200  /* records that are not waited for: the batch is sent */
#define BATCH_MOST  2000 /* records of one statement: what comes while the batch before it is written */
#define BATCH_DELAY 50   /* ms a record may wait before it is sent */
#define RETRY_DELAY 500  /* ms after a failure */

static const Statement append = {STATEMENT_AUDIT, "audit_batch",
								 "SELECT citybigdata.rest_audit_batch($1::text, $2::bigint, $3::text[])", 3};

typedef struct Batch
{
	Job job;
	Audit *audit;
	Text array; /* text[] literal */
	int rows;
	bool closed;     /* has been sent: after a failure it goes again as it was */
	char number[24]; /* of the batch, once it is closed */
	struct Batch *next;
} Batch;

struct Audit
{
	Database *db;
	char sender[40];  /* random, in hexadecimal */
	uint64_t batches; /* closed so far */
	int limit;
	int waiting;         /* records in all batches */
	Batch *first, *last; /* oldest first; the last one is being filled */
	Batch *sent;         /* the one in flight: always the first */
	uint64_t due;        /* ms: when the first batch must go; 0: nothing waits */
	bool failing;
};

Audit *
AuditOpen(Database *db, int limit)
{
	Audit *audit = Allocate(sizeof(*audit));
	unsigned char random[16];

	memset(audit, 0, sizeof(*audit));
	while (getrandom(random, sizeof(random), 0) != sizeof(random))
		; /* only interrupted: 16 bytes come whole */
	HexText(random, sizeof(random), audit->sender);
	audit->db = db;
	audit->limit = limit;
	return audit;
}

bool
AuditWorks(const Audit *audit)
{
	return !audit->failing && audit->waiting < audit->limit;
}

int
AuditWaiting(const Audit *audit)
{
	return audit->waiting;
}

int
AuditDelay(const Audit *audit)
{
	uint64_t now = Milliseconds();

	if (audit->due == 0 || audit->sent != NULL)
		return -1;
	return audit->due > now ? (int) (audit->due - now) : 0;
}

static Batch *
NewBatch(Audit *audit)
{
	Batch *batch = Allocate(sizeof(*batch));

	memset(batch, 0, sizeof(*batch));
	batch->audit = audit;
	if (audit->last == NULL)
		audit->first = batch;
	else
		audit->last->next = batch;
	audit->last = batch;
	return batch;
}

bool
AuditAdd(Audit *audit, const char *record, size_t length)
{
	Batch *batch = audit->last;

	if (audit->waiting >= audit->limit)
		return false;
	if (Utf8FirstInvalid(record, length) < length)
	{
		/* the database would refuse the whole batch, again and again */
		LogEvent(LOG_ERROR, NULL, "an audit record that is not UTF-8 is lost");
		return true;
	}
	if (batch == NULL || batch->closed || batch->rows >= BATCH_MOST)
		batch = NewBatch(audit);
	if (batch->rows == 0)
		TextAdd(&batch->array, "{", 1);
	TextAddElement(&batch->array, record, length);
	batch->rows++;
	audit->waiting++;
	if (audit->due == 0)
		audit->due = Milliseconds() + BATCH_DELAY;
	return true;
}

void
AuditRefusal(Audit *audit, const char *request_id, const char *client, const char *app_code,
			 const char *scheme, const char *object, int status)
{
	struct timespec now;
	Text record = {NULL, 0, 0};

	if (audit->waiting >= audit->limit / 2)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	TextPrint(&record, "{\"at\":%lld,\"request_id\":\"%s\"",
			  (long long) now.tv_sec * 1000000 + now.tv_nsec / 1000, request_id);
	if (client[0] != '\0')
		TextPrint(&record, ",\"client_addr\":\"%s\"", client);
	if (app_code != NULL && strlen(app_code) <= 64)
	{
		TextAddString(&record, ",\"app_code\":");
		TextAddJson(&record, app_code);
	}
	TextPrint(&record,
			  ",\"scheme\":\"%s\",\"action\":\"bridge.refuse\",\"object\":\"%s\",\"status_code\":%d}", scheme,
			  object, status);
	AuditAdd(audit, record.bytes, record.length);
	free(record.bytes);
}

static void
FreeFirst(Audit *audit)
{
	Batch *batch = audit->first;

	audit->first = batch->next;
	if (audit->first == NULL)
		audit->last = NULL;
	audit->waiting -= batch->rows;
	TextClear(&batch->array);
	free(batch);
}

/* The batch in flight is written, or must go again. */
static void
BatchDone(Job *job)
{
	Batch *batch = (Batch *) ((char *) job - offsetof(Batch, job));
	Audit *audit = batch->audit;
	Frame frame;
	bool good = job->status == CBD_OK &&
				FrameRead(PQgetvalue(job->result, 0, 0), (size_t) PQgetlength(job->result, 0, 0), &frame) &&
				frame.status == CBD_OK;

	PQclear(job->result);
	audit->sent = NULL;
	if (good)
	{
		if (audit->failing)
			LogEvent(LOG_WARNING, NULL, "audit records are written again");
		audit->failing = false;
		FreeFirst(audit);
		audit->due =
			audit->first == NULL ? 0 : Milliseconds() + (audit->first->rows >= BATCH_ROWS ? 0 : BATCH_DELAY);
		return;
	}
	if (!audit->failing)
		LogEvent(LOG_ERROR, NULL, "audit records cannot be written: reads are refused");
	audit->failing = true;
	audit->due = Milliseconds() + RETRY_DELAY;
}

void
AuditTick(Audit *audit, bool now)
{
	Batch *batch = audit->first;
	int status;

	if (batch == NULL || audit->sent != NULL ||
		(Milliseconds() < audit->due && (audit->failing || (!now && batch->rows < BATCH_ROWS))))
		return;
	if (!batch->closed)
	{
		TextAdd(&batch->array, "}", 1);
		snprintf(batch->number, sizeof(batch->number), "%llu", (unsigned long long) ++audit->batches);
	}
	batch->closed = true;
	batch->job.lane = LANE_AUDIT;
	batch->job.statement = &append;
	batch->job.values[0] = audit->sender;
	batch->job.lengths[0] = (int) strlen(audit->sender);
	batch->job.values[1] = batch->number;
	batch->job.lengths[1] = (int) strlen(batch->number);
	batch->job.values[2] = batch->array.bytes;
	batch->job.lengths[2] = (int) batch->array.length;
	batch->job.done = BatchDone;
	audit->sent = batch;
	status = DbSubmit(audit->db, &batch->job);
	if (status != CBD_OK)
	{
		batch->job.status = status;
		batch->job.result = NULL;
		BatchDone(&batch->job);
	}
}

void
AuditClose(Audit *audit)
{
	if (audit->waiting > 0)
		LogEvent(LOG_ERROR, NULL, "%d audit records of reads could not be written", audit->waiting);
	while (audit->first != NULL)
		FreeFirst(audit);
	free(audit);
}
