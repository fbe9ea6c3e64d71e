/*
 * The route table: every address of the platform, one row each. What the columns mean: request/routes.h;
 * the kinds: kind/kinds.h. The first row whose path fits is taken, so literal segments stand before
 * parameters.
 *
 * A new endpoint is a row here, its words in web/manual/ (the build's check says which are missing), and
 * its function in the extension.
 */
#include "server/route_table.h"

#include "kind/kinds.h"
#include "manual/manual.h"
#include "wire/paths.h"

#define ANYWHERE     (IN_QUERY | IN_BODY)
#define COLUMNS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Parameters of the authorisation endpoint, and client authentication in the body. */
#define AUTHORIZE(from)                                                                                      \
	{"response_type", PARAM_TEXT, from}, {"client_id", PARAM_TEXT, from},                                    \
		{"redirect_uri", PARAM_TEXT, from}, {"scope", PARAM_TEXT, from}, {"state", PARAM_TEXT, from},        \
		{"code_challenge", PARAM_TEXT, from}, {"code_challenge_method", PARAM_TEXT, from},                   \
		{"prompt", PARAM_TEXT, from}, {"", PARAM_ISSUER, 0},                                                 \
	{                                                                                                        \
		"", PARAM_SESSION, 0                                                                                 \
	}
/* The parameters of published data. */
#define PAIRS                                                                                                \
	{"resource", PARAM_TEXT, IN_PATH}, {"", PARAM_PAIR_NAMES, 0}, {"", PARAM_PAIR_VALUES, 0},                \
	{                                                                                                        \
		"If-None-Match", PARAM_TAGS, IN_HEADER                                                               \
	}
/* The parameters of what describes a layer of tiles. */
#define LAYER                                                                                                \
	{"layer", PARAM_TEXT, IN_PATH}, {"", PARAM_ISSUER, 0}, {"", PARAM_PAIR_NAMES, 0},                        \
		{"", PARAM_PAIR_VALUES, 0},                                                                          \
	{                                                                                                        \
		"If-None-Match", PARAM_TAGS, IN_HEADER                                                               \
	}
/* The parameters of table A.2. */
#define PREVIEW                                                                                              \
	{"cameraIndexCode", PARAM_TEXT, IN_BODY}, {"streamType", PARAM_TEXT, IN_BODY},                           \
		{"protocol", PARAM_TEXT, IN_BODY}, {"transmode", PARAM_TEXT, IN_BODY},                               \
	{                                                                                                        \
		"expand", PARAM_TEXT, IN_BODY                                                                        \
	}
/* The key of an application, of which the function gets the digest. */
#define API_KEY(from)                                                                                        \
	{                                                                                                        \
		"api_key", PARAM_DIGEST, from                                                                        \
	}
/* What a gateway calls with: its token, of which the function gets the digest, and whatever it has to say. */
#define GATEWAY_CALL                                                                                         \
	{"token", PARAM_DIGEST, IN_PATH}, {"", PARAM_PAIR_NAMES, 0},                                             \
	{                                                                                                        \
		"", PARAM_PAIR_VALUES, 0                                                                             \
	}
/* A call of OGC API Features: where its addresses begin, and the parameters that the function knows. */
#define OGC_CALL                                                                                             \
	{"", PARAM_BASE, 0}, {"", PARAM_PAIR_NAMES, 0},                                                          \
	{                                                                                                        \
		"", PARAM_PAIR_VALUES, 0                                                                             \
	}
/* What is read again when it has changed. */
#define OGC_TAGS                                                                                             \
	{                                                                                                        \
		"If-None-Match", PARAM_TAGS, IN_HEADER                                                               \
	}
/* Behind a sealed base; the function does not get its token. */
#define OGC_SEALED                                                                                           \
	{                                                                                                        \
		"sealed", PARAM_LOCAL, IN_PATH                                                                       \
	}
#define OGC_COLLECTION                                                                                       \
	{                                                                                                        \
		"collection", PARAM_TEXT, IN_PATH                                                                    \
	}
#define OGC_FEATURE                                                                                          \
	{                                                                                                        \
		"fid", PARAM_TEXT, IN_PATH                                                                           \
	}
#define CLIENT                                                                                               \
	{"client_id", PARAM_TEXT, IN_BODY},                                                                      \
	{                                                                                                        \
		"client_secret", PARAM_TEXT, IN_BODY                                                                 \
	}

/* clang-format off */
const Route route_table[] = {
	/* accounts and access (5.2-a) */
	{METHOD_POST, API_PATH "/accounts", LANE_LOGIN, &kind_envelope, "rest_account_register", ROUTE_OPEN | ROUTE_HASHES,
	 {{"userName", PARAM_TEXT, IN_BODY}, {"password", PARAM_TEXT, IN_BODY}, {"organization", PARAM_TEXT, IN_BODY},
	  {"contactName", PARAM_TEXT, IN_BODY}, {"mobile", PARAM_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/accounts/password", LANE_LOGIN, &kind_envelope, "rest_account_password", ROUTE_OPEN | ROUTE_PASSWORD | ROUTE_HASHES,
	 {{"userName", PARAM_TEXT, IN_BODY}, {"password", PARAM_TEXT, IN_BODY}, {"newPassword", PARAM_TEXT, IN_BODY},
	  {"totp", PARAM_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/access-requests", LANE_WRITE, &kind_envelope, "rest_access_request", ROUTE_BASIC,
	 {{"platformCode", PARAM_TEXT, IN_BODY}, {"resources", PARAM_LIST, IN_BODY}, {"purpose", PARAM_TEXT, IN_BODY},
	  {"methods", PARAM_LIST, IN_BODY}, {"ipRanges", PARAM_LIST, IN_BODY}, {"senderCodes", PARAM_LIST, IN_BODY},
	  {"profile", PARAM_TEXT, IN_BODY}, {"level", PARAM_TEXT, IN_BODY}, {"validUntil", PARAM_TEXT, IN_BODY},
	  {"redirectUris", PARAM_LIST, IN_BODY}, {"clientType", PARAM_TEXT, IN_BODY}, {"X-TOTP", PARAM_TEXT, IN_HEADER}}},
	{METHOD_GET, API_PATH "/access-requests/{id}", LANE_WRITE, &kind_envelope, "rest_access_request_state", ROUTE_BASIC | ROUTE_ONCE | ROUTE_SECRET,
	 {{"id", PARAM_TEXT, IN_PATH}, {"X-TOTP", PARAM_TEXT, IN_HEADER}}},
	/* administration */
	{METHOD_POST, API_PATH "/admin/login", LANE_LOGIN, &kind_envelope, "rest_admin_login", ROUTE_OPEN | ROUTE_PASSWORD | ROUTE_SECRET,
	 {{"userName", PARAM_TEXT, IN_BODY}, {"password", PARAM_TEXT, IN_BODY}, {"totp", PARAM_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/approve", LANE_WRITE, &kind_envelope, "rest_account_approve", 0,
	 {{"id", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/reject", LANE_WRITE, &kind_envelope, "rest_account_reject", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/suspend", LANE_WRITE, &kind_envelope, "rest_account_suspend", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/resume", LANE_WRITE, &kind_envelope, "rest_account_resume", 0,
	 {{"id", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/revoke", LANE_WRITE, &kind_envelope, "rest_account_revoke", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/expire", LANE_WRITE, &kind_envelope, "rest_account_expire", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"validUntil", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/role", LANE_WRITE, &kind_envelope, "rest_account_role", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"role", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/second-factor", LANE_WRITE, &kind_envelope, "rest_account_second_factor", ROUTE_SECRET,
	 {{"id", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_GET, API_PATH "/admin/accounts", LANE_WRITE, &kind_envelope, "rest_admin_accounts", 0,
	 {{"state", PARAM_TEXT, IN_QUERY}, {"userName", PARAM_TEXT, IN_QUERY}, {"role", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/reset-password", LANE_LOGIN, &kind_envelope, "rest_account_reset_password", ROUTE_HASHES | ROUTE_SECRET,
	 {{"id", PARAM_TEXT, IN_PATH}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/accounts/{id}/unlock", LANE_WRITE, &kind_envelope, "rest_account_unlock", 0,
	 {{"id", PARAM_TEXT, IN_PATH}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/suspend", LANE_WRITE, &kind_envelope, "rest_application_suspend", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/resume", LANE_WRITE, &kind_envelope, "rest_application_resume", 0,
	 {{"application", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/revoke", LANE_WRITE, &kind_envelope, "rest_application_revoke", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/expire", LANE_WRITE, &kind_envelope, "rest_application_expire", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"validUntil", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants", LANE_WRITE, &kind_envelope, "rest_grant_add", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"resource", PARAM_TEXT, ANYWHERE}, {"level", PARAM_TEXT, ANYWHERE},
	  {"validUntil", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/suspend", LANE_WRITE, &kind_envelope, "rest_grant_suspend", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"resource", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/resume", LANE_WRITE, &kind_envelope, "rest_grant_resume", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"resource", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/revoke", LANE_WRITE, &kind_envelope, "rest_grant_revoke", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"resource", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/grants/{resource}/expire", LANE_WRITE, &kind_envelope, "rest_grant_expire", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"resource", PARAM_TEXT, IN_PATH}, {"validUntil", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	{METHOD_GET, API_PATH "/admin/applications", LANE_WRITE, &kind_envelope, "rest_admin_applications", 0,
	 {{"state", PARAM_TEXT, IN_QUERY}, {"accountId", PARAM_TEXT, IN_QUERY}, {"application", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/rotate", LANE_WRITE, &kind_envelope, "rest_application_rotate", ROUTE_SECRET,
	 {{"application", PARAM_TEXT, IN_PATH}, {"overlap", PARAM_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/applications/{application}/limit", LANE_WRITE, &kind_envelope, "rest_application_limit", 0,
	 {{"application", PARAM_TEXT, IN_PATH}, {"resource", PARAM_TEXT, IN_BODY}, {"perSecond", PARAM_TEXT, IN_BODY},
	  {"burst", PARAM_TEXT, IN_BODY}, {"dailyQuota", PARAM_TEXT, IN_BODY}}, .role = "sysadmin, secadmin"},
	{METHOD_GET, API_PATH "/admin/proposals", LANE_WRITE, &kind_envelope, "rest_admin_proposals", 0,
	 {{"state", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/proposals", LANE_WRITE, &kind_envelope, "rest_proposal_add", 0,
	 {{"action", PARAM_TEXT, ANYWHERE}, {"accountId", PARAM_TEXT, ANYWHERE}, {"role", PARAM_TEXT, ANYWHERE},
	  {"accessRequestId", PARAM_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/proposals/{id}/confirm", LANE_WRITE, &kind_envelope, "rest_proposal_confirm", ROUTE_SECRET,
	 {{"id", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/proposals/{id}/refuse", LANE_WRITE, &kind_envelope, "rest_proposal_refuse", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "sysadmin, secadmin"},
	{METHOD_GET, API_PATH "/admin/units", LANE_WRITE, &kind_envelope, "rest_admin_units", 0,
	 {{"parent", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/units", LANE_WRITE, &kind_envelope, "rest_unit_save", 0,
	 {{"unit", PARAM_TEXT, IN_BODY}, {"name", PARAM_TEXT, IN_BODY}, {"parent", PARAM_TEXT, IN_BODY}, {"divisions", PARAM_LIST, IN_BODY},
	  {"types", PARAM_LIST, IN_BODY}, {"contact", PARAM_TEXT, IN_BODY}, {"telephone", PARAM_TEXT, IN_BODY}, {"calendar", PARAM_TEXT, IN_BODY},
	  {"state", PARAM_TEXT, IN_BODY}, {"remove", PARAM_TEXT, IN_BODY | OR_TRUTH}, {"items", PARAM_JSON, IN_BODY}, {"csv", PARAM_TEXT, IN_BODY}},
	 .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/posts", LANE_WRITE, &kind_envelope, "rest_admin_posts", 0,
	 {{"account", PARAM_TEXT, IN_QUERY}, {"role", PARAM_TEXT, IN_QUERY}, {"unit", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY},
	  {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/posts", LANE_WRITE, &kind_envelope, "rest_post_save", 0,
	 {{"account", PARAM_TEXT, IN_BODY}, {"role", PARAM_TEXT, IN_BODY}, {"unit", PARAM_TEXT, IN_BODY}, {"division", PARAM_TEXT, IN_BODY},
	  {"from", PARAM_TEXT, IN_BODY}, {"to", PARAM_TEXT, IN_BODY}, {"delegate", PARAM_TEXT, IN_BODY}, {"delegateFrom", PARAM_TEXT, IN_BODY},
	  {"delegateTo", PARAM_TEXT, IN_BODY}, {"postId", PARAM_TEXT, IN_BODY}, {"remove", PARAM_TEXT, IN_BODY | OR_TRUTH}, {"items", PARAM_JSON, IN_BODY},
	  {"csv", PARAM_TEXT, IN_BODY}}, .role = "secadmin"},
	{METHOD_GET, API_PATH "/admin/grids", LANE_WRITE, &kind_envelope, "rest_admin_grids", 0,
	 {{"division", PARAM_TEXT, IN_QUERY}, {"unit", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/grids", LANE_WRITE, &kind_envelope, "rest_grid_save", 0,
	 {{"grid", PARAM_TEXT, IN_BODY}, {"name", PARAM_TEXT, IN_BODY}, {"division", PARAM_TEXT, IN_BODY}, {"inspector", PARAM_TEXT, IN_BODY},
	  {"unit", PARAM_TEXT, IN_BODY}, {"geometry", PARAM_JSON, IN_BODY}, {"remove", PARAM_TEXT, IN_BODY | OR_TRUTH}, {"items", PARAM_JSON, IN_BODY},
	  {"csv", PARAM_TEXT, IN_BODY}, {"features", PARAM_JSON, IN_BODY}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/responsibilities", LANE_WRITE, &kind_envelope, "rest_admin_responsibilities", 0,
	 {{"type", PARAM_TEXT, IN_QUERY}, {"division", PARAM_TEXT, IN_QUERY}, {"unit", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/responsibilities", LANE_WRITE, &kind_envelope, "rest_responsibility_save", 0,
	 {{"type", PARAM_TEXT, IN_BODY}, {"division", PARAM_TEXT, IN_BODY}, {"unit", PARAM_TEXT, IN_BODY}, {"remove", PARAM_TEXT, IN_BODY | OR_TRUTH},
	  {"items", PARAM_JSON, IN_BODY}, {"csv", PARAM_TEXT, IN_BODY}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/lockouts", LANE_WRITE, &kind_envelope, "rest_admin_lockouts", 0,
	 {{"kind", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin, secadmin"},
	{METHOD_POST, API_PATH "/admin/lockouts/unlock", LANE_WRITE, &kind_envelope, "rest_lockout_unlock", 0,
	 {{"kind", PARAM_TEXT, IN_BODY}, {"subject", PARAM_TEXT, IN_BODY}}, .role = "sysadmin, secadmin"},
	{METHOD_GET, API_PATH "/admin/audit", LANE_WRITE, &kind_envelope, "rest_admin_audit", 0,
	 {{"since", PARAM_TEXT, IN_QUERY}, {"until", PARAM_TEXT, IN_QUERY}, {"action", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "auditor"},
	{METHOD_GET, API_PATH "/admin/processes", LANE_WRITE, &kind_envelope, "rest_admin_processes", 0,
	 {{"process", PARAM_TEXT, IN_QUERY}, {"version", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/processes", LANE_WRITE, &kind_envelope, "rest_process_save", 0,
	 {{"definition", PARAM_JSON, IN_BODY}, {"dryRun", PARAM_BOOL, ANYWHERE}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/outbox", LANE_WRITE, &kind_envelope, "rest_admin_outbox", 0,
	 {{"purpose", PARAM_TEXT, IN_QUERY}, {"destination", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/outbox", LANE_WRITE, &kind_envelope, "rest_outbox_change", 0,
	 {{"action", PARAM_TEXT, IN_BODY}, {"messageIds", PARAM_LIST, IN_BODY}, {"purpose", PARAM_TEXT, IN_BODY}, {"destination", PARAM_TEXT, IN_BODY}},
	 .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/media-fetches", LANE_WRITE, &kind_envelope, "rest_admin_media_fetches", 0,
	 {{"state", PARAM_TEXT, IN_QUERY}, {"taskNum", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/access-requests", LANE_WRITE, &kind_envelope, "rest_admin_access_requests", 0,
	 {{"state", PARAM_TEXT, IN_QUERY}, {"accountId", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/access-requests/{id}/approve", LANE_WRITE, &kind_envelope, "rest_access_approve", 0,
	 {{"id", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	{METHOD_POST, API_PATH "/admin/access-requests/{id}/reject", LANE_WRITE, &kind_envelope, "rest_access_reject", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"reason", PARAM_TEXT, ANYWHERE}}, .role = "secadmin"},
	/* cameras (A.3) */
	{METHOD_GET, API_PATH "/admin/cameras", LANE_WRITE, &kind_envelope, "rest_admin_cameras", 0,
	 {{"provider", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY}, {"q", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/cameras", LANE_WRITE, &kind_envelope, "rest_camera_save", ROUTE_EVENT_BODY,
	 {{"items", PARAM_JSON, IN_BODY}, {"csv", PARAM_TEXT, IN_BODY}, {"features", PARAM_JSON, IN_BODY}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/camera-providers", LANE_WRITE, &kind_envelope, "rest_admin_camera_providers", 0,
	 {{"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/camera-providers", LANE_WRITE, &kind_envelope, "rest_camera_provider_save", 0,
	 {{"provider", PARAM_TEXT, IN_BODY}, {"title", PARAM_TEXT, IN_BODY}, {"kind", PARAM_TEXT, IN_BODY}, {"state", PARAM_TEXT, IN_BODY},
	  {"secret", PARAM_TEXT, IN_BODY}, {"rtspUrl", PARAM_TEXT, IN_BODY}, {"rtmpUrl", PARAM_TEXT, IN_BODY}, {"hlsUrl", PARAM_TEXT, IN_BODY},
	  {"wsUrl", PARAM_TEXT, IN_BODY}, {"networks", PARAM_LIST, IN_BODY}, {"transcoders", PARAM_TEXT, IN_BODY}, {"url", PARAM_TEXT, IN_BODY},
	  {"appKey", PARAM_TEXT, IN_BODY}, {"version", PARAM_TEXT, IN_BODY}, {"query", PARAM_TEXT, IN_BODY}, {"unknownCodes", PARAM_LIST, IN_BODY},
	  {"offlineCodes", PARAM_LIST, IN_BODY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/camera-providers/{provider}/remove", LANE_WRITE, &kind_envelope, "rest_camera_provider_remove", 0,
	 {{"provider", PARAM_TEXT, IN_PATH}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/camera-providers/{provider}/list", LANE_WRITE, &kind_envelope, "rest_camera_provider_list", 0,
	 {{"provider", PARAM_TEXT, IN_PATH}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/camera-plays", LANE_WRITE, &kind_envelope, "rest_admin_camera_plays", 0,
	 {{"camera", PARAM_TEXT, IN_QUERY}, {"application", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "secadmin, auditor"},
	{METHOD_POST, API_PATH "/admin/camera-plays/{playId}/revoke", LANE_WRITE, &kind_envelope, "rest_admin_camera_play_revoke", 0,
	 {{"playId", PARAM_TEXT, IN_PATH}}, .role = "secadmin"},
	/* deadlines of cases (4) */
	{METHOD_GET, API_PATH "/admin/conditions", LANE_WRITE, &kind_envelope, "rest_admin_conditions", 0,
	 {{"type", PARAM_TEXT, IN_QUERY}, {"active", PARAM_TEXT, IN_QUERY}, {"q", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/conditions", LANE_WRITE, &kind_envelope, "rest_condition_save", 0,
	 {{"conditions", PARAM_JSON, IN_BODY}, {"csv", PARAM_TEXT, IN_BODY}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/calendars", LANE_WRITE, &kind_envelope, "rest_admin_calendars", 0,
	 {{"calendar", PARAM_TEXT, IN_QUERY}, {"year", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/calendars", LANE_WRITE, &kind_envelope, "rest_calendar_save", 0,
	 {{"calendar", PARAM_TEXT, IN_BODY}, {"title", PARAM_TEXT, IN_BODY}, {"titleZh", PARAM_TEXT, IN_BODY}, {"holidays", PARAM_TEXT, IN_BODY},
	  {"hours", PARAM_JSON, IN_BODY}, {"hoursFrom", PARAM_TEXT, IN_BODY}, {"dayMinutes", PARAM_TEXT, IN_BODY}, {"years", PARAM_JSON, IN_BODY},
	  {"days", PARAM_JSON, IN_BODY}, {"source", PARAM_TEXT, IN_BODY}, {"csv", PARAM_TEXT, IN_BODY}}, .role = "sysadmin"},
	/* rules (4) */
	{METHOD_GET, API_PATH "/admin/rules", LANE_WRITE, &kind_envelope, "rest_admin_rules", 0,
	 {{"code", PARAM_TEXT, IN_QUERY}, {"active", PARAM_TEXT, IN_QUERY}, {"failing", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/rules", LANE_WRITE, &kind_envelope, "rest_rule_save", 0,
	 {{"rules", PARAM_JSON, IN_BODY}, {"dryRun", PARAM_BOOL, ANYWHERE}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/rules/explain", LANE_WRITE, &kind_envelope, "rest_rule_explain", 0,
	 {{"event", PARAM_JSON, IN_BODY}, {"every", PARAM_BOOL, ANYWHERE}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/rules/dry-run", LANE_WRITE, &kind_envelope, "rest_rule_dry_run", 0,
	 {{"rule", PARAM_JSON, IN_BODY}, {"timeRange", PARAM_TEXT, ANYWHERE}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/gateways", LANE_WRITE, &kind_envelope, "rest_admin_gateways", 0,
	 {{"state", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/gateways", LANE_WRITE, &kind_envelope, "rest_gateway_save", ROUTE_SECRET,
	 {{"gateway", PARAM_JSON, IN_BODY}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/sms/policies", LANE_WRITE, &kind_envelope, "rest_admin_sms_policies", 0,
	 {{"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/sms/policies", LANE_WRITE, &kind_envelope, "rest_sms_policy_save", 0,
	 {{"policy", PARAM_JSON, IN_BODY}}, .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/sms/templates", LANE_WRITE, &kind_envelope, "rest_admin_sms_templates", 0,
	 {{"state", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/sms/templates", LANE_WRITE, &kind_envelope, "rest_sms_template_save", 0,
	 {{"code", PARAM_TEXT, IN_BODY}, {"title", PARAM_TEXT, IN_BODY}, {"content", PARAM_TEXT, IN_BODY}, {"state", PARAM_TEXT, IN_BODY}},
	 .role = "sysadmin"},
	{METHOD_GET, API_PATH "/admin/sms/blocks", LANE_WRITE, &kind_envelope, "rest_admin_sms_blocks", 0,
	 {{"mobile", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}}, .role = "sysadmin"},
	{METHOD_POST, API_PATH "/admin/sms/blocks", LANE_WRITE, &kind_envelope, "rest_sms_block", 0,
	 {{"action", PARAM_TEXT, IN_BODY}, {"mobileStr", PARAM_TEXT, IN_BODY}, {"app", PARAM_TEXT, IN_BODY}, {"note", PARAM_TEXT, IN_BODY}},
	 .role = "sysadmin"},
	/* SMS (A.2): what gateways report, and what applications read of it */
	{METHOD_GET, "/gateway/sms/report/{token}", LANE_WRITE, &kind_gateway, "rest_sms_report", ROUTE_OPEN | ROUTE_ONCE, {GATEWAY_CALL}},
	{METHOD_POST, "/gateway/sms/report/{token}", LANE_WRITE, &kind_gateway, "rest_sms_report", ROUTE_OPEN, {GATEWAY_CALL}},
	{METHOD_GET, "/gateway/sms/reply/{token}", LANE_WRITE, &kind_gateway, "rest_sms_reply", ROUTE_OPEN | ROUTE_ONCE, {GATEWAY_CALL}},
	{METHOD_POST, "/gateway/sms/reply/{token}", LANE_WRITE, &kind_gateway, "rest_sms_reply", ROUTE_OPEN, {GATEWAY_CALL}},
	{METHOD_GET, API_PATH "/sms/messages/{msgId}", LANE_FAST, &kind_envelope, "rest_sms_message", 0, {{"msgId", PARAM_TEXT, IN_PATH}}, .resource = "sms"},
	{METHOD_GET, API_PATH "/sms/replies", LANE_FAST, &kind_envelope, "rest_sms_replies", 0,
	 {{"timeRange", PARAM_TEXT, IN_QUERY}, {"msgId", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .resource = "sms"},
	/* codes and tokens (5.2-e, 5.3.5, 5.5) */
	{METHOD_POST, API_PATH "/auth/code", LANE_WRITE, &kind_envelope, "rest_auth_code", ROUTE_OPEN | ROUTE_PASSWORD | ROUTE_SECRET,
	 {{"method", PARAM_TEXT, ANYWHERE}, {"key", PARAM_TEXT, IN_BODY}, {"userName", PARAM_TEXT, IN_BODY},
	  {"password", PARAM_TEXT, IN_BODY}, {"", PARAM_RESERVED, 0}, {"totp", PARAM_TEXT, IN_BODY}}},
	{METHOD_POST, API_PATH "/auth/token", LANE_WRITE, &kind_envelope, "rest_auth_token", ROUTE_OPEN | ROUTE_SECRET,
	 {{"authCode", PARAM_DIGEST, IN_BODY}, {"resources", PARAM_LIST, IN_BODY}, {"level", PARAM_TEXT, IN_BODY},
	  {"bindAddress", PARAM_BOOL, IN_BODY}}},
	{METHOD_POST, API_PATH "/auth/revoke", LANE_WRITE, &kind_envelope, "rest_auth_revoke", 0,
	 {{"token", PARAM_DIGEST, IN_BODY, "accessToken"}}},
	{METHOD_POST, API_PATH "/auth/introspect", LANE_WRITE, &kind_envelope, "rest_auth_introspect", 0,
	 {{"token", PARAM_DIGEST, IN_BODY, "accessToken"}}},
	/* sealed service addresses (5.2-c, d) */
	{METHOD_POST, API_PATH "/auth/sealed-url", LANE_WRITE, &kind_envelope, "rest_seal_url", ROUTE_PASSWORD | ROUTE_SECRET,
	 {{"resource", PARAM_TEXT, IN_BODY}, {"params", PARAM_JSON, IN_BODY}, {"expiresIn", PARAM_TEXT, IN_BODY},
	  {"cidr", PARAM_TEXT, IN_BODY}, {"maxUses", PARAM_TEXT, IN_BODY}, {"key", PARAM_TEXT, IN_BODY},
	  {"userName", PARAM_TEXT, IN_BODY}, {"password", PARAM_TEXT, IN_BODY}, {"totp", PARAM_TEXT, IN_BODY}}},
	{METHOD_GET, API_PATH "/s/{sealed}", LANE_WRITE, &kind_sealed, "rest_open_url", ROUTE_OPEN | ROUTE_ONCE,
	 {{"sealed", PARAM_TEXT, IN_PATH}}},
	{METHOD_GET, API_PATH "/s/{sealed}/{z}/{x}/{y}.mvt", LANE_WRITE, &kind_sealed, "rest_open_url", ROUTE_OPEN | ROUTE_ONCE,
	 {{"sealed", PARAM_TEXT, IN_PATH}, {"z", PARAM_LOCAL, IN_PATH}, {"x", PARAM_LOCAL, IN_PATH}, {"y", PARAM_LOCAL, IN_PATH}}},
	/* pictures, videos, files (5.4.4-b) */
	{METHOD_GET, API_PATH "/media/{id}", LANE_DATA, &kind_media, "rest_media", ROUTE_OPEN,
	 {{"id", PARAM_TEXT, IN_PATH}, {"Range", PARAM_TEXT, IN_HEADER}, {"If-None-Match", PARAM_TAGS, IN_HEADER}, {"If-Range", PARAM_TEXT, IN_HEADER},
	  {"", PARAM_HEAD, 0}, {"thumbnail", PARAM_BOOL, IN_QUERY}}, .more = "rest_media_slice"},
	/* OAuth 2.0 (RFC 6749, 7009, 7662, 8414) */
	{METHOD_GET, "/oauth/authorize", LANE_WRITE, &kind_page, "rest_oauth_authorize_check", ROUTE_OPEN | ROUTE_CLIENT_BASIC,
	 {AUTHORIZE(IN_QUERY), {"ui_locales", PARAM_LOCAL, IN_QUERY}}},
	{METHOD_POST, "/oauth/authorize", LANE_WRITE, &kind_page, "rest_oauth_authorize_decide",
	 ROUTE_OPEN | ROUTE_CLIENT_BASIC | ROUTE_PASSWORD,
	 {AUTHORIZE(IN_BODY), {"userName", PARAM_TEXT, IN_BODY}, {"password", PARAM_TEXT, IN_BODY}, {"decision", PARAM_TEXT, IN_BODY},
	  {"totp", PARAM_TEXT, IN_BODY}, {"form_token", PARAM_LOCAL, IN_BODY}, {"ui_locales", PARAM_LOCAL, IN_BODY}}},
	{METHOD_POST, "/oauth/logout", LANE_WRITE, &kind_logout, "rest_oauth_logout", ROUTE_OPEN | ROUTE_CLIENT_BASIC, {{"", PARAM_SESSION, 0}}},
	{METHOD_POST, "/oauth/token", LANE_WRITE, &kind_oauth, "rest_oauth_token", ROUTE_OPEN | ROUTE_CLIENT_BASIC,
	 {{"grant_type", PARAM_TEXT, IN_BODY}, {"code", PARAM_DIGEST, IN_BODY}, {"redirect_uri", PARAM_TEXT, IN_BODY},
	  {"code_verifier", PARAM_TEXT, IN_BODY}, {"refresh_token", PARAM_DIGEST, IN_BODY}, {"scope", PARAM_TEXT, IN_BODY}, CLIENT}},
	{METHOD_POST, "/oauth/revoke", LANE_WRITE, &kind_oauth, "rest_oauth_revoke", ROUTE_OPEN | ROUTE_CLIENT_BASIC,
	 {{"token", PARAM_DIGEST, IN_BODY}, {"token_type_hint", PARAM_TEXT, IN_BODY}, CLIENT}},
	{METHOD_POST, "/oauth/introspect", LANE_WRITE, &kind_oauth, "rest_oauth_introspect", ROUTE_OPEN | ROUTE_CLIENT_BASIC,
	 {{"token", PARAM_DIGEST, IN_BODY}, {"token_type_hint", PARAM_TEXT, IN_BODY}, CLIENT}},
	{METHOD_GET, "/.well-known/oauth-authorization-server", LANE_NONE, &kind_oauth, NULL, ROUTE_OPEN | ROUTE_CLIENT_BASIC, {{NULL}}, .local = OauthMetadata},
	{METHOD_GET, "/console/config.json", LANE_FAST, &kind_oauth, "rest_console_config", ROUTE_OPEN | ROUTE_NO_CONTEXT | ROUTE_CLIENT_BASIC, {{NULL}}},
	/* events (A.4) */
	{METHOD_POST, API_PATH "/events", LANE_WRITE, &kind_envelope, "rest_event_report", ROUTE_EVENT_BODY,
	 {{"senderCode", PARAM_TEXT, ANYWHERE}, {"actionType", PARAM_TEXT, ANYWHERE}, {"data", PARAM_JSON, IN_BODY},
	  {"dryRun", PARAM_BOOL, ANYWHERE}, {"Idempotency-Key", PARAM_TEXT, IN_HEADER}, {"", PARAM_BODY_DIGEST, 0}}, .resource = "events"},
	{METHOD_POST, "/openapi/v2/upstream", LANE_WRITE, &kind_vendor, "rest_event_upstream", ROUTE_EVENT_BODY | ROUTE_ADDRESS,
	 {{"senderCode", PARAM_TEXT, ANYWHERE}, {"actionType", PARAM_TEXT, ANYWHERE}, {"data", PARAM_JSON, ANYWHERE}}, .resource = "events"},
	{METHOD_POST, "/openapi/v2/upstream/uprecreport", LANE_WRITE, &kind_vendor, "rest_event_upstream", ROUTE_EVENT_BODY | ROUTE_ADDRESS,
	 {{"senderCode", PARAM_TEXT, ANYWHERE}, {"actionType", PARAM_TEXT, ANYWHERE}, {"data", PARAM_JSON, ANYWHERE}}, .resource = "events"},
	{METHOD_POST, API_PATH "/events/steps", LANE_WRITE, &kind_envelope, "rest_case_bulk", ROUTE_EVENT_BODY,
	 {{"steps", PARAM_JSON, IN_BODY}, {"Idempotency-Key", PARAM_TEXT, IN_HEADER}, {"", PARAM_BODY_DIGEST, 0}}, .resource = "events"},
	{METHOD_POST, API_PATH "/events/{taskNum}/steps", LANE_WRITE, &kind_envelope, "rest_case_step", ROUTE_EVENT_BODY,
	 {{"taskNum", PARAM_TEXT, IN_PATH}, {"action", PARAM_TEXT, IN_BODY}, {"version", PARAM_TEXT, IN_BODY}, {"result", PARAM_TEXT, IN_BODY},
	  {"note", PARAM_TEXT, IN_BODY}, {"reason", PARAM_TEXT, IN_BODY}, {"to", PARAM_JSON, IN_BODY}, {"until", PARAM_TEXT, IN_BODY},
	  {"conditionCode", PARAM_TEXT, IN_BODY}, {"medias", PARAM_JSON, IN_BODY}, {"evaluation", PARAM_TEXT, IN_BODY},
	  {"mainTaskNum", PARAM_TEXT, IN_BODY}, {"If-Match", PARAM_TEXT, IN_HEADER}, {"Idempotency-Key", PARAM_TEXT, IN_HEADER}, {"", PARAM_BODY_DIGEST, 0}}, .resource = "events"},
	{METHOD_GET, API_PATH "/events/{taskNum}/steps", LANE_FAST, &kind_envelope, "rest_case_steps", 0,
	 {{"taskNum", PARAM_TEXT, IN_PATH}, {"timeFormat", PARAM_TEXT, IN_QUERY}}, .resource = "events"},
	{METHOD_GET, API_PATH "/events/{taskNum}/actions", LANE_FAST, &kind_envelope, "rest_case_actions", 0,
	 {{"taskNum", PARAM_TEXT, IN_PATH}}, .resource = "events"},
	{METHOD_GET, API_PATH "/todo", LANE_FAST, &kind_envelope, "rest_case_todo", 0,
	 {{"role", PARAM_TEXT, IN_QUERY}, {"unit", PARAM_TEXT, IN_QUERY}, {"division", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY},
	  {"light", PARAM_TEXT, IN_QUERY}, {"type", PARAM_TEXT, IN_QUERY}, {"mine", PARAM_BOOL, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY},
	  {"cursor", PARAM_TEXT, IN_QUERY}, {"timeFormat", PARAM_TEXT, IN_QUERY}}, .resource = "events"},
	{METHOD_GET, API_PATH "/events/{taskNum}", LANE_FAST, &kind_envelope, "rest_event_get", 0,
	 {{"taskNum", PARAM_TEXT, IN_PATH}, {"timeFormat", PARAM_TEXT, IN_QUERY}, {"crs", PARAM_TEXT, IN_QUERY}}, .resource = "cases"},
	{METHOD_GET, API_PATH "/events", LANE_DATA, &kind_envelope, "rest_event_find", 0,
	 {{"otherTaskNum", PARAM_TEXT, IN_QUERY}, {"senderCode", PARAM_TEXT, IN_QUERY}, {"since", PARAM_TEXT, IN_QUERY},
	  {"timeFormat", PARAM_TEXT, IN_QUERY}, {"crs", PARAM_TEXT, IN_QUERY}, {"bbox", PARAM_TEXT, IN_QUERY},
	  {"divisionCode", PARAM_TEXT, IN_QUERY}, {"timeRange", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY},
	  {"light", PARAM_TEXT, IN_QUERY}, {"type", PARAM_TEXT, IN_QUERY}, {"unit", PARAM_TEXT, IN_QUERY}, {"q", PARAM_TEXT, IN_QUERY},
	  {"pageSize", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}}, .resource = "cases"},
	/* call-backs (4) */
	{METHOD_POST, API_PATH "/callbacks", LANE_WRITE, &kind_envelope, "rest_callback_save", ROUTE_SECRET,
	 {{"url", PARAM_TEXT, IN_BODY}, {"events", PARAM_LIST, IN_BODY}, {"senderCodes", PARAM_LIST, IN_BODY}, {"secret", PARAM_TEXT, IN_BODY},
	  {"signatures", PARAM_LIST, IN_BODY}}, .resource = "callbacks"},
	{METHOD_GET, API_PATH "/callbacks", LANE_FAST, &kind_envelope, "rest_callbacks", 0, {{NULL}}, .resource = "callbacks"},
	{METHOD_GET, API_PATH "/callbacks/{id}", LANE_FAST, &kind_envelope, "rest_callback", 0, {{"id", PARAM_TEXT, IN_PATH}}, .resource = "callbacks"},
	{METHOD_GET, API_PATH "/callbacks/{id}/deliveries", LANE_DATA, &kind_envelope, "rest_callback_deliveries", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"state", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}},
	 .resource = "callbacks"},
	{METHOD_POST, API_PATH "/callbacks/{id}/test", LANE_WRITE, &kind_envelope, "rest_callback_test", 0,
	 {{"id", PARAM_TEXT, IN_PATH}}, .resource = "callbacks"},
	{METHOD_POST, API_PATH "/callbacks/{id}/rotate", LANE_WRITE, &kind_envelope, "rest_callback_rotate", ROUTE_SECRET,
	 {{"id", PARAM_TEXT, IN_PATH}, {"secret", PARAM_TEXT, IN_BODY}, {"overlap", PARAM_TEXT, IN_BODY}}, .resource = "callbacks"},
	{METHOD_POST, API_PATH "/callbacks/{id}/disable", LANE_WRITE, &kind_envelope, "rest_callback_disable", 0,
	 {{"id", PARAM_TEXT, IN_PATH}}, .resource = "callbacks"},
	{METHOD_POST, API_PATH "/callbacks/{id}/enable", LANE_WRITE, &kind_envelope, "rest_callback_enable", 0,
	 {{"id", PARAM_TEXT, IN_PATH}}, .resource = "callbacks"},
	{METHOD_POST, API_PATH "/callbacks/{id}/deliveries/{deliveryId}/replay", LANE_WRITE, &kind_envelope, "rest_callback_replay", 0,
	 {{"id", PARAM_TEXT, IN_PATH}, {"deliveryId", PARAM_TEXT, IN_PATH}}, .resource = "callbacks"},
	/* SMS (A.2) */
	{METHOD_POST, API_PATH "/sms/messages", LANE_WRITE, &kind_envelope, "rest_sms_send", 0,
	 {{"tokenId", PARAM_DIGEST, IN_BODY}, {"mobileStr", PARAM_TEXT, IN_BODY}, {"content", PARAM_TEXT, IN_BODY}, {"msgId", PARAM_TEXT, IN_BODY},
	  {"needReply", PARAM_TEXT, IN_BODY | OR_TRUTH}, {"template", PARAM_TEXT, IN_BODY}, {"parameters", PARAM_JSON, IN_BODY}}, .resource = "sms"},
	/* cameras (A.3) */
	{METHOD_POST, API_PATH "/cameras/previewURLs", LANE_WRITE, &kind_asked, "rest_camera_preview", ROUTE_SECRET,
	 {PREVIEW}, .resource = "cameras", .more = "rest_camera_preview_answer"},
	{METHOD_GET, API_PATH "/cameras", LANE_DATA, &kind_envelope, "rest_cameras", 0,
	 {{"bbox", PARAM_TEXT, IN_QUERY}, {"divisionCode", PARAM_TEXT, IN_QUERY}, {"state", PARAM_TEXT, IN_QUERY}, {"near", PARAM_TEXT, IN_QUERY},
	  {"metres", PARAM_TEXT, IN_QUERY}, {"pageSize", PARAM_TEXT, IN_QUERY}, {"cursor", PARAM_TEXT, IN_QUERY}}, .resource = "cameras"},
	{METHOD_POST, API_PATH "/cameras/plays/{playId}/revoke", LANE_WRITE, &kind_envelope, "rest_camera_play_revoke", 0,
	 {{"playId", PARAM_TEXT, IN_PATH}}, .resource = "cameras"},
	{METHOD_POST, "/artemis/api/resource/v1/cameras", LANE_DATA, &kind_artemis, "rest_artemis_cameras", ROUTE_TOKEN_HEADER,
	 {{"pageNo", PARAM_TEXT, IN_BODY}, {"pageSize", PARAM_TEXT, IN_BODY}, {"regionIndexCode", PARAM_TEXT, IN_BODY}}, .resource = "cameras"},
	{METHOD_POST, "/artemis/api/video/v1/cameras/previewURLs", LANE_WRITE, &kind_artemis, "rest_camera_preview", ROUTE_SECRET | ROUTE_TOKEN_HEADER,
	 {PREVIEW}, .resource = "cameras", .more = "rest_camera_preview_answer"},
	{METHOD_POST, "/artemis/api/video/v2/cameras/previewURLs", LANE_WRITE, &kind_artemis, "rest_camera_preview", ROUTE_SECRET | ROUTE_TOKEN_HEADER,
	 {PREVIEW}, .resource = "cameras", .more = "rest_camera_preview_answer"},
	/* published data (5.1, 5.3, 5.4) */
	{METHOD_GET, API_PATH "/data/{resource}", LANE_DATA, &kind_data, "rest_data_query", ROUTE_BODY_TOKEN, {PAIRS}, .resource = "{resource}"},
	{METHOD_POST, API_PATH "/data/{resource}", LANE_DATA, &kind_data, "rest_data_query", ROUTE_BODY_TOKEN, {PAIRS}, .resource = "{resource}"},
	/* the algorithm service (4) */
	{METHOD_GET, API_PATH "/analysis", LANE_FAST, &kind_envelope, "rest_analysis", 0, {{NULL}}},
	{METHOD_GET, API_PATH "/analysis/{algorithm}", LANE_SLOW, &kind_analysis, "rest_analysis_run", 0,
	 {{"algorithm", PARAM_TEXT, IN_PATH}, {"", PARAM_PAIR_NAMES, 0}, {"", PARAM_PAIR_VALUES, 0}}, .resource = "{algorithm}"},
	{METHOD_POST, API_PATH "/analysis/{algorithm}", LANE_SLOW, &kind_analysis, "rest_analysis_run", ROUTE_BODY_TOKEN,
	 {{"algorithm", PARAM_TEXT, IN_PATH}, {"", PARAM_PAIR_NAMES, 0}, {"", PARAM_PAIR_VALUES, 0}}, .resource = "{algorithm}"},
	{METHOD_GET, API_PATH "/jobs/{id}", LANE_WRITE, &kind_envelope, "rest_job", 0, {{"id", PARAM_TEXT, IN_PATH}}},
	{METHOD_GET, API_PATH "/jobs/{id}/result", LANE_DATA, &kind_envelope, "rest_job_result", 0, {{"id", PARAM_TEXT, IN_PATH}}},
	{METHOD_POST, API_PATH "/jobs/{id}/cancel", LANE_WRITE, &kind_envelope, "rest_job_cancel", 0, {{"id", PARAM_TEXT, IN_PATH}}},
	/* map service: vector tiles */
	{METHOD_GET, API_PATH "/tiles/{layer}/{z}/{x}/{y}.mvt", LANE_TILE, &kind_tile, "rest_tile", 0,
	 {{"layer", PARAM_TEXT, IN_PATH}, {"z", PARAM_TEXT, IN_PATH}, {"x", PARAM_TEXT, IN_PATH}, {"y", PARAM_TEXT, IN_PATH},
	  {"", PARAM_PAIR_NAMES, 0}, {"", PARAM_PAIR_VALUES, 0}, {"If-None-Match", PARAM_TAGS, IN_HEADER}, {"", PARAM_BOOL, 0}}, .resource = "{layer}"},
	{METHOD_GET, API_PATH "/tiles/{layer}.json", LANE_FAST, &kind_tile_text, "rest_tile_layer", 0, {LAYER}, .resource = "{layer}"},
	{METHOD_GET, API_PATH "/tiles/{layer}/style.json", LANE_FAST, &kind_tile_text, "rest_tile_style", 0, {LAYER}, .resource = "{layer}"},
	{METHOD_GET, API_PATH "/resources", LANE_FAST, &kind_envelope, "rest_resources", 0,
	 {{"layer", PARAM_TEXT, IN_QUERY}, {"industry", PARAM_TEXT, IN_QUERY}, {"dataKind", PARAM_TEXT, IN_QUERY}}},
	{METHOD_GET, API_PATH "/resources/{code}", LANE_FAST, &kind_envelope, "rest_resource", 0, {{"code", PARAM_TEXT, IN_PATH}}},
	{METHOD_GET, API_PATH "/resources/{code}/schema.xsd", LANE_FAST, &kind_xsd, "rest_resource", 0, {{"code", PARAM_TEXT, IN_PATH}}},
	/* Open311 GeoReport v2 (clause 4) */
	{METHOD_GET, "/open311/discovery", LANE_NONE, &kind_open311, NULL, ROUTE_OPEN | ROUTE_SUFFIX, .local = Open311Discovery},
	{METHOD_GET, "/open311/v2/services", LANE_FAST, &kind_open311, "rest_open311_services", ROUTE_SUFFIX, {API_KEY(IN_QUERY)}, .resource = "open311"},
	{METHOD_GET, "/open311/v2/services/{service_code}", LANE_FAST, &kind_open311, "rest_open311_service", ROUTE_SUFFIX,
	 {{"service_code", PARAM_TEXT, IN_PATH}, API_KEY(IN_QUERY)}, .resource = "open311"},
	{METHOD_POST, "/open311/v2/requests", LANE_WRITE, &kind_open311, "rest_open311_report", ROUTE_SUFFIX | ROUTE_EVENT_BODY | ROUTE_KEY | ROUTE_FILES,
	 {API_KEY(ANYWHERE), {"jurisdiction_id", PARAM_TEXT, ANYWHERE}, {"service_code", PARAM_TEXT, IN_BODY}, {"lat", PARAM_TEXT, IN_BODY},
	  {"long", PARAM_TEXT, IN_BODY}, {"address_string", PARAM_TEXT, IN_BODY}, {"description", PARAM_TEXT, IN_BODY}, {"first_name", PARAM_TEXT, IN_BODY},
	  {"last_name", PARAM_TEXT, IN_BODY}, {"phone", PARAM_TEXT, IN_BODY}, {"email", PARAM_TEXT, IN_BODY}, {"media_url", PARAM_TEXT, IN_BODY},
	  {"media", PARAM_TEXT, IN_BODY}, {"attribute[level]", PARAM_TEXT, IN_BODY}, {"Idempotency-Key", PARAM_TEXT, IN_HEADER}}, .resource = "open311"},
	{METHOD_GET, "/open311/v2/requests", LANE_DATA, &kind_open311, "rest_open311_requests", ROUTE_SUFFIX,
	 {API_KEY(IN_QUERY), {"service_request_id", PARAM_TEXT, IN_QUERY}, {"service_code", PARAM_TEXT, IN_QUERY}, {"start_date", PARAM_TEXT, IN_QUERY},
	  {"end_date", PARAM_TEXT, IN_QUERY}, {"status", PARAM_TEXT, IN_QUERY}, {"updated_after", PARAM_TEXT, IN_QUERY},
	  {"updated_before", PARAM_TEXT, IN_QUERY}, {"page", PARAM_TEXT, IN_QUERY}, {"page_size", PARAM_TEXT, IN_QUERY}}, .resource = "open311"},
	{METHOD_GET, "/open311/v2/requests/{service_request_id}", LANE_FAST, &kind_open311, "rest_open311_request", ROUTE_SUFFIX,
	 {{"service_request_id", PARAM_TEXT, IN_PATH}, API_KEY(IN_QUERY)}, .resource = "open311"},
	{METHOD_GET, "/open311/v2/tokens/{token}", LANE_FAST, &kind_open311, "rest_open311_token", ROUTE_SUFFIX,
	 {{"token", PARAM_TEXT, IN_PATH}, API_KEY(IN_QUERY)}, .resource = "open311"},
	{METHOD_GET, "/open311/v2/servicerequestupdates", LANE_DATA, &kind_open311, "rest_open311_updates", ROUTE_SUFFIX,
	 {API_KEY(IN_QUERY), {"start_date", PARAM_TEXT, IN_QUERY}, {"end_date", PARAM_TEXT, IN_QUERY}, {"service_request_id", PARAM_TEXT, IN_QUERY}},
	 .resource = "open311"},
	{METHOD_POST, "/open311/v2/servicerequestupdates", LANE_WRITE, &kind_open311, "rest_open311_update", ROUTE_SUFFIX,
	 {API_KEY(ANYWHERE), {"update_id", PARAM_TEXT, IN_BODY}, {"service_request_id", PARAM_TEXT, IN_BODY}, {"status", PARAM_TEXT, IN_BODY},
	  {"updated_datetime", PARAM_TEXT, IN_BODY}, {"description", PARAM_TEXT, IN_BODY}, {"", PARAM_BODY_DIGEST, 0}}, .resource = "open311"},
	/* OGC API Features */
	{METHOD_GET, OGC_PATH, LANE_NONE, &kind_ogc_landing, NULL, ROUTE_OPEN | ROUTE_SLASH, {{NULL}}},
	{METHOD_GET, OGC_PATH "/conformance", LANE_NONE, &kind_ogc_conformance, NULL, ROUTE_OPEN, {{NULL}}},
	{METHOD_GET, OGC_PATH "/api", LANE_DATA, &kind_ogc_api, "rest_ogc_api", ROUTE_OPEN, {{"", PARAM_BASE, 0}}},
	{METHOD_GET, OGC_PATH "/collections", LANE_DATA, &kind_ogc, "rest_ogc_collections", 0, {OGC_CALL}},
	{METHOD_GET, OGC_PATH "/collections/{collection}", LANE_DATA, &kind_ogc, "rest_ogc_collection", 0,
	 {OGC_COLLECTION, OGC_CALL}, .resource = "{collection}"},
	{METHOD_GET, OGC_PATH "/collections/{collection}/queryables", LANE_DATA, &kind_ogc, "rest_ogc_queryables", 0,
	 {OGC_COLLECTION, OGC_CALL}, .resource = "{collection}"},
	{METHOD_GET, OGC_PATH "/collections/{collection}/items", LANE_DATA, &kind_ogc_features, "rest_ogc_items", 0,
	 {OGC_COLLECTION, OGC_CALL, OGC_TAGS}, .resource = "{collection}"},
	{METHOD_GET, OGC_PATH "/collections/{collection}/items/{fid}", LANE_DATA, &kind_ogc_features, "rest_ogc_item", 0,
	 {OGC_COLLECTION, OGC_FEATURE, OGC_CALL, OGC_TAGS}, .resource = "{collection}"},
	/* the same behind a sealed base */
	{METHOD_GET, OGC_SEALED_PATH "{sealed}", LANE_FAST, &kind_ogc_landing, "rest_ogc_open", ROUTE_OPEN | ROUTE_SLASH, {OGC_SEALED}},
	{METHOD_GET, OGC_SEALED_PATH "{sealed}/conformance", LANE_FAST, &kind_ogc_conformance, "rest_ogc_open", ROUTE_OPEN, {OGC_SEALED}},
	{METHOD_GET, OGC_SEALED_PATH "{sealed}/api", LANE_DATA, &kind_ogc_api, "rest_ogc_api", ROUTE_OPEN, {{"", PARAM_BASE, 0}, OGC_SEALED}},
	{METHOD_GET, OGC_SEALED_PATH "{sealed}/collections", LANE_DATA, &kind_ogc, "rest_ogc_collections", ROUTE_OPEN, {OGC_CALL, OGC_SEALED}},
	{METHOD_GET, OGC_SEALED_PATH "{sealed}/collections/{collection}", LANE_DATA, &kind_ogc, "rest_ogc_collection", ROUTE_OPEN,
	 {OGC_COLLECTION, OGC_CALL, OGC_SEALED}, .resource = "{collection}"},
	{METHOD_GET, OGC_SEALED_PATH "{sealed}/collections/{collection}/queryables", LANE_DATA, &kind_ogc, "rest_ogc_queryables", ROUTE_OPEN,
	 {OGC_COLLECTION, OGC_CALL, OGC_SEALED}, .resource = "{collection}"},
	{METHOD_GET, OGC_SEALED_PATH "{sealed}/collections/{collection}/items", LANE_DATA, &kind_ogc_features, "rest_ogc_items", ROUTE_OPEN,
	 {OGC_COLLECTION, OGC_CALL, OGC_TAGS, OGC_SEALED}, .resource = "{collection}"},
	{METHOD_GET, OGC_SEALED_PATH "{sealed}/collections/{collection}/items/{fid}", LANE_DATA, &kind_ogc_features, "rest_ogc_item", ROUTE_OPEN,
	 {OGC_COLLECTION, OGC_FEATURE, OGC_CALL, OGC_TAGS, OGC_SEALED}, .resource = "{collection}"},
	/* media servers of cameras (A.3) */
	{METHOD_POST, "/gateway/camera/play", LANE_WRITE, &kind_envelope, "rest_camera_play", ROUTE_OPEN,
	 {{"provider", PARAM_TEXT, IN_BODY}, {"key", PARAM_DIGEST, IN_BODY}, {"event", PARAM_TEXT, IN_BODY}, {"protocol", PARAM_TEXT, IN_BODY},
	  {"token", PARAM_DIGEST, IN_BODY}, {"stream", PARAM_TEXT, IN_BODY}, {"client", PARAM_TEXT, IN_BODY}}},
	{METHOD_POST, "/gateway/camera/source", LANE_WRITE, &kind_envelope, "rest_camera_source", ROUTE_OPEN | ROUTE_SECRET,
	 {{"provider", PARAM_TEXT, IN_BODY}, {"key", PARAM_DIGEST, IN_BODY}, {"source", PARAM_TEXT, IN_BODY}}},
	{METHOD_POST, "/gateway/camera/report", LANE_WRITE, &kind_envelope, "rest_camera_report", ROUTE_OPEN,
	 {{"provider", PARAM_TEXT, IN_BODY}, {"key", PARAM_DIGEST, IN_BODY}, {"sources", PARAM_LIST, IN_BODY}}},
	/* reference data (5.4.3, 5.4.4-c) */
	{METHOD_GET, API_PATH "/divisions/{code}", LANE_FAST, &kind_reference, "rest_division", 0, {{"code", PARAM_TEXT, IN_PATH}}},
	{METHOD_GET, API_PATH "/code-tables", LANE_FAST, &kind_table, "rest_code_tables", 0,
	 {{"bom", PARAM_LOCAL, IN_QUERY}}, .columns = COLUMNS("name", "title", "titleZh", "version", "count")},
	{METHOD_GET, API_PATH "/code-tables/{name}", LANE_FAST, &kind_table, "rest_code_table", 0,
	 {{"name", PARAM_TEXT, IN_PATH}, {"bom", PARAM_LOCAL, IN_QUERY}}, .columns = COLUMNS("code", "name", "parentCode", "version")},
	{METHOD_GET, API_PATH "/status-codes", LANE_NONE, &kind_table, NULL, ROUTE_OPEN,
	 {{"bom", PARAM_LOCAL, IN_QUERY}}, .local = LocalStatusCodes,
	 .columns = COLUMNS("statusCode", "httpStatus", "name", "message", "messageZh")},
	/* the interface manual (A.1) */
	{METHOD_GET, "/openapi.json", LANE_FAST, &kind_openapi, "rest_manual", ROUTE_OPEN, {{"lang", PARAM_LOCAL, IN_QUERY}}},
	{METHOD_GET, "/docs", LANE_FAST, &kind_manual, "rest_manual", ROUTE_OPEN, {{"lang", PARAM_LOCAL, IN_QUERY}}},
	/* operation */
	{METHOD_GET, "/healthz", LANE_NONE, &kind_envelope, NULL, ROUTE_OPEN, {{NULL}}, .local = LocalHealth},
	{METHOD_GET, "/readyz", LANE_FAST, &kind_ready, "rest_ready", ROUTE_OPEN | ROUTE_NO_CONTEXT | ROUTE_ALWAYS, {{NULL}}},
	{METHOD_GET, "/metrics", LANE_NONE, &kind_metrics, NULL, ROUTE_OPEN, {{NULL}}},
};
/* clang-format on */

const int route_count = (int) (sizeof(route_table) / sizeof(route_table[0]));
