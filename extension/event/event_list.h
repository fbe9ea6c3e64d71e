/*
 * GET /events by filters: lists of cases, newest first, page by page.
 *
 *   parameters --event_filter.c--> ListQuery: conditions of constant words with $n, values, errors
 *              --event_list.c----> one statement, planned for these values --> cases and nextCursor
 *              --event_window.c--> with words (q): the same for one time after the other, newest first
 *
 * What may be asked: a filter on a field that is above the caller's data level would tell what is masked, so
 * it is refused. Which cases: all for the grant cases, those of his posts for an operator, those of its own
 * senders for any other application; archived ones as well.
 *
 * Order: createTime, then recID, both descending; recID alone for a caller who may not see createTime. A
 * cursor holds both of the last case shown and a number made of the filters, so that it serves no other
 * query.
 */
#ifndef CBD_EVENT_LIST_H
#define CBD_EVENT_LIST_H

#include "postgres.h"
#include "event/event_case.h"

/* Most values of a statement. */
#define LIST_ARGS 100

/* Bytes of a cursor: form, createTime, recID, number of the filters; its text, and room for that. */
#define CURSOR_BYTES (1 + 8 + 4 + 8)
#define CURSOR_TEXT  (CURSOR_BYTES / 3 * 4)
#define CURSOR_SIZE  (CURSOR_TEXT + 1)

/* The parameters as they came; NULL: not given. */
typedef struct ListParams
{
	char *sender;
	char *bbox;
	char *division;
	char *time_range;
	char *state;
	char *light;
	char *type;
	char *unit;
	char *words; /* q */
	char *page_size;
	char *cursor;
} ListParams;

/* A list as it is asked for. */
typedef struct ListQuery
{
	const CaseReader *reader;
	StringInfoData where; /* " AND condition" for each */
	Oid types[LIST_ARGS];
	Datum values[LIST_ARGS];
	int nargs;
	bool open;    /* only cases at work can answer it */
	bool nothing; /* no case can */
	bool by_time; /* the order has createTime first */
	int page_size;
	uint64 number; /* of the filters, for cursors */
	bool has_cursor;
	TimestampTz after_time; /* of the last case shown */
	int32 after_rec_id;
	text *words;             /* NULL: none are searched */
	const Datum *type_codes; /* texts: with words, those of the filter by type */
	int type_count;
	bool has_range;
	TimestampTz range_from; /* with has_range: of the filter by createTime; both may be in it */
	TimestampTz range_to;
} ListQuery;

/* The cases of a page, as they are read. */
typedef struct ListPage
{
	CaseRow *cases;        /* room for a page */
	int shown;             /* of them */
	int read;              /* rows, with those that the caller may not see */
	bool more;             /* there is a row beyond the page */
	bool placed;           /* each has a place in the wanted system */
	TimestampTz last_time; /* of the last row */
	int32 last_rec_id;
} ListPage;

/* A part of a list with words: cases whose createTime is from `from` until before `to`; marks: of
 * event_words, one of which each case of the part has (int[]; 0: any). */
typedef struct ListWindow
{
	bool has_from;
	TimestampTz from;
	bool has_to;
	TimestampTz to;
	Datum marks;
} ListWindow;

/* A new value of the statement; returns n of its $n. */
extern int ListArgument(ListQuery *query, Oid type, Datum value);

/* The list of the parameters; what is wrong goes into the call's errors. No SPI is connected. */
extern void ReadList(const ListParams *params, const CaseReader *reader, ListQuery *query);

/* Reads the cases of the list that are in the window (NULL: all) onto the page, behind those that are there.
 */
typedef void (*ListPartReader)(ListQuery *query, const ListWindow *window, ListPage *page);

/* Reads a list with words in order of time, window by window, until the page is full. SPI is connected. */
extern void ReadListWindows(ListQuery *query, ListPage *page, ListPartReader read);

/* Text of a cursor after that case, into next[CURSOR_SIZE]. */
extern void ListCursor(const ListQuery *query, TimestampTz time, int32 rec_id, char *next);

/* The data of the page; NULL: the wanted coordinate system has no place for a case. next[CURSOR_SIZE]: the
 * cursor of the next one, "": it is the last. */
extern char *ListData(ListQuery *query, char *next);

#endif
