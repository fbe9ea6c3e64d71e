/*
 * Code tables: look-up, cached per backend.
 *
 * The cache holds all codes of all tables: dictionaries are small. The entry with the empty code stands for
 * the table itself and exists when the table has rows.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"

#include "core/reference_cache.h"
#include "reference/code_table.h"
#include "core/spi.h"

#define CODE_SIZE 256 /* 63 characters of up to 4 bytes, and the terminator */
#define NAME_SIZE 64

/* Zero-filled, for a hash of its bytes. */
typedef struct CodeKey
{
	char table[NAME_SIZE];
	char code[CODE_SIZE];
} CodeKey;

/* A code with its name; code "": the table itself is there. */
typedef struct CachedCode
{
	CodeKey key;
	char *name; /* in the cache's memory; NULL for the table itself */
} CachedCode;

/* Told when rows of code tables change. */
static ReferenceCache cache = {.table = "code_table_row"};
static HTAB *codes; /* in cache.memory; NULL until filled */

/* Every code of every table. */
static SpiQuery all_query = {"SELECT table_name, code, name FROM citybigdata.code_table_row", 0, {0}};

/* False: too long to be a key, so there is no such code. */
static bool
MakeKey(CodeKey *key, const char *table, const char *code)
{
	memset(key, 0, sizeof(*key));
	return strlcpy(key->table, table, NAME_SIZE) < NAME_SIZE &&
		   strlcpy(key->code, code, CODE_SIZE) < CODE_SIZE;
}

/* Reads all codes of all tables. */
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

/* The entry of a code; the empty code stands for the table. */
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
