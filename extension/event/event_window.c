/*
 * Lists with words, window by window.
 *
 * The inverted index gives cases without an order: of a word that a million cases have, all would be fetched
 * and sorted for a page of the newest hundred; in the order of time, of a word that a hundred have, all cases
 * would be looked through. Both are avoided by windows of createTime, newest first: the first is so long that
 * it should hold WINDOW_CASES cases, the next so long that it should hold twice what the page still wants, as
 * dense as the words were until then. So little more is fetched and sorted than is shown, in two or three
 * windows, whatever the number of cases is.
 *
 * The marks of event_words (case_words.h) keep what is found for the words to the months of the window and to
 * the types of the filter.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/spi.h"
#include "event/case_words.h"
#include "event/event_list.h"

#define WINDOW_CASES 4000

/* Cases with the words that a window without any is taken for: next time a look at some hundred. */
#define FOUND_LEAST 0.25

/* Most marks of a window: each is a look-up. A window with more months or types has fewer kinds of them. */
#define MARKS_LIMIT 64

/* The times of the oldest and the newest case, and about how many there are. False: there is none. */
static bool
CasesKnown(TimestampTz *oldest, TimestampTz *newest, double *count)
{
	static SpiQuery query = {
		"SELECT least((SELECT min(e.create_time) FROM citybigdata.event e), (SELECT min(a.create_time) FROM "
		"citybigdata.event_archive a)), greatest((SELECT max(e.create_time) FROM citybigdata.event e), "
		"(SELECT max(a.create_time) FROM citybigdata.event_archive a)), (SELECT "
		"sum(greatest(c.reltuples, 0)) FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) ANY "
		"(ARRAY['citybigdata.event'::pg_catalog.regclass, "
		"'citybigdata.event_archive'::pg_catalog.regclass]))::pg_catalog.float8",
		0,
		{0},
		NULL,
		true};

	if (SpiRead(&query, NULL, NULL, 1) == 0 || SpiIsNull(0, 1))
		return false;
	*oldest = SpiInt64(0, 1);
	*newest = SpiInt64(0, 2);
	*count = SpiDouble(0, 3);
	return true;
}

/* The marks of the window, as few as tell most; 0: none. */
static Datum
WindowMarks(const ListQuery *query, const ListWindow *window, TimestampTz newest)
{
	int first = window->has_from ? CaseMonth(window->from) : 0;
	int months = window->has_from ? CaseMonth(window->has_to ? window->to : newest) - first + 1 : 0;
	int types = query->type_count <= MARKS_LIMIT ? query->type_count : 0;
	int32 marks[MARKS_LIMIT];
	int count = 0;

	if (months < 1 || months > MARKS_LIMIT)
		months = 0;
	if (types > 0 && months > 0 && types * months <= MARKS_LIMIT)
	{
		for (int t = 0; t < types; t++)
			for (int m = 0; m < months; m++)
				marks[count++] = TypeMonthMark(DatumGetTextPP(query->type_codes[t]), first + m);
	}
	else if (types > 0)
	{
		for (int t = 0; t < types; t++)
			marks[count++] = TypeMark(DatumGetTextPP(query->type_codes[t]));
	}
	else
	{
		for (int m = 0; m < months; m++)
			marks[count++] = MonthMark(first + m);
	}
	return count > 0 ? MarkArray(marks, count) : (Datum) 0;
}

/* Length of the next window, the page having been read in about that many cases, the newest ones; `rate`: of
 * cases a microsecond. */
static TimestampTz
NextLength(const ListQuery *query, const ListPage *page, double cases, double rate)
{
	double wanted = 2.0 * (query->page_size + 1 - page->read);
	double next = cases * wanted / Max((double) page->read, FOUND_LEAST);
	double length = Max(next, cases) / rate;

	return length < (double) PG_INT64_MAX / 2 ? (TimestampTz) length : PG_INT64_MAX / 2;
}

void
ReadListWindows(ListQuery *query, ListPage *page, ListPartReader read)
{
	ListWindow window = {0};
	TimestampTz oldest = 0, newest = 0;
	double count = 0;
	double rate = 0;        /* of cases a microsecond; 0: one window is all */
	TimestampTz length = 0; /* of the window */

	if (CasesKnown(&oldest, &newest, &count) && count > WINDOW_CASES && newest > oldest)
		rate = count / (double) (newest - oldest);
	/* what the cursor or the filter leaves */
	if (query->has_cursor)
		newest = Min(newest, query->after_time);
	if (query->has_range)
	{
		newest = Min(newest, query->range_to);
		oldest = Max(oldest, query->range_from);
	}
	if (rate > 0)
		length = (TimestampTz) Max(1.0, WINDOW_CASES / rate);
	for (TimestampTz to = newest; page->placed && !page->more; to = window.from)
	{
		window.has_from = length > 0 && to > oldest && !pg_sub_s64_overflow(to, length, &window.from) &&
						  window.from > oldest;
		window.marks = WindowMarks(query, &window, newest);
		read(query, &window, page);
		if (!window.has_from)
			break;
		window.has_to = true;
		window.to = window.from;
		length = NextLength(query, page, (double) (newest - window.from) * rate, rate);
	}
}
