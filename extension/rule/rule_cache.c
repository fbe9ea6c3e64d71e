/*
 * The rules of a backend, compiled; see rule.h. They are read at the first use. When table rule sends an
 * invalidation, what was saved since is added: rows never change, and their numbers grow in the order of the
 * commits, since whoever saves holds a lock until then (rule_store.c). All are read anew when a row that was
 * read is gone (a save that was rolled back), or when much of what is kept is over.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/reference_cache.h"
#include "core/spi.h"
#include "rule/rule.h"
#include "rule/rule_version.h"

/* Rows that are added before all are read anew, which leaves out what is over. */
#define ADDED_LIMIT 1000

/* How long a version that is over is kept: a report is judged at the time at which it was received. */
#define KEPT_OVER USECS_PER_HOUR

/* Codes of rules by their newest version. */
typedef struct Versions
{
	char code[RULE_CODE + 1];
	Rule *newest;
} Versions;

static ReferenceCache cache = {.table = "rule"};
static MemoryContext memory; /* of the set */
static RuleSet set;
static int room;
static HTAB *versions;
static int64 last_no;
static int64 rows; /* of the table, up to that one */
static int added;  /* since all were read */
static bool complete;

/* clang-format off */
/* $1: after this number; $2: not what was over by then, be it by a later version or the end of the rule */
static SpiQuery rows_query = {
	"SELECT r.rule_no, r.rule_code, r.version, r.valid_from, coalesce(r.valid_to, 'infinity'), r.definition::text,"
	" CAST(r.area AS pg_catalog.float8[]) FROM citybigdata.rule r WHERE r.rule_no > $1"
	" AND NOT (r.ended AND r.valid_from <= $2) AND (r.valid_to IS NULL OR r.valid_to > $2) AND NOT EXISTS ("
	"SELECT FROM citybigdata.rule o WHERE o.rule_code = r.rule_code AND o.rule_no > r.rule_no"
	" AND (o.valid_from > r.valid_from AND o.valid_from <= $2 OR o.ended AND o.valid_from <= r.valid_from))"
	" ORDER BY r.rule_no",
	2, {INT8OID, TIMESTAMPTZOID}, NULL};
static SpiQuery last_query = {"SELECT coalesce(max(rule_no), 0), count(*) FROM citybigdata.rule", 0, {0}, NULL};
static SpiQuery count_query = {"SELECT count(*) FROM citybigdata.rule WHERE rule_no <= $1", 1, {INT8OID}, NULL};
static SpiQuery shape_query = {
	"SELECT CAST(geom AS pg_catalog.bytea) FROM citybigdata.rule WHERE rule_no = $1", 1, {INT8OID}, NULL, true};
/* clang-format on */

/* Drops all that is kept. */
static void
Forget(void)
{
	HASHCTL control = {.keysize = RULE_CODE + 1, .entrysize = sizeof(Versions)};

	complete = false;
	for (int i = 0; i < set.count; i++)
		ShapeFree(set.rules[i]->shape);
	set = (RuleSet){0};
	room = 0;
	last_no = rows = 0;
	added = 0;
	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "citybigdata rules", ALLOCSET_DEFAULT_SIZES);
	else
		MemoryContextReset(memory);
	control.hcxt = memory;
	versions =
		hash_create("citybigdata rule versions", 256, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* The rule of row `row`, kept; NULL: it is not understood, which is told in the server's log. */
static Rule *
ReadRow(uint64 row)
{
	ErrorList errors = {0};
	RuleReading reading = {&errors, false, memory, NULL};
	char *text = SpiText(row, 6);
	JsonRefusal refusal;
	JsonNode *root = JsonParse(text, strlen(text), &refusal);
	Rule *rule = root == NULL ? NULL : RuleRead(root, &reading);

	if (rule == NULL || errors.count > 0)
	{
		ereport(LOG, (errmsg("rule %s, version %d, is left out: %s", SpiText(row, 2), SpiInt32(row, 3),
							 root == NULL ? refusal.message : ErrorsText(&errors))));
		return NULL;
	}
	rule->no = SpiInt64(row, 1);
	rule->version = SpiInt32(row, 3);
	rule->from = SpiInt64(row, 4);
	rule->to = SpiInt64(row, 5);
	if (rule->terms.has_within)
		RuleTakeBox(rule, row, 7);
	return rule;
}

/* Puts the rule among the versions of its code and into the set. */
static void
Add(Rule *rule)
{
	bool there;
	Versions *entry = hash_search(versions, rule->code, HASH_ENTER, &there);

	rule->older = there ? entry->newest : NULL;
	entry->newest = rule;
	RuleFollow(rule, rule->older);
	if (set.count == room)
	{
		room = Max(room * 2, 256);
		set.rules = set.rules == NULL ? MemoryContextAlloc(memory, sizeof(Rule *) * room)
									  : repalloc(set.rules, sizeof(Rule *) * room);
	}
	set.rules[set.count++] = rule;
}

/* Reads the rows after the last one; returns the place of the first new rule. */
static int
ReadRows(void)
{
	Datum values[] = {Int64GetDatum(last_no), TimestampTzGetDatum(GetCurrentTimestamp() - KEPT_OVER)};
	int first = set.count;
	uint64 count = SpiRead(&rows_query, values, NULL, 0);
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "rule", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(one);

	for (uint64 i = 0; i < count; i++)
	{
		Rule *rule = ReadRow(i);

		if (rule != NULL)
			Add(rule);
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(one);
	added += (int) count;
	/* of the same snapshot; with those that were left out */
	SpiRead(&last_query, NULL, NULL, 1);
	last_no = SpiInt64(0, 1);
	rows = SpiInt64(0, 2);
	return first;
}

/* All of them. */
static void
ReadAll(void)
{
	TimestampTz over = GetCurrentTimestamp() - KEPT_OVER;
	MemoryContext outer;

	Forget();
	(void) ReadRows();
	outer = MemoryContextSwitchTo(memory);
	set.index = RuleIndexMake();
	for (int i = 0; i < set.count; i++)
		if (!set.rules[i]->ended && set.rules[i]->to > Max(over, set.rules[i]->from))
			RuleIndexAdd(set.index, set.rules[i]);
	MemoryContextSwitchTo(outer);
	added = 0;
}

/* What was saved since; false: a row is gone. */
static bool
ReadNew(void)
{
	Datum values[] = {Int64GetDatum(last_no)};

	if (SpiRead(&count_query, values, NULL, 1) != 1 || SpiInt64(0, 1) != rows)
		return false;
	for (int i = ReadRows(); i < set.count; i++)
		if (!set.rules[i]->ended)
			RuleIndexAdd(set.index, set.rules[i]);
	return true;
}

/* Sees to it that the set is that of the table. */
static void
Renew(void)
{
	bool good = complete && added < ADDED_LIMIT;

	complete = false;
	(void) ReferenceReset(&cache);
	ReferenceBegin(&cache);
	if (!good || !ReadNew())
		ReadAll();
	ReferenceEnd(&cache);
	complete = true;
}

const RuleSet *
RuleSetNow(void)
{
	RuleTypesRenew();
	if (!ReferenceIsFresh(&cache) || !complete)
		Renew();
	return &set;
}

Shape *
RuleShape(Rule *rule)
{
	Datum values[] = {Int64GetDatum(rule->no)};
	Datum geometry = 0;
	bool isnull = true;

	if (rule->shape != NULL)
		return rule->shape;
	SpiBegin();
	if (SpiRun(&shape_query, values, NULL, SPI_OK_SELECT, 1) == 1)
		geometry = SpiDatum(0, 1, &isnull);
	SpiEnd();
	if (!isnull)
	{
		bytea *ewkb = DatumGetByteaPCopy(geometry);

		rule->shape = ShapeMake((unsigned char *) VARDATA_ANY(ewkb), VARSIZE_ANY_EXHDR(ewkb));
	}
	return rule->shape;
}
