/*
 * Endpoints of administration over applications and grants: /admin/applications/{appCode}/suspend, resume,
 * revoke, expire, rotate, limit, …/grants, and …/grants/{resource}/suspend, resume, revoke, expire
 * (clauses 5.2-a, 5.5). Which role may what: docs/access.md. Nobody does any of this to an application of the
 * own account.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/admin.h"
#include "access/access_request.h"
#include "access/proposal.h"

/* A change by one conditional UPDATE: $1 appCode, $2 resource (of a grant), $3 end. It changes no row: 40900.
 */
typedef struct Change
{
	int roles;
	const char *state; /* the new one, NULL: unchanged */
	bool grant;        /* of a grant, not of the application */
	SpiQuery *change;
} Change;

/* Changes of a grant: $1 appCode, $2 resource, $3 end or null. */
#define CHANGE_ARGS 3, {TEXTOID, TEXTOID, TIMESTAMPTZOID}, NULL, true
#define GRANT_CHANGE(set)                                                                                    \
	"UPDATE citybigdata.app_grant g SET " set " FROM citybigdata.application a"                              \
	" WHERE a.app_code = $1 AND g.app_id = a.app_id AND g.resource = $2"

/* active -> suspended */
static SpiQuery suspend_application = {
	"UPDATE citybigdata.application SET state = 'suspended' WHERE app_code = $1 AND state = 'active'",
	CHANGE_ARGS};
/* suspended -> active */
static SpiQuery resume_application = {
	"UPDATE citybigdata.application SET state = 'active' WHERE app_code = $1 AND state = 'suspended'",
	CHANGE_ARGS};
/* -> revoked, its credentials deleted */
static SpiQuery revoke_application = {"UPDATE citybigdata.application SET state = 'revoked', key_digest = "
									  "NULL, signing_secret = NULL, previous_key_digest = NULL,"
									  " previous_signing_secret = NULL, previous_valid_until = NULL, "
									  "rotation_overlap = NULL WHERE app_code = $1 AND state <> 'revoked'",
									  CHANGE_ARGS};
/* its end, NULL: none */
static SpiQuery expire_application = {
	"UPDATE citybigdata.application SET valid_until = $3 WHERE app_code = $1 AND state <> 'revoked'",
	CHANGE_ARGS};
/* active -> suspended */
static SpiQuery suspend_grant = {GRANT_CHANGE("state = 'suspended'") " AND g.state = 'active'", CHANGE_ARGS};
/* suspended -> active */
static SpiQuery resume_grant = {GRANT_CHANGE("state = 'active'") " AND g.state = 'suspended'", CHANGE_ARGS};
/* -> revoked */
static SpiQuery revoke_grant = {
	GRANT_CHANGE("state = 'revoked', revoked_at = clock_timestamp()") " AND g.state <> 'revoked'",
	CHANGE_ARGS};
/* its end, NULL: none */
static SpiQuery expire_grant = {GRANT_CHANGE("valid_until = $3") " AND g.state <> 'revoked'", CHANGE_ARGS};

/* $1 appCode, $2 resource */
static SpiQuery find_grant = {
	"SELECT g.state FROM citybigdata.application a JOIN citybigdata.app_grant g ON g.app_id = a.app_id"
	" WHERE a.app_code = $1 AND g.resource = $2",
	2,
	{TEXTOID, TEXTOID},
	NULL,
	true};

/* $1 appCode, $2 resource, $3 per second, $4 burst, $5 quota */
static SpiQuery set_limit = {"UPDATE citybigdata.app_grant g SET rate_per_second = $3, rate_burst = $4, "
							 "daily_quota = $5 FROM citybigdata.application a"
							 " WHERE a.app_code = $1 AND g.app_id = a.app_id AND g.resource = $2",
							 5,
							 {TEXTOID, TEXTOID, FLOAT8OID, INT4OID, INT4OID},
							 NULL,
							 true};

/* {"appCode": …, "resource": …, "state": …}; resource and state may be NULL: left out. */
static char *
ApplicationData(const char *app_code, const char *resource, const char *state)
{
	StringInfoData data;

	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "appCode", app_code);
	if (resource != NULL)
		JsonField(&data, "resource", resource);
	if (state != NULL)
		JsonField(&data, "state", state);
	appendStringInfoChar(&data, '}');
	return data.data;
}

/* The application of a path may be changed by the caller: CBD_OK, CBD_NOT_FOUND, CBD_OWN_ACCOUNT, or that of
 * AuthoriseAdministrator(). */
static CbdStatus
AuthoriseOverApplication(Call *call, int roles, const char *app_code)
{
	CbdStatus status = AuthoriseAdministrator(call, roles);
	int64 owner;

	call->object = app_code;
	if (status != CBD_OK)
		return status;
	owner = ApplicationOwner(app_code);
	return owner == 0 ? CBD_NOT_FOUND : NotOwn(call, owner);
}

/*
 * {appCode, state}, of a grant {appCode, resource, state}. 40400; 40309; 40900: not in the state that it is
 * changed from. Arguments: application, of a grant the resource, then for `expire` the end, else an optional
 * reason when `with_reason`.
 */
static Datum
ChangeApplication(Call *call, const Change *change, bool with_reason)
{
	ARGUMENTS(ARG_APPLICATION, ARG_RESOURCE);
	char *app_code = CallText(call, ARG_APPLICATION);
	char *resource = change->grant ? CallText(call, ARG_RESOURCE) : NULL;
	int argument = change->grant ? ARG_RESOURCE + 1 : ARG_APPLICATION + 1;
	Datum values[3] = {0};
	bool nulls[3] = {false, false, false};
	CbdStatus status;

	status = AuthoriseOverApplication(call, change->roles, app_code);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (change->state == NULL)
		values[2] = TimestampTzGetDatum(CheckEnd(call, CallText(call, argument), &nulls[2]));
	else if (with_reason)
		call->detail = CheckReason(call, CallText(call, argument));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	if (resource != NULL)
		call->detail = call->detail == NULL ? resource : psprintf("%s: %s", resource, call->detail);
	values[0] = CStringGetTextDatum(app_code);
	values[1] = TextOrNull(resource, &nulls[1]);
	SpiBegin();
	if (SpiRun(change->change, values, nulls, SPI_OK_UPDATE, 0) == 0)
		status = !change->grant || SpiRun(&find_grant, values, nulls, SPI_OK_SELECT, 1) == 1 ? CBD_CONFLICT
																							 : CBD_NOT_FOUND;
	SpiEnd();
	return Answer(call, status, status == CBD_OK ? ApplicationData(app_code, resource, change->state) : NULL);
}

/* rest_application_suspend(..., application, reason), _resume(..., application), _revoke(..., application,
 * reason), _expire(..., application, valid_until) */
static Datum
ApplicationSuspend(Call *call)
{
	static const Change change = {ADMIN_SYSTEM | ADMIN_SECURITY, "suspended", false, &suspend_application};

	return ChangeApplication(call, &change, true);
}

ENDPOINT(cbd_rest_application_suspend, "access.suspend", ApplicationSuspend);

/* See ApplicationSuspend(). */
static Datum
ApplicationResume(Call *call)
{
	static const Change change = {ADMIN_SECURITY, "active", false, &resume_application};

	return ChangeApplication(call, &change, false);
}

ENDPOINT(cbd_rest_application_resume, "access.resume", ApplicationResume);

/* See ApplicationSuspend(). For good: key and signing secret are deleted. */
static Datum
ApplicationRevoke(Call *call)
{
	static const Change change = {ADMIN_SECURITY, "revoked", false, &revoke_application};

	return ChangeApplication(call, &change, true);
}

ENDPOINT(cbd_rest_application_revoke, "access.close", ApplicationRevoke);

/* See ApplicationSuspend(). */
static Datum
ApplicationExpire(Call *call)
{
	static const Change change = {ADMIN_SECURITY, NULL, false, &expire_application};

	return ChangeApplication(call, &change, false);
}

ENDPOINT(cbd_rest_application_expire, "access.expire", ApplicationExpire);

/* rest_grant_suspend(..., application, resource, reason), _resume(..., application, resource), _revoke(...,
 * reason), _expire(..., valid_until) */
static Datum
GrantSuspend(Call *call)
{
	static const Change change = {ADMIN_SYSTEM | ADMIN_SECURITY, "suspended", true, &suspend_grant};

	return ChangeApplication(call, &change, true);
}

ENDPOINT(cbd_rest_grant_suspend, "access.suspend-grant", GrantSuspend);

/* See GrantSuspend(). */
static Datum
GrantResume(Call *call)
{
	static const Change change = {ADMIN_SECURITY, "active", true, &resume_grant};

	return ChangeApplication(call, &change, false);
}

ENDPOINT(cbd_rest_grant_resume, "access.resume-grant", GrantResume);

/* See GrantSuspend(). */
static Datum
GrantRevoke(Call *call)
{
	static const Change change = {ADMIN_SECURITY, "revoked", true, &revoke_grant};

	return ChangeApplication(call, &change, true);
}

ENDPOINT(cbd_rest_grant_revoke, "access.revoke", GrantRevoke);

/* See GrantSuspend(). */
static Datum
GrantExpire(Call *call)
{
	static const Change change = {ADMIN_SECURITY, NULL, true, &expire_grant};

	return ChangeApplication(call, &change, false);
}

ENDPOINT(cbd_rest_grant_expire, "access.expire-grant", GrantExpire);

/*
 * rest_grant_add(..., application, resource, level, valid_until): one more resource for an application that
 * is there, or the level and the end of a grant changed; level 1 and no end unless said otherwise. {appCode,
 * resource, state}. 40400; 40309; 40900 the application is revoked; 42200 with the errors, 40407 among them.
 */
static Datum
GrantAdd(Call *call)
{
	ARGUMENTS(ARG_APPLICATION, ARG_RESOURCE, ARG_LEVEL, ARG_VALID_UNTIL);
	static const TextRule resource_rule = {"/resource", 1, 64, true, true};
	char *app_code = CallText(call, ARG_APPLICATION);
	char *resource = CallText(call, ARG_RESOURCE);
	char *until = CallText(call, ARG_VALID_UNTIL);
	double level;
	bool endless = true;
	TimestampTz end = 0;
	CbdStatus status;

	status = AuthoriseOverApplication(call, ADMIN_SECURITY, app_code);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	CheckText(&call->errors, &resource_rule, resource);
	if (!CheckNumber(call, "/level", CallText(call, ARG_LEVEL), 1, 4, true, &level))
		level = 1;
	if (until != NULL && *until != '\0')
		end = CheckEnd(call, until, &endless);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->detail = psprintf("%s, level %.0f", resource, level);
	if (NeedsSecondPerson(&call->caller, ApplicationOwner(app_code), (int) level))
	{
		Proposal proposal = {.action = "grant",
							 .account_id = ApplicationOwner(app_code),
							 .app_code = app_code,
							 .resource = resource,
							 .level = (int) level,
							 .has_end = until != NULL && *until != '\0' && !endless,
							 .valid_until = end};

		return AnswerProposed(call, &proposal, ApplicationData(app_code, resource, NULL));
	}
	status = GrantResource(app_code, resource, (int) level, until != NULL && *until != '\0' && !endless, end,
						   call->caller.user_name);
	if (status == CBD_NO_SUCH_RESOURCE)
	{
		ErrorAdd(&call->errors, "/resource", CBD_NO_SUCH_RESOURCE, NULL);
		return AnswerErrors(call);
	}
	return Answer(call, status, status == CBD_OK ? ApplicationData(app_code, resource, "active") : NULL);
}

ENDPOINT(cbd_rest_grant_add, "access.grant", GrantAdd);

/*
 * rest_application_rotate(..., application, overlap): overlap in seconds, a week unless said otherwise.
 * {appCode, state: "waiting"}: the owner collects the new credentials by GET /access-requests/{id}; until
 * then, and for overlap after it, the old ones go on. No administrator sees them.
 */
static Datum
ApplicationRotate(Call *call)
{
	ARGUMENTS(ARG_APPLICATION, ARG_OVERLAP);
	char *app_code = CallText(call, ARG_APPLICATION);
	Interval overlap = {0};
	double seconds;
	int32 app_id;
	CbdStatus status;

	status = AuthoriseOverApplication(call, ADMIN_SYSTEM | ADMIN_SECURITY, app_code);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	if (!CheckNumber(call, "/overlap", CallText(call, ARG_OVERLAP), 0,
					 OVERLAP_DAYS_MAX * (double) SECS_PER_DAY, true, &seconds))
		seconds = 7 * SECS_PER_DAY;
	if (call->errors.count > 0)
		return AnswerErrors(call);
	overlap.time = (TimeOffset) seconds * USECS_PER_SEC;
	call->detail = psprintf("overlap %.0f s", seconds);
	if (!BeginRotation(app_code, IntervalPGetDatum(&overlap), &app_id))
		return Answer(call, CBD_NOT_FOUND, NULL);
	return Answer(call, CBD_OK, ApplicationData(app_code, NULL, "waiting"));
}

ENDPOINT(cbd_rest_application_rotate, "access.rotate", ApplicationRotate);

/* rest_application_limit(..., application, resource, per_second, burst, daily_quota): null; absent or empty:
 * no such limit. 40400 no such grant */
static Datum
ApplicationLimit(Call *call)
{
	ARGUMENTS(ARG_APPLICATION, ARG_RESOURCE, ARG_PER_SECOND, ARG_BURST, ARG_DAILY_QUOTA);
	static const TextRule resource_rule = {"/resource", 1, 64, true, true};
	char *app_code = CallText(call, ARG_APPLICATION);
	char *resource = CallText(call, ARG_RESOURCE);
	double rate, burst, quota;
	Datum values[5];
	bool nulls[5] = {false};
	CbdStatus status;

	status = AuthoriseOverApplication(call, ADMIN_SYSTEM | ADMIN_SECURITY, app_code);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	CheckText(&call->errors, &resource_rule, resource);
	nulls[2] = !CheckNumber(call, "/perSecond", CallText(call, ARG_PER_SECOND), 0.001, 1000000, false, &rate);
	nulls[3] = nulls[2];
	if (!CheckNumber(call, "/burst", CallText(call, ARG_BURST), 1, 1000000, true, &burst))
		burst = Max(ceil(rate), 1);
	nulls[4] =
		!CheckNumber(call, "/dailyQuota", CallText(call, ARG_DAILY_QUOTA), 1, PG_INT32_MAX, true, &quota);
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = CStringGetTextDatum(app_code);
	values[1] = CStringGetTextDatum(resource);
	values[2] = Float8GetDatum(rate);
	values[3] = Int32GetDatum((int32) burst);
	values[4] = Int32GetDatum((int32) quota);
	SpiBegin();
	if (SpiRun(&set_limit, values, nulls, SPI_OK_UPDATE, 0) == 0)
		status = CBD_NOT_FOUND;
	SpiEnd();
	call->detail = psprintf("%s: %g per second, burst %.0f, %.0f per day (0: no limit)", resource, rate,
							nulls[3] ? 0 : burst, quota);
	return Answer(call, status, NULL);
}

ENDPOINT(cbd_rest_application_limit, "access.limit", ApplicationLimit);
