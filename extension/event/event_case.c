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
#include "event/case_right.h"
#include "event/event_case.h"
#include "event/event_level.h"
#include "event/event_person.h"
#include "core/text_check.h"
#include "core/interval.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "wire/paths.h"
#include "reference/code_table.h"

void (*CaseMembersHook)(StringInfo out, const CaseRow *row, const CaseFormat *format);
void (*CaseShownHook)(StringInfo out, const CaseRow *row);

/* The shortest text that reads back as the same number. */
static void
WriteReal(StringInfo out, double value)
{
	char buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, buffer);
	appendStringInfoString(out, buffer);
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

/* Name or phone number of who reported. What is sealed is opened only for those who see it whole. */
static char *
PersonOf(uint64 at, int column, bool shown)
{
	char *name = NULL;
	char *phone = NULL;
	bool isnull;
	Datum sealed = SpiDatum(at, COL_PERSONAL, &isnull);

	if (isnull)
		return SpiText(at, column);
	if (!shown)
		return NULL;
	OpenPerson(SpiInt32(at, COL_REC_ID), sealed, &name, &phone);
	return column == COL_HUMAN_NAME ? name : phone;
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
	else if (kind == COLUMN_HUMAN_NAME || kind == COLUMN_CELLPHONE)
	{
		int level = row->person ? CASE_LEVEL_OWN : row->level;

		WriteCaseText(out, field, PersonOf(at, column, CaseFieldShown(field, level)), level);
	}
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
	else if (kind == COLUMN_BOOL)
		appendStringInfoString(out, SpiBool(at, column) ? "true" : "false");
	else
		WriteReal(out, kind == COLUMN_LON ? x : kind == COLUMN_LAT ? y : SpiDouble(at, column));
}

CasePlace
CasePlaceOf(uint64 at)
{
	int division = !SpiIsNull(at, COL_COMMUNITY) ? COL_COMMUNITY
				   : !SpiIsNull(at, COL_STREET)  ? COL_STREET
												 : COL_DISTRICT;

	return (CasePlace){SpiText(at, COL_UNIT), SpiText(at, division)};
}

bool
ReadPurged(int32 rec_id, char **task_num, char **sender)
{
	static SpiQuery query = {"SELECT k.task_num, k.sender_code FROM citybigdata.event_archive_key k "
							 "WHERE k.rec_id OPERATOR(pg_catalog.=) $1 AND k.purged_at IS NOT NULL",
							 1,
							 {INT4OID},
							 NULL,
							 true};

	if (SpiRead(&query, (Datum[]){Int32GetDatum(rec_id)}, NULL, 1) == 0)
		return false;
	*task_num = SpiText(0, 1);
	*sender = SpiText(0, 2);
	return true;
}

bool
ReadCase(uint64 at, const CaseReader *reader, CaseRow *row)
{
	LonLat place = {SpiDouble(at, COL_LON), SpiDouble(at, COL_LAT)};
	StringInfo out = &row->json;
	double x = 0, y = 0;

	row->reader = reader;
	row->rec_id = SpiInt32(at, COL_REC_ID);
	row->task_num = SpiText(at, COL_TASK_NUM);
	row->sender = SpiText(at, COL_SENDER);
	row->warnings = SpiText(at, COL_WARNINGS);
	row->has_media = SpiInt32(at, COL_MEDIA_COUNT) > 0;
	row->has_steps = SpiInt32(at, COL_STEP_COUNT) > 0;
	row->in_process = !SpiIsNull(at, COL_PROCESS);
	row->level = reader->level;
	if (reader->call->caller.operator_)
	{
		CasePlace at_place = CasePlaceOf(at);

		row->person =
			OperatorSeesPerson(reader->call->caller.posts, reader->call->caller.post_count, &at_place);
	}
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

/* What was warned of when the case was accepted, and by the step that is replied to. */
static void
WriteWarnings(StringInfo out, const CaseRow *row)
{
	const char *warnings =
		row->warnings != NULL && CaseFieldShown(FIELD_WARNINGS, row->level) ? row->warnings : "[]";
	size_t length = strlen(warnings);

	if (row->step_warnings == NULL)
		appendStringInfoString(out, warnings);
	else if (length <= 2)
		appendStringInfoString(out, row->step_warnings);
	else
	{
		appendBinaryStringInfo(out, warnings, (int) length - 1);
		appendStringInfo(out, ",%s", row->step_warnings + 1);
	}
}

void
WriteCase(StringInfo out, const CaseRow *row, const CaseFormat *format)
{
	appendBinaryStringInfo(out, row->json.data, row->json.len);
	if (row->in_process && CaseMembersHook != NULL)
		CaseMembersHook(out, row, format);
	appendStringInfoString(out, ",\"medias\":[");
	if (row->has_media)
		WriteMedias(out, row->rec_id, 1, PG_INT32_MAX, row->level, format);
	appendStringInfoString(out, "],\"steps\":");
	if (row->has_steps)
		WriteSteps(out, row->rec_id, row->level, format);
	else
		appendStringInfoString(out, "[]");
	appendStringInfoString(out, ",\"warnings\":");
	WriteWarnings(out, row);
	appendStringInfoChar(out, '}');
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
								TABLE("toState", "event-state") TABLE("baseState", "event-state")
									TABLE("action", "case-action") TABLE("byRole", "case-role") "}");
#undef TABLE
#undef DIVISION
}
