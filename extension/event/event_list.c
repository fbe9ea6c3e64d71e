/*
 * The statement of a list of cases and its page; see event_list.h.
 *
 *   SELECT a case FROM its relations WHERE who may see it AND filters AND beyond the cursor
 *   ORDER BY createTime, recID descending LIMIT a page and one
 *
 * The one more tells whether there is a next page. With words (q), cases are found by event_words, and those
 * that it does not have yet are looked through: two such statements, merged, for each window of time
 * (event_window.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "access/operator.h"
#include "core/field.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "event/case_words.h"
#include "event/event_list.h"
#include "place/division.h"

/* Posts that are made conditions of, which indexes know; those of who has more are one list. */
#define POSTS_LIMIT 16

/* A case at work: as the index event_open_idx has it. */
#define OPEN_EVENTS "(SELECT * FROM citybigdata.event WHERE state OPERATOR(pg_catalog.<>) ALL (ARRAY[6, 7]))"

/* The most special division of a case that is known; see PlaceOf() in event_case.c. */
#define CASE_DIVISION "coalesce(e.community_code, e.street_code, e.district_code)"

/* ---- who may see ---- */

/* The cases of an application without the grant cases: those of its own senders. */
static void
AddOwnSenders(ListQuery *query)
{
	appendStringInfo(&query->where,
					 " AND e.sender_code OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT s.sender_code FROM "
					 "citybigdata.sender s WHERE s.app_id OPERATOR(pg_catalog.=) $%d))",
					 ListArgument(query, INT4OID, Int32GetDatum(query->reader->call->caller.app_id)));
}

/* Has the role nothing to do with cases that are with no unit? */
static bool
BoundToUnit(const OperatorPost *post)
{
	return strcmp(post->role, "unit") == 0 || strcmp(post->role, "handler") == 0;
}

/* Digits that the codes of a division and of those below it have in common; as DivisionWithin() has them. */
static int
DivisionLength(const char *code)
{
	int length = (int) strlen(code);

	if (length == 6 && strcmp(code + 4, "00") == 0)
		length = strcmp(code + 2, "0000") == 0 ? 2 : 4;
	return length;
}

/* The units that are the post's or below it, and none yet where its role does not hang on the unit. */
static void
AddPostUnit(ListQuery *query, const OperatorPost *post)
{
	appendStringInfo(&query->where,
					 " AND (e.unit_code OPERATOR(pg_catalog.=) ANY (ARRAY(WITH RECURSIVE below AS (SELECT "
					 "$%d AS unit_code UNION SELECT u.unit_code FROM citybigdata.unit u JOIN below b ON "
					 "u.parent_code OPERATOR(pg_catalog.=) b.unit_code) SELECT b.unit_code FROM below b))%s)",
					 ListArgument(query, TEXTOID, CStringGetTextDatum(post->unit_code)),
					 BoundToUnit(post) ? "" : " OR e.unit_code IS NULL");
}

/* The divisions that are the post's or below it. */
static void
AddPostDivision(ListQuery *query, const OperatorPost *post)
{
	int length = DivisionLength(post->division_code);

	appendStringInfo(
		&query->where, " AND pg_catalog.\"left\"(" CASE_DIVISION ", %d) OPERATOR(pg_catalog.=) $%d", length,
		ListArgument(query, TEXTOID, PointerGetDatum(cstring_to_text_with_len(post->division_code, length))));
}

/* Those of many posts, in three arrays: units, beginnings of divisions, and whether the role hangs on the
 * unit; an empty text is: none. */
static void
AddManyPosts(ListQuery *query, const OperatorPost *posts, int count)
{
	char **units = palloc(sizeof(char *) * count);
	char **divisions = palloc(sizeof(char *) * count);
	char **bound = palloc(sizeof(char *) * count);

	for (int i = 0; i < count; i++)
	{
		const OperatorPost *post = &posts[i];

		units[i] = post->unit_code == NULL ? "" : post->unit_code;
		divisions[i] = post->division_code == NULL
						   ? ""
						   : pnstrdup(post->division_code, DivisionLength(post->division_code));
		bound[i] = BoundToUnit(post) ? "1" : "";
	}
	appendStringInfo(
		&query->where,
		" AND EXISTS (SELECT FROM ROWS FROM (pg_catalog.unnest($%d), pg_catalog.unnest($%d), "
		"pg_catalog.unnest($%d)) AS p "
		"(unit, division, bound) WHERE "
		"pg_catalog.starts_with(coalesce(" CASE_DIVISION ", ''), p.division) AND (p.unit "
		"OPERATOR(pg_catalog.=) '' OR (p.bound OPERATOR(pg_catalog.=) '' AND e.unit_code IS NULL) OR "
		"citybigdata.unit_within(e.unit_code, p.unit)))",
		ListArgument(query, TEXTARRAYOID, TextArrayDatum(units, count)),
		ListArgument(query, TEXTARRAYOID, TextArrayDatum(divisions, count)),
		ListArgument(query, TEXTARRAYOID, TextArrayDatum(bound, count)));
}

/* What an operator's posts reach: as MaySeeCase() judges each row, since the cursor tells where the last row
 * is. */
static void
AddPosts(ListQuery *query)
{
	const Caller *caller = &query->reader->call->caller;

	if (PostsReachAll(caller->posts, caller->post_count))
		return;
	if (caller->post_count > POSTS_LIMIT)
	{
		AddManyPosts(query, caller->posts, caller->post_count);
		return;
	}
	appendStringInfoString(&query->where, " AND (false");
	for (int i = 0; i < caller->post_count; i++)
	{
		const OperatorPost *post = &caller->posts[i];

		appendStringInfoString(&query->where, " OR (true");
		if (post->division_code != NULL)
			AddPostDivision(query, post);
		if (post->unit_code != NULL)
			AddPostUnit(query, post);
		appendStringInfoChar(&query->where, ')');
	}
	appendStringInfoChar(&query->where, ')');
}

/* ---- the statement ---- */

/* What lies beyond the cursor. */
static void
AddCursor(ListQuery *query)
{
	int n;

	if (!query->has_cursor)
		return;
	n = ListArgument(query, INT4OID, Int32GetDatum(query->after_rec_id));
	if (query->by_time)
		appendStringInfo(&query->where, " AND (e.create_time, e.rec_id) OPERATOR(pg_catalog.<) ($%d, $%d)",
						 ListArgument(query, TIMESTAMPTZOID, TimestampTzGetDatum(query->after_time)), n);
	else
		appendStringInfo(&query->where, " AND e.rec_id OPERATOR(pg_catalog.<) $%d", n);
}

/* The recID up to which event_words has all cases. */
static int32
WordsDone(void)
{
	static SpiQuery query = {"SELECT s.done_to FROM citybigdata.event_words_state s", 0, {0}};

	return SpiRead(&query, NULL, NULL, 1) > 0 ? SpiInt32(0, 1) : 0;
}

/* Are there cases beyond that recID, which event_words does not have yet? */
static bool
WordsBehind(int32 done)
{
	static SpiQuery query = {"SELECT FROM " ALL_EVENTS " e WHERE e.rec_id OPERATOR(pg_catalog.>) $1 LIMIT 1",
							 1,
							 {INT4OID},
							 NULL,
							 true};

	return SpiRead(&query, (Datum[]){Int32GetDatum(done)}, NULL, 1) > 0;
}

/* The cases with the words: those beyond event_words, and those in it. */
static void
AppendWordSources(StringInfo sql, ListQuery *query, const char *source, const ListWindow *window,
				  const char *order, int limit)
{
	int32 done_to = WordsDone();
	int done = ListArgument(query, INT4OID, Int32GetDatum(done_to));
	int pairs = ListArgument(query, INT4ARRAYOID, WordPairs(query->words, NULL));
	StringInfoData marks;

	initStringInfo(&marks);
	if (window != NULL && window->marks != (Datum) 0)
		appendStringInfo(&marks, " AND w.pairs OPERATOR(pg_catalog.&&) $%d",
						 ListArgument(query, INT4ARRAYOID, window->marks));
	appendStringInfoChar(sql, '(');
	/* what is not there need not be planned: that takes longer than the look */
	if (WordsBehind(done_to))
		appendStringInfo(
			sql, "(SELECT e.* FROM %s e WHERE e.rec_id OPERATOR(pg_catalog.>) $%d%s %s LIMIT $%d) UNION ALL ",
			source, done, query->where.data, order, limit);
	appendStringInfo(sql,
					 "(SELECT e.* FROM %s e JOIN citybigdata.event_words w ON w.rec_id "
					 "OPERATOR(pg_catalog.=) e.rec_id WHERE w.rec_id OPERATOR(pg_catalog.<=) $%d AND w.pairs "
					 "OPERATOR(pg_catalog.@>) $%d%s%s %s LIMIT $%d))",
					 source, done, pairs, marks.data, query->where.data, order, limit);
}

/* The condition of the window. */
static void
AddWindow(ListQuery *query, const ListWindow *window)
{
	if (window->has_from)
		appendStringInfo(&query->where, " AND e.create_time OPERATOR(pg_catalog.>=) $%d",
						 ListArgument(query, TIMESTAMPTZOID, TimestampTzGetDatum(window->from)));
	if (window->has_to)
		appendStringInfo(&query->where, " AND e.create_time OPERATOR(pg_catalog.<) $%d",
						 ListArgument(query, TIMESTAMPTZOID, TimestampTzGetDatum(window->to)));
}

/* The statement of at most so many rows. */
static char *
Statement(ListQuery *query, const ListWindow *window, int rows)
{
	const char *source = query->open ? OPEN_EVENTS : ALL_EVENTS;
	const char *order =
		query->by_time ? "ORDER BY e.create_time DESC, e.rec_id DESC" : "ORDER BY e.rec_id DESC";
	StringInfoData sql;
	int limit = ListArgument(query, INT8OID, Int64GetDatum(rows));

	if (window != NULL)
		AddWindow(query, window);
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT " CASE_COLUMNS ", e.create_time FROM ");
	if (query->words != NULL)
		AppendWordSources(&sql, query, source, window, order, limit);
	else
		appendStringInfoString(&sql, source);
	appendStringInfo(&sql, " e WHERE true%s %s LIMIT $%d", query->words != NULL ? "" : query->where.data,
					 order, limit);
	return sql.data;
}

/* A ListPartReader. SPI is connected. */
static void
ReadListPart(ListQuery *query, const ListWindow *window, ListPage *page)
{
	int nargs = query->nargs;
	int where = query->where.len;
	char *sql = Statement(query, window, query->page_size + 1 - page->read);
	uint64 count = SpiReadOnce(sql, query->nargs, query->types, query->values, 0);

	for (uint64 i = 0; i < count && page->placed && !page->more; i++)
	{
		if (page->read == query->page_size)
		{
			page->more = true;
			break;
		}
		page->read++;
		page->last_time = SpiInt64(i, CASE_EXTRA_COLUMN);
		page->last_rec_id = SpiInt32(i, 1);
		if (!MaySeeCase(query->reader, i))
			continue;
		page->placed = ReadCase(i, query->reader, &page->cases[page->shown]);
		page->shown++;
	}
	/* values and conditions of this part only */
	query->nargs = nargs;
	query->where.len = where;
	query->where.data[where] = '\0';
}

char *
ListData(ListQuery *query, char *next)
{
	ListPage page = {.cases = palloc0(sizeof(CaseRow) * (query->page_size + 1)), .placed = true};
	StringInfoData out;

	initStringInfo(&out);
	next[0] = '\0';
	appendStringInfoString(&out, "{\"items\":[");
	if (query->reader->call->caller.operator_)
		AddPosts(query);
	else if (!query->reader->granted)
		AddOwnSenders(query);
	AddCursor(query);
	SpiBegin();
	if (!query->nothing && query->words != NULL && query->by_time)
		ReadListWindows(query, &page, ReadListPart);
	else if (!query->nothing)
		ReadListPart(query, NULL, &page);
	if (page.more)
		ListCursor(query, query->by_time ? page.last_time : 0, page.last_rec_id, next);
	for (int i = 0; i < page.shown && page.placed; i++)
	{
		if (i > 0)
			appendStringInfoChar(&out, ',');
		WriteCase(&out, &page.cases[i], &query->reader->format);
	}
	SpiEnd();
	appendStringInfoString(&out, "],\"nextCursor\":");
	JsonString(&out, next[0] != '\0' ? next : NULL);
	if (page.shown > 0)
		WriteCaseTables(&out);
	appendStringInfoChar(&out, '}');
	return page.placed ? out.data : NULL;
}
