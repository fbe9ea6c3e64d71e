/*
 * Event: what a third-party system reports (tables A.3-A.5), between the files of the chapter.
 *
 *   POST /events  event_report_rest.c   outer fields, sender, Idempotency-Key
 *       text --JsonParse()--> tree --event_fields.c--> EventReport, each field with its type and length
 *            --event_validate.c--> event_time.c  event_media.c  event_place.c  event_division.c
 *            --errors: all at once, or--> event_store.c: a row (event_row.c), its media, the first step
 *   GET /events   event_case_rest.c     event_case.c: JSON straight from the row; event_feed.c: since when
 *                                       event_level.c: which fields the caller sees, case_media.c: addresses
 *   SQL           event_report_sql.c, event_validate_sql.c: the same with the session's right
 *
 * Words. A report is what a sender sends; an event, or case, is what is stored of it. Two profiles: strict
 * takes table A.4 by the letter, egova takes what deployed senders send. An error refuses the report, a
 * warning goes with it. (sender, otherTaskNum) is stored once; the same content again gets the same answer,
 * other content 40901. Coordinates: X, Y in metres of the business plane; longitude and latitude in degrees
 * of the map system; stored in EPSG:4490. Times are instants, told in the platform's zone.
 */
#ifndef CBD_EVENT_H
#define CBD_EVENT_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

#include "place/coord.h"
#include "place/division.h"
#include "core/json_tree.h"
#include "core/error_list.h"
#include "core/status.h"

#define EVENT_DESC_CHARACTERS    4000
#define EVENT_ADDRESS_CHARACTERS 500
#define EVENT_TEXT_CHARACTERS    255
#define EVENT_URL_CHARACTERS     2048
#define EVENT_EXT_BYTES          65536 /* unknown fields of one report together, egova */
#define EVENT_FUTURE_SECONDS     600
#define TASK_NUM_SIZE            32

/* ---- the report ---- */

/* A whole number of a report. */
typedef struct EventInt
{
	bool present;
	int32 value;
} EventInt;

/* A number of a report. */
typedef struct EventReal
{
	bool present; /* and a number */
	bool wrong;   /* reported, but not a number: errored already */
	double value;
} EventReal;

/* One element of medias. */
typedef struct EventMedium
{
	char *name;
	char *url;
	char *usage;
	char *type; /* as reported, then IMAGE, VIDEO, VOICE or ATTACH */
	char *sender_task_num;
	JsonNode *content_node;
	bytea *content; /* decoded; NULL when absent */
	char *ext;      /* JSON text; NULL */
} EventMedium;

/* A report on its way from JSON to its rows: read, checked, completed, stored. */
typedef struct EventReport
{
	bool egova;
	TimestampTz now;   /* time of receipt */
	int64 reporter;    /* account of the operator who reports; 0: an application does */
	CbdStatus refusal; /* the text is not JSON, or not as it must be: CBD_OK when it is */

	/* table A.4; NULL or not present = absent */
	char *event_desc;
	char *other_task_num;
	char *address;
	EventReal coordinate_x;
	EventReal coordinate_y;
	EventReal lontitude;
	EventReal longitude; /* the other spelling, egova */
	EventReal latitude;
	EventInt event_src_id;
	char *district_code;
	char *district_name;
	char *street_code;
	char *street_name;
	char *community_code;
	char *community_name;
	EventInt rec_type_id;
	EventInt event_level_id;
	char *event_type_code;
	char *main_type_code;
	char *sub_type_code;
	EventInt media_num;
	char *human_name;
	char *cellphone;
	JsonNode *create_time_node;
	JsonNode *medias_node;
	char *sender_task_num;
	char *ext; /* JSON text of unknown fields; NULL */

	/* derived */
	bool has_create_time; /* reported, not filled in */
	TimestampTz create_time;
	bool has_plane; /* X, Y reported */
	bool has_map;   /* longitude, latitude reported */
	double map_lon, map_lat;
	LonLat place; /* EPSG:4490 */
	double plane_x, plane_y;
	bool has_level;        /* eventLevelID reported, not filled in */
	char *stored_district; /* after filling in and correcting; names likewise */
	char *stored_district_name;
	char *stored_street_name;
	char *stored_community_name;
	EventMedium *medias;
	int media_count;

	ErrorList errors;
} EventReport;

/* ---- reading and checking ---- */

/* Reads and checks everything; what is wrong is in report->errors. */
extern void ValidateEvent(const char *text, size_t length, bool egova, EventReport *report);

/* The same as if it had been received at `now`: for history. */
extern void ValidateEventAt(const char *text, size_t length, bool egova, TimestampTz now,
							EventReport *report);

/* Every field of the object into the report, with its type, length and presence (event_fields.c). */
extern void ReadEventFields(const JsonNode *object, EventReport *report);
extern void ReadMediumFields(const JsonNode *object, EventReport *report, EventMedium *medium);

/* Does the profile take the value as absent? */
extern bool NodeAbsent(const JsonNode *node, bool egova);

extern void CheckCreateTime(EventReport *report); /* event_time.c */
extern void CheckPlace(EventReport *report);      /* event_place.c; says whether report->place is usable */
extern void CheckDivisions(EventReport *report, bool place_known); /* event_division.c */
extern bool PlaceKnown(const EventReport *report);
extern void CheckMedias(EventReport *report); /* event_media.c */

/* What the caller is told: CBD_OK, the refusal of the text, or CBD_VALIDATION_FAILED. */
extern CbdStatus ReportStatus(const EventReport *report);

/* ---- storing (event_store.c) ---- */

/* What storing a report came to. */
typedef struct StoredEvent
{
	CbdStatus status; /* CBD_OK or CBD_EVENT_CONFLICT */
	bool repeat;      /* was there before */
	int32 rec_id;
	char task_num[TASK_NUM_SIZE];
} StoredEvent;

/* How a new event starts: its process (NULL: none), and what else is decided about its row. */
typedef struct EventStart
{
	const char *sender; /* of the report */
	const char *process;
	int32 version;
	const char *stage;
	int32 state;
	EventInt level;        /* instead of the reported one; not present: that one */
	const char *unit;      /* NULL: none yet */
	const char *condition; /* filing condition; NULL: none yet */
} EventStart;

/*
 * The chapters above this one (NULL: not loaded), each calling the one that was there before it. Before the
 * row is written they say how the event starts, which goes into the same row; afterwards, SPI being
 * connected, they write what they need beside.
 */
extern void (*EventStartHook)(const EventReport *report, EventStart *start);
extern void (*EventStoredHook)(const EventReport *report, const StoredEvent *stored, const EventStart *start);

/* Locks (sender, otherTaskNum) until the end of the transaction; several in ascending order of their keys. */
extern int64 EventLockKey(const char *sender, const char *other_task_num);

/* Writes the media of a report to the event, numbered from `first`. SPI is connected. */
extern void StoreMedias(const EventReport *report, int32 rec_id, int first);

/* Stores a valid report, the lock being held and SPI connected. app_id 0 = none. */
extern void StoreEvent(const EventReport *report, const char *sender, int32 app_id, StoredEvent *stored);

/*
 * Fills the list with what differs between a report and the stored one of its otherTaskNum
 * (event_conflict.c): one error a field, or one at `whole`. Opens SPI by itself.
 */
extern void EventConflict(const EventReport *report, int32 rec_id, const char *whole, ErrorList *errors);

/* digest[32] of the content that a repeat must have again, see event_store.c. */
extern void EventContentDigest(const EventReport *report, unsigned char *digest);

/* The next recID and its taskNum; opens SPI by itself at most once in a session. */
/* The platform's code; it never changes once set up. Opens SPI by itself; an error before setup(). */
extern const char *PlatformCode(void);

extern void NewEventNumbers(TimestampTz received, StoredEvent *stored);

/* The columns of a stored report's row, without its place; and of a medium's. */
#define EVENT_ROW_COLUMNS                                                                                    \
	"rec_id, task_num, sender_code, other_task_num, event_desc, address, coordinate_x, coordinate_y, "       \
	"map_longitude, map_latitude, district_code, district_name, street_code, street_name, community_code, "  \
	"community_name, event_src_id, rec_type_id, event_level_id, event_type_code, main_type_code, "           \
	"sub_type_code, human_name, cellphone, create_time, receive_time, update_time, app_id, "                 \
	"sender_task_num, media_count, content_digest, warnings, ext, personal"
#define EVENT_MEDIA_ROW_COLUMNS                                                                              \
	"rec_id, media_no, media_name, media_type, media_usage, media_url, content, sender_task_num, ext"
#define EVENT_ROW_SIZE 64

/* The values of a row, in the order of its columns. */
typedef struct EventRow
{
	Datum values[EVENT_ROW_SIZE];
	bool nulls[EVENT_ROW_SIZE];
	int count;
} EventRow;

extern void FillEventRow(const EventReport *report, const char *sender, int32 app_id,
						 const unsigned char *digest, const StoredEvent *stored, TimestampTz update_time,
						 EventRow *row);
/* Writes the event's row. False: load_events(), which takes no lock, has stored the same report meanwhile. */
extern bool InsertEvent(const EventReport *report, const char *sender, int32 app_id,
						const unsigned char *digest, const StoredEvent *stored, const EventStart *start);
extern void FillMediaRow(const EventMedium *medium, int32 rec_id, int media_no, EventRow *row);

/*
 * The event, or archived event, that the sender reported under that number: its rec_id and *stored, 0 when
 * there is none. digest[32] decides on stored->status.
 */
extern int32 FindReported(const char *sender, const char *other_task_num, const unsigned char *digest,
						  StoredEvent *stored);

/* A taskNum of this platform: the rec_id in it, 0 when it cannot be one. Reads no table but platform. */
extern int32 TaskNumRecId(const char *task_num);

/* Does the profile of the sender's application say egova? */
extern bool SenderProfileEgova(const char *sender);

#endif
