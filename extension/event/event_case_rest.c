/*
 * Endpoints: GET /events/{taskNum}, GET /events?otherTaskNum= and ?since= (table A.4 and the feed), and by
 * filters (event_list.h).
 *
 * A grant on cases reads every case, an operator those of his posts; any other application reads the cases of
 * its own senders. A case that may not be seen is answered like one that does not exist.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/operator.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "event/case_field.h"
#include "event/event_case.h"
#include "event/event_level.h"
#include "event/event_list.h"

#define FIND_LIMIT 100 /* senders of one application that are looked through */

/* A refusal, with the call's errors. */
static Datum
RefuseRead(Call *call, CbdStatus status)
{
	if (call->errors.count > 0)
		call->detail = ErrorsSummary(&call->errors);
	return Answer(call, status, ErrorsData(&call->errors));
}

/* The wanted system has no place for the point, or does not exist. */
static Datum
RefuseCrs(const CaseReader *reader)
{
	ErrorPrint(&reader->call->errors, false, "/crs", CBD_INVALID_COORDINATE,
			   "EPSG:%d{srid} is not known, or has no place for the point", reader->format.srid);
	return RefuseRead(reader->call, CBD_INVALID_COORDINATE);
}

/* Who may read (AuthoriseCases), and at what level. True: go on. */
static bool
MayRead(CaseReader *reader, Datum *reply)
{
	CbdStatus status = AuthoriseCases(reader->call);

	ReaderOf(reader);
	if (status == CBD_OK)
		return true;
	*reply = RefuseRead(reader->call, status);
	return false;
}

/* Was it a case that the caller might see by its sender, until it was purged? Where it was is not kept: of
 * operators, those who reach every case are told. SPI is connected. */
static bool
PurgedCase(const CaseReader *reader, int32 rec_id, const char *task_num)
{
	const Caller *caller = &reader->call->caller;
	char *purged_num;
	char *sender;

	if (caller->operator_ && !PostsReachAll(caller->posts, caller->post_count))
		return false;
	return ReadPurged(rec_id, &purged_num, &sender) && strcmp(purged_num, task_num) == 0 &&
		   MaySee(reader, sender);
}

/* The case with what the chapters above this one know of it. SPI is connected. */
static void
WriteShownCase(StringInfo out, const CaseRow *row)
{
	WriteCase(out, row, &row->reader->format);
	if (CaseShownHook == NULL || !CaseFieldShown(COL_LON - 1, row->level) ||
		!CaseFieldShown(COL_LAT - 1, row->level))
		return;
	out->data[--out->len] = '\0';
	CaseShownHook(out, row);
	appendStringInfoChar(out, '}');
}

/* rest_event_get(context, task_num, time_format, crs) */
static Datum
EventGet(Call *call)
{
	ARGUMENTS(ARG_TASK_NUM, ARG_TIME_FORMAT, ARG_CRS);
	CaseReader reader = {.call = call};
	CaseRow row = {0};
	StringInfoData out;
	char *task_num = CallText(call, ARG_TASK_NUM);
	int32 rec_id;
	bool projected = true;
	bool purged = false;
	Datum reply;

	call->object = task_num != NULL ? ShortText(task_num, strlen(task_num)) : NULL;
	if (!MayRead(&reader, &reply))
		return reply;
	ReaderFormat(&reader, CallText(call, ARG_TIME_FORMAT), CallText(call, ARG_CRS));
	if (call->errors.count > 0)
		return RefuseRead(call, call->errors.entries[0].status);
	rec_id = task_num == NULL ? 0 : TaskNumRecId(task_num);
	if (rec_id == 0)
		return RefuseRead(call, CBD_NO_SUCH_EVENT);

	ReaderShowMedia(&reader);
	initStringInfo(&out);
	SpiBegin();
	/* whether it may be seen comes first: a coordinate system that has no place for it must not tell that it
	 * is there */
	if (!FindCaseRow(rec_id))
		purged = PurgedCase(&reader, rec_id, task_num);
	else if (strcmp(CaseTaskNum(0), task_num) == 0 && MaySeeCase(&reader, 0))
	{
		projected = ReadCase(0, &reader, &row);
		if (projected)
			WriteShownCase(&out, &row);
	}
	SpiEnd();
	MediaSealerEnd(&reader.media);
	if (!projected)
		return RefuseCrs(&reader);
	if (out.len == 0)
		return RefuseRead(call, purged ? CBD_GONE : CBD_NO_SUCH_EVENT);
	out.len--; /* the bracket that closes the case */
	WriteCaseTables(&out);
	appendStringInfoChar(&out, '}');
	return AnswerRead(call, out.data);
}

ENDPOINT(cbd_rest_event_get, "event.get", EventGet);

/* The caller's senders, at most FIND_LIMIT. Returns how many. */
static uint64
OwnSenders(const CaseReader *reader, char **senders)
{
	static SpiQuery query = {
		"SELECT sender_code FROM citybigdata.sender WHERE app_id OPERATOR(pg_catalog.=) $1 "
		"ORDER BY sender_code",
		1,
		{INT4OID}};
	uint64 count;

	SpiBegin();
	count = SpiRead(&query, (Datum[]){Int32GetDatum(reader->call->caller.app_id)}, NULL, FIND_LIMIT);
	for (uint64 i = 0; i < count; i++)
		senders[i] = SpiText(i, 1);
	SpiEnd();
	return count;
}

/* {"items":[case...],"codeTables":{...}} of what was found and may be seen. *projected false: not in that
 * system. */
static char *
FindCases(const CaseReader *reader, const char *other_task_num, char *sender, bool *projected)
{
	static const unsigned char any_content[32];
	char *senders[FIND_LIMIT] = {sender};
	uint64 count = sender == NULL ? OwnSenders(reader, senders) : MaySee(reader, sender) ? 1 : 0;
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

		if (rec_id == 0 || !FindCaseRow(rec_id))
			continue;
		if (!MaySeeCase(reader, 0))
			continue;
		*projected = ReadCase(0, reader, &row);
		if (!*projected)
			break;
		if (written++ > 0)
			appendStringInfoChar(&out, ',');
		WriteCase(&out, &row, &reader->format);
	}
	SpiEnd();
	appendStringInfoChar(&out, ']');
	if (written > 0)
		WriteCaseTables(&out);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* The arguments of GET /events; those from the box on are of lists. */
ARGUMENTS(FIND_OTHER_TASK_NUM, FIND_SENDER_CODE, FIND_SINCE, FIND_TIME_FORMAT, FIND_CRS, FIND_BBOX,
		  FIND_DIVISION, FIND_TIME_RANGE, FIND_STATE, FIND_LIGHT, FIND_TYPE, FIND_UNIT, FIND_WORDS,
		  FIND_PAGE_SIZE, FIND_CURSOR);

/* The parameters of a list. *given: one of those that no other form of the request has. */
static ListParams
ReadListParams(Call *call, bool *given)
{
	*given = false;
	for (int i = FIND_BBOX; i <= FIND_CURSOR; i++)
		*given = *given || CallGiven(call, i);
	return (ListParams){.sender = CallText(call, FIND_SENDER_CODE),
						.bbox = CallText(call, FIND_BBOX),
						.division = CallText(call, FIND_DIVISION),
						.time_range = CallText(call, FIND_TIME_RANGE),
						.state = CallText(call, FIND_STATE),
						.light = CallText(call, FIND_LIGHT),
						.type = CallText(call, FIND_TYPE),
						.unit = CallText(call, FIND_UNIT),
						.words = CallText(call, FIND_WORDS),
						.page_size = CallText(call, FIND_PAGE_SIZE),
						.cursor = CallText(call, FIND_CURSOR)};
}

/* GET /events by filters: a page of cases; `link` names the next one. */
static Datum
ListCases(CaseReader *reader, const ListParams *params)
{
	Call *call = reader->call;
	ListQuery query;
	char next[CURSOR_SIZE];
	char *data;

	ReadList(params, reader, &query);
	if (call->errors.count > 0)
		return RefuseRead(call, ErrorsParameterStatus(&call->errors));
	ReaderShowMedia(reader);
	data = ListData(&query, next);
	MediaSealerEnd(&reader->media);
	if (data == NULL)
		return RefuseCrs(reader);
	if (next[0] != '\0')
		call->frame.link = FrameText(psprintf("cursor=%s", next));
	return AnswerRead(call, data);
}

/* rest_event_find(context, FIND_...) */
static Datum
EventFind(Call *call)
{
	CaseReader reader = {.call = call};
	ErrorList *errors = &call->errors;
	char *other_task_num = CallText(call, FIND_OTHER_TASK_NUM);
	char *since_text = CallText(call, FIND_SINCE);
	bool list_given;
	ListParams list = ReadListParams(call, &list_given);
	FeedPlace since = {0};
	bool projected = true;
	char *data;
	Datum reply;

	call->object = other_task_num != NULL ? ShortText(other_task_num, strlen(other_task_num))
				   : since_text != NULL   ? ShortText(since_text, strlen(since_text))
										  : NULL;
	if (!MayRead(&reader, &reply))
		return reply;
	ReaderFormat(&reader, CallText(call, FIND_TIME_FORMAT), CallText(call, FIND_CRS));
	if (since_text == NULL && other_task_num == NULL)
		return ListCases(&reader, &list);
	if (since_text != NULL)
		ReadFeedPlace(since_text, &since, errors);
	if ((since_text != NULL && other_task_num != NULL) || list_given)
		ErrorAdd(errors, since_text != NULL ? "/since" : "/otherTaskNum", CBD_INVALID_PARAMETER,
				 "since and otherTaskNum cannot be combined, nor with the filters of a list");
	else if (other_task_num != NULL && TextBlank(other_task_num, strlen(other_task_num)))
		ErrorAdd(errors, "/otherTaskNum", CBD_MISSING_PARAMETER, "otherTaskNum is blank");
	if (errors->count > 0)
		return RefuseRead(call, errors->entries[0].status);
	ReaderShowMedia(&reader);
	if (since_text != NULL)
		projected = (data = FeedData(&reader, &since, list.sender)) != NULL;
	else
		data = FindCases(&reader, other_task_num, list.sender, &projected);
	MediaSealerEnd(&reader.media);
	return projected ? AnswerRead(call, data) : RefuseCrs(&reader);
}

ENDPOINT(cbd_rest_event_find, "event.find", EventFind);
