/* How many cases an operator's work list has, per stage and light; see todo.h. */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/field.h"
#include "core/json_write.h"
#include "core/spi.h"
#include "process/todo.h"

/* Lists whose counts a backend remembers. */
#define REMEMBERED 64

/* $1 account, $2 roles, $3 units, $4 divisions of the pools, $5 now, $6 most that are counted */
static SpiQuery count_query = {
	"SELECT s.stage, s.light, pg_catalog.count(*) FROM (SELECT t.stage, CASE WHEN t.paused THEN 'paused' "
	"WHEN t.deadline OPERATOR(pg_catalog.=) 'infinity' THEN '' WHEN t.deadline OPERATOR(pg_catalog.<) $5 "
	"THEN "
	"'red' WHEN t.warning_time OPERATOR(pg_catalog.<) $5 THEN 'yellow' ELSE 'green' END AS light "
	"FROM citybigdata.case_task t WHERE t.holder OPERATOR(pg_catalog.=) $1 OR (t.holder IS NULL AND t.role "
	"OPERATOR(pg_catalog.=) ANY ($2) AND EXISTS (SELECT FROM unnest($2, $3, $4) p (role, unit, "
	"division) WHERE p.role OPERATOR(pg_catalog.=) t.role AND (p.unit OPERATOR(pg_catalog.=) '*' OR p.unit "
	"OPERATOR(pg_catalog.=) coalesce(t.unit_code, '')) AND pg_catalog.starts_with(coalesce(t.division_code, "
	"''), p.division))) LIMIT $6) s GROUP BY 1, 2 ORDER BY 1, 2",
	6,
	{INT8OID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TIMESTAMPTZOID, INT8OID},
	NULL,
	false};

/* Counts of one list. */
typedef struct Remembered
{
	uint64 list; /* a hash of account and pools; 0: free */
	TimestampTz at;
	char *json; /* in TopMemoryContext */
} Remembered;

static Remembered remembered[REMEMBERED];

/* The list as a number: two lists with the same one would show each other's counts, nothing more. */
static uint64
ListHash(const TodoList *list)
{
	uint64 hash = hash_bytes_extended((const unsigned char *) &list->account_id, sizeof(int64), 0x746F646F);

	for (int i = 0; i < list->pool_count; i++)
	{
		char *text =
			psprintf("%s/%s/%s", list->pools[i].role, list->pools[i].unit == NULL ? "*" : list->pools[i].unit,
					 list->pools[i].division);

		hash = hash_bytes_extended((const unsigned char *) text, (int) strlen(text), hash);
	}
	return hash == 0 ? 1 : hash;
}

/* Counts of a light, or of all: "name":n */
static void
WriteCount(StringInfo out, const char *name, int64 count)
{
	if (out->data[out->len - 1] != '{')
		appendStringInfoChar(out, ',');
	JsonString(out, name);
	appendStringInfo(out, ":" INT64_FORMAT, count);
}

/* The counts in the last result as JSON. */
static void
WriteCounts(StringInfo out, uint64 rows)
{
	int64 lights[LIGHT_PAUSED + 1] = {0};
	int64 total = 0;
	StringInfoData stages;

	initStringInfo(&stages);
	appendStringInfoChar(&stages, '{');
	for (uint64 i = 0; i < rows;)
	{
		char *stage = SpiText(i, 1);
		int64 sum = 0;

		if (i > 0)
			appendStringInfoChar(&stages, ',');
		JsonString(&stages, stage);
		appendStringInfoString(&stages, ":{");
		for (; i < rows && strcmp(SpiText(i, 1), stage) == 0; i++)
		{
			char *name = SpiText(i, 2);
			int64 count = SpiInt64(i, 3);

			sum += count;
			lights[TodoLight(name)] += count;
			if (*name != '\0')
				WriteCount(&stages, name, count);
		}
		WriteCount(&stages, "total", sum);
		appendStringInfoChar(&stages, '}');
		total += sum;
	}
	appendStringInfo(out, "{\"total\":" INT64_FORMAT ",\"stages\":%s},\"lights\":{", total, stages.data);
	for (Light light = LIGHT_GREEN; light <= LIGHT_PAUSED; light++)
		WriteCount(out, LightName(light), lights[light]);
	appendStringInfoString(out, "}}");
}

/* Counts anew. */
static char *
Count(const TodoList *list)
{
	char **roles = palloc(sizeof(char *) * (list->pool_count + 1));
	char **units = palloc(sizeof(char *) * (list->pool_count + 1));
	char **divisions = palloc(sizeof(char *) * (list->pool_count + 1));
	StringInfoData out;
	uint64 rows;

	for (int i = 0; i < list->pool_count; i++)
	{
		roles[i] = (char *) list->pools[i].role;
		units[i] = list->pools[i].unit == NULL ? "*" : (char *) list->pools[i].unit;
		divisions[i] = (char *) list->pools[i].division;
	}
	initStringInfo(&out);
	SpiBegin();
	rows = SpiRead(&count_query,
				   (Datum[]){Int64GetDatum(list->account_id), TextArrayDatum(roles, list->pool_count),
							 TextArrayDatum(units, list->pool_count),
							 TextArrayDatum(divisions, list->pool_count),
							 TimestampTzGetDatum(GetCurrentTimestamp()), Int64GetDatum(TODO_COUNT_LIMIT)},
				   NULL, 0);
	WriteCounts(&out, rows);
	SpiEnd();
	return out.data;
}

char *
TodoCounts(const TodoList *list)
{
	uint64 hash = ListHash(list);
	Remembered *slot = &remembered[hash % REMEMBERED];
	TimestampTz now = GetCurrentTimestamp();
	char *json;

	if (slot->list == hash && now >= slot->at && now - slot->at < TODO_COUNT_SECONDS * USECS_PER_SEC)
		return slot->json;
	json = MemoryContextStrdup(TopMemoryContext, Count(list));
	if (slot->json != NULL)
		pfree(slot->json);
	*slot = (Remembered){hash, now, json};
	return json;
}
