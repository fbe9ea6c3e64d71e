/* The purpose media: what is fetched goes into a file in memory; see media.h. */
#include "outbound/media.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "db/watch.h"
#include "outbound/transfer.h"
#include "text/message.h"

#define AT_ONCE    32                       /* media that are fetched or looked at */
#define ROOM       (256 * INT64_C(1048576)) /* bytes of them together */
#define MEDIUM_MAX (64 * 1024 * 1024)       /* bytes of one; citybigdata.media_limit is no more */
#define LEASE_REST 15000                    /* ms of a lease beyond the time of the request (engine.c) */

MediaCounters media_counters;

static _Atomic int64_t spooled; /* bytes of all spools */

void
SpoolFree(Spool *spool)
{
	atomic_fetch_sub(&spooled, (int64_t) spool->length);
	atomic_fetch_sub(&media_counters.under_way, 1);
	close(spool->fd);
	free(spool);
}

/* Purpose.begin */
static bool
Begin(Transfer *transfer)
{
	Spool *spool;

	if (atomic_fetch_add(&media_counters.under_way, 1) >= AT_ONCE)
	{
		atomic_fetch_sub(&media_counters.under_way, 1);
		return false;
	}
	spool = Allocate(sizeof(*spool));
	*spool = (Spool){.fd = memfd_create("medium", MFD_CLOEXEC)};
	transfer->own = spool;
	if (spool->fd < 0)
		transfer->problem = MESSAGE("no memory");
	return true;
}

/* Purpose.take */
static bool
Take(Transfer *transfer, const char *bytes, size_t length)
{
	Spool *spool = transfer->own;

	if (transfer->cut)
		transfer->problem = MESSAGE("large: more bytes than are taken");
	else if (atomic_fetch_add(&spooled, (int64_t) length) + (int64_t) length > ROOM)
	{
		atomic_fetch_sub(&spooled, (int64_t) length);
		transfer->problem = MESSAGE("busy: the bridge has no room for more media at present");
	}
	else
	{
		spool->length += length;
		while (length > 0 && transfer->problem == NULL)
		{
			ssize_t written = write(spool->fd, bytes, length);

			if (written <= 0)
				transfer->problem = MESSAGE("no memory");
			else
				bytes += written, length -= (size_t) written;
		}
	}
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

static void
One(Text *text, const char *name, const char *type, const char *help, long long value)
{
	TextPrint(text, "# HELP citybigdata_%s %s\n# TYPE citybigdata_%s %s\ncitybigdata_%s %lld\n", name, help,
			  name, type, name, value);
}

void
MediaMetrics(Text *text)
{
	One(text, "media_under_way", "gauge", "Media that are fetched or looked at",
		(long long) atomic_load(&media_counters.under_way));
	One(text, "media_stored_total", "counter",
		"Media that were fetched, looked at and judged by the database",
		(long long) atomic_load(&media_counters.stored));
	One(text, "media_unreadable_total", "counter", "Fetched pictures that cannot be read or are too large",
		(long long) atomic_load(&media_counters.unreadable));
	One(text, "media_program_failures_total", "counter", "Times that the picture program could not run",
		(long long) atomic_load(&media_counters.program));
	One(text, "media_late_total", "counter", "Media that were stored after their lease, or not at all",
		(long long) atomic_load(&media_counters.late));
}
