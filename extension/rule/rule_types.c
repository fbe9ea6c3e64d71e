/*
 * Types whose parent in code table event-type their code does not tell: others are found by the beginning of
 * their code. Kept per backend until the table changes. See rule.h.
 */
#include "postgres.h"

#include "core/reference_cache.h"
#include "core/spi.h"
#include "rule/rule.h"

/* A type whose parent its code does not tell. */
typedef struct OddType
{
	char *code;
	char *parent;
} OddType;

static ReferenceCache cache = {.table = "code_table_row"};
static OddType *odd_types; /* by code, in cache.memory */
static int odd_count;

/* clang-format off */
static SpiQuery odd_query = {
	"SELECT code, parent_code FROM citybigdata.code_table_row WHERE table_name = 'event-type'"
	" AND parent_code IS NOT NULL AND NOT starts_with(code, parent_code) ORDER BY code COLLATE \"C\"", 0, {0}, NULL};
/* clang-format on */

static int
CompareOdd(const void *code, const void *type)
{
	return strcmp(code, ((const OddType *) type)->code);
}

const char *
RuleTypeParent(const char *code)
{
	OddType *type = odd_count == 0 ? NULL : bsearch(code, odd_types, odd_count, sizeof(OddType), CompareOdd);

	return type == NULL ? NULL : type->parent;
}

void
RuleTypesRenew(void)
{
	MemoryContext context;
	uint64 count;

	if (ReferenceIsFresh(&cache))
		return;
	odd_count = 0;
	context = ReferenceReset(&cache);
	ReferenceBegin(&cache);
	count = SpiRead(&odd_query, NULL, NULL, 0);
	odd_types = MemoryContextAlloc(context, sizeof(OddType) * Max(count, 1));
	for (uint64 i = 0; i < count; i++)
		odd_types[odd_count++] = (OddType){MemoryContextStrdup(context, SpiText(i, 1)),
										   MemoryContextStrdup(context, SpiText(i, 2))};
	ReferenceEnd(&cache);
}
