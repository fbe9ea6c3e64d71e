/* Media in memory: how many and how much of them, until when, and the figures; see media.h. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/watch.h"
#include "outbound/media.h"
#include "text/message.h"

#define AT_ONCE 32                       /* media that are fetched or looked at */
#define ROOM    (256 * INT64_C(1048576)) /* bytes of them together */

MediaCounters media_counters;

static _Atomic int64_t spooled;  /* bytes of all spools */
static _Atomic uint64_t ends_at; /* ms; 0: not yet */

/* ---- spools ---- */

Spool *
SpoolBegin(void)
{
	Spool *spool;

	if (atomic_fetch_add(&media_counters.under_way, 1) >= AT_ONCE)
	{
		atomic_fetch_sub(&media_counters.under_way, 1);
		return NULL;
	}
	spool = Allocate(sizeof(*spool));
	*spool = (Spool){.fd = memfd_create("medium", MFD_CLOEXEC)};
	return spool;
}

const char *
SpoolAdd(Spool *spool, const char *bytes, size_t length)
{
	if (atomic_fetch_add(&spooled, (int64_t) length) + (int64_t) length > ROOM)
	{
		atomic_fetch_sub(&spooled, (int64_t) length);
		return MESSAGE("busy: the bridge has no room for more media at present");
	}
	spool->length += length;
	while (length > 0)
	{
		ssize_t written = write(spool->fd, bytes, length);

		if (written <= 0)
			return MESSAGE("no memory");
		bytes += written;
		length -= (size_t) written;
	}
	return NULL;
}

void
SpoolFree(Spool *spool)
{
	atomic_fetch_sub(&spooled, (int64_t) spool->length);
	atomic_fetch_sub(&media_counters.under_way, 1);
	close(spool->fd);
	free(spool);
}

/* ---- the end ---- */

void
MediaEndAt(uint64_t deadline)
{
	atomic_store(&ends_at, deadline == 0 ? 1 : deadline);
}

bool
MediaEnding(void)
{
	return atomic_load(&ends_at) != 0;
}

bool
MediaEnded(void)
{
	return MediaEnding() && Milliseconds() >= atomic_load(&ends_at);
}

/* ---- figures ---- */

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
