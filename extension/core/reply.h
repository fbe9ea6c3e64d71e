/*
 * Reply frames (wire/frame.h) as values of PostgreSQL. An endpoint answers through access/endpoint.h; these
 * are for the functions that have no call context, and below it.
 */
#ifndef CBD_REPLY_H
#define CBD_REPLY_H

#include "postgres.h"
#include "core/status.h"
#include "wire/frame.h"

/* A text as a value of a frame; NULL: absent. The text must outlive the frame. */
extern Span FrameText(const char *text);

/* The frame as a bytea; its body is copied once. */
extern Datum FrameDatum(const Frame *frame);

/* The next frame of this session has `wake`: there is something new to be sent (outbox/outbox.h). */
extern void ReplyWake(void);

/* A frame of nothing but a status, seconds to wait (0: nothing is said) and JSON data (NULL: none). */
extern Datum ReplyFrame(CbdStatus status, int retry_after, const char *data);

#endif
