/*
 * Division codes: look-up, cached per backend, and the endpoint GET /divisions/{code}.
 *
 * The cache holds the codes that were asked for, unknown ones too, up to CACHED_CODES; then it begins anew.
 */
#include "postgres.h"
#include "fmgr.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"

#include "audit/audit.h"
#include "place/division.h"
#include "core/guc.h"
#include "core/reference_cache.h"
#include "core/spi.h"

#define CACHED_CODES 65536

typedef struct CachedDivision
{
	char code[DIVISION_CODE_SIZE]; /* hash key */
	bool known;
	Division division;  /* name in the cache's memory; current is not kept */
	DateADT valid_from; /* DATEVAL_NOBEGIN when null */
	DateADT valid_to;   /* DATEVAL_NOEND when null */
} CachedDivision;

static ReferenceCache cache = {.table = "division"};
static HTAB *divisions; /* in cache.memory */

static SpiQuery find_query = {"SELECT name, parent_code, level, successor_code, valid_from, valid_to "
							  "FROM citybigdata.division WHERE code OPERATOR(pg_catalog.=) $1",
							  1,
							  {TEXTOID}};

static bool
IsDivisionCode(const char *code)
{
	size_t length = strlen(code);

	return (length == 6 || length == 9 || length == 12) && strspn(code, "0123456789") == length;
}

/* Today in the platform's zone, where the calendar day of validity begins. */
static DateADT
Today(void)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	if (timestamp2tm(GetCurrentTransactionStartTimestamp(), &offset, &tm, &fsec, NULL, PlatformZone()) != 0)
		elog(ERROR, "the clock is out of range");
	return date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE;
}

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
	today = Today();
	division->current = entry->valid_from <= today && today < entry->valid_to;
	return true;
}

static Datum
TextOrNull(const char *text, bool *isnull)
{
	*isnull = text[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

/* division_find(code) returns record: nulls when there is none. */
PG_FUNCTION_INFO_V1(cbd_division_find);
extern Datum cbd_division_find(PG_FUNCTION_ARGS);

Datum
cbd_division_find(PG_FUNCTION_ARGS)
{
	TupleDesc row;
	Division division;
	Datum values[6] = {0};
	bool nulls[6] = {true, true, true, true, true, true};

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "division_find must return a record");
	if (DivisionFind(text_to_cstring(PG_GETARG_TEXT_PP(0)), &division))
	{
		values[0] = TextOrNull(division.code, &nulls[0]);
		values[1] = TextOrNull(division.name, &nulls[1]);
		values[2] = TextOrNull(division.parent, &nulls[2]);
		values[3] = Int32GetDatum(division.level);
		values[4] = BoolGetDatum(division.current);
		values[5] = TextOrNull(division.successor, &nulls[5]);
		nulls[3] = nulls[4] = false;
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}

/* The endpoint's query: the division's dates as 14 digits, and what is directly below it and valid. */
static SpiQuery dates_query = {"SELECT pg_catalog.to_char(valid_from, 'YYYYMMDD') || '000000', "
							   "pg_catalog.to_char(valid_to, 'YYYYMMDD') || '000000' "
							   "FROM citybigdata.division WHERE code = $1",
							   1,
							   {TEXTOID}};
static SpiQuery children_query = {
	"SELECT code, name FROM citybigdata.division WHERE parent_code = $1 "
	"AND (valid_from IS NULL OR valid_from <= $2) AND (valid_to IS NULL OR valid_to > $2) ORDER BY code",
	2,
	{TEXTOID, DATEOID}};

static void
AppendChildren(StringInfo out, const char *code)
{
	uint64 count =
		SpiRead(&children_query, (Datum[]){CStringGetTextDatum(code), DateADTGetDatum(Today())}, NULL, 0);

	appendStringInfoString(out, ",\"children\":[");
	for (uint64 i = 0; i < count; i++)
	{
		appendStringInfoString(out, i == 0 ? "{" : ",{");
		JsonField(out, "code", SpiText(i, 1));
		JsonField(out, "name", SpiText(i, 2));
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

static char *
DivisionJson(const Division *division)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	JsonField(&out, "code", division->code);
	JsonField(&out, "name", division->name);
	JsonField(&out, "parentCode", division->parent[0] == '\0' ? NULL : division->parent);
	appendStringInfo(&out, ",\"level\":%d,\"current\":%s", division->level,
					 division->current ? "true" : "false");
	SpiBegin();
	if (SpiRead(&dates_query, (Datum[]){CStringGetTextDatum(division->code)}, NULL, 1) == 1)
	{
		JsonField(&out, "validFrom", SpiText(0, 1));
		JsonField(&out, "validTo", SpiText(0, 2));
	}
	JsonField(&out, "successorCode", division->successor[0] == '\0' ? NULL : division->successor);
	AppendChildren(&out, division->code);
	SpiEnd();
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* rest_division(context, code): GET /divisions/{code}. */
PG_FUNCTION_INFO_V1(cbd_rest_division);
extern Datum cbd_rest_division(PG_FUNCTION_ARGS);

Datum
cbd_rest_division(PG_FUNCTION_ARGS)
{
	CallContext context;
	Caller caller;
	int retry_after = 0;
	char *code = ArgText(fcinfo, CONTEXT_ARGUMENTS);
	Division division;
	CbdStatus status;

	ReadCallContext(fcinfo, &context);
	status = Authorise(&context, NULL, &caller, &retry_after);
	if (status == CBD_OK && (code == NULL || !IsDivisionCode(code)))
		status = CBD_INVALID_PARAMETER;
	else if (status == CBD_OK && !DivisionFind(code, &division))
		status = CBD_NO_SUCH_DIVISION;
	if (status == CBD_OK)
		return ReplyFrame(CBD_OK, 0, AuditRecord(&context, &caller, "division.get", code),
						  DivisionJson(&division));
	AuditWrite(&context, &caller, "division.get", code, status, NULL);
	if (status == CBD_INVALID_PARAMETER)
		return ReplyError(status, "/code", status,
						  "A division code has 6, 9 or 12 digits, for example 110101");
	return ReplyFrame(status, retry_after, NULL, NULL);
}
