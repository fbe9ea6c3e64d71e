/*
 * The endpoints that take reports: POST /events and the path of deployed senders (tables A.3-A.5).
 *
 * Whoever is not authorised learns nothing else; after that all errors are told at once, those of the outer
 * fields first. Every outcome writes its audit row in the same transaction.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"

#include "access/endpoint.h"
#include "event/event.h"
#include "core/own_lock.h"
#include "core/text_check.h"
#include "core/spi.h"
#include "text/utf8.h"

/* Longest Idempotency-Key. */
#define KEY_CHARACTERS 255

/* The arguments of both endpoints. */
ARGUMENTS(ARG_SENDER_CODE, ARG_ACTION_TYPE, ARG_DATA, ARG_DRY_RUN, ARG_IDEMPOTENCY_KEY, ARG_BODY_DIGEST);

/* One report: who, what, and where it stands. */
typedef struct ReportCall
{
	Call *call;
	char *sender;
	char *action_type;
	text *data; /* NULL when absent */
	bool egova;
	bool dry_run;
	char *key; /* Idempotency-Key, NULL when absent */
	bytea *body_digest;
} ReportCall;

/* The answer; the auditor is told the sender too. `data` and `detail` may be NULL. */
static Datum
AnswerReport(const ReportCall *report, CbdStatus status, const char *task_num, const char *detail,
			 const char *data)
{
	Call *call = report->call;

	if (report->sender != NULL)
		detail = psprintf("sender %s%s%s%s", ShortText(report->sender, strlen(report->sender)),
						  report->dry_run ? ", dry run" : "", detail != NULL ? ": " : "",
						  detail != NULL ? detail : "");
	call->object = task_num;
	call->detail = detail;
	return Answer(call, status, data);
}

/* The outer fields of table A.3. */
static void
CheckOuterFields(const ReportCall *call, ErrorList *errors)
{
	if (call->sender == NULL || TextBlank(call->sender, strlen(call->sender)))
		ErrorPrint(errors, false, "/senderCode", CBD_MISSING_PARAMETER, "senderCode is required");
	else if ((int) Utf8Characters(call->sender, strlen(call->sender)) > EVENT_TEXT_CHARACTERS)
		ErrorPrint(errors, false, "/senderCode", CBD_INVALID_PARAMETER,
				   "senderCode has more than %d characters", EVENT_TEXT_CHARACTERS);
	if (call->action_type == NULL || TextBlank(call->action_type, strlen(call->action_type)))
		ErrorPrint(errors, false, "/actionType", CBD_MISSING_PARAMETER,
				   "actionType is required; its value is UP_REC_REPORT");
	else if (strcmp(call->action_type, "UP_REC_REPORT") != 0)
		ErrorPrint(errors, false, "/actionType", CBD_INVALID_ACTION,
				   "actionType must be UP_REC_REPORT, not \"%s\"",
				   ShortText(call->action_type, strlen(call->action_type)));
	if (call->data == NULL)
		ErrorPrint(errors, false, "/data", CBD_MISSING_PARAMETER, "data is required");
}

/* The refusal with all errors; `status` is that of the reply. */
static Datum
Refuse(const ReportCall *report, CbdStatus status, const ErrorList *errors)
{
	return AnswerReport(report, status, NULL, ErrorsSummary(errors), ErrorsData(errors));
}

/* Table A.5's data. */
static char *
ReplyData(const StoredEvent *stored, const char *warnings)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfo(&data, "{\"recID\":%d,\"taskNum\":", stored->rec_id);
	JsonString(&data, stored->task_num);
	if (warnings != NULL)
		appendStringInfo(&data, ",\"warnings\":%s", warnings);
	appendStringInfoChar(&data, '}');
	return data.data;
}

/* ---- Idempotency-Key ---- */

/*
 * Looks the key up, the key being locked until the end of the transaction. True: the call is answered by
 * *reply, from the first reply or with 42228.
 */
static bool
AnswerFromKey(const ReportCall *call, Datum *reply)
{
	static SpiQuery query = {
		"SELECT data, body_digest OPERATOR(pg_catalog.=) $3 FROM citybigdata.event_idempotency "
		"WHERE app_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2",
		3,
		{INT4OID, TEXTOID, BYTEAOID},
		NULL,
		true};
	Datum values[3] = {Int32GetDatum(call->call->caller.app_id), CStringGetTextDatum(call->key),
					   PointerGetDatum(call->body_digest)};
	char *data = NULL;
	bool same = false;
	ErrorList errors = {0};

	OwnLock((int64) hash_bytes_extended((const unsigned char *) call->key, (int) strlen(call->key),
										0x6B65790000000000 + (uint64) call->call->caller.app_id));
	SpiBegin();
	if (SpiRun(&query, values, NULL, SPI_OK_SELECT, 1) > 0)
	{
		data = SpiText(0, 1);
		same = SpiBool(0, 2);
	}
	SpiEnd();
	if (data == NULL)
		return false;
	if (same)
		*reply = AnswerReport(call, CBD_OK, NULL, "first reply again by Idempotency-Key", data);
	else
	{
		ErrorPrint(&errors, false, "/Idempotency-Key", CBD_IDEMPOTENCY_MISMATCH,
				   "the key \"%s\" was used with another body", ShortText(call->key, strlen(call->key)));
		*reply = Refuse(call, CBD_IDEMPOTENCY_MISMATCH, &errors);
	}
	return true;
}

/* Keeps the first reply under its Idempotency-Key. */
static void
RememberKey(const ReportCall *call, const char *data)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event_idempotency (app_id, key, body_digest, data) VALUES ($1, $2, $3, $4)",
		4,
		{INT4OID, TEXTOID, BYTEAOID, TEXTOID}};
	Datum values[4] = {Int32GetDatum(call->call->caller.app_id), CStringGetTextDatum(call->key),
					   PointerGetDatum(call->body_digest), CStringGetTextDatum(data)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* ---- the call ---- */

/* Stores a valid report and replies with its numbers. */
static Datum
StoreAndReply(const ReportCall *call, const EventReport *report)
{
	StoredEvent stored;
	char *warnings = ErrorsJson(&report->errors, true);
	char *data;

	OwnLock(EventLockKey(call->sender, report->other_task_num));
	SpiBegin();
	StoreEvent(report, call->sender, call->call->caller.app_id, &stored);
	SpiEnd();
	data = ReplyData(&stored, stored.status == CBD_OK ? warnings : NULL);
	if (call->key != NULL && stored.status == CBD_OK)
		RememberKey(call, data);
	return AnswerReport(call, stored.status, stored.task_num, stored.repeat ? "reported before" : NULL, data);
}

/* Everything after authorisation. */
static Datum
Report(const ReportCall *call)
{
	ErrorList errors = {0};
	EventReport report = {0};
	Datum reply;
	CbdStatus status;

	CheckOuterFields(call, &errors);
	if (call->key != NULL &&
		(call->key[0] == '\0' || (int) Utf8Characters(call->key, strlen(call->key)) > KEY_CHARACTERS))
		ErrorPrint(&errors, false, "/Idempotency-Key", CBD_INVALID_HEADER,
				   "Idempotency-Key has 1 to %d characters", KEY_CHARACTERS);
	if (errors.count == 0 && !SenderBelongsTo(call->sender, call->call->caller.app_id))
	{
		ErrorPrint(&errors, false, "/senderCode", CBD_SENDER_NOT_OWNED,
				   "senderCode \"%s\" does not belong to this application",
				   ShortText(call->sender, strlen(call->sender)));
		return Refuse(call, CBD_SENDER_NOT_OWNED, &errors);
	}
	if (errors.count == 0 && call->key != NULL && !call->dry_run && AnswerFromKey(call, &reply))
		return reply;
	if (call->data != NULL)
		ValidateEvent(VARDATA_ANY(call->data), VARSIZE_ANY_EXHDR(call->data), call->egova, &report);
	status = errors.count > 0 ? errors.entries[0].status : ReportStatus(&report);
	ErrorsAppend(&errors, &report.errors, "/data");
	if (errors.count > 0)
		return Refuse(call, status, &errors);
	if (call->dry_run)
	{
		char *warnings = ErrorsJson(&report.errors, true);

		return AnswerReport(call, CBD_OK, NULL, NULL,
							warnings == NULL ? "{\"dryRun\":true}"
											 : psprintf("{\"dryRun\":true,\"warnings\":%s}", warnings));
	}
	return StoreAndReply(call, &report);
}

/* What both endpoints have. */
static void
ReadReport(Call *call, ReportCall *report)
{
	memset(report, 0, sizeof(*report));
	report->call = call;
	report->sender = CallText(call, ARG_SENDER_CODE);
	report->action_type = CallText(call, ARG_ACTION_TYPE);
	report->data = CallGiven(call, ARG_DATA) ? DatumGetTextPP(CallDatum(call, ARG_DATA)) : NULL;
}

/* rest_event_report(context, sender_code, action_type, data, dry_run, idempotency_key, body_digest) */
static Datum
EventReportCall(Call *call)
{
	ReportCall report;
	CbdStatus status;

	ReadReport(call, &report);
	report.dry_run = CallBool(call, ARG_DRY_RUN);
	/* without the body's digest there is nothing to compare a repeat with */
	if (CallGiven(call, ARG_IDEMPOTENCY_KEY) && CallGiven(call, ARG_BODY_DIGEST))
	{
		report.key = CallText(call, ARG_IDEMPOTENCY_KEY);
		report.body_digest = DatumGetByteaPP(CallDatum(call, ARG_BODY_DIGEST));
	}
	status = CallAuthorise(call, "events");
	if (status != CBD_OK)
		return AnswerReport(&report, status, NULL, NULL, NULL);
	report.egova = call->caller.egova;
	return Report(&report);
}

ENDPOINT(cbd_rest_event_report, "event.report", EventReportCall);

/* rest_event_upstream(context, sender_code, action_type, data): profile egova; no credential = the sender's
 * IP grant */
static Datum
EventUpstream(Call *call)
{
	ReportCall report;
	CbdStatus status;

	ReadReport(call, &report);
	if (call->context.scheme == SCHEME_NONE && call->context.app_code == NULL && report.sender != NULL)
		status = AuthoriseSenderAddress(&call->context, report.sender, &call->caller, &call->retry_after);
	else
		status = CallAuthorise(call, "events");
	if (status != CBD_OK)
		return AnswerReport(&report, status, NULL, NULL, NULL);
	report.egova = true;
	return Report(&report);
}

ENDPOINT(cbd_rest_event_upstream, "event.report", EventUpstream);
