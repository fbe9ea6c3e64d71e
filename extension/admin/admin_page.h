/*
 * Lists that administrators look through, page by page: what GET /admin/... endpoints of all chapters share.
 *
 *   BeginList()    who may have it; its filters go to the audit row
 *   CheckId() ...  the filters, the cursor and the size of the page
 *   AnswerPage()   one statement that makes the page's JSON: {items, nextCursor}
 *
 * A cursor is the key of the last row, so that pages stay right while rows come and go.
 */
#ifndef CBD_ADMIN_PAGE_H
#define CBD_ADMIN_PAGE_H

#include "postgres.h"
#include "access/admin.h"
#include "core/spi.h"

/* Rows of a page, unless the caller asks for more; the most that he may ask for. */
#define LIST_PAGE     100
#define LIST_PAGE_MAX 1000

/* A time as the lists show it, in the platform's zone. */
#define SHOWN_TIME(value)                                                                                    \
	"to_char(" value " AT TIME ZONE current_setting('citybigdata.time_zone'), 'YYYYMMDDHH24MISS')"

/* clang-format off */
/* The begin of a statement: {items, nextCursor} of the rows p of a page, in order of their column `key`;
 * $`size` is the page's size. What follows is a subquery p that reads at most that many rows. */
#define PAGE_OF(members, key, size) \
	"SELECT json_build_object('items', coalesce(json_agg(json_build_object(" members ")" \
	" ORDER BY p." key "), '[]'::json)," \
	" 'nextCursor', CASE WHEN count(*) = $" size " THEN max(p." key ")::text END)::text FROM "
/* clang-format on */

/*
 * Begins a call for a list: are the caller's roles (ADMIN_...) enough, and what was asked for? `filters`: the
 * names of the first arguments, NULL-terminated. False: *refusal is the answer.
 */
extern bool BeginList(Call *call, int roles, const char *const *filters, Datum *refusal);

/* The page's size: LIST_PAGE unless said otherwise. */
extern int32 CheckPageSize(Call *call, const char *text);

/* A number that may be absent (0); `wanted` tells it to people. */
extern int64 CheckId(Call *call, const char *pointer, const char *text, const char *wanted);

/* The number after which a page starts; 0: from the first row. */
extern int64 CheckCursor(Call *call, const char *text);

/* The same where the key is a text of at most `longest` characters; "" : from the first row. */
extern const char *CheckTextCursor(Call *call, const char *text, int longest);

/* The filter `state`, one of the states (NULL-terminated), for SQL; null: any. */
extern Datum CheckState(Call *call, const char *text, const char *const *states, bool *isnull);

/* Answers with the page that a query makes; the errors of its parameters come first. */
extern Datum AnswerPage(Call *call, SpiQuery *page, const Datum *values, const bool *nulls);

#endif
