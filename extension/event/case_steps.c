/* The times, the medias and the steps of a case as JSON; see event_case.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "core/interval.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "event/case_field.h"
#include "event/case_media.h"
#include "event/event_case.h"
#include "event/event_level.h"
#include "fetch/fetch.h"

/* Seconds from the Unix epoch to PostgreSQL's. */
#define UNIX_TO_POSTGRES (((int64) POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

void
WriteCaseTime(StringInfo out, TimestampTz value, const CaseFormat *format)
{
	char text[15];

	if (format->unix_time)
		JsonInt(out, value / USECS_PER_SEC + UNIX_TO_POSTGRES);
	else
	{
		FormatTimePoint(value, text);
		appendStringInfoChar(out, '"');
		appendStringInfoString(out, text);
		appendStringInfoChar(out, '"');
	}
}

/* What came as an address keeps it; stored content, and what was fetched, gets one for the caller. */
void
WriteMedias(StringInfo out, int32 rec_id, int first, int last, int level, const CaseFormat *format)
{
	static SpiQuery query = {
		"SELECT media_name, media_type, media_usage, media_url, media_no FROM " ALL_MEDIA " m "
		"WHERE rec_id OPERATOR(pg_catalog.=) $1 AND media_no OPERATOR(pg_catalog.>=) $2 AND media_no "
		"OPERATOR(pg_catalog.<=) $3 ORDER BY media_no",
		3,
		{INT4OID, INT4OID, INT4OID},
		NULL,
		true};
	Datum values[3] = {Int32GetDatum(rec_id), Int32GetDatum(first), Int32GetDatum(last)};
	int count, at = 0;
	Fetch *fetches = FetchesOf(rec_id, first, last, &count);
	uint64 rows = SpiRead(&query, values, NULL, 0);

	for (uint64 i = 0; i < rows; i++)
	{
		int32 number = SpiInt32(i, 5);
		const Fetch *fetch = NULL;
		bool shown = CaseFieldShown(FIELD_MEDIA_URL, level);
		char *url = NULL;

		while (at < count && fetches[at].media_no < number)
			at++;
		if (at < count && fetches[at].media_no == number)
			fetch = &fetches[at];
		appendStringInfoString(out, i == 0 ? "{\"mediaName\":" : ",{\"mediaName\":");
		WriteCaseText(out, FIELD_MEDIA_NAME, SpiText(i, 1), level);
		JsonField(out, "mediaType", SpiText(i, 2));
		JsonField(out, "mediaUsage", SpiText(i, 3));
		appendStringInfoString(out, ",\"url\":");
		if (shown && (SpiIsNull(i, 4) || (fetch != NULL && fetch->type != NULL)))
			url = EventMediaUrl(format->media, rec_id, number);
		/* where there is nobody to make an address for, the reported one is left */
		if (url != NULL || (shown && SpiIsNull(i, 4)))
			JsonString(out, url);
		else
			WriteCaseText(out, FIELD_MEDIA_URL, SpiText(i, 4), level);
		if (fetch != NULL)
			WriteFetch(out, fetch, shown ? SpiText(i, 4) : NULL);
		appendStringInfoChar(out, '}');
	}
}

/* Columns of a step, in the order of the query. */
enum
{
	STEP_NO = 1,
	STEP_TIME,
	STEP_ACTION,
	STEP_RESULT,
	STEP_FROM_STAGE,
	STEP_TO_STAGE,
	STEP_FROM_STATE,
	STEP_TO_STATE,
	STEP_BY_ROLE,
	STEP_BY_UNIT,
	STEP_BY,
	STEP_TO_UNIT,
	STEP_TO_ACCOUNT,
	STEP_NOTE,
	STEP_REASON,
	STEP_MEDIA_FROM,
	STEP_MEDIA_TO,
	STEP_VERSION,
	STEP_UNTIL,
	STEP_EVALUATION
};

/* $1 rec_id: the history of a case. */
static SpiQuery steps_of = {
	"SELECT s.step_no, s.step_time, s.action, s.result, s.from_stage, s.to_stage, s.from_state, s.to_state, "
	"s.by_role, s.by_unit, s.step_by, s.to_unit, (SELECT a.user_name FROM citybigdata.account a WHERE "
	"a.account_id OPERATOR(pg_catalog.=) s.to_account), s.note, s.reason, s.media_from, s.media_to, "
	"s.version, s.until, s.evaluation FROM " ALL_STEPS " s WHERE s.rec_id OPERATOR(pg_catalog.=) $1 "
	"ORDER BY s.step_no",
	1,
	{INT4OID},
	NULL,
	true};

/* ,"name":text as a caller of that level gets the field. */
static void
WriteMasked(StringInfo out, const char *name, int field, const char *text, int level)
{
	appendStringInfo(out, ",\"%s\":", name);
	WriteCaseText(out, field, text, level);
}

/* Whom the step was for: {unit, account}, or null. */
static void
WriteTo(StringInfo out, uint64 at, int level)
{
	if (SpiIsNull(at, STEP_TO_UNIT) && SpiIsNull(at, STEP_TO_ACCOUNT))
	{
		appendStringInfoString(out, ",\"to\":null");
		return;
	}
	appendStringInfoString(out, ",\"to\":{\"unit\":");
	JsonString(out, SpiText(at, STEP_TO_UNIT));
	WriteMasked(out, "account", FIELD_STEP_TO, SpiText(at, STEP_TO_ACCOUNT), level);
	appendStringInfoChar(out, '}');
}

/* The step in row `at` of the last result, which stays it. */
static void
WriteStep(StringInfo out, int32 rec_id, uint64 at, int level, const CaseFormat *format)
{
	appendStringInfo(out, "{\"seq\":%d,\"time\":", SpiInt32(at, STEP_NO));
	WriteCaseTime(out, SpiInt64(at, STEP_TIME), format);
	JsonField(out, "action", SpiText(at, STEP_ACTION));
	JsonField(out, "result", SpiText(at, STEP_RESULT));
	JsonField(out, "fromStage", SpiText(at, STEP_FROM_STAGE));
	JsonField(out, "toStage", SpiText(at, STEP_TO_STAGE));
	appendStringInfo(out, ",\"fromState\":%d,\"toState\":%d", SpiInt32(at, STEP_FROM_STATE),
					 SpiInt32(at, STEP_TO_STATE));
	JsonField(out, "byRole", SpiText(at, STEP_BY_ROLE));
	JsonField(out, "byUnit", SpiText(at, STEP_BY_UNIT));
	WriteMasked(out, "by", FIELD_STEP_BY, SpiText(at, STEP_BY), level);
	WriteTo(out, at, level);
	WriteMasked(out, "note", FIELD_STEP_NOTE, SpiText(at, STEP_NOTE), level);
	WriteMasked(out, "reason", FIELD_STEP_REASON, SpiText(at, STEP_REASON), level);
	appendStringInfoString(out, ",\"medias\":[");
	if (!SpiIsNull(at, STEP_MEDIA_FROM))
	{
		int first = SpiInt32(at, STEP_MEDIA_FROM);
		int last = SpiInt32(at, STEP_MEDIA_TO);

		SpiBegin();
		WriteMedias(out, rec_id, first, last, level, format);
		SpiEnd();
	}
	appendStringInfo(out, "],\"version\":%d", SpiInt32(at, STEP_VERSION));
	if (!SpiIsNull(at, STEP_UNTIL))
	{
		appendStringInfoString(out, ",\"until\":");
		WriteCaseTime(out, SpiInt64(at, STEP_UNTIL), format);
	}
	if (!SpiIsNull(at, STEP_EVALUATION))
		appendStringInfo(out, ",\"evaluation\":%d", SpiInt32(at, STEP_EVALUATION));
	appendStringInfoChar(out, '}');
}

void
WriteSteps(StringInfo out, int32 rec_id, int level, const CaseFormat *format)
{
	uint64 rows = SpiRead(&steps_of, (Datum[]){Int32GetDatum(rec_id)}, NULL, 0);

	appendStringInfoChar(out, '[');
	for (uint64 i = 0; i < rows; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		WriteStep(out, rec_id, i, level, format);
	}
	appendStringInfoChar(out, ']');
}
