/*
 * The index of rules: which ones a subject's step, type, level, source, division and sender allow, by a few
 * probes of a hash table, however many rules there are.
 *
 *   a rule with types 6, 7 and division 110101 --> cells (steps, types, divisions) = (-, 6, 110101), (-, 7,
 * 110101) a subject: for each set of terms that some rule has (a mask), the cells of what the subject has of
 * them
 *
 * A type and a division stand for those above them too: prefixes and parents. A cell's key is a hash of its
 * values; where two meet, or where a rule has so many values that a term is left out of the key, candidates
 * come out that do not match, which RuleFailingTerm() tells.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "place/division.h"
#include "rule/rule.h"

#define CELLS_OF_RULE 256 /* beyond: the longest list is left out of the key */
#define TYPE_LENGTH   256 /* bytes of a type that prefixes are looked for of */
#define TYPE_CODES    16  /* types of a subject with their parents */
#define VALUES        64  /* of a subject, of one term */

/* What a value is known by. */
typedef uint64 ValueId;

/* A value that some rule has. */
typedef struct Known
{
	ValueId id;
} Known;

typedef struct Cell
{
	uint64 key;
	Rule **rules;
	int count, room;
} Cell;

struct RuleIndex
{
	MemoryContext context;
	HTAB *known;
	HTAB *cells;
	int masks[1 << RULE_LISTS];
	int mask_count;
	bool mask_used[1 << RULE_LISTS];
	bool type_lengths[TYPE_LENGTH]; /* bytes of the types that rules have */
	Rule **found;
	int found_count, found_room;
};

static uint32 searches; /* the stamp of a search: Rule.seen */

/* What a subject has of a term. */
typedef struct Hits
{
	ValueId ids[VALUES];
	int count;
} Hits;

static ValueId
IdOf(RuleTerm term, const char *value, size_t length)
{
	return hash_bytes_extended((const unsigned char *) value, (int) length, (uint64) term + 1);
}

RuleIndex *
RuleIndexMake(void)
{
	RuleIndex *index = palloc0(sizeof(*index));
	HASHCTL known = {.keysize = sizeof(ValueId), .entrysize = sizeof(Known), .hcxt = CurrentMemoryContext};
	HASHCTL cells = {.keysize = sizeof(uint64), .entrysize = sizeof(Cell), .hcxt = CurrentMemoryContext};

	index->context = CurrentMemoryContext;
	index->known =
		hash_create("citybigdata rule values", 1024, &known, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	index->cells = hash_create("citybigdata rule cells", 1024, &cells, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	return index;
}

/* ---- adding ---- */

/* One more rule in the cell. */
static void
CellAdd(RuleIndex *index, uint64 key, Rule *rule)
{
	bool there;
	Cell *cell = hash_search(index->cells, &key, HASH_ENTER, &there);

	if (!there)
	{
		cell->count = 0;
		cell->room = 1;
		cell->rules = MemoryContextAlloc(index->context, sizeof(Rule *));
	}
	else if (cell->count == cell->room)
	{
		cell->room *= 2;
		cell->rules = repalloc(cell->rules, sizeof(Rule *) * cell->room);
	}
	if (cell->count == 0 || cell->rules[cell->count - 1] != rule)
		cell->rules[cell->count++] = rule;
}

/* How many values the rule has of the term; a rule without steps is for reports, which have the step "". */
static int
ValueCount(const Rule *rule, int term)
{
	return term == TERM_STEPS ? Max(rule->terms.lists[term].count, 1) : rule->terms.lists[term].count;
}

static const char *
Value(const Rule *rule, int term, int i)
{
	return rule->terms.lists[term].count == 0 ? "" : rule->terms.lists[term].values[i];
}

/* The terms that go into the key: all that the rule has, while that gives few cells. */
static int
MaskOf(const Rule *rule)
{
	int mask = 0;
	int64 cells = 1;

	for (int term = 0; term < RULE_LISTS; term++)
		if (ValueCount(rule, term) > 0)
		{
			mask |= 1 << term;
			cells *= ValueCount(rule, term);
		}
	while (cells > CELLS_OF_RULE)
	{
		int longest = -1;

		for (int term = 0; term < RULE_LISTS; term++)
			if ((mask >> term & 1) != 0 &&
				(longest < 0 || ValueCount(rule, term) > ValueCount(rule, longest)))
				longest = term;
		mask &= ~(1 << longest);
		cells /= ValueCount(rule, longest);
	}
	return mask;
}

/* The cells of the terms from `term` on. */
static void
AddCells(RuleIndex *index, Rule *rule, int mask, int term, uint64 key)
{
	while (term < RULE_LISTS && (mask >> term & 1) == 0)
		term++;
	if (term == RULE_LISTS)
	{
		CellAdd(index, key, rule);
		return;
	}
	for (int i = 0; i < ValueCount(rule, term); i++)
	{
		const char *value = Value(rule, term, i);
		size_t length = strlen(value);
		ValueId id = IdOf(term, value, length);

		hash_search(index->known, &id, HASH_ENTER, NULL);
		if (term == TERM_TYPES && length < TYPE_LENGTH)
			index->type_lengths[length] = true;
		AddCells(index, rule, mask, term + 1, hash_combine64(key, id));
	}
}

void
RuleIndexAdd(RuleIndex *index, Rule *rule)
{
	int mask = MaskOf(rule);

	if (!index->mask_used[mask])
	{
		index->mask_used[mask] = true;
		index->masks[index->mask_count++] = mask;
	}
	AddCells(index, rule, mask, 0, (uint64) mask);
}

/* ---- what a subject has ---- */

/* The types of a subject, with their parents. */
static int
TypeCodes(const RuleSubject *subject, const char **codes)
{
	const char *given[] = {subject->type, subject->main_type, subject->sub_type};
	int count = 0;

	for (int i = 0; i < lengthof(given); i++)
		for (const char *code = given[i]; code != NULL && count < TYPE_CODES; code = RuleTypeParent(code))
			codes[count++] = code;
	return count;
}

bool
RuleTypeFits(const RuleValues *types, const RuleSubject *subject)
{
	const char *codes[TYPE_CODES];
	int count = TypeCodes(subject, codes);

	for (int i = 0; i < types->count; i++)
		for (int j = 0; j < count; j++)
			if (strncmp(codes[j], types->values[i], strlen(types->values[i])) == 0)
				return true;
	return false;
}

bool
RuleDivisionFits(const RuleValues *divisions, const RuleSubject *subject)
{
	const char *given[] = {subject->community, subject->street, subject->district};

	for (int i = 0; i < divisions->count; i++)
		for (int j = 0; j < lengthof(given); j++)
			if (given[j] != NULL && DivisionWithin(given[j], divisions->values[i]))
				return true;
	return false;
}

/* One more value of the subject, if a rule has it. */
static void
Hit(RuleIndex *index, Hits *hits, RuleTerm term, const char *value, size_t length)
{
	ValueId id = IdOf(term, value, length);

	if (hits->count == VALUES || hash_search(index->known, &id, HASH_FIND, NULL) == NULL)
		return;
	for (int i = 0; i < hits->count; i++)
		if (hits->ids[i] == id)
			return;
	hits->ids[hits->count++] = id;
}

static void
HitTypes(RuleIndex *index, const RuleSubject *subject, Hits *hits)
{
	const char *codes[TYPE_CODES];
	int count = TypeCodes(subject, codes);

	for (int i = 0; i < count; i++)
	{
		size_t length = Min(strlen(codes[i]), TYPE_LENGTH - 1);

		for (size_t n = 1; n <= length; n++)
			if (index->type_lengths[n])
				Hit(index, hits, TERM_TYPES, codes[i], n);
	}
}

/* A division and those above it, which its digits tell: DivisionWithin(). */
static void
HitDivision(RuleIndex *index, const char *code, Hits *hits)
{
	char above[7] = "000000";
	size_t length = code == NULL ? 0 : strlen(code);

	if (length != 6 && length != 9 && length != 12)
		return;
	for (size_t n = 6; n <= length; n += 3)
		Hit(index, hits, TERM_DIVISIONS, code, n);
	for (size_t n = 2; n <= 4; n += 2)
	{
		memcpy(above, code, n);
		Hit(index, hits, TERM_DIVISIONS, above, 6);
	}
}

static void
HitNumber(RuleIndex *index, RuleTerm term, int32 number, Hits *hits)
{
	char text[12];

	pg_ltoa(number, text);
	Hit(index, hits, term, text, strlen(text));
}

bool
RuleIndexHasStep(RuleIndex *index, const char *step)
{
	ValueId id = IdOf(TERM_STEPS, step, strlen(step));

	return hash_search(index->known, &id, HASH_FIND, NULL) != NULL;
}

/* ---- searching ---- */

/* Takes the rules of a cell. */
static void
Take(RuleIndex *index, uint64 key)
{
	Cell *cell = hash_search(index->cells, &key, HASH_FIND, NULL);

	for (int i = 0; cell != NULL && i < cell->count; i++)
	{
		Rule *rule = cell->rules[i];

		if (rule->seen == searches)
			continue;
		rule->seen = searches;
		if (index->found_count == index->found_room)
		{
			index->found_room = Max(index->found_room * 2, 64);
			index->found = index->found == NULL
							   ? MemoryContextAlloc(index->context, sizeof(Rule *) * index->found_room)
							   : repalloc(index->found, sizeof(Rule *) * index->found_room);
		}
		index->found[index->found_count++] = rule;
	}
}

/* The cells of one mask from `term` on. */
static void
Search(RuleIndex *index, const Hits *hits, int mask, int term, uint64 key)
{
	while (term < RULE_LISTS && (mask >> term & 1) == 0)
		term++;
	if (term == RULE_LISTS)
	{
		Take(index, key);
		return;
	}
	for (int i = 0; i < hits[term].count; i++)
		Search(index, hits, mask, term + 1, hash_combine64(key, hits[term].ids[i]));
}

Rule **
RuleCandidates(RuleIndex *index, const RuleSubject *subject, int *count)
{
	static Hits hits[RULE_LISTS];
	const char *step = subject->step == NULL ? "" : subject->step;

	for (int term = 0; term < RULE_LISTS; term++)
		hits[term].count = 0;
	Hit(index, &hits[TERM_STEPS], TERM_STEPS, step, strlen(step));
	HitTypes(index, subject, &hits[TERM_TYPES]);
	if (subject->has_level)
		HitNumber(index, TERM_LEVELS, subject->level, &hits[TERM_LEVELS]);
	HitNumber(index, TERM_SOURCES, subject->source, &hits[TERM_SOURCES]);
	HitDivision(index, subject->community, &hits[TERM_DIVISIONS]);
	HitDivision(index, subject->street, &hits[TERM_DIVISIONS]);
	HitDivision(index, subject->district, &hits[TERM_DIVISIONS]);
	if (subject->sender != NULL)
		Hit(index, &hits[TERM_SENDERS], TERM_SENDERS, subject->sender, strlen(subject->sender));
	searches++;
	index->found_count = 0;
	for (int i = 0; i < index->mask_count; i++)
		Search(index, hits, index->masks[i], 0, (uint64) index->masks[i]);
	*count = index->found_count;
	return index->found;
}
