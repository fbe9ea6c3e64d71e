/*
 * Look-ups of the organisation; see organisation.h.
 *
 * Units are few (hundreds) and asked for at every step, so each backend keeps them all, with the place of the
 * unit above in the same array. Responsibilities may be many (types x streets): they are asked by their
 * primary key, with all beginnings of the type and all divisions above at once.
 */
#include "postgres.h"
#include "fmgr.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/field.h"
#include "core/reference_cache.h"
#include "core/spi.h"
#include "organisation/organisation.h"
#include "place/division.h"

#define TYPE_CHARACTERS 63 /* most characters of a code (code_table_row) */
#define DIVISION_LEVELS 6  /* community, street, county, prefecture, province, none */
#define DEPTH_LIMIT     64 /* units above a unit: a circle that somebody made by hand ends here */

/* What is asked for and all above it, the most special first; the last one is "", which stands for all. */
typedef struct Ladder
{
	char *codes[TYPE_CHARACTERS + 1];
	int count;
} Ladder;

/* A unit as it is kept. */
typedef struct CachedUnit
{
	char *code;
	char *name;
	char *parent_code; /* NULL: none */
	int parent;        /* place in `units`; -1: none */
	char *calendar;
	bool active;
	char **types; /* what it answers for, by its own lists */
	int type_count;
	char **divisions;
	int division_count;
} CachedUnit;

/* Told when units change. */
static ReferenceCache cache = {.table = "unit"};
static CachedUnit *units; /* by code; in cache.memory; NULL until filled */
static int unit_count;

/* Every unit, by code as strcmp() orders them. */
static SpiQuery all_units = {
	"SELECT unit_code, name, parent_code, state = 'active', event_types, divisions, calendar"
	" FROM citybigdata.unit ORDER BY unit_code COLLATE \"C\"",
	0,
	{0}};

/* $1 types, $2 divisions, both the most special first: the units that answer, the most special first, with
 * the places in the two arrays, from 1. */
static SpiQuery responsible_units = {
	"SELECT r.unit_code, array_position($1, r.event_type_code), array_position($2, r.division_code)"
	" FROM citybigdata.responsibility r WHERE r.event_type_code = ANY ($1) AND r.division_code = ANY ($2)"
	" ORDER BY 2, 3",
	2,
	{TEXTARRAYOID, TEXTARRAYOID},
	NULL,
	true};

/* Texts of an array of the last result, in the cache's memory. */
static char **
KeepTexts(MemoryContext memory, uint64 row, int col, int *count)
{
	char **texts = SpiTextArray(row, col, count);
	char **kept = *count == 0 ? NULL : MemoryContextAlloc(memory, *count * sizeof(char *));

	for (int i = 0; i < *count; i++)
		kept[i] = MemoryContextStrdup(memory, texts[i]);
	return kept;
}

/* The place of a unit among the first `count`; -1: there is none. */
static int
FindAmong(const CachedUnit *list, int count, const char *code)
{
	int low = 0, high = count;

	while (low < high)
	{
		int middle = (low + high) / 2;
		int order = strcmp(list[middle].code, code);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

/* Reads all units. */
static void
FillCache(void)
{
	MemoryContext memory;
	CachedUnit *list;
	int count;

	units = NULL;
	memory = ReferenceReset(&cache);
	ReferenceBegin(&cache);
	count = (int) SpiRead(&all_units, NULL, NULL, 0);
	list = MemoryContextAllocZero(memory, (count + 1) * sizeof(CachedUnit));
	for (int i = 0; i < count; i++)
	{
		list[i].code = MemoryContextStrdup(memory, SpiText(i, 1));
		list[i].name = MemoryContextStrdup(memory, SpiText(i, 2));
		if (!SpiIsNull(i, 3))
			list[i].parent_code = MemoryContextStrdup(memory, SpiText(i, 3));
		list[i].active = SpiBool(i, 4);
		list[i].types = KeepTexts(memory, i, 5, &list[i].type_count);
		list[i].divisions = KeepTexts(memory, i, 6, &list[i].division_count);
		list[i].calendar = MemoryContextStrdup(memory, SpiText(i, 7));
	}
	ReferenceEnd(&cache);
	for (int i = 0; i < count; i++)
		list[i].parent = list[i].parent_code == NULL ? -1 : FindAmong(list, count, list[i].parent_code);
	units = list;
	unit_count = count;
}

/* The kept units, up to date. */
static void
NeedUnits(void)
{
	if (!ReferenceIsFresh(&cache) || units == NULL)
		FillCache();
}

/* The place of a unit; -1: none. NeedUnits() was called. */
static int
FindUnit(const char *code)
{
	return code == NULL || code[0] == '\0' ? -1 : FindAmong(units, unit_count, code);
}

bool
UnitName(const char *unit_code, char **name)
{
	int unit;

	NeedUnits();
	unit = FindUnit(unit_code);
	if (unit < 0 || !units[unit].active)
		return false;
	if (name != NULL)
		*name = pstrdup(units[unit].name);
	return true;
}

char *
UnitCalendar(const char *unit_code)
{
	int unit;

	NeedUnits();
	unit = FindUnit(unit_code);
	return unit < 0 ? NULL : pstrdup(units[unit].calendar);
}

/* Is the unit the one at `above`, or below it? */
static bool
IsWithin(int unit, int above)
{
	for (int depth = 0; unit >= 0 && depth < DEPTH_LIMIT; depth++)
	{
		if (unit == above)
			return true;
		unit = units[unit].parent;
	}
	return false;
}

bool
UnitWithin(const char *unit, const char *ancestor)
{
	int above;

	NeedUnits();
	above = FindUnit(ancestor);
	return above >= 0 && IsWithin(FindUnit(unit), above);
}

/* A type and those above it: its code without the last character, and so on. */
static Ladder *
TypeLadder(const char *type)
{
	Ladder *ladder = palloc0(sizeof(Ladder));
	int ends[TYPE_CHARACTERS + 1] = {0};
	int characters = 0;

	for (const char *at = type == NULL ? "" : type; *at != '\0' && characters < TYPE_CHARACTERS;)
	{
		at += pg_mblen(at);
		ends[++characters] = at - type;
	}
	for (int i = characters; i >= 0; i--)
		ladder->codes[ladder->count++] = i == 0 ? "" : pnstrdup(type, ends[i]);
	return ladder;
}

/* A division and those above it by its code: 110101001, 110101, 110100, 110000, "". */
static Ladder *
DivisionLadder(const char *division)
{
	static const int lengths[] = {12, 9, 6, 4, 2};
	Ladder *ladder = palloc0(sizeof(Ladder));
	int length = division == NULL ? 0 : (int) strlen(division);

	StaticAssertStmt(lengthof(lengths) + 1 == DIVISION_LEVELS, "a level is missing");
	for (int i = 0; i < (int) lengthof(lengths); i++)
	{
		char code[DIVISION_CODE_SIZE] = "";

		if (length < lengths[i] || length >= DIVISION_CODE_SIZE)
			continue;
		snprintf(code, sizeof(code), "%.*s%s", lengths[i], division, &"000000"[Min(lengths[i], 6)]);
		if (ladder->count == 0 || strcmp(ladder->codes[ladder->count - 1], code) != 0)
			ladder->codes[ladder->count++] = pstrdup(code);
	}
	ladder->codes[ladder->count++] = "";
	return ladder;
}

/* The first place on the ladder, from 1, of one of the codes; of all when there is none; 0: not on it. */
static int
PlaceOnLadder(const Ladder *ladder, char *const *codes, int count)
{
	if (count == 0)
		return ladder->count;
	for (int place = 0; place < ladder->count; place++)
		for (int i = 0; i < count; i++)
			if (strcmp(ladder->codes[place], codes[i]) == 0)
				return place + 1;
	return 0;
}

/* How special a unit's own lists are for what is asked; false: they do not say it, or the unit is closed. */
static bool
ListsAnswer(const CachedUnit *unit, const Ladder *types, const Ladder *divisions, int *type, int *division)
{
	if (!unit->active || (unit->type_count == 0 && unit->division_count == 0))
		return false;
	*type = PlaceOnLadder(types, unit->types, unit->type_count);
	*division = PlaceOnLadder(divisions, unit->divisions, unit->division_count);
	return *type > 0 && *division > 0;
}

/* The unit that a responsibility names, with its places on the ladders; -1: none that is open. */
static int
ByResponsibility(const Ladder *types, const Ladder *divisions, int *type, int *division)
{
	Datum values[2] = {TextArrayDatum(types->codes, types->count),
					   TextArrayDatum(divisions->codes, divisions->count)};
	int found = -1;
	uint64 count;

	SpiBegin();
	count = SpiRun(&responsible_units, values, NULL, SPI_OK_SELECT, 0);
	for (uint64 i = 0; i < count && found < 0; i++)
	{
		int unit = FindUnit(SpiText(i, 1));

		if (unit < 0 || !units[unit].active)
			continue;
		found = unit;
		*type = SpiInt32(i, 2);
		*division = SpiInt32(i, 3);
	}
	SpiEnd();
	return found;
}

/* The place of the responsible unit; -1: nobody. */
static int
FindResponsible(const Ladder *types, const Ladder *divisions)
{
	int type = PG_INT32_MAX, division = PG_INT32_MAX;
	int found = ByResponsibility(types, divisions, &type, &division);

	for (int i = 0; i < unit_count; i++)
	{
		int own_type, own_division;

		if (ListsAnswer(&units[i], types, divisions, &own_type, &own_division) &&
			(own_type < type || (own_type == type && own_division < division)))
		{
			found = i;
			type = own_type;
			division = own_division;
		}
	}
	return found;
}

char *
ResponsibleUnit(const char *type, const char *division)
{
	int found;

	NeedUnits();
	found = FindResponsible(TypeLadder(type), DivisionLadder(division));
	return found < 0 ? NULL : pstrdup(units[found].code);
}

bool
UnitAnswers(const char *unit, const char *type, const char *division)
{
	Ladder *types = TypeLadder(type);
	Ladder *divisions = DivisionLadder(division);
	int asked, responsible, own_type, own_division;

	NeedUnits();
	asked = FindUnit(unit);
	if (asked < 0 || !units[asked].active)
		return false;
	if (ListsAnswer(&units[asked], types, divisions, &own_type, &own_division))
		return true;
	responsible = FindResponsible(types, divisions);
	return responsible >= 0 && IsWithin(asked, responsible);
}

bool
PostCovers(const char *post_unit, const char *post_division, const char *unit, const char *division)
{
	if (post_unit != NULL && post_unit[0] != '\0' && !UnitWithin(unit, post_unit))
		return false;
	return post_division == NULL || post_division[0] == '\0' ||
		   (division != NULL && DivisionWithin(division, post_division));
}
