/*
 * What administrators look through, page by page: GET /admin/accounts, /admin/access-requests,
 * /admin/applications, /admin/proposals, /admin/lockouts, /admin/audit; and POST /admin/lockouts/unlock.
 * Every reading is audited with its filters. Which role may what: docs/access.md.
 *
 * A page is one statement that makes its JSON: {items, nextCursor}. A cursor is the number of the last row,
 * so that pages stay right while rows come and go.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/account.h"
#include "access/lockout.h"
#include "admin/admin_page.h"

/* clang-format off */
/* $1 state, $2 user name, $3 role (none: no administrator); each null: any; $4 after this number, $5 rows */
static SpiQuery accounts_page = {
	PAGE_OF("'accountId', p.account_id, 'userName', p.user_name, 'organization', p.organization,"
		 " 'contactName', p.contact_name, 'mobile', p.mobile, 'state', p.state, 'role', p.admin_role,"
		 " 'secondFactor',"
		 " EXISTS (SELECT FROM citybigdata.account_totp t WHERE t.account_id = p.account_id),"
		 " 'validUntil', " SHOWN_TIME("p.valid_until")
		 ", 'passwordChangedAt', " SHOWN_TIME("p.password_changed_at")
		 ", 'passwordTemporary', p.password_temporary, 'createdAt', " SHOWN_TIME("p.created_at")
		 ", 'reviewedAt', " SHOWN_TIME("p.reviewed_at")
		 ", 'reviewedBy', p.reviewed_by, 'reason', p.review_note",
		 "account_id", "5")
	"(SELECT a.* FROM citybigdata.account a WHERE ($1 IS NULL OR a.state = $1)"
	"  AND ($2 IS NULL OR lower(a.user_name COLLATE \"C\") = $2)"
	"  AND ($3 IS NULL OR coalesce(a.admin_role, 'none') = $3)"
	"  AND a.account_id > $4 ORDER BY a.account_id LIMIT $5) p",
	5, {TEXTOID, TEXTOID, TEXTOID, INT8OID, INT4OID}, NULL};

/* $1 state, $2 account, each null: any; $3 after this number, $4 rows */
static SpiQuery requests_page = {
	PAGE_OF("'accessRequestId', p.access_request_id, 'accountId', p.account_id, 'userName', p.user_name,"
		 " 'organization', p.organization, 'resources', p.resources, 'purpose', p.purpose,"
		 " 'methods', p.methods, 'ipRanges', p.ip_ranges::text[], 'senderCodes', p.sender_codes,"
		 " 'profile', p.profile, 'level', p.level, 'validUntil', " SHOWN_TIME("p.valid_until")
		 ", 'redirectUris', p.redirect_uris, 'clientType', p.client_type, 'state', p.state,"
		 " 'appCode', p.app_code, 'createdAt', " SHOWN_TIME("p.created_at")
		 ", 'reviewedAt', " SHOWN_TIME("p.reviewed_at")
		 ", 'reviewedBy', p.reviewed_by, 'reason', p.review_note",
		 "access_request_id", "4")
	"(SELECT r.*, a.user_name, a.organization, app.app_code FROM citybigdata.access_request r"
	"  JOIN citybigdata.account a ON a.account_id = r.account_id"
	"  LEFT JOIN citybigdata.application app ON app.app_id = r.app_id"
	"  WHERE ($1 IS NULL OR r.state = $1) AND ($2 IS NULL OR r.account_id = $2)"
	"  AND r.access_request_id > $3 ORDER BY r.access_request_id LIMIT $4) p",
	4, {TEXTOID, INT8OID, INT8OID, INT4OID}, NULL};

/* The grants of the application p, as JSON. */
#define GRANTS \
	"(SELECT coalesce(json_agg(json_build_object('resource', g.resource, 'level', g.level," \
	"  'state', g.state, 'validUntil', " SHOWN_TIME("g.valid_until") \
	", 'grantedAt', " SHOWN_TIME("g.granted_at") \
	", 'grantedBy', g.granted_by, 'revokedAt', " SHOWN_TIME("g.revoked_at") \
	", 'perSecond', g.rate_per_second, 'burst', g.rate_burst, 'dailyQuota', g.daily_quota)" \
	"  ORDER BY g.resource), '[]'::json) FROM citybigdata.app_grant g WHERE g.app_id = p.app_id)"

/* $1 state, $2 account, $3 appCode, each null: any; $4 after this number, $5 rows */
static SpiQuery applications_page = {
	PAGE_OF("'appCode', p.app_code, 'accountId', p.account_id, 'userName', p.user_name, 'state', p.state,"
		 " 'methods', p.methods, 'ipRanges', p.ip_ranges::text[], 'profile', p.profile, 'level', p.level,"
		 " 'validUntil', " SHOWN_TIME("p.valid_until")
		 ", 'redirectUris', p.redirect_uris, 'clientType', p.client_type,"
		 " 'createdAt', " SHOWN_TIME("p.created_at")
		 ", 'credentialsTakenAt', " SHOWN_TIME("p.credentials_taken_at")
		 ", 'previousValidUntil', " SHOWN_TIME("p.previous_valid_until")
		 ", 'senderCodes', ARRAY(SELECT s.sender_code FROM citybigdata.sender s"
		 "  WHERE s.app_id = p.app_id ORDER BY 1), 'grants', " GRANTS,
		 "app_id", "5")
	"(SELECT app.*, a.user_name FROM citybigdata.application app"
	"  JOIN citybigdata.account a ON a.account_id = app.account_id"
	"  WHERE ($1 IS NULL OR app.state = $1) AND ($2 IS NULL OR app.account_id = $2)"
	"  AND ($3 IS NULL OR app.app_code = $3) AND app.app_id > $4 ORDER BY app.app_id LIMIT $5) p",
	5, {TEXTOID, INT8OID, TEXTOID, INT8OID, INT4OID}, NULL};

/* $1 kind, null: any; $2, $3, $4 after this kind, subject and address; $5 rows. The cursor is kind, a slash,
 * subject, a blank, address. */
static SpiQuery lockouts_page = {
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object('kind', p.kind,"
	" 'subject', p.subject, 'address', nullif(p.address, ''), 'failures', p.failures,"
	" 'lastAttemptAt', " SHOWN_TIME("p.last_attempt_at")
	", 'lockedUntil', " SHOWN_TIME("p.locked_until")
	", 'locked', coalesce(p.locked_until > clock_timestamp(), false))"
	" ORDER BY p.kind, p.subject, p.address), '[]'::json), 'nextCursor', CASE WHEN count(*) = $5"
	"  THEN (array_agg(p.kind || '/' || p.subject || ' ' || p.address"
	"   ORDER BY p.kind, p.subject, p.address))[$5] END)::text"
	" FROM (SELECT l.* FROM citybigdata.lockout l WHERE ($1 IS NULL OR l.kind = $1)"
	"  AND l.failures > 0 AND (l.kind, l.subject, l.address) > ($2, $3, $4)"
	"  ORDER BY l.kind, l.subject, l.address LIMIT $5) p",
	5, {TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT4OID}, NULL};

/* $1 state, null: any; $2 after this number, $3 rows. Published versions that wait for consent are among them. */
static SpiQuery proposals_page = {
	PAGE_OF("'proposalId', p.proposal_id, 'action', p.action, 'accountId', p.account_id, 'userName', p.user_name,"
		 " 'organization', p.organization, 'accessRequestId', p.access_request_id, 'role', p.role,"
		 " 'appCode', p.app_code, 'resource', p.resource, 'version', p.version, 'changes', CASE WHEN p.changes IS NOT NULL THEN"
		 " ARRAY(SELECT citybigdata.level_change_said(c) FROM unnest(p.changes) c) END,"
		 " 'level', p.level, 'validUntil', " SHOWN_TIME("p.valid_until")
		 ", 'state', p.shown, 'proposedBy', p.proposed_by, 'proposedAt', " SHOWN_TIME("p.proposed_at")
		 ", 'expiresAt', " SHOWN_TIME("p.expires_at")
		 ", 'decidedBy', p.decided_by, 'decidedAt', " SHOWN_TIME("p.decided_at")
		 ", 'reason', p.note",
		 "proposal_id", "3")
	"(SELECT * FROM (SELECT q.proposal_id, q.action, q.account_id, a.user_name, a.organization,"
	"   q.access_request_id, q.role, q.app_code, q.resource, NULL::integer AS version, NULL::text[] AS changes,"
	"   q.level, q.valid_until, CASE WHEN q.state = 'open' AND q.expires_at <= clock_timestamp()"
	"   THEN 'expired' ELSE q.state END AS shown, q.proposed_by, q.proposed_at, q.expires_at,"
	"   q.decided_by, q.decided_at, q.note"
	"  FROM citybigdata.admin_proposal q JOIN citybigdata.account a ON a.account_id = q.account_id"
	"  UNION ALL SELECT v.proposal_id, 'levels', NULL, NULL, NULL, NULL, NULL, NULL, v.resource_code, v.version,"
	"   v.changes, NULL, NULL, CASE v.state WHEN 'waiting' THEN 'open' WHEN 'approved' THEN 'confirmed'"
	"   WHEN 'refused' THEN 'refused' ELSE 'expired' END, 'role:' || v.proposed_by, v.proposed_at, NULL,"
	"   v.decided_by, v.decided_at, NULL FROM citybigdata.level_proposal v) l"
	"  WHERE ($1 IS NULL OR l.shown = $1) AND l.proposal_id > $2 ORDER BY l.proposal_id LIMIT $3) p",
	3, {TEXTOID, INT8OID, INT4OID}, NULL};

/* $1 since, $2 until, $3 action (LIKE pattern), $4 after this row, $5 rows */
static SpiQuery audit_page = {
	PAGE_OF("'auditId', p.audit_id, 'at', " SHOWN_TIME("p.at")
		 ", 'requestId', p.request_id, 'appCode', p.app_code, 'userName', p.user_name,"
		 " 'authenticated', p.authenticated, 'clientAddr', host(p.client_addr), 'scheme', p.scheme,"
		 " 'action', p.action, 'object', p.object, 'statusCode', p.status_code, 'detail', p.detail,"
		 " 'sessionRole', p.session_role",
		 "audit_id", "5")
	"(SELECT l.* FROM citybigdata.audit_log l WHERE l.at >= $1 AND l.at < $2"
	"  AND l.action LIKE $3 ESCAPE '' AND l.audit_id > $4 ORDER BY l.audit_id LIMIT $5) p",
	5, {TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, INT8OID, INT4OID}, NULL};
/* clang-format on */

/* $1 kind, $2 subject: it starts anew. */
static SpiQuery end_lockout = {
	"DELETE FROM citybigdata.lockout WHERE kind = $1 AND subject = $2", 2, {TEXTOID, TEXTOID}, NULL, true};

/* rest_admin_accounts(..., state, user_name, role, cursor, page_size) */
static Datum
AdminAccounts(Call *call)
{
	ARGUMENTS(ARG_STATE, ARG_USER_NAME, ARG_ROLE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"state", "userName", "role", "cursor", "pageSize", NULL};
	static const char *const states[] = {"pending", "active", "rejected", "suspended", "revoked", NULL};
	static const char *const roles[] = {"sysadmin", "secadmin", "auditor", "none", NULL};
	static const TextRule name_rule = {"/userName", 1, 64, false, false};
	const char *name;
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM | ADMIN_SECURITY, filters, &refusal))
		return refusal;
	values[0] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[0]);
	name = CheckText(&call->errors, &name_rule, CallText(call, ARG_USER_NAME));
	values[1] = TextOrNull(name == NULL ? NULL : FoldAscii(name), &nulls[1]);
	values[2] = TextOrNull(CheckChoice(call, "/role", CallText(call, ARG_ROLE), roles, false,
									   "sysadmin, secadmin, auditor, none"),
						   &nulls[2]);
	values[3] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &accounts_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_accounts, "account.list", AdminAccounts);

/* rest_admin_proposals(..., state, cursor, page_size) */
static Datum
AdminProposals(Call *call)
{
	ARGUMENTS(ARG_STATE, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"state", "cursor", "pageSize", NULL};
	static const char *const states[] = {"open", "confirmed", "refused", "expired", NULL};
	Datum values[3];
	bool nulls[3] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM | ADMIN_SECURITY, filters, &refusal))
		return refusal;
	values[0] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[0]);
	values[1] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[2] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &proposals_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_proposals, "proposal.list", AdminProposals);

/* rest_admin_access_requests(..., state, account_id, cursor, page_size) */
static Datum
AdminAccessRequests(Call *call)
{
	ARGUMENTS(ARG_STATE, ARG_ACCOUNT_ID, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"state", "accountId", "cursor", "pageSize", NULL};
	static const char *const states[] = {"pending", "approved", "rejected", NULL};
	Datum values[4];
	bool nulls[4] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SECURITY, filters, &refusal))
		return refusal;
	values[0] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[0]);
	values[1] =
		Int64GetDatum(CheckId(call, "/accountId", CallText(call, ARG_ACCOUNT_ID), "an account's number"));
	nulls[1] = DatumGetInt64(values[1]) == 0;
	values[2] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[3] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &requests_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_access_requests, "access.list-requests", AdminAccessRequests);

/* rest_admin_applications(..., state, account_id, application, cursor, page_size) */
static Datum
AdminApplications(Call *call)
{
	ARGUMENTS(ARG_STATE, ARG_ACCOUNT_ID, ARG_APPLICATION, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"state", "accountId", "application", "cursor", "pageSize", NULL};
	static const char *const states[] = {"active", "suspended", "revoked", NULL};
	static const TextRule code_rule = {"/application", 1, 32, false, false};
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM | ADMIN_SECURITY, filters, &refusal))
		return refusal;
	values[0] = CheckState(call, CallText(call, ARG_STATE), states, &nulls[0]);
	values[1] =
		Int64GetDatum(CheckId(call, "/accountId", CallText(call, ARG_ACCOUNT_ID), "an account's number"));
	nulls[1] = DatumGetInt64(values[1]) == 0;
	values[2] = TextOrNull(CheckText(&call->errors, &code_rule, CallText(call, ARG_APPLICATION)), &nulls[2]);
	values[3] = Int64GetDatum(CheckCursor(call, CallText(call, ARG_CURSOR)));
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &applications_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_applications, "access.list", AdminApplications);

static const char *const lockout_kinds[] = {"address",      "account", "application",
											"registration", "totp",    NULL};
#define LOCKOUT_KINDS "address, account, application, registration, totp"

/* rest_admin_lockouts(..., kind, cursor, page_size) */
static Datum
AdminLockouts(Call *call)
{
	ARGUMENTS(ARG_KIND, ARG_CURSOR, ARG_PAGE_SIZE);
	static const char *const filters[] = {"kind", "cursor", "pageSize", NULL};
	static const TextRule cursor_rule = {"/cursor", 1, 400, false, false};
	const char *cursor;
	const char *slash;
	const char *blank;
	Datum values[5];
	bool nulls[5] = {false};
	Datum refusal;

	if (!BeginList(call, ADMIN_SYSTEM | ADMIN_SECURITY, filters, &refusal))
		return refusal;
	values[0] = TextOrNull(
		CheckChoice(call, "/kind", CallText(call, ARG_KIND), lockout_kinds, false, LOCKOUT_KINDS), &nulls[0]);
	cursor = CheckText(&call->errors, &cursor_rule, CallText(call, ARG_CURSOR));
	slash = cursor == NULL ? NULL : strchr(cursor, '/');
	blank = slash == NULL ? NULL : strrchr(slash, ' ');
	if (cursor != NULL && blank == NULL)
		ErrorAdd(&call->errors, "/cursor", CBD_FIELD_OUT_OF_RANGE, "nextCursor of the page before");
	values[1] = CStringGetTextDatum(blank == NULL ? "" : pnstrdup(cursor, slash - cursor));
	values[2] = CStringGetTextDatum(blank == NULL ? "" : pnstrdup(slash + 1, blank - slash - 1));
	values[3] = CStringGetTextDatum(blank == NULL ? "" : blank + 1);
	values[4] = Int32GetDatum(CheckPageSize(call, CallText(call, ARG_PAGE_SIZE)));
	return AnswerPage(call, &lockouts_page, values, nulls);
}

ENDPOINT(cbd_rest_admin_lockouts, "lockout.list", AdminLockouts);

/* How a subject is counted: an address in its canonical form (IPv6 by /64), user names in small letters.
 * NULL: no address. */
static char *
CountedSubject(const char *kind, const char *subject)
{
	if (strcmp(kind, "address") == 0 || strcmp(kind, "registration") == 0)
		return LockoutAddress(subject);
	return strcmp(kind, ACCOUNT) == 0 || strcmp(kind, SECOND_FACTOR) == 0 ? FoldAscii(subject)
																		  : pstrdup(subject);
}

/* rest_lockout_unlock(..., kind, subject): {kind, subject, unlocked} */
static Datum
LockoutUnlock(Call *call)
{
	ARGUMENTS(ARG_KIND, ARG_SUBJECT);
	static const TextRule subject_rule = {"/subject", 1, 128, true, false};
	const char *kind;
	const char *subject;
	char *counted = NULL;
	Datum values[2];
	StringInfoData data;
	bool unlocked;
	CbdStatus status;

	status = AuthoriseAdministrator(call, ADMIN_SYSTEM | ADMIN_SECURITY);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	kind = CheckChoice(call, "/kind", CallText(call, ARG_KIND), lockout_kinds, true, LOCKOUT_KINDS);
	subject = CheckText(&call->errors, &subject_rule, CallText(call, ARG_SUBJECT));
	if (kind != NULL && subject != NULL && (counted = CountedSubject(kind, subject)) == NULL)
		ErrorAdd(&call->errors, "/subject", CBD_FIELD_OUT_OF_RANGE,
				 "a client address, for example 192.0.2.7");
	if (call->errors.count > 0)
		return AnswerErrors(call);
	call->object = psprintf("%s %s", kind, counted);
	values[0] = CStringGetTextDatum(kind);
	values[1] = CStringGetTextDatum(counted);
	SpiBegin();
	unlocked = SpiRun(&end_lockout, values, NULL, SPI_OK_DELETE, 0) > 0;
	SpiEnd();
	initStringInfo(&data);
	appendStringInfoChar(&data, '{');
	JsonField(&data, "kind", kind);
	JsonField(&data, "subject", counted);
	appendStringInfo(&data, ",\"unlocked\":%s}", unlocked ? "true" : "false");
	return Answer(call, CBD_OK, data.data);
}

ENDPOINT(cbd_rest_lockout_unlock, "lockout.unlock", LockoutUnlock);

/*
 * rest_admin_audit(..., since, until, action, cursor, page_size): {items: [...], nextCursor}, oldest first;
 * [since, until), the last day unless said otherwise; action: a LIKE pattern. For auditors. The reading is
 * audited itself.
 */
static Datum
AdminAudit(Call *call)
{
	ARGUMENTS(ARG_SINCE, ARG_UNTIL, ARG_ACTION, ARG_CURSOR, ARG_PAGE_SIZE);
	static const TextRule action_rule = {"/action", 1, 64, false, true};
	char *action = CallText(call, ARG_ACTION);
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz since, until;
	int64 after;
	int32 size;
	Datum values[5];
	char *data;
	CbdStatus status;

	status = AuthoriseAdministrator(call, ADMIN_AUDITOR);
	if (status != CBD_OK)
		return Answer(call, status, NULL);
	until = CheckTime(call, "/until", CallText(call, ARG_UNTIL), now);
	since = CheckTime(call, "/since", CallText(call, ARG_SINCE), until - USECS_PER_DAY);
	CheckText(&call->errors, &action_rule, action);
	after = CheckCursor(call, CallText(call, ARG_CURSOR));
	size = CheckPageSize(call, CallText(call, ARG_PAGE_SIZE));
	if (call->errors.count > 0)
		return AnswerErrors(call);
	values[0] = TimestampTzGetDatum(since);
	values[1] = TimestampTzGetDatum(until);
	values[2] = CStringGetTextDatum(action == NULL || action[0] == '\0' ? "%" : action);
	values[3] = Int64GetDatum(after);
	values[4] = Int32GetDatum(size);
	SpiBegin();
	SpiRun(&audit_page, values, NULL, SPI_OK_SELECT, 1);
	data = JsonCompact(SpiText(0, 1));
	SpiEnd();
	/* one buffer for both */
	call->detail = pstrdup(timestamptz_to_str(since));
	call->detail =
		psprintf("%s to %s, %s", call->detail, timestamptz_to_str(until), TextDatumGetCString(values[2]));
	return Answer(call, CBD_OK, data);
}

ENDPOINT(cbd_rest_admin_audit, "audit.read", AdminAudit);
