/*
 * Endpoint GET /todo and case_todo(): the work list of an operator. See todo.h.
 */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "core/text_check.h"
#include "event/case_field.h"
#include "event/event_level.h"
#include "process/step_reply.h"
#include "process/todo.h"
#include "reference/code_table.h"
#include "text/decimal.h"

/* ---- one row as it is shown ---- */

/* Columns of item_query. */
enum
{
	ITEM_TASK_NUM = 1,
	ITEM_DESC,
	ITEM_ADDRESS,
	ITEM_TYPE,
	ITEM_DIVISION,
	ITEM_STATE,
	ITEM_STAGE,
	ITEM_VERSION,
	ITEM_UNIT,
	ITEM_HOLDER,
	ITEM_SUPERVISED,
	ITEM_SUSPENDED_UNTIL,
	ITEM_ROLE,
	ITEM_DEADLINE,
	ITEM_WARNING,
	ITEM_SINCE,
	ITEM_RECEIVED
};

/* $1 rec_id: a case of the list. */
static SpiQuery item_query = {
	"SELECT e.task_num, e.event_desc, e.address, e.event_type_code, t.division_code, e.state, e.stage, "
	"e.version, e.unit_code, (SELECT a.user_name FROM citybigdata.account a WHERE a.account_id "
	"OPERATOR(pg_catalog.=) t.holder), e.supervised, e.suspended_until, t.role, t.deadline, t.warning_time, "
	"t.since, e.receive_time FROM citybigdata.case_task t JOIN citybigdata.event e ON e.rec_id "
	"OPERATOR(pg_catalog.=) t.rec_id WHERE t.rec_id OPERATOR(pg_catalog.=) $1",
	1,
	{INT4OID},
	NULL,
	true};

/* The light of row 0 of the last result, as it is now. */
static const char *
ItemLight(TimestampTz now)
{
	TimestampTz deadline = SpiInt64(0, ITEM_DEADLINE);

	if (!SpiIsNull(0, ITEM_SUSPENDED_UNTIL) && now < SpiInt64(0, ITEM_SUSPENDED_UNTIL))
		return LightName(LIGHT_PAUSED);
	if (deadline == DT_NOEND)
		return NULL;
	return LightName(now > deadline                    ? LIGHT_RED
					 : now > SpiInt64(0, ITEM_WARNING) ? LIGHT_YELLOW
													   : LIGHT_GREEN);
}

/* ,"name":time, or null. */
static void
WriteTime(StringInfo out, const char *name, int column, const CaseFormat *format)
{
	appendStringInfo(out, ",\"%s\":", name);
	if (SpiIsNull(0, column) || SpiInt64(0, column) == DT_NOEND)
		appendStringInfoString(out, "null");
	else
		WriteCaseTime(out, SpiInt64(0, column), format);
}

/* ,"name":text as a caller of that level gets the field of a case. */
static void
WriteField(StringInfo out, const char *name, int column, int level)
{
	appendStringInfo(out, ",\"%s\":", name);
	WriteCaseText(out, CaseFieldNumber(name), SpiText(0, column), level);
}

/* The case of row 0 of the last result. */
static void
WriteItem(StringInfo out, const CaseReader *reader, TimestampTz now)
{
	char state[12];

	pg_ltoa(SpiInt32(0, ITEM_STATE), state);
	appendStringInfoString(out, "{\"taskNum\":");
	JsonString(out, SpiText(0, ITEM_TASK_NUM));
	WriteField(out, "eventDesc", ITEM_DESC, reader->level);
	WriteField(out, "address", ITEM_ADDRESS, reader->level);
	WriteField(out, "eventTypeCode", ITEM_TYPE, reader->level);
	JsonField(out, "divisionCode", SpiText(0, ITEM_DIVISION));
	appendStringInfo(out, ",\"state\":%s,\"version\":%d", state, SpiInt32(0, ITEM_VERSION));
	JsonField(out, "stateName", CodeTableName("event-state", state));
	JsonField(out, "stage", SpiText(0, ITEM_STAGE));
	JsonField(out, "role", SpiText(0, ITEM_ROLE));
	JsonField(out, "unit", SpiText(0, ITEM_UNIT));
	WriteField(out, "holder", ITEM_HOLDER, reader->level);
	appendStringInfo(out, ",\"supervised\":%s", SpiBool(0, ITEM_SUPERVISED) ? "true" : "false");
	JsonField(out, "light", ItemLight(now));
	WriteTime(out, "deadline", ITEM_DEADLINE, &reader->format);
	WriteTime(out, "warningTime", ITEM_WARNING, &reader->format);
	WriteTime(out, "suspendedUntil", ITEM_SUSPENDED_UNTIL, &reader->format);
	WriteTime(out, "since", ITEM_SINCE, &reader->format);
	WriteTime(out, "receiveTime", ITEM_RECEIVED, &reader->format);
	appendStringInfoChar(out, '}');
}

/* ---- the endpoint ---- */

ARGUMENTS(ARG_ROLE, ARG_UNIT, ARG_DIVISION, ARG_STATE, ARG_LIGHT, ARG_TYPE, ARG_MINE, ARG_PAGE_SIZE,
		  ARG_CURSOR, ARG_TIME_FORMAT);

/* What is asked for; adds what is wrong. */
static void
ReadFilter(Call *call, TodoFilter *filter)
{
	ErrorList *errors = &call->errors;
	char *state = CallText(call, ARG_STATE);
	char *light = CallText(call, ARG_LIGHT);
	int64_t number = 0;

	memset(filter, 0, sizeof(*filter));
	filter->role = CallText(call, ARG_ROLE);
	filter->unit = CallText(call, ARG_UNIT);
	filter->division = CallText(call, ARG_DIVISION);
	filter->type = CallText(call, ARG_TYPE);
	filter->mine = CallBool(call, ARG_MINE);
	if (filter->role != NULL && (ProcessRoleBit(filter->role) & ROLE_POSTS) == 0)
		ErrorPrint(errors, false, "/role", CBD_INVALID_PARAMETER,
				   "\"%s{value}\" is no role of code table case-role",
				   ShortText(filter->role, strlen(filter->role)));
	if (state != NULL && (!DecimalRead((Span){state, strlen(state)}, 2, &number) || number == 0))
		ErrorPrint(errors, false, "/state", CBD_INVALID_PARAMETER,
				   "\"%s{value}\" is no state of code table event-state", ShortText(state, strlen(state)));
	filter->state = (int32) number;
	filter->light = light == NULL ? LIGHT_NONE : TodoLight(light);
	if (light != NULL && filter->light == LIGHT_NONE)
		ErrorPrint(errors, false, "/light", CBD_INVALID_PARAMETER,
				   "light is green, yellow, red or paused, not \"%s{value}\"",
				   ShortText(light, strlen(light)));
}

/* Size of the page, and where it begins; adds what is wrong. */
static int
ReadPage(Call *call, TodoKey *after, bool *has_after)
{
	char *size = CallText(call, ARG_PAGE_SIZE);
	char *cursor = CallText(call, ARG_CURSOR);
	int64_t number = TODO_PAGE;

	if (size != NULL &&
		(!DecimalRead((Span){size, strlen(size)}, 4, &number) || number < 1 || number > TODO_PAGE_MAX))
		ErrorPrint(&call->errors, false, "/pageSize", CBD_INVALID_PARAMETER, "pageSize is 1 to %d{limit}",
				   TODO_PAGE_MAX);
	*has_after = cursor != NULL;
	if (cursor != NULL && !TodoCursorRead(cursor, after))
		ErrorAdd(&call->errors, "/cursor", CBD_INVALID_PARAMETER, "not a cursor of this list");
	return (int) number;
}

/* {"items":[...],"nextCursor","counts"} */
static char *
ListData(const TodoList *list, const TodoPage *page, const char *counts, const CaseReader *reader)
{
	TimestampTz now = GetCurrentTimestamp();
	StringInfoData out;
	bool first = true;

	(void) CaseLevelWanted(); /* has the levels read */
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"items\":[");
	SpiBegin();
	for (int i = 0; i < page->count; i++)
	{
		if (SpiRead(&item_query, (Datum[]){Int32GetDatum(page->keys[i].rec_id)}, NULL, 1) == 0)
			continue;
		if (!first)
			appendStringInfoChar(&out, ',');
		first = false;
		WriteItem(&out, reader, now);
	}
	SpiEnd();
	appendStringInfoString(&out, "],\"nextCursor\":");
	JsonString(&out, page->more ? TodoCursor(&page->keys[page->count - 1]) : NULL);
	appendStringInfo(&out, ",\"counts\":%s}", counts);
	return out.data;
}

/* rest_case_todo(context, role, unit, division, state, light, type, mine, page_size, cursor, time_format) */
static Datum
CaseTodo(Call *call)
{
	static const TodoFilter all = {0};
	StepCall steps;
	TodoFilter filter;
	TodoList list, whole;
	TodoPage page;
	TodoKey after;
	bool has_after;
	Datum reply;
	int size;

	if (!StepCallBegin(&steps, call, &reply))
		return reply;
	if (steps.actor.kind != ACTOR_OPERATOR)
		return Answer(call, CBD_NO_POST, NULL);
	ReadFilter(call, &filter);
	size = ReadPage(call, &after, &has_after);
	ReaderFormat(&steps.reader, CallText(call, ARG_TIME_FORMAT), NULL);
	if (call->errors.count > 0)
		return Answer(call, ErrorsParameterStatus(&call->errors), ErrorsData(&call->errors));
	TodoPools(&steps.actor, &filter, &list);
	TodoRead(&list, &filter, has_after ? &after : NULL, size, &page);
	TodoPools(&steps.actor, &all, &whole);
	return AnswerRead(call, ListData(&list, &page, TodoCounts(&whole), &steps.reader));
}

ENDPOINT(cbd_rest_case_todo, "case.todo", CaseTodo);

/* ---- from SQL ---- */

/* Columns of the result of case_todo(). */
#define TODO_COLUMNS 14

/* A text argument; NULL when null. */
static char *
TextArgument(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

/* The arguments, whose list and which part of it. */
static void
ReadArguments(FunctionCallInfo fcinfo, Actor *actor, TodoFilter *filter)
{
	char *account = TextArgument(fcinfo, 0);
	char *light = TextArgument(fcinfo, 5);

	memset(filter, 0, sizeof(*filter));
	if (account == NULL)
		RoleActor(actor);
	else if (!AccountActor(account, actor))
		RaiseStatus(CBD_NO_SUCH_ACCOUNT, "The account is not there, or not active.");
	filter->role = TextArgument(fcinfo, 1);
	filter->unit = TextArgument(fcinfo, 2);
	filter->division = TextArgument(fcinfo, 3);
	filter->state = PG_ARGISNULL(4) ? 0 : PG_GETARG_INT32(4);
	filter->light = light == NULL ? LIGHT_NONE : TodoLight(light);
	if (light != NULL && filter->light == LIGHT_NONE)
		RaiseStatus(CBD_INVALID_PARAMETER, "light: green, yellow, red, paused.");
	filter->type = TextArgument(fcinfo, 6);
	filter->mine = !PG_ARGISNULL(7) && PG_GETARG_BOOL(7);
}

/* A row of the last result as one of the function. */
static void
PutItem(ReturnSetInfo *result, const TodoKey *key, TimestampTz now)
{
	static const int columns[TODO_COLUMNS] = {ITEM_TASK_NUM,
											  ITEM_STAGE,
											  ITEM_STATE,
											  ITEM_ROLE,
											  ITEM_UNIT,
											  ITEM_HOLDER,
											  0,
											  ITEM_DEADLINE,
											  ITEM_WARNING,
											  ITEM_SUPERVISED,
											  ITEM_SUSPENDED_UNTIL,
											  ITEM_VERSION,
											  ITEM_SINCE,
											  0};
	Datum values[TODO_COLUMNS];
	bool nulls[TODO_COLUMNS] = {false};
	const char *light = ItemLight(now);

	for (int i = 0; i < TODO_COLUMNS; i++)
		if (columns[i] != 0)
			values[i] = SpiDatum(0, columns[i], &nulls[i]);
	nulls[6] = light == NULL;
	values[6] = light == NULL ? (Datum) 0 : CStringGetTextDatum(light);
	values[13] = CStringGetTextDatum(TodoCursor(key));
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(cbd_case_todo);
extern Datum cbd_case_todo(PG_FUNCTION_ARGS);

/* case_todo(account, role, unit, division, state, light, type, mine, page_size, cursor) */
Datum
cbd_case_todo(PG_FUNCTION_ARGS)
{
	char *cursor = TextArgument(fcinfo, 9);
	int size = PG_ARGISNULL(8) ? TODO_PAGE : PG_GETARG_INT32(8);
	TimestampTz now = GetCurrentTimestamp();
	TodoFilter filter;
	TodoKey after;
	TodoList list;
	TodoPage page;
	Actor actor;

	ReadArguments(fcinfo, &actor, &filter);
	if (size < 1 || size > TODO_PAGE_MAX)
		RaiseStatus(CBD_INVALID_PARAMETER, SaidBoth("page_size: 1 to %d{limit}.", TODO_PAGE_MAX));
	if (cursor != NULL && !TodoCursorRead(cursor, &after))
		RaiseStatus(CBD_INVALID_PARAMETER, "cursor: that of the last row of the page before.");
	InitMaterializedSRF(fcinfo, 0);
	TodoPools(&actor, &filter, &list);
	TodoRead(&list, &filter, cursor == NULL ? NULL : &after, size, &page);
	SpiBegin();
	for (int i = 0; i < page.count; i++)
		if (SpiRead(&item_query, (Datum[]){Int32GetDatum(page.keys[i].rec_id)}, NULL, 1) > 0)
			PutItem((ReturnSetInfo *) fcinfo->resultinfo, &page.keys[i], now);
	SpiEnd();
	return (Datum) 0;
}
