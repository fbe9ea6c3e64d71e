/*
 * Storing a batch of history; see load.h.
 *
 * One INSERT for all events of a batch, one for their media, their steps, their facts each: rows go in as an
 * array of the table's own row type, so that defaults, constraints and foreign keys hold as ever and nothing
 * runs once a row. No locks on (sender, otherTaskNum): they would fill the lock table. What somebody else
 * reports at the same time is seen by the unique key (ON CONFLICT); StoreEvent() does the same.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "funcapi.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "archive/load.h"
#include "core/commit.h"
#include "core/spi.h"
#include "indicator/fact_fold.h"
#include "place/geometry_io.h"

#define LOADED_EVENT_COLUMNS EVENT_ROW_COLUMNS ", geom, state, base_state, closed_at, step_count"
#define LOADED_STEP_COLUMNS                                                                                  \
	"rec_id, step_no, step_time, action, from_state, to_state, step_by, note, result, from_stage, "          \
	"to_stage, "                                                                                             \
	"by_role, by_unit, reason"

/* The facts of a case; counters and times are those of fact_fold.h. */
#define FACT_COLUMN(name, number) ", \"" #name "\""
#define LOADED_FACT_COLUMNS                                                                                  \
	"rec_id, public_report, report_time, district_code, street_code, community_code, event_src_id, "         \
	"event_type_code, main_type_code, sub_type_code" FACT_COUNTERS(FACT_COLUMN) FACT_TIMES(FACT_COLUMN)

/* Microseconds between the update_time of two cases: the feed ends its pages with whole seconds and must be
 * able to hold one. */
#define UPDATE_SPACING 100

#define STORED_SRID 4490

/* Rows of a table on their way into an INSERT: an array of its row type. */
typedef struct TableRows
{
	TupleDesc shape;
	AttrNumber numbers[EVENT_ROW_SIZE]; /* of the columns that are filled, in the order of their list */
	int columns;
	Datum *rows;
	int count;
	int room;
} TableRows;

/* The statement of such rows. $1: the array. */
typedef struct TableInsert
{
	const char *table;
	const char *columns;
	SpiQuery query;
} TableInsert;

static TableInsert insert_events = {
	"event",
	LOADED_EVENT_COLUMNS,
	{"INSERT INTO citybigdata.event (" LOADED_EVENT_COLUMNS ") SELECT " LOADED_EVENT_COLUMNS
	 " FROM pg_catalog.unnest($1) ON CONFLICT (sender_code, other_task_num) DO NOTHING",
	 1}};
static TableInsert insert_media = {"event_media",
								   EVENT_MEDIA_ROW_COLUMNS,
								   {"INSERT INTO citybigdata.event_media (" EVENT_MEDIA_ROW_COLUMNS
									") SELECT " EVENT_MEDIA_ROW_COLUMNS " FROM pg_catalog.unnest($1)",
									1}};
static TableInsert insert_steps = {"event_step",
								   LOADED_STEP_COLUMNS,
								   {"INSERT INTO citybigdata.event_step (" LOADED_STEP_COLUMNS
									") SELECT " LOADED_STEP_COLUMNS " FROM pg_catalog.unnest($1)",
									1}};
static TableInsert insert_facts = {"case_fact",
								   LOADED_FACT_COLUMNS,
								   {"INSERT INTO citybigdata.case_fact (" LOADED_FACT_COLUMNS
									") SELECT " LOADED_FACT_COLUMNS " FROM pg_catalog.unnest($1)",
									1}};

/* ---- rows ---- */

/* Begins with no row; the columns are those of the statement. */
static void
RowsBegin(TableRows *rows, TableInsert *insert)
{
	Oid relation = get_relname_relid(insert->table, get_namespace_oid("citybigdata", false));
	Oid type = get_rel_type_id(relation);
	char *list = pstrdup(insert->columns);
	char *rest = list;
	char *name;

	memset(rows, 0, sizeof(*rows));
	rows->shape = lookup_rowtype_tupdesc_copy(type, -1);
	rows->shape->tdtypeid = type;
	while ((name = strsep(&rest, ", \"")) != NULL)
	{
		if (*name == '\0')
			continue;
		Assert(rows->columns < EVENT_ROW_SIZE);
		rows->numbers[rows->columns++] = get_attnum(relation, name);
	}
	rows->room = LOAD_LINES;
	rows->rows = palloc(sizeof(Datum) * rows->room);
	/* the type is another one after the extension was made anew */
	if (insert->query.types[0] != get_array_type(type) && insert->query.plan != NULL)
	{
		SPI_freeplan(insert->query.plan);
		insert->query.plan = NULL;
	}
	insert->query.types[0] = get_array_type(type);
}

/* One more row, its values in the order of the statement's columns. */
static void
RowsAdd(TableRows *rows, const EventRow *row)
{
	Datum *values = palloc0(sizeof(Datum) * rows->shape->natts);
	bool *nulls = palloc(sizeof(bool) * rows->shape->natts);
	HeapTuple tuple;

	Assert(row->count == rows->columns);
	memset(nulls, true, sizeof(bool) * rows->shape->natts);
	for (int i = 0; i < row->count; i++)
	{
		values[rows->numbers[i] - 1] = row->values[i];
		nulls[rows->numbers[i] - 1] = row->nulls[i];
	}
	if (rows->count == rows->room)
		rows->rows = repalloc(rows->rows, sizeof(Datum) * (rows->room *= 2));
	tuple = heap_form_tuple(rows->shape, values, nulls);
	rows->rows[rows->count++] = HeapTupleGetDatum(tuple);
	pfree(values);
	pfree(nulls);
}

/* Stores the rows. Returns how many were: less than there are where somebody else was quicker. SPI is
 * connected. */
static uint64
RowsInsert(const TableRows *rows, TableInsert *insert)
{
	Datum values[1];

	if (rows->count == 0)
		return 0;
	values[0] = PointerGetDatum(
		construct_array(rows->rows, rows->count, rows->shape->tdtypeid, -1, false, TYPALIGN_DOUBLE));
	return SpiRun(&insert->query, values, NULL, SPI_OK_INSERT, 0);
}

/* One more value of a row. */
static void
Add(EventRow *row, Datum value, bool present)
{
	row->values[row->count] = value;
	row->nulls[row->count++] = !present;
}

/* One more text of a row; null when NULL. */
static void
AddText(EventRow *row, const char *text)
{
	Add(row, text == NULL ? (Datum) 0 : CStringGetTextDatum(text), text != NULL);
}

/* ---- what goes into the tables ---- */

/* The row of a case. */
static void
AddEvent(TableRows *events, GeometryIo *geometry, const HistoryCase *past, TimestampTz update_time)
{
	EventRow row;

	FillEventRow(&past->report, past->sender, 0, past->digest, &past->stored, update_time, &row);
	Add(&row, GeometryFromEwkb(geometry, PointEwkb(past->report.place, STORED_SRID)), true);
	Add(&row, Int32GetDatum(past->state), true);
	Add(&row, Int32GetDatum(past->state), true);
	Add(&row, TimestampTzGetDatum(past->closed_time), past->closed);
	Add(&row, Int32GetDatum(past->step_count), true);
	RowsAdd(events, &row);
}

/* The rows of its media, numbered from 1. */
static void
AddMedia(TableRows *media, const HistoryCase *past)
{
	for (int i = 0; i < past->report.media_count; i++)
	{
		EventRow row;

		FillMediaRow(&past->report.medias[i], past->stored.rec_id, i + 1, &row);
		RowsAdd(media, &row);
	}
}

/* The rows of its steps, numbered from 1. */
static void
AddSteps(TableRows *steps, const HistoryCase *past)
{
	for (int i = 0; i < past->step_count; i++)
	{
		const HistoryStep *step = &past->steps[i];
		EventRow row = {.count = 0};

		Add(&row, Int32GetDatum(past->stored.rec_id), true);
		Add(&row, Int32GetDatum(i + 1), true);
		Add(&row, TimestampTzGetDatum(step->time), true);
		AddText(&row, step->action);
		Add(&row, Int32GetDatum(step->from_state), true);
		Add(&row, Int32GetDatum(step->to_state), true);
		AddText(&row, step->by);
		AddText(&row, step->note);
		AddText(&row, step->result);
		AddText(&row, step->from_stage);
		AddText(&row, step->to_stage);
		AddText(&row, step->by_role);
		AddText(&row, step->by_unit);
		AddText(&row, step->reason);
		RowsAdd(steps, &row);
	}
}

/* The sources whose reports are the public's. SPI is connected. */
static int32 *
PublicSources(uint64 *count)
{
	static SpiQuery query = {"SELECT p.event_src_id FROM citybigdata.public_source p", 0, {0}};
	int32 *sources;

	*count = SpiRun(&query, NULL, NULL, SPI_OK_SELECT, 0);
	sources = SPI_palloc(sizeof(int32) * (*count + 1));
	for (uint64 i = 0; i < *count; i++)
		sources[i] = SpiInt32(i, 1);
	return sources;
}

/* What the steps and the state of a case count. Without clocks nothing is late; who did it was no account. */
static void
PastFacts(const HistoryCase *past, CaseFacts *facts)
{
	FactsBegin(facts);
	for (int i = 0; i < past->step_count; i++)
	{
		const HistoryStep *step = &past->steps[i];
		FactStep fact = {.action = step->action,
						 .result = step->result,
						 .by_role = step->by_role,
						 .time = step->time,
						 .from_state = step->from_state};

		(void) FactsApply(facts, &fact);
	}
	FactsComplete(facts, past->state);
}

/* The row of its facts. */
static void
AddFacts(TableRows *rows, const HistoryCase *past, const int32 *sources, uint64 source_count)
{
	const EventReport *report = &past->report;
	EventRow row = {.count = 0};
	CaseFacts facts;
	bool from_public = false;

	for (uint64 i = 0; i < source_count; i++)
		from_public = from_public || sources[i] == report->event_src_id.value;
	PastFacts(past, &facts);
	Add(&row, Int32GetDatum(past->stored.rec_id), true);
	Add(&row, Int16GetDatum(from_public), true);
	Add(&row, TimestampTzGetDatum(report->create_time), true);
	AddText(&row, report->stored_district);
	AddText(&row, report->street_code);
	AddText(&row, report->community_code);
	Add(&row, Int32GetDatum(report->event_src_id.value), true);
	AddText(&row, report->event_type_code);
	AddText(&row, report->main_type_code);
	AddText(&row, report->sub_type_code);
	for (int i = 0; i < FACT_COUNTER_COUNT; i++)
		Add(&row, Int16GetDatum(facts.counter[i]), true);
	for (int i = 0; i < FACT_TIME_COUNT; i++)
		Add(&row, TimestampTzGetDatum(facts.time[i]), facts.time[i] != FACT_NEVER);
	RowsAdd(rows, &row);
}

/* Which of the new numbers were not stored, and so belong to reports that somebody else has stored: they are
 * looked up as repeats. SPI is connected. */
static void
FindOvertaken(HistoryCase **fresh, int count)
{
	static SpiQuery query = {
		"SELECT n.place FROM pg_catalog.unnest($1) WITH ORDINALITY AS n (rec_id, place) WHERE NOT EXISTS "
		"(SELECT FROM citybigdata.event e WHERE e.rec_id OPERATOR(pg_catalog.=) n.rec_id)",
		1,
		{INT4ARRAYOID},
		NULL,
		true};
	Datum *numbers = palloc(sizeof(Datum) * count);
	Datum values[1];
	uint64 found;

	for (int i = 0; i < count; i++)
		numbers[i] = Int32GetDatum(fresh[i]->stored.rec_id);
	values[0] = PointerGetDatum(construct_array(numbers, count, INT4OID, 4, true, TYPALIGN_INT));
	found = SpiRun(&query, values, NULL, SPI_OK_SELECT, 0);
	for (uint64 i = 0; i < found; i++)
	{
		HistoryCase *past = fresh[SpiInt64(i, 1) - 1];

		if (FindReported(past->sender, past->report.other_task_num, past->digest, &past->stored) == 0)
			elog(ERROR, "an event that is in the index was not found");
	}
}

/* Stores cases with new numbers; those that somebody else has stored meanwhile become repeats. */
static void
StoreFresh(Load *load, HistoryCase **fresh, int count)
{
	TableRows events;
	TableRows media;
	TableRows steps;
	TableRows facts;
	GeometryIo *geometry;
	int32 *sources;
	uint64 source_count;

	if (count == 0)
		return;
	RowsBegin(&events, &insert_events);
	RowsBegin(&media, &insert_media);
	RowsBegin(&steps, &insert_steps);
	RowsBegin(&facts, &insert_facts);
	/* the place follows the columns of EVENT_ROW_COLUMNS, before four others */
	geometry = GeometryCastsOf(TupleDescAttr(events.shape, events.numbers[events.columns - 5] - 1)->atttypid,
							   CurrentMemoryContext);
	for (int i = 0; i < count; i++)
	{
		load->update_time = Max(load->update_time + UPDATE_SPACING, ChangeInstant());
		AddEvent(&events, geometry, fresh[i], load->update_time);
	}
	SpiBegin();
	if (RowsInsert(&events, &insert_events) < count)
		FindOvertaken(fresh, count);
	sources = PublicSources(&source_count);
	for (int i = 0; i < count; i++)
		if (!fresh[i]->stored.repeat)
		{
			AddMedia(&media, fresh[i]);
			AddSteps(&steps, fresh[i]);
			AddFacts(&facts, fresh[i], sources, source_count);
		}
	RowsInsert(&media, &insert_media);
	RowsInsert(&steps, &insert_steps);
	RowsInsert(&facts, &insert_facts);
	SpiEnd();
}

/* ---- rejected lines ---- */

/* Keeps the lines that were refused, with their errors. */
static void
KeepRejected(const Load *load, HistoryCase **rejected, int count)
{
	static SpiQuery query = {
		"INSERT INTO citybigdata.event_load_reject (load_id, line, sender_code, data, status_code, errors) "
		"SELECT $1, r.line, r.sender_code, r.data, r.status_code, r.errors::pg_catalog.jsonb FROM ROWS FROM "
		"(pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), "
		"pg_catalog.unnest($6)) AS r (line, sender_code, data, status_code, errors)",
		6,
		{INT8OID, INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT4ARRAYOID, TEXTARRAYOID}};
	static const Oid types[5] = {INT8OID, TEXTOID, TEXTOID, INT4OID, TEXTOID};
	Datum *columns[5];
	bool *nulls[5];
	Datum values[6] = {Int64GetDatum(load->load_id)};

	if (count == 0)
		return;
	for (int i = 0; i < 5; i++)
	{
		columns[i] = palloc(sizeof(Datum) * count);
		nulls[i] = palloc0(sizeof(bool) * count);
	}
	for (int i = 0; i < count; i++)
	{
		const HistoryCase *past = rejected[i];
		const char *texts[5] = {NULL, past->sender, past->row->data, NULL,
								ErrorsStored(&past->report.errors, false)};
		CbdStatus status = past->stored.status != CBD_OK ? past->stored.status : ReportStatus(&past->report);

		columns[0][i] = Int64GetDatum(past->row->line);
		columns[3][i] = Int32GetDatum((int32) status);
		for (int j = 1; j < 5; j++)
			if (types[j] == TEXTOID)
			{
				nulls[j][i] = texts[j] == NULL;
				columns[j][i] = texts[j] == NULL ? (Datum) 0 : CStringGetTextDatum(texts[j]);
			}
	}
	for (int i = 0; i < 5; i++)
	{
		int dims[1] = {count};
		int bounds[1] = {1};
		int16 length;
		bool by_value;
		char align;

		get_typlenbyvalalign(types[i], &length, &by_value, &align);
		values[i + 1] = PointerGetDatum(
			construct_md_array(columns[i], nulls[i], 1, dims, bounds, types[i], length, by_value, align));
	}
	SpiBegin();
	SpiRun(&query, values, NULL, SPI_OK_INSERT, 0);
	SpiEnd();
}

/* ---- the batch ---- */

/* The cases that were given numbers since the last flush, found by the hash of what makes them one. */
typedef struct Fresh
{
	HistoryCase *cases[LOAD_LINES];
	int count;
	HTAB *keys;
} Fresh;

/* Stores what is waiting. */
static void
Flush(Load *load, Fresh *fresh)
{
	HASHCTL control = {.keysize = sizeof(int64), .entrysize = sizeof(int64), .hcxt = CurrentMemoryContext};

	StoreFresh(load, fresh->cases, fresh->count);
	fresh->count = 0;
	fresh->keys =
		hash_create("citybigdata load", LOAD_LINES, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* A good line: a repeat of what is stored, or a new case. Two lines of a batch may be one report: what waits
 * is stored before the second one is looked up. */
static void
Number(Load *load, Fresh *fresh, HistoryCase *past)
{
	int64 key = EventLockKey(past->sender, past->report.other_task_num);
	bool waiting;

	EventContentDigest(&past->report, past->digest);
	(void) hash_search(fresh->keys, &key, HASH_FIND, &waiting);
	if (waiting)
		Flush(load, fresh);
	if (FindReported(past->sender, past->report.other_task_num, past->digest, &past->stored) != 0)
		return;
	NewEventNumbers(past->report.now, &past->stored);
	(void) hash_search(fresh->keys, &key, HASH_ENTER, NULL);
	fresh->cases[fresh->count++] = past;
}

void
StoreHistory(Load *load, HistoryCase *cases, int count)
{
	Fresh *fresh = palloc0(sizeof(Fresh));
	HistoryCase **rejected = palloc(sizeof(HistoryCase *) * (count + 1));
	int rejects = 0;

	Flush(load, fresh);
	for (int i = 0; i < count; i++)
		if (ReportStatus(&cases[i].report) == CBD_OK)
			Number(load, fresh, &cases[i]);
	Flush(load, fresh);
	for (int i = 0; i < count; i++)
	{
		HistoryCase *past = &cases[i];

		if (past->stored.status == CBD_EVENT_CONFLICT)
			ErrorAdd(&past->report.errors, "/otherTaskNum", CBD_EVENT_CONFLICT, NULL);
		if (past->report.errors.count > 0 || past->report.refusal != CBD_OK)
			rejected[rejects++] = past;
		else if (past->stored.repeat)
			load->repeated++;
		else
			load->loaded++;
	}
	load->rejected += rejects;
	KeepRejected(load, rejected, rejects);
}
