/* The route table, and what is derived from it. */
#include "request/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "kind/data.h"
#include "kind/local.h"
#include "kind/media.h"
#include "kind/oauth.h"
#include "kind/reference.h"
#include "kind/sealed.h"
#include "base/target.h"
#include "wire/paths.h"

#define ANYWHERE (IN_QUERY | IN_BODY)

/* Parameters of the authorisation endpoint, and client authentication in the body. */
#define AUTHORIZE(from)                                                                                      \
	{"response_type", KIND_TEXT, from}, {"client_id", KIND_TEXT, from}, {"redirect_uri", KIND_TEXT, from},   \
		{"scope", KIND_TEXT, from}, {"state", KIND_TEXT, from}, {"code_challenge", KIND_TEXT, from},         \
		{"code_challenge_method", KIND_TEXT, from},                                                          \
	{                                                                                                        \
		"", KIND_ISSUER, 0                                                                                   \
	}
/* The parameters of published data: enum DataValue. */
#define PAIRS                                                                                                \
	{"resource", KIND_TEXT, IN_PATH}, {"", KIND_PAIRS, 0}, {"", KIND_PAIRS, 0},                              \
	{                                                                                                        \
		"If-None-Match", KIND_TEXT, IN_HEADER                                                                \
	}
#define CLIENT                                                                                               \
	{"client_id", KIND_TEXT, IN_BODY},                                                                       \
	{                                                                                                        \
		"client_secret", KIND_TEXT, IN_BODY                                                                  \
	}

/* clang-format off */
static const Route routes[] = {
	/* accounts and access (5.2-a) */
	{METHOD_POST, API_PATH "/accounts", LANE_LOGIN, "rest_account_register", NULL, ROUTE_OPEN | ROUTE_HASHES,
	 {{"userName", KIND_TEXT, IN_BODY}, {"password", KIND_TEXT, IN_BODY}, {"organization", KIND_TEXT, IN_BODY},
	  {"contactName", KIND_TEXT, IN_BODY}, {"mobile", KIND_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/accounts/password", LANE_LOGIN, "rest_account_password", NULL, ROUTE_OPEN | ROUTE_PASSWORD | ROUTE_HASHES,
	 {{"userName", KIND_TEXT, IN_BODY}, {"password", KIND_TEXT, IN_BODY}, {"newPassword", KIND_TEXT, IN_BODY},
	  {"totp", KIND_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/access-requests", LANE_WRITE, "rest_access_request", NULL, ROUTE_BASIC,
	 {{"platformCode", KIND_TEXT, IN_BODY}, {"resources", KIND_LIST, IN_BODY}, {"purpose", KIND_TEXT, IN_BODY},
	  {"methods", KIND_LIST, IN_BODY}, {"ipRanges", KIND_LIST, IN_BODY}, {"senderCodes", KIND_LIST, IN_BODY},
	  {"profile", KIND_TEXT, IN_BODY}, {"level", KIND_TEXT, IN_BODY}, {"validUntil", KIND_TEXT, IN_BODY},
	  {"redirectUris", KIND_LIST, IN_BODY}, {"clientType", KIND_TEXT, IN_BODY}, {"X-TOTP", KIND_TEXT, IN_HEADER}}},
	{METHOD_GET, API_PATH "/access-requests/{id}", LANE_WRITE, "rest_access_request_state", NULL, ROUTE_BASIC | ROUTE_ONCE | ROUTE_SECRET,
	 {{"id", KIND_TEXT, IN_PATH}, {"X-TOTP", KIND_TEXT, IN_HEADER}}},
	/* administration */
	{METHOD_POST, API_PATH "/admin/login", LANE_LOGIN, "rest_admin_login", NULL, ROUTE_OPEN | ROUTE_PASSWORD | ROUTE_SECRET,
	 {{"userName", KIND_TEXT, IN_BODY}, {"password", KIND_TEXT, IN_BODY}, {"totp", KIND_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/approve", LANE_WRITE, "rest_account_approve", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/reject", LANE_WRITE, "rest_account_reject", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/suspend", LANE_WRITE, "rest_account_suspend", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/resume", LANE_WRITE, "rest_account_resume", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/revoke", LANE_WRITE, "rest_account_revoke", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/expire", LANE_WRITE, "rest_account_expire", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}, {"validUntil", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/role", LANE_WRITE, "rest_account_role", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}, {"role", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/second-factor", LANE_WRITE, "rest_account_second_factor", NULL, ROUTE_SECRET,
	 {{"id", KIND_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_GET, API_PATH "/admin/accounts", LANE_WRITE, "rest_admin_accounts", NULL, 0,
	 {{"state", KIND_TEXT, IN_QUERY}, {"userName", KIND_TEXT, IN_QUERY}, {"role", KIND_TEXT, IN_QUERY}, {"cursor", KIND_TEXT, IN_QUERY},
	  {"pageSize", KIND_TEXT, IN_QUERY}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/reset-password", LANE_LOGIN, "rest_account_reset_password", NULL, ROUTE_HASHES | ROUTE_SECRET,
	 {{"id", KIND_TEXT, IN_PATH}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/unlock", LANE_WRITE, "rest_account_unlock", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/suspend", LANE_WRITE, "rest_application_suspend", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/resume", LANE_WRITE, "rest_application_resume", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/revoke", LANE_WRITE, "rest_application_revoke", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/expire", LANE_WRITE, "rest_application_expire", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"validUntil", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants", LANE_WRITE, "rest_grant_add", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"resource", KIND_TEXT, ANYWHERE}, {"level", KIND_TEXT, ANYWHERE},
	  {"validUntil", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/suspend", LANE_WRITE, "rest_grant_suspend", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"resource", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/resume", LANE_WRITE, "rest_grant_resume", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"resource", KIND_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/revoke", LANE_WRITE, "rest_grant_revoke", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"resource", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/expire", LANE_WRITE, "rest_grant_expire", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"resource", KIND_TEXT, IN_PATH}, {"validUntil", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_GET, API_PATH "/admin/applications", LANE_WRITE, "rest_admin_applications", NULL, 0,
	 {{"state", KIND_TEXT, IN_QUERY}, {"accountId", KIND_TEXT, IN_QUERY}, {"application", KIND_TEXT, IN_QUERY}, {"cursor", KIND_TEXT, IN_QUERY},
	  {"pageSize", KIND_TEXT, IN_QUERY}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/rotate", LANE_WRITE, "rest_application_rotate", NULL, ROUTE_SECRET,
	 {{"application", KIND_TEXT, IN_PATH}, {"overlap", KIND_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/limit", LANE_WRITE, "rest_application_limit", NULL, 0,
	 {{"application", KIND_TEXT, IN_PATH}, {"resource", KIND_TEXT, IN_BODY}, {"perSecond", KIND_TEXT, IN_BODY},
	  {"burst", KIND_TEXT, IN_BODY}, {"dailyQuota", KIND_TEXT, IN_BODY}}, .role = "sysadmin, secadmin"},
	{METHOD_GET, API_PATH "/admin/lockouts", LANE_WRITE, "rest_admin_lockouts", NULL, 0,
	 {{"kind", KIND_TEXT, IN_QUERY}, {"cursor", KIND_TEXT, IN_QUERY}, {"pageSize", KIND_TEXT, IN_QUERY}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/lockouts/unlock", LANE_WRITE, "rest_lockout_unlock", NULL, 0,
	 {{"kind", KIND_TEXT, IN_BODY}, {"subject", KIND_TEXT, IN_BODY}}, .role = "sysadmin, secadmin"},
	{METHOD_GET, API_PATH "/admin/audit", LANE_WRITE, "rest_admin_audit", NULL, 0,
	 {{"since", KIND_TEXT, IN_QUERY}, {"until", KIND_TEXT, IN_QUERY}, {"action", KIND_TEXT, IN_QUERY}, {"cursor", KIND_TEXT, IN_QUERY},
	  {"pageSize", KIND_TEXT, IN_QUERY}}, .role = "auditor"},
	{METHOD_GET, API_PATH "/admin/access-requests", LANE_WRITE, "rest_admin_access_requests", NULL, 0,
	 {{"state", KIND_TEXT, IN_QUERY}, {"accountId", KIND_TEXT, IN_QUERY}, {"cursor", KIND_TEXT, IN_QUERY}, {"pageSize", KIND_TEXT, IN_QUERY}},
	 .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/access-requests/{id}/approve", LANE_WRITE, "rest_access_approve", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/access-requests/{id}/reject", LANE_WRITE, "rest_access_reject", NULL, 0,
	 {{"id", KIND_TEXT, IN_PATH}, {"reason", KIND_TEXT, ANYWHERE}}, .role = "secadmin"},
	/* codes and tokens (5.2-e, 5.3.5, 5.5) */
	{METHOD_POST, API_PATH "/auth/code", LANE_WRITE, "rest_auth_code", NULL, ROUTE_OPEN | ROUTE_PASSWORD | ROUTE_SECRET,
	 {{"method", KIND_TEXT, ANYWHERE}, {"key", KIND_TEXT, IN_BODY}, {"userName", KIND_TEXT, IN_BODY},
	  {"password", KIND_TEXT, IN_BODY}, {"", KIND_RESERVED, 0}, {"totp", KIND_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/auth/token", LANE_WRITE, "rest_auth_token", NULL, ROUTE_OPEN | ROUTE_SECRET,
	 {{"authCode", KIND_DIGEST, IN_BODY}, {"resources", KIND_LIST, IN_BODY}, {"level", KIND_TEXT, IN_BODY},
	  {"bindAddress", KIND_BOOL, IN_BODY}}},
	{METHOD_POST, API_PATH "/auth/revoke", LANE_WRITE, "rest_auth_revoke", NULL, 0,
	 {{"token", KIND_DIGEST, IN_BODY, "accessToken"}}},
	{METHOD_POST, API_PATH "/auth/introspect", LANE_WRITE, "rest_auth_introspect", NULL, 0,
	 {{"token", KIND_DIGEST, IN_BODY, "accessToken"}}},
	/* sealed service addresses (5.2-c, d) */
	{METHOD_POST, API_PATH "/auth/sealed-url", LANE_WRITE, "rest_seal_url", NULL, ROUTE_PASSWORD | ROUTE_SECRET,
	 {{"resource", KIND_TEXT, IN_BODY}, {"params", KIND_JSON, IN_BODY}, {"expiresIn", KIND_TEXT, IN_BODY},
	  {"cidr", KIND_TEXT, IN_BODY}, {"maxUses", KIND_TEXT, IN_BODY}, {"key", KIND_TEXT, IN_BODY},
	  {"userName", KIND_TEXT, IN_BODY}, {"password", KIND_TEXT, IN_BODY}, {"totp", KIND_TEXT, IN_BODY}}},
	{METHOD_GET, API_PATH "/s/{sealed}", LANE_WRITE, "rest_open_url", SealedBegin, ROUTE_OPEN | ROUTE_ONCE,
	 {{"sealed", KIND_TEXT, IN_PATH}}},
	/* pictures, videos, files (5.4.4-b); the order of parameters: enum MediaValue */
	{METHOD_GET, API_PATH "/media/{id}", LANE_DATA, "rest_media", MediaBegin, ROUTE_OPEN | ROUTE_MEDIA,
	 {{"id", KIND_TEXT, IN_PATH}, {"Range", KIND_TEXT, IN_HEADER}, {"If-None-Match", KIND_TEXT, IN_HEADER}, {"If-Range", KIND_TEXT, IN_HEADER},
	  {"", KIND_HEAD, 0}}},
	/* OAuth 2.0 (RFC 6749, 7009, 7662, 8414); the order of parameters: enum AuthorizeValue */
	{METHOD_GET, "/oauth/authorize", LANE_WRITE, "rest_oauth_authorize_check", NULL, ROUTE_OPEN | ROUTE_OAUTH | ROUTE_PAGE,
	 {AUTHORIZE(IN_QUERY), {"ui_locales", KIND_LOCAL, IN_QUERY}}},
	{METHOD_POST, "/oauth/authorize", LANE_WRITE, "rest_oauth_authorize_decide", OauthDecide,
	 ROUTE_OPEN | ROUTE_PASSWORD | ROUTE_OAUTH | ROUTE_PAGE,
	 {AUTHORIZE(IN_BODY), {"userName", KIND_TEXT, IN_BODY}, {"password", KIND_TEXT, IN_BODY}, {"decision", KIND_TEXT, IN_BODY},
	  {"totp", KIND_TEXT, IN_BODY}, {"form_token", KIND_LOCAL, IN_BODY}, {"ui_locales", KIND_LOCAL, IN_BODY}}},
	{METHOD_POST, "/oauth/token", LANE_WRITE, "rest_oauth_token", NULL, ROUTE_OPEN | ROUTE_OAUTH,
	 {{"grant_type", KIND_TEXT, IN_BODY}, {"code", KIND_DIGEST, IN_BODY}, {"redirect_uri", KIND_TEXT, IN_BODY},
	  {"code_verifier", KIND_TEXT, IN_BODY}, {"refresh_token", KIND_DIGEST, IN_BODY}, {"scope", KIND_TEXT, IN_BODY}, CLIENT}},
	{METHOD_POST, "/oauth/revoke", LANE_WRITE, "rest_oauth_revoke", NULL, ROUTE_OPEN | ROUTE_OAUTH,
	 {{"token", KIND_DIGEST, IN_BODY}, {"token_type_hint", KIND_TEXT, IN_BODY}, CLIENT}},
	{METHOD_POST, "/oauth/introspect", LANE_WRITE, "rest_oauth_introspect", NULL, ROUTE_OPEN | ROUTE_OAUTH,
	 {{"token", KIND_DIGEST, IN_BODY}, {"token_type_hint", KIND_TEXT, IN_BODY}, CLIENT}},
	{METHOD_GET, "/.well-known/oauth-authorization-server", LANE_NONE, NULL, OauthMetadata, ROUTE_OPEN | ROUTE_OAUTH, {{NULL}}},
	/* events (A.4) */
	{METHOD_POST, API_PATH "/events", LANE_WRITE, "rest_event_report", NULL, ROUTE_EVENT_BODY,
	 {{"senderCode", KIND_TEXT, ANYWHERE}, {"actionType", KIND_TEXT, ANYWHERE}, {"data", KIND_JSON, IN_BODY},
	  {"dryRun", KIND_BOOL, ANYWHERE}, {"Idempotency-Key", KIND_TEXT, IN_HEADER}, {"", KIND_BODY_DIGEST, 0}}, .resource = "events"},
	{METHOD_POST, "/openapi/v2/upstream", LANE_WRITE, "rest_event_upstream", NULL, ROUTE_VENDOR | ROUTE_EVENT_BODY,
	 {{"senderCode", KIND_TEXT, ANYWHERE}, {"actionType", KIND_TEXT, ANYWHERE}, {"data", KIND_JSON, ANYWHERE}}, .resource = "events"},
	{METHOD_POST, "/openapi/v2/upstream/uprecreport", LANE_WRITE, "rest_event_upstream", NULL, ROUTE_VENDOR | ROUTE_EVENT_BODY,
	 {{"senderCode", KIND_TEXT, ANYWHERE}, {"actionType", KIND_TEXT, ANYWHERE}, {"data", KIND_JSON, ANYWHERE}}, .resource = "events"},
	{METHOD_GET, API_PATH "/events/{taskNum}", LANE_FAST, "rest_event_get", NULL, 0,
	 {{"taskNum", KIND_TEXT, IN_PATH}, {"timeFormat", KIND_TEXT, IN_QUERY}, {"crs", KIND_TEXT, IN_QUERY}}, .resource = "events"},
	{METHOD_GET, API_PATH "/events", LANE_FAST, "rest_event_find", NULL, 0,
	 {{"otherTaskNum", KIND_TEXT, IN_QUERY}, {"senderCode", KIND_TEXT, IN_QUERY}, {"since", KIND_TEXT, IN_QUERY},
	  {"timeFormat", KIND_TEXT, IN_QUERY}, {"crs", KIND_TEXT, IN_QUERY}}, .resource = "events"},
	/* published data (5.1, 5.3, 5.4) */
	{METHOD_GET, API_PATH "/data/{resource}", LANE_DATA, "rest_data_query", NULL, ROUTE_DATA, {PAIRS}, .resource = "{resource}"},
	{METHOD_POST, API_PATH "/data/{resource}", LANE_DATA, "rest_data_query", NULL, ROUTE_DATA, {PAIRS}, .resource = "{resource}"},
	{METHOD_GET, API_PATH "/resources", LANE_FAST, "rest_resources", NULL, 0,
	 {{"layer", KIND_TEXT, IN_QUERY}, {"industry", KIND_TEXT, IN_QUERY}, {"dataKind", KIND_TEXT, IN_QUERY}}},
	{METHOD_GET, API_PATH "/resources/{code}", LANE_FAST, "rest_resource", NULL, 0, {{"code", KIND_TEXT, IN_PATH}}},
	{METHOD_GET, API_PATH "/resources/{code}/schema.xsd", LANE_FAST, "rest_resource", NULL, ROUTE_DOCUMENT, {{"code", KIND_TEXT, IN_PATH}}},
	/* reference data (5.4.3, 5.4.4-c) */
	{METHOD_GET, API_PATH "/divisions/{code}", LANE_FAST, "rest_division", NULL, ROUTE_REFERENCE, {{"code", KIND_TEXT, IN_PATH}}},
	{METHOD_GET, API_PATH "/code-tables", LANE_FAST, "rest_code_tables", ReferenceCheck, ROUTE_REFERENCE,
	 {{"bom", KIND_LOCAL, IN_QUERY}}},
	{METHOD_GET, API_PATH "/code-tables/{name}", LANE_FAST, "rest_code_table", ReferenceCheck, ROUTE_REFERENCE,
	 {{"name", KIND_TEXT, IN_PATH}, {"bom", KIND_LOCAL, IN_QUERY}}},
	{METHOD_GET, API_PATH "/status-codes", LANE_NONE, NULL, LocalStatusCodes, ROUTE_OPEN | ROUTE_REFERENCE,
	 {{"bom", KIND_LOCAL, IN_QUERY}}},
	/* the interface manual (A.1) */
	{METHOD_GET, "/openapi.json", LANE_FAST, "rest_manual", LocalManual, ROUTE_OPEN | ROUTE_DOCUMENT, {{"lang", KIND_LOCAL, IN_QUERY}}},
	{METHOD_GET, "/docs", LANE_FAST, "rest_manual", LocalManual, ROUTE_OPEN | ROUTE_DOCUMENT | ROUTE_PAGE, {{"lang", KIND_LOCAL, IN_QUERY}}},
	/* operation */
	{METHOD_GET, "/healthz", LANE_NONE, NULL, LocalHealth, ROUTE_OPEN, {{NULL}}},
	{METHOD_GET, "/readyz", LANE_FAST, "rest_ready", LocalReady, ROUTE_OPEN | ROUTE_NO_CONTEXT | ROUTE_ALWAYS, {{NULL}}},
	{METHOD_GET, "/metrics", LANE_NONE, NULL, LocalMetrics, ROUTE_OPEN, {{NULL}}},
};
/* clang-format on */
#define ROUTES ((int) (sizeof(routes) / sizeof(routes[0])))

/* What is made of a row at start. */
static struct
{
	Span segments[PATH_SEGMENTS]; /* text "{" for a parameter */
	int count;
	int params;
	Statement statement;
	const Statement *shared; /* of the first row with the same function: a name is prepared once */
} prepared[ROUTES];

/* The statement of an earlier row that calls the same function, or NULL. */
static const Statement *
EarlierStatement(int row)
{
	for (int i = 0; i < row; i++)
		if (routes[i].function != NULL && strcmp(routes[i].function, routes[row].function) == 0)
			return &prepared[i].statement;
	return NULL;
}

static Statement reserve = {
	ROUTES, "login_reserve",
	"SELECT citybigdata.rest_login_reserve($1::text,$2::inet,$3::text,$4::text,$5::bytea,$6::text)", 6};
static Statement audit = {ROUTES + 1, "audit_batch",
						  "SELECT citybigdata.rest_audit_batch($1::text, $2::bigint, $3::text[])", 3};
static Statement maintain = {ROUTES + 2, "maintain", "SELECT citybigdata.rest_maintain()", 0};
static Statement slice = {ROUTES + 3, "media_slice",
						  "SELECT "
						  "citybigdata.rest_media_slice($1::text,$2::inet,$3::text,$4::text,$5::bytea,$6::"
						  "text,$7::text)",
						  7};
_Static_assert(ROUTES + 4 <= STATEMENT_LIMIT, "DbConnection.prepared has a place per statement");
_Static_assert(CONTEXT_PARAMS + ROUTE_PARAMS <= JOB_PARAMETERS, "a job holds the parameters of every route");

/* Segments of "/a/b": false when there are too many, or the text does not begin with a slash. */
static bool
Split(Span path, Span *segments, int *count)
{
	const char *end = path.text + path.length;
	const char *at = path.text;

	*count = 0;
	if (path.length == 0 || *at != '/')
		return false;
	while (at < end)
	{
		const char *slash = memchr(at + 1, '/', (size_t) (end - at) - 1);

		if (slash == NULL)
			slash = end;
		if (*count == PATH_SEGMENTS)
			return false;
		segments[(*count)++] = (Span){at + 1, (size_t) (slash - at) - 1};
		at = slash;
	}
	return true;
}

/* SELECT citybigdata.f($1::text, …): context first, then the row's parameters. */
static char *
StatementText(const Route *route, int *parameters)
{
	static const char *const types[] = {
		[KIND_TEXT] = "text",        [KIND_BOOL] = "boolean", [KIND_LIST] = "text[]",
		[KIND_JSON] = "text",        [KIND_DIGEST] = "bytea", [KIND_BODY_DIGEST] = "bytea",
		[KIND_RESERVED] = "boolean", [KIND_ISSUER] = "text",  [KIND_PAIRS] = "text[]",
		[KIND_HEAD] = "boolean"};
	char text[1024];
	int length = snprintf(text, sizeof(text), "SELECT citybigdata.%s(", route->function);
	int number = 0;

	if (!(route->flags & ROUTE_NO_CONTEXT))
	{
		length += snprintf(text + length, sizeof(text) - (size_t) length,
						   "$1::text,$2::inet,$3::text,$4::text,$5::bytea");
		number = CONTEXT_PARAMS;
	}
	for (int i = 0; i < ROUTE_PARAMS && route->params[i].name != NULL && route->params[i].kind != KIND_LOCAL;
		 i++)
	{
		length += snprintf(text + length, sizeof(text) - (size_t) length, "%s$%d::%s", number > 0 ? "," : "",
						   number + 1, types[route->params[i].kind]);
		number++;
	}
	snprintf(text + length, sizeof(text) - (size_t) length, ")");
	*parameters = number;
	return CopyString(text);
}

void
RoutesStart(void)
{
	for (int i = 0; i < ROUTES; i++)
	{
		const Route *route = &routes[i];

		Split((Span){route->path, strlen(route->path)}, prepared[i].segments, &prepared[i].count);
		while (prepared[i].params < ROUTE_PARAMS && route->params[prepared[i].params].name != NULL)
			prepared[i].params++;
		if (route->function == NULL || (prepared[i].shared = EarlierStatement(i)) != NULL)
			continue;
		prepared[i].shared = &prepared[i].statement;
		prepared[i].statement.number = i;
		prepared[i].statement.name = route->function;
		prepared[i].statement.sql = StatementText(route, &prepared[i].statement.parameters);
	}
}

void
RoutesStop(void)
{
	for (int i = 0; i < ROUTES; i++)
		free((char *) prepared[i].statement.sql);
}

/* Does the raw segment, decoded, equal the literal? */
static bool
SegmentEquals(Span raw, Span literal)
{
	char decoded[64];
	TextError error;
	ptrdiff_t length;

	if (SpanEquals(raw, literal))
		return true;
	if (memchr(raw.text, '%', raw.length) == NULL || raw.length > sizeof(decoded))
		return false;
	length = PercentDecode(raw.text, raw.length, decoded, false, &error);
	return length >= 0 && SpanEquals((Span){decoded, (size_t) length}, literal);
}

static bool
PathMatches(int row, const Span *segments, int count, Span *values)
{
	int value = 0;

	if (count != prepared[row].count)
		return false;
	for (int i = 0; i < count; i++)
	{
		Span wanted = prepared[row].segments[i];

		if (wanted.length > 0 && wanted.text[0] == '{')
		{
			if (segments[i].length == 0)
				return false;
			values[value++] = segments[i];
		}
		else if (!SegmentEquals(segments[i], wanted))
			return false;
	}
	return true;
}

void
RouteFind(Span path, Method method, RouteMatch *match)
{
	Span segments[PATH_SEGMENTS];
	int count;

	match->route = NULL;
	match->methods = 0;
	if (!Split(path, segments, &count))
		return;
	for (int i = 0; i < ROUTES && match->route == NULL; i++)
	{
		if (!PathMatches(i, segments, count, match->values))
			continue;
		match->methods |= routes[i].method;
		match->path = routes[i].path;
		if (routes[i].method == method)
			match->route = &routes[i];
	}
}

const Route *
RouteAt(int row)
{
	return row < ROUTES ? &routes[row] : NULL;
}

const Statement *
RouteStatement(const Route *route)
{
	return prepared[route - routes].shared;
}

int
RouteParamCount(const Route *route)
{
	return prepared[route - routes].params;
}

const Statement *
ReserveStatement(void)
{
	return &reserve;
}

const Statement *
SliceStatement(void)
{
	return &slice;
}

const Statement *
AuditStatement(void)
{
	return &audit;
}

const Statement *
MaintainStatement(void)
{
	return &maintain;
}

/* Who may call: nobody need be known, an account by HTTP Basic too, or whoever Authorise() of the extension
 * knows. */
static const char *
Authentication(const Route *route)
{
	return route->flags & ROUTE_OPEN ? "open" : route->flags & ROUTE_BASIC ? "basic" : "caller";
}

static void
PrintText(const char *name, const char *text)
{
	if (text == NULL)
		printf(",\"%s\":null", name);
	else
		printf(",\"%s\":\"%s\"", name, text);
}

static const char *
JsonBool(int flag)
{
	return flag ? "true" : "false";
}

void
RoutesPrint(void)
{
	for (int i = 0; i < ROUTES; i++)
	{
		const Route *route = &routes[i];

		printf("{\"method\":\"%s\"", route->method == METHOD_POST ? "POST" : "GET");
		PrintText("path", route->path);
		PrintText("lane", lane_names[route->lane]);
		PrintText("authentication", Authentication(route));
		PrintText("resource", route->resource);
		PrintText("role", route->role);
		PrintText("function", route->function);
		printf(",\"password\":%s,\"once\":%s,\"vendor\":%s,\"oauth\":%s,\"page\":%s,\"parameters\":[",
			   JsonBool(route->flags & (ROUTE_PASSWORD | ROUTE_HASHES)), JsonBool(route->flags & ROUTE_ONCE),
			   JsonBool(route->flags & ROUTE_VENDOR), JsonBool(route->flags & ROUTE_OAUTH),
			   JsonBool(route->flags & ROUTE_PAGE));
		for (int n = 0; n < ROUTE_PARAMS && route->params[n].name != NULL; n++)
			if (route->params[n].name[0] != '\0')
				printf("%s\"%s\"", n > 0 ? "," : "", route->params[n].name);
		puts("]}");
	}
}

const char *
AllowedMethods(int methods, const Route *route)
{
	if (route != NULL && (route->flags & ROUTE_ONCE))
		return methods & METHOD_POST ? "GET, POST" : "GET";
	switch (methods & (METHOD_GET | METHOD_POST))
	{
		case METHOD_GET:
			return "GET, HEAD";
		case METHOD_POST:
			return "POST";
		default:
			return "GET, HEAD, POST";
	}
}
