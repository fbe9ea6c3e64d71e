/*
 * report_event() and report_events(): reporting from SQL with the session's own right.
 *
 * The same validation and storing as the endpoint; each event writes its audit row. Refusals are rows.
 */
#include "postgres.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "audit/audit.h"
#include "event/event.h"
#include "event/event_sql.h"
#include "core/own_lock.h"
#include "core/say.h"
#include "core/text_check.h"
#include "core/spi.h"
#include "text/utf8.h"

/* Each event of a batch holds a lock until the transaction ends, and the lock table is shared by all
 * sessions. */
#define BATCH_LIMIT    5000
#define RESULT_COLUMNS 5 /* rec_id, task_num, status_code, errors, warnings */

/* The sender argument; an SQL caller's mistake is an error. */
static char *
SenderArgument(FunctionCallInfo fcinfo)
{
	char *sender = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));

	if (sender == NULL || TextBlank(sender, strlen(sender)) ||
		(int) Utf8Characters(sender, strlen(sender)) > EVENT_TEXT_CHARACTERS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), saymsg("invalid sender"),
						saydetail("A sender is a text of 1 to %d{limit} characters.", EVENT_TEXT_CHARACTERS),
						sayhint("A valid sender is for example '362200'.")));
	return sender;
}

/* The audit row of one event from SQL: nobody is authenticated but the session's role, which audit.c records.
 */
static void
AuditReport(const char *sender, const EventReport *report, CbdStatus status, const char *task_num)
{
	RestContext context = {0};
	Caller caller = {0};
	char *detail =
		status == CBD_OK || status == CBD_EVENT_CONFLICT
			? psprintf("sender %s", ShortText(sender, strlen(sender)))
			: psprintf("sender %s: %s", ShortText(sender, strlen(sender)), ErrorsSummary(&report->errors));

	AuditWrite(&context, &caller, "event.report", task_num, status, detail);
}

/* JSON text of our own as jsonb. */
static Datum
JsonDatum(char *json)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}

/* Stores a validated report (the lock being held) or not, audits, and fills the row. */
static void
ReportRow(const EventReport *report, const char *sender, Datum *values, bool *nulls)
{
	CbdStatus status = ReportStatus(report);
	StoredEvent stored = {0};
	char *errors = ErrorsJson(&report->errors, false);
	char *warnings = ErrorsJson(&report->errors, true);

	if (status == CBD_OK)
	{
		SpiBegin();
		StoreEvent(report, sender, 0, &stored);
		SpiEnd();
		status = stored.status;
	}
	if (status == CBD_EVENT_CONFLICT)
	{
		ErrorList conflict;

		EventConflict(report, stored.rec_id, "", &conflict);
		errors = ErrorsJson(&conflict, false);
	}
	AuditReport(sender, report, status, stored.rec_id != 0 ? stored.task_num : NULL);
	nulls[0] = nulls[1] = stored.rec_id == 0;
	nulls[2] = false;
	nulls[3] = errors == NULL;
	nulls[4] = warnings == NULL;
	values[0] = Int32GetDatum(stored.rec_id);
	values[1] = nulls[1] ? (Datum) 0 : CStringGetTextDatum(stored.task_num);
	values[2] = Int32GetDatum((int32) status);
	values[3] = nulls[3] ? (Datum) 0 : JsonDatum(errors);
	values[4] = nulls[4] ? (Datum) 0 : JsonDatum(warnings);
}

/* Validates one argument; a null is an error. */
static void
ValidateArgument(Datum value, bool isnull, bool is_jsonb, bool egova, EventReport *report)
{
	EventText data;

	if (isnull)
	{
		memset(report, 0, sizeof(*report));
		ErrorPrint(&report->errors, false, "", CBD_FIELD_REQUIRED, "data is null");
		return;
	}
	data = EventArgument(value, is_jsonb);
	ValidateEvent(data.text, data.length, egova, report);
}

/* report_event(): one report, one row, whatever comes of it. */
static Datum
ReportOne(FunctionCallInfo fcinfo, bool is_jsonb)
{
	char *sender = SenderArgument(fcinfo);
	bool egova = PG_ARGISNULL(2) ? SenderProfileEgova(sender) : ProfileArgument(fcinfo, 2, false);
	EventReport report;
	Datum values[RESULT_COLUMNS];
	bool nulls[RESULT_COLUMNS];
	TupleDesc desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "report_event must return a row");
	ValidateArgument(PG_GETARG_DATUM(1), PG_ARGISNULL(1), is_jsonb, egova, &report);
	if (ReportStatus(&report) == CBD_OK)
		OwnLock(EventLockKey(sender, report.other_task_num));
	ReportRow(&report, sender, values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

PG_FUNCTION_INFO_V1(cbd_report_event);
extern Datum cbd_report_event(PG_FUNCTION_ARGS);

/* report_event(sender, json or text, profile) */
Datum
cbd_report_event(PG_FUNCTION_ARGS)
{
	return ReportOne(fcinfo, false);
}

PG_FUNCTION_INFO_V1(cbd_report_event_jsonb);
extern Datum cbd_report_event_jsonb(PG_FUNCTION_ARGS);

/* report_event(sender, jsonb, profile) */
Datum
cbd_report_event_jsonb(PG_FUNCTION_ARGS)
{
	return ReportOne(fcinfo, true);
}

/* qsort: lock keys, ascending. */
static int
CompareKeys(const void *left, const void *right)
{
	int64 a = *(const int64 *) left;
	int64 b = *(const int64 *) right;

	return a < b ? -1 : a > b;
}

/* Locks what the valid reports of a batch touch, in ascending order, so that batches never wait for each
 * other in a circle. */
static void
LockBatch(EventReport *reports, int count, const char *sender)
{
	int64 *keys = palloc(sizeof(int64) * Max(count, 1));
	int n = 0;

	for (int i = 0; i < count; i++)
		if (ReportStatus(&reports[i]) == CBD_OK)
			keys[n++] = EventLockKey(sender, reports[i].other_task_num);
	qsort(keys, n, sizeof(int64), CompareKeys);
	for (int i = 0; i < n; i++)
		if (i == 0 || keys[i] != keys[i - 1])
			OwnLock(keys[i]);
	pfree(keys);
}

PG_FUNCTION_INFO_V1(cbd_report_events);
extern Datum cbd_report_events(PG_FUNCTION_ARGS);

/* report_events(sender, json[] or text[], profile): one row per element, in one transaction */
Datum
cbd_report_events(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	char *sender = SenderArgument(fcinfo);
	bool egova = PG_ARGISNULL(2) ? SenderProfileEgova(sender) : ProfileArgument(fcinfo, 2, false);
	EventReport *reports;
	Datum *elements;
	bool *element_nulls;
	int count = 0;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(1))
		return (Datum) 0;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(1)), -1, false,
					  TYPALIGN_INT, &elements, &element_nulls, &count);
	if (count > BATCH_LIMIT)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						saymsg("too many events in one call: %d{count}", count),
						sayhint("Report at most %d{limit} at a time, each call in a transaction of its own.",
								BATCH_LIMIT)));
	reports = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(EventReport) * (Size) Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ValidateArgument(elements[i], element_nulls[i], false, egova, &reports[i]);
	}
	LockBatch(reports, count, sender);
	for (int i = 0; i < count; i++)
	{
		Datum values[RESULT_COLUMNS];
		bool nulls[RESULT_COLUMNS];

		CHECK_FOR_INTERRUPTS();
		ReportRow(&reports[i], sender, values, nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
