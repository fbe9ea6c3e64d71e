/* Who reads cases, which, and in what form; see event_case.h. */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/snapmgr.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "event/case_field.h"
#include "event/case_right.h"
#include "event/event_case.h"
#include "event/event_level.h"

bool
FindCaseRow(int32 rec_id)
{
	/* most are not archived: the plan of both tables at once would take twice the time to set up */
	static SpiQuery present = {"SELECT " CASE_COLUMNS
							   " FROM citybigdata.event e WHERE e.rec_id OPERATOR(pg_catalog.=) $1",
							   1,
							   {INT4OID},
							   NULL,
							   true};
	static SpiQuery any = {"SELECT " CASE_COLUMNS " FROM " ALL_EVENTS
						   " e WHERE e.rec_id OPERATOR(pg_catalog.=) $1",
						   1,
						   {INT4OID},
						   NULL,
						   true};
	Datum values[] = {Int32GetDatum(rec_id)};

	return SpiRead(&present, values, NULL, 1) > 0 || SpiRead(&any, values, NULL, 1) > 0;
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

bool
MaySeeCase(const CaseReader *reader, uint64 at)
{
	const Caller *caller = &reader->call->caller;
	CasePlace place;

	if (!caller->operator_)
		return MaySee(reader, SpiText(at, COL_SENDER));
	place = CasePlaceOf(at);
	return OperatorSeesCase(caller->posts, caller->post_count, &place);
}

void
ReaderOf(CaseReader *reader)
{
	const Caller *caller = &reader->call->caller;

	reader->granted = caller->all_cases;
	reader->level = reader->granted ? caller->level : 1;
	/* nothing is gained beyond what some field asks for, and a narrowed token stays narrow */
	reader->own_level = Min(CaseLevelWanted(), CASE_LEVEL_OWN);
	if (caller->token_level > 0)
		reader->own_level = Min(reader->own_level, caller->token_level);
}

void
ReaderFormat(CaseReader *reader, const char *time_format, const char *crs)
{
	CaseFormat *format = &reader->format;
	ErrorList *errors = &reader->call->errors;

	memset(format, 0, sizeof(*format));
	if (time_format != NULL && strcmp(time_format, "unix") == 0)
		format->unix_time = true;
	else if (time_format != NULL && strcmp(time_format, "calendar") != 0 &&
			 strcmp(time_format, "yyyyMMddHHmmss") != 0)
		ErrorPrint(errors, false, "/timeFormat", CBD_INVALID_PARAMETER,
				   "unix or yyyyMMddHHmmss; for example timeFormat=unix");
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
		ErrorPrint(errors, false, "/crs", CBD_INVALID_COORDINATE,
				   "\"%s{value}\" is not a coordinate system; valid are EPSG:4490, EPSG:4548, GCJ02, BD09",
				   ShortText(crs, strlen(crs)));
}

void
ReaderShowMedia(CaseReader *reader)
{
	MediaSealerBegin(&reader->media, &reader->call->context, &reader->call->caller);
	reader->format.media = &reader->media;
}

bool
WriteCaseNow(StringInfo out, int32 rec_id, const CaseReader *reader, char *warnings)
{
	CaseRow row = {.step_warnings = warnings};
	bool projected;

	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	SpiBegin();
	projected = FindCaseRow(rec_id) && ReadCase(0, reader, &row);
	if (projected)
	{
		WriteCase(out, &row, &reader->format);
		out->len--; /* the bracket that closes the case */
		WriteCaseTables(out);
		appendStringInfoChar(out, '}');
	}
	SpiEnd();
	PopActiveSnapshot();
	return projected;
}
