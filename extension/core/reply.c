/* Reply frames as bytea; see reply.h. The size is worked out first, so that the body is copied once. */
#include "postgres.h"
#include "core/varlena.h"

#include "fmgr.h"

#include "core/reply.h"

/* Was something put into the outbox since the last frame? A transaction that is rolled back leaves it: the
 * bridge looks for nothing, once. */
static bool wake;

void
ReplyWake(void)
{
	wake = true;
}

Span
FrameText(const char *text)
{
	return text == NULL ? (Span){NULL, 0} : (Span){text, strlen(text)};
}

Datum
FrameDatum(const Frame *frame)
{
	Frame whole = *frame;
	size_t size;
	bytea *result;

	if (wake)
		whole.wake = FrameText("outbox");
	wake = false;
	size = FrameSize(&whole);
	if (size == 0)
		elog(ERROR, "a value of the reply frame of status %d is malformed", (int) frame->status);
	result = palloc(VARHDRSZ + size);
	FrameWrite(&whole, VARDATA(result));
	SET_VARSIZE(result, VARHDRSZ + size);
	PG_RETURN_BYTEA_P(result);
}

Datum
ReplyFrame(CbdStatus status, int retry_after, const char *data)
{
	Frame frame;

	FrameBegin(&frame, status);
	if (retry_after > 0)
		frame.retry_after = retry_after;
	frame.body = FrameText(data);
	return FrameDatum(&frame);
}
