/* The filters of a list of cases; see event_list.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/interval.h"
#include "core/spi.h"
#include "core/text_check.h"
#include "event/case_field.h"
#include "event/event_level.h"
#include "event/event_list.h"
#include "place/division.h"
#include "text/base64.h"
#include "text/bigram.h"
#include "text/param_parse.h"
#include "text/utf8.h"

#define PAGE_DEFAULT 100
#define PAGE_LIMIT   1000
#define STATES_LIMIT 9
#define WORDS_LIMIT  64 /* characters of q */

/* First byte of a cursor. */
#define CURSOR_FORM 2

/* ---- helpers ---- */

int
ListArgument(ListQuery *query, Oid type, Datum value)
{
	if (query->nargs == LIST_ARGS)
		elog(ERROR, "too many values of a list");
	query->types[query->nargs] = type;
	query->values[query->nargs] = value;
	return ++query->nargs;
}

/* A wrong parameter. */
static void
Wrong(const ListQuery *query, const char *pointer, CbdStatus status, const char *message)
{
	ErrorAdd(&query->reader->call->errors, pointer, status, message);
}

/* Is the field open to the caller in every case that he may see? Else the filter is refused. */
static bool
MayAsk(const ListQuery *query, const char *pointer, const char *field)
{
	const CaseReader *reader = query->reader;
	int level = reader->granted || reader->call->caller.operator_ ? reader->level : reader->own_level;

	if (CaseFieldShown(CaseFieldNumber(field), level))
		return true;
	ErrorPrint(&reader->call->errors, false, pointer, CBD_LEVEL_TOO_LOW,
			   "\"%s{name}\" is above the data level %d{level}", field, level);
	return false;
}

/* `column` is the text, or one of the texts. */
static void
AddTexts(ListQuery *query, const char *column, Datum *codes, int count)
{
	if (count == 0)
		query->nothing = true;
	else if (count == 1)
		appendStringInfo(&query->where, " AND e.%s OPERATOR(pg_catalog.=) $%d", column,
						 ListArgument(query, TEXTOID, codes[0]));
	else
		appendStringInfo(
			&query->where, " AND e.%s OPERATOR(pg_catalog.=) ANY ($%d)", column,
			ListArgument(query, TEXTARRAYOID,
						 PointerGetDatum(construct_array(codes, count, TEXTOID, -1, false, TYPALIGN_INT))));
}

/* The texts of column 1 of a query with one text as its argument. */
static Datum *
TextsOf(SpiQuery *sql, const char *argument, int *count)
{
	Datum values[1] = {CStringGetTextDatum(argument)};
	MemoryContext context = CurrentMemoryContext;
	Datum *texts;

	SpiBegin();
	*count = (int) SpiRead(sql, values, NULL, 0);
	texts = MemoryContextAlloc(context, sizeof(Datum) * (*count + 1));
	for (int i = 0; i < *count; i++)
	{
		bool isnull;

		texts[i] = SpiDatum(i, 1, &isnull);
	}
	SpiEnd();
	return texts;
}

/* ---- one function a parameter ---- */

/* What is wrong with a box: `error`, or by its numbers. */
static const char *
BoxError(const char *error, const double box[4])
{
	if (error != NULL)
		return error;
	return bbox_swapped(box) ? MESSAGE("the axes are swapped: longitude comes first, then latitude")
							 : MESSAGE("beyond 180 degrees of longitude or 90 of latitude");
}

/* bbox=minX,minY,maxX,maxY in degrees (EPSG:4490). */
static void
AddBox(ListQuery *query, const char *bbox)
{
	double box[4];
	const char *error = NULL;
	int n[4];

	if (!MayAsk(query, "/bbox", "longitude") || !MayAsk(query, "/bbox", "latitude"))
		return;
	if (!bbox_parse(bbox, strlen(bbox), box, &error) || box[0] < -180 || box[2] > 180 || box[1] < -90 ||
		box[3] > 90)
	{
		ErrorPrint(&query->reader->call->errors, false, "/bbox", CBD_INVALID_COORDINATE,
				   "%s{why*}; for example bbox=116.3,39.8,116.5,40.0", BoxError(error, box));
		return;
	}
	for (int i = 0; i < 4; i++)
		n[i] = ListArgument(query, FLOAT8OID, Float8GetDatum(box[i]));
	/* the index rounds boxes outwards; a point's coordinates are exact */
	appendStringInfo(
		&query->where,
		" AND e.geom OPERATOR(@postgis@.&&) @postgis@.st_makeenvelope($%d, $%d, $%d, $%d, 4490) "
		"AND @postgis@.st_x(e.geom) BETWEEN $%d AND $%d AND @postgis@.st_y(e.geom) BETWEEN $%d AND $%d",
		n[0], n[1], n[2], n[3], n[0], n[2], n[1], n[3]);
}

/* divisionCode: a district, street or community; a code that ends with 00 stands for the districts below. */
static void
AddDivision(ListQuery *query, const char *code)
{
	size_t digits = strlen(code);
	Datum value = CStringGetTextDatum(code);

	if (!IsDivisionCode(code))
	{
		Wrong(query, "/divisionCode", CBD_INVALID_PARAMETER,
			  MESSAGE("a division code has 6, 9 or 12 digits; for example divisionCode=110101"));
		return;
	}
	if (!MayAsk(query, "/divisionCode",
				digits == 6   ? "districtCode"
				: digits == 9 ? "streetCode"
							  : "communityCode"))
		return;
	if (digits == 12)
		appendStringInfo(&query->where,
						 " AND e.community_code OPERATOR(pg_catalog.=) $%d AND e.street_code "
						 "OPERATOR(pg_catalog.=) $%d",
						 ListArgument(query, TEXTOID, value),
						 ListArgument(query, TEXTOID, PointerGetDatum(cstring_to_text_with_len(code, 9))));
	else if (digits == 9)
		AddTexts(query, "street_code", &value, 1);
	else if (strcmp(code + 4, "00") != 0)
		AddTexts(query, "district_code", &value, 1);
	else
	{
		int prefix = strcmp(code + 2, "0000") == 0 ? 2 : 4;

		appendStringInfo(
			&query->where, " AND pg_catalog.\"left\"(e.district_code, %d) OPERATOR(pg_catalog.=) $%d", prefix,
			ListArgument(query, TEXTOID, PointerGetDatum(cstring_to_text_with_len(code, prefix))));
	}
}

/* timeRange of createTime, in any of the four notations (clause 5.3.4-c). */
static void
AddTimeRange(ListQuery *query, const char *range)
{
	IntervalText interval;
	ParseError error;
	TimestampTz lower, upper;

	if (!MayAsk(query, "/timeRange", "createTime"))
		return;
	if (!interval_parse(range, strlen(range), &interval, &error) ||
		!TimePointValue(&interval.lower, &lower, &error) || !TimePointValue(&interval.upper, &upper, &error))
		ErrorPrint(
			&query->reader->call->errors, false, "/timeRange", CBD_INVALID_INTERVAL,
			"%s{why*} at character %zu{position}; for example timeRange=[20240102000000,20240103000000)",
			error.message, error.position);
	else if (lower > upper)
		Wrong(
			query, "/timeRange", CBD_INVALID_INTERVAL,
			MESSAGE(
				"the interval ends before it begins; for example timeRange=[20240102000000,20240103000000)"));
	else
	{
		query->has_range = true;
		query->range_from = lower;
		query->range_to = upper;
		appendStringInfo(&query->where,
						 " AND e.create_time OPERATOR(pg_catalog.%s) $%d AND e.create_time "
						 "OPERATOR(pg_catalog.%s) $%d",
						 interval.lower_inclusive ? ">=" : ">",
						 ListArgument(query, TIMESTAMPTZOID, TimestampTzGetDatum(lower)),
						 interval.upper_inclusive ? "<=" : "<",
						 ListArgument(query, TIMESTAMPTZOID, TimestampTzGetDatum(upper)));
	}
}

/* state: one or several numbers of code table event-state. */
static void
AddStates(ListQuery *query, const char *states)
{
	ListReader reader;
	char *item = palloc(strlen(states) + 1);
	size_t length;
	Datum values[STATES_LIMIT];
	int count = 0;
	bool closed = false;
	ListStep step;

	list_open(&reader, states, strlen(states));
	while ((step = list_next(&reader, item, &length)) == LIST_ITEM && count < STATES_LIMIT)
	{
		int64 state;

		if (!integer_parse(item, length, &state) || state < 1 || state > 9)
			break;
		closed = closed || state == 6 || state == 7;
		values[count++] = Int32GetDatum((int32) state);
	}
	if (step != LIST_END || count == 0)
	{
		Wrong(query, "/state", CBD_INVALID_PARAMETER,
			  MESSAGE("numbers 1 to 9 of code table event-state; for example state=3,4"));
		return;
	}
	query->open = query->open || !closed;
	if (count == 1)
		appendStringInfo(&query->where, " AND e.state OPERATOR(pg_catalog.=) $%d",
						 ListArgument(query, INT4OID, values[0]));
	else
		appendStringInfo(
			&query->where, " AND e.state OPERATOR(pg_catalog.=) ANY ($%d)",
			ListArgument(query, INT4ARRAYOID,
						 PointerGetDatum(construct_array(values, count, INT4OID, 4, true, TYPALIGN_INT))));
}

/* The clocks that can give each light at $1, found by case_clock_open_idx and case_clock_paused_idx. */
#define LIGHT_CLOCKS(condition)                                                                              \
	"SELECT c.rec_id FROM citybigdata.case_clock c WHERE c.stopped_at IS NULL AND " condition
#define GREEN_CLOCKS                                                                                         \
	LIGHT_CLOCKS("c.warning_time OPERATOR(pg_catalog.>=) $1 AND c.deadline OPERATOR(pg_catalog.>=) $1")
#define YELLOW_CLOCKS                                                                                        \
	LIGHT_CLOCKS("c.warning_time OPERATOR(pg_catalog.<=) $1 AND c.deadline OPERATOR(pg_catalog.>=) $1")
#define RED_CLOCKS    LIGHT_CLOCKS("c.deadline OPERATOR(pg_catalog.<=) $1")
#define PAUSED_CLOCKS LIGHT_CLOCKS("c.running_since IS NULL")

#define FEW_CLOCKS 500

/* The cases of such clocks, when there are only a few; false: more. */
static bool
FewClocks(SpiQuery *clocks, TimestampTz now, Datum *rec_ids)
{
	Datum values[FEW_CLOCKS];
	uint64 count;

	SpiBegin();
	count = SpiRead(clocks, (Datum[]){TimestampTzGetDatum(now)}, NULL, FEW_CLOCKS + 1);
	for (uint64 i = 0; i < count && i < FEW_CLOCKS; i++)
		values[i] = Int32GetDatum(SpiInt32(i, 1));
	SpiEnd();
	*rec_ids = PointerGetDatum(
		construct_array(values, (int) Min(count, FEW_CLOCKS), INT4OID, sizeof(int32), true, TYPALIGN_INT));
	return count <= FEW_CLOCKS;
}

/*
 * light: as it is at this moment, of the stage's clock, else of the chain's. Where few clocks can give it,
 * their cases are looked at; where many can, the newest open cases, until the page is full. The planner
 * cannot tell the two apart: it thinks that an open case has such a clock as seldom as a closed one.
 */
static void
AddLight(ListQuery *query, const char *light)
{
	static const char *const lights[] = {"green", "yellow", "red", "paused"};
	static SpiQuery clocks[] = {{GREEN_CLOCKS, 1, {TIMESTAMPTZOID}, .by_index = true, .ordered = true},
								{YELLOW_CLOCKS, 1, {TIMESTAMPTZOID}, .by_index = true, .ordered = true},
								{RED_CLOCKS, 1, {TIMESTAMPTZOID}, .by_index = true, .ordered = true},
								{PAUSED_CLOCKS, 1, {TIMESTAMPTZOID}, .by_index = true, .ordered = true}};
	TimestampTz at = GetCurrentTimestamp();
	int number = 0;
	int now;
	Datum few;

	while (number < lengthof(lights) && strcmp(light, lights[number]) != 0)
		number++;
	if (number == lengthof(lights))
	{
		Wrong(query, "/light", CBD_INVALID_PARAMETER, MESSAGE("light is green, yellow, red or paused"));
		return;
	}
	query->open = true;
	now = ListArgument(query, TIMESTAMPTZOID, TimestampTzGetDatum(at));
	if (FewClocks(&clocks[number], at, &few))
		appendStringInfo(&query->where, " AND e.rec_id OPERATOR(pg_catalog.=) ANY ($%d)",
						 ListArgument(query, INT4ARRAYOID, few));
	appendStringInfo(
		&query->where,
		" AND coalesce((SELECT citybigdata.clock_light(c.stopped_at, c.running_since, c.resumes_at, "
		"c.warning_time, c.deadline, $%d) FROM citybigdata.case_clock c WHERE c.rec_id "
		"OPERATOR(pg_catalog.=) e.rec_id AND c.stopped_at IS NULL ORDER BY c.kind DESC LIMIT 1) "
		"OPERATOR(pg_catalog.=) $%d, false)",
		now, ListArgument(query, TEXTOID, CStringGetTextDatum(light)));
}

/* type: a code, and the codes of code table event-type that begin with it. */
static void
AddType(ListQuery *query, const char *type)
{
	static SpiQuery below = {"SELECT $1 UNION SELECT c.code FROM citybigdata.code_table_row c WHERE "
							 "c.table_name OPERATOR(pg_catalog.=) 'event-type' AND "
							 "pg_catalog.starts_with(c.code, $1)",
							 1,
							 {TEXTOID}};
	Datum *codes;
	int count;

	if (!MayAsk(query, "/type", "eventTypeCode"))
		return;
	if (TextBlank(type, strlen(type)) || Utf8Characters(type, strlen(type)) > EVENT_TEXT_CHARACTERS)
	{
		Wrong(query, "/type", CBD_INVALID_PARAMETER,
			  MESSAGE("a code of code table event-type; for example type=60201"));
		return;
	}
	codes = TextsOf(&below, type, &count);
	query->type_codes = codes;
	query->type_count = count;
	AddTexts(query, "event_type_code", codes, count);
}

/* unit: a responsible unit and those below it. */
static void
AddUnit(ListQuery *query, const char *unit)
{
	static SpiQuery below = {
		"WITH RECURSIVE below AS (SELECT u.unit_code FROM citybigdata.unit u WHERE u.unit_code "
		"OPERATOR(pg_catalog.=) $1 UNION SELECT u.unit_code FROM citybigdata.unit u JOIN below b ON "
		"u.parent_code OPERATOR(pg_catalog.=) b.unit_code) SELECT b.unit_code FROM below b",
		1,
		{TEXTOID}};
	Datum *codes;
	int count;

	if (TextBlank(unit, strlen(unit)) || Utf8Characters(unit, strlen(unit)) > EVENT_TEXT_CHARACTERS)
	{
		Wrong(query, "/unit", CBD_INVALID_PARAMETER, MESSAGE("the code of a responsible unit"));
		return;
	}
	codes = TextsOf(&below, unit, &count);
	AddTexts(query, "unit_code", codes, count);
}

/* q: words that eventDesc or address has; only in what the caller sees. */
static void
AddWords(ListQuery *query, const char *words)
{
	const CaseReader *reader = query->reader;
	int level = reader->granted || reader->call->caller.operator_ ? reader->level : reader->own_level;
	bool described = CaseFieldShown(CaseFieldNumber("eventDesc"), level);
	bool placed = CaseFieldShown(CaseFieldNumber("address"), level);
	char *folded = palloc(strlen(words) + 1);
	size_t length = text_fold(words, strlen(words), folded);
	size_t characters = Utf8Characters(folded, length);
	int n;

	if (!described && !placed)
	{
		(void) MayAsk(query, "/q", "eventDesc");
		return;
	}
	if (characters < 2 || characters > WORDS_LIMIT)
	{
		Wrong(query, "/q", CBD_INVALID_PARAMETER,
			  MESSAGE("2 to 64 characters, blanks not counted; for example q=井盖"));
		return;
	}
	query->words = cstring_to_text_with_len(folded, (int) length);
	n = ListArgument(query, TEXTOID, PointerGetDatum(query->words));
	if (described && placed)
		appendStringInfo(
			&query->where,
			" AND (citybigdata.text_has(e.event_desc, $%d) OR citybigdata.text_has(e.address, $%d))", n, n);
	else
		appendStringInfo(&query->where, " AND citybigdata.text_has(e.%s, $%d)",
						 described ? "event_desc" : "address", n);
}

/* ---- pages ---- */

/* pageSize: 1 to PAGE_LIMIT. */
static void
ReadPageSize(ListQuery *query, const char *text)
{
	int64 size = PAGE_DEFAULT;

	if (text != NULL && (!integer_parse(text, strlen(text), &size) || size < 1 || size > PAGE_LIMIT))
		Wrong(query, "/pageSize", CBD_INVALID_PARAMETER,
			  MESSAGE("a whole number from 1 to 1000; for example pageSize=100"));
	query->page_size = (int) Max(1, Min(size, PAGE_LIMIT));
}

/* A number made of all filters and of the order. */
static uint64
FilterNumber(const ListQuery *query, const ListParams *params)
{
	const char *const texts[] = {params->sender,     params->bbox,  params->division,
								 params->time_range, params->state, params->light,
								 params->type,       params->unit,  params->words};
	uint64 number = query->by_time ? 1 : 2;

	for (int i = 0; i < lengthof(texts); i++)
		number = texts[i] == NULL
					 ? hash_combine64(number, (uint64) i)
					 : hash_bytes_extended((const unsigned char *) texts[i], (int) strlen(texts[i]), number);
	return number;
}

void
ListCursor(const ListQuery *query, TimestampTz time, int32 rec_id, char *next)
{
	unsigned char bytes[CURSOR_BYTES] = {CURSOR_FORM};

	memcpy(bytes + 1, &time, 8);
	memcpy(bytes + 9, &rec_id, 4);
	memcpy(bytes + 13, &query->number, 8);
	(void) Base64Text(bytes, CURSOR_BYTES, BASE64_URL, next);
}

/* The cursor of a page before. It names a place in the order, and nothing else; one that is made up names a
 * place, too. */
static void
ReadCursor(ListQuery *query, const char *text)
{
	unsigned char bytes[BASE64_BYTES(CURSOR_TEXT)];

	if (text == NULL)
		return;
	if (strlen(text) != CURSOR_TEXT ||
		Base64Bytes(text, CURSOR_TEXT, BASE64_URL, bytes, NULL) != CURSOR_BYTES || bytes[0] != CURSOR_FORM ||
		memcmp(bytes + 13, &query->number, 8) != 0)
	{
		Wrong(
			query, "/cursor", CBD_INVALID_PARAMETER,
			MESSAGE("not a cursor of this query; pass nextCursor of the page before, with the same filters"));
		return;
	}
	memcpy(&query->after_time, bytes + 1, 8);
	memcpy(&query->after_rec_id, bytes + 9, 4);
	query->has_cursor = true;
}

void
ReadList(const ListParams *params, const CaseReader *reader, ListQuery *query)
{
	static const struct
	{
		size_t at;
		void (*add)(ListQuery *query, const char *text);
	} filters[] = {{offsetof(ListParams, bbox), AddBox},
				   {offsetof(ListParams, division), AddDivision},
				   {offsetof(ListParams, time_range), AddTimeRange},
				   {offsetof(ListParams, state), AddStates},
				   {offsetof(ListParams, light), AddLight},
				   {offsetof(ListParams, type), AddType},
				   {offsetof(ListParams, unit), AddUnit},
				   {offsetof(ListParams, words), AddWords}};
	int level;

	memset(query, 0, sizeof(*query));
	query->reader = reader;
	initStringInfo(&query->where);
	level = reader->granted || reader->call->caller.operator_ ? reader->level : reader->own_level;
	query->by_time = CaseFieldShown(CaseFieldNumber("createTime"), level);
	query->number = FilterNumber(query, params);
	for (int i = 0; i < lengthof(filters); i++)
	{
		const char *text = *(char *const *) ((const char *) params + filters[i].at);

		if (text != NULL)
			filters[i].add(query, text);
	}
	if (params->sender != NULL)
	{
		Datum sender = CStringGetTextDatum(params->sender);

		AddTexts(query, "sender_code", &sender, 1);
	}
	ReadPageSize(query, params->page_size);
	ReadCursor(query, params->cursor);
}
