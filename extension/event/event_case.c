/*
 * The JSON of a case, written straight from its row; see event_case.h. No tree and no row_to_json(): a list
 * of cases is most of what the platform answers.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "event/case_field.h"
#include "event/case_media.h"
#include "event/event_case.h"
#include "event/event_level.h"
#include "core/text_check.h"
#include "core/interval.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "wire/paths.h"
#include "reference/code_table.h"

/* Seconds from the Unix epoch to PostgreSQL's. */
#define UNIX_TO_POSTGRES (((int64) POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* The shortest text that reads back as the same number. */
static void
WriteReal(StringInfo out, double value)
{
	char buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, buffer);
	appendStringInfoString(out, buffer);
}

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

/* The point in the caller's system; false when it cannot be expressed there. */
static bool
Project(LonLat p, const CaseFormat *format, double *x, double *y)
{
	*x = p.lon;
	*y = p.lat;
	switch (format->crs)
	{
		case CRS_LONLAT:
			return true;
		case CRS_SRID:
			return SridKnown(format->srid) && LonLatToSrid(format->srid, p, x, y);
		case CRS_GCJ02:
			p = wgs84_to_gcj02(p);
			break;
		case CRS_BD09:
			p = gcj02_to_bd09(wgs84_to_gcj02(p));
			break;
	}
	*x = p.lon;
	*y = p.lat;
	return true;
}

/* NULL when the code table has no such state. */
static char *
StateName(int32 state)
{
	char code[12];

	pg_ltoa(state, code);
	return CodeTableName("event-state", code);
}

/* Field `field` of result row `at`; the point is (x, y). */
static void
WriteColumn(StringInfo out, uint64 at, int field, double x, double y, const CaseRow *row,
			const CaseFormat *format)
{
	int column = field + 1;
	ColumnKind kind = case_fields[field].kind;

	if (kind == COLUMN_STATE_NAME)
		WriteCaseText(out, field, StateName(SpiInt32(at, COL_STATE)), row->level);
	else if (SpiIsNull(at, column))
		appendStringInfoString(out, "null");
	else if (kind == COLUMN_TEXT)
		WriteCaseText(out, field, SpiText(at, column), row->level);
	else if (!CaseFieldShown(field, row->level))
		appendStringInfoString(out, "null");
	else if (kind == COLUMN_INT)
		JsonInt(out, SpiInt32(at, column));
	else if (kind == COLUMN_TIME)
		WriteCaseTime(out, SpiInt64(at, column), format);
	else
		WriteReal(out, kind == COLUMN_LON ? x : kind == COLUMN_LAT ? y : SpiDouble(at, column));
}

bool
ReadCase(uint64 at, const CaseReader *reader, CaseRow *row)
{
	LonLat place = {SpiDouble(at, COL_LON), SpiDouble(at, COL_LAT)};
	StringInfo out = &row->json;
	double x = 0, y = 0;

	row->rec_id = SpiInt32(at, COL_REC_ID);
	row->task_num = SpiText(at, COL_TASK_NUM);
	row->sender = SpiText(at, COL_SENDER);
	row->warnings = SpiText(at, COL_WARNINGS);
	row->has_media = SpiInt32(at, COL_MEDIA_COUNT) > 0;
	row->has_steps = SpiInt32(at, COL_STEP_COUNT) > 0;
	row->level = reader->level;
	if (reader->own_level > reader->level && SenderBelongsTo(row->sender, reader->call->caller.app_id))
		row->level = reader->own_level;
	/* a place that is not shown must not be found out by systems that have none for it */
	if ((CaseFieldShown(COL_LON - 1, row->level) || CaseFieldShown(COL_LAT - 1, row->level)) &&
		!Project(place, &reader->format, &x, &y))
		return false;
	out->data = SPI_palloc(out->maxlen = 1024);
	resetStringInfo(out);
	for (int i = 0; i < CASE_COLUMN_FIELDS; i++)
	{
		appendStringInfoChar(out, i == 0 ? '{' : ',');
		JsonName(out, case_fields[i].name);
		WriteColumn(out, at, i, x, y, row, &reader->format);
	}
	return true;
}

/* What came as an address keeps it; stored content gets one for the caller. */
static void
WriteMedias(StringInfo out, const CaseRow *row, const CaseFormat *format)
{
	static SpiQuery query = {
		"SELECT media_name, media_type, media_usage, media_url, media_no FROM citybigdata.event_media "
		"WHERE rec_id OPERATOR(pg_catalog.=) $1 ORDER BY media_no",
		1,
		{INT4OID},
		NULL,
		true};
	Datum values[1] = {Int32GetDatum(row->rec_id)};
	uint64 rows = SpiRead(&query, values, NULL, 0);

	for (uint64 i = 0; i < rows; i++)
	{
		appendStringInfoString(out, i == 0 ? "{\"mediaName\":" : ",{\"mediaName\":");
		WriteCaseText(out, FIELD_MEDIA_NAME, SpiText(i, 1), row->level);
		JsonField(out, "mediaType", SpiText(i, 2));
		JsonField(out, "mediaUsage", SpiText(i, 3));
		appendStringInfoString(out, ",\"url\":");
		if (SpiIsNull(i, 4) && CaseFieldShown(FIELD_MEDIA_URL, row->level))
			JsonString(out, EventMediaUrl(format->media, row->rec_id, SpiInt32(i, 5)));
		else
			WriteCaseText(out, FIELD_MEDIA_URL, SpiText(i, 4), row->level);
		appendStringInfoChar(out, '}');
	}
}

/* What was done with the case, oldest first. */
static void
WriteSteps(StringInfo out, const CaseRow *row, const CaseFormat *format)
{
	static SpiQuery query = {
		"SELECT step_time, action, from_state, to_state, step_by, note FROM citybigdata.event_step "
		"WHERE rec_id OPERATOR(pg_catalog.=) $1 ORDER BY step_no",
		1,
		{INT4OID},
		NULL,
		true};
	Datum values[1] = {Int32GetDatum(row->rec_id)};
	uint64 rows = SpiRead(&query, values, NULL, 0);

	for (uint64 i = 0; i < rows; i++)
	{
		appendStringInfoString(out, i == 0 ? "{\"time\":" : ",{\"time\":");
		WriteCaseTime(out, SpiInt64(i, 1), format);
		JsonField(out, "action", SpiText(i, 2));
		appendStringInfo(out, ",\"fromState\":%d,\"toState\":%d", SpiInt32(i, 3), SpiInt32(i, 4));
		appendStringInfoString(out, ",\"by\":");
		WriteCaseText(out, FIELD_STEP_BY, SpiText(i, 5), row->level);
		appendStringInfoString(out, ",\"note\":");
		WriteCaseText(out, FIELD_STEP_NOTE, SpiText(i, 6), row->level);
		appendStringInfoChar(out, '}');
	}
}

void
WriteCase(StringInfo out, const CaseRow *row, const CaseFormat *format)
{
	appendBinaryStringInfo(out, row->json.data, row->json.len);
	appendStringInfoString(out, ",\"medias\":[");
	if (row->has_media)
		WriteMedias(out, row, format);
	appendStringInfoString(out, "],\"steps\":[");
	if (row->has_steps)
		WriteSteps(out, row, format);
	appendStringInfo(out, "],\"warnings\":%s}",
					 row->warnings != NULL && CaseFieldShown(FIELD_WARNINGS, row->level) ? row->warnings
																						 : "[]");
}

void
WriteCaseTables(StringInfo out)
{
#define TABLE(field, name) ",\"" field "\":\"" CODE_TABLES_PATH "/" name "\""
#define DIVISION(field)    "\"" field "\":\"" DIVISION_PATH "\""
	appendStringInfoString(
		out,
		",\"codeTables\":{" DIVISION("districtCode") "," DIVISION("streetCode") "," DIVISION("communityCode")
			TABLE("eventSrcID", "event-src") TABLE("recTypeID", "rec-type")
				TABLE("eventLevelID", "event-level") TABLE("eventTypeCode", "event-type")
					TABLE("mainTypeCode", "event-type") TABLE("subTypeCode", "event-type")
						TABLE("state", "event-state") TABLE("mediaType", "media-type")
							TABLE("mediaUsage", "media-usage") TABLE("fromState", "event-state")
								TABLE("toState", "event-state") "}");
#undef TABLE
#undef DIVISION
}

bool
MaySee(const CaseReader *reader, const char *sender)
{
	return reader->granted || SenderBelongsTo(sender, reader->call->caller.app_id);
}

char *
CaseTaskNum(uint64 at)
{
	return SpiText(at, COL_TASK_NUM);
}

char *
CaseSender(uint64 at)
{
	return SpiText(at, COL_SENDER);
}
