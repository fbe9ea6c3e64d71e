/*
 * Processes of a backend, compiled; see process.h. Each version is read at its first use. Versions never
 * change, but new ones come, and one that was saved may be rolled back: when table process sends an
 * invalidation, each is looked at again at its next use. What was compiled stays where it is.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/reference_cache.h"
#include "core/spi.h"
#include "process/process_definition.h"

/* A definition that was compiled. */
typedef struct Compiled
{
	char *definition; /* as it was saved */
	const Process *process;
	struct Compiled *next;
} Compiled;

/* A version that was asked for, and what was found at that time; process NULL: it was there before. */
typedef struct Asked
{
	char *code;
	int version; /* 0: the newest */
	uint64 looked;
	const Process *process;
	struct Asked *next;
} Asked;

static ReferenceCache cache = {.table = "process"};
static uint64 changes;       /* of the table that were noticed; Asked.looked is compared with it */
static MemoryContext memory; /* of all below, for the life of the backend */
static Compiled *compiled;
static Asked *asked;

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

/* Compiles a definition into the backend's memory. */
static const Process *
Compile(const char *code, int version, const char *text)
{
	MemoryContext caller = MemoryContextSwitchTo(memory);
	Compiled *entry = palloc0(sizeof(*entry));
	ErrorList errors = {0};
	JsonRefusal refusal;
	JsonNode *root = JsonParse(text, strlen(text), &refusal);
	ProcessDefinition *definition;

	if (root == NULL)
		elog(ERROR, "process %s version %d is no JSON: %s", code, version, refusal.message);
	/* what else may be wrong, such as a calendar that is gone, does not keep a case from moving */
	definition = ProcessRead(root, &errors);
	if (!definition->graph)
		elog(ERROR, "process %s version %d is not understood: %s", code, version, ErrorsText(&errors));
	definition->process.version = version;
	ProcessLinkStages(&definition->process);
	entry->definition = pstrdup(text);
	entry->process = &definition->process;
	entry->next = compiled;
	compiled = entry;
	MemoryContextSwitchTo(caller);
	return entry->process;
}

/* The compiled form of a saved definition. */
static const Process *
CompiledForm(const char *code, int version, const char *text)
{
	for (Compiled *entry = compiled; entry != NULL; entry = entry->next)
		if (entry->process->version == version && strcmp(entry->process->code, code) == 0 &&
			strcmp(entry->definition, text) == 0)
			return entry->process;
	return Compile(code, version, text);
}

/* A version, 0 for the newest, as the table has it now; NULL: it has none. */
static const Process *
Read(const char *code, int version)
{
	Datum values[2] = {CStringGetTextDatum(code), Int32GetDatum(version)};
	char *text = NULL;
	int found = 0;

	ReferenceBegin(&cache);
	if (SpiRead(&definition_query, values, NULL, 1) == 1)
	{
		text = SpiText(0, 1);
		found = SpiInt32(0, 2);
	}
	ReferenceEnd(&cache);
	return text == NULL ? NULL : CompiledForm(code, found, text);
}

/* The question as it was asked before; NULL: it was not. */
static Asked *
AskedBefore(const char *code, int version)
{
	for (Asked *entry = asked; entry != NULL; entry = entry->next)
		if (entry->version == version && strcmp(entry->code, code) == 0)
			return entry;
	return NULL;
}

/* Keeps an answer; that there is nothing is not kept: codes may come from outside. */
static void
KeepAnswer(const char *code, int version, const Process *process, uint64 looked)
{
	Asked *entry = AskedBefore(code, version);

	if (entry == NULL)
	{
		if (process == NULL)
			return;
		entry = MemoryContextAllocZero(memory, sizeof(*entry));
		entry->code = MemoryContextStrdup(memory, code);
		entry->version = version;
		entry->next = asked;
		asked = entry;
	}
	entry->process = process;
	entry->looked = looked;
}

/* A version, 0 for the newest. */
static const Process *
Find(const char *code, int version)
{
	Asked *entry;
	const Process *process;
	uint64 now;

	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "citybigdata processes", ALLOCSET_DEFAULT_SIZES);
	if (!ReferenceIsFresh(&cache) || changes == 0)
	{
		ReferenceReset(&cache);
		changes++;
	}
	entry = AskedBefore(code, version);
	if (entry != NULL && entry->looked == changes)
		return entry->process;
	now = changes;
	process = Read(code, version);
	KeepAnswer(code, version, process, now);
	return process;
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
