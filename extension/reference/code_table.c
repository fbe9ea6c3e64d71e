/*
 * Code tables (clause 5.4.4-c): look-up, cached per backend, and the endpoints GET /code-tables.
 *
 * The cache holds all codes of all tables: dictionaries are small. The entry with the empty code stands for
 * the table itself and exists when the table has rows.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"

#include "audit/audit.h"
#include "place/division.h"
#include "core/reference_cache.h"
#include "core/spi.h"

#define CODE_SIZE 256 /* 63 characters of up to 4 bytes, and the terminator */
#define NAME_SIZE 64

typedef struct CodeKey
{
	char table[NAME_SIZE];
	char code[CODE_SIZE];
} CodeKey;

typedef struct CachedCode
{
	CodeKey key;
	char *name; /* in the cache's memory; NULL for the table itself */
} CachedCode;

static ReferenceCache cache = {.table = "code_table_row"};
static HTAB *codes; /* in cache.memory; NULL until filled */

static SpiQuery all_query = {"SELECT table_name, code, name FROM citybigdata.code_table_row", 0, {0}};

/* False: too long to be a key, so there is no such code. */
static bool
MakeKey(CodeKey *key, const char *table, const char *code)
{
	memset(key, 0, sizeof(*key));
	return strlcpy(key->table, table, NAME_SIZE) < NAME_SIZE &&
		   strlcpy(key->code, code, CODE_SIZE) < CODE_SIZE;
}

static void
FillCache(void)
{
	HASHCTL control = {.keysize = sizeof(CodeKey), .entrysize = sizeof(CachedCode)};
	MemoryContext memory;
	HTAB *table;
	uint64 count;
	CodeKey key;
	CachedCode *entry;

	codes = NULL;
	memory = control.hcxt = ReferenceReset(&cache);
	ReferenceBegin(&cache);
	count = SpiRead(&all_query, NULL, NULL, 0);
	table = hash_create("citybigdata codes", count + 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	for (uint64 i = 0; i < count; i++)
	{
		char *name = SpiText(i, 1);
		char *code = SpiText(i, 2);
		char *meaning = SpiText(i, 3);

		if (MakeKey(&key, name, code))
		{
			entry = hash_search(table, &key, HASH_ENTER, NULL);
			entry->name = MemoryContextStrdup(memory, meaning);
		}
		if (MakeKey(&key, name, ""))
		{
			entry = hash_search(table, &key, HASH_ENTER, NULL);
			entry->name = NULL;
		}
		pfree(name);
		pfree(code);
		pfree(meaning);
	}
	ReferenceEnd(&cache);
	codes = table;
}

static CachedCode *
FindCode(const char *table, const char *code)
{
	CodeKey key;

	if (!ReferenceIsFresh(&cache) || codes == NULL)
		FillCache();
	return MakeKey(&key, table, code) ? hash_search(codes, &key, HASH_FIND, NULL) : NULL;
}

bool
CodeTableHas(const char *table, const char *code, bool *table_empty)
{
	*table_empty = FindCode(table, "") == NULL;
	return code[0] != '\0' && FindCode(table, code) != NULL;
}

char *
CodeTableName(const char *table, const char *code)
{
	CachedCode *entry = code[0] == '\0' ? NULL : FindCode(table, code);

	return entry == NULL ? NULL : pstrdup(entry->name);
}

/* code_known(table, code) returns boolean: null for an empty table. */
PG_FUNCTION_INFO_V1(cbd_code_known);
extern Datum cbd_code_known(PG_FUNCTION_ARGS);

Datum
cbd_code_known(PG_FUNCTION_ARGS)
{
	bool empty;
	bool known = CodeTableHas(ArgText(fcinfo, 0), ArgText(fcinfo, 1), &empty);

	if (empty)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(known);
}

/* code_name(table, code) returns text. */
PG_FUNCTION_INFO_V1(cbd_code_name);
extern Datum cbd_code_name(PG_FUNCTION_ARGS);

Datum
cbd_code_name(PG_FUNCTION_ARGS)
{
	char *name = CodeTableName(ArgText(fcinfo, 0), ArgText(fcinfo, 1));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

static SpiQuery tables_query = {
	"SELECT t.name, t.title, t.title_zh, t.version, "
	"(SELECT pg_catalog.count(*) FROM citybigdata.code_table_row r WHERE r.table_name = t.name) "
	"FROM citybigdata.code_table t ORDER BY t.name",
	0,
	{0}};
static SpiQuery table_query = {
	"SELECT t.name, t.title, t.title_zh, t.version FROM citybigdata.code_table t WHERE t.name = $1",
	1,
	{TEXTOID}};
static SpiQuery rows_query = {"SELECT r.code, r.name, r.parent_code FROM citybigdata.code_table_row r WHERE "
							  "r.table_name = $1 ORDER BY r.sort, r.code",
							  1,
							  {TEXTOID}};

/* The members that both endpoints have, from row `row` of the last result. */
static void
AppendTableMembers(StringInfo out, uint64 row)
{
	JsonField(out, "name", SpiText(row, 1));
	JsonField(out, "title", SpiText(row, 2));
	JsonField(out, "titleZh", SpiText(row, 3));
	JsonField(out, "version", SpiText(row, 4));
}

/* rest_code_tables(context): GET /code-tables. */
PG_FUNCTION_INFO_V1(cbd_rest_code_tables);
extern Datum cbd_rest_code_tables(PG_FUNCTION_ARGS);

Datum
cbd_rest_code_tables(PG_FUNCTION_ARGS)
{
	CallContext context;
	Caller caller;
	int retry_after = 0;
	CbdStatus status;
	StringInfoData out;
	uint64 count;

	ReadCallContext(fcinfo, &context);
	status = Authorise(&context, NULL, &caller, &retry_after);
	if (status != CBD_OK)
	{
		AuditWrite(&context, &caller, "code-table.list", NULL, status, NULL);
		return ReplyFrame(status, retry_after, NULL, NULL);
	}
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"items\":[");
	SpiBegin();
	count = SpiRead(&tables_query, NULL, NULL, 0);
	for (uint64 i = 0; i < count; i++)
	{
		appendStringInfoString(&out, i == 0 ? "{" : ",{");
		AppendTableMembers(&out, i);
		appendStringInfo(&out, ",\"count\":" INT64_FORMAT "}", SpiInt64(i, 5));
	}
	SpiEnd();
	appendStringInfoString(&out, "]}");
	return ReplyFrame(CBD_OK, 0, AuditRecord(&context, &caller, "code-table.list", NULL), out.data);
}

/* One table with its codes; NULL when there is none of that name. */
static char *
CodeTableJson(const char *name)
{
	Datum value[] = {CStringGetTextDatum(name)};
	StringInfoData out;
	uint64 count;

	initStringInfo(&out);
	SpiBegin();
	if (SpiRead(&table_query, value, NULL, 1) == 0)
	{
		SpiEnd();
		return NULL;
	}
	appendStringInfoChar(&out, '{');
	AppendTableMembers(&out, 0);
	appendStringInfoString(&out, ",\"items\":[");
	count = SpiRead(&rows_query, value, NULL, 0);
	for (uint64 i = 0; i < count; i++)
	{
		appendStringInfoString(&out, i == 0 ? "{" : ",{");
		JsonField(&out, "code", SpiText(i, 1));
		JsonField(&out, "name", SpiText(i, 2));
		JsonField(&out, "parentCode", SpiText(i, 3));
		appendStringInfoChar(&out, '}');
	}
	SpiEnd();
	appendStringInfoString(&out, "]}");
	return out.data;
}

/* rest_code_table(context, name): GET /code-tables/{name}. */
PG_FUNCTION_INFO_V1(cbd_rest_code_table);
extern Datum cbd_rest_code_table(PG_FUNCTION_ARGS);

Datum
cbd_rest_code_table(PG_FUNCTION_ARGS)
{
	CallContext context;
	Caller caller;
	int retry_after = 0;
	char *name = ArgText(fcinfo, CONTEXT_ARGUMENTS);
	char *data = NULL;
	CbdStatus status;

	ReadCallContext(fcinfo, &context);
	status = Authorise(&context, NULL, &caller, &retry_after);
	if (status == CBD_OK)
	{
		data = name == NULL ? NULL : CodeTableJson(name);
		if (data != NULL)
			return ReplyFrame(CBD_OK, 0, AuditRecord(&context, &caller, "code-table.get", name), data);
		status = CBD_NO_SUCH_CODE_TABLE;
	}
	AuditWrite(&context, &caller, "code-table.get", name, status, NULL);
	return ReplyFrame(status, retry_after, NULL, NULL);
}
