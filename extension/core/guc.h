/* The settings citybigdata.*; guc.c tells each one's purpose, unit and range. */
#ifndef CBD_GUC_H
#define CBD_GUC_H

#include "postgres.h"
#include "pgtime.h"

/* Whose log-in takes a second factor. */
enum SecondFactorOf
{
	SECOND_FACTOR_OF_ADMINISTRATORS,
	SECOND_FACTOR_OF_ALL
};

extern int guc_auth_code_ttl;             /* seconds */
extern int guc_token_ttl;                 /* seconds */
extern int guc_token_idle_ttl;            /* seconds; 0 = no idle expiry */
extern int guc_refresh_ttl;               /* seconds */
extern int guc_refresh_absolute_ttl;      /* seconds */
extern int guc_refresh_grace;             /* seconds */
extern int guc_login_session_ttl;         /* seconds */
extern int guc_login_session_idle_ttl;    /* seconds; 0: no sessions */
extern int guc_lockout_threshold;         /* failures per account */
extern int guc_lockout_subject_threshold; /* failures per account from wherever, before a delay grows */
extern int guc_lockout_address_threshold; /* failures per client address */
extern int guc_lockout_duration;          /* seconds */
extern char *guc_admin_addresses;         /* address_list.h; empty = any */
extern int guc_registration_limit;        /* per client address; 0 = none */
extern int guc_bcrypt_cost;
extern int guc_second_person_level;   /* from this data level on; 5 = never */
extern int guc_proposal_ttl;          /* seconds */
extern int guc_second_factor;         /* SecondFactorOf */
extern int guc_password_history;      /* passwords, with the current one */
extern int guc_password_max_age_days; /* 0 = no maximum */
extern char *guc_time_zone;
extern int guc_business_srid;           /* EPSG code of coordinateX/coordinateY; see local_plane */
extern char *guc_local_plane;           /* "" or "dx dy scale rotation" onto business_srid */
extern int guc_map_crs;                 /* MapCrs */
extern double guc_coordinate_tolerance; /* metres */
extern double guc_boundary_tolerance;   /* metres */
extern char *guc_default_event_level;   /* "" = none */
extern char *guc_operator_sender;       /* of reports of operators; "" = the platform's code */
extern int guc_open311_source;          /* eventSrcID of requests by Open311 */
extern int guc_open311_rec_type;        /* recTypeID */
extern bool guc_open311_anonymous;      /* without a name and a way to reach them */
extern int guc_rule_budget;             /* milliseconds */
extern char *guc_process;               /* of new cases; "" = none */
extern char *guc_key_file;
extern int guc_media_limit;                /* kB of one decoded medium */
extern int guc_media_count_limit;          /* media of one event */
extern bool guc_media_fetch;               /* media that came as an address are fetched */
extern int guc_media_distance;             /* metres to a finding; 0: none */
extern int guc_audit_retention_days;       /* at least 180 */
extern int guc_reject_retention_days;      /* 0 = for ever */
extern int guc_staging_retention_days;     /* 0 = for ever */
extern int guc_archive_after_days;         /* 0 = never */
extern int guc_archive_retention_days;     /* 0 = for ever */
extern int guc_outbox_retention_days;      /* of delivered messages */
extern int guc_outbox_dead_retention_days; /* of dead ones */
extern bool guc_outbound_http;             /* receivers may have http:// addresses */
extern int guc_sms_retention_days;
extern int guc_sms_validity_hours;         /* of a message that no gateway has taken */
extern int guc_sms_report_hours;           /* until a state is unknown */
extern int guc_signature_window;           /* seconds */
extern int guc_crypto_suite;               /* CryptoSuite */
extern char *guc_public_url;               /* "" = unknown; no / at the end */
extern int guc_sealed_url_ttl;             /* seconds */
extern int guc_media_url_ttl;              /* seconds */
extern bool guc_encrypt_personal;          /* name and phone number of who reported */
extern int guc_preview_url_ttl;            /* seconds */
extern int guc_camera_near_metres;         /* of a case; 0 = none are told */
extern int guc_camera_play_retention_days; /* of ended plays */
extern int guc_tile_age;                   /* seconds; 0 = tiles are never kept */
extern int guc_tile_count_age;             /* seconds; 0 = counts are never kept */
extern bool guc_media_url_bound;
extern bool guc_own_statement;
extern bool guc_superuser_code;
extern int guc_syslog_enterprise_number;
extern int guc_language; /* SayLanguage */

/* The system of longitude and latitude in reports (citybigdata.map_crs). */
typedef enum MapCrs
{
	MAP_CRS_WGS84,
	MAP_CRS_GCJ02,
	MAP_CRS_BD09
} MapCrs;

/* The time zone of citybigdata.time_zone. */
extern pg_tz *PlatformZone(void);

/* citybigdata.local_plane, read: x' = dx + scale (x cos r - y sin r), y' = dy + scale (x sin r + y cos r). */
typedef struct LocalPlane
{
	bool identity;       /* the setting is empty */
	double dx, dy;       /* metres */
	double scale;        /* factor, not 0 */
	double sine, cosine; /* of the rotation, counter-clockwise */
} LocalPlane;

extern const LocalPlane *BusinessLocalPlane(void);

/* Algorithms of what is sealed from now on (citybigdata.crypto_suite). */
typedef enum CryptoSuite
{
	CRYPTO_INTERNATIONAL, /* AES-256-GCM, SHA-256 */
	CRYPTO_SM             /* SM4, HMAC-SM3, SM3 */
} CryptoSuite;

extern void DefineSettings(void);

#endif
