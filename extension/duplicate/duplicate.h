/*
 * Duplicates (clause 4): reports of one problem, and which case stands for them.
 *
 *   a case, or a report --DuplicatesFind()--> candidates with scores, best first   duplicate_find.c
 *       squares of 0.005 degrees around the place, by type and time (indexes event_duplicate_*): a bounded
 *       number of rows each --> nearest and most recent --> likeness of the texts --> score duplicate_score.c
 *   merge, unmerge --process/step_merge.c--> table case_link                        case_link.c
 *   GET of a case --> mainTaskNum, duplicates                                       case_link_shape.c
 *
 * Words. A duplicate is a case that is merged into another one, its main case; it is not dropped: it stays in
 * its stage with its clocks standing, and others see the state of the main case as its own. There are no
 * chains. A candidate is a case that may be of the same problem.
 *
 * Distances are metres, times between reports minutes. All open SPI by themselves.
 */
#ifndef CBD_DUPLICATE_H
#define CBD_DUPLICATE_H

#include "postgres.h"
#include "datatype/timestamp.h"

#include "event/case_right.h"
#include "event/event_case.h"
#include "place/coord.h"

/* Candidates that are told at most, and of them open ones: closed ones are always told too. */
#define DUPLICATES_TOLD 20
#define DUPLICATES_OPEN 15

/* ---- candidates ---- */

/* What candidates are looked for. Texts may be NULL but for the type. */
typedef struct DuplicateSubject
{
	int32 rec_id;      /* 0: it is not stored */
	int32 main_rec_id; /* that it is merged into; 0: none */
	LonLat place;
	TimestampTz time; /* createTime */
	char *type;
	char *part;
	char *description;
	int reach;   /* metres; no farther than this is looked, 0: as far as the setting's radius */
	int minutes; /* no earlier or later, 0: as the setting's days say */
} DuplicateSubject;

/* Why a candidate is one: bits. */
typedef enum DuplicateReason
{
	REASON_SAME_TYPE = 1 << 0,
	REASON_OTHER_TYPE = 1 << 1, /* one that people choose for the same problem */
	REASON_NEAR = 1 << 2,       /* within a quarter of the radius */
	REASON_RECENT = 1 << 3,     /* within a quarter of the days */
	REASON_TEXT = 1 << 4,       /* texts are alike by half or more */
	REASON_PART = 1 << 5,       /* the same component 部件 */
	REASON_CLOSED = 1 << 6      /* it is closed */
} DuplicateReason;
#define DUPLICATE_REASONS 7

/* A candidate. If the case that was found is merged, this is its main case, with the distance and the time of
 * the one that was found. */
typedef struct Duplicate
{
	int32 rec_id;
	char *task_num;
	char *sender;
	CasePlace place;
	int32 state;
	double distance;
	int minutes;
	double score; /* 0 to 1 */
	int reasons;
} Duplicate;

/* What a score is made of, each 0 to 1. */
typedef struct DuplicateLikeness
{
	double near;
	double recent;
	double text; /* below 0: a text has no pairs to compare */
	bool same_type;
	bool same_part;
	bool closed;
} DuplicateLikeness;

/* The score of a likeness, and its reasons. */
extern double DuplicateScore(const DuplicateLikeness *likeness, int *reasons);

/* Likeness of texts. */
typedef struct TextPairs
{
	int32 *pairs; /* ascending, each once */
	int count;
} TextPairs;

/* The pairs of adjacent characters of a text, which may be NULL. */
extern TextPairs TextPairsOf(const char *text);

/* Twice the common pairs by all pairs; -1: one has none. */
extern double TextLikeness(const TextPairs *a, const TextPairs *b);

/* The name of one reason. */
extern const char *DuplicateReasonName(int place);

/* The case as a subject; false: there is none. */
extern bool DuplicateSubjectOf(int32 rec_id, DuplicateSubject *subject);

/* The candidates, best first, at most DUPLICATES_TOLD; palloc'd. */
extern int DuplicatesFind(const DuplicateSubject *subject, Duplicate **found);

/* ---- links (case_link.c) ---- */

/* Links the case to a main case, or to another one than before. The rows of both are locked. */
extern void CaseLinkStore(int32 rec_id, int32 main_rec_id, TimestampTz now);

/* Ends the link of the case. */
extern void CaseLinkEnd(int32 rec_id);

/* The duplicates of a main case in ascending order, palloc'd: *numbers. Returns how many. */
extern int CaseDuplicates(int32 main_rec_id, int32 **numbers);

/* The duplicates get the state of their main case, and show in the feed. The main's row is locked. */
extern void CaseDuplicatesFollow(int32 main_rec_id, int32 state, TimestampTz now);

/* Was the report made after the main case had been closed? */
extern bool ReportedAfterClosing(int32 rec_id, int32 main_rec_id);

/* ---- shape (case_link_shape.c) ---- */

/* Appends ,"mainTaskNum":...,"duplicates":[...] of the case, as far as the reader may know them. SPI is
 * connected; its last result is lost. */
extern void WriteCaseLinks(StringInfo out, const CaseRow *row);

#endif
