/*
 * Division codes: look-up, cached per backend.
 *
 * The cache holds the codes that were asked for, unknown ones too, up to CACHED_CODES; then it begins anew.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"

#include "place/division.h"
#include "core/guc.h"
#include "core/reference_cache.h"
#include "core/spi.h"

/* Codes that a session remembers; at the limit it starts anew. */
#define CACHED_CODES 65536

/* A code that was looked up, known or not. */
typedef struct CachedDivision
{
	char code[DIVISION_CODE_SIZE]; /* hash key */
	bool known;
	Division division;  /* name in the cache's memory; current is not kept */
	DateADT valid_from; /* DATEVAL_NOBEGIN when null */
	DateADT valid_to;   /* DATEVAL_NOEND when null */
} CachedDivision;

/* Told when the table changes. */
static ReferenceCache cache = {.table = "division"};
static HTAB *divisions; /* in cache.memory */

/* $1 code: the division. */
static SpiQuery find_query = {"SELECT name, parent_code, level, successor_code, valid_from, valid_to "
							  "FROM citybigdata.division WHERE code OPERATOR(pg_catalog.=) $1",
							  1,
							  {TEXTOID}};

bool
IsDivisionCode(const char *code)
{
	size_t length = strlen(code);

	return (length == 6 || length == 9 || length == 12) && strspn(code, "0123456789") == length;
}

bool
DivisionWithin(const char *code, const char *above)
{
	size_t length = strlen(above);

	/* a province ends in four zeros, a prefecture in two; what stands before them is in all codes below */
	if (length == 6 && strcmp(above + 4, "00") == 0)
		length = strcmp(above + 2, "0000") == 0 ? 2 : 4;
	return strncmp(code, above, length) == 0;
}

DateADT
DivisionToday(void)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	if (timestamp2tm(GetCurrentTransactionStartTimestamp(), &offset, &tm, &fsec, NULL, PlatformZone()) != 0)
		elog(ERROR, "the clock is out of range");
	return date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE;
}

/* The cache begins anew. */
static void
EmptyCache(void)
{
	HASHCTL control = {.keysize = DIVISION_CODE_SIZE, .entrysize = sizeof(CachedDivision)};

	divisions = NULL;
	control.hcxt = ReferenceReset(&cache);
	divisions = hash_create("citybigdata divisions", 256, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* Reads the row of entry->code. */
static void
ReadDivision(CachedDivision *entry)
{
	char *text;
	bool isnull;
	Datum date;

	ReferenceBegin(&cache);
	entry->known = SpiRead(&find_query, (Datum[]){CStringGetTextDatum(entry->code)}, NULL, 1) == 1;
	if (entry->known)
	{
		strlcpy(entry->division.code, entry->code, DIVISION_CODE_SIZE);
		entry->division.name = MemoryContextStrdup(cache.memory, SpiText(0, 1));
		text = SpiText(0, 2);
		strlcpy(entry->division.parent, text == NULL ? "" : text, DIVISION_CODE_SIZE);
		entry->division.level = SpiInt32(0, 3);
		text = SpiText(0, 4);
		strlcpy(entry->division.successor, text == NULL ? "" : text, DIVISION_CODE_SIZE);
		date = SpiDatum(0, 5, &isnull);
		entry->valid_from = isnull ? DATEVAL_NOBEGIN : DatumGetDateADT(date);
		date = SpiDatum(0, 6, &isnull);
		entry->valid_to = isnull ? DATEVAL_NOEND : DatumGetDateADT(date);
	}
	ReferenceEnd(&cache);
}

bool
DivisionFind(const char *code, Division *division)
{
	char key[DIVISION_CODE_SIZE] = {0};
	CachedDivision *entry;
	CachedDivision fresh;
	DateADT today;

	memset(division, 0, sizeof(*division));
	if (!IsDivisionCode(code))
		return false;
	strlcpy(key, code, sizeof(key));
	if (!ReferenceIsFresh(&cache) || divisions == NULL || hash_get_num_entries(divisions) >= CACHED_CODES)
		EmptyCache();
	entry = hash_search(divisions, key, HASH_FIND, NULL);
	if (entry == NULL)
	{
		/* read first, enter afterwards: an error must not leave half an entry */
		memset(&fresh, 0, sizeof(fresh));
		memcpy(fresh.code, key, sizeof(key));
		ReadDivision(&fresh);
		entry = hash_search(divisions, key, HASH_ENTER, NULL);
		*entry = fresh;
	}
	if (!entry->known)
		return false;
	*division = entry->division;
	division->name = pstrdup(entry->division.name);
	today = DivisionToday();
	division->current = entry->valid_from <= today && today < entry->valid_to;
	return true;
}
