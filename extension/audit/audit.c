/*
 * Audit: one append-only row per call in citybigdata.audit_log, which setup() makes (sql/code/40-audit.sql
 * tells why).
 *
 * Writes, refusals and credential events add their row in their own transaction. A successful read hands its
 * record to the bridge, which appends batches by rest_audit_batch(). The row never holds a secret, code or
 * token.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "core/json_write.h"
#include "core/say.h"
#include "core/spi.h"

/* What a client sent may be megabytes long; the log keeps the beginning. */
#define NAME_BYTES   64
#define OBJECT_BYTES 255
#define DETAIL_BYTES 1000

/* One row; its number and the month's partition are the table's to find. */
static SpiQuery insert_row = {"INSERT INTO citybigdata.audit_log (at, request_id, app_code, user_name, "
							  "authenticated, client_addr, scheme,"
							  " action, object, status_code, detail, session_role) VALUES ($1, $2, $3, $4, "
							  "$5, $6, $7, $8, $9, $10, $11, $12)",
							  12,
							  {TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, BOOLOID, INETOID, TEXTOID, TEXTOID,
							   TEXTOID, INT4OID, TEXTOID, TEXTOID},
							  NULL};

/* The first `limit` bytes of a text, cut between characters. */
static const char *
Clip(const char *text, int limit)
{
	int length;

	if (text == NULL || (length = strlen(text)) <= limit)
		return text;
	return pnstrdup(text, pg_mbcliplen(text, length, limit));
}

/* Raises CBD_NOT_SET_UP before setup() has made the log: nothing may happen unrecorded. */
static void
RequireAuditLog(void)
{
	Oid schema = get_namespace_oid("citybigdata", true);

	if (OidIsValid(schema) && OidIsValid(get_relname_relid("audit_log", schema)))
		return;
	ereport(ERROR, (errcode(StatusSqlstate(CBD_NOT_SET_UP)), saymsg("the platform is not set up"),
					saydetail("The audit log does not exist."),
					errhint("SELECT citybigdata.setup('110000', 'name of the platform', '110000');")));
}

/* Value i of the row: a text, null when NULL. */
static void
SetText(Datum *values, bool *nulls, int i, const char *text)
{
	nulls[i] = text == NULL;
	values[i] = text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

void
AuditWrite(const RestContext *context, const Caller *caller, const char *action, const char *object,
		   CbdStatus status, const char *detail)
{
	Datum values[12];
	bool nulls[12] = {false};
	bool known = caller != NULL && caller->known;
	const char *app_code = caller != NULL ? caller->app_code : NULL;

	if (app_code == NULL && !known && context != NULL)
		app_code = context->app_code; /* as claimed: authenticated is false */
	RequireAuditLog();
	SpiBegin();
	values[0] = TimestampTzGetDatum(GetCurrentTimestamp());
	SetText(values, nulls, 1, context != NULL ? Clip(context->request_id, NAME_BYTES) : NULL);
	SetText(values, nulls, 2, Clip(app_code, NAME_BYTES));
	SetText(values, nulls, 3, caller != NULL ? Clip(caller->user_name, NAME_BYTES) : NULL);
	values[4] = BoolGetDatum(known);
	nulls[5] = context == NULL || !context->has_client_addr;
	values[5] = nulls[5] ? (Datum) 0 : context->client_addr;
	SetText(values, nulls, 6,
			context == NULL || context->request_id == NULL ? "sql" : SchemeName(context->scheme));
	SetText(values, nulls, 7, action);
	SetText(values, nulls, 8, Clip(object, OBJECT_BYTES));
	values[9] = Int32GetDatum((int32) status);
	SetText(values, nulls, 10, Clip(detail, DETAIL_BYTES));
	SetText(values, nulls, 11, GetUserNameFromId(GetSessionUserId(), true));
	SpiRun(&insert_row, values, nulls, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* `at` is microseconds since 1970: exact, and the same under every DateStyle. */
char *
AuditRecord(const RestContext *context, const Caller *caller, const char *action, const char *object)
{
	StringInfoData out;
	int64 micros = GetCurrentTimestamp() + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"at\":");
	JsonInt(&out, micros);
	JsonField(&out, "request_id", Clip(context->request_id, NAME_BYTES));
	if (caller != NULL && caller->known)
	{
		if (caller->app_code != NULL)
			JsonField(&out, "app_code", caller->app_code);
		JsonField(&out, "user_name", caller->user_name);
		appendStringInfoString(&out, ",\"authenticated\":true");
	}
	if (context->has_client_addr)
		JsonField(&out, "client_addr", DatumGetCString(DirectFunctionCall1(inet_out, context->client_addr)));
	JsonField(&out, "scheme", SchemeName(context->scheme));
	JsonField(&out, "action", action);
	if (object != NULL)
		JsonField(&out, "object", Clip(object, OBJECT_BYTES));
	appendStringInfoChar(&out, '}');
	return out.data;
}
