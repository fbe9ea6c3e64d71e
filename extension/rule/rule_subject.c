/* What rules judge: a report on its way, a stored case; and the document that paths look at. See rule.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "core/interval.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "process/process.h"
#include "rule/rule.h"
#include "rule/rule_rows.h"

/* Bytes of unknown fields that paths see: with the other fields, the size that their cost is linear in. */
#define EXT_BYTES 16384

void
RuleSubjectOfReport(const EventReport *report, const char *sender, RuleSubject *subject)
{
	*subject = (RuleSubject){
		.now = report->now,
		.as_of = report->now,
		.type = report->event_type_code,
		.main_type = report->main_type_code,
		.sub_type = report->sub_type_code,
		.has_level = report->event_level_id.present,
		.level = report->event_level_id.value,
		.source = report->event_src_id.value,
		.sender = sender,
		.district = report->stored_district,
		.street = report->street_code,
		.community = report->community_code,
		.place = report->place,
		.desc = report->event_desc,
		.address = report->address,
		.other_task_num = report->other_task_num,
		.ext = report->ext,
		.rec_type = report->rec_type_id.value,
		.media_count = report->media_count,
		.create_time = report->create_time,
		.state = STATE_REPORTED,
		.workday = -1,
		.working_now = -1,
	};
}

void
RuleSubjectOfRow(uint64 row, RuleSubject *subject)
{
	*subject = (RuleSubject){
		.rec_id = SpiInt32(row, 1),
		.now = SpiInt64(row, 2),
		.as_of = GetCurrentTimestamp(),
		.type = SpiText(row, 3),
		.main_type = SpiText(row, 4),
		.sub_type = SpiText(row, 5),
		.has_level = !SpiIsNull(row, 6),
		.level = SpiInt32(row, 6),
		.source = SpiInt32(row, 7),
		.sender = SpiText(row, 8),
		.district = SpiText(row, 9),
		.street = SpiText(row, 10),
		.community = SpiText(row, 11),
		.place = {SpiDouble(row, 12), SpiDouble(row, 13)},
		.desc = SpiText(row, 14),
		.address = SpiText(row, 15),
		.other_task_num = SpiText(row, 16),
		.ext = SpiText(row, 17),
		.rec_type = SpiInt32(row, 18),
		.media_count = SpiInt32(row, 19),
		.create_time = SpiInt64(row, 20),
		.state = SpiInt32(row, 21),
		.stage = SpiText(row, 22),
		.unit = SpiText(row, 23),
		.condition = SpiText(row, 24),
		.rework_count = SpiInt32(row, 25),
		.supervised = SpiBool(row, 26),
		.workday = -1,
		.working_now = -1,
	};
}

bool
RuleSubjectOfCase(int32 rec_id, RuleSubject *subject)
{
	static SpiQuery query = {"SELECT " RULE_SUBJECT_COLUMNS
							 " FROM citybigdata.event e WHERE e.rec_id OPERATOR(pg_catalog.=) $1",
							 1,
							 {INT4OID},
							 NULL,
							 true};
	Datum values[] = {Int32GetDatum(rec_id)};
	bool found;

	SpiBegin();
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0;
	if (found)
		RuleSubjectOfRow(0, subject);
	SpiEnd();
	return found;
}

const char *
RuleDivision(const RuleSubject *subject)
{
	return subject->community != NULL ? subject->community
		   : subject->street != NULL  ? subject->street
									  : subject->district;
}

/* ---- the document ---- */

static void
Text(StringInfo out, const char *name, const char *text)
{
	if (text != NULL)
		JsonField(out, name, text);
}

static void
Number(StringInfo out, const char *name, int64 number)
{
	appendStringInfoChar(out, ',');
	JsonName(out, name);
	JsonInt(out, number);
}

static void
Coordinate(StringInfo out, const char *name, double degrees)
{
	appendStringInfoChar(out, ',');
	JsonName(out, name);
	appendStringInfo(out, "%.9f", degrees);
}

/* The fields of table A.4, as GET /events/{taskNum} names them. */
static void
WriteReport(StringInfo out, const RuleSubject *subject)
{
	char time[15];

	JsonField(out, "eventTypeCode", subject->type);
	Text(out, "mainTypeCode", subject->main_type);
	Text(out, "subTypeCode", subject->sub_type);
	Text(out, "eventDesc", subject->desc);
	Text(out, "address", subject->address);
	Text(out, "senderCode", subject->sender);
	Text(out, "otherTaskNum", subject->other_task_num);
	Text(out, "districtCode", subject->district);
	Text(out, "streetCode", subject->street);
	Text(out, "communityCode", subject->community);
	Number(out, "eventSrcID", subject->source);
	Number(out, "recTypeID", subject->rec_type);
	if (subject->has_level)
		Number(out, "eventLevelID", subject->level);
	Number(out, "mediaNum", subject->media_count);
	Coordinate(out, "longitude", subject->place.lon);
	Coordinate(out, "latitude", subject->place.lat);
	FormatTimePoint(subject->create_time, time);
	JsonField(out, "createTime", time);
	FormatTimePoint(subject->now, time);
	JsonField(out, "time", time);
}

/* What a case has beside. */
static void
WriteCase(StringInfo out, const RuleSubject *subject)
{
	Number(out, "state", subject->state);
	Text(out, "stage", subject->stage);
	Text(out, "unit", subject->unit);
	Text(out, "conditionCode", subject->condition);
	Number(out, "reworkCount", subject->rework_count);
	appendStringInfo(out, ",\"supervised\":%s", subject->supervised ? "true" : "false");
	Text(out, "action", subject->step);
	Text(out, "result", subject->result);
	Text(out, "fromStage", subject->from_stage);
}

Datum
RuleDocument(RuleSubject *subject)
{
	if (subject->document == NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		appendStringInfoChar(&text, '{');
		WriteReport(&text, subject);
		WriteCase(&text, subject);
		if (subject->ext != NULL && strlen(subject->ext) <= EXT_BYTES)
			appendStringInfo(&text, ",\"ext\":%s", subject->ext);
		appendStringInfoChar(&text, '}');
		subject->document = DatumGetPointer(DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data)));
		pfree(text.data);
	}
	return PointerGetDatum(subject->document);
}
