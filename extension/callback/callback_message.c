/* The messages that call-backs get: CloudEvents 1.0 in JSON (structured content mode); see callback.h. */
#include "postgres.h"

#include "pgtime.h"
#include "utils/timestamp.h"

#include "callback/callback.h"
#include "event/event.h"

/* An instant as RFC 3339 has it, UTC. */
static char *
Instant(TimestampTz value)
{
	pg_time_t seconds = timestamptz_to_time_t(value);
	const struct pg_tm *tm = pg_gmtime(&seconds);

	return psprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday,
					tm->tm_hour, tm->tm_min, tm->tm_sec);
}

char *
CloudEvent(int64 message_id, const char *type, const char *subject, const char *sequence, const char *data)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "specversion", "1.0");
	JsonField(&out, "id", psprintf("msg_" INT64_FORMAT, message_id));
	JsonField(&out, "source", psprintf("urn:citybigdata:platform:%s", PlatformCode()));
	JsonField(&out, "type", type);
	if (subject != NULL)
		JsonField(&out, "subject", subject);
	JsonField(&out, "time", Instant(GetCurrentTimestamp()));
	JsonField(&out, "datacontenttype", "application/json");
	if (sequence != NULL)
		JsonField(&out, "sequence", sequence);
	appendStringInfo(&out, ",\"data\":%s}", data);
	return out.data;
}

int64
CallbackMessage(int64 destination_id, const char *kind, const char *data)
{
	OutboxMessage message = {OutboxNumber(), destination_id, NULL, kind, NULL, NULL, true};

	message.payload = CloudEvent(message.message_id, kind, NULL, NULL, data);
	return OutboxPut(&message);
}
