/*
 * Media that are fetched (extension/fetch/fetch.h), from the engine's thread into the tables.
 *
 *   media.c          the purpose: the answer goes into a spool
 *   media_spool.c    files in memory, within limits
 *   media_work.c     threads that look at what came, one medium at a time each, and have it stored
 *   media_look.c     the picture program (picture/), a process of its own for each medium
 *   media_db.c       a worker's database connection
 *
 * Words. A job is one medium that came, under the lease of its message. The outcome of a job is recorded with
 * the medium by rest_media_fetched(); of what did not come, by the engine. A bridge that dies has recorded
 * nothing: the medium is fetched again when its lease ends.
 */
#ifndef BRIDGE_MEDIA_H
#define BRIDGE_MEDIA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* ---- spools (media_spool.c) ---- */

/* The bytes of one medium. */
typedef struct Spool
{
	int fd; /* file in memory */
	size_t length;
} Spool;

/* An empty one; NULL: there are as many as there may be. Its fd is -1 where there is no memory. */
extern Spool *SpoolBegin(void);

/* Adds bytes; returns what is wrong, NULL: nothing. */
extern const char *SpoolAdd(Spool *spool, const char *bytes, size_t length);

/* Gives it back, and the room that it took. */
extern void SpoolFree(Spool *spool);

/* What is under way ends at that time (ms); does it end, and has it? */
extern void MediaEndAt(uint64_t deadline);
extern bool MediaEnding(void);
extern bool MediaEnded(void);

/* ---- jobs (media_work.c) ---- */

typedef struct MediaJob
{
	struct MediaJob *next;
	Spool *spool;
	int64_t message_id, destination, lease;
	long http;
	uint64_t until; /* ms: the lease ends */
} MediaJob;

/* The job's turn comes; it is the workers' from now on. */
extern void MediaPut(MediaJob *job);

extern bool MediaStart(void);
/* Waits for what is being looked at until the deadline (ms); what waits is fetched again by another bridge.
 */
extern void MediaStop(uint64_t deadline);

/* ---- looking (media_look.c) ---- */

/* What the picture program found; offsets into a mapping of its result. */
typedef struct MediaLook
{
	const char *problem; /* unreadable, large, program; NULL: none */
	unsigned char digest[32];
	unsigned char *mapped;
	size_t mapped_length;
	const unsigned char *content, *thumbnail;
	size_t content_length, thumbnail_length; /* 0: there is no thumbnail */
	uint32_t width, height;
	bool has_place;
	double longitude, latitude;
} MediaLook;

extern void LookAt(const Spool *spool, MediaLook *look);
extern void LookFree(MediaLook *look);

/* ---- storing (media_db.c) ---- */

typedef struct MediaDb MediaDb;

typedef enum MediaStored
{
	MEDIA_STORED,
	MEDIA_LATE,    /* the lease was another's by then */
	MEDIA_REFUSED, /* the database will not have it */
	MEDIA_NO_DATABASE
} MediaStored;

extern MediaDb *MediaDbOpen(void);
extern void MediaDbClose(MediaDb *db);
extern MediaStored MediaDbStore(MediaDb *db, const MediaJob *job, const MediaLook *look);

/* ---- figures ---- */

typedef struct MediaCounters
{
	_Atomic uint64_t stored, unreadable, program, late;
	_Atomic int64_t under_way; /* being fetched, waiting, being looked at */
} MediaCounters;

extern MediaCounters media_counters;

extern void MediaMetrics(Text *text);

#endif
