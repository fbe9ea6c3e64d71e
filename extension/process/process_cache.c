/*
 * Processes of a backend, compiled; see process.h. Each version is read at its first use. Versions never
 * change, but new ones come: then table process sends an invalidation and all is read anew.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/reference_cache.h"
#include "core/spi.h"
#include "process/process_definition.h"

/* A version that was asked for; process NULL: there is none. */
typedef struct Compiled
{
	char *code;
	int version; /* that was asked for; 0: the newest */
	const Process *process;
	struct Compiled *next;
} Compiled;

static ReferenceCache cache = {.table = "process"};
static Compiled *compiled; /* in cache.memory; NULL when it was emptied */

/* The definition of a version ($2; 0: the newest) and its number. No operators that others may have put into
 * the path. */
static SpiQuery definition_query = {
	"SELECT p.definition::pg_catalog.text, p.version FROM citybigdata.process p"
	" WHERE p.process_code OPERATOR(pg_catalog.=) $1"
	" AND ($2 OPERATOR(pg_catalog.=) 0 OR p.version OPERATOR(pg_catalog.=) $2)"
	" ORDER BY p.version DESC LIMIT 1",
	2,
	{TEXTOID, INT4OID},
	NULL,
	true};

/* The definition as it was saved, in the cache's memory; NULL: there is none. */
static const Process *
Compile(const char *code, int version)
{
	Datum values[2] = {CStringGetTextDatum(code), Int32GetDatum(version)};
	MemoryContext caller = MemoryContextSwitchTo(cache.memory);
	ProcessDefinition *definition = NULL;
	ErrorList errors = {0};

	ReferenceBegin(&cache);
	if (SpiRead(&definition_query, values, NULL, 1) == 1)
	{
		/* copied to where SpiBegin() was: the cache's memory, since the tree points into it */
		char *text = SpiText(0, 1);
		int found = SpiInt32(0, 2);
		JsonRefusal refusal;
		JsonNode *root;

		MemoryContextSwitchTo(cache.memory);
		root = JsonParse(text, strlen(text), &refusal);
		if (root == NULL)
			elog(ERROR, "process %s version %d is no JSON: %s", code, found, refusal.message);
		definition = ProcessRead(root, &errors);
		if (!definition->graph)
			elog(ERROR, "process %s version %d is not understood: %s", code, found, ErrorsText(&errors));
		definition->process.version = found;
		ProcessLinkStages(&definition->process);
	}
	ReferenceEnd(&cache);
	MemoryContextSwitchTo(caller);
	return definition == NULL ? NULL : &definition->process;
}

/* A version, 0 for the newest, from the cache or the table. */
static const Process *
Find(const char *code, int version)
{
	Compiled *entry;

	if (!ReferenceIsFresh(&cache) || compiled == NULL)
	{
		compiled = NULL;
		ReferenceReset(&cache);
	}
	for (entry = compiled; entry != NULL; entry = entry->next)
		if (entry->version == version && strcmp(entry->code, code) == 0)
			return entry->process;
	entry = MemoryContextAllocZero(cache.memory, sizeof(*entry));
	entry->code = MemoryContextStrdup(cache.memory, code);
	entry->version = version;
	entry->process = Compile(code, version);
	/* only when it is whole: an error leaves none */
	entry->next = compiled;
	compiled = entry;
	return entry->process;
}

const Process *
ProcessFind(const char *code, int version)
{
	return code == NULL || version <= 0 ? NULL : Find(code, version);
}

const Process *
ProcessNewest(const char *code)
{
	return code == NULL ? NULL : Find(code, 0);
}
