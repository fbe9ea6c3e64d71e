/* The pages of the work list; see todo.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/field.h"
#include "core/spi.h"
#include "event/case_right.h"
#include "organisation/organisation.h"
#include "process/todo.h"

/* ---- pools ---- */

/* The beginning that the codes of a division and of all below it have (place/division.h). */
static char *
DivisionStart(const char *code)
{
	size_t length = code == NULL ? 0 : strlen(code);

	if (length == 6 && strcmp(code + 4, "00") == 0)
		length = strcmp(code + 2, "0000") == 0 ? 2 : 4;
	return code == NULL ? pstrdup("") : pnstrdup(code, length);
}

/* The narrower of two beginnings; NULL: nothing has both. */
static const char *
Narrower(const char *a, const char *b)
{
	if (strncmp(a, b, Min(strlen(a), strlen(b))) != 0)
		return NULL;
	return strlen(a) >= strlen(b) ? a : b;
}

/* The active units that are the given one or below it. */
static char **
UnitsWithin(const char *unit, int *count)
{
	static SpiQuery query = {"SELECT unit_code FROM citybigdata.unit WHERE state OPERATOR(pg_catalog.=) "
							 "'active' ORDER BY unit_code",
							 0,
							 {0}};
	char **units;
	uint64 rows;

	*count = 0;
	SpiBegin();
	rows = SpiRead(&query, NULL, NULL, 0);
	units = SPI_palloc(sizeof(char *) * (rows + 1));
	for (uint64 i = 0; i < rows; i++)
		units[(*count)++] = SpiText(i, 1);
	SpiEnd();
	rows = *count;
	*count = 0;
	for (uint64 i = 0; i < rows; i++)
		if (UnitWithin(units[i], unit))
			units[(*count)++] = units[i];
	return units;
}

/* One more pool, unless it is there. */
static void
AddPool(TodoList *list, const char *role, const char *unit, const char *division)
{
	for (int i = 0; i < list->pool_count; i++)
	{
		const TodoPool *pool = &list->pools[i];

		if (strcmp(pool->role, role) == 0 && strcmp(pool->division, division) == 0 &&
			(unit == NULL || pool->unit == NULL ? unit == pool->unit : strcmp(unit, pool->unit) == 0))
			return;
	}
	if (list->pools == NULL)
		list->pools = palloc(sizeof(TodoPool));
	else
		list->pools = repalloc(list->pools, sizeof(TodoPool) * (list->pool_count + 1));
	list->pools[list->pool_count++] = (TodoPool){role, unit, division};
}

/* The pools of a post for one role of tasks; `wanted`: a unit that is asked for, or NULL. */
static void
AddPostPools(TodoList *list, const OperatorPost *post, const char *role, const char *wanted,
			 const char *division)
{
	bool unit_bound = strcmp(post->role, "unit") == 0 || strcmp(post->role, "handler") == 0;
	const char *unit = post->unit_code;
	char **units;
	int count;

	if (wanted != NULL && (unit == NULL || UnitWithin(wanted, unit)))
		unit = wanted;
	else if (wanted != NULL && !UnitWithin(unit, wanted))
		return;
	if (unit == NULL)
	{
		AddPool(list, role, NULL, division);
		return;
	}
	/* what is with no unit yet is anybody's of the other roles */
	if (!unit_bound && wanted == NULL)
		AddPool(list, role, "", division);
	units = UnitsWithin(unit, &count);
	for (int i = 0; i < count; i++)
		AddPool(list, role, units[i], division);
}

/* The pools of a post. A handler's pool is that of his unit. */
static void
AddPost(TodoList *list, const OperatorPost *post, const TodoFilter *filter)
{
	const char *division = Narrower(DivisionStart(post->division_code), DivisionStart(filter->division));

	if (division == NULL || (filter->role != NULL && strcmp(filter->role, post->role) != 0))
		return;
	AddPostPools(list, post, post->role, filter->unit, division);
	if (strcmp(post->role, "handler") == 0)
		AddPostPools(list, post, "unit", filter->unit, division);
}

void
TodoPools(const Actor *actor, const TodoFilter *filter, TodoList *list)
{
	memset(list, 0, sizeof(*list));
	list->account_id = actor->account_id;
	list->posts = actor->posts;
	list->post_count = actor->post_count;
	if (filter->mine)
		return;
	if (actor->kind == ACTOR_ROLE)
	{
		/* an administrator's session sees every pool */
		for (uint32 role = 1; role <= ROLE_POSTS; role <<= 1)
		{
			OperatorPost post = {.role = (char *) ProcessRoleName(role)};

			AddPost(list, &post, filter);
		}
		return;
	}
	for (int i = 0; i < actor->post_count; i++)
		AddPost(list, &actor->posts[i], filter);
}

/* ---- pages ---- */

#define ORDERED_AFTER                                                                                        \
	" AND pg_catalog.starts_with(coalesce(t.division_code, ''), $3) AND ($4 IS NULL OR t.state "             \
	"OPERATOR(pg_catalog.=) "                                                                                \
	"$4) AND pg_catalog.starts_with(t.event_type_code, $5) AND ($6 IS NULL OR t.paused "                     \
	"OPERATOR(pg_catalog.=) $6) AND "                                                                        \
	"t.deadline OPERATOR(pg_catalog.>=) $7 AND t.deadline OPERATOR(pg_catalog.<=) $8 AND t.warning_time "    \
	"OPERATOR(pg_catalog.>=) $9 AND t.warning_time OPERATOR(pg_catalog.<=) $10 AND ROW(t.paused, "           \
	"t.deadline, t.rec_id) OPERATOR(pg_catalog.>) ROW($11, $12, $13) "                                       \
	"ORDER BY t.paused, t.deadline, t.rec_id LIMIT $14"
#define TODO_QUERY(where)                                                                                    \
	{                                                                                                        \
		"SELECT t.paused, t.deadline, t.rec_id, t.unit_code, t.division_code FROM citybigdata.case_task t "  \
		"WHERE " where ORDERED_AFTER,                                                                        \
			14, {TEXTOID, TEXTOID,        TEXTOID,        INT4OID,        TEXTOID,                           \
				 BOOLOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID,                    \
				 BOOLOID, TIMESTAMPTZOID, INT4OID,        INT4OID},                                          \
			NULL, true, true                                                                                 \
	}

/* $1 role, $2 unit */
static SpiQuery pool_anywhere =
	TODO_QUERY("t.role OPERATOR(pg_catalog.=) $1 AND $2 IS NULL AND t.holder IS NULL");
static SpiQuery pool_of_unit = TODO_QUERY(
	"t.role OPERATOR(pg_catalog.=) $1 AND t.unit_code OPERATOR(pg_catalog.=) $2 AND t.holder IS NULL");
static SpiQuery pool_without_unit = TODO_QUERY("t.role OPERATOR(pg_catalog.=) $1 AND t.unit_code IS NULL AND "
											   "$2 OPERATOR(pg_catalog.=) '' AND t.holder IS NULL");
/* $1 account as text, $2 role or null */
static SpiQuery held =
	TODO_QUERY("t.holder OPERATOR(pg_catalog.=) $1::pg_catalog.int8 AND ($2 IS NULL OR t.role "
			   "OPERATOR(pg_catalog.=) $2)");

/* Bounds of deadline and warning time that cases with a light have. */
static void
LightBounds(Light light, Datum *values, bool *nulls)
{
	TimestampTz now = GetCurrentTimestamp();
	/* deadline from, to, warning time from, to: all included, infinity too */
	TimestampTz bounds[4] = {DT_NOBEGIN, DT_NOEND, DT_NOBEGIN, DT_NOEND};

	nulls[5] = light == LIGHT_NONE;
	values[5] = BoolGetDatum(light == LIGHT_PAUSED);
	if (light == LIGHT_RED)
		bounds[1] = now - 1;
	else if (light == LIGHT_YELLOW)
	{
		bounds[0] = now;
		bounds[3] = now - 1;
	}
	else if (light == LIGHT_GREEN)
	{
		bounds[1] = DT_NOEND - 1;
		bounds[2] = now;
	}
	for (int i = 0; i < 4; i++)
		values[6 + i] = TimestampTzGetDatum(bounds[i]);
}

static int
CompareKeys(const void *left, const void *right)
{
	const TodoKey *a = left;
	const TodoKey *b = right;

	if (a->paused != b->paused)
		return a->paused ? 1 : -1;
	if (a->deadline != b->deadline)
		return a->deadline < b->deadline ? -1 : 1;
	return a->rec_id < b->rec_id ? -1 : a->rec_id > b->rec_id;
}

/* Rows of one range behind those that are there. */
static void
ReadRange(SpiQuery *query, const Datum *values, const bool *nulls, TodoKey *keys, int *count)
{
	uint64 rows;

	SpiBegin();
	rows = SpiRead(query, values, nulls, 0);
	for (uint64 i = 0; i < rows; i++)
		keys[(*count)++] = (TodoKey){SpiBool(i, 1), SpiInt64(i, 2), SpiInt32(i, 3)};
	SpiEnd();
}

/* What the account holds and still has a post for, at most `size` rows: one that has ended may have left it
 * others. */
static void
ReadHeld(const TodoList *list, Datum *values, const bool *nulls, int size, TodoKey *keys, int *count)
{
	Datum from[3] = {values[10], values[11], values[12]};
	uint64 rows;

	do
	{
		SpiBegin();
		rows = SpiRead(&held, values, nulls, 0);
		for (uint64 i = 0; i < rows && *count < size; i++)
		{
			CasePlace place = {SpiText(i, 4), SpiText(i, 5)};
			TodoKey key = {SpiBool(i, 1), SpiInt64(i, 2), SpiInt32(i, 3)};

			values[10] = BoolGetDatum(key.paused);
			values[11] = TimestampTzGetDatum(key.deadline);
			values[12] = Int32GetDatum(key.rec_id);
			if (OperatorSeesCase(list->posts, list->post_count, &place))
				keys[(*count)++] = key;
		}
		SpiEnd();
	} while (rows >= size && *count < size);
	memcpy(&values[10], from, sizeof(from));
}

/* In the order of the list, each once. */
static int
Merge(TodoKey *keys, int count)
{
	int kept = 0;

	qsort(keys, count, sizeof(TodoKey), CompareKeys);
	for (int i = 0; i < count; i++)
		if (kept == 0 || CompareKeys(&keys[kept - 1], &keys[i]) != 0)
			keys[kept++] = keys[i];
	return kept;
}

void
TodoRead(const TodoList *list, const TodoFilter *filter, const TodoKey *after, int size, TodoPage *page)
{
	static const TodoKey first = {false, DT_NOBEGIN, 0};
	const TodoKey *from = after == NULL ? &first : after;
	Datum values[14];
	bool nulls[14] = {false};
	int count = 0;

	page->keys = palloc(sizeof(TodoKey) * (size + 1) * (list->pool_count + 1));
	values[2] = CStringGetTextDatum(DivisionStart(filter->division));
	values[3] = Int32GetDatum(filter->state);
	nulls[3] = filter->state == 0;
	values[4] = CStringGetTextDatum(filter->type == NULL ? "" : filter->type);
	LightBounds(filter->light, values, nulls);
	values[10] = BoolGetDatum(from->paused);
	values[11] = TimestampTzGetDatum(from->deadline);
	values[12] = Int32GetDatum(from->rec_id);
	values[13] = Int32GetDatum(size + 1);
	if (list->account_id != 0)
	{
		values[0] = CStringGetTextDatum(psprintf(INT64_FORMAT, list->account_id));
		values[1] = filter->role == NULL ? (Datum) 0 : CStringGetTextDatum(filter->role);
		nulls[1] = filter->role == NULL;
		ReadHeld(list, values, nulls, size + 1, page->keys, &count);
	}
	for (int i = 0; i < list->pool_count; i++)
	{
		const TodoPool *pool = &list->pools[i];

		values[0] = CStringGetTextDatum(pool->role);
		values[1] = pool->unit == NULL ? (Datum) 0 : CStringGetTextDatum(pool->unit);
		nulls[1] = pool->unit == NULL;
		values[2] = CStringGetTextDatum(pool->division);
		ReadRange(pool->unit == NULL    ? &pool_anywhere
				  : *pool->unit == '\0' ? &pool_without_unit
										: &pool_of_unit,
				  values, nulls, page->keys, &count);
	}
	count = Merge(page->keys, count);
	page->more = count > size;
	page->count = Min(count, size);
}

/* ---- texts ---- */

char *
TodoCursor(const TodoKey *key)
{
	return psprintf("%d." INT64_FORMAT ".%d", key->paused, key->deadline, key->rec_id);
}

bool
TodoCursorRead(const char *text, TodoKey *key)
{
	int paused = 0;
	int length = 0;

	return strlen(text) < 64 &&
		   sscanf(text, "%d." INT64_FORMAT ".%d%n", &paused, &key->deadline, &key->rec_id, &length) == 3 &&
		   text[length] == '\0' && (paused == 0 || paused == 1) && (key->paused = paused, true);
}

Light
TodoLight(const char *name)
{
	for (Light light = LIGHT_GREEN; light <= LIGHT_PAUSED; light++)
		if (strcmp(LightName(light), name) == 0)
			return light;
	return LIGHT_NONE;
}
