/*
 * Media of events: their addresses in a case, and the source that GET /media/{id} reads them from.
 */
#ifndef CBD_CASE_MEDIA_H
#define CBD_CASE_MEDIA_H

#include "postgres.h"
#include "media/media.h"

/* The resource and field under which the media of events go; no published resource has this code. */
#define MEDIA_OF_EVENTS       "events"
#define MEDIA_OF_EVENTS_FIELD "medias"

/* The address of stored content, palloc'd; NULL as MediaUrl(). */
extern char *EventMediaUrl(MediaSealer *sealer, int32 rec_id, int32 media_no);

/* To be registered (MediaRegister). */
extern const MediaSource event_media_source;

#endif
