/*
 * The endpoints that take reports: POST /events and the path of deployed senders (tables A.3-A.5).
 *
 * Applications report under their senderCodes. An inspector who signed in at the operators' client reports
 * under the platform's own (citybigdata.operator_sender), which may be left out; the report keeps his
 * account.
 *
 * Whoever is not authorised learns nothing else; after that all errors are told at once, those of the outer
 * fields first. Every outcome writes its audit row in the same transaction.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "access/endpoint.h"
#include "access/post.h"
#include "event/event.h"
#include "event/idempotency.h"
#include "core/guc.h"
#include "core/own_lock.h"
#include "core/text_check.h"
#include "core/spi.h"
#include "text/utf8.h"

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
	int64 reporter; /* account of an inspector; 0: an application reports */
	IdempotencyKey key;
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
				   "senderCode has more than %d{limit} characters", EVENT_TEXT_CHARACTERS);
	if (call->action_type == NULL || TextBlank(call->action_type, strlen(call->action_type)))
		ErrorPrint(errors, false, "/actionType", CBD_MISSING_PARAMETER,
				   "actionType is required; its value is UP_REC_REPORT");
	else if (strcmp(call->action_type, "UP_REC_REPORT") != 0)
		ErrorPrint(errors, false, "/actionType", CBD_INVALID_ACTION,
				   "actionType must be UP_REC_REPORT, not \"%s{value}\"",
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

/* Table A.5's data; `errors`, `warnings`: JSON, NULL: none. */
static char *
ReplyData(const StoredEvent *stored, const char *errors, const char *warnings)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfo(&data, "{\"recID\":%d,\"taskNum\":", stored->rec_id);
	JsonString(&data, stored->task_num);
	if (errors != NULL)
		appendStringInfo(&data, ",\"errors\":%s", errors);
	if (warnings != NULL)
		appendStringInfo(&data, ",\"warnings\":%s", warnings);
	appendStringInfoChar(&data, '}');
	return data.data;
}

/* ---- Idempotency-Key ---- */

/* True: the key answers the call, by *reply: the first reply again, or 42228. */
static bool
AnswerFromKey(const ReportCall *call, Datum *reply)
{
	ErrorList errors = {0};
	char *data;

	if (IdempotencyFind(&call->key, &data, &errors) != CBD_OK)
		*reply = Refuse(call, CBD_IDEMPOTENCY_MISMATCH, &errors);
	else if (data != NULL)
		*reply = AnswerReport(call, CBD_OK, NULL, "first reply again by Idempotency-Key", data);
	else
		return false;
	return true;
}

/* ---- senders ---- */

/* The sender that inspectors report under. */
static const char *
OperatorSender(void)
{
	return guc_operator_sender[0] != '\0' ? guc_operator_sender : PlatformCode();
}

/* Makes it the operators' client's; false: an application has it. */
static bool
ClaimSender(const char *sender, int32 app_id)
{
	static SpiQuery claim = {
		"INSERT INTO citybigdata.sender (sender_code, app_id) VALUES ($1, $2) ON CONFLICT "
		"ON CONSTRAINT sender_pkey DO NOTHING",
		2,
		{TEXTOID, INT4OID}};
	static SpiQuery owner = {"SELECT FROM citybigdata.sender WHERE sender_code OPERATOR(pg_catalog.=) $1 AND "
							 "app_id OPERATOR(pg_catalog.=) $2",
							 2,
							 {TEXTOID, INT4OID},
							 NULL,
							 true};
	Datum values[2] = {CStringGetTextDatum(sender), Int32GetDatum(app_id)};
	bool ours;

	SpiBegin();
	SpiRun(&claim, values, NULL, SPI_OK_INSERT, 0);
	ours = SpiRun(&owner, values, NULL, SPI_OK_SELECT, 1) > 0;
	SpiEnd();
	return ours;
}

/* May the caller report under the senderCode? */
static bool
MayReportAs(const ReportCall *report)
{
	int32 app_id = report->call->caller.app_id;

	if (report->reporter == 0)
		return SenderBelongsTo(report->sender, app_id);
	return strcmp(report->sender, OperatorSender()) == 0 &&
		   (SenderBelongsTo(report->sender, app_id) || ClaimSender(report->sender, app_id));
}

/* ---- the call ---- */

/* Stores a valid report and replies with its numbers. */
static Datum
StoreAndReply(const ReportCall *call, const EventReport *report)
{
	StoredEvent stored;
	ErrorList conflict = {0};
	char *warnings = ErrorsJson(&report->errors, true);
	char *data;

	OwnLock(EventLockKey(call->sender, report->other_task_num));
	SpiBegin();
	StoreEvent(report, call->sender, call->call->caller.app_id, &stored);
	SpiEnd();
	if (stored.status == CBD_EVENT_CONFLICT)
		EventConflict(report, stored.rec_id, "/data", &conflict);
	data = ReplyData(&stored, ErrorsJson(&conflict, false), stored.status == CBD_OK ? warnings : NULL);
	if (call->key.key != NULL && stored.status == CBD_OK)
		IdempotencyRemember(&call->key, data);
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
	IdempotencyCheck(&call->key, &errors);
	if (errors.count == 0 && !MayReportAs(call))
	{
		ErrorPrint(&errors, false, "/senderCode", CBD_SENDER_NOT_OWNED,
				   "senderCode \"%s{value}\" does not belong to this application",
				   ShortText(call->sender, strlen(call->sender)));
		return Refuse(call, CBD_SENDER_NOT_OWNED, &errors);
	}
	if (errors.count == 0 && call->key.key != NULL && !call->dry_run && AnswerFromKey(call, &reply))
		return reply;
	if (call->data != NULL)
		ValidateEvent(VARDATA_ANY(call->data), VARSIZE_ANY_EXHDR(call->data), call->egova, &report);
	report.reporter = call->reporter;
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

/* ---- inspectors ---- */

/* Has the caller a post of an inspector? */
static bool
IsInspector(const Caller *caller)
{
	for (int i = 0; i < caller->post_count; i++)
		if (strcmp(caller->posts[i].role, "inspector") == 0)
			return true;
	return false;
}

/* Lets an inspector in whose client has not the grant events, but cases as all operators need; his sender is
 * the platform's. `status`: what the caller was judged to be until then. */
static CbdStatus
AuthoriseInspector(ReportCall *report, CbdStatus status)
{
	Call *call = report->call;

	if (!call->caller.known || !call->caller.operator_)
		return status;
	if (status == CBD_FORBIDDEN || status == CBD_INSUFFICIENT_SCOPE)
		status = CallAuthorise(call, "cases");
	if (status != CBD_OK)
		return status;
	if (!IsInspector(&call->caller))
		return CBD_ACTION_NOT_HELD;
	if (report->sender == NULL)
		report->sender = pstrdup(OperatorSender());
	report->reporter = call->caller.account_id;
	return CBD_OK;
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
		report.key.key = CallText(call, ARG_IDEMPOTENCY_KEY);
		report.key.digest = CallDatum(call, ARG_BODY_DIGEST);
	}
	status = AuthoriseInspector(&report, CallAuthorise(call, "events"));
	if (status != CBD_OK)
		return AnswerReport(&report, status, NULL, NULL, NULL);
	report.key.app_id = call->caller.app_id;
	report.key.account_id = report.reporter;
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
