/*
 * Cases as they are read: the files that read them share this.
 *
 *   row of CASE_COLUMNS --ReadCase()--> fixed fields as JSON, masked by level --WriteCase()--> medias, steps
 *
 * A CaseReader is one call: who reads, at which level, in which coordinate system and time format.
 */
#ifndef CBD_EVENT_CASE_H
#define CBD_EVENT_CASE_H

#include "postgres.h"
#include "access/endpoint.h"
#include "event/case_right.h"
#include "event/event.h"
#include "media/media.h"

/* The system that a case's place is shown in. */
typedef enum CrsKind
{
	CRS_LONLAT, /* EPSG:4490, the default */
	CRS_SRID,
	CRS_GCJ02,
	CRS_BD09
} CrsKind;

/* How the caller wants times and coordinates. */
typedef struct CaseFormat
{
	bool unix_time;
	CrsKind crs;
	int srid;
	MediaSealer *media; /* makes the addresses of stored media; NULL: they have none */
} CaseFormat;

/* The columns of a case, of event e, in the order of case_field.h; a query may append its own, from
 * CASE_EXTRA_COLUMN on. The second e.state stands where the fields have stateName. */
#define CASE_COLUMNS                                                                                         \
	"e.rec_id, e.task_num, e.sender_code, e.other_task_num, e.event_desc, e.address, e.coordinate_x, "       \
	"e.coordinate_y, @postgis@.st_x(e.geom), @postgis@.st_y(e.geom), e.district_code, e.district_name, "     \
	"e.street_code, e.street_name, e.community_code, e.community_name, e.event_src_id, e.rec_type_id, "      \
	"e.event_level_id, e.event_type_code, e.main_type_code, e.sub_type_code, e.create_time, "                \
	"e.receive_time, e.state, e.state, e.version, e.process_code, e.process_version, e.stage, "              \
	"e.base_state, e.unit_code, (SELECT h.user_name FROM citybigdata.account h WHERE h.account_id "          \
	"OPERATOR(pg_catalog.=) e.holder), e.condition_code, e.part_code, e.human_name, e.cellphone, "           \
	"e.suspended_until, e.supervised, e.rework_count, e.warnings::pg_catalog.text, e.media_count, "          \
	"e.step_count, e.personal"
#define CASE_EXTRA_COLUMN 45

/* The relations of cases that are read alone, whether archived or not (sql/tables/84-archive.sql). Both parts
 * are looked at with one snapshot: a case that is moved meanwhile is in one of them. */
#define ALL_EVENTS "(SELECT * FROM citybigdata.event UNION ALL SELECT * FROM citybigdata.event_archive)"
#define ALL_MEDIA                                                                                            \
	"(SELECT * FROM citybigdata.event_media UNION ALL SELECT * FROM citybigdata.event_media_archive)"
#define ALL_STEPS                                                                                            \
	"(SELECT * FROM citybigdata.event_step UNION ALL SELECT * FROM citybigdata.event_step_archive)"

/* One case of a result, with its parts that other tables hold still to come. */
typedef struct CaseRow
{
	const struct CaseReader *reader;
	int32 rec_id;
	char *task_num;
	char *sender;
	StringInfoData json; /* up to stateName, without the closing brace */
	char *warnings;
	char *step_warnings; /* of a step that was taken with this reply: [...]; NULL */
	bool has_media;
	bool has_steps;
	bool in_process;
	int level;   /* data level that it is shown at, see event_level.h */
	bool person; /* name and phone number are shown whole, whatever the level is */
} CaseRow;

/* Who reads, and how it is shown to him. */
typedef struct CaseReader
{
	Call *call;
	bool granted;  /* every case; else only those of the application's own senders */
	int level;     /* data level that cases of other senders are shown at */
	int own_level; /* those of its own senders */
	CaseFormat format;
	MediaSealer media; /* format.media */
} CaseReader;

/* The fixed fields of result row `at`; false when the point cannot be expressed in the wanted system. SPI is
 * connected. */
extern bool ReadCase(uint64 at, const CaseReader *reader, CaseRow *row);

/* Whose case it was, and under which taskNum, that was archived and then purged; false: there is none such.
 * SPI is connected. */
extern bool ReadPurged(int32 rec_id, char **task_num, char **sender);

/* The case as the result's only row; false: there is none. SPI is connected. */
extern bool FindCaseRow(int32 rec_id);

/* The taskNum of result row `at`. */
extern char *CaseTaskNum(uint64 at);

/* Where the case of result row `at` is. */
extern CasePlace CasePlaceOf(uint64 at);

/* May the caller see the case of result row `at`? */
extern bool MaySeeCase(const CaseReader *reader, uint64 at);

/*
 * The chapters above this one (NULL: none): append members of a case in a process, as `,"name":value`; SPI is
 * connected.
 */
extern void (*CaseMembersHook)(StringInfo out, const CaseRow *row, const CaseFormat *format);

/* The same of one case that is read alone and whose place the caller may see, behind all its members. */
extern void (*CaseShownHook)(StringInfo out, const CaseRow *row);

/* Fills the reader of a call that AuthoriseCases() let in. */
extern void ReaderOf(CaseReader *reader);

/* The media of a case with numbers from `first` to `last`, as the elements of a JSON array. The same of SPI.
 */
extern void WriteMedias(StringInfo out, int32 rec_id, int first, int last, int level,
						const CaseFormat *format);

/* The steps of a case as a JSON array, oldest first. SPI is connected; its last result is lost. */
extern void WriteSteps(StringInfo out, int32 rec_id, int level, const CaseFormat *format);

/* Appends the whole case as JSON. SPI is connected; its last result is lost. */
extern void WriteCase(StringInfo out, const CaseRow *row, const CaseFormat *format);

/*
 * The case as GET /events/{taskNum} has it, as it is now: what the transaction itself has changed shows. The
 * caller has been found to see it. `warnings`: of the step that is replied to, or NULL. False: the wanted
 * coordinate system has no place for it. SPI is not connected.
 */
extern bool WriteCaseNow(StringInfo out, int32 rec_id, const CaseReader *reader, char *warnings);

/* The addresses of stored media in what follows are the caller's; MediaSealerEnd(&reader->media) is due. */
extern void ReaderShowMedia(CaseReader *reader);

/* timeFormat and crs (NULL: absent) into the reader's format; adds what is wrong to the call's errors. */
extern void ReaderFormat(CaseReader *reader, const char *time_format, const char *crs);

/* Adds the member that says where the tables of a case's coded fields are (clause 5.4.4-c). */
extern void WriteCaseTables(StringInfo out);

extern void WriteCaseTime(StringInfo out, TimestampTz value, const CaseFormat *format);

/* May the caller see cases of this sender, as far as it hangs on the sender? */
extern bool MaySee(const CaseReader *reader, const char *sender);

/* A place in the feed: behind the case of that number among those of the time, 0: before all of them. */
typedef struct FeedPlace
{
	TimestampTz time;
	int32 rec_id;
} FeedPlace;

/* Reads `since`: a time of the standard, or a place as nextSince has it within a second:
 * time_microseconds_recID. Adds what is wrong to the errors. */
extern void ReadFeedPlace(const char *text, FeedPlace *place, ErrorList *errors);

/*
 * The data of GET /events?since=: {"items":[case...],"nextSince":time or place}. NULL: the wanted coordinate
 * system cannot be used.
 */
extern char *FeedData(const CaseReader *reader, const FeedPlace *since, const char *sender);

#endif
