/*
 * The settings citybigdata.*; see guc.h. docs/settings.md is made of these definitions.
 *
 * Each has its unit, its limits and who may set it. Texts are checked when they are set (check hooks), and
 * what they mean is kept in a form that costs nothing to use (assign hooks).
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "utils/guc.h"

#include "core/compat.h"
#include "text/address_list.h"
#include "core/guc.h"
#include "core/guc_analysis.h"
#include "core/say.h"
#include "text/web_address.h"

int guc_auth_code_ttl;
int guc_token_ttl;
int guc_token_idle_ttl;
int guc_refresh_ttl;
int guc_refresh_absolute_ttl;
int guc_refresh_grace;
int guc_login_session_ttl;
int guc_login_session_idle_ttl;
int guc_lockout_threshold;
int guc_lockout_subject_threshold;
int guc_lockout_address_threshold;
int guc_lockout_duration;
int guc_registration_limit;
char *guc_admin_addresses;
int guc_bcrypt_cost;
int guc_second_person_level;
int guc_proposal_ttl;
int guc_second_factor;
int guc_password_history;
int guc_password_max_age_days;
char *guc_time_zone;
int guc_business_srid;
char *guc_local_plane;
int guc_map_crs;
double guc_coordinate_tolerance;
double guc_boundary_tolerance;
char *guc_default_event_level;
int guc_open311_source;
int guc_open311_rec_type;
bool guc_open311_anonymous;
int guc_rule_budget;
char *guc_process;
char *guc_operator_sender;
char *guc_key_file;
int guc_media_limit;
int guc_media_count_limit;
bool guc_media_fetch;
int guc_media_distance;
int guc_audit_retention_days;
int guc_reject_retention_days;
int guc_staging_retention_days;
int guc_archive_after_days;
int guc_archive_retention_days;
int guc_outbox_retention_days;
int guc_outbox_dead_retention_days;
bool guc_outbound_http;
int guc_sms_retention_days;
int guc_sms_validity_hours;
int guc_sms_report_hours;
int guc_signature_window;
int guc_crypto_suite;
char *guc_public_url;
int guc_sealed_url_ttl;
int guc_media_url_ttl;
int guc_preview_url_ttl;
int guc_camera_near_metres;
int guc_camera_play_retention_days;
int guc_tile_age;
int guc_tile_count_age;
bool guc_own_statement = true;
bool guc_superuser_code;
bool guc_media_url_bound;
bool guc_encrypt_personal;
int guc_syslog_enterprise_number;
int guc_language;

/* Names of the settings' values. */
static const struct config_enum_entry map_crs_options[] = {{"WGS84", MAP_CRS_WGS84, false},
														   {"GCJ02", MAP_CRS_GCJ02, false},
														   {"BD09", MAP_CRS_BD09, false},
														   {NULL, 0, false}};

static const struct config_enum_entry language_options[] = {
	{"en", LANGUAGE_ENGLISH, false}, {"zh", LANGUAGE_CHINESE, false}, {NULL, 0, false}};

static const struct config_enum_entry crypto_suite_options[] = {
	{"international", CRYPTO_INTERNATIONAL, false}, {"sm", CRYPTO_SM, false}, {NULL, 0, false}};

/* citybigdata.time_zone, looked up when it was set. */
static pg_tz *platform_zone;
static LocalPlane local_plane = {.identity = true, .scale = 1, .cosine = 1};

pg_tz *
PlatformZone(void)
{
	return platform_zone;
}

const LocalPlane *
BusinessLocalPlane(void)
{
	return &local_plane;
}

/* A copy that belongs to the setting's value; NULL is out of memory. */
static void *
GucExtra(const void *value, Size size)
{
#if PG_VERSION_NUM >= 160000
	void *extra = guc_malloc(LOG, size);
#else
	void *extra = malloc(size);
#endif

	if (extra != NULL)
		memcpy(extra, value, size);
	return extra;
}

/* check_hook: a zone that PostgreSQL knows; *extra is it. */
static bool
CheckTimeZone(char **value, void **extra, GucSource source)
{
	pg_tz *zone = pg_tzset(*value);

	if (zone == NULL || !pg_tz_acceptable(zone))
	{
		GUC_check_errdetail("The time zone is unknown, or has leap seconds.");
		GUC_check_errhint("A valid zone is Asia/Shanghai; see pg_timezone_names.");
		return false;
	}
	*extra = GucExtra(&zone, sizeof(zone));
	return *extra != NULL;
}

/* assign_hook: keeps the zone, so that no request looks it up. */
static void
AssignTimeZone(const char *value, void *extra)
{
	memcpy(&platform_zone, extra, sizeof(platform_zone));
}

/* check_hook: addresses and ranges, separated by commas or blanks. */
static bool
CheckSender(char **value, void **extra, GucSource source)
{
	if (strlen(*value) <= 64)
		return true;
	GUC_check_errdetail("A senderCode has at most 64 bytes.");
	return false;
}

static bool
CheckAddresses(char **value, void **extra, GucSource source)
{
	if (AddressListValid(*value))
		return true;
	GUC_check_errdetail("An entry is neither an address nor a range of addresses.");
	GUC_check_errhint("A valid list is 10.1.2.0/24, 2001:db8:1::/48.");
	return false;
}

/* "" or four numbers: dx dy scale rotation. */
static bool
CheckLocalPlane(char **value, void **extra, GucSource source)
{
	LocalPlane plane = {.identity = true, .scale = 1, .cosine = 1};
	double rotation;
	int end = 0;

	if (strspn(*value, " ") != strlen(*value))
	{
		plane.identity = false;
		if (sscanf(*value, " %lf %lf %lf %lf %n", &plane.dx, &plane.dy, &plane.scale, &rotation, &end) != 4 ||
			(*value)[end] != '\0' || !isfinite(plane.dx) || !isfinite(plane.dy) || !isfinite(plane.scale) ||
			!isfinite(rotation) || plane.scale <= 0)
		{
			GUC_check_errdetail(
				"Four numbers are needed: dx and dy in metres, scale above 0, rotation in degrees.");
			GUC_check_errhint("A valid value is '-500.25 120.5 1.0000021 0.0031', or an empty one.");
			return false;
		}
		plane.sine = sin(rotation * M_PI / 180.0);
		plane.cosine = cos(rotation * M_PI / 180.0);
	}
	*extra = GucExtra(&plane, sizeof(plane));
	return *extra != NULL;
}

/* assign_hook: what the check hook took apart. */
static void
AssignLocalPlane(const char *value, void *extra)
{
	memcpy(&local_plane, extra, sizeof(local_plane));
}

/* How long codes, tokens and addresses live. */
static void
DefineTokenSettings(void)
{
	DefineCustomIntVariable("citybigdata.token_idle_ttl",
							"An access token that was not used for this long is void; 0 = never.",
							"Uses are noted at most once a minute, so that reading does not write each time.",
							&guc_token_idle_ttl, 1800, 0, 604800, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.refresh_ttl", "How long a refresh token may lie unused.", NULL,
							&guc_refresh_ttl, 14 * 86400, 1, 366 * 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL,
							NULL);
	DefineCustomIntVariable(
		"citybigdata.refresh_absolute_ttl",
		"How long a consent can be refreshed in all, before the account must log in again.", NULL,
		&guc_refresh_absolute_ttl, 30 * 86400, 1, 366 * 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.refresh_grace",
		"How long the refresh token just used is accepted again: its reply may have been lost.", NULL,
		&guc_refresh_grace, 10, 0, 60, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.login_session_idle_ttl",
		"How long the console gets a new code without a password after the last use of one.",
		"A use of a token that came of the session counts, too; 0 = the password is asked for each time.",
		&guc_login_session_idle_ttl, 1800, 0, 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.login_session_ttl", "How long that goes on in all after the password was given.", NULL,
		&guc_login_session_ttl, 43200, 1, 7 * 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
}

/* Names of SecondFactorOf. */
static const struct config_enum_entry second_factor_options[] = {
	{"administrators", SECOND_FACTOR_OF_ADMINISTRATORS, false},
	{"all", SECOND_FACTOR_OF_ALL, false},
	{NULL, 0, false}};

/* Rules of passwords and their cost. */
static void
DefineSeparationSettings(void)
{
	DefineCustomIntVariable(
		"citybigdata.second_person_level",
		"From this data level on, who approved an account cannot alone approve its access: a second "
		"administrator confirms; 5 = never.",
		"An account of the administrator's own organisation needs the second administrator at "
		"every level.",
		&guc_second_person_level, 3, 1, 5, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.proposal_ttl", "How long a proposal of one administrator waits for another one.", NULL,
		&guc_proposal_ttl, 7 * 86400, 1, 90 * 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
}

static void
DefinePasswordSettings(void)
{
	DefineCustomEnumVariable(
		"citybigdata.second_factor", "Whose log-in takes a second factor: administrators, or all accounts.",
		"A security administrator enrols it. Without one such an account is refused.", &guc_second_factor,
		SECOND_FACTOR_OF_ADMINISTRATORS, second_factor_options, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.password_history",
							"A new password must differ from so many before it, the current one among them.",
							NULL, &guc_password_history, 5, 1, 24, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.password_max_age_days",
							"Days after which a password must be changed; 0 = never.",
							"An expired password is good for changing it and nothing else.",
							&guc_password_max_age_days, 90, 0, 3650, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* Lock-out, registrations, where administrators come from. */
static void
DefineAccessSettings(void)
{
	DefineCustomIntVariable("citybigdata.auth_code_ttl", "How long a one-time authorisation code is valid.",
							NULL, &guc_auth_code_ttl, 300, 1, 3600, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.token_ttl", "How long an access token is valid.", NULL,
							&guc_token_ttl, 7200, 1, 604800, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.lockout_threshold",
		"Failed log-ins of one account or application from one client address before it is "
		"locked there.",
		NULL, &guc_lockout_threshold, 5, 1, 1000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.lockout_subject_threshold",
		"Failed log-ins of one account, from wherever, before each further one brings a delay, "
		"which doubles up to lockout_duration.",
		NULL, &guc_lockout_subject_threshold, 50, 1, 1000000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.lockout_address_threshold",
							"Failed log-ins from one client address (IPv6: /64) before it is locked.", NULL,
							&guc_lockout_address_threshold, 100, 1, 1000000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("citybigdata.admin_addresses",
							   "Client addresses that administrators may come from; empty = any.",
							   "Ranges in CIDR notation or single addresses, with commas between. Judged at "
							   "the log-in and at every request.",
							   &guc_admin_addresses, "", PGC_SUSET, 0, CheckAddresses, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.registration_limit",
		"Registrations from one client address before it must wait for lockout_duration; 0 = no limit.", NULL,
		&guc_registration_limit, 1000, 0, 1000000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.lockout_duration", "How long a lock-out lasts.", NULL,
							&guc_lockout_duration, 900, 1, 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.bcrypt_cost", "Cost of password digests (2^cost rounds).", NULL,
							&guc_bcrypt_cost, 10, 4, 16, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable(
		"citybigdata.key_file",
		"File with the 32-byte master key (64 hexadecimal digits) that encrypts recoverable secrets.",
		"Owned by the server's user, mode 0600; outside the data directory, or every base backup has it. "
		"Relative to the data directory unless absolute. While the default is not there, citybigdata.key "
		"in the data directory is taken.",
		&guc_key_file, "/etc/citybigdata/master.key", PGC_SUSET, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.audit_retention_days",
							"Days for which months of the audit log are kept; maintain() drops older ones.",
							"Clause 6.3 asks for 180 at least.", &guc_audit_retention_days, 730, 180, 36500,
							PGC_SUSET, 0, NULL, NULL, NULL);
}

/* An https or http address without a / at its end, which is added where it is used. */
static bool
CheckPublicUrl(char **value, void **extra, GucSource source)
{
	const char *url = *value;
	size_t length = strlen(url);
	WebAddress address;

	if (length == 0)
		return true;
	if (WebAddressRead(url, &address) && url[length - 1] != '/' && strchr(url, '?') == NULL)
		return true;
	GUC_check_errhint("A valid value is https://data.example.org (no / at the end).");
	return false;
}

/* Suite and master key. */
static void
DefineCryptoSettings(void)
{
	DefineCustomIntVariable(
		"citybigdata.signature_window",
		"How far the timestamp of a signed request may be from the server's clock, either way.", NULL,
		&guc_signature_window, 300, 1, 3600, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomEnumVariable(
		"citybigdata.crypto_suite", "Algorithms of sealed addresses and of the audit chain.",
		"international: AES-256-GCM and SHA-256; sm: SM4 with HMAC-SM3, and SM3. "
		"What was made under the other one stays readable.",
		&guc_crypto_suite, CRYPTO_INTERNATIONAL, crypto_suite_options, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable(
		"citybigdata.public_url",
		"Address under which clients reach the platform; sealed addresses begin with it.",
		"With a domain name, not an IP address (clause 5.3.2); no / at the end. Empty: addresses are given "
		"from /api on.",
		&guc_public_url, "", PGC_SUSET, 0, CheckPublicUrl, NULL, NULL);
	DefineCustomIntVariable("citybigdata.sealed_url_ttl", "Longest validity of a sealed address.", NULL,
							&guc_sealed_url_ttl, 30 * 86400, 1, 366 * 86400, PGC_SUSET, GUC_UNIT_S, NULL,
							NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.syslog_enterprise_number",
		"Private enterprise number (IANA) in the structured data of audit_export().",
		"32473 is the number reserved for examples (RFC 5612); put the operator's own here.",
		&guc_syslog_enterprise_number, 32473, 1, PG_INT32_MAX, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* What keeps records from being taken back. */
static void
DefineGuardSettings(void)
{
	DefineCustomBoolVariable("citybigdata.own_statement",
							 "Whether functions whose record must stay demand a statement of their own.",
							 "They check or make credentials, seal, or read the audit log. Off: a ROLLBACK "
							 "takes their record back; for a superuser's scripts.",
							 &guc_own_statement, true, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("citybigdata.superuser_code",
							 "Whether views and functions that belong to a superuser may be published, and "
							 "tables of one with triggers be datasets.",
							 "Their code, and what it calls, runs with the rights of the owner: with all of "
							 "them. Better: ALTER VIEW ... OWNER TO a role of its own.",
							 &guc_superuser_code, false, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* Language, coordinate systems, tolerances, zone. */
static void
DefinePlaceAndTimeSettings(void)
{
	DefineCustomEnumVariable(
		"citybigdata.language", "Language of errors, warnings and hints of SQL functions: en or zh.",
		"Replies over HTTPS follow the client's Accept-Language. It decides words and nothing "
		"else.",
		&guc_language, LANGUAGE_ENGLISH, language_options, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("citybigdata.time_zone", "Time zone of 14-digit times.", NULL, &guc_time_zone,
							   "Asia/Shanghai", PGC_SUSET, 0, CheckTimeZone, AssignTimeZone, NULL);
	DefineCustomIntVariable("citybigdata.business_srid",
							"EPSG code of the business system's plane (coordinateX, coordinateY).",
							"4548 is CGCS2000 / 3-degree Gauss-Kruger CM 117E.", &guc_business_srid, 4548, 1,
							999999, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable(
		"citybigdata.local_plane",
		"4-parameter transform from a local plane onto business_srid: \"dx dy scale rotation\".",
		"Metres, metres, factor, degrees counter-clockwise; empty when X and Y are in business_srid itself.",
		&guc_local_plane, "", PGC_SUSET, 0, CheckLocalPlane, AssignLocalPlane, NULL);
	DefineCustomEnumVariable(
		"citybigdata.map_crs", "Coordinate system of lontitude/longitude and latitude (the online map's).",
		NULL, &guc_map_crs, MAP_CRS_GCJ02, map_crs_options, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomRealVariable("citybigdata.coordinate_tolerance",
							 "Metres by which the two coordinate pairs of a report may differ.", NULL,
							 &guc_coordinate_tolerance, 50, 0, 100000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomRealVariable("citybigdata.boundary_tolerance",
							 "Metres by which a point may lie outside a boundary and still count as inside.",
							 NULL, &guc_boundary_tolerance, 150, 0, 100000, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* How long refused and staged records are kept. */
static void
DefineDataSettings(void)
{
	DefineCustomBoolVariable(
		"citybigdata.encrypt_personal",
		"Whether name and phone number of who reports are stored encrypted by the key file.",
		"For new events; encrypt_events() does it to those of before. They stay readable when it is off.",
		&guc_encrypt_personal, false, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.reject_retention_days",
		"Days for which records that ingest() refused are kept; maintain() removes older ones.",
		"0 keeps them.", &guc_reject_retention_days, 90, 0, 36500, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.staging_retention_days",
							"Days for which records wait in ingest_staging; maintain() removes older ones.",
							"0 keeps them.", &guc_staging_retention_days, 7, 0, 36500, PGC_SUSET, 0, NULL,
							NULL, NULL);
	DefineCustomIntVariable("citybigdata.outbox_retention_days",
							"Days for which messages that were delivered are kept; maintain() removes older "
							"ones.",
							NULL, &guc_outbox_retention_days, 7, 1, 36500, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.outbox_dead_retention_days",
							"Days for which messages that were given up are kept and can be sent again.",
							NULL, &guc_outbox_dead_retention_days, 90, 1, 36500, PGC_SUSET, 0, NULL, NULL,
							NULL);
	DefineCustomBoolVariable(
		"citybigdata.outbound_http",
		"Whether receivers of call-backs, and media that are fetched, may have http:// addresses.",
		"The bridge reaches such an address only inside its outbound_networks.", &guc_outbound_http, false,
		PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.sms_retention_days",
		"Days for which SMS messages, their numbers and replies are kept; maintain() removes "
		"older ones.",
		NULL, &guc_sms_retention_days, 180, 1, 36500, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.sms_validity_hours",
							"Hours after which an SMS message that no gateway has taken expires.", NULL,
							&guc_sms_validity_hours, 24, 1, 168, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.sms_report_hours",
							"Hours after which the state of a number that no report came for is unknown.",
							NULL, &guc_sms_report_hours, 72, 1, 720, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.archive_after_days",
							"Days after which maintain() moves closed and void cases to the archive.",
							"0 leaves them; archive_events() moves them at any time.",
							&guc_archive_after_days, 0, 0, 36500, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.archive_retention_days",
		"Days after their closing for which archived cases are kept; maintain() removes older ones.",
		"0 keeps them.", &guc_archive_retention_days, 0, 0, 36500, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* What reports are held to. */
static void
DefineEventSettings(void)
{
	DefineCustomStringVariable(
		"citybigdata.default_event_level",
		"eventLevelID used for the egova profile when a report has none; empty = leave it out.", NULL,
		&guc_default_event_level, "1", PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.rule_budget",
							"Milliseconds that judging the rules of one report or step may take.",
							"What is not judged by then is listed (42295); the report is stored in any case.",
							&guc_rule_budget, 250, 1, 10000, PGC_SUSET, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomStringVariable("citybigdata.process",
							   "Process that a new case takes, in its newest version; empty = none.", NULL,
							   &guc_process, "city-management", PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("citybigdata.operator_sender",
							   "senderCode of the reports of inspectors who signed in at the operators' "
							   "client; empty = the code of the "
							   "platform.",
							   "It belongs to the operators' client from setup() or the first such report "
							   "on, and no application gets "
							   "it.",
							   &guc_operator_sender, "", PGC_SUSET, 0, CheckSender, NULL, NULL);
	DefineCustomIntVariable("citybigdata.media_limit",
							"Largest medium that may come with a report as base64 content, or be fetched.",
							NULL, &guc_media_limit, 20480, 1, 65536, PGC_SUSET, GUC_UNIT_KB, NULL, NULL,
							NULL);
	DefineCustomIntVariable("citybigdata.media_count_limit", "Number of media that one report may have.",
							NULL, &guc_media_count_limit, 50, 0, 1000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("citybigdata.media_fetch",
							 "Whether media that are reported as an address are fetched and kept.",
							 "The bridge fetches from public https:// addresses, and from its "
							 "outbound_networks of purpose media.",
							 &guc_media_fetch, false, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.media_distance",
		"Metres from the event at which the place in a fetched picture becomes a finding.",
		"0: never. Some cameras write GCJ-02, which is up to 700 m off.", &guc_media_distance, 1000, 0,
		1000000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.media_url_ttl", "How long the address of a medium or file is valid.",
							"Ask again for the case or the page to get a new one.", &guc_media_url_ttl, 3600,
							1, 366 * 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomBoolVariable(
		"citybigdata.media_url_bound",
		"Whether the address of a medium opens only for the client address that asked for it.",
		"On when clients and viewers are the same machines. An application that is let in by its address "
		"alone is always bound so.",
		&guc_media_url_bound, false, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* Cameras. */
static void
DefineCameraSettings(void)
{
	DefineCustomIntVariable(
		"citybigdata.preview_url_ttl", "For how long a preview address of a camera may be opened.",
		"A play that runs goes on; revoking the grant, the application or the address ends it.",
		&guc_preview_url_ttl, 300, 10, 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.camera_near_metres",
							"How near to a case cameras are that are told with it, in metres; 0: none are.",
							NULL, &guc_camera_near_metres, 200, 0, 20000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.camera_play_retention_days",
		"Days for which plays of cameras that have ended are kept; maintain() removes older "
		"ones. The audit log keeps its own.",
		NULL, &guc_camera_play_retention_days, 180, 1, 36500, PGC_SUSET, 0, NULL, NULL, NULL);
}

/* The map service. */
static void
DefineMapSettings(void)
{
	DefineCustomIntVariable(
		"citybigdata.tile_age", "How long a tile of a map may be shown again before its data are read anew.",
		"Of layers that have no version column, or more than 100000 rows. 0: a tile is never shown again.",
		&guc_tile_age, 10, 0, 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable(
		"citybigdata.tile_count_age", "Until when the kept counts of a large layer are shown at low zooms.",
		"maintain() counts anew after two fifths of it. 0: counts are never kept.", &guc_tile_count_age,
		10800, 0, 30 * 86400, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
}

/* What requests by Open311 lack of a report. */
static void
DefineOpen311Settings(void)
{
	DefineCustomIntVariable("citybigdata.open311_source",
							"eventSrcID of what is reported by Open311, code table event-src.", NULL,
							&guc_open311_source, 11, 0, PG_INT32_MAX, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("citybigdata.open311_rec_type",
							"recTypeID of what is reported by Open311, code table rec-type.", NULL,
							&guc_open311_rec_type, 1, 0, PG_INT32_MAX, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable(
		"citybigdata.open311_anonymous",
		"Whether what is reported by Open311 may come without a name, a phone number and an e-mail address.",
		NULL, &guc_open311_anonymous, true, PGC_SUSET, 0, NULL, NULL, NULL);
}

void
DefineSettings(void)
{
	DefineAccessSettings();
	DefineSeparationSettings();
	DefinePasswordSettings();
	DefineTokenSettings();
	DefineCryptoSettings();
	DefinePlaceAndTimeSettings();
	DefineEventSettings();
	DefineOpen311Settings();
	DefineDataSettings();
	DefineCameraSettings();
	DefineAnalysisSettings();
	DefineMapSettings();
	DefineGuardSettings();
	MarkGUCPrefixReserved("citybigdata");
}
