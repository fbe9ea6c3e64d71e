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

#include "access/access.h"
#include "audit/audit.h"
#include "event/event.h"
#include "core/text_check.h"
#include "core/call.h"
#include "core/spi.h"
#include "text/utf8.h"

#define ACTION         "event.report"
#define KEY_CHARACTERS 255

/* One call: who, what, and where it stands. */
typedef struct Call
{
	CallContext context;
	Caller caller;
	char *sender;
	char *action_type;
	text *data; /* NULL when absent */
	bool egova;
	bool dry_run;
	char *key; /* Idempotency-Key, NULL when absent */
	bytea *body_digest;
} Call;

/* Audits and replies. `data` and `detail` may be NULL. */
static Datum
Finish(const Call *call, CbdStatus status, int retry_after, const char *task_num, const char *detail,
	   const char *data)
{
	if (call->sender != NULL)
		detail = psprintf("sender %s%s%s%s", ShortText(call->sender, strlen(call->sender)),
						  call->dry_run ? ", dry run" : "", detail != NULL ? ": " : "",
						  detail != NULL ? detail : "");
	AuditWrite(&call->context, &call->caller, ACTION, task_num, status, detail);
	return ReplyFrame(status, retry_after, NULL, data);
}

/* The outer fields of table A.3. */
static void
CheckOuterFields(const Call *call, EventErrors *errors)
{
	if (call->sender == NULL || TextBlank(call->sender, strlen(call->sender)))
		AddError(errors, false, "/senderCode", CBD_MISSING_PARAMETER, "senderCode is required");
	else if ((int) Utf8Characters(call->sender, strlen(call->sender)) > EVENT_TEXT_CHARACTERS)
		AddError(errors, false, "/senderCode", CBD_INVALID_PARAMETER,
				 "senderCode has more than %d characters", EVENT_TEXT_CHARACTERS);
	if (call->action_type == NULL || TextBlank(call->action_type, strlen(call->action_type)))
		AddError(errors, false, "/actionType", CBD_MISSING_PARAMETER,
				 "actionType is required; its value is UP_REC_REPORT");
	else if (strcmp(call->action_type, "UP_REC_REPORT") != 0)
		AddError(errors, false, "/actionType", CBD_INVALID_ACTION,
				 "actionType must be UP_REC_REPORT, not \"%s\"",
				 ShortText(call->action_type, strlen(call->action_type)));
	if (call->data == NULL)
		AddError(errors, false, "/data", CBD_MISSING_PARAMETER, "data is required");
}

/* Adds `more` behind the errors; what concerns the whole text is at /data here. */
static void
AppendErrors(EventErrors *errors, const EventErrors *more)
{
	for (int i = 0; i < more->count; i++)
	{
		const EventError *error = &more->list[i];

		AddError(errors, error->warning, error->pointer[0] == '\0' ? "/data" : error->pointer, error->status,
				 "%s", error->message);
	}
}

/* The refusal with all errors; `status` is that of the reply. */
static Datum
Refuse(const Call *call, CbdStatus status, const EventErrors *errors)
{
	char *listed = ErrorsJson(errors, false);
	char *warnings = ErrorsJson(errors, true);
	char *data = warnings == NULL ? psprintf("{\"errors\":%s}", listed)
								  : psprintf("{\"errors\":%s,\"warnings\":%s}", listed, warnings);

	return Finish(call, status, 0, NULL, ErrorsSummary(errors), data);
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
AnswerFromKey(const Call *call, Datum *reply)
{
	static SpiQuery query = {
		"SELECT data, body_digest OPERATOR(pg_catalog.=) $3 FROM citybigdata.event_idempotency "
		"WHERE app_id OPERATOR(pg_catalog.=) $1 AND key OPERATOR(pg_catalog.=) $2",
		3,
		{INT4OID, TEXTOID, BYTEAOID},
		NULL,
		true};
	Datum values[3] = {Int32GetDatum(call->caller.app_id), CStringGetTextDatum(call->key),
					   PointerGetDatum(call->body_digest)};
	char *data = NULL;
	bool same = false;
	EventErrors errors = {0};

	LockKey((int64) hash_bytes_extended((const unsigned char *) call->key, (int) strlen(call->key),
										0x6B65790000000000 + (uint64) call->caller.app_id));
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
		*reply = Finish(call, CBD_OK, 0, NULL, "first reply again by Idempotency-Key", data);
	else
	{
		AddError(&errors, false, "/Idempotency-Key", CBD_IDEMPOTENCY_MISMATCH,
				 "the key \"%s\" was used with another body", ShortText(call->key, strlen(call->key)));
		*reply = Refuse(call, CBD_IDEMPOTENCY_MISMATCH, &errors);
	}
	return true;
}

static void
RememberKey(const Call *call, const char *data)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event_idempotency (app_id, key, body_digest, data) VALUES ($1, $2, $3, $4)",
		4,
		{INT4OID, TEXTOID, BYTEAOID, TEXTOID}};
	Datum values[4] = {Int32GetDatum(call->caller.app_id), CStringGetTextDatum(call->key),
					   PointerGetDatum(call->body_digest), CStringGetTextDatum(data)};

	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* ---- the call ---- */

/* Stores a valid report and replies with its numbers. */
static Datum
StoreAndReply(const Call *call, const EventReport *report)
{
	StoredEvent stored;
	char *warnings = ErrorsJson(&report->errors, true);
	char *data;

	LockKey(EventLockKey(call->sender, report->other_task_num));
	SpiBegin();
	StoreEvent(report, call->sender, call->caller.app_id, &stored);
	SpiEnd();
	data = ReplyData(&stored, stored.status == CBD_OK ? warnings : NULL);
	if (call->key != NULL && stored.status == CBD_OK)
		RememberKey(call, data);
	return Finish(call, stored.status, 0, stored.task_num, stored.repeat ? "reported before" : NULL, data);
}

/* Everything after authorisation. */
static Datum
Report(const Call *call)
{
	EventErrors errors = {0};
	EventReport report = {0};
	Datum reply;
	CbdStatus status;

	CheckOuterFields(call, &errors);
	if (call->key != NULL &&
		(call->key[0] == '\0' || (int) Utf8Characters(call->key, strlen(call->key)) > KEY_CHARACTERS))
		AddError(&errors, false, "/Idempotency-Key", CBD_INVALID_HEADER,
				 "Idempotency-Key has 1 to %d characters", KEY_CHARACTERS);
	if (errors.errors == 0 && !SenderBelongsTo(call->sender, call->caller.app_id))
	{
		AddError(&errors, false, "/senderCode", CBD_SENDER_NOT_OWNED,
				 "senderCode \"%s\" does not belong to this application",
				 ShortText(call->sender, strlen(call->sender)));
		return Refuse(call, CBD_SENDER_NOT_OWNED, &errors);
	}
	if (errors.errors == 0 && call->key != NULL && !call->dry_run && AnswerFromKey(call, &reply))
		return reply;
	if (call->data != NULL)
		ValidateEvent(VARDATA_ANY(call->data), VARSIZE_ANY_EXHDR(call->data), call->egova, &report);
	status = errors.errors > 0 ? errors.list[0].status : ReportStatus(&report);
	AppendErrors(&errors, &report.errors);
	if (errors.errors > 0)
		return Refuse(call, status, &errors);
	if (call->dry_run)
	{
		char *warnings = ErrorsJson(&report.errors, true);

		return Finish(call, CBD_OK, 0, NULL, NULL,
					  warnings == NULL ? "{\"dryRun\":true}"
									   : psprintf("{\"dryRun\":true,\"warnings\":%s}", warnings));
	}
	return StoreAndReply(call, &report);
}

/* Arguments 0-7, which both endpoints have. */
static void
ReadCall(FunctionCallInfo fcinfo, Call *call)
{
	memset(call, 0, sizeof(*call));
	ReadCallContext(fcinfo, &call->context);
	call->sender = ArgText(fcinfo, CONTEXT_ARGUMENTS);
	call->action_type = ArgText(fcinfo, CONTEXT_ARGUMENTS + 1);
	call->data = PG_ARGISNULL(CONTEXT_ARGUMENTS + 2) ? NULL : PG_GETARG_TEXT_PP(CONTEXT_ARGUMENTS + 2);
}

PG_FUNCTION_INFO_V1(cbd_rest_event_report);
extern Datum cbd_rest_event_report(PG_FUNCTION_ARGS);

/* rest_event_report(context, sender_code, action_type, data, dry_run, idempotency_key, body_digest) */
Datum
cbd_rest_event_report(PG_FUNCTION_ARGS)
{
	Call call;
	int retry_after = 0;
	CbdStatus status;

	ReadCall(fcinfo, &call);
	call.dry_run = !PG_ARGISNULL(8) && PG_GETARG_BOOL(8);
	/* without the body's digest there is nothing to compare a repeat with */
	if (!PG_ARGISNULL(9) && !PG_ARGISNULL(10))
	{
		call.key = ArgText(fcinfo, 9);
		call.body_digest = PG_GETARG_BYTEA_PP(10);
	}
	status = Authorise(&call.context, "events", &call.caller, &retry_after);
	if (status != CBD_OK)
		return Finish(&call, status, retry_after, NULL, NULL, NULL);
	call.egova = call.caller.egova;
	return Report(&call);
}

PG_FUNCTION_INFO_V1(cbd_rest_event_upstream);
extern Datum cbd_rest_event_upstream(PG_FUNCTION_ARGS);

/* rest_event_upstream(context, sender_code, action_type, data): profile egova; no credential = the sender's
 * IP grant */
Datum
cbd_rest_event_upstream(PG_FUNCTION_ARGS)
{
	Call call;
	int retry_after = 0;
	CbdStatus status;

	ReadCall(fcinfo, &call);
	if (strcmp(call.context.scheme, "none") == 0 && call.context.app_code == NULL && call.sender != NULL)
		status = AuthoriseSenderAddress(&call.context, call.sender, &call.caller, &retry_after);
	else
		status = Authorise(&call.context, "events", &call.caller, &retry_after);
	if (status != CBD_OK)
		return Finish(&call, status, retry_after, NULL, NULL, NULL);
	call.egova = true;
	return Report(&call);
}
