/* The purpose media: what is fetched goes into a file in memory; see media.h. */
#include "outbound/media.h"

#include "base/arena.h"
#include "base/config.h"
#include "db/watch.h"
#include "outbound/transfer.h"
#include "text/message.h"

#define MEDIUM_MAX (64 * 1024 * 1024) /* bytes of one; citybigdata.media_limit is no more */
#define LEASE_REST 15000              /* ms of a lease beyond the time of the request (engine.c) */

/* Purpose.begin */
static bool
Begin(Transfer *transfer)
{
	Spool *spool = SpoolBegin();

	if (spool == NULL)
		return false;
	transfer->own = spool;
	if (spool->fd < 0)
		transfer->problem = MESSAGE("no memory");
	return true;
}

/* Purpose.take */
static bool
Take(Transfer *transfer, const char *bytes, size_t length)
{
	if (transfer->cut)
		transfer->problem = MESSAGE("large: more bytes than are taken");
	else
		transfer->problem = SpoolAdd(transfer->own, bytes, length);
	return transfer->problem == NULL;
}

/* Purpose.arrived: the job takes the spool with it. */
static bool
Arrived(Transfer *transfer, long http)
{
	MediaJob *job;

	if (http != 200)
		return false;
	job = Allocate(sizeof(*job));
	*job = (MediaJob){.spool = transfer->own,
					  .message_id = transfer->message_id,
					  .destination = transfer->destination,
					  .lease = transfer->lease,
					  .http = http,
					  .until = transfer->begun + (uint64_t) ConfigNow()->outbound_timeout + LEASE_REST};
	transfer->own = NULL;
	MediaPut(job);
	return true;
}

/* Purpose.end */
static void
End(Transfer *transfer)
{
	SpoolFree(transfer->own);
	transfer->own = NULL;
}

static const char *const headers[] = {NULL};

const Purpose purpose_media = {.name = "media",
							   .reply_headers = headers,
							   .reply_limit = MEDIUM_MAX,
							   .redirects = 3,
							   .begin = Begin,
							   .take = Take,
							   .arrived = Arrived,
							   .end = End};
