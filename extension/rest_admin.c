/*
 * Endpoints of administration: /admin/accounts/{id}/suspend, resume, reset-password, unlock; /admin/applications/{appCode}/suspend, resume,
 * revoke, rotate, limit; GET /admin/audit (clauses 5.2-a, 6.3). Which role may what: docs/access.md.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "account.h"
#include "digest.h"
#include "interval.h"
#include "password.h"
#include "reply.h"
#include "spi.h"

#define AUDIT_PAGE 100
#define AUDIT_PAGE_MAX 1000

/* A change of state by one conditional UPDATE: $1 account number or appCode, $2 who decides, $3 reason. */
typedef struct Change
{
	const char *action;
	int			roles;
	const char *state;			/* the new one */
	SpiQuery   *change;
} Change;

#define ACCOUNT_CHANGE(from, to) \
	"UPDATE citybigdata.account SET state = '" to "', reviewed_at = clock_timestamp(), reviewed_by = $2, review_note = $3" \
	" WHERE account_id = $1 AND state = '" from "'"

static SpiQuery suspend_account = {ACCOUNT_CHANGE("active", "suspended"), 3, {INT8OID, TEXTOID, TEXTOID}, NULL, true};
static SpiQuery resume_account = {ACCOUNT_CHANGE("suspended", "active"), 3, {INT8OID, TEXTOID, TEXTOID}, NULL, true};
static SpiQuery find_account = {
	"SELECT user_name, admin_role IS NOT NULL FROM citybigdata.account WHERE account_id = $1", 1, {INT8OID}, NULL, true};

/* $2 and $3 go into the audit row, which the reply writes */
static SpiQuery suspend_application = {
	"UPDATE citybigdata.application SET state = 'suspended' WHERE app_code = $1 AND state = 'active'", 1, {TEXTOID}, NULL, true};
static SpiQuery resume_application = {
	"UPDATE citybigdata.application SET state = 'active' WHERE app_code = $1 AND state = 'suspended'", 1, {TEXTOID}, NULL, true};
static SpiQuery revoke_application = {
	"UPDATE citybigdata.application SET state = 'revoked', key_digest = NULL, signing_secret = NULL, previous_key_digest = NULL,"
	" previous_signing_secret = NULL, previous_valid_until = NULL, rotation_overlap = NULL WHERE app_code = $1 AND state <> 'revoked'",
	1, {TEXTOID}, NULL, true};
static SpiQuery find_application = {
	"SELECT 1 FROM citybigdata.application WHERE app_code = $1", 1, {TEXTOID}, NULL, true};

static SpiQuery unlock = {
	"DELETE FROM citybigdata.lockout WHERE kind = 'account' AND subject IN ($1, 'totp:' || $1)", 1, {TEXTOID}, NULL, true};

/* $1 appCode, $2 resource, $3 per second, $4 burst, $5 quota */
static SpiQuery set_limit = {
	"UPDATE citybigdata.app_grant g SET rate_per_second = $3, rate_burst = $4, daily_quota = $5 FROM citybigdata.application a"
	" WHERE a.app_code = $1 AND g.app_id = a.app_id AND g.resource = $2",
	5, {TEXTOID, TEXTOID, FLOAT8OID, INT4OID, INT4OID}, NULL, true};

/* $1 since, $2 until, $3 action (LIKE pattern), $4 after this row, $5 rows */
static SpiQuery audit_page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object('auditId', p.audit_id,"
	" 'at', to_char(p.at AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS'),"
	" 'requestId', p.request_id, 'appCode', p.app_code, 'userName', p.user_name, 'authenticated', p.authenticated,"
	" 'clientAddr', host(p.client_addr), 'scheme', p.scheme, 'action', p.action, 'object', p.object, 'statusCode', p.status_code,"
	" 'detail', p.detail, 'sessionRole', p.session_role) ORDER BY p.audit_id), '[]'::json),"
	" 'nextCursor', CASE WHEN count(*) = $5 THEN max(p.audit_id)::text END)::text"
	" FROM (SELECT l.* FROM citybigdata.audit_log l WHERE l.at >= $1 AND l.at < $2 AND l.action LIKE $3 AND l.audit_id > $4"
	"  ORDER BY l.audit_id LIMIT $5) p",
	5, {TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, INT8OID, INT4OID}, NULL};

static Datum
TextOrNull(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

/* The optional reason: at most 500 characters. */
static const char *
CheckReason(Call *call, const char *reason)
{
	static const TextRule rule = {"/reason", 1, 500, false, false};

	return CheckText(&call->faults, &rule, reason);
}

/* {accountId, state}. 40405; 40900: not in the state that it is changed from. */
static Datum
ChangeAccount(FunctionCallInfo fcinfo, const Change *change, bool with_reason)
{
	Call		call;
	char	   *id = ArgText(fcinfo, 5);
	Datum		values[3] = {Int64GetDatum(PathNumber(id))};
	bool		nulls[3] = {false, false, true};
	CbdStatus	status;

	CallBegin(fcinfo, &call, change->action);
	call.object = id;
	status = AuthoriseAdministrator(&call, change->roles);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	values[1] = CStringGetTextDatum(ReviewerName(&call.caller));
	if (with_reason)
		call.detail = CheckReason(&call, ArgText(fcinfo, 6));
	if (call.faults.count > 0)
		return AnswerFaults(&call);
	values[2] = TextOrNull(call.detail, &nulls[2]);
	SpiBegin();
	if (SpiRun(change->change, values, nulls, SPI_OK_UPDATE, 0) == 0)
		status = SpiRun(&find_account, values, NULL, SPI_OK_SELECT, 1) == 1 ? CBD_CONFLICT : CBD_NO_SUCH_ACCOUNT;
	SpiEnd();
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	return Answer(&call, CBD_OK, psprintf("{\"accountId\":%s,\"state\":\"%s\"}", id, change->state));
}

/* rest_account_suspend(..., id, reason), rest_account_resume(..., id) */
PG_FUNCTION_INFO_V1(cbd_rest_account_suspend);
Datum
cbd_rest_account_suspend(PG_FUNCTION_ARGS)
{
	static const Change change = {"account.suspend", ADMIN_SYSTEM | ADMIN_SECURITY, "suspended", &suspend_account};

	return ChangeAccount(fcinfo, &change, true);
}

PG_FUNCTION_INFO_V1(cbd_rest_account_resume);
Datum
cbd_rest_account_resume(PG_FUNCTION_ARGS)
{
	static const Change change = {"account.resume", ADMIN_SECURITY, "active", &resume_account};

	return ChangeAccount(fcinfo, &change, false);
}

/* The account of a path, after the role was judged. CBD_OK, CBD_NO_SUCH_ACCOUNT, or that of AuthoriseAdministrator(). */
static CbdStatus
FindPathAccount(Call *call, int roles, const char *id, char **user_name, bool *administrator)
{
	Datum		number = Int64GetDatum(PathNumber(id));
	CbdStatus	status = AuthoriseAdministrator(call, roles);

	call->object = id;
	if (status != CBD_OK)
		return status;
	SpiBegin();
	if (SpiRun(&find_account, &number, NULL, SPI_OK_SELECT, 1) == 1)
	{
		*user_name = SpiText(0, 1);
		*administrator = SpiBool(0, 2);
	}
	else
		status = CBD_NO_SUCH_ACCOUNT;
	SpiEnd();
	return status;
}

/*
 * rest_account_reset_password(..., id): {accountId, password}, shown this once. Not that of an administrator: who could set it could act
 * as him.
 */
PG_FUNCTION_INFO_V1(cbd_rest_account_reset_password);
Datum
cbd_rest_account_reset_password(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *id = ArgText(fcinfo, 5);
	char	   *user_name = NULL;
	char	   *initial = NULL;
	bool		administrator = false;
	char	   *data;
	Datum		reply;
	CbdStatus	status;

	CallBegin(fcinfo, &call, "account.reset-password");
	status = FindPathAccount(&call, ADMIN_SYSTEM, id, &user_name, &administrator);
	if (status == CBD_OK && administrator)
		status = CBD_FORBIDDEN;
	if (status == CBD_OK)
		status = ResetPassword(PathNumber(id), &initial);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	data = psprintf("{\"accountId\":%s,\"password\":\"%s\"}", id, initial);
	ForgetText(initial);
	reply = Answer(&call, CBD_OK, data);
	ForgetText(data);
	return reply;
}

/* rest_account_unlock(..., id): {accountId, unlocked} */
PG_FUNCTION_INFO_V1(cbd_rest_account_unlock);
Datum
cbd_rest_account_unlock(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *id = ArgText(fcinfo, 5);
	char	   *user_name = NULL;
	bool		administrator = false;
	Datum		subject;
	bool		unlocked;
	CbdStatus	status;

	CallBegin(fcinfo, &call, "account.unlock");
	status = FindPathAccount(&call, ADMIN_SYSTEM | ADMIN_SECURITY, id, &user_name, &administrator);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	subject = CStringGetTextDatum(FoldAscii(user_name));
	SpiBegin();
	unlocked = SpiRun(&unlock, &subject, NULL, SPI_OK_DELETE, 0) > 0;
	SpiEnd();
	return Answer(&call, CBD_OK, psprintf("{\"accountId\":%s,\"unlocked\":%s}", id, unlocked ? "true" : "false"));
}

/* {"appCode": …, "state": …} */
static char *
ApplicationData(const char *app_code, const char *state)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "appCode", app_code);
	JsonField(&data, "state", state);
	appendStringInfoChar(&data, '}');
	return data.data;
}

/* {appCode, state}. 40400; 40900: not in the state that it is changed from. */
static Datum
ChangeApplication(FunctionCallInfo fcinfo, const Change *change, bool with_reason)
{
	Call		call;
	char	   *app_code = ArgText(fcinfo, 5);
	Datum		value;
	CbdStatus	status;

	CallBegin(fcinfo, &call, change->action);
	call.object = app_code;
	status = AuthoriseAdministrator(&call, change->roles);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	if (with_reason)
		call.detail = CheckReason(&call, ArgText(fcinfo, 6));
	if (call.faults.count > 0)
		return AnswerFaults(&call);
	value = CStringGetTextDatum(app_code == NULL ? "" : app_code);
	SpiBegin();
	if (SpiRun(change->change, &value, NULL, SPI_OK_UPDATE, 0) == 0)
		status = SpiRun(&find_application, &value, NULL, SPI_OK_SELECT, 1) == 1 ? CBD_CONFLICT : CBD_NOT_FOUND;
	SpiEnd();
	return Answer(&call, status, status == CBD_OK ? ApplicationData(app_code, change->state) : NULL);
}

/* rest_application_suspend(..., application, reason), _resume(..., application), _revoke(..., application, reason) */
PG_FUNCTION_INFO_V1(cbd_rest_application_suspend);
Datum
cbd_rest_application_suspend(PG_FUNCTION_ARGS)
{
	static const Change change = {"access.suspend", ADMIN_SYSTEM | ADMIN_SECURITY, "suspended", &suspend_application};

	return ChangeApplication(fcinfo, &change, true);
}

PG_FUNCTION_INFO_V1(cbd_rest_application_resume);
Datum
cbd_rest_application_resume(PG_FUNCTION_ARGS)
{
	static const Change change = {"access.resume", ADMIN_SECURITY, "active", &resume_application};

	return ChangeApplication(fcinfo, &change, false);
}

PG_FUNCTION_INFO_V1(cbd_rest_application_revoke);
Datum
cbd_rest_application_revoke(PG_FUNCTION_ARGS)
{
	static const Change change = {"access.close", ADMIN_SECURITY, "revoked", &revoke_application};

	return ChangeApplication(fcinfo, &change, true);
}

/* A number of a field within bounds; false when it is absent or faulty. */
static bool
CheckNumber(Call *call, const char *pointer, const char *text, double low, double high, bool whole, double *number)
{
	char	   *end;

	*number = 0;
	if (text == NULL || text[0] == '\0')
		return false;
	*number = strtod(text, &end);
	if (strlen(text) <= 20 && strspn(text, "0123456789.") == strlen(text) && *end == '\0' && *number >= low && *number <= high &&
		(!whole || *number == floor(*number)))
		return true;
	FaultAdd(&call->faults, pointer, CBD_FIELD_OUT_OF_RANGE, psprintf("%g to %.0f%s", low, high, whole ? ", a whole number" : ""));
	return false;
}

/*
 * rest_application_rotate(..., application, overlap): overlap in seconds, a week unless said otherwise. {appCode, state: "waiting"}: the owner
 * collects the new credentials by GET /access-requests/{id}; until then, and for overlap after it, the old ones go on. No administrator
 * sees them.
 */
PG_FUNCTION_INFO_V1(cbd_rest_application_rotate);
Datum
cbd_rest_application_rotate(PG_FUNCTION_ARGS)
{
	Call		call;
	char	   *app_code = ArgText(fcinfo, 5);
	Interval	overlap = {0};
	double		seconds;
	int32		app_id;
	CbdStatus	status;

	CallBegin(fcinfo, &call, "access.rotate");
	call.object = app_code;
	status = AuthoriseAdministrator(&call, ADMIN_SYSTEM | ADMIN_SECURITY);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	if (!CheckNumber(&call, "/overlap", ArgText(fcinfo, 6), 0, OVERLAP_DAYS_MAX * (double) SECS_PER_DAY, true, &seconds))
		seconds = 7 * SECS_PER_DAY;
	if (call.faults.count > 0)
		return AnswerFaults(&call);
	overlap.time = (TimeOffset) seconds * USECS_PER_SEC;
	call.detail = psprintf("overlap %.0f s", seconds);
	if (app_code == NULL || !BeginRotation(app_code, IntervalPGetDatum(&overlap), &app_id))
		return Answer(&call, CBD_NOT_FOUND, NULL);
	return Answer(&call, CBD_OK, ApplicationData(app_code, "waiting"));
}

/* rest_application_limit(..., application, resource, per_second, burst, daily_quota): null; absent or empty: no such limit. 40400 no such grant */
PG_FUNCTION_INFO_V1(cbd_rest_application_limit);
Datum
cbd_rest_application_limit(PG_FUNCTION_ARGS)
{
	static const TextRule resource_rule = {"/resource", 1, 64, true, true};
	Call		call;
	char	   *app_code = ArgText(fcinfo, 5);
	char	   *resource = ArgText(fcinfo, 6);
	double		rate, burst, quota;
	Datum		values[5];
	bool		nulls[5] = {false};
	CbdStatus	status;

	CallBegin(fcinfo, &call, "access.limit");
	call.object = app_code;
	status = AuthoriseAdministrator(&call, ADMIN_SYSTEM | ADMIN_SECURITY);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	CheckText(&call.faults, &resource_rule, resource);
	nulls[2] = !CheckNumber(&call, "/perSecond", ArgText(fcinfo, 7), 0.001, 1000000, false, &rate);
	nulls[3] = nulls[2];
	if (!CheckNumber(&call, "/burst", ArgText(fcinfo, 8), 1, 1000000, true, &burst))
		burst = Max(ceil(rate), 1);
	nulls[4] = !CheckNumber(&call, "/dailyQuota", ArgText(fcinfo, 9), 1, PG_INT32_MAX, true, &quota);
	if (call.faults.count > 0)
		return AnswerFaults(&call);
	values[0] = CStringGetTextDatum(app_code == NULL ? "" : app_code);
	values[1] = CStringGetTextDatum(resource);
	values[2] = Float8GetDatum(rate);
	values[3] = Int32GetDatum((int32) burst);
	values[4] = Int32GetDatum((int32) quota);
	SpiBegin();
	if (SpiRun(&set_limit, values, nulls, SPI_OK_UPDATE, 0) == 0)
		status = CBD_NOT_FOUND;
	SpiEnd();
	call.detail = psprintf("%s: %g per second, burst %.0f, %.0f per day (0: no limit)", resource, rate, nulls[3] ? 0 : burst, quota);
	return Answer(&call, status, NULL);
}

/* A time of the query; absent: the one given. */
static TimestampTz
CheckTime(Call *call, const char *pointer, const char *text, TimestampTz absent)
{
	TimePointText point;
	ParseFault	fault = {0};
	TimestampTz time;

	if (text == NULL || text[0] == '\0')
		return absent;
	if (time_point_parse(text, strlen(text), &point, &fault) && TimePointValue(&point, &time, &fault))
		return time;
	FaultAdd(&call->faults, pointer, CBD_FIELD_TIME, fault.message);
	return absent;
}

/*
 * rest_admin_audit(..., since, until, action, cursor, page_size): {items: [...], nextCursor}, oldest first; [since, until), the last day unless
 * said otherwise; action: a LIKE pattern. For auditors. The reading is audited itself.
 */
PG_FUNCTION_INFO_V1(cbd_rest_admin_audit);
Datum
cbd_rest_admin_audit(PG_FUNCTION_ARGS)
{
	static const TextRule action_rule = {"/action", 1, 64, false, true};
	Call		call;
	char	   *action = ArgText(fcinfo, 7);
	char	   *cursor = ArgText(fcinfo, 8);
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz since, until;
	double		size;
	Datum		values[5];
	char	   *data;
	CbdStatus	status;

	CallBegin(fcinfo, &call, "audit.read");
	status = AuthoriseAdministrator(&call, ADMIN_AUDITOR);
	if (status != CBD_OK)
		return Answer(&call, status, NULL);
	until = CheckTime(&call, "/until", ArgText(fcinfo, 6), now);
	since = CheckTime(&call, "/since", ArgText(fcinfo, 5), until - USECS_PER_DAY);
	CheckText(&call.faults, &action_rule, action);
	if (cursor != NULL && cursor[0] != '\0' && PathNumber(cursor) == 0)
		FaultAdd(&call.faults, "/cursor", CBD_FIELD_OUT_OF_RANGE, "nextCursor of the page before");
	if (!CheckNumber(&call, "/pageSize", ArgText(fcinfo, 9), 1, AUDIT_PAGE_MAX, true, &size))
		size = AUDIT_PAGE;
	if (call.faults.count > 0)
		return AnswerFaults(&call);
	values[0] = TimestampTzGetDatum(since);
	values[1] = TimestampTzGetDatum(until);
	values[2] = CStringGetTextDatum(action == NULL || action[0] == '\0' ? "%" : action);
	values[3] = Int64GetDatum(PathNumber(cursor));
	values[4] = Int32GetDatum((int32) size);
	SpiBegin();
	SpiRun(&audit_page, values, NULL, SPI_OK_SELECT, 1);
	data = SpiText(0, 1);
	SpiEnd();
	/* one buffer for both */
	call.detail = pstrdup(timestamptz_to_str(since));
	call.detail = psprintf("%s to %s, %s", call.detail, timestamptz_to_str(until), TextDatumGetCString(values[2]));
	return Answer(&call, CBD_OK, data);
}
