/* Reading events: GET /events/{taskNum}, GET /events?otherTaskNum=. The case's JSON is written straight from
 * the row. */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/access.h"
#include "audit/audit.h"
#include "event/event_case.h"
#include "event/event_level.h"
#include "core/text_check.h"
#include "core/interval.h"
#include "core/call.h"
#include "core/spi.h"
#include "wire/paths.h"

#define FIND_LIMIT       100 /* senders of one application that are looked through */
#define UNIX_TO_POSTGRES (((int64) POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* What follows the fixed columns: places in CASE_COLUMNS. */
enum
{
	COL_REC_ID = 1,
	COL_TASK_NUM = 2,
	COL_SENDER = 3,
	COL_LON = 9,
	COL_LAT = 10,
	COL_STATE = 25,
	COL_WARNINGS = 26,
	COL_MEDIA_COUNT = 27,
	COL_STEP_COUNT = 28
};

/* Fields that are no columns of the event: places in case_fields. */
enum
{
	FIELD_MEDIA_NAME = 26,
	FIELD_MEDIA_URL,
	FIELD_STEP_BY,
	FIELD_STEP_NOTE,
	FIELD_WARNINGS
};
#define CASE_COLUMN_FIELDS FIELD_MEDIA_NAME

typedef enum ColumnKind
{
	COLUMN_ELSEWHERE,
	COLUMN_TEXT,
	COLUMN_INT,
	COLUMN_REAL,
	COLUMN_TIME,
	COLUMN_LON,
	COLUMN_LAT,
	COLUMN_STATE_NAME /* of no column: the name of the state */
} ColumnKind;

static const struct
{
	const char *name;
	ColumnKind kind;
} case_fields[] = {{"recID", COLUMN_INT},
				   {"taskNum", COLUMN_TEXT},
				   {"senderCode", COLUMN_TEXT},
				   {"otherTaskNum", COLUMN_TEXT},
				   {"eventDesc", COLUMN_TEXT},
				   {"address", COLUMN_TEXT},
				   {"coordinateX", COLUMN_REAL},
				   {"coordinateY", COLUMN_REAL},
				   {"longitude", COLUMN_LON},
				   {"latitude", COLUMN_LAT},
				   {"districtCode", COLUMN_TEXT},
				   {"districtName", COLUMN_TEXT},
				   {"streetCode", COLUMN_TEXT},
				   {"streetName", COLUMN_TEXT},
				   {"communityCode", COLUMN_TEXT},
				   {"communityName", COLUMN_TEXT},
				   {"eventSrcID", COLUMN_INT},
				   {"recTypeID", COLUMN_INT},
				   {"eventLevelID", COLUMN_INT},
				   {"eventTypeCode", COLUMN_TEXT},
				   {"mainTypeCode", COLUMN_TEXT},
				   {"subTypeCode", COLUMN_TEXT},
				   {"createTime", COLUMN_TIME},
				   {"receiveTime", COLUMN_TIME},
				   {"state", COLUMN_INT},
				   {"stateName", COLUMN_STATE_NAME},
				   {"medias.mediaName"},
				   {"medias.url"},
				   {"steps.by"},
				   {"steps.note"},
				   {"warnings"}};

StaticAssertDecl(lengthof(case_fields) <= CASE_FIELDS_MAX, "event_level.c has a place for every field");

static SpiQuery by_rec_id = {"SELECT " CASE_COLUMNS
							 " FROM citybigdata.event e WHERE e.rec_id OPERATOR(pg_catalog.=) $1",
							 1,
							 {INT4OID},
							 NULL,
							 true};

int
CaseFieldNumber(const char *name)
{
	for (int i = 0; i < lengthof(case_fields); i++)
		if (strcmp(case_fields[i].name, name) == 0)
			return i;
	return -1;
}

/* ---- writing ---- */

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
ReadCase(uint64 at, const ReadCall *call, CaseRow *row)
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
	row->level = call->level;
	if (call->own_level > call->level && SenderBelongsTo(row->sender, call->caller.app_id))
		row->level = call->own_level;
	/* a place that is not shown must not be found out by systems that have none for it */
	if ((CaseFieldShown(COL_LON - 1, row->level) || CaseFieldShown(COL_LAT - 1, row->level)) &&
		!Project(place, &call->format, &x, &y))
		return false;
	out->data = SPI_palloc(out->maxlen = 1024);
	resetStringInfo(out);
	for (int i = 0; i < CASE_COLUMN_FIELDS; i++)
	{
		appendStringInfoChar(out, i == 0 ? '{' : ',');
		JsonName(out, case_fields[i].name);
		WriteColumn(out, at, i, x, y, row, &call->format);
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

/* ---- parameters ---- */

/* timeFormat and crs; adds what is wrong. */
static void
ReadFormat(const char *time_format, const char *crs, CaseFormat *format, EventErrors *errors)
{
	memset(format, 0, sizeof(*format));
	if (time_format != NULL && strcmp(time_format, "unix") == 0)
		format->unix_time = true;
	else if (time_format != NULL)
		AddError(errors, false, "/timeFormat", CBD_INVALID_PARAMETER,
				 "\"%s\" is not a timeFormat; valid is unix", ShortText(time_format, strlen(time_format)));
	if (crs == NULL)
		return;
	if (pg_strcasecmp(crs, "GCJ02") == 0)
		format->crs = CRS_GCJ02;
	else if (pg_strcasecmp(crs, "BD09") == 0)
		format->crs = CRS_BD09;
	else if (pg_strncasecmp(crs, "EPSG:", 5) == 0 && strlen(crs) > 5 && strlen(crs) <= 11 &&
			 strspn(crs + 5, "0123456789") == strlen(crs + 5))
	{
		format->srid = atoi(crs + 5);
		format->crs = format->srid == 4490 ? CRS_LONLAT : CRS_SRID;
	}
	else
		AddError(errors, false, "/crs", CBD_INVALID_COORDINATE,
				 "\"%s\" is not a coordinate system; valid are EPSG:4490, EPSG:4548, GCJ02, BD09",
				 ShortText(crs, strlen(crs)));
}

/* A time of the standard: 14 digits or Unix seconds. */
static void
ReadSince(const char *text, TimestampTz *since, EventErrors *errors)
{
	TimePointText point;
	ParseError error;

	if (!time_point_parse(text, strlen(text), &point, &error) || !TimePointValue(&point, since, &error))
		AddError(errors, false, "/since", CBD_INVALID_TIME, "\"%s\" is not a time: %s (character %zu). %s",
				 ShortText(text, strlen(text)), error.message, error.position, error.hint);
}

/* ---- calls ---- */

static Datum
RefuseRead(const ReadCall *call, CbdStatus status, int retry_after, const EventErrors *errors)
{
	char *data =
		errors != NULL && errors->errors > 0 ? psprintf("{\"errors\":%s}", ErrorsJson(errors, false)) : NULL;

	AuditWrite(&call->context, &call->caller, call->action, call->object, status,
			   errors != NULL ? ErrorsSummary(errors) : NULL);
	return ReplyFrame(status, retry_after, NULL, data);
}

/* The wanted system has no place for the point, or does not exist. */
static Datum
RefuseCrs(const ReadCall *call)
{
	EventErrors errors = {0};

	AddError(&errors, false, "/crs", CBD_INVALID_COORDINATE,
			 "EPSG:%d is not known, or has no place for the point", call->format.srid);
	return RefuseRead(call, CBD_INVALID_COORDINATE, 0, &errors);
}

/*
 * Who may read: a grant on events reads every case, without one an application still reads those of its own
 * senders. True: go on.
 */
static bool
MayRead(ReadCall *call, Datum *reply)
{
	int retry_after = 0;
	CbdStatus status = Authorise(&call->context, "events", &call->caller, &retry_after);

	call->granted = status == CBD_OK;
	call->level = call->granted ? call->caller.level : 1;
	/* nothing is gained beyond what some field asks for, and a narrowed token stays narrow */
	call->own_level = Min(CaseLevelWanted(), CASE_LEVEL_OWN);
	if (call->caller.token_level > 0)
		call->own_level = Min(call->own_level, call->caller.token_level);
	if (call->granted || (status == CBD_FORBIDDEN && call->caller.known && call->caller.app_id != 0))
		return true;
	*reply = RefuseRead(call, status, retry_after, NULL);
	return false;
}

/* The addresses of stored media in what follows are the caller's. */
static void
ShowMedia(ReadCall *call)
{
	MediaSealerBegin(&call->media, &call->context, &call->caller);
	call->format.media = &call->media;
}

bool
MaySee(const ReadCall *call, const char *sender)
{
	return call->granted || SenderBelongsTo(sender, call->caller.app_id);
}

PG_FUNCTION_INFO_V1(cbd_rest_event_get);
extern Datum cbd_rest_event_get(PG_FUNCTION_ARGS);

/* rest_event_get(context, task_num, time_format, crs) */
Datum
cbd_rest_event_get(PG_FUNCTION_ARGS)
{
	ReadCall call = {.action = "event.get"};
	EventErrors errors = {0};
	CaseRow row = {0};
	StringInfoData out;
	char *task_num = ArgText(fcinfo, CONTEXT_ARGUMENTS);
	int32 rec_id;
	bool projected = true;
	Datum reply;

	ReadCallContext(fcinfo, &call.context);
	call.object = task_num != NULL ? ShortText(task_num, strlen(task_num)) : NULL;
	if (!MayRead(&call, &reply))
		return reply;
	ReadFormat(ArgText(fcinfo, CONTEXT_ARGUMENTS + 1), ArgText(fcinfo, CONTEXT_ARGUMENTS + 2), &call.format,
			   &errors);
	if (errors.errors > 0)
		return RefuseRead(&call, errors.list[0].status, 0, &errors);
	rec_id = task_num == NULL ? 0 : TaskNumRecId(task_num);
	if (rec_id == 0)
		return RefuseRead(&call, CBD_NO_SUCH_EVENT, 0, NULL);

	ShowMedia(&call);
	initStringInfo(&out);
	SpiBegin();
	/* whether it may be seen comes first: a coordinate system that has no place for it must not tell that it
	 * is there */
	if (SpiRead(&by_rec_id, (Datum[]){Int32GetDatum(rec_id)}, NULL, 1) > 0 &&
		strcmp(SpiText(0, COL_TASK_NUM), task_num) == 0 && MaySee(&call, SpiText(0, COL_SENDER)))
	{
		projected = ReadCase(0, &call, &row);
		if (projected)
			WriteCase(&out, &row, &call.format);
	}
	SpiEnd();
	MediaSealerEnd(&call.media);
	if (!projected)
		return RefuseCrs(&call);
	if (out.len == 0)
		return RefuseRead(&call, CBD_NO_SUCH_EVENT, 0, NULL);
	out.len--; /* the bracket that closes the case */
	WriteCaseTables(&out);
	appendStringInfoChar(&out, '}');
	return ReplyFrame(CBD_OK, 0, AuditRecord(&call.context, &call.caller, call.action, task_num), out.data);
}

/* The caller's senders, at most FIND_LIMIT. Returns how many. */
static uint64
OwnSenders(const ReadCall *call, char **senders)
{
	static SpiQuery query = {
		"SELECT sender_code FROM citybigdata.sender WHERE app_id OPERATOR(pg_catalog.=) $1 "
		"ORDER BY sender_code",
		1,
		{INT4OID}};
	uint64 count;

	SpiBegin();
	count = SpiRead(&query, (Datum[]){Int32GetDatum(call->caller.app_id)}, NULL, FIND_LIMIT);
	for (uint64 i = 0; i < count; i++)
		senders[i] = SpiText(i, 1);
	SpiEnd();
	return count;
}

/* {"items":[case...],"codeTables":{...}} of what was found and may be seen. *projected false: not in that
 * system. */
static char *
FindCases(const ReadCall *call, const char *other_task_num, char *sender, bool *projected)
{
	static const unsigned char any_content[32];
	char *senders[FIND_LIMIT] = {sender};
	uint64 count = sender == NULL ? OwnSenders(call, senders) : MaySee(call, sender) ? 1 : 0;
	StringInfoData out;
	int written = 0;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"items\":[");
	SpiBegin();
	for (uint64 i = 0; i < count && *projected; i++)
	{
		StoredEvent stored;
		CaseRow row = {0};
		int32 rec_id = FindReported(senders[i], other_task_num, any_content, &stored);

		if (rec_id == 0 || SpiRead(&by_rec_id, (Datum[]){Int32GetDatum(rec_id)}, NULL, 1) == 0)
			continue;
		*projected = ReadCase(0, call, &row);
		if (!*projected)
			break;
		if (written++ > 0)
			appendStringInfoChar(&out, ',');
		WriteCase(&out, &row, &call->format);
	}
	SpiEnd();
	appendStringInfoChar(&out, ']');
	if (written > 0)
		WriteCaseTables(&out);
	appendStringInfoChar(&out, '}');
	return out.data;
}

PG_FUNCTION_INFO_V1(cbd_rest_event_find);
extern Datum cbd_rest_event_find(PG_FUNCTION_ARGS);

/* rest_event_find(context, other_task_num, sender_code, since, time_format, crs) */
Datum
cbd_rest_event_find(PG_FUNCTION_ARGS)
{
	ReadCall call = {.action = "event.find"};
	EventErrors errors = {0};
	char *other_task_num = ArgText(fcinfo, CONTEXT_ARGUMENTS);
	char *sender = ArgText(fcinfo, CONTEXT_ARGUMENTS + 1);
	char *since_text = ArgText(fcinfo, CONTEXT_ARGUMENTS + 2);
	TimestampTz since = 0;
	bool projected = true;
	char *data;
	Datum reply;

	ReadCallContext(fcinfo, &call.context);
	call.object = other_task_num != NULL ? ShortText(other_task_num, strlen(other_task_num))
				  : since_text != NULL   ? ShortText(since_text, strlen(since_text))
										 : NULL;
	if (!MayRead(&call, &reply))
		return reply;
	ReadFormat(ArgText(fcinfo, CONTEXT_ARGUMENTS + 3), ArgText(fcinfo, CONTEXT_ARGUMENTS + 4), &call.format,
			   &errors);
	if (since_text != NULL)
		ReadSince(since_text, &since, &errors);
	if (since_text != NULL && other_task_num != NULL)
		AddError(&errors, false, "/since", CBD_INVALID_PARAMETER,
				 "since and otherTaskNum cannot be combined");
	else if (since_text == NULL &&
			 (other_task_num == NULL || TextBlank(other_task_num, strlen(other_task_num))))
		AddError(&errors, false, "/otherTaskNum", CBD_MISSING_PARAMETER, "otherTaskNum or since is required");
	if (errors.errors > 0)
		return RefuseRead(&call, errors.list[0].status, 0, &errors);
	ShowMedia(&call);
	if (since_text != NULL)
		projected = (data = FeedData(&call, since, sender)) != NULL;
	else
		data = FindCases(&call, other_task_num, sender, &projected);
	MediaSealerEnd(&call.media);
	if (!projected)
		return RefuseCrs(&call);
	return ReplyFrame(CBD_OK, 0, AuditRecord(&call.context, &call.caller, call.action, call.object), data);
}
